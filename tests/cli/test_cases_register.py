"""The case register as a person uses it: written, filled in, handed back by command or through the inbox."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from aftersales_cli.desk.opening import open_case
from aftersales_cli.shop import open_shop
from aftersales_cli.team.agents import add_agent

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def desk(shop_folder: Path) -> Path:
    """Return the folder of a shop with two cases of Lan."""
    shop = open_shop(shop_folder)
    add_agent(shop, "lan", name="Lan")
    for say in ("Handle came off", "Lid broken"):
        open_case(shop, kind="return", say=say, assignee="lan")
    shop.close()
    return shop_folder


def _write(desk: Path, run_cli: Run) -> Path:
    written = run_cli("cases", "register", "--json", cwd=desk)
    assert written.returncode == 0, written.stderr
    return Path(json.loads(written.stdout)["path"])


def _fill(path: Path, **cells: str) -> None:
    book = openpyxl.load_workbook(path)
    for address, value in cells.items():
        book["Lan"][address] = value
    book.save(path)


def test_a_register_is_written_filled_in_and_taken_back(desk: Path, run_cli: Run) -> None:
    path = _write(desk, run_cli)
    again = run_cli("cases", "register", cwd=desk)
    assert again.stdout == f"2 open cases: {path}\n"
    assert "was there already" in again.stderr
    _fill(path, P3="We look into it", Q4="resolved", I5="Where is my order?")
    taken = run_cli("cases", "register", "--import", path, cwd=desk)
    assert taken.stdout == "2 recorded, 0 known already, 0 not filled in, 1 rejected.\nNew case: 3.\n"
    assert taken.stderr.startswith("Lan!R4 (Cause): The cause is missing")
    assert taken.returncode == 5
    found = json.loads(run_cli("cases", "register", "--import", path, "--json", cwd=desk).stdout)
    assert (found["unchanged"], found["rejected"][0]["sheet"], found["opened"]) == (2, "Lan", [])


def test_a_register_dropped_into_the_inbox_is_taken_back(desk: Path, run_cli: Run) -> None:
    path = _write(desk, run_cli)
    _fill(path, P3="We look into it", Q4="resolved")
    path.rename(desk / "inbox" / path.name)
    taken = run_cli("inbox", "run", cwd=desk)
    assert taken.stdout == f"{path.name}: case register, 1 recorded, 0 unchanged\n"
    assert "  Lan!R4, Cause: The cause is missing" in taken.stderr
    assert taken.returncode == 5
    assert [entry.name for entry in (desk / "inbox" / "done").iterdir()] == [path.name]
    shown = run_cli("cases", "show", "1", cwd=desk)
    assert "We look into it" in shown.stdout


def test_only_one_of_writing_and_taking_is_possible(desk: Path, run_cli: Run) -> None:
    refused = run_cli("cases", "register", "--import", "x.xlsx", "--agent", "lan", cwd=desk)
    assert (refused.returncode, "--import goes with neither" in refused.stderr) == (2, True)
    missing = run_cli("cases", "register", "--import", "x.xlsx", cwd=desk)
    assert missing.returncode == 8


def test_a_viewer_gets_no_register(desk: Path, run_cli: Run) -> None:
    run_cli("team", "add", "eve", "--role", "viewer", cwd=desk)
    refused = run_cli("cases", "register", "--as", "eve", cwd=desk)
    assert refused.returncode == 4
    assert list((desk / "outbox").iterdir()) == []
