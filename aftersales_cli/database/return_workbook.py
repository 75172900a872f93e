"""What the workbook of returns shows beside the exceptions: requests to be decided, and goods to be received."""

from dataclasses import dataclass

from sqlite_utils import Database

from aftersales_cli.database.fetch import fetch, fetch_rows

_ALIVE = "k.status NOT IN ('closed', 'merged', 'cancelled')"


@dataclass(frozen=True)
class QueueRow:
    """A request nobody has decided yet."""

    id: int
    case_number: int
    customer: str
    """The name, or the number or address if no name is known; to be masked before it is shown."""
    products: str
    """What is asked back, e.g. ``2 × Cup (CUP)``, one a line."""
    kind: str
    reason: str
    said: str
    """What the customer said last."""
    status: str
    currency: str
    asked_amount: int | None
    requested_at: str
    decide_by: str | None
    proposal: str
    """The verdict of the rules, ``""`` if they gave none."""
    first_reviewer: str
    """Who has approved what waits for a second person, ``""`` for nobody."""
    flag: str


@dataclass(frozen=True)
class ReceiptRow:
    """A product of a request that is awaited, here and not inspected, or of which nobody said what becomes."""

    id: int
    """Of the return line."""
    request_id: int
    case_number: int
    product: str
    sku: str
    approved: int
    received: int
    looked_at: int
    short: int
    undecided: bool
    """Somebody has to say what becomes of pieces that are here."""
    parcels: str
    """Carriers and numbers, one parcel a line."""
    state: str
    """That of the parcel which came farthest, ``""`` if there is none."""
    expected_by: str | None


def list_queue_rows(db: Database) -> list[QueueRow]:
    """Return the requests nobody has decided yet, the most urgent first."""
    return fetch(
        db,
        QueueRow,
        f"""SELECT r.id, r.case_number,
            coalesce(nullif(p.name, ''), nullif(p.phone, ''), p.email, '') AS customer,
            coalesce((SELECT group_concat(l.asked || ' × ' || CASE WHEN l.title = '' THEN l.sku WHEN l.sku = ''
                THEN l.title ELSE l.title || ' (' || l.sku || ')' END, char(10))
                FROM return_lines AS l WHERE l.request_id = r.id), '') AS products,
            r.kind, r.reason,
            coalesce((SELECT body FROM case_messages WHERE case_number = r.case_number AND direction = 'in'
                AND body <> '' ORDER BY sent_at DESC, id DESC LIMIT 1), '') AS said,
            r.status, r.currency, r.asked_amount, r.requested_at, r.decide_by,
            coalesce((SELECT v.verdict FROM reviews AS v WHERE v.request_id = r.id AND v.step = 'auto'
                ORDER BY v.seq DESC LIMIT 1), '') AS proposal,
            coalesce((SELECT v.reviewer FROM reviews AS v WHERE v.request_id = r.id AND v.step = 'first'
                AND v.verdict = 'approved'
                AND v.seq = (SELECT max(w.seq) FROM reviews AS w WHERE w.request_id = r.id)), '')
                AS first_reviewer,
            r.flag
        FROM return_requests AS r JOIN cases AS k ON k.number = r.case_number
        LEFT JOIN customers AS p ON p.id = k.customer_id
        WHERE r.status IN ('submitted', 'needs_evidence', 'needs_manual') AND {_ALIVE}
        ORDER BY r.decide_by IS NULL, r.decide_by, r.id""",
    )


def list_receipt_rows(db: Database) -> list[ReceiptRow]:
    """Return the products the warehouse has to do with: what is here first, then what is on its way, then the rest."""
    looked = "l.accepted + l.damaged + l.wrong + l.rejected"
    parcel = "FROM return_parcels AS b WHERE b.request_id = q.id AND b.direction = 'in'"
    order = "CASE b.status WHEN 'received' THEN 0 WHEN 'partly_received' THEN 1 WHEN 'in_transit' THEN 2 ELSE 3 END"
    return fetch(
        db,
        ReceiptRow,
        f"""SELECT id, request_id, case_number, product, sku, approved, received, looked_at, short, undecided,
            parcels, state, expected_by
        FROM (
            SELECT l.id, l.request_id, q.case_number, coalesce(nullif(l.title, ''), l.sku) AS product, l.sku,
                l.approved, l.received, {looked} AS looked_at, l.short,
                l.accepted + l.damaged + l.wrong + l.rejected > 0 AND l.disposition = '' AS undecided,
                coalesce((SELECT group_concat(trim(b.carrier || ' ' || b.number), char(10)) {parcel}
                    AND b.number <> ''), '') AS parcels,
                coalesce((SELECT b.status {parcel} ORDER BY {order}, b.id LIMIT 1), '') AS state,
                (SELECT min(b.expected_by) {parcel} AND b.status = 'awaiting') AS expected_by
            FROM return_lines AS l JOIN return_requests AS q ON q.id = l.request_id
            JOIN cases AS k ON k.number = q.case_number
            WHERE q.status IN ('approved', 'auto_approved') AND q.kind IN ('return', 'exchange')
              AND q.ended_at IS NULL AND l.disposition <> 'keep' AND {_ALIVE}
              AND (l.received + l.short < l.approved OR min(l.received, l.approved - l.short) > {looked}
                OR (l.accepted + l.damaged + l.wrong + l.rejected > 0 AND l.disposition = ''))
        )
        ORDER BY received = looked_at AND NOT undecided,
            CASE state WHEN 'received' THEN 0 WHEN 'partly_received' THEN 1 WHEN 'in_transit' THEN 2 ELSE 3 END,
            expected_by, request_id, id""",
    )


@dataclass(frozen=True)
class ReturnCounts:
    """How much of the returns waits."""

    reviews: int
    overdue_reviews: int
    overdue_parcels: int
    """Parcels that should have been sent by now."""


def count_returns(db: Database, *, now: str, today: str) -> ReturnCounts:
    """Count the requests to be decided, and the parcels customers should have sent before today."""
    rows = fetch_rows(
        db,
        f"""SELECT
            (SELECT count(*) FROM return_requests AS r JOIN cases AS k ON k.number = r.case_number
             WHERE r.status IN ('submitted', 'needs_evidence', 'needs_manual') AND {_ALIVE}),
            (SELECT count(*) FROM return_requests AS r JOIN cases AS k ON k.number = r.case_number
             WHERE r.status IN ('submitted', 'needs_evidence', 'needs_manual') AND r.decide_by < :now AND {_ALIVE}),
            (SELECT count(*) FROM return_parcels AS p JOIN cases AS k ON k.number = p.case_number
             WHERE p.status = 'awaiting' AND p.expected_by < :today AND {_ALIVE})""",
        {"now": now, "today": today},
    )
    return ReturnCounts(*rows[0])
