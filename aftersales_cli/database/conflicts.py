"""Two files that are equally new and say different things: one value is kept whatever came first, the other is noted.

Of two values of an order or a line the larger is kept (of two words the one later in the alphabet: any fixed rule
serves), and of two amounts an order was paid the one better founded. An older file only fills what is blank.
"""

from dataclasses import dataclass

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch

_AGE = "(s.progress, s.as_of, COALESCE(s.refunded_stated, orders.refunded_stated, 0))"
_KNOWN_AGE = "(orders.progress, orders.as_of, COALESCE(orders.refunded_stated, 0))"
_SAME_TIME = f"{_AGE} = {_KNOWN_AGE}"
COMPARED_ORDER_COLUMNS = (
    "placed_at", "paid_at", "shipped_at", "delivered_at", "finished_at", "status", "currency", "goods", "postage",
    "discount", "total", "paid", "item_count",
)  # fmt: skip
_IMMUTABLE = ("total", "paid")
"""What no later state of an order that was paid can change."""
_PAID = 2
"""Progress from which on an order is paid."""
_TEXTS = frozenset({"close_reason", "title", "buyer_note", "seller_note", "display_number"})
"""Words that may differ between exports of one day: decided by the rule, but nothing to tell."""
_LARGER = frozenset(COMPARED_ORDER_COLUMNS) - {"paid", "status"} | {"placed_on", "paid_on"} | _TEXTS
_FILLED = frozenset(COMPARED_ORDER_COLUMNS) - {"paid", "status", "currency"}
_FILLED |= {"placed_on", "paid_on", "refunded_stated", "customer_id"}
"""What an older file may still say where the newer ones are silent."""


def _founded(alias: str) -> str:
    ranks = {"stated": 4, "rebuilt": 3, "inferred": 2, "estimated": 1}
    cases = " ".join(f"WHEN '{basis}' THEN {rank}" for basis, rank in ranks.items())
    return f"CASE {alias}.paid_basis {cases} ELSE 0 END"


_OURS_IS_BETTER = {
    **{name: f"s.{name} < orders.{name}" for name in _LARGER},
    # A state's word belongs to the state, and how an amount is known to the amount.
    "status": "s.status < orders.status",
    "status_raw": "(s.status, s.status_raw) < (orders.status, orders.status_raw)",
    "paid": f"s.paid <> orders.paid AND ({_founded('s')}, s.paid) < ({_founded('orders')}, orders.paid)",
    "refunded_stated_basis": """s.refunded_stated = orders.refunded_stated
        AND s.refunded_stated_basis < orders.refunded_stated_basis""",
    "paid_basis": f"""s.paid_basis <> orders.paid_basis AND orders.paid IS NOT NULL
        AND (s.paid IS NULL OR ({_founded("s")}, s.paid) < ({_founded("orders")}, orders.paid))""",
}


_AGAINST_OLDER = {
    **dict.fromkeys(_FILLED, "COALESCE(orders.{name}, {value})"),
    **dict.fromkeys(_TEXTS, "COALESCE(NULLIF(orders.{name}, ''), {value})"),
    # That nothing was paid yet says nothing about later.
    "paid": "COALESCE(orders.paid, NULLIF(s.paid, 0))",
    "paid_basis": "CASE WHEN orders.paid IS NULL AND s.paid <> 0 THEN s.paid_basis ELSE orders.paid_basis END",
    "refunded_stated_basis": "CASE WHEN orders.refunded_stated IS NULL THEN {value} ELSE orders.{name} END",
}
"""Column → its value when the staged order is the older one; anything else stays as it is known."""
_AGAINST_NEWER = {
    "paid": "COALESCE(s.paid, NULLIF(orders.paid, 0))",
    "paid_basis": "CASE WHEN s.paid IS NULL AND orders.paid <> 0 THEN orders.paid_basis ELSE s.paid_basis END",
}


def settled(name: str, value: str) -> str:
    """Return the SQL of an order column's new value: ``value``, or by fixed rule if both files are equally new.

    What is known stays against an older file, which only fills what is blank.
    """
    known = _AGAINST_OLDER.get(name, "orders.{name}").format(name=name, value=value)
    branches = [f"WHEN {_AGE} < {_KNOWN_AGE} THEN {known}"]
    if newer := _AGAINST_NEWER.get(name):
        branches.append(f"WHEN {_AGE} > {_KNOWN_AGE} THEN {newer}")
    if ours := _OURS_IS_BETTER.get(name):
        branches.append(f"WHEN {ours} AND {_SAME_TIME} THEN orders.{name}")
    return f"CASE {' '.join(branches)} ELSE {value} END"


def note_order_conflicts(db: Database, import_id: int, storefront_id: int, stamp: str) -> int:
    """Note what the staged orders say otherwise than equally new or newer ones; to be called before they are merged.

    Returns how many conflicts are new.
    """
    values = {"import_id": import_id, "storefront_id": storefront_id, "stamp": stamp}
    older = f"{_AGE} < {_KNOWN_AGE} AND s.progress >= {_PAID}"
    parts = []
    for name in COMPARED_ORDER_COLUMNS:
        kept = settled(name, f"s.{name}")
        times = f"{_SAME_TIME} OR ({older})" if name in _IMMUTABLE else _SAME_TIME
        parts.append(
            f"""SELECT orders.external_id, '{name}',
                CASE WHEN {_SAME_TIME} THEN {kept} ELSE orders.{name} END AS kept,
                CASE WHEN {_SAME_TIME} AND {kept} IS s.{name} THEN orders.{name} ELSE s.{name} END
            FROM differing AS d JOIN temp.stage_orders AS s ON s.external_id = d.external_id
            JOIN orders ON orders.id = d.known
            WHERE s.{name} <> orders.{name} AND ({times})"""
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
            WHERE ({differs}) AND {_AGE} <= {_KNOWN_AGE})
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
