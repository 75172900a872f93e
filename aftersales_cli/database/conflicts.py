"""Two files that are equally new and say different things: one value is kept whatever came first, the other is noted.

Of two values of an order or a line the larger is kept (of two words the one later in the alphabet: any fixed rule
serves), and of two amounts an order was paid the one better founded. An older file only fills what is blank.
"""

from dataclasses import dataclass

from sqlite_utils import Database

from aftersales_cli.database.cell_ages import COLUMN, Age, Ages, Cell
from aftersales_cli.database.fetch import columns, execute, fetch

AGES = Ages(
    new=Age("s.progress", "s.as_of", "COALESCE(s.refunded_stated, 0)"),
    known=Age(
        "orders.progress",
        "orders.as_of",
        "IIF(orders.cell_ages ->> 'refunded_stated' IS NULL, COALESCE(orders.refunded_stated, 0), 0)",
    ),
    kept="orders.cell_ages",
)
"""How new a staged order ``s`` is, and the one that is known."""
COMPARED_ORDER_COLUMNS = (
    "placed_at", "paid_at", "shipped_at", "delivered_at", "finished_at", "status", "currency", "goods", "postage",
    "discount", "total", "paid", "item_count",
)  # fmt: skip
_IMMUTABLE = ("total", "paid")
"""What no later state of an order that was paid can change."""
_PAID = 2
"""Progress from which on an order is paid."""
_TEXTS = ("close_reason", "title", "buyer_note", "seller_note")
"""Words that may differ between exports of one day: decided by the rule, but nothing to tell."""
_LARGER = (
    "placed_on",
    "paid_on",
    *(name for name in COMPARED_ORDER_COLUMNS if name not in ("paid", "status")),
)


def _founded(alias: str) -> str:
    ranks = {"stated": 4, "rebuilt": 3, "inferred": 2, "estimated": 1}
    cases = " ".join(f"WHEN '{basis}' THEN {rank}" for basis, rank in ranks.items())
    return f"CASE {alias}.paid_basis {cases} ELSE 0 END"


# That nothing was paid yet says nothing about later: a 0 that is older than its row is remembered by its age alone.
_KNOWN_PAID = "COALESCE(orders.paid, IIF(orders.cell_ages ->> 'paid' IS NULL, NULL, 0))"
_PAID_IS_BETTER = f"""(s.paid <> 0, {_founded("s")}, s.paid)
    < ({_KNOWN_PAID} <> 0, {_founded("orders")}, {_KNOWN_PAID})"""
_CELLS = {
    **{name: Cell(name, f"s.{name}", f"orders.{name}", f"s.{name} < orders.{name}") for name in _LARGER},
    **{
        name: Cell(name, f"s.{name}", f"NULLIF(orders.{name}, '')", f"s.{name} < orders.{name}")
        for name in _TEXTS
    },
    "display_number": Cell(
        "display_number",
        # Where a file has no such number, it is the order's own.
        "NULLIF(s.display_number, s.external_id)",
        "NULLIF(orders.display_number, orders.external_id)",
        "s.display_number < orders.display_number",
    ),
    # A state's word belongs to the state, and how an amount is known to the amount.
    "status": Cell("status", "s.status", "orders.status", "s.status < orders.status"),
    "status_raw": Cell(
        "status_raw",
        "COALESCE(s.status_raw, '')",
        "orders.status_raw",
        "(s.status, COALESCE(s.status_raw, '')) < (orders.status, orders.status_raw)",
        age_of="status",
    ),
    "paid": Cell("paid", "s.paid", _KNOWN_PAID, _PAID_IS_BETTER),
    "paid_basis": Cell(
        "paid_basis",
        "IIF(s.paid IS NULL, NULL, s.paid_basis)",
        f"IIF({_KNOWN_PAID} IS NULL, NULL, orders.paid_basis)",
        _PAID_IS_BETTER,
        age_of="paid",
    ),
    "paid_facts": Cell("paid_facts", "s.paid_facts", "orders.paid_facts", "s.paid_facts < orders.paid_facts"),
    "refunded_stated": Cell("refunded_stated", "s.refunded_stated", "orders.refunded_stated"),
    "refunded_stated_basis": Cell(
        "refunded_stated_basis",
        "IIF(s.refunded_stated IS NULL, NULL, s.refunded_stated_basis)",
        "IIF(orders.refunded_stated IS NULL, NULL, orders.refunded_stated_basis)",
        "s.refunded_stated_basis < orders.refunded_stated_basis",
        age_of="refunded_stated",
    ),
    "customer_id": Cell(
        "customer_id",
        "b.customer_id",
        "orders.customer_id",
        """b.buyer_key < (SELECT MAX(k.external_id) FROM customer_keys AS k
            WHERE k.storefront_id = orders.storefront_id AND k.customer_id = orders.customer_id)""",
    ),
}
_BLANKS = {
    **dict.fromkeys(_TEXTS, "''"),
    "display_number": "orders.external_id",
    "refunded_stated_basis": "orders.refunded_stated_basis",
    "paid_basis": "'none'",
}
"""Column → what it is where no file says anything; NULL elsewhere."""
_PAID_NOTHING = f"({AGES.settled(_CELLS['paid'])}) = 0 AND ({AGES.moved(_CELLS['paid'])}) IS NOT NULL"
_HIDDEN = {"paid": "NULL", "paid_basis": "'none'"}


def settled(name: str) -> str:
    """Return the SQL of an order column's new value: what the newest file says that says anything.

    Of values from equally new files one is taken by a fixed rule.
    """
    value = AGES.settled(_CELLS[name])
    if blank := _BLANKS.get(name):
        value = f"COALESCE({value}, {blank})"
    if hidden := _HIDDEN.get(name):
        value = f"CASE WHEN {_PAID_NOTHING} THEN {hidden} ELSE {value} END"
    return value


def settled_columns() -> dict[str, str]:
    """Return column → SQL of its new value, for all columns of an order that files say."""
    changed = {name: settled(name) for name in _CELLS}
    for name in ("progress", "as_of"):
        changed[name] = f"CASE WHEN {AGES.is_('>')} THEN s.{name} ELSE orders.{name} END"
    changed[COLUMN] = AGES.all_moved(cell for cell in _CELLS.values() if not cell.age_of)
    return changed


def note_order_conflicts(db: Database, import_id: int, storefront_id: int, stamp: str) -> int:
    """Note what the staged orders say otherwise than equally new or newer ones; to be called before they are merged.

    Returns how many conflicts are new.
    """
    values = {"import_id": import_id, "storefront_id": storefront_id, "stamp": stamp}
    parts = []
    for name in COMPARED_ORDER_COLUMNS:
        same = AGES.compare(name, "=")
        older = f"{AGES.compare(name, '<')} AND s.progress >= {_PAID}"
        kept = settled(name)
        parts.append(
            f"""SELECT orders.external_id, '{name}', CASE WHEN {same} THEN {kept} ELSE orders.{name} END,
                CASE WHEN {same} AND {kept} IS s.{name} THEN orders.{name} ELSE s.{name} END
            FROM differing AS d JOIN temp.stage_orders AS s ON s.external_id = d.external_id
            JOIN orders ON orders.id = d.known
            WHERE s.{name} <> orders.{name} AND ({f"{same} OR ({older})" if name in _IMMUTABLE else same})"""
        )
    differs = " OR ".join(f"s.{name} <> orders.{name}" for name in COMPARED_ORDER_COLUMNS)
    # One pass finds the few orders that differ; which columns do is asked of those alone.
    return execute(
        db,
        f"""INSERT OR IGNORE INTO conflicts (storefront_id, import_id, table_name, seen_at, row_key, column_name,
            ours, theirs)
        WITH differing (external_id, known) AS MATERIALIZED (
            SELECT s.external_id, orders.id FROM temp.stage_orders AS s
            CROSS JOIN orders ON orders.storefront_id = :storefront_id AND orders.external_id = s.external_id
            WHERE ({differs}) AND {AGES.is_("<=")})
        SELECT :storefront_id, :import_id, 'orders', :stamp, found.* FROM ({" UNION ALL ".join(parts)}) AS found""",
        values,
    )


def note_refund_conflicts(db: Database, import_id: int, storefront_id: int, stamp: str) -> int:
    """Note equally new refund records that differ in amount; to be called before they are merged.

    Which one stays is decided where they are merged: the one that gives the buyer less.
    """
    mine = (
        "(s.progress, s.as_of, -s.to_buyer, r.status_raw) >= (r.progress, r.as_of, -r.to_buyer, s.status_raw)"
    )
    return execute(
        db,
        f"""INSERT OR IGNORE INTO conflicts (storefront_id, import_id, table_name, seen_at, row_key, column_name,
            ours, theirs)
        SELECT :storefront_id, :import_id, 'refunds', :stamp, s.external_id, 'amount',
            CASE WHEN {mine} THEN s.amount ELSE r.amount END, CASE WHEN {mine} THEN r.amount ELSE s.amount END
        FROM temp.stage_aftersales AS s
        CROSS JOIN refunds AS r ON r.storefront_id = :storefront_id AND r.external_id = s.external_id
        WHERE (s.progress, s.as_of) = (r.progress, r.as_of) AND s.amount <> r.amount""",
        {"import_id": import_id, "storefront_id": storefront_id, "stamp": stamp},
    )


@dataclass(frozen=True)
class Conflict:
    """Two files say different things about one thing at the same time."""

    id: int
    import_id: int
    file_name: str
    storefront: str
    table_name: str
    row_key: str
    """Number of the order or of the after-sales record."""
    line: str
    """Which line of the order, by its own number or by sku, variant and place; empty for anything else."""
    column_name: str
    ours: str
    """The value that is kept."""
    theirs: str
    currency: str
    seen_at: str


_OF_LINE = "c.table_name = 'order_lines'"
_NUMBER = f"IIF({_OF_LINE}, substr(c.row_key, 1, instr(c.row_key, char(31)) - 1), c.row_key)"
_LINE = f"IIF({_OF_LINE}, replace(substr(c.row_key, instr(c.row_key, char(31)) + 1), char(31), ' '), '')"
_CURRENCY = f"""COALESCE((SELECT o.currency FROM orders AS o
    WHERE c.table_name <> 'refunds' AND o.storefront_id = c.storefront_id AND o.external_id = {_NUMBER}),
    s.currency) AS currency"""


def list_conflicts(db: Database, *, limit: int = 200) -> list[Conflict]:
    """Return conflicts, newest first."""
    own = {
        "file_name": "i.file_name",
        "storefront": "s.code AS storefront",
        "currency": _CURRENCY,
        "row_key": f"{_NUMBER} AS row_key",
        "line": f"{_LINE} AS line",
    }
    names = ", ".join(own.get(name.removeprefix("c."), name) for name in columns(Conflict, "c.").split(", "))
    return fetch(
        db,
        Conflict,
        f"""SELECT {names} FROM conflicts AS c JOIN imports AS i ON i.id = c.import_id
        JOIN storefronts AS s ON s.id = c.storefront_id ORDER BY c.id DESC LIMIT :limit""",
        {"limit": limit},
    )
