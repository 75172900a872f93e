"""Several processes pay back one order: together never more than was paid; the same words are one plan."""

import os
import subprocess
import sys
from pathlib import Path

from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.shop import Shop
from tests.conftest import ROOT
from tests.desk.refunds.refund_helpers import make_order, make_request, open_for

WORKER = Path(__file__).parent / "refund_worker.py"
SURROUNDINGS = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def run_all(commands: list[list[str]]) -> list[int]:
    running = [
        subprocess.Popen(command, env={**SURROUNDINGS, "AFTERSALES_NOW": os.environ["AFTERSALES_NOW"]})
        for command in commands
    ]
    return [process.wait(timeout=300) for process in running]


def totals(shop: Shop) -> tuple[int, int]:
    rows = fetch_rows(
        shop.database, "SELECT count(DISTINCT plan_id), coalesce(sum(amount), 0) FROM refund_parts"
    )
    return rows[0][0], rows[0][1]


def test_two_cases_of_an_order_never_pay_back_more_than_was_paid(shop: Shop) -> None:
    make_order(shop)
    cases = [open_for(shop), open_for(shop)]
    assert run_all([[sys.executable, str(WORKER), str(shop.folder), str(number)] for number in cases]) == [
        0,
        0,
    ]
    # 91.00 were paid, 90.00 of it for goods: twelve times 7.00 fit.
    assert totals(shop) == (12, 8400)


def test_the_same_plan_from_two_processes_is_one(shop: Shop) -> None:
    order = make_order(shop)
    request = make_request(shop, open_for(shop), order, {"CUP": 2})
    command = [
        sys.executable,
        "-m",
        "aftersales_cli",
        "--shop",
        str(shop.folder),
        "refunds",
        "plan",
        str(request),
    ]
    assert run_all([command, command, command]) == [0, 0, 0]
    assert totals(shop) == (1, 6000)
