"""Temporary tables that hold a file's records until one short transaction merges them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

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
    item_count: int | None
    title: str | None
    buyer_note: str | None
    seller_note: str | None
    progress: int
    as_of: str


class StagedLine(NamedTuple):
    """An order line; without a line id, equal lines of an order are numbered when they are merged."""

    row_number: int
    order_external_id: str
    base_key: str
    has_line_id: bool
    sku: str | None
    title: str | None
    variant: str | None
    quantity: int
    unit_price: int | None
    paid: int | None
    refunded: int | None
    currency: str
    status_raw: str | None


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
    quantity: int | None
    buyer_words: str
    progress: int
    as_of: str


_TABLES: dict[str, tuple[type[tuple[object, ...]], str]] = {
    "stage_orders": (StagedOrder, "external_id"),
    "stage_lines": (StagedLine, ""),
    "stage_aftersales": (StagedAftersales, "external_id"),
}


@contextmanager
def staging(db: Database) -> Iterator[None]:
    """Make the temporary tables for one file and drop them afterwards.

    The rows go in inside a transaction that touches nothing but temporary tables, so no lock is taken.
    """
    for name, (record, key) in _TABLES.items():
        fields = ", ".join(record._fields)  # type: ignore[attr-defined] # each is a NamedTuple
        primary = f", PRIMARY KEY ({key})" if key else ""
        db.conn.execute(f"DROP TABLE IF EXISTS temp.{name}")
        db.conn.execute(f"CREATE TEMP TABLE {name} ({fields}{primary})")
    db.conn.execute("BEGIN")
    try:
        yield
    finally:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        for name in _TABLES:
            db.conn.execute(f"DROP TABLE IF EXISTS temp.{name}")


def stage(
    db: Database,
    orders: Sequence[StagedOrder],
    lines: Sequence[StagedLine],
    aftersales: Sequence[StagedAftersales],
) -> None:
    """Add a batch of records; of two records with one key, the one that shows more progress stays."""
    for name, rows in (("stage_orders", orders), ("stage_lines", lines), ("stage_aftersales", aftersales)):
        if not rows:
            continue
        record, key = _TABLES[name]
        fields: tuple[str, ...] = record._fields  # type: ignore[attr-defined] # each is a NamedTuple
        sql = f"INSERT INTO temp.{name} VALUES ({', '.join('?' * len(fields))})"
        if key:
            assignments = ", ".join(f"{field} = excluded.{field}" for field in fields if field != key)
            sql += (
                f" ON CONFLICT ({key}) DO UPDATE SET {assignments} WHERE "
                f"(excluded.progress, excluded.as_of) > ({name}.progress, {name}.as_of)"
            )
        db.conn.executemany(sql, rows)


def finish_staging(db: Database) -> dict[str, int]:
    """End the filling and return the number of distinct records of each table."""
    db.conn.execute("COMMIT")
    return {name: db.conn.execute(f"SELECT COUNT(*) FROM temp.{name}").fetchone()[0] for name in _TABLES}
