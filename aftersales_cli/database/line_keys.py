"""Give the lines of an order one key, whether a file numbers them or not.

A line has the marketplace's own number for it (Taobao since 2021) or, in files without such numbers, its sku and
variant and which of several equal lines of the order it is. Where both kinds of files hold an order, equal lines
are paired one by one, so that nothing is stored twice, whichever file came first. What is left, since the files
spell titles differently, is paired by sku or variant, quantity and price, where only one line fits on either side.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute, fetch_value
from aftersales_cli.database.staging import BASE_KEY

_MADE_UP = "instr(l.line_key, char(31))"
"""Only keys put together from sku and variant contain the separator."""
_STEM = "rtrim(l.line_key, '0123456789')"
_PLACE = f"CAST(substr(l.line_key, length({_STEM}) + 1) AS INTEGER)"
_KNOWN_BASE = f"""CASE WHEN {_MADE_UP} THEN {_STEM}
    ELSE COALESCE(NULLIF(l.sku, ''), l.title) || char(31) || l.variant || '#' END"""
_OF_STAGED_ORDERS = "l.order_external_id IN (SELECT order_external_id FROM temp.stage_lines)"
_STAGED = "SELECT 1 FROM temp.stage_lines WHERE occurrence {}"
_KNOWN = (
    f"SELECT 1 FROM order_lines AS l WHERE l.storefront_id = :storefront_id AND {{}} AND {_OF_STAGED_ORDERS}"
)
_LEFT_NAMELESS = f"""SELECT l.id AS line, l.order_external_id AS number, NULLIF(l.sku, '') AS sku,
        NULLIF(l.variant, '') AS variant, l.quantity, l.unit_price
    FROM order_lines AS l WHERE l.storefront_id = :storefront_id AND {_MADE_UP} AND {_OF_STAGED_ORDERS}
      AND NOT EXISTS (SELECT 1 FROM temp.stage_lines AS s WHERE s.occurrence > 0
        AND s.order_external_id = l.order_external_id AND {BASE_KEY} || '#' || s.occurrence = l.line_key)"""
_LEFT_STAGED_NUMBERS = """SELECT s.line_id AS key, s.order_external_id AS number, s.sku, s.variant, s.quantity,
        s.unit_price
    FROM temp.stage_lines AS s WHERE s.occurrence = 0
      AND NOT EXISTS (SELECT 1 FROM order_lines AS l WHERE l.storefront_id = :storefront_id
        AND l.order_external_id = s.order_external_id AND l.line_key = s.line_id)
    GROUP BY s.order_external_id, s.line_id"""
_LEFT_STAGED_NAMELESS = f"""SELECT s.rowid AS line, s.order_external_id AS number, s.sku, s.variant, s.quantity,
        s.unit_price
    FROM temp.stage_lines AS s WHERE s.occurrence > 0
      AND NOT EXISTS (SELECT 1 FROM order_lines AS l WHERE l.storefront_id = :storefront_id
        AND l.order_external_id = s.order_external_id AND l.line_key = {BASE_KEY} || '#' || s.occurrence)"""
_LEFT_NUMBERS = f"""SELECT l.line_key AS key, l.order_external_id AS number, NULLIF(l.sku, '') AS sku,
        NULLIF(l.variant, '') AS variant, l.quantity, l.unit_price
    FROM order_lines AS l WHERE l.storefront_id = :storefront_id AND NOT {_MADE_UP} AND {_OF_STAGED_ORDERS}
      AND NOT EXISTS (SELECT 1 FROM temp.stage_lines AS s WHERE s.occurrence = 0
        AND s.order_external_id = l.order_external_id AND s.line_id = l.line_key)"""


def holds_known_lines(db: Database, storefront_id: int) -> bool:
    """Tell whether an order of the staged lines has lines in the database already."""
    with_orders = fetch_value(db, "SELECT EXISTS (SELECT 1 FROM temp.stage_orders)")
    table, column = ("stage_orders", "external_id") if with_orders else ("stage_lines", "order_external_id")
    return bool(
        fetch_value(
            db,
            f"""SELECT EXISTS (SELECT 1 FROM temp.{table} AS s WHERE EXISTS (
                SELECT 1 FROM order_lines AS l
                WHERE l.storefront_id = :storefront_id AND l.order_external_id = s.{column}))""",
            {"storefront_id": storefront_id},
        )
    )


def pair_lines(db: Database, import_id: int, storefront_id: int) -> int:
    """Pair staged lines with equal ones in the database that are keyed the other way; before they are merged.

    Returns how many lines may be stored twice: their order has lines of both kinds left that nobody can pair.
    """
    values = {"storefront_id": storefront_id, "import_id": import_id}
    left = 0
    # Most files that come again number their lines as before: one look at the known lines tells.
    gives = _is_any(db, _STAGED.format("= 0")) and _is_any(db, _KNOWN.format(_MADE_UP), values)
    takes = _is_any(db, _STAGED.format("> 0")) and _is_any(db, _KNOWN.format(f"NOT {_MADE_UP}"), values)
    if gives or takes:
        # Each known line is looked for among the staged ones.
        db.conn.execute("CREATE INDEX temp.stage_lines_orders ON stage_lines (order_external_id)")
    if gives:
        _give_numbers(db, values)
        left += _give_by_likeness(db, values)
    if takes:
        _take_numbers(db, values)
        left += _take_by_likeness(db, values)
    return left


def _is_any(db: Database, sql: str, values: dict[str, int] | None = None) -> bool:
    return bool(fetch_value(db, f"SELECT EXISTS ({sql})", values or {}))


@contextmanager
def _tables(db: Database, values: dict[str, int], **queries: str) -> Iterator[None]:
    """Hold what queries find in temporary tables of their names, to be looked up by the order's number.

    SQLite cannot know how much a query of queries will find, and would go through all of it for every row.
    """
    for name, sql in queries.items():
        db.conn.execute(f"CREATE TEMP TABLE {name} AS {sql}", values)
        db.conn.execute(f"CREATE INDEX temp.{name}_number ON {name} (number)")
    try:
        yield
    finally:
        for name in queries:
            db.conn.execute(f"DROP TABLE temp.{name}")


def _give_numbers(db: Database, values: dict[str, int]) -> None:
    """Give known lines without a number of their own the new numbers of equal staged ones."""
    nameless = f"""SELECT l.id, l.order_external_id AS number, {_STEM} AS base, ROW_NUMBER() OVER (
            PARTITION BY l.order_external_id, {_STEM} ORDER BY {_PLACE}) AS place
        FROM order_lines AS l
        WHERE l.storefront_id = :storefront_id AND {_MADE_UP} AND {_OF_STAGED_ORDERS}
          AND NOT EXISTS (SELECT 1 FROM temp.stage_lines AS s WHERE s.occurrence > 0
            AND s.order_external_id = l.order_external_id AND {BASE_KEY} || '#' || s.occurrence = l.line_key)"""
    fresh = f"""SELECT s.order_external_id AS number, {BASE_KEY} || '#' AS base, s.line_id AS key, ROW_NUMBER() OVER (
            PARTITION BY s.order_external_id, {BASE_KEY} ORDER BY s.line_id) AS place
        FROM temp.stage_lines AS s
        WHERE s.occurrence = 0 AND s.order_external_id IN (SELECT number FROM temp.nameless)
          AND NOT EXISTS (SELECT 1 FROM order_lines AS l WHERE l.storefront_id = :storefront_id
            AND l.order_external_id = s.order_external_id AND l.line_key = s.line_id)
        GROUP BY s.order_external_id, s.line_id"""
    with _tables(db, values, nameless=nameless, fresh=fresh):
        execute(
            db,
            """UPDATE order_lines SET line_key = fresh.key, changed_by_import = :import_id
            FROM temp.nameless CROSS JOIN temp.fresh USING (number, base, place) WHERE order_lines.id = nameless.id""",
            values,
        )


def _take_numbers(db: Database, values: dict[str, int]) -> None:
    """Give staged lines without a number of their own the keys of equal known ones, where any of those has one."""
    execute(
        db,
        f"""WITH named AS MATERIALIZED (
            SELECT DISTINCT l.order_external_id AS number, {_KNOWN_BASE} AS base FROM order_lines AS l
            WHERE l.storefront_id = :storefront_id AND NOT {_MADE_UP} AND {_OF_STAGED_ORDERS}
              AND NOT EXISTS (SELECT 1 FROM temp.stage_lines AS s WHERE s.occurrence = 0
                AND s.order_external_id = l.order_external_id AND s.line_id = l.line_key)),
        known AS MATERIALIZED (
            SELECT l.order_external_id AS number, {_KNOWN_BASE} AS base, l.line_key AS key, ROW_NUMBER() OVER (
                PARTITION BY l.order_external_id, {_KNOWN_BASE}
                ORDER BY {_MADE_UP} > 0, CASE WHEN {_MADE_UP} THEN {_PLACE} END, l.line_key) AS place
            FROM order_lines AS l JOIN named ON named.number = l.order_external_id AND named.base = {_KNOWN_BASE}
            WHERE l.storefront_id = :storefront_id
              AND NOT EXISTS (SELECT 1 FROM temp.stage_lines AS s WHERE s.occurrence = 0
                AND s.order_external_id = l.order_external_id AND s.line_id = l.line_key)),
        nameless AS MATERIALIZED (
            SELECT s.rowid AS line, s.order_external_id AS number, {BASE_KEY} || '#' AS base, ROW_NUMBER() OVER (
                PARTITION BY s.order_external_id, {BASE_KEY} ORDER BY s.occurrence) AS place
            FROM temp.stage_lines AS s
            WHERE s.occurrence > 0 AND s.order_external_id IN (SELECT number FROM named))
        UPDATE temp.stage_lines SET line_id = known.key, occurrence = 0
        FROM nameless JOIN known USING (number, base, place) WHERE stage_lines.rowid = nameless.line""",
        values,
    )


_ALIKE = """(SELECT n.line, m.key, COUNT(*) OVER (PARTITION BY n.line) AS keys,
            COUNT(*) OVER (PARTITION BY n.number, m.key) AS lines
        FROM temp.nameless AS n CROSS JOIN temp.numbered AS m
          ON m.number = n.number AND m.quantity = n.quantity AND m.unit_price = n.unit_price
         AND COALESCE(m.sku = n.sku, m.variant = n.variant)) AS alike"""
"""Pairs (line, key) of those that fit each other, and how many fit each."""


def _count_left(db: Database) -> int:
    """Count the lines without a number for which the same order has one left with a number."""
    return int(
        fetch_value(
            db,
            """SELECT COALESCE(SUM(MIN(a.lines, b.lines)), 0)
            FROM (SELECT number, COUNT(*) AS lines FROM temp.nameless GROUP BY number) AS a
            JOIN (SELECT number, COUNT(*) AS lines FROM temp.numbered GROUP BY number) AS b USING (number)""",
        )
    )


def _give_by_likeness(db: Database, values: dict[str, int]) -> int:
    with _tables(db, values, nameless=_LEFT_NAMELESS, numbered=_LEFT_STAGED_NUMBERS):
        paired = execute(
            db,
            f"""UPDATE order_lines SET line_key = alike.key, changed_by_import = :import_id
            FROM {_ALIKE} WHERE order_lines.id = alike.line AND keys = 1 AND lines = 1""",
            values,
        )
        return _count_left(db) - paired


def _take_by_likeness(db: Database, values: dict[str, int]) -> int:
    with _tables(db, values, nameless=_LEFT_STAGED_NAMELESS, numbered=_LEFT_NUMBERS):
        paired = execute(
            db,
            f"""UPDATE temp.stage_lines SET line_id = alike.key, occurrence = 0
            FROM {_ALIKE} WHERE stage_lines.rowid = alike.line AND keys = 1 AND lines = 1""",
        )
        return _count_left(db) - paired
