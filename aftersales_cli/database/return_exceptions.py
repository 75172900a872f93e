"""What of all returns needs a person: everything else goes on by files and rules."""

from dataclasses import dataclass

from sqlite_utils import Database

from aftersales_cli.database.fetch import fetch
from aftersales_cli.database.tying_records import ALIVE, DAYS_APART


@dataclass(frozen=True)
class ExceptionRow:
    """One thing about a return that somebody has to look at."""

    code: str
    """``review``, ``undecided_goods``, ``short``, ``extra``, ``not_granted``, ``unopened``, ``overdue_parcel``,
    ``lost``, ``sent_back``, ``overdue_refund``, ``failed_refund``, ``mismatch_paid``, ``mismatch_amount``,
    ``mismatch_closed``, ``overdue_replacement`` or ``double``."""
    thing: int
    """Id of what it is about: a request, one of its lines, a parcel, a refund plan, a replacement or an event."""
    request_id: int | None
    case_number: int
    order_number: str
    storefront: str
    product: str
    detail: str
    """What it is about: pieces, a parcel's number, two amounts, or what came."""
    currency: str
    amount: int | None
    since: str
    """Moment or day."""
    due: str
    """Moment or day until which something has to be done, ``""`` if there is none."""


_ALIVE = "k.status NOT IN ('closed', 'merged', 'cancelled')"
_GRANTED = "('approved', 'auto_approved')"
_LINE = "coalesce(nullif(l.title, ''), l.sku)"
_OF_REQUEST = "FROM return_requests AS q JOIN cases AS k ON k.number = q.case_number"
_LINES = f"{_OF_REQUEST} JOIN return_lines AS l ON l.request_id = q.id"
_PARCELS = f"{_OF_REQUEST} JOIN return_parcels AS p ON p.request_id = q.id"
_PARCEL_SINCE = "coalesce(p.sent_at, q.requested_at)"
_PLANS = """FROM refund_plans AS p JOIN cases AS k ON k.number = p.case_number
    LEFT JOIN return_requests AS q ON q.id = p.request_id"""
_AMOUNT = "(SELECT sum(x.amount) FROM refund_parts AS x WHERE x.plan_id = p.id)"
_RECORD = "JOIN refunds AS f ON f.id = p.refund_id"

_BESIDE = f"""FROM return_requests AS n WHERE n.order_id = q.order_id AND n.origin = 'own' AND n.status IN {ALIVE}
    AND n.ended_at IS NULL AND abs(julianday(n.requested_at) - julianday(q.requested_at)) <= {DAYS_APART}
    AND NOT EXISTS (SELECT 1 FROM refunds AS f WHERE f.case_number = n.case_number AND n.case_number <> q.case_number)
    AND (NOT EXISTS (SELECT 1 FROM return_lines AS l WHERE l.request_id = q.id)
      OR EXISTS (SELECT 1 FROM return_lines AS l JOIN return_lines AS m ON m.request_id = n.id
        WHERE l.request_id = q.id AND (l.order_line_id IS NULL OR m.order_line_id IS NULL
            OR m.order_line_id = l.order_line_id)))"""

MOST_EVENTS = 10_000
"""Events of one case that can be told apart."""
_THINGS = {
    "review": "q.id",
    "undecided_goods": "l.id",
    "short": "l.id",
    "extra": f"k.number * {MOST_EVENTS} + e.seq",
    "not_granted": "l.id",
    "mismatch_closed": "q.id",
    "double": "q.id",
    **dict.fromkeys(("unopened", "overdue_parcel", "lost", "sent_back"), "p.id"),
    **dict.fromkeys(("overdue_refund", "failed_refund", "mismatch_paid", "mismatch_amount"), "p.id"),
    "overdue_replacement": "p.id",
}
"""Code → what it is about."""

# Code → request, case, product, detail, currency, amount, since, due, and the rest of the query.
_PARTS = (
    (
        "review", "q.id, k.number", "(SELECT group_concat(l.asked || ' × ' || coalesce(nullif(l.title, ''), l.sku), ', ') "
        "FROM return_lines AS l WHERE l.request_id = q.id)", "q.status", "q.currency, q.asked_amount",
        "q.requested_at", "q.decide_by",
        f"{_OF_REQUEST} WHERE q.status IN ('submitted', 'needs_evidence', 'needs_manual') AND {_ALIVE}",
    ),
    (
        "undecided_goods", "q.id, k.number", _LINE, "l.accepted || '/' || l.damaged || '/' || l.wrong || '/' || l.rejected",
        "q.currency, NULL", "q.requested_at", "''",
        f"{_LINES} WHERE l.accepted + l.damaged + l.wrong + l.rejected > 0 AND l.disposition = '' AND {_ALIVE}",
    ),
    (
        "short", "q.id, k.number", _LINE, "l.short || '/' || l.approved", "q.currency, NULL", "q.requested_at", "''",
        f"{_LINES} WHERE l.short > 0 AND q.ended_at IS NULL AND {_ALIVE}",
    ),
    (
        "extra", "NULL, k.number", "''", "e.after", "'', NULL", "e.at", "''",
        f"""FROM case_events AS e JOIN cases AS k ON k.number = e.case_number
        WHERE e.type = 'extra_received' AND {_ALIVE}
          AND e.case_number IN (SELECT case_number FROM return_requests)""",
    ),
    (
        "not_granted", "q.id, k.number", _LINE, "l.received", "q.currency, NULL", "q.requested_at", "''",
        f"{_LINES} WHERE l.received > 0 AND q.status NOT IN {_GRANTED} AND q.ended_at IS NULL AND {_ALIVE} "
        "UNION ALL SELECT 'not_granted', q.id, k.number, l.id," + _LINE + ", l.received, q.currency, NULL, q.requested_at, '' "
        f"{_LINES} WHERE l.received > 0 AND q.status IN ('rejected', 'withdrawn', 'expired') AND q.ended_at IS NOT NULL "
        f"AND q.origin = 'own' AND l.disposition NOT IN ('return', 'keep') AND {_ALIVE}",
    ),
    (
        "unopened", "q.id, k.number", "''", "p.number", "q.currency, NULL", "p.received_at", "''",
        f"""{_PARCELS} WHERE p.direction = 'in' AND p.status = 'received' AND p.moved_from <> ''
          AND p.received_at IS NOT NULL AND q.ended_at IS NULL AND {_ALIVE}
          AND NOT EXISTS (SELECT 1 FROM return_lines AS l WHERE l.request_id = q.id AND l.received > 0)""",
    ),
    (
        "overdue_parcel", "q.id, k.number", "''", "p.number", "q.currency, NULL", _PARCEL_SINCE, "p.expected_by",
        f"{_PARCELS} WHERE p.status = 'awaiting' AND p.expected_by < :today AND {_ALIVE}",
    ),
    (
        "lost", "q.id, k.number", "''", "p.number", "q.currency, NULL", _PARCEL_SINCE, "''",
        f"{_PARCELS} WHERE p.status = 'lost' AND q.ended_at IS NULL AND {_ALIVE}",
    ),
    (
        "sent_back", "q.id, k.number", "''", "p.number", "q.currency, NULL", "x.status_at", "''",
        f"""{_PARCELS} JOIN parcels AS x ON x.number = p.number AND p.number <> ''
        WHERE p.status = 'in_transit' AND x.status IN ('returning', 'returned') AND {_ALIVE}""",
    ),
    (
        "overdue_refund", "q.id, k.number", "''", "p.status", f"p.currency, {_AMOUNT}", "p.planned_at", "p.due_at",
        f"{_PLANS} WHERE p.status IN ('planned', 'approved', 'requested') AND p.due_at < :now",
    ),
    (
        "failed_refund", "q.id, k.number", "''", "p.failure", f"p.currency, {_AMOUNT}", "p.planned_at", "p.due_at",
        f"{_PLANS} WHERE p.status = 'failed'",
    ),
    (
        # The marketplace has paid what here is still to be paid: paying again would be twice.
        "mismatch_paid", "q.id, k.number", "''", "f.status_raw", "f.currency, f.to_buyer", "f.succeeded_at", "''",
        """FROM refunds AS f JOIN cases AS k ON k.number = f.case_number
        JOIN refund_plans AS p ON p.case_number = f.case_number LEFT JOIN return_requests AS q ON q.id = p.request_id
        WHERE f.status = 'succeeded' AND p.status IN ('planned', 'approved', 'requested', 'failed')""",
    ),
    (
        "mismatch_amount", "q.id, k.number", "''", _AMOUNT, "f.currency, f.to_buyer", "f.succeeded_at", "''",
        f"""{_PLANS.replace("LEFT JOIN", f"{_RECORD} LEFT JOIN")}
        WHERE p.status = 'succeeded' AND f.status = 'succeeded' AND f.to_buyer <> {_AMOUNT} AND {_ALIVE}""",
    ),
    (
        # Goods are on their way or here, and the marketplace has closed or refused the request.
        "mismatch_closed", "q.id, k.number", "''", "q.status_raw", "q.currency, q.asked_amount",
        "coalesce(q.ended_at, q.requested_at)", "''",
        f"""{_OF_REQUEST} WHERE q.origin = 'platform' AND q.status IN ('withdrawn', 'rejected')
          AND coalesce(q.ended_at, q.requested_at) >= :recent AND EXISTS (
            SELECT 1 FROM return_parcels AS p WHERE p.request_id = q.id AND p.direction = 'in'
              AND p.status IN ('in_transit', 'partly_received', 'received'))""",
    ),
    (
        "overdue_replacement", "q.id, k.number", "coalesce(nullif(p.title, ''), p.sku)", "p.quantity",
        "p.currency, NULL", "p.reserved_at", "''",
        f"""FROM replacements AS p JOIN cases AS k ON k.number = p.case_number
        LEFT JOIN return_requests AS q ON q.id = p.request_id
        WHERE p.status = 'reserved' AND p.reserved_at < :stale AND {_ALIVE}""",
    ),
    (
        # The marketplace has a request, and here is another about the same goods that no record is tied to.
        "double", "q.id, k.number", "(SELECT group_concat(coalesce(nullif(l.title, ''), l.sku), ', ') "
        "FROM return_lines AS l WHERE l.request_id = q.id)",
        f"(SELECT group_concat(n.id, ', ') {_BESIDE})", "q.currency, q.asked_amount", "q.requested_at", "q.decide_by",
        f"{_OF_REQUEST} WHERE q.origin = 'platform' AND q.status IN {ALIVE} AND q.ended_at IS NULL AND {_ALIVE} "
        f"AND EXISTS (SELECT 1 {_BESIDE})",
    ),
)  # fmt: skip


def list_exception_rows(db: Database, *, now: str, today: str, stale: str, recent: str) -> list[ExceptionRow]:
    """Return what needs a person, the most urgent first.

    ``stale`` is the moment before which a reserved replacement should have left, ``recent`` the one after which a
    request the marketplace closed is still of interest.
    """
    parts = " UNION ALL ".join(
        f"SELECT '{code}' AS code, {ids}, {_THINGS[code]} AS thing, {product} AS product, {detail} AS detail, {money}, "
        f"{since} AS since, {due} AS due {rest}"
        for code, ids, product, detail, money, since, due, rest in _PARTS
    )
    names = "code, request_id, case_number, thing, product, detail, currency, amount, since, due"
    return fetch(
        db,
        ExceptionRow,
        f"""WITH found ({names}) AS ({parts})
        SELECT found.code, found.thing, found.request_id, found.case_number, coalesce(o.external_id, k.order_external_id) AS order_number,
            coalesce(s.code, '') AS storefront, coalesce(found.product, '') AS product,
            coalesce(CAST(found.detail AS TEXT), '') AS detail, coalesce(found.currency, '') AS currency, found.amount,
            coalesce(found.since, '') AS since, coalesce(found.due, '') AS due
        FROM found JOIN cases AS k ON k.number = found.case_number
        LEFT JOIN orders AS o ON o.id = k.order_id
        LEFT JOIN storefronts AS s ON s.id = coalesce(k.storefront_id, o.storefront_id)
        ORDER BY coalesce(found.due, '') = '', found.due, found.since, found.case_number, found.code""",
        {"now": now, "today": today, "stale": stale, "recent": recent},
    )
