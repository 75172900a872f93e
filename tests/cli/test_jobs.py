"""The command ``jobs`` as a real process."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from aftersales_cli.database.lock import hold_lock
from aftersales_cli.runner.loop import LOCK_NAME as SCHEDULE_LOCK
from aftersales_cli.runner.running import LOCK_NAME

RunCli = Callable[..., "CompletedProcess[str]"]
HEAD = '[job]\nname = "nightly"\nat = "02:30"\n'
LOOK = '[[step]]\nname = "look"\nrun = ["team", "list"]\n'
TYPO = '[[step]]\nname = "typo"\nrun = ["teem", "list"]\n'


@pytest.fixture
def jobs(run_cli: RunCli, shop_folder: Path) -> RunCli:
    """Return a function that runs ``jobs`` in a shop whose nightly job only looks."""
    write(shop_folder, LOOK)

    def run(*words: str, **options: object) -> "CompletedProcess[str]":
        return run_cli("--shop", shop_folder, "jobs", *words, **options)

    return run


def write(folder: Path, *steps: str) -> None:
    (folder / "jobs" / "nightly.toml").write_text(HEAD + "".join(steps), encoding="utf-8")


def test_a_run_tells_each_step_and_the_second_one_says_it_is_done(jobs: RunCli) -> None:
    first = jobs("run", "nightly")
    assert (first.returncode, first.stdout) == (0, "“nightly” for 2026-11-22: done.\n")
    assert first.stderr.startswith("look: done")
    second = jobs("run", "nightly")
    assert second.returncode == 0
    assert "is done for 2026-11-22, since 2026-11-22 09:00" in second.stdout
    again = jobs("run", "nightly", "--again")
    assert (again.returncode, again.stdout) == (0, "“nightly” for 2026-11-22#2: done.\n")


def test_a_failed_step_gives_exit_code_5_and_names_step_and_log(jobs: RunCli, shop_folder: Path) -> None:
    write(shop_folder, TYPO, LOOK)
    answer = jobs("run", "nightly")
    assert answer.returncode == 5
    assert "Step “typo” failed with exit code 2." in answer.stdout
    log = answer.stdout.split("Details: ")[1].strip()
    assert "teem" in (shop_folder / log).read_text(encoding="utf-8")


def test_a_held_lock_gives_exit_code_6_and_names_the_job(jobs: RunCli, shop_folder: Path) -> None:
    with hold_lock(shop_folder / LOCK_NAME):
        answer = jobs("run", "nightly")
    assert answer.returncode == 6
    assert "nightly" in answer.stderr


def test_json_of_a_run_and_of_the_history_keeps_its_keys(jobs: RunCli, shop_folder: Path) -> None:
    write(shop_folder, TYPO, LOOK)
    report = json.loads(jobs("run", "nightly", "--json").stdout)
    assert list(report) == ["job", "runs", "skipped", "already"]
    (run,) = report["runs"]
    assert list(run) == ["id", "job", "slot", "outcome", "log_file", "steps"]
    (entry,) = json.loads(jobs("history", "--json").stdout)
    assert list(entry) == ["id", "job", "slot", "started_at", "ended_at", "outcome", "catch_up", "steps"]
    assert entry["steps"] == run["steps"]
    assert [step["exit_code"] for step in entry["steps"]] == [2, 0]


def test_a_dry_run_shows_the_commands_and_runs_nothing(jobs: RunCli) -> None:
    answer = jobs("run", "nightly", "--dry-run")
    assert (answer.returncode, answer.stdout) == (0, "Would run for 2026-11-22: team list\n")
    assert json.loads(jobs("history", "--json").stdout) == []


def test_list_show_and_history_are_for_people_too(jobs: RunCli) -> None:
    assert "Nothing has run yet." in jobs("history").stderr
    jobs("run", "nightly")
    assert "2026-11-22" in jobs().stdout
    assert "team list" in jobs("show", "nightly").stdout
    history = jobs("history", "nightly", "--limit", "1")
    assert "logs/job-nightly-2026-11-22-1.log" in history.stdout
    assert json.loads(jobs("list", "--json").stdout)[0]["last_run"]["outcome"] == "done"


def test_an_unknown_job_gives_exit_code_3(jobs: RunCli) -> None:
    answer = jobs("run", "weekly")
    assert answer.returncode == 3
    assert "nightly" in answer.stderr


def test_one_look_of_the_scheduler_runs_what_is_due_once(jobs: RunCli, shop_folder: Path) -> None:
    first = jobs("schedule", "--once")
    assert (first.returncode, "“nightly” for 2026-11-22: done." in first.stderr) == (0, True)
    assert jobs("schedule", "--once").stderr == ""
    next_day = {"AFTERSALES_NOW": "2026-11-23T01:00:00Z"}
    assert "2026-11-23: done" in jobs("schedule", "--once", env=next_day).stderr
    with hold_lock(shop_folder / SCHEDULE_LOCK):
        assert jobs("schedule").returncode == 6


@pytest.mark.parametrize(("kind", "sign"), [("crontab", "30 2 * * *"), ("systemd", "02:30:00 Asia/Shanghai")])
def test_cron_prints_entries_of_the_kind_asked_for(jobs: RunCli, kind: str, sign: str) -> None:
    answer = jobs("cron", "--kind", kind)
    assert answer.returncode == 0
    assert sign in answer.stdout
    assert {entry["kind"] for entry in json.loads(jobs("cron", "--kind", kind, "--json").stdout)} == {kind}


def test_cron_prints_all_kinds_if_asked(jobs: RunCli) -> None:
    kinds = {entry["kind"] for entry in json.loads(jobs("cron", "--kind", "all", "--json").stdout)}
    assert kinds == {"crontab", "systemd", "launchd", "windows"}
