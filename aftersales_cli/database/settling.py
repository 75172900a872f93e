"""Compute the refund figures of some orders anew, outside of an import."""

from collections.abc import Iterable

from sqlite_utils import Database

from aftersales_cli.database.merging import Context, settle_refunds


def settle_orders(db: Database, storefront_id: int, numbers: Iterable[str]) -> None:
    """Set what was refunded on the orders with these numbers, by the same rule as after an import."""
    tables = {"stage_orders": "external_id", "stage_aftersales": "order_external_id"}
    for table, column in tables.items():
        db.conn.execute(f"DROP TABLE IF EXISTS temp.{table}")
        db.conn.execute(f"CREATE TEMP TABLE {table} ({column})")
    db.conn.executemany("INSERT INTO temp.stage_orders VALUES (?)", [(number,) for number in numbers])
    settle_refunds(db, Context(import_id=0, storefront_id=storefront_id, stamp="", actor=""))
    for table in tables:
        db.conn.execute(f"DROP TABLE temp.{table}")
