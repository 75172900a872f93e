"""Cases with their messages, events, lines and refund records."""

from collections.abc import Mapping
from dataclasses import asdict

from sqlite_utils import Database

from aftersales_cli.database.case_products import products_of
from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_rows, fetch_value, insert
from aftersales_cli.database.rows import StatusTable, change_guarded, insert_row
from aftersales_cli.records.cases import Case, CaseDraft, CaseEvent, CaseLine, CaseMessage, Refund

_CASE = columns(Case)
_TABLE = StatusTable("cases", Case, fixed=("origin", "opened_at", "opened_on"), key="number")


def insert_case(db: Database, draft: CaseDraft) -> int:
    """Add a case opened by the shop itself and return its number."""
    return insert_row(db, "cases", {"origin": "own", "status": "new", **asdict(draft)})


def get_case(db: Database, number: int) -> Case | None:
    """Return the case with this number."""
    return fetch_one(db, Case, f"SELECT {_CASE} FROM cases WHERE number = :number", {"number": number})


def change_case(db: Database, number: int, *, expected: str, changes: Mapping[str, object]) -> bool:
    """Set columns if the case still has the expected status; tell whether it had."""
    return change_guarded(db, _TABLE, number, expected=expected, changes=changes)


def append_case_event(
    db: Database,
    number: int,
    *,
    at: str,
    recorded_at: str,
    actor: str,
    type: str,  # noqa: A002 - the column's name
    field: str = "",
    before: str = "",
    after: str = "",
    note: str = "",
) -> None:
    """Add the next event to a case's history; ``at`` is when it happened, ``recorded_at`` when we learnt it."""
    execute(
        db,
        "INSERT INTO case_events (case_number, seq, at, recorded_at, actor, type, field, before, after, note) "
        "SELECT :number, coalesce(max(seq), 0) + 1, :at, :recorded_at, :actor, :type, :field, :before, :after, "
        ":note FROM case_events WHERE case_number = :number",
        {
            "number": number,
            "at": at,
            "recorded_at": recorded_at,
            "actor": actor,
            "type": type,
            "field": field,
            "before": before,
            "after": after,
            "note": note,
        },
    )


def insert_case_message(
    db: Database,
    number: int,
    *,
    direction: str,
    author_type: str,
    author: str,
    channel: str,
    sent_at: str,
    body: str,
) -> int:
    """Add something said by (``in``) or to (``out``) the customer and return its id."""
    return insert(
        db,
        "INSERT INTO case_messages (case_number, direction, author_type, author, channel, sent_at, body) "
        "VALUES (:number, :direction, :author_type, :author, :channel, :sent_at, :body)",
        {
            "number": number,
            "direction": direction,
            "author_type": author_type,
            "author": author,
            "channel": channel,
            "sent_at": sent_at,
            "body": body,
        },
    )


def copy_single_order_line(db: Database, number: int, order_id: int) -> None:
    """Make the order's product that of the case, if the order has only one line."""
    execute(
        db,
        "INSERT INTO case_lines (case_number, sku, title, quantity) "
        "SELECT :number, max(sku), max(title), max(quantity) FROM order_lines WHERE order_id = :order_id "
        "HAVING count(*) = 1",
        {"number": number, "order_id": order_id},
    )


def list_case_products(db: Database, number: int) -> list[tuple[str, str]]:
    """Return number and title of the products a case is about, those of its order if it names none."""
    sql = (
        "WITH this AS (SELECT number, order_id FROM cases WHERE number = :number) "
        f"SELECT sku, title FROM ({products_of('this')}) ORDER BY sku, title"
    )
    return [(sku, title) for sku, title in fetch_rows(db, sql, {"number": number})]


def list_case_messages(db: Database, number: int) -> list[CaseMessage]:
    """Return what was said, earliest first."""
    sql = f"SELECT {columns(CaseMessage)} FROM case_messages WHERE case_number = :number ORDER BY sent_at, id"
    return fetch(db, CaseMessage, sql, {"number": number})


def list_case_events(db: Database, number: int) -> list[CaseEvent]:
    """Return the history in the order it was recorded."""
    sql = f"SELECT {columns(CaseEvent)} FROM case_events WHERE case_number = :number ORDER BY seq"
    return fetch(db, CaseEvent, sql, {"number": number})


def list_case_lines(db: Database, number: int) -> list[CaseLine]:
    """Return the products a case is about."""
    sql = f"SELECT {columns(CaseLine)} FROM case_lines WHERE case_number = :number ORDER BY sku, title"
    return fetch(db, CaseLine, sql, {"number": number})


def find_case_refund(db: Database, number: int) -> Refund | None:
    """Return the platform's refund record of a case."""
    sql = f"SELECT {columns(Refund)} FROM refunds WHERE case_number = :number"
    return fetch_one(db, Refund, sql, {"number": number})


def find_last_status_event(db: Database, number: int) -> CaseEvent | None:
    """Return the event that brought the case into its present status."""
    return fetch_one(
        db,
        CaseEvent,
        f"SELECT {columns(CaseEvent)} FROM case_events WHERE case_number = :number AND field = 'status' "
        "ORDER BY seq DESC LIMIT 1",
        {"number": number},
    )


def find_last_reopening(db: Database, number: int) -> str | None:
    """Return the moment a case was last reopened, None if it never was."""
    sql = "SELECT max(at) FROM case_events WHERE case_number = :number AND type = 'reopened'"
    moment: str | None = fetch_value(db, sql, {"number": number})
    return moment


def find_last_assignment(db: Database, number: int) -> str | None:
    """Return when a case was last given to somebody, None if it never was."""
    sql = "SELECT max(at) FROM case_events WHERE case_number = :number AND field = 'assignee'"
    moment: str | None = fetch_value(db, sql, {"number": number})
    return moment
