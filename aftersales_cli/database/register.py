"""The case register: open cases with all a row shows, and what was taken from its rows."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_value
from aftersales_cli.records.cases import OPEN_STATUSES
from aftersales_cli.records.register import RegisterCase, TakenRow

_OPEN = ", ".join(f"'{status}'" for status in OPEN_STATUSES)


def list_register_cases(db: Database) -> list[RegisterCase]:
    """Return the open cases, the one due first on top, those without a running clock behind."""
    return fetch(
        db,
        RegisterCase,
        f"""
        WITH due AS (
            SELECT case_number, min(due_at) AS due_at FROM sla_clocks
            WHERE met_at IS NULL AND stopped_at IS NULL AND is_paused = 0 GROUP BY case_number
        )
        SELECT c.number, c.kind, c.severity, c.status, c.opened_at, c.assignee_id, due.due_at,
            coalesce((SELECT max(seq) FROM case_events WHERE case_number = c.number), 0) AS revision,
            coalesce(nullif(s.name, ''), s.code, '') AS storefront,
            coalesce(nullif(o.display_number, ''), c.order_external_id) AS order_number,
            coalesce(nullif(p.name, ''), nullif(p.phone, ''), p.email, '') AS customer,
            coalesce(
                (SELECT group_concat(title, char(10)) FROM (SELECT DISTINCT title FROM case_lines
                    WHERE case_number = c.number AND title <> '' ORDER BY title)),
                o.title, '') AS product,
            coalesce(
                (SELECT body FROM case_messages WHERE case_number = c.number AND direction = 'in' AND body <> ''
                    ORDER BY sent_at DESC, id DESC LIMIT 1),
                c.title) AS said
        FROM cases AS c
        LEFT JOIN due ON due.case_number = c.number
        LEFT JOIN storefronts AS s ON s.id = c.storefront_id
        LEFT JOIN orders AS o ON o.id = c.order_id
        LEFT JOIN customers AS p ON p.id = c.customer_id
        WHERE c.status IN ({_OPEN})
        ORDER BY due.due_at IS NULL, due.due_at, c.opened_at, c.number
        """,
    )


def find_founding(db: Database) -> str:
    """Return the moment the shop's first employee was entered: no two shops share it."""
    return str(fetch_value(db, "SELECT created_at FROM agents ORDER BY id LIMIT 1"))


def get_last_event_number(db: Database, case_number: int) -> int | None:
    """Return the number of a case's last event, 0 without any; None if there is no such case."""
    sql = (
        "SELECT coalesce((SELECT max(seq) FROM case_events WHERE case_number = c.number), 0) "
        "FROM cases AS c WHERE c.number = :number"
    )
    found: int | None = fetch_value(db, sql, {"number": case_number})
    return found


def get_taken_row(db: Database, code: str) -> TakenRow | None:
    """Return what was taken from the row with this code."""
    sql = f"SELECT {columns(TakenRow)} FROM register_rows WHERE code = :code"
    return fetch_one(db, TakenRow, sql, {"code": code})


def put_taken_row(db: Database, row: TakenRow) -> None:
    """Remember what was taken from a row, in place of what was remembered before."""
    execute(
        db,
        "INSERT INTO register_rows (code, case_number, revision, content, taken_at) "
        "VALUES (:code, :case_number, :revision, :content, :taken_at) "
        "ON CONFLICT (code) DO UPDATE SET revision = excluded.revision, content = excluded.content, "
        "taken_at = excluded.taken_at",
        vars(row),
    )
