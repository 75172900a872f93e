"""Merge staged order lines: what is newer wins, what is equally new is decided by a fixed rule and noted."""

from sqlite_utils import Database

from aftersales_cli.database.cell_ages import COLUMN, Age, Ages, Cell
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
_NO_QUANTITY = """'{"quantity":""}'"""
"""What a line's cell_ages say whose quantity no file has named; then it is taken to be 1."""
_ORDER_WORD = "COALESCE(s.order_word, o.word, '')"
_STAGED = """temp.stage_lines AS s
    CROSS JOIN temp.stage_line_orders AS o ON o.number = s.order_external_id"""
_IS_KNOWN = f"""order_lines AS l ON l.storefront_id = :storefront_id
    AND l.order_external_id = s.order_external_id AND l.line_key = {LINE_KEY}"""


def merge_lines(db: Database, context: Context) -> tuple[Merged, int]:
    """Insert new order lines and update known ones as orders are; equal lines of one order are told apart by number.

    An older file only fills blanks. Of equally new values the larger stays (of two words the one later in the
    alphabet), and the other is noted. Returns the counts, and how many lines may now be stored twice.
    """
    staged = fetch_value(db, "SELECT COUNT(*) FROM temp.stage_lines")
    if not staged:
        return Merged(0, 0, 0), 0
    unpaired = 0
    _stage_line_orders(db, context)
    if holds_known_lines(db, context.storefront_id):
        unpaired = pair_lines(db, context.import_id, context.storefront_id)
        _drop_unchanged(db, context)
        _note_conflicts(db, context)
    before = fetch_value(db, "SELECT COUNT(*) FROM order_lines")
    changed = _upsert(db, context)
    new = fetch_value(db, "SELECT COUNT(*) FROM order_lines") - before
    return Merged(new, changed - new, staged - changed), unpaired


def _stage_line_orders(db: Database, context: Context) -> None:
    """Note for each order of the staged lines its row, and how new the file is about it."""
    db.conn.execute("DROP TABLE IF EXISTS temp.stage_line_orders")
    db.conn.execute(
        "CREATE TEMP TABLE stage_line_orders (number PRIMARY KEY, order_id, progress, as_of, word) WITHOUT ROWID"
    )
    execute(
        db,
        """INSERT INTO temp.stage_line_orders
        SELECT s.external_id, o.id, s.progress, s.as_of, s.status_raw FROM temp.stage_orders AS s
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
    same.append(f"(l.cell_ages IS NULL OR s.quantity IS NULL AND l.cell_ages = {_NO_QUANTITY})")
    same.append(f"l.order_word = {_ORDER_WORD}")
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
    ages = _ages("s", _PROGRESS, _AS_OF, known="l")
    names = COMPARED_LINE_COLUMNS
    parts = " UNION ALL ".join(
        f"""SELECT row_key, '{name}', IIF(same_{name}, MAX(new_{name}, old_{name}), old_{name}),
            IIF(same_{name}, MIN(new_{name}, old_{name}), new_{name}) FROM differing
            WHERE new_{name} <> old_{name} AND (same_{name} OR older_{name} AND progress >= {_PAID})"""
        for name in names
    )
    sides = [
        f"""s.{name} AS new_{name}, {_KNOWN_NUMBERS.get(name, "l.{name}").format(name=name, table="l")} AS old_{name},
            {ages.compare(name, "=")} AS same_{name}, {ages.compare(name, "<")} AS older_{name}"""
        for name in names
    ]
    execute(
        db,
        f"""INSERT OR IGNORE INTO conflicts (storefront_id, import_id, table_name, seen_at, row_key, column_name,
            ours, theirs)
        WITH differing AS MATERIALIZED (
            SELECT l.order_external_id || char(31) || l.line_key AS row_key, {_PROGRESS} AS progress, {", ".join(sides)}
            FROM {_STAGED} CROSS JOIN {_IS_KNOWN}
            WHERE ({" OR ".join(f"s.{name} <> l.{name}" for name in names)}) AND {ages.is_("<=")})
        SELECT :storefront_id, :import_id, 'order_lines', :stamp, found.* FROM ({parts}) AS found""",
        context._asdict(),
    )


def _upsert(db: Database, context: Context) -> int:
    """Insert or update all staged lines and return how many rows that touched."""
    fresh = _settled_columns()
    amounts = [name for name in _NUMBERS if name != "quantity"]
    return execute(
        db,
        f"""INSERT INTO order_lines (storefront_id, order_external_id, order_id, line_key, {", ".join(_TEXTS)},
            {", ".join(amounts)}, quantity, currency, progress, as_of, order_word, cell_ages, created_by_import)
        SELECT :storefront_id, s.order_external_id, o.order_id, {LINE_KEY},
            {", ".join(f"COALESCE(s.{name}, '')" for name in _TEXTS)}, {", ".join(f"s.{name}" for name in amounts)},
            COALESCE(s.quantity, 1), s.currency, {_PROGRESS}, {_AS_OF}, {_ORDER_WORD},
            CASE WHEN s.quantity IS NULL THEN {_NO_QUANTITY} END, :import_id
        FROM {_STAGED} WHERE true ORDER BY s.rowid
        ON CONFLICT (storefront_id, order_external_id, line_key) DO UPDATE SET
            {", ".join(f"{name} = {value}" for name, value in fresh.items())}, changed_by_import = :import_id
        WHERE ({" OR ".join(f"order_lines.{name} IS NOT excluded.{name}" for name in fresh)})
          AND ({" OR ".join(f"order_lines.{name} IS NOT {value}" for name, value in fresh.items())})""",
        context._asdict(),
    )


def _ages(new: str, progress: str, as_of: str, *, known: str) -> Ages:
    """Return the ages of a line that comes and the one that is known, by the names their tables have in a query."""
    refunded = f"IIF({known}.cell_ages ->> 'refunded' IS NULL, COALESCE({known}.refunded, 0), 0)"
    return Ages(
        Age(progress, as_of, f"COALESCE({new}.refunded, 0)"),
        Age(f"{known}.progress", f"{known}.as_of", refunded),
        f"{known}.cell_ages",
    )


_KNOWN_NUMBERS = {"quantity": "IIF({table}.cell_ages ->> 'quantity' = '', NULL, {table}.quantity)"}
"""Number → what is known of it, where that is not simply what stands there."""


def _settled_columns() -> dict[str, str]:
    """Return column → SQL of its new value when a line that is known comes again as ``excluded``."""
    ages = _ages("excluded", "excluded.progress", "excluded.as_of", known="order_lines")
    cells = []
    for name in (*_TEXTS, *_NUMBERS):
        new, known, unsaid = f"excluded.{name}", f"order_lines.{name}", "NULL"
        better = f"{new} < {known}"
        if name in _TEXTS:
            new, known = f"NULLIF({new}, '')", f"NULLIF({known}, '')"
        elif name in _KNOWN_NUMBERS:
            new = f"IIF(excluded.cell_ages IS NULL, {new}, NULL)"
            known, unsaid = _KNOWN_NUMBERS[name].format(table="order_lines"), "''"
        cells.append(Cell(name, new, known, better, unsaid=unsaid))
    blanks = {**dict.fromkeys(_TEXTS, "''"), "quantity": "1"}
    settled = {
        cell.name: f"COALESCE({ages.settled(cell)}, {blanks.get(cell.name, 'NULL')})" for cell in cells
    }
    settled["order_id"] = "COALESCE(order_lines.order_id, excluded.order_id)"
    for name in ("progress", "as_of"):
        settled[name] = f"CASE WHEN {ages.is_('>')} THEN excluded.{name} ELSE order_lines.{name} END"
    # The word belongs to the progress.
    settled["order_word"] = ages.settled(
        Cell(
            "progress",
            "excluded.order_word",
            "order_lines.order_word",
            "excluded.order_word < order_lines.order_word",
        )
    )
    settled[COLUMN] = ages.all_moved(cells)
    return settled
