"""``aftersales demo`` as a real process, in both languages."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from aftersales_cli.customers.callback_list import COLUMNS
from tests.conftest import ROOT, RunCli

LIMIT_SECONDS = 30


@dataclass(frozen=True)
class Played:
    """One demonstration that was run."""

    language: str
    folder: Path
    result: "subprocess.CompletedProcess[str]"
    seconds: float


@pytest.fixture(scope="module", params=["zh", "en"])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Run the demonstration once in each language, in a folder whose name is Chinese and has a space."""
    folder = tmp_path_factory.mktemp("演示") / "我的 店"
    start = time.monotonic()
    result = subprocess.run(
        [sys.executable, "-m", "aftersales_cli", "demo", str(folder), "--lang", request.param],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return Played(request.param, folder, result, time.monotonic() - start)


def _ask(played: Played, sql: str) -> Any:
    with closing(sqlite3.connect(played.folder / "aftersales.db")) as database:
        return database.execute(sql).fetchone()[0]


def _paths(played: Played) -> tuple[Path, Path]:
    callbacks, workbook = played.result.stdout.splitlines()[:2]
    start = callbacks.index(str(played.folder))
    return Path(callbacks[start:]), Path(workbook[workbook.index(str(played.folder)) :])


def test_it_ends_with_two_files_three_sentences_and_what_to_try_next(played: Played) -> None:
    assert played.result.returncode == 0, played.result.stderr
    callbacks, workbook = _paths(played)
    assert callbacks.parent == workbook.parent == played.folder / "outbox"
    lines = played.result.stdout.splitlines()
    assert [line[:5] for line in lines[4:7]] == ["  1. ", "  2. ", "  3. "]
    assert "云朵抱枕" in lines[5]
    assert sum(line.startswith("  aftersales ") for line in lines) == 3


def test_it_takes_less_than_half_a_minute(played: Played) -> None:
    assert played.seconds < LIMIT_SECONDS


def test_the_commands_it_proposes_work(played: Played, run_cli: RunCli) -> None:
    for line in played.result.stdout.splitlines():
        if line.startswith("  aftersales "):
            words = line.replace(f'"{played.folder}"', "HERE").split()[1:]
            result = run_cli(*(played.folder if word == "HERE" else word for word in words))
            assert result.returncode == 0, result.stderr
            assert result.stdout.strip()


def test_the_shop_has_its_year(played: Played) -> None:
    assert _ask(played, "SELECT COUNT(*) FROM orders") == 5000
    assert 380 <= _ask(played, "SELECT COUNT(*) FROM cases") <= 430
    assert _ask(played, "SELECT COUNT(*) FROM rejects") == 0
    assert _ask(played, "SELECT COUNT(*) FROM cases WHERE order_id IS NULL") == 0
    assert (
        _ask(played, "SELECT outcome FROM job_runs WHERE job = 'nightly' AND slot = '2026-11-22'") == "done"
    )


def test_the_callback_list_was_filled_in_and_read_back(played: Played) -> None:
    first = _paths(played)[0]
    # One list for each who calls.
    lists = sorted(path for path in first.parent.iterdir() if path.name[:4] == first.name[:4])
    assert len(lists) == 2
    assert first in lists
    sheets = [load_workbook(path).worksheets[0] for path in lists]
    place = COLUMNS.index("outcome")
    outcomes = [row[place].value for sheet in sheets for row in sheet.iter_rows(min_row=3)]
    assert 15 <= len(outcomes) <= 20
    filled = sum(value is not None for value in outcomes)
    assert 5 <= filled < len(outcomes)
    recorded = "SELECT COUNT(*) FROM callbacks WHERE status = 'done' AND recorded_on = '2026-11-22'"
    assert _ask(played, recorded) == filled
    assert not list((played.folder / "inbox" / "rejected").iterdir())
    assert len(list((played.folder / "inbox" / "done").iterdir())) == 5


def test_the_workbook_knows_what_the_morning_brought(played: Played) -> None:
    book = load_workbook(_paths(played)[1])
    assert len(book.worksheets) >= 4
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    second = played.result.stdout.splitlines()[5].removeprefix("  2. ")
    assert any(second in text for text in texts)


def test_playing_it_again_in_the_same_folder_is_refused(played: Played, run_cli: RunCli) -> None:
    before = _ask(played, "SELECT COUNT(*) FROM audit_log")
    result = run_cli("demo", played.folder)
    assert result.returncode == 4
    assert _ask(played, "SELECT COUNT(*) FROM audit_log") == before


def test_two_demonstrations_have_the_same_orders_and_figures(
    played: Played, tmp_path: Path, run_cli: RunCli
) -> None:
    other = tmp_path / "other"
    assert run_cli("demo", other, "--lang", played.language).returncode == 0
    figures, numbers = [], []
    for folder in (played.folder, other):
        shown = run_cli("kpi", "show", "2026-11", "--json", "--shop", folder)
        figures.append(json.loads(shown.stdout))
        with closing(sqlite3.connect(folder / "aftersales.db")) as database:
            numbers.append(
                database.execute(
                    "SELECT external_id, paid, refunded, status FROM orders ORDER BY external_id"
                ).fetchall()
            )
    assert figures[0] == figures[1]
    assert numbers[0] == numbers[1]
