"""That customers were forgotten: when, by whom, and how many rows and files, without a word about who it was."""

import json
from collections.abc import Mapping

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one
from aftersales_cli.records.privacy import ForgetReceipt


def find_receipt(db: Database, customer_id: int) -> ForgetReceipt | None:
    """Return the receipt of a customer's forgetting, None if nobody asked for it."""
    sql = f"SELECT {columns(ForgetReceipt)} FROM forget_receipts WHERE customer_id = :id"
    return fetch_one(db, ForgetReceipt, sql, {"id": customer_id})


def unfinished_receipts(db: Database) -> list[ForgetReceipt]:
    """Return the forgettings that were interrupted: ``customers forget NUMBER`` goes on with them."""
    sql = f"SELECT {columns(ForgetReceipt)} FROM forget_receipts WHERE finished_at IS NULL ORDER BY id"
    return fetch(db, ForgetReceipt, sql)


def write_receipt(db: Database, customer_id: int, *, stamp: str, actor: str) -> None:
    """Note that a customer is to be forgotten, once."""
    execute(
        db,
        """INSERT OR IGNORE INTO forget_receipts (customer_id, asked_at, asked_by, counts)
        VALUES (:id, :stamp, :actor, '{}')""",
        {"id": customer_id, "stamp": stamp, "actor": actor},
    )


def add_to_receipt(
    db: Database, customer_id: int, counts: Mapping[str, int], *, finished_at: str | None = None
) -> None:
    """Add numbers to a receipt, and that it is finished."""
    receipt = find_receipt(db, customer_id)
    assert receipt is not None
    total: dict[str, int] = json.loads(receipt.counts)
    for name, count in counts.items():
        if count:
            total[name] = total.get(name, 0) + count
    execute(
        db,
        """UPDATE forget_receipts SET counts = :counts, finished_at = COALESCE(:finished_at, finished_at)
        WHERE customer_id = :id""",
        {"id": customer_id, "counts": json.dumps(total, sort_keys=True), "finished_at": finished_at},
    )
