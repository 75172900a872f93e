"""Take an import back: restore what it changed, delete what it made, compute anew what follows from them."""

import json
from typing import Any, NamedTuple

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute, fetch_rows, fetch_value
from aftersales_cli.database.history import key_expression, owner_column, recorded_tables, table_columns
from aftersales_cli.database.mending import reopen_rejects
from aftersales_cli.database.settling import settle_orders


class ImportState(NamedTuple):
    """What must be known about an import before it is undone."""

    id: int
    file_name: str
    storefront_id: int
    undone_at: str | None
    recorded: int
    """1 if row_history knows all that it did."""


class Blocker(NamedTuple):
    """Something that stands in the way of an undo."""

    kind: str
    """``import``, ``case``, or the name of the table whose row refers to a row that would go."""
    name: str
    """A file's name or a row's number."""


_MOST_BLOCKERS = 20


def get_import_state(db: Database, import_id: int) -> ImportState | None:
    """Return the import, None if there is none with this number."""
    rows = fetch_rows(
        db,
        "SELECT id, file_name, storefront_id, undone_at, recorded FROM imports WHERE id = :id",
        {"id": import_id},
    )
    return ImportState(*rows[0]) if rows else None


def drop_untouched_callbacks(db: Database, import_id: int) -> int:
    """Delete callbacks about the import's cases, orders and customers that nobody answered yet; return how many.

    Those that follow a low score of its answers go, too. They were planned by the program, not by people, and are
    planned again where there is still a reason.
    """
    return execute(
        db,
        """DELETE FROM callbacks WHERE outcome = '' AND recorded_at IS NULL AND follows_id IS NULL AND (
            id IN (SELECT follow_up_id FROM survey_answers WHERE created_by_import = :id AND follow_up = 'opened')
            OR case_number IN (SELECT number FROM cases WHERE created_by_import = :id)
            OR order_id IN (SELECT id FROM orders WHERE created_by_import = :id))
          AND NOT EXISTS (SELECT 1 FROM callbacks AS later WHERE later.follows_id = callbacks.id)""",
        {"id": import_id},
    )


def find_blockers(db: Database, import_id: int) -> list[Blocker]:
    """Return later imports of the same rows and people's work on them; empty if the import can be undone."""
    values = {"id": import_id, "limit": _MOST_BLOCKERS}
    later = fetch_rows(
        db,
        """SELECT 'import', i.id || ' (' || i.file_name || ')' FROM import_overlaps AS v
        JOIN imports AS i ON i.id = v.later_import
        WHERE v.earlier_import = :id AND i.undone_at IS NULL ORDER BY i.id DESC LIMIT :limit""",
        values,
    )
    # Its own events are in the history; any other came from people, or from an import that is named above.
    worked_on = fetch_rows(
        db,
        """SELECT DISTINCT 'case', e.case_number FROM cases AS c JOIN case_events AS e ON e.case_number = c.number
        WHERE c.created_by_import = :id AND NOT EXISTS (
            SELECT 1 FROM row_history AS h WHERE h.table_name = 'case_events' AND h.before IS NULL
              AND h.row_key = json_array(e.case_number, e.seq)) ORDER BY 2 LIMIT :limit""",
        values,
    )
    # Calls that were made because of its answers: an untouched one is gone by now.
    called = fetch_rows(
        db,
        """SELECT 'callbacks', COALESCE(b.case_number, b.id) FROM survey_answers AS a
        JOIN callbacks AS b ON b.id = a.follow_up_id
        WHERE a.created_by_import = :id AND a.follow_up = 'opened' ORDER BY 2 LIMIT :limit""",
        values,
    )
    found = [Blocker(kind, str(name)) for kind, name in (*later, *worked_on, *called)]
    return found + [blocker for blocker in _referring(db, import_id) if blocker not in found]


def _referring(db: Database, import_id: int) -> list[Blocker]:
    """Find rows that refer to rows of the import, are not its own, and do not let go of them."""
    found = []
    made = {table: _made_by(db, table) for table in recorded_tables(db)}
    for child, is_own in made.items():
        columns, key = table_columns(db, child)
        rows = fetch_rows(
            db,
            'SELECT "table", "from", "to", on_delete FROM pragma_foreign_key_list(:table)',
            {"table": child},
        )
        for parent, column, target, on_delete in rows:
            if parent not in made or on_delete != "NO ACTION" or (child, column) in _LET_GO:
                continue
            name = "c.case_number" if "case_number" in columns else f"c.{key[0]}"
            referring = fetch_rows(
                db,
                f"""SELECT DISTINCT {name} FROM {child} AS c JOIN {parent} AS p ON p.{target} = c.{column}
                WHERE c.{column} IS NOT NULL AND {made[parent].format("p.")} AND NOT ({is_own.format("c.")})
                    {_OWN_CASES if (child, column) in _CASE_LINKS else ""}
                ORDER BY 1 LIMIT :limit""",
                {"id": import_id, "limit": _MOST_BLOCKERS},
            )
            kind = (
                "case" if child == "cases" or ("case_number" in columns and child == "case_events") else child
            )
            found += [Blocker(kind, str(number)) for (number,) in referring]
    return found


_LET_GO = {("order_lines", "order_id"), ("orders", "customer_id"), ("refund_plans", "refund_id")}
"""Links that an undo unties or hands over."""
_CASE_LINKS = {("cases", "order_id"), ("cases", "customer_id")}
# A platform's case finds its order by number; a case of ours may have been waiting until this import joined it.
_OWN_CASES = """AND c.origin = 'own' AND NOT EXISTS (
    SELECT 1 FROM row_history AS h WHERE h.import_id = :id AND h.table_name = 'cases'
      AND h.row_key = json_array(c.number) AND h.before IS NOT NULL)"""


def _made_by(db: Database, table: str) -> str:
    """Return the condition that a row was made by import ``:id``, with ``{0}`` for the table's alias."""
    columns, key = table_columns(db, table)
    owner = owner_column(columns)
    if owner:
        return f"{{0}}{owner} IS :id"
    return f"""EXISTS (SELECT 1 FROM row_history AS h WHERE h.import_id = :id AND h.table_name = '{table}'
        AND h.before IS NULL AND h.row_key = {key_expression(key, "{0}")})"""


def undo_import(db: Database, state: ImportState, *, stamp: str) -> tuple[int, int, list[Blocker]]:
    """Undo an import that nothing blocks; returns rows deleted, rows restored, and what turned out changed since.

    If the last list is not empty, the caller must roll back.
    """
    db.conn.execute("PRAGMA defer_foreign_keys = ON")
    values = {"id": state.id, "stamp": stamp}
    # From here on the database lets go of the events this import wrote.
    execute(db, "UPDATE imports SET undone_at = :stamp WHERE id = :id", values)
    touched = _refunded_orders(db, state.id)
    _hand_over_customers(db, state.id)
    restored, blockers = _restore(db, state.id)
    if blockers:
        return 0, restored, blockers
    _untie(db, values)
    reopen_rejects(db, state.id)
    deleted = sum(
        execute(db, f"DELETE FROM {table} WHERE {_made_by(db, table).format(table + '.')}", values)
        for table in recorded_tables(db)
    )
    _forget(db, values)
    settle_orders(db, state.storefront_id, touched)
    return deleted, restored, []


def _refunded_orders(db: Database, import_id: int) -> list[str]:
    """Return the numbers of orders whose refund figure may follow from what goes."""
    rows = fetch_rows(
        db,
        """SELECT external_id FROM orders WHERE changed_by_import = :id AND created_by_import IS NOT :id
        UNION SELECT order_external_id FROM refunds WHERE created_by_import = :id OR changed_by_import = :id""",
        {"id": import_id},
    )
    return [number for (number,) in rows]


def _hand_over_customers(db: Database, import_id: int) -> None:
    """Let customers whom orders of other imports name belong to the first of those imports."""
    heirs = fetch_rows(
        db,
        """SELECT h.row_key, MIN(CASE WHEN o.changed_by_import = :id OR o.changed_by_import IS NULL
            THEN o.created_by_import ELSE o.changed_by_import END)
        FROM row_history AS h JOIN orders AS o ON o.customer_id = json_extract(h.row_key, '$[0]')
        WHERE h.import_id = :id AND h.table_name = 'customers' AND h.before IS NULL
          AND o.created_by_import IS NOT :id
          AND NOT EXISTS (SELECT 1 FROM row_history AS c
              WHERE c.import_id = :id AND c.table_name = 'orders' AND c.row_key = json_array(o.id)
                AND c.before ->> 'customer_id' IS NOT c.after ->> 'customer_id')
        GROUP BY h.row_key""",
        {"id": import_id},
    )
    for row_key, heir in heirs:
        execute(
            db,
            """UPDATE row_history SET import_id = :heir WHERE import_id = :id AND before IS NULL AND (
                (table_name = 'customers' AND row_key = :row_key)
                OR (table_name = 'customer_keys' AND row_key IN (
                    SELECT json_array(k.storefront_id, k.external_id) FROM customer_keys AS k
                    WHERE k.customer_id = json_extract(:row_key, '$[0]'))))""",
            {"id": import_id, "heir": heir, "row_key": row_key},
        )


def _restore(db: Database, import_id: int) -> tuple[int, list[Blocker]]:
    """Put the values from before back, last change first, where the import's own value still stands."""
    keys = {table: table_columns(db, table)[1] for table in recorded_tables(db)}
    rows = fetch_rows(
        db,
        """SELECT table_name, row_key, before, after FROM row_history
        WHERE import_id = :id AND before IS NOT NULL ORDER BY id DESC""",
        {"id": import_id},
    )
    restored, blockers = 0, []
    for table, row_key, before, after in rows:
        old: dict[str, Any] = json.loads(before)
        new: dict[str, Any] = json.loads(after)
        where = " AND ".join(f"{name} = ?" for name in keys[table])
        # A row that is gone went with the import that made it.
        still = "".join(f" AND {name} IS ?" for name in old)
        identity = json.loads(row_key)
        changed = db.conn.execute(
            f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in old)} WHERE {where}{still}",
            [*old.values(), *identity, *(new[name] for name in old)],
        ).rowcount
        restored += changed
        if not changed and db.conn.execute(f"SELECT 1 FROM {table} WHERE {where}", identity).fetchone():
            blockers.append(_changed_since(db, import_id, table, row_key))
    return restored, blockers[:_MOST_BLOCKERS]


def _changed_since(db: Database, import_id: int, table: str, row_key: str) -> Blocker:
    later = fetch_value(
        db,
        """SELECT i.id || ' (' || i.file_name || ')' FROM row_history AS h JOIN imports AS i ON i.id = h.import_id
        WHERE h.table_name = :table AND h.row_key = :row_key AND h.import_id > :id AND i.undone_at IS NULL
        ORDER BY i.id DESC LIMIT 1""",
        {"table": table, "row_key": row_key, "id": import_id},
    )
    if later:
        return Blocker("import", str(later))
    return Blocker("case" if table == "cases" else table, ", ".join(map(str, json.loads(row_key))))


def _untie(db: Database, values: dict[str, Any]) -> None:
    """Let lines and cases of other files wait again for the orders that go, plans for the records."""
    going = "(SELECT id FROM orders WHERE created_by_import = :id)"
    execute(
        db,
        f"""UPDATE order_lines SET order_id = NULL
        WHERE order_id IN {going} AND created_by_import IS NOT :id""",
        values,
    )
    execute(
        db,
        f"""UPDATE cases SET order_id = NULL, customer_id = NULL
        WHERE order_id IN {going} AND created_by_import IS NOT :id""",
        values,
    )
    execute(
        db,
        """UPDATE refund_plans SET refund_id = NULL
        WHERE refund_id IN (SELECT id FROM refunds WHERE created_by_import = :id)""",
        values,
    )


def _forget(db: Database, values: dict[str, Any]) -> None:
    """Drop what was noted about the import, and what others noted about rows that are gone."""
    execute(db, "DELETE FROM row_history WHERE import_id = :id", values)
    execute(db, "DELETE FROM conflicts WHERE import_id = :id", values)
    execute(db, "DELETE FROM import_overlaps WHERE later_import = :id", values)
    for table in recorded_tables(db):
        key = key_expression(table_columns(db, table)[1], "t.")
        if fetch_value(db, "SELECT 1 FROM row_history WHERE table_name = :table LIMIT 1", {"table": table}):
            execute(
                db,
                f"""DELETE FROM row_history WHERE table_name = :table
                AND row_key NOT IN (SELECT {key} FROM {table} AS t)""",
                {"table": table},
            )
