"""The command ``jobs`` as a real process."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from aftersales_cli.database.lock import hold_lock
from aftersales_cli.database.runs import claim_slot
from aftersales_cli.runner.loop import LOCK_NAME as SCHEDULE_LOCK
from aftersales_cli.runner.running import LOCK_NAME
from aftersales_cli.shop import open_shop

RunCli = Callable[..., "CompletedProcess[str]"]
HEAD = '[job]\nname = "nightly"\nat = "02:30"\n'
LOOK = '[[step]]\nname = "look"\nrun = ["team", "list"]\n'
PARTLY = '[[step]]\nname = "inbox"\nrun = ["inbox", "run"]\n'
"""Ends with exit code 5 if there is a file nobody knows."""
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


def test_the_first_failed_step_gives_its_exit_code_and_names_step_and_log(
    jobs: RunCli, shop_folder: Path
) -> None:
    write(shop_folder, LOOK, TYPO, PARTLY)
    answer = jobs("run", "nightly")
    assert answer.returncode == 2
    assert "Step “typo” failed with exit code 2." in answer.stdout
    log = answer.stdout.split("Details: ")[1].strip()
    assert "teem" in (shop_folder / log).read_text(encoding="utf-8")


def test_a_night_with_rejected_rows_gives_exit_code_5(jobs: RunCli, shop_folder: Path) -> None:
    write(shop_folder, LOOK, PARTLY)
    (shop_folder / "inbox" / "holiday.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    answer = jobs("run", "nightly")
    assert (answer.returncode, "rejected some rows" in answer.stdout) == (5, True)


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


def test_a_dry_run_after_the_night_says_it_is_done_as_a_run_does(jobs: RunCli) -> None:
    jobs("run", "nightly")
    dry = jobs("run", "nightly", "--dry-run")
    assert (dry.returncode, dry.stdout) == (0, jobs("run", "nightly").stdout)
    assert jobs("run", "nightly", "--again", "--dry-run").stdout == "Would run for 2026-11-22#2: team list\n"


def test_the_history_names_the_log_of_a_run_that_was_killed_in_its_first_step(
    jobs: RunCli, shop_folder: Path
) -> None:
    shop = open_shop(shop_folder)
    with shop.writing("jobs.run"):
        run_id = claim_slot(shop.database, job="nightly", slot="2026-11-22", started_at=shop.stamp)
    shop.close()
    log = f"logs/job-nightly-2026-11-22-{run_id}.log"
    (shop_folder / log).write_text("== look\n", encoding="utf-8")
    jobs("run", "nightly")
    rows = list(csv.reader(jobs("history", "--format", "csv").stdout.splitlines()))
    column = rows[0].index("Log")
    assert [(row[1], row[column]) for row in rows[1:]] == [
        ("2026-11-22", "logs/job-nightly-2026-11-22-2.log"),
        ("2026-11-22~1", log),
    ]


def test_the_history_of_a_job_nobody_knows_is_not_found(jobs: RunCli, shop_folder: Path) -> None:
    assert jobs("history", "nope").returncode == 3
    assert jobs("history", "nightly").returncode == 0
    jobs("run", "nightly")
    (shop_folder / "jobs" / "nightly.toml").rename(shop_folder / "jobs" / "nightly.off")
    assert jobs("history", "nightly").returncode == 0


def test_a_chinese_shop_reads_chinese_words_about_its_jobs(jobs: RunCli) -> None:
    for answer in (jobs("list", "--lang", "zh"), jobs("show", "nightly", "--lang", "zh")):
        assert answer.returncode == 0
        assert not {"latest", "continue"} & set(answer.stdout.split())


def test_a_broken_job_file_is_named_and_the_others_go_on(jobs: RunCli, shop_folder: Path) -> None:
    (shop_folder / "jobs" / "aaa.toml").write_text("[job\n", encoding="utf-8")
    listed = jobs("list")
    assert (listed.returncode, "nightly" in listed.stdout, "aaa.toml" in listed.stderr) == (5, True, True)
    once = jobs("schedule", "--once")
    assert once.returncode == 2
    assert "aaa.toml" in once.stderr
    assert "“nightly” for 2026-11-22: done." in once.stderr
    assert jobs("run", "nightly").returncode == 0


@pytest.mark.parametrize(("steps", "code"), [(("TYPO", "LOOK"), 2), (("PARTLY", "LOOK"), 5)])
def test_one_look_of_the_scheduler_tells_by_its_exit_code_how_it_went(
    jobs: RunCli, shop_folder: Path, steps: tuple[str, ...], code: int
) -> None:
    write(shop_folder, *({"TYPO": TYPO, "LOOK": LOOK, "PARTLY": PARTLY}[name] for name in steps))
    (shop_folder / "inbox" / "holiday.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert jobs("schedule", "--once").returncode == code


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
