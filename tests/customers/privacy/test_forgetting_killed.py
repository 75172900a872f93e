"""Killed at any moment, forgetting goes on when it is called again, in every journal mode."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from aftersales_cli.customers.privacy.forgetting import STEPS, forget_customer
from aftersales_cli.database.fetch import fetch_rows, fetch_value
from aftersales_cli.database.forget_receipts import unfinished_receipts
from aftersales_cli.errors import BusyError
from aftersales_cli.shop import DATABASE_NAME, Shop, open_shop
from aftersales_cli.team.founding import found_shop
from tests import forgotten_shop as story
from tests.conftest import ROOT


@pytest.mark.parametrize("done", range(len(STEPS)))
def test_killed_after_any_step_it_goes_on_when_it_is_called_again(shop: Shop, done: int) -> None:
    number = story.fill_shop(shop)
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from aftersales_cli.customers.privacy import forgetting\n"
        "from aftersales_cli.shop import open_shop\n"
        "steps = forgetting.STEPS[: int(sys.argv[2])]\n"
        "forgetting.STEPS = (*steps, lambda task: os.kill(os.getpid(), signal.SIGKILL))\n"
        "forgetting.forget_customer(open_shop(Path(sys.argv[1])), int(sys.argv[3]))\n"
    )
    words = [sys.executable, "-c", program, str(shop.folder), str(done), str(number)]
    killed = subprocess.run(
        words, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False, capture_output=True
    )
    assert killed.returncode == -9, killed.stderr
    fresh = open_shop(shop.folder)
    try:
        assert [receipt.customer_id for receipt in unfinished_receipts(fresh.database)] == (
            [number] if done else []
        )
        finished = forget_customer(fresh, number)
        assert finished.finished_at
        assert unfinished_receipts(fresh.database) == []
    finally:
        fresh.close()
    assert story.traces(shop.folder) == []


def test_a_kill_amid_the_tables_leaves_them_as_they_were(shop: Shop) -> None:
    number = story.fill_shop(shop)
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from aftersales_cli.customers.privacy import forgetting\n"
        "from aftersales_cli.shop import open_shop\n"
        "forgetting.rewrite_search = lambda db: os.kill(os.getpid(), signal.SIGKILL)\n"
        "forgetting.forget_customer(open_shop(Path(sys.argv[1])), int(sys.argv[2]))\n"
    )
    words = [sys.executable, "-c", program, str(shop.folder), str(number)]
    killed = subprocess.run(
        words, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False, capture_output=True
    )
    assert killed.returncode == -9, killed.stderr
    fresh = open_shop(shop.folder)
    assert (
        fetch_value(fresh.database, "SELECT name FROM customers WHERE id = :id", {"id": number}) == story.NAME
    )
    forget_customer(fresh, number)
    fresh.close()
    assert story.traces(shop.folder) == []


def _wal_shop(folder: Path) -> Path:
    place = found_shop(folder / "shop", language="en").folder
    settings = place / "aftersales.toml"
    text, count = re.subn(r'(?m)^#? *journal = "auto"', 'journal = "wal"', settings.read_text("utf-8"))
    assert count == 1
    settings.write_text(text, "utf-8")
    return place


def test_in_the_wal_mode_the_journal_holds_nothing_either(tmp_path: Path) -> None:
    folder = _wal_shop(tmp_path)
    shop = open_shop(folder)
    number = story.fill_shop(shop)
    assert any(trace.startswith(f"{DATABASE_NAME}-wal") for trace in story.traces(folder))
    forget_customer(shop, number)
    assert story.traces(folder) == []
    shop.close()


def test_a_reader_that_keeps_the_journal_leaves_the_receipt_open(tmp_path: Path) -> None:
    folder = _wal_shop(tmp_path)
    shop = open_shop(folder)
    number = story.fill_shop(shop)
    reader = open_shop(folder)
    reader.database.conn.execute("BEGIN")
    fetch_rows(reader.database, "SELECT count(*) FROM orders")
    shop.database.conn.execute("PRAGMA busy_timeout = 100")
    with pytest.raises(BusyError, match="not wholly gone"):
        forget_customer(shop, number)
    assert [receipt.customer_id for receipt in unfinished_receipts(shop.database)] == [number]
    reader.database.conn.execute("ROLLBACK")
    reader.close()
    assert forget_customer(shop, number).finished_at
    assert story.traces(folder) == []
    shop.close()
