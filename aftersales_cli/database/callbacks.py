"""Callbacks and the satisfaction answers they bring."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_value, insert
from aftersales_cli.database.rows import insert_row
from aftersales_cli.records.customers import (
    Callback,
    CallbackCounts,
    CallbackRow,
    StandingCallback,
)

_COLUMNS = columns(Callback)
_PERSON = """COALESCE(callbacks.customer_id,
    (SELECT COALESCE(c.customer_id, x.customer_id) FROM cases c LEFT JOIN orders x ON x.id = c.order_id
        WHERE c.number = callbacks.case_number),
    (SELECT o.customer_id FROM orders o WHERE o.id = callbacks.order_id))"""
"""Whom a callback is about, also if the order file that tells came later than the plan."""
# The same joins serve every query: the case's own links win over those of the order.
_JOINS = """
    LEFT JOIN orders o ON o.id = COALESCE(b.order_id, c.order_id)
    LEFT JOIN storefronts s ON s.id = COALESCE(o.storefront_id, c.storefront_id)
    LEFT JOIN customers u ON u.id = COALESCE(b.customer_id, c.customer_id, o.customer_id)"""
_ORDER_NUMBER = "COALESCE(NULLIF(o.display_number, ''), o.external_id, c.order_external_id, '')"
_ROWS = f"""
    SELECT b.id, b.reason, b.due_on, b.attempt, b.status, b.outcome, b.score, b.note, b.next_due_on,
        b.planned_at, b.recorded_at, b.revision, b.priority, b.case_number,
        COALESCE(c.kind, '') AS kind,
        COALESCE(NULLIF(c.title, ''), c.reason_raw, '') AS case_title,
        COALESCE(NULLIF(c.reason_final, ''), c.reason_first, '') AS case_reason,
        COALESCE(c.resolution, '') AS resolution, c.resolved_on,
        COALESCE(NULLIF(s.name, ''), s.code, '') AS storefront, COALESCE(s.platform, '') AS platform,
        {_ORDER_NUMBER} AS order_number,
        COALESCE(u.name, '') AS customer, COALESCE(u.phone, '') AS phone, COALESCE(u.email, '') AS email,
        COALESCE(
            (SELECT title FROM order_lines WHERE id = b.order_line_id AND title <> ''),
            (SELECT group_concat(title, char(10)) FROM
                (SELECT DISTINCT title FROM case_lines WHERE case_number = c.number AND title <> '' ORDER BY title)),
            NULLIF(o.title, ''),
            (SELECT group_concat(title, char(10)) FROM
                (SELECT title, min(id) AS place FROM order_lines WHERE order_id = o.id AND title <> ''
                GROUP BY title ORDER BY place)),
            '') AS products,
        COALESCE(a.name, '') AS assignee, COALESCE(a.code, '') AS assignee_code, u.id AS customer_id,
        COALESCE(NULLIF(u.country, ''), s.country, '') AS country, COALESCE(u.zone, '') AS zone,
        COALESCE(p.code, '') AS plan, b.plan_id, b.why, b.churn_reason, b.channel
    FROM callbacks b
    LEFT JOIN cases c ON c.number = b.case_number {_JOINS}
    LEFT JOIN agents a ON a.id = b.assignee_id
    LEFT JOIN callback_plans p ON p.id = b.plan_id"""
_SORTED = " ORDER BY b.priority, b.due_on, b.id"


def get_callback(db: Database, callback_id: int) -> Callback | None:
    """Return the callback with this id."""
    return fetch_one(db, Callback, f"SELECT {_COLUMNS} FROM callbacks WHERE id = :id", {"id": callback_id})


def get_follow_up(db: Database, callback_id: int) -> Callback | None:
    """Return the callback that follows this one."""
    sql = f"SELECT {_COLUMNS} FROM callbacks WHERE follows_id = :id"
    return fetch_one(db, Callback, sql, {"id": callback_id})


def find_replacement(db: Database, callback: Callback) -> Callback | None:
    """Return the first call about the same case that was planned in place of a dropped one."""
    if callback.reason != "service_followup" or callback.follows_id is not None:
        return None
    return fetch_one(
        db,
        Callback,
        f"SELECT {_COLUMNS} FROM callbacks WHERE reason = 'service_followup' AND follows_id IS NULL "
        "AND status <> 'dropped' AND case_number = :case_number AND id <> :id",
        {"case_number": callback.case_number, "id": callback.id},
    )


def get_callback_row(db: Database, callback_id: int) -> CallbackRow | None:
    """Return the callback with this id as lists show it."""
    return fetch_one(db, CallbackRow, _ROWS + " WHERE b.id = :id", {"id": callback_id})


def list_open_callbacks(db: Database, on: str) -> list[CallbackRow]:
    """Return what is open and due on a day or before, most urgent first."""
    return fetch(
        db, CallbackRow, _ROWS + " WHERE b.status = 'open' AND b.due_on <= :on" + _SORTED, {"on": on}
    )


def list_callbacks_of_day(db: Database, on: str) -> list[CallbackRow]:
    """Return what is open and due on a day or before, and what was made on that day."""
    where = " WHERE (b.status = 'open' AND b.due_on <= :on) OR (b.status = 'done' AND b.recorded_on = :on)"
    return fetch(db, CallbackRow, _ROWS + where + _SORTED, {"on": on})


def list_all_callbacks(db: Database) -> list[CallbackRow]:
    """Return every callback, latest due day first."""
    return fetch(db, CallbackRow, _ROWS + " ORDER BY b.due_on DESC, b.priority, b.id")


def list_standing_callbacks(db: Database, on: str) -> list[StandingCallback]:
    """Return the callbacks that take a place in a day, in the order in which they keep it."""
    sql = f"""
        SELECT b.id, b.status, b.reason, b.priority, u.id AS customer_id, s.id AS storefront_id,
            {_ORDER_NUMBER} AS order_number, b.case_number, b.assignee_id,
            COALESCE(p.code, '') AS plan
        FROM callbacks b LEFT JOIN cases c ON c.number = b.case_number {_JOINS}
        LEFT JOIN callback_plans p ON p.id = b.plan_id
        WHERE (b.status = 'open' AND b.due_on <= :on) OR (b.status = 'done' AND b.recorded_on = :on)
        ORDER BY b.status, b.priority, b.due_on, b.id"""
    return fetch(db, StandingCallback, sql, {"on": on})


def insert_callback(
    db: Database,
    *,
    reason: str,
    case_number: int | None,
    customer_id: int | None,
    order_id: int | None,
    due_on: str,
    priority: int,
    assignee_id: int | None,
    planned_at: str,
    attempt: int = 1,
    follows_id: int | None = None,
    plan_id: int | None = None,
    order_line_id: int | None = None,
    why: str = "",
    channel: str = "",
) -> int:
    """Add an open callback and return the id."""
    values = {name: value for name, value in locals().items() if name != "db"}
    return insert_row(db, "callbacks", values)


def update_answer(
    db: Database,
    callback_id: int,
    *,
    revision: int,
    outcome: str,
    score: int | None,
    note: str,
    next_due_on: str | None,
    churn_reason: str,
    recorded_at: str,
    recorded_on: str,
) -> bool:
    """Record an answer if the callback has none and is still of this revision; returns whether it was so."""
    changed = execute(
        db,
        "UPDATE callbacks SET status = 'done', outcome = :outcome, score = :score, note = :note, "
        "next_due_on = :next_due_on, churn_reason = :churn_reason, recorded_at = :recorded_at, "
        "recorded_on = :recorded_on, revision = revision + 1 "
        "WHERE id = :id AND revision = :revision AND status <> 'done'",
        {
            "id": callback_id,
            "revision": revision,
            "outcome": outcome,
            "score": score,
            "note": note,
            "next_due_on": next_due_on,
            "churn_reason": churn_reason,
            "recorded_at": recorded_at,
            "recorded_on": recorded_on,
        },
    )
    return changed == 1


def insert_answer(
    db: Database, callback: Callback, *, score: int, comment: str, answered_at: str, answered_on: str
) -> int:
    """Add the satisfaction answer of a callback; the agent is the case's assignee at this moment."""
    return insert(
        db,
        "INSERT INTO survey_answers (type, case_number, customer_id, callback_id, agent_id, score, comment, "
        "source, answered_at, answered_on) VALUES ('csat', :case_number, :customer_id, :callback_id, "
        "(SELECT assignee_id FROM cases WHERE number = :case_number), :score, :comment, 'callback', "
        ":answered_at, :answered_on)",
        {
            "case_number": callback.case_number,
            "customer_id": callback.customer_id,
            "callback_id": callback.id,
            "score": score,
            "comment": comment,
            "answered_at": answered_at,
            "answered_on": answered_on,
        },
    )


def chain_has_reason(db: Database, callback_id: int, reason: str) -> bool:
    """Return whether a callback or one that it follows has this reason."""
    sql = """
        WITH RECURSIVE chain (id, reason, follows_id) AS (
            SELECT id, reason, follows_id FROM callbacks WHERE id = :id
            UNION ALL
            SELECT b.id, b.reason, b.follows_id FROM callbacks b JOIN chain ON b.id = chain.follows_id)
        SELECT count(*) FROM chain WHERE reason = :reason"""
    return bool(fetch_value(db, sql, {"id": callback_id, "reason": reason}))


def name_customers(db: Database, callback_id: int | None = None) -> None:
    """Note whom a callback, or every one, is about where an order file has told that since it was planned.

    Wishes, pauses between calls and what calls bring are counted by customer.
    """
    only = "" if callback_id is None else " AND id = :id"
    execute(
        db,
        f"UPDATE callbacks SET customer_id = {_PERSON} "
        f"WHERE customer_id IS NULL AND {_PERSON} IS NOT NULL{only}",
        {} if callback_id is None else {"id": callback_id},
    )


def unname_customers(db: Database, import_id: int) -> None:
    """Untie callbacks, and the scores they brought, from customers of an import that ``name_customers`` found for them.

    To be called before the import is undone; those planned for its own orders stay tied.
    """
    found = (
        "SELECT u.id FROM customers u JOIN row_history h ON h.row_key = json_array(u.id) "
        "WHERE h.import_id = :id AND h.table_name = 'customers' AND h.before IS NULL"
    )
    named = f"SELECT id FROM callbacks WHERE order_id IS NULL AND case_number IS NOT NULL AND customer_id IN ({found})"
    for table, key in (("survey_answers", "callback_id"), ("callbacks", "id")):
        execute(
            db,
            f"UPDATE {table} SET customer_id = NULL WHERE {key} IN ({named})",
            {"id": import_id},
        )


def drop_unwanted(db: Database) -> int:
    """Drop open callbacks to customers who asked not to be contacted; returns how many."""
    return execute(
        db,
        "UPDATE callbacks SET status = 'dropped', revision = revision + 1 WHERE status = 'open' "
        f"AND EXISTS (SELECT 1 FROM customers u WHERE u.do_not_contact = 1 AND u.id = {_PERSON})",
    )


def drop_overtaken(db: Database, *, due_before: str) -> int:
    """Drop open service follow-ups of cases that are open again, and what is long overdue; returns how many.

    What was promised, and second calls after a low score, are never given up.
    """
    return execute(
        db,
        "UPDATE callbacks SET status = 'dropped', revision = revision + 1 WHERE status = 'open' "
        "AND (due_on < :due_before AND reason NOT IN ('promised', 'low_score') "
        "OR reason = 'service_followup' AND case_number IN "
        "(SELECT number FROM cases WHERE status NOT IN ('resolved', 'closed')))",
        {"due_before": due_before},
    )


def drop_callback(db: Database, callback_id: int) -> None:
    """Drop one open callback."""
    execute(
        db,
        "UPDATE callbacks SET status = 'dropped', revision = revision + 1 WHERE id = :id AND status = 'open'",
        {"id": callback_id},
    )


def move_callback(db: Database, callback_id: int, *, due_on: str) -> None:
    """Move an open callback to another day; its revision stays, so that exported lists remain good."""
    execute(db, "UPDATE callbacks SET due_on = :due_on WHERE id = :id", {"id": callback_id, "due_on": due_on})


def assign_callback(db: Database, callback_id: int, *, assignee_id: int) -> None:
    """Give an open callback to another employee."""
    execute(
        db,
        "UPDATE callbacks SET assignee_id = :assignee_id WHERE id = :id",
        {"id": callback_id, "assignee_id": assignee_id},
    )


def count_callbacks(db: Database, on: str) -> CallbackCounts:
    """Count a day's callbacks: those made on it, and those open that are due by then."""
    done = fetch_value(
        db, "SELECT count(*) FROM callbacks WHERE status = 'done' AND recorded_on = :on", {"on": on}
    )
    still = fetch_value(
        db, "SELECT count(*) FROM callbacks WHERE status = 'open' AND due_on <= :on", {"on": on}
    )
    return CallbackCounts(due=done + still, done=done, open=still)
