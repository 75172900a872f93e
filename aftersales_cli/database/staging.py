"""Temporary tables that hold a file's records until one short transaction merges them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlite_utils import Database


class StagedOrder(NamedTuple):
    """An order as one row of a file gives it; None means the file does not say."""

    row_number: int
    external_id: str
    display_number: str
    buyer_key: str | None
    buyer_name: str | None
    buyer_phone: str | None
    buyer_email: str | None
    buyer_country: str | None
    placed_at: str | None
    placed_on: str | None
    paid_at: str | None
    paid_on: str | None
    shipped_at: str | None
    delivered_at: str | None
    finished_at: str | None
    status: str
    status_raw: str | None
    close_reason: str | None
    currency: str
    goods: int | None
    postage: int | None
    discount: int | None
    total: int | None
    paid: int | None
    paid_basis: str
    refunded_stated: int | None
    refunded_stated_basis: str
    item_count: int | None
    title: str | None
    buyer_note: str | None
    seller_note: str | None
    progress: int
    as_of: str
    paid_facts: str | None


LineRow = tuple[Any, ...]
"""A staged order line: LINE_HEAD, then the fields its file has."""

LINE_HEAD = ("row_number", "order_external_id", "occurrence", "currency")
"""Occurrence: which of several equal lines of the order this is; 0 for a line with an id of its own."""

_LINE_FIELDS = (
    *LINE_HEAD, "line_id", "sku", "title", "variant", "quantity", "unit_price", "paid", "refunded", "status_raw",
    "progress", "as_of", "order_word",
)  # fmt: skip
_NEGATIVE_FIELDS = (*_LINE_FIELDS, "moment", "day")


class StagedAftersales(NamedTuple):
    """An after-sales record of a platform, with the case it makes."""

    row_number: int
    external_id: str
    order_external_id: str
    kind: str
    severity: str
    status: str
    resolution: str
    cancel_reason: str
    refund_status: str
    status_raw: str
    reason: str
    reason_raw: str
    fault: str
    currency: str
    amount: int
    to_buyer: int
    opened_at: str
    opened_on: str
    resolved_at: str | None
    resolved_on: str | None
    closed_at: str | None
    succeeded_at: str | None
    succeeded_on: str | None
    title: str
    sku: str
    line_id: str
    quantity: int | None
    buyer_words: str
    return_carrier: str
    return_number: str
    progress: int
    as_of: str


_TABLES: dict[str, tuple[tuple[str, ...], str]] = {
    "stage_orders": (StagedOrder._fields, "external_id"),
    "stage_lines": (_LINE_FIELDS, ""),
    "stage_negative": (_NEGATIVE_FIELDS, ""),
    "stage_aftersales": (StagedAftersales._fields, "external_id"),
    "stage_rejects": (("row_number", "column_name", "reason", "raw"), ""),
}

BASE_KEY = "COALESCE(s.sku, s.title, '') || char(31) || COALESCE(s.variant, '')"
"""What equal lines of an order share that have no number of their own, for queries that call the table ``s``."""
LINE_KEY = f"CASE WHEN s.occurrence = 0 THEN s.line_id ELSE {BASE_KEY} || '#' || s.occurrence END"
"""A staged line's key, for queries that call the table ``s``."""


@contextmanager
def staging(db: Database) -> Iterator[None]:
    """Make the temporary tables for one file and drop them afterwards."""
    for name, (fields, key) in _TABLES.items():
        primary = f", PRIMARY KEY ({key})" if key else ""
        db.conn.execute(f"DROP TABLE IF EXISTS temp.{name}")
        db.conn.execute(f"CREATE TEMP TABLE {name} ({', '.join(fields)}{primary})")
    try:
        yield
    finally:
        for name in _TABLES:
            db.conn.execute(f"DROP TABLE IF EXISTS temp.{name}")


@contextmanager
def filling(db: Database) -> Iterator[None]:
    """Put rows into the temporary tables in one transaction; it touches nothing else, so no lock is taken."""
    if db.conn.in_transaction:
        yield  # a rehearsal's
        return
    db.conn.execute("BEGIN")
    try:
        yield
        db.conn.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise


def stage_orders(db: Database, orders: Sequence[StagedOrder], summed: Sequence[str] = ()) -> None:
    """Add a batch of orders; of two with one number, the one that shows more progress stays.

    ``summed`` names fields (``paid``, ``total`` …) that add up over the rows of an order instead.
    """
    _stage(db, "stage_orders", orders, [_STAGED_NAMES.get(name, name) for name in summed])


def stage_aftersales(db: Database, records: Sequence[StagedAftersales]) -> None:
    """Add a batch of after-sales records; of two with one number, the one that shows more progress stays."""
    _stage(db, "stage_aftersales", records)


def stage_lines(
    db: Database, columns: Sequence[str], lines: Sequence[LineRow], negative: Sequence[LineRow]
) -> None:
    """Add a batch of lines, and of negative ones with moment and day behind."""
    for name, names, rows in (
        ("stage_lines", columns, lines),
        ("stage_negative", (*columns, "moment", "day"), negative),
    ):
        if rows:
            places = ", ".join("?" * len(names))
            db.conn.executemany(f"INSERT INTO temp.{name} ({', '.join(names)}) VALUES ({places})", rows)


def stage_rejects(db: Database, rejects: Sequence[tuple[int, str, str, str]]) -> None:
    """Add a batch of rows that could not be taken: row number, column, reason, raw cells."""
    if rejects:
        db.conn.executemany("INSERT INTO temp.stage_rejects VALUES (?, ?, ?, ?)", rejects)


_STAGED_NAMES = {"refunded": "refunded_stated"}


def _stage(db: Database, name: str, rows: Sequence[tuple[Any, ...]], summed: Sequence[str] = ()) -> None:
    if not rows:
        return
    fields, key = _TABLES[name]
    if summed:
        change = ", ".join(
            f"{field} = CASE WHEN {field} IS NULL THEN excluded.{field} "
            f"ELSE {field} + COALESCE(excluded.{field}, 0) END"
            for field in summed
        )
        # What an order was paid is not what one of its rows says.
        change += ", as_of = MAX(as_of, excluded.as_of), paid_facts = NULL"
        # An order is alive as long as one of its parts is.
        alive = "status = 'closed' AND excluded.status <> 'closed'"
        change += "".join(
            f", {field} = CASE WHEN {alive} THEN excluded.{field} ELSE {field} END"
            for field in ("status_raw", "close_reason", "progress", "status")
        )
        change += "".join(
            f", {field} = COALESCE({field}, excluded.{field})"
            for field in ("paid_at", "paid_on", "shipped_at", "delivered_at", "finished_at")
        )
    else:
        change = ", ".join(f"{field} = excluded.{field}" for field in fields if field != key)
        change += f" WHERE (excluded.progress, excluded.as_of) > ({name}.progress, {name}.as_of)"
    # Fields that no row of the batch fills are left out: sqlite3 takes longer to bind a None than a text.
    said = {
        field: values
        for field, values in zip(fields, zip(*rows, strict=True), strict=True)
        if values.count(None) < len(values)
    }
    db.conn.executemany(
        f"INSERT INTO temp.{name} ({', '.join(said)}) VALUES ({', '.join('?' * len(said))}) "
        f"ON CONFLICT ({key}) DO UPDATE SET {change}",
        zip(*said.values(), strict=True),
    )


def finish_staging(db: Database, *, line_runs: int = 0) -> dict[str, int]:
    """End the filling and return the number of distinct records of each table.

    ``line_runs`` is how often a new order began among the lines; if that is more often than there are orders,
    equal lines are numbered again over the whole file. Negative lines become after-sales records.
    """
    orders = db.conn.execute("SELECT COUNT(DISTINCT order_external_id) FROM temp.stage_lines").fetchone()[0]
    if line_runs > orders:
        _number_again(db, "stage_lines")
    if db.conn.execute("SELECT 1 FROM temp.stage_negative LIMIT 1").fetchone():
        db.conn.execute("UPDATE temp.stage_negative SET occurrence = 1 WHERE line_id IS NULL")
        _number_again(db, "stage_negative")
        _take_negative_lines(db)
    return {name: db.conn.execute(f"SELECT COUNT(*) FROM temp.{name}").fetchone()[0] for name in _TABLES}


def _number_again(db: Database, table: str) -> None:
    """Give equal lines of an order new numbers, since its rows may stand apart in the file."""
    db.conn.execute(
        f"""UPDATE temp.{table} SET occurrence = numbered.n
        FROM (SELECT s.rowid AS line, ROW_NUMBER() OVER (
                  PARTITION BY s.order_external_id, {BASE_KEY} ORDER BY s.row_number) AS n
              FROM temp.{table} AS s WHERE s.occurrence > 0) AS numbered
        WHERE numbered.line = {table}.rowid AND {table}.occurrence <> numbered.n"""
    )


def _take_negative_lines(db: Database) -> None:
    """Turn cancelled quantities into succeeded refunds and other negative lines into closed adjustments."""
    fields = StagedAftersales._fields
    is_refund = "s.quantity < 0 AND s.unit_price > 0"
    amount = f"CASE WHEN {is_refund} THEN -s.quantity * s.unit_price ELSE 0 END"

    def either(refund: str, other: str) -> str:
        return f"CASE WHEN {is_refund} THEN '{refund}' ELSE '{other}' END"

    values = {
        "row_number": "s.row_number",
        "external_id": f"s.order_external_id || '|' || {LINE_KEY}",
        "order_external_id": "s.order_external_id",
        "kind": either("refund_only", "other"),
        "severity": "'normal'",
        "status": "'closed'",
        "resolution": either("refunded", "noted"),
        "refund_status": either("succeeded", "closed"),
        "status_raw": "COALESCE(s.status_raw, '')",
        "currency": "s.currency",
        "amount": amount,
        "to_buyer": amount,
        **dict.fromkeys(("opened_at", "resolved_at", "closed_at", "as_of"), "s.moment"),
        **dict.fromkeys(("opened_on", "resolved_on"), "s.day"),
        "succeeded_at": f"CASE WHEN {is_refund} THEN s.moment END",
        "succeeded_on": f"CASE WHEN {is_refund} THEN s.day END",
        "title": "COALESCE(s.title, '')",
        "sku": "COALESCE(s.sku, '')",
        "quantity": "ABS(s.quantity)",
        "progress": "5",
    }
    columns = ", ".join(values.get(name, "''") for name in fields)
    db.conn.execute(
        f"INSERT OR IGNORE INTO temp.stage_aftersales SELECT {columns} FROM temp.stage_negative AS s ORDER BY s.rowid"
    )
