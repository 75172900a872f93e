"""The scheduler process."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import schedule

from aftersales_cli.database.lock import hold_lock
from aftersales_cli.database.runs import list_runs
from aftersales_cli.runner.loop import LOCK_NAME, TICK_SECONDS, Reports, pulse, tick
from aftersales_cli.runner.running import JobReport
from aftersales_cli.shop import Shop, open_shop

ROOT = Path(__file__).parent.parent.parent
GOOD = '[job]\nname = "{name}"\nat = "02:30"\n[[step]]\nname = "look"\nrun = ["team", "list"]\n'


def write_good(folder: Path, name: str = "nightly") -> None:
    (folder / "jobs" / f"{name}.toml").write_text(GOOD.format(name=name), encoding="utf-8")


def test_a_broken_job_never_keeps_the_others_from_running(shop: Shop) -> None:
    (shop.folder / "jobs" / "aaa.toml").write_text("[job\n", encoding="utf-8")
    write_good(shop.folder)
    write_good(shop.folder, "zzz")
    finished: list[JobReport] = []
    problems: list[Exception] = []
    reports = Reports(finished=finished.append, problem=problems.append)
    for _ in range(2):
        tick(shop.folder, lambda: open_shop(shop.folder), reports)
    assert [report.job for report in finished] == ["nightly", "zzz"]
    assert ["aaa.toml" in str(problem) for problem in problems] == [True, True]


def test_a_shop_that_cannot_be_opened_is_reported_and_the_next_tick_works(shop: Shop) -> None:
    write_good(shop.folder)
    problems: list[Exception] = []
    finished: list[JobReport] = []
    reports = Reports(finished=finished.append, problem=problems.append)
    tick(shop.folder, lambda: open_shop(shop.folder / "gone"), reports)
    assert len(problems) == 1
    tick(shop.folder, lambda: open_shop(shop.folder), reports)
    assert [report.job for report in finished] == ["nightly"]


def test_the_minute_starts_anew_when_the_clock_was_set_back() -> None:
    scheduler, ticks = schedule.Scheduler(), []
    pulse(scheduler, lambda: ticks.append(1))
    scheduler.jobs[0].next_run = datetime.now() + timedelta(days=3650)
    pulse(scheduler, lambda: ticks.append(1))
    assert scheduler.idle_seconds is not None
    assert scheduler.idle_seconds <= TICK_SECONDS
    assert ticks == []
    scheduler.jobs[0].next_run = datetime.now() - timedelta(days=3)
    pulse(scheduler, lambda: ticks.append(1))
    assert ticks == [1]


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_scheduler_within_five_seconds(shop: Shop, number: int) -> None:
    write_good(shop.folder)
    with subprocess.Popen(
        [sys.executable, "-m", "aftersales_cli", "--shop", str(shop.folder), "jobs", "schedule"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stderr is not None
        lines = [process.stderr.readline() for _ in range(3)]
        with hold_lock(shop.folder / LOCK_NAME) as held:
            assert not held
        process.send_signal(number)
        assert process.wait(timeout=5) == 0
    assert lines[0].startswith("The scheduler is running")
    assert "“nightly” for 2026-11-22: done." in lines[2]
    with hold_lock(shop.folder / LOCK_NAME) as held:
        assert held
    assert [run.outcome for run in list_runs(shop.database)] == ["done"]
