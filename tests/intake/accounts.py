"""What must hold after any import whatever the file: nothing lost, nothing doubled, a sound database."""

import hashlib
import shutil
from pathlib import Path

from aftersales_cli.database.health import find_damage
from aftersales_cli.errors import AftersalesError
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.results import ImportResult
from aftersales_cli.shop import Shop, open_shop

_SECRET_OF_TIME = ("sqlite_", "_sqlite")
STORED = {"orders": "orders", "lines": "order_lines", "aftersales": "cases"}
"""Count of a result → the table of a fresh shop that must hold as many rows."""


def fetch_number(shop: Shop, sql: str) -> int:
    return int(shop.database.conn.execute(sql).fetchone()[0])


def digest(shop: Shop) -> str:
    """Return one figure for all that the database holds."""
    dump = hashlib.sha256()
    for name in sorted(shop.database.table_names()):
        if not name.startswith(_SECRET_OF_TIME):
            dump.update(
                repr((name, shop.database.conn.execute(f"SELECT * FROM [{name}]").fetchall())).encode()
            )
    return dump.hexdigest()


def check_accounts(shop: Shop, result: ImportResult) -> None:
    """Assert for an import into a fresh shop that read = stored + unchanged + rejected + skipped, in words and in tables."""
    orders, lines, aftersales = sum(result.orders), sum(result.lines), sum(result.aftersales)
    assert max(orders, lines + aftersales) == result.rows - result.rejected - result.skipped, result
    for kind, table in STORED.items():
        # A line that the file itself says twice with different words is new, then updated.
        assert getattr(result, kind).new == fetch_number(shop, f"SELECT COUNT(*) FROM {table}"), (
            kind,
            result,
        )
    assert fetch_number(shop, "SELECT COUNT(*) FROM rejects") == result.rejected
    assert fetch_number(shop, "SELECT COUNT(*) FROM imports") == 1
    assert find_damage(shop.database) == []


def import_into_copy(
    template: Path, folder: Path, path: Path, *, encoding: str | None = None
) -> ImportResult | str:
    """Import a file into a copy of a fresh shop and check what must hold; return the result, or why it was refused."""
    database = folder / "aftersales.db"
    for left in folder.glob("aftersales.db*"):
        left.unlink()
    shutil.copyfile(template / "aftersales.db", database)
    shop = open_shop(folder)
    try:
        before = digest(shop)
        try:
            result = import_file(shop, path, encoding=encoding)
        except AftersalesError as error:
            assert all((error.message, error.remedy))  # noqa: PT017 - a refusal is one of two right outcomes
            assert digest(shop) == before
            assert not shop.database.conn.in_transaction
            return error.message
        check_accounts(shop, result)
        return result
    finally:
        shop.close()
