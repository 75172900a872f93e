"""Listings of return requests: what waits for a decision, what is to be checked, and how often customers return."""

from dataclasses import dataclass

from sqlite_utils import Database

from aftersales_cli.database.fetch import fetch, fetch_rows

_ROW = """SELECT r.id, r.case_number, coalesce(o.external_id, k.order_external_id) AS order_number,
    coalesce(s.code, '') AS storefront,
    coalesce((SELECT group_concat(l.asked || ' × ' || coalesce(nullif(l.title, ''), l.sku), ', ')
        FROM return_lines AS l WHERE l.request_id = r.id), '') AS products,
    r.kind, r.reason, r.status, r.currency, r.asked_amount, r.requested_at, r.requested_by, r.decide_by,
    r.decided_at, r.send_by, r.second_needed, r.flag, r.sampled,
    coalesce((SELECT v.verdict FROM reviews AS v WHERE v.request_id = r.id AND v.step = 'auto'
        ORDER BY v.seq DESC LIMIT 1), '') AS proposal,
    coalesce((SELECT v.reviewer FROM reviews AS v WHERE v.request_id = r.id AND v.step = 'first'
        AND v.verdict = 'approved' AND r.status IN ('submitted', 'needs_evidence', 'needs_manual')
        AND v.seq = (SELECT max(w.seq) FROM reviews AS w WHERE w.request_id = r.id)), '') AS first_reviewer
    FROM return_requests AS r
    JOIN cases AS k ON k.number = r.case_number
    LEFT JOIN orders AS o ON o.id = r.order_id
    LEFT JOIN storefronts AS s ON s.id = coalesce(o.storefront_id, k.storefront_id)"""


@dataclass(frozen=True)
class RequestRow:
    """A return request as listings show it."""

    id: int
    case_number: int
    order_number: str
    storefront: str
    products: str
    """What is asked back, e.g. ``2 × Cup, 1 × Lid``."""
    kind: str
    reason: str
    status: str
    currency: str
    asked_amount: int | None
    requested_at: str
    requested_by: str
    decide_by: str | None
    decided_at: str | None
    send_by: str | None
    second_needed: bool
    flag: str
    sampled: bool
    proposal: str
    """The verdict of the rules."""
    first_reviewer: str
    """Who has approved what waits for a second person, ``""`` for nobody."""


@dataclass(frozen=True)
class ReturnHabit:
    """How many of a customer's paid orders were asked back for reasons of the customer's own."""

    orders: int
    asked_back: int


def list_queue(db: Database) -> list[RequestRow]:
    """Return the requests nobody has decided yet, the most urgent first."""
    where = "r.status IN ('submitted', 'needs_evidence', 'needs_manual')"
    return fetch(db, RequestRow, f"{_ROW} WHERE {where} ORDER BY r.decide_by IS NULL, r.decide_by, r.id")


def list_to_check(db: Database) -> list[RequestRow]:
    """Return the decided requests that were drawn for a check nobody has made yet, oldest first."""
    return fetch(
        db,
        RequestRow,
        f"""{_ROW} WHERE r.sampled = 1 AND r.decided_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM reviews AS v WHERE v.request_id = r.id AND v.step = 'sample')
        ORDER BY r.decided_at, r.id""",
    )


def list_requests(
    db: Database,
    *,
    status: str = "",
    case_number: int | None = None,
    order_id: int | None = None,
    only_open: bool = False,
    limit: int = 50,
) -> list[RequestRow]:
    """Return requests, newest first; ``only_open`` leaves out what is rejected, withdrawn, expired or ended."""
    return fetch(
        db,
        RequestRow,
        f"""{_ROW} WHERE (:status = '' OR r.status = :status)
          AND (:case_number IS NULL OR r.case_number = :case_number)
          AND (:order_id IS NULL OR r.order_id = :order_id)
          AND (NOT :only_open OR (r.ended_at IS NULL AND r.status NOT IN ('rejected', 'withdrawn', 'expired')
            AND k.status NOT IN ('resolved', 'closed', 'cancelled', 'merged')))
        ORDER BY r.requested_at DESC, r.id DESC LIMIT :limit""",
        {
            "status": status,
            "case_number": case_number,
            "order_id": order_id,
            "only_open": only_open,
            "limit": limit,
        },
    )


def count_habit(db: Database, customer_id: int, reasons: tuple[str, ...], *, before: str) -> ReturnHabit:
    """Count a customer's orders paid up to a moment, and those of them asked back for one of these reasons.

    What was refused, taken back or counts in no figure is not counted.
    """
    marks = ", ".join(f":reason{position}" for position in range(len(reasons)))
    values = {f"reason{position}": reason for position, reason in enumerate(reasons)}
    rows = fetch_rows(
        db,
        f"""SELECT count(*), coalesce(sum(
            EXISTS (SELECT 1 FROM return_requests AS r WHERE r.order_id = o.id
                AND r.kind IN ('return', 'refund_only') AND r.reason IN ({marks})
                AND r.status NOT IN ('rejected', 'withdrawn', 'expired'))
            OR EXISTS (SELECT 1 FROM cases AS c WHERE c.order_id = o.id AND c.origin = 'platform'
                AND c.kind IN ('return', 'refund_only') AND c.reason_first IN ({marks})
                AND c.status NOT IN ('merged', 'cancelled'))), 0)
        FROM orders AS o WHERE o.customer_id = :customer_id AND o.paid_at <= :before""",
        {**values, "customer_id": customer_id, "before": before},
    )
    return ReturnHabit(*rows[0])
