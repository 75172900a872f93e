"""Return requests with their lines and reviews."""

from collections.abc import Collection, Mapping

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_rows, field_names
from aftersales_cli.database.rows import StatusTable, change_guarded, insert_row
from aftersales_cli.database.tying_records import ALIVE, DAYS_APART
from aftersales_cli.records.returns import ReturnLine, ReturnRequest, Review

_REQUEST = columns(ReturnRequest)
_TABLE = StatusTable(
    "return_requests",
    ReturnRequest,
    fixed=(
        "case_number",
        "revision",
        "previous_id",
        "origin",
        "requested_at",
        "requested_on",
        "requested_by",
    ),
)
_LINE_CHANGEABLE = frozenset(field_names(ReturnLine)) - {"id", "request_id", "order_line_id", "asked"}


def insert_request(db: Database, values: Mapping[str, object]) -> int:
    """Add a request; ``values`` maps columns to what they hold, others take their defaults."""
    return insert_row(db, "return_requests", values)


def get_request(db: Database, request_id: int) -> ReturnRequest | None:
    """Return the request with this number."""
    sql = f"SELECT {_REQUEST} FROM return_requests WHERE id = :id"
    return fetch_one(db, ReturnRequest, sql, {"id": request_id})


def list_case_requests(db: Database, case_number: int) -> list[ReturnRequest]:
    """Return the requests of a case, earliest first."""
    sql = f"SELECT {_REQUEST} FROM return_requests WHERE case_number = :number ORDER BY id"
    return fetch(db, ReturnRequest, sql, {"number": case_number})


def change_request(db: Database, request_id: int, *, expected: str, changes: Mapping[str, object]) -> bool:
    """Set columns if the request still has the expected status; tell whether it had."""
    return change_guarded(db, _TABLE, request_id, expected=expected, changes=changes)


def insert_return_line(
    db: Database, request_id: int, *, order_line_id: int | None, sku: str, title: str, asked: int
) -> int:
    """Add a product to a request."""
    return insert_row(
        db,
        "return_lines",
        {
            "request_id": request_id,
            "order_line_id": order_line_id,
            "sku": sku,
            "title": title,
            "asked": asked,
        },
    )


def list_return_lines(db: Database, request_id: int) -> list[ReturnLine]:
    """Return the products of a request."""
    sql = f"SELECT {columns(ReturnLine)} FROM return_lines WHERE request_id = :id ORDER BY id"
    return fetch(db, ReturnLine, sql, {"id": request_id})


def get_return_line(db: Database, line_id: int) -> ReturnLine | None:
    """Return one product of a request."""
    return fetch_one(
        db, ReturnLine, f"SELECT {columns(ReturnLine)} FROM return_lines WHERE id = :id", {"id": line_id}
    )


def change_return_line(db: Database, line: ReturnLine, changes: Mapping[str, object]) -> bool:
    """Set columns of a line if its quantities are still those of ``line``; tell whether they were."""
    assert changes.keys() <= _LINE_CHANGEABLE, (
        f"not to be changed: {sorted(changes.keys() - _LINE_CHANGEABLE)}"
    )
    assignments = ", ".join(f"{name} = :{name}" for name in changes)
    seen = ("approved", "received", "accepted", "damaged", "wrong", "short", "rejected", "disposition")
    unchanged = " AND ".join(f"{name} = :seen_{name}" for name in seen)
    values = {**changes, "line_id": line.id, **{f"seen_{name}": getattr(line, name) for name in seen}}
    return (
        execute(db, f"UPDATE return_lines SET {assignments} WHERE id = :line_id AND {unchanged}", values) == 1
    )


def find_following_request(db: Database, request_id: int) -> int | None:
    """Return the revision that replaced a rejected request."""
    rows = fetch_rows(db, "SELECT id FROM return_requests WHERE previous_id = :id", {"id": request_id})
    return rows[0][0] if rows else None


def find_rejected(db: Database, order_id: int, order_line_ids: Collection[int | None]) -> int | None:
    """Return the last rejected request for one of these lines of an order that no revision has replaced."""
    rows = fetch_rows(
        db,
        """SELECT r.id, l.order_line_id FROM return_requests AS r JOIN return_lines AS l ON l.request_id = r.id
        WHERE r.order_id = :order_id AND r.status = 'rejected'
          AND NOT EXISTS (SELECT 1 FROM return_requests AS later WHERE later.previous_id = r.id)
        ORDER BY r.id DESC""",
        {"order_id": order_id},
    )
    return next((number for number, line in rows if line in order_line_ids), None)


def find_platform_request(
    db: Database, order_id: int, order_line_ids: Collection[int | None], *, at: str
) -> tuple[int, int] | None:
    """Return request and case of an open request of a marketplace for one of these lines, asked at about this time."""
    rows = fetch_rows(
        db,
        f"""SELECT q.id, q.case_number, l.order_line_id FROM return_requests AS q
        LEFT JOIN return_lines AS l ON l.request_id = q.id
        WHERE q.order_id = :order_id AND q.origin = 'platform' AND q.status IN {ALIVE} AND q.ended_at IS NULL
          AND abs(julianday(q.requested_at) - julianday(:at)) <= {DAYS_APART} ORDER BY q.id""",
        {"order_id": order_id, "at": at},
    )
    wide = None in order_line_ids
    return next(
        ((number, case) for number, case, line in rows if wide or line is None or line in order_line_ids),
        None,
    )


def name_case_product(db: Database, number: int, *, sku: str, title: str, quantity: int) -> None:
    """Say that a case is about a product, unless that is known."""
    execute(
        db,
        "INSERT INTO case_lines (case_number, sku, title, quantity) "
        "SELECT :number, :sku, :title, :quantity WHERE NOT EXISTS ("
        "SELECT 1 FROM case_lines WHERE case_number = :number AND sku = :sku AND title = :title)",
        {"number": number, "sku": sku, "title": title, "quantity": quantity},
    )


def expect_parcel(db: Database, case_number: int, request_id: int, *, expected_by: str) -> int:
    """Note that the goods of a request are to come back until a local day; return the parcel's id."""
    values = {"case_number": case_number, "request_id": request_id, "expected_by": expected_by}
    return insert_row(db, "return_parcels", {**values, "direction": "in", "status": "awaiting"})


def end_requests(db: Database, case_number: int, *, at: str) -> int:
    """Note on the approved requests of a case that all is done; return how many there were."""
    return execute(
        db,
        "UPDATE return_requests SET ended_at = :at WHERE case_number = :number AND ended_at IS NULL "
        "AND status IN ('auto_approved', 'approved')",
        {"number": case_number, "at": at},
    )


def append_review(
    db: Database, request_id: int, *, step: str, verdict: str, rules: str, reason: str, reviewer: str, at: str
) -> None:
    """Add a verdict to a request's reviews."""
    execute(
        db,
        "INSERT INTO reviews (request_id, seq, step, verdict, rules, reason, reviewer, at) "
        "SELECT :request_id, coalesce(max(seq), 0) + 1, :step, :verdict, :rules, :reason, :reviewer, :at "
        "FROM reviews WHERE request_id = :request_id",
        {
            "request_id": request_id,
            "step": step,
            "verdict": verdict,
            "rules": rules,
            "reason": reason,
            "reviewer": reviewer,
            "at": at,
        },
    )


def list_unjudged_requests(db: Database) -> list[tuple[int, str, str, str | None]]:
    """Return marketplaces' requests that wait for a decision and that nobody, no rule either, has looked at.

    Each is request, status, moment of asking and the marketplace's own deadline.
    """
    return fetch_rows(
        db,
        """SELECT q.id, q.status, q.requested_at, k.platform_due_at
        FROM return_requests AS q JOIN cases AS k ON k.number = q.case_number
        WHERE q.origin = 'platform' AND q.status IN ('submitted', 'needs_evidence', 'needs_manual')
          AND q.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM reviews AS v WHERE v.request_id = q.id)
        ORDER BY q.id""",
    )


def list_reviews(db: Database, request_id: int) -> list[Review]:
    """Return the verdicts on a request, earliest first."""
    sql = f"SELECT {columns(Review)} FROM reviews WHERE request_id = :id ORDER BY seq"
    return fetch(db, Review, sql, {"id": request_id})
