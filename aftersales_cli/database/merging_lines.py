"""Merge staged order lines: what is newer wins, what is equally new is decided by a fixed rule and noted."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute, fetch_value
from aftersales_cli.database.line_keys import holds_known_lines, pair_lines
from aftersales_cli.database.merging import Context, Merged
from aftersales_cli.database.staging import LINE_KEY

COMPARED_LINE_COLUMNS = ("quantity", "unit_price", "paid")
"""Whose disagreement is noted, also against an older file: nothing that happens to a paid order changes them."""
_TEXTS = ("sku", "title", "variant", "status_raw")
_NUMBERS = ("quantity", "unit_price", "paid", "refunded")
_PAID = 2
"""Progress from which on an order is paid."""

_PROGRESS, _AS_OF = "COALESCE(s.progress, o.progress, 0)", "COALESCE(s.as_of, o.as_of, '')"
_STAGED = """temp.stage_lines AS s
    CROSS JOIN temp.stage_line_orders AS o ON o.number = s.order_external_id"""
_IS_KNOWN = f"""order_lines AS l ON l.storefront_id = :storefront_id
    AND l.order_external_id = s.order_external_id AND l.line_key = {LINE_KEY}"""


def merge_lines(db: Database, context: Context) -> Merged:
    """Insert new order lines and update known ones as orders are; equal lines of one order are told apart by number.

    An older file only fills blanks. Of equally new values the larger stays (of two words the one later in the
    alphabet), and the other is noted.
    """
    staged = fetch_value(db, "SELECT COUNT(*) FROM temp.stage_lines")
    if not staged:
        return Merged(0, 0, 0)
    _stage_line_orders(db, context)
    if holds_known_lines(db, context.storefront_id):
        pair_lines(db, context.import_id, context.storefront_id)
        _drop_unchanged(db, context)
        _note_conflicts(db, context)
    before = fetch_value(db, "SELECT COUNT(*) FROM order_lines")
    changed = _upsert(db, context)
    new = fetch_value(db, "SELECT COUNT(*) FROM order_lines") - before
    return Merged(new, changed - new, staged - changed)


def _stage_line_orders(db: Database, context: Context) -> None:
    """Note for each order of the staged lines its row, and how new the file is about it."""
    db.conn.execute("DROP TABLE IF EXISTS temp.stage_line_orders")
    db.conn.execute(
        "CREATE TEMP TABLE stage_line_orders (number PRIMARY KEY, order_id, progress, as_of) WITHOUT ROWID"
    )
    execute(
        db,
        """INSERT INTO temp.stage_line_orders
        SELECT s.external_id, o.id, s.progress, s.as_of FROM temp.stage_orders AS s
        LEFT JOIN orders AS o ON o.storefront_id = :storefront_id AND o.external_id = s.external_id""",
        context._asdict(),
    )
    execute(
        db,
        """INSERT INTO temp.stage_line_orders (number, order_id)
        SELECT s.number, o.id FROM (SELECT DISTINCT order_external_id AS number FROM temp.stage_lines) AS s
        LEFT JOIN orders AS o ON o.storefront_id = :storefront_id AND o.external_id = s.number
        WHERE NOT EXISTS (SELECT 1 FROM temp.stage_line_orders AS known WHERE known.number = s.number)""",
        context._asdict(),
    )


def _drop_unchanged(db: Database, context: Context) -> None:
    """Take the lines off the staged ones that say nothing but what is known: most of a file that comes again."""
    same = [f"(s.{name} IS NULL OR s.{name} = l.{name})" for name in (*_TEXTS, *_NUMBERS)]
    same += [f"l.progress = {_PROGRESS}", f"l.as_of = {_AS_OF}", "l.order_id IS o.order_id"]
    execute(
        db,
        f"""DELETE FROM temp.stage_lines WHERE rowid IN (
            SELECT s.rowid FROM {_STAGED} CROSS JOIN {_IS_KNOWN} WHERE {" AND ".join(same)})""",
        {"storefront_id": context.storefront_id},
    )


def _note_conflicts(db: Database, context: Context) -> None:
    """Note what the staged lines say otherwise than equally new or newer ones; before they are merged.

    The key of such a conflict is the order's number and the line's key.
    """
    staged_age = f"({_PROGRESS}, {_AS_OF}, COALESCE(s.refunded, l.refunded, 0))"
    known_age = "(l.progress, l.as_of, COALESCE(l.refunded, 0))"
    parts = " UNION ALL ".join(
        f"""SELECT row_key, '{name}', IIF(same, MAX(new_{name}, old_{name}), old_{name}),
            IIF(same, MIN(new_{name}, old_{name}), new_{name}) FROM differing WHERE new_{name} <> old_{name}"""
        for name in COMPARED_LINE_COLUMNS
    )
    execute(
        db,
        f"""INSERT OR IGNORE INTO conflicts (storefront_id, import_id, table_name, seen_at, row_key, column_name,
            ours, theirs)
        WITH differing AS MATERIALIZED (
            SELECT l.order_external_id || char(31) || l.line_key AS row_key, {staged_age} = {known_age} AS same,
                {", ".join(f"s.{name} AS new_{name}, l.{name} AS old_{name}" for name in COMPARED_LINE_COLUMNS)}
            FROM {_STAGED} CROSS JOIN {_IS_KNOWN}
            WHERE ({" OR ".join(f"s.{name} <> l.{name}" for name in COMPARED_LINE_COLUMNS)})
              AND ({staged_age} = {known_age} OR {staged_age} < {known_age} AND {_PROGRESS} >= {_PAID}))
        SELECT :storefront_id, :import_id, 'order_lines', :stamp, found.* FROM ({parts}) AS found""",
        context._asdict(),
    )


def _upsert(db: Database, context: Context) -> int:
    """Insert or update all staged lines and return how many rows that touched."""
    fresh = _settled_columns()
    if not fetch_value(db, "SELECT EXISTS (SELECT 1 FROM temp.stage_lines WHERE quantity IS NOT NULL)"):
        del fresh["quantity"]  # a file without quantities does not say that it was one
    amounts = [name for name in _NUMBERS if name != "quantity"]
    return execute(
        db,
        f"""INSERT INTO order_lines (storefront_id, order_external_id, order_id, line_key, {", ".join(_TEXTS)},
            {", ".join(amounts)}, quantity, currency, progress, as_of, created_by_import)
        SELECT :storefront_id, s.order_external_id, o.order_id, {LINE_KEY},
            {", ".join(f"COALESCE(s.{name}, '')" for name in _TEXTS)}, {", ".join(f"s.{name}" for name in amounts)},
            COALESCE(s.quantity, 1), s.currency, {_PROGRESS}, {_AS_OF}, :import_id
        FROM {_STAGED} WHERE true ORDER BY s.rowid
        ON CONFLICT (storefront_id, order_external_id, line_key) DO UPDATE SET
            {", ".join(f"{name} = {value}" for name, value in fresh.items())}, changed_by_import = :import_id
        WHERE ({" OR ".join(f"order_lines.{name} IS NOT excluded.{name}" for name in fresh)})
          AND ({" OR ".join(f"order_lines.{name} IS NOT {value}" for name, value in fresh.items())})""",
        context._asdict(),
    )


def _settled_columns() -> dict[str, str]:
    """Return column → SQL of its new value when a line that is known comes again as ``excluded``."""
    ages = "(excluded.progress, excluded.as_of, COALESCE(excluded.refunded, order_lines.refunded, 0)) {} "
    ages += "(order_lines.progress, order_lines.as_of, COALESCE(order_lines.refunded, 0))"
    newer, same = ages.format(">"), ages.format("=")

    def by_age(name: str, blank: str) -> str:
        new, known = f"excluded.{name}", f"order_lines.{name}"
        return f"""CASE WHEN {new} {blank} THEN {known} WHEN {known} {blank} OR {newer} THEN {new}
            WHEN {same} THEN MAX({new}, {known}) ELSE {known} END"""

    settled = {name: by_age(name, "IS NULL") for name in _NUMBERS}
    settled |= {name: by_age(name, "= ''") for name in _TEXTS}
    settled["order_id"] = "COALESCE(order_lines.order_id, excluded.order_id)"
    for name in ("progress", "as_of"):
        settled[name] = f"CASE WHEN {newer} THEN excluded.{name} ELSE order_lines.{name} END"
    return settled
