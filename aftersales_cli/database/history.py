"""Record what an import does to rows, so that it can be undone.

Rows of tables with a column ``created_by_import`` or ``import_id`` say themselves who made them; temporary
triggers note in ``row_history`` the other new rows and the columns that changed in rows that were there before,
with both values. Nothing is written for rows that stay as they are.
"""

import sqlite3

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute, fetch_rows

OWNER_COLUMNS = ("created_by_import", "import_id")
"""Columns that name the import which made a row."""

_UNRECORDED = frozenset(
    {"agents", "audit_log", "conflicts", "import_overlaps", "imports", "job_runs", "job_steps", "row_history",
     "storefronts",
     # Derived from cases, which take them along, or kept for all cases.
     "sla_clocks", "sla_seen", "sla_versions", "holiday_years",
     # Derived from orders.
     "customers_stale", "customer_facts", "customer_values", "value_runs", "exchange_rates"}
)  # fmt: skip
_DERIVED = {"orders": {"refunded", "refunded_basis"}, "order_lines": {"order_id"}}
"""Columns that follow from other rows: an undo computes them anew."""


def recorded_tables(db: Database) -> list[str]:
    """Return the tables whose rows an import may make or change."""
    rows = fetch_rows(
        db, "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT GLOB '[_]*' ORDER BY name"
    )
    return [
        name for (name,) in rows if name not in _UNRECORDED and not name.startswith(("sqlite_", "search_"))
    ]


def table_columns(db: Database, table: str) -> tuple[list[str], list[str]]:
    """Return the names of all columns of a table, and of its primary key in order."""
    rows = fetch_rows(db, "SELECT name, pk FROM pragma_table_info(:table)", {"table": table})
    key = sorted((pk, name) for name, pk in rows if pk)
    return [name for name, _pk in rows], [name for _pk, name in key]


def owner_column(columns: list[str]) -> str | None:
    """Return the column that names the import which made a row, None if the table has none."""
    return next((name for name in OWNER_COLUMNS if name in columns), None)


def key_expression(key: list[str], prefix: str) -> str:
    """Return the SQL of a row's key as row_history keeps it, e.g. ``json_array(OLD.id)``."""
    return f"json_array({', '.join(prefix + name for name in key)})"


def begin_recording(db: Database, import_id: int, storefront_id: int) -> None:
    """Note whose rows the staged file holds again, and watch all changes until end_recording.

    A rollback ends it, too: temporary triggers belong to the transaction.
    """
    execute(db, "UPDATE imports SET recorded = 1 WHERE id = :id", {"id": import_id})
    _note_overlaps(db, import_id, storefront_id)
    for table in recorded_tables(db):
        for statement in _triggers(db, table, import_id):
            db.conn.execute(statement)


def end_recording(db: Database) -> None:
    """Stop watching."""
    names = fetch_rows(
        db, "SELECT name FROM temp.sqlite_master WHERE type = 'trigger' AND name GLOB 'history_*'"
    )
    for (name,) in names:
        db.conn.execute(f"DROP TRIGGER temp.{name}")


def _triggers(db: Database, table: str, import_id: int) -> list[str]:
    columns, key = table_columns(db, table)
    owner = owner_column(columns)
    statements = []
    if not owner:
        statements.append(
            f"""CREATE TEMP TRIGGER history_{table}_new AFTER INSERT ON main.{table}
            BEGIN INSERT INTO row_history (import_id, table_name, row_key)
            VALUES ({import_id}, '{table}', {key_expression(key, "NEW.")}); END"""
        )
    watched = [name for name in columns if name not in key and name not in _DERIVED.get(table, ())]
    if watched:
        changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in watched)
        foreign = f"OLD.{owner} IS NOT {import_id} AND " if owner else ""
        values = " UNION ALL ".join(
            f"SELECT '{name}' AS name, OLD.{name} AS old, NEW.{name} AS new" for name in watched
        )
        image = f"FROM ({values}) WHERE old IS NOT new"
        statements.append(
            f"""CREATE TEMP TRIGGER history_{table}_changed AFTER UPDATE OF {", ".join(watched)} ON main.{table}
            WHEN {foreign}({changed})
            BEGIN INSERT INTO row_history (import_id, table_name, row_key, before, after)
            SELECT {import_id}, '{table}', {key_expression(key, "OLD.")},
                (SELECT json_group_object(name, old) {image}),
                (SELECT json_group_object(name, new) {image}); END"""
        )
    return statements


_FIRST_LINE = """CROSS JOIN order_lines AS l ON l.id = (
    SELECT x.id FROM order_lines AS x
    WHERE x.storefront_id = :storefront_id AND x.order_external_id = {order} LIMIT 1)"""

_OVERLAPS = (
    """SELECT DISTINCT o.created_by_import, o.changed_by_import FROM temp.stage_orders AS s
    CROSS JOIN orders AS o ON o.storefront_id = :storefront_id AND o.external_id = s.external_id""",
    f"""SELECT DISTINCT l.created_by_import, l.changed_by_import FROM temp.stage_orders AS s
    {_FIRST_LINE.format(order="s.external_id")}
    WHERE EXISTS (SELECT 1 FROM temp.stage_lines)""",
    f"""SELECT DISTINCT l.created_by_import, l.changed_by_import
    FROM (SELECT DISTINCT order_external_id FROM temp.stage_lines
          WHERE NOT EXISTS (SELECT 1 FROM temp.stage_orders)) AS s
    {_FIRST_LINE.format(order="s.order_external_id")}""",
    """SELECT DISTINCT r.created_by_import, r.changed_by_import FROM temp.stage_aftersales AS s
    CROSS JOIN refunds AS r ON r.storefront_id = :storefront_id AND r.external_id = s.external_id""",
)
"""Which imports the rows come from that a staged file holds again. A file's lines are looked at by their orders."""


def _note_overlaps(db: Database, import_id: int, storefront_id: int) -> None:
    earlier: set[int] = set()
    for sql in _OVERLAPS:
        try:
            rows = fetch_rows(db, sql, {"storefront_id": storefront_id})
        except sqlite3.OperationalError as error:
            if "no such table: temp." not in str(error):
                raise
            continue  # a file without such records has no table for them
        earlier.update(number for row in rows for number in row if number)
    db.conn.executemany(
        "INSERT OR IGNORE INTO import_overlaps (later_import, earlier_import) VALUES (?, ?)",
        [(import_id, number) for number in sorted(earlier) if number != import_id],
    )
