"""Give the lines of an order one key, whether a file numbers them or not.

A line has the marketplace's own number for it (Taobao since 2021) or, in files without such numbers, its sku and
variant and which of several equal lines of the order it is. Where both kinds of files hold an order, equal lines
are paired one by one, so that nothing is stored twice, whichever file came first.
"""

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


def pair_lines(db: Database, import_id: int, storefront_id: int) -> None:
    """Pair staged lines with equal ones in the database that are keyed the other way; before they are merged."""
    values = {"storefront_id": storefront_id, "import_id": import_id}
    if fetch_value(db, "SELECT EXISTS (SELECT 1 FROM temp.stage_lines WHERE occurrence = 0)"):
        _give_numbers(db, values)
    if fetch_value(db, "SELECT EXISTS (SELECT 1 FROM temp.stage_lines WHERE occurrence > 0)"):
        _take_numbers(db, values)


def _give_numbers(db: Database, values: dict[str, int]) -> None:
    """Give known lines without a number of their own the new numbers of equal staged ones."""
    execute(
        db,
        f"""WITH nameless AS MATERIALIZED (
            SELECT l.id, l.order_external_id AS number, {_STEM} AS base, ROW_NUMBER() OVER (
                PARTITION BY l.order_external_id, {_STEM} ORDER BY {_PLACE}) AS place
            FROM order_lines AS l
            WHERE l.storefront_id = :storefront_id AND {_MADE_UP} AND {_OF_STAGED_ORDERS}
              AND NOT EXISTS (SELECT 1 FROM temp.stage_lines AS s WHERE s.occurrence > 0
                AND s.order_external_id = l.order_external_id AND {BASE_KEY} || '#' || s.occurrence = l.line_key)),
        fresh AS MATERIALIZED (
            SELECT s.order_external_id AS number, {BASE_KEY} || '#' AS base, s.line_id AS key, ROW_NUMBER() OVER (
                PARTITION BY s.order_external_id, {BASE_KEY} ORDER BY s.line_id) AS place
            FROM temp.stage_lines AS s
            WHERE s.occurrence = 0 AND s.order_external_id IN (SELECT number FROM nameless)
              AND NOT EXISTS (SELECT 1 FROM order_lines AS l WHERE l.storefront_id = :storefront_id
                AND l.order_external_id = s.order_external_id AND l.line_key = s.line_id)
            GROUP BY s.order_external_id, s.line_id)
        UPDATE order_lines SET line_key = fresh.key, changed_by_import = :import_id
        FROM nameless JOIN fresh USING (number, base, place) WHERE order_lines.id = nameless.id""",
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
