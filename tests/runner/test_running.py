"""Running a job: steps as real processes, the ledger, and what a kill leaves."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from aftersales_cli.clock import NOW_VARIABLE
from aftersales_cli.database.lock import hold_lock
from aftersales_cli.database.runs import claim_slot, known_slots, list_runs, list_steps
from aftersales_cli.database.storefronts import list_storefronts
from aftersales_cli.errors import BusyError, RefusedError
from aftersales_cli.runner.job_files import Job, Step, load_job
from aftersales_cli.runner.loop import LOCK_NAME as SCHEDULE_LOCK
from aftersales_cli.runner.processes import TIMED_OUT
from aftersales_cli.runner.running import LOCK_NAME, run_due, run_now
from aftersales_cli.runner.steps import Place, run_step
from aftersales_cli.shop import DATABASE_NAME, Shop, open_shop
from aftersales_cli.team.agents import add_agent
from aftersales_cli.team.founding import found_shop

ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", NOW_VARIABLE: "2026-11-22T01:00:00Z"}


def write_job(folder: Path, *steps: str, name: str = "small", head: str = "") -> Job:
    blocks = [f'[job]\nname = "{name}"\nat = "02:30"\n{head}\n', *(f"[[step]]\n{step}\n" for step in steps)]
    path = folder / "jobs" / f"{name}.toml"
    path.write_text("".join(blocks), encoding="utf-8")
    return load_job(path)


LOOK = 'name = "look"\nrun = ["team", "list"]'
FAIL = 'name = "typo"\nrun = ["teem", "list"]'


@pytest.fixture
def hanging_step(tmp_path: Path) -> Iterator[str]:
    """Make a step that waits: it looks into another shop whose database is held by us."""
    other = found_shop(tmp_path / "other", language="en").folder
    connection = sqlite3.connect(other / DATABASE_NAME, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    yield f'name = "hang"\nrun = ["team", "list", "--shop", "{other.as_posix()}"]'
    connection.close()


def start_job(folder: Path, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "aftersales_cli", "--shop", str(folder), "jobs", *words],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def test_the_steps_run_one_after_another_and_are_recorded(shop: Shop) -> None:
    add = 'name = "add"\nrun = ["storefronts", "add", "s{month}", "--name", "店 {slot}"]'
    report = run_now(shop, write_job(shop.folder, add, LOOK))
    (result,) = report.runs
    assert (result.slot, result.outcome) == ("2026-11-22", "done")
    assert [(store.code, store.name) for store in list_storefronts(shop.database)] == [
        ("s2026-11", "店 2026-11-22")
    ]
    steps = list_steps(shop.database, result.id)
    assert [(step.position, step.name, step.exit_code, step.attempts) for step in steps] == [
        (1, "add", 0, 1),
        (2, "look", 0, 1),
    ]
    log = (shop.folder / result.log_file).read_text(encoding="utf-8")
    assert "== add: aftersales storefronts add s2026-11" in log
    assert "shop owner" in log
    (run,) = list_runs(shop.database)
    assert (run.outcome, run.ended_at, run.catch_up) == ("done", "2026-11-22T01:00:00Z", False)


def test_a_failed_step_lets_the_next_ones_run_unless_it_says_stop(shop: Shop) -> None:
    (going_on,) = run_now(shop, write_job(shop.folder, FAIL, LOOK)).runs
    assert (going_on.outcome, [step.exit_code for step in going_on.steps]) == ("failed", [2, 0])
    stopping = write_job(shop.folder, FAIL + '\non_failure = "stop"', LOOK, name="strict")
    (stopped,) = run_now(shop, stopping).runs
    assert (stopped.outcome, [step.exit_code for step in stopped.steps]) == ("failed", [2])


def test_a_step_that_rejects_rows_makes_the_run_partly_done(shop: Shop) -> None:
    (shop.folder / DATABASE_NAME).chmod(0o644)
    (shop.folder / "outbox" / "open.txt").write_text("x", encoding="utf-8")
    (shop.folder / "outbox" / "open.txt").chmod(0o644)
    job = write_job(shop.folder, 'name = "look"\nrun = ["doctor"]', LOOK)
    (result,) = run_now(shop, job).runs
    assert (result.outcome, [step.exit_code for step in result.steps]) == ("partly", [5, 0])


def test_a_second_run_of_the_same_night_changes_nothing_unless_asked_again(shop: Shop) -> None:
    job = write_job(shop.folder, LOOK)
    run_now(shop, job)
    second = run_now(shop, job)
    assert second.runs == []
    assert second.already is not None
    assert second.already.slot == "2026-11-22"
    assert [run_now(shop, job, again=True).runs[0].slot for _ in range(2)] == ["2026-11-22#2", "2026-11-22#3"]


def test_a_failed_night_is_made_again_by_hand_but_not_by_the_scheduler(shop: Shop) -> None:
    run_now(shop, write_job(shop.folder, FAIL))
    mended = write_job(shop.folder, LOOK)
    assert run_due(shop, mended).runs == []
    (result,) = run_now(shop, mended).runs
    assert (result.slot, result.outcome) == ("2026-11-22#2", "done")
    assert run_now(shop, mended).runs == []


@pytest.mark.parametrize(
    ("catch_up", "ran", "skipped"),
    [
        ("latest", ["2026-11-22"], ["2026-11-20", "2026-11-21"]),
        ("all", ["2026-11-20", "2026-11-21", "2026-11-22"], []),
        ("skip", [], ["2026-11-20", "2026-11-21", "2026-11-22"]),
    ],
)
def test_missed_nights_are_caught_up_or_noted_as_skipped(
    shop: Shop, catch_up: str, ran: list[str], skipped: list[str]
) -> None:
    job = write_job(shop.folder, LOOK, head=f'catch_up = "{catch_up}"')
    with shop.writing("jobs.run"):
        claim_slot(shop.database, job=job.name, slot="2026-11-19", started_at=shop.stamp, outcome="done")
    report = run_due(shop, job)
    assert ([result.slot for result in report.runs], report.skipped) == (ran, skipped)
    outcomes = {run.slot: (run.outcome, run.catch_up) for run in list_runs(shop.database)}
    assert {slot for slot, (outcome, _) in outcomes.items() if outcome == "skipped"} == set(skipped)
    assert all(outcomes[slot] == ("done", slot != "2026-11-22") for slot in ran)
    assert run_due(shop, job).runs == []


def test_a_time_limit_ends_a_step_and_the_next_one_still_runs(shop: Shop, hanging_step: str) -> None:
    job = write_job(shop.folder, hanging_step + "\ntimeout_minutes = 0.01", LOOK)
    (result,) = run_now(shop, job).runs
    assert [step.exit_code for step in result.steps] == [TIMED_OUT, 0]
    assert result.outcome == "failed"


def test_a_busy_step_is_tried_again_after_a_pause(shop: Shop) -> None:
    step = Step("busy", ("jobs", "schedule", "--once"), retries=3)
    place = Place(1, 1, shop.today, shop.folder / "logs" / "run.log")
    write_job(shop.folder, LOOK, name="nightly")
    pauses: list[float] = []
    with hold_lock(shop.folder / SCHEDULE_LOCK) as held:
        assert held
        gave_up = run_step(shop, step, place, pause_seconds=7, sleep=pauses.append)
    assert (gave_up.exit_code, gave_up.attempts, pauses) == (6, 4, [7, 7, 7])

    with ExitStack() as holding:
        holding.enter_context(hold_lock(shop.folder / SCHEDULE_LOCK))
        answered = run_step(shop, step, place, sleep=lambda _seconds: holding.close())
    assert (answered.exit_code, answered.attempts) == (0, 2)


def test_a_job_does_not_start_while_another_holds_the_lock(shop: Shop) -> None:
    job = write_job(shop.folder, LOOK)
    with hold_lock(shop.folder / LOCK_NAME), pytest.raises(BusyError, match="small"):
        run_now(shop, job)
    assert list_runs(shop.database) == []


def test_a_role_that_may_not_run_jobs_is_refused(shop: Shop) -> None:
    with shop.writing("team.add"):
        add_agent(shop, "lan", name="小兰", role="agent")
    job = write_job(shop.folder, LOOK)
    staff = open_shop(shop.folder, agent="lan")
    with pytest.raises(RefusedError):
        run_now(staff, job)
    staff.close()


def test_after_a_kill_in_the_middle_the_night_is_run_again(shop: Shop, hanging_step: str) -> None:
    write_job(shop.folder, LOOK, hanging_step)
    with start_job(shop.folder, "run", "small") as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("look: done")
        process.kill()
    (killed,) = list_runs(shop.database)
    assert (killed.outcome, killed.slot) == ("running", "2026-11-22")

    (result,) = run_now(shop, write_job(shop.folder, LOOK)).runs
    assert (result.slot, result.outcome) == ("2026-11-22", "done")
    runs = {run.slot: run.outcome for run in list_runs(shop.database)}
    assert runs == {"2026-11-22": "done", "2026-11-22~1": "interrupted"}
    assert [step.name for step in list_steps(shop.database, killed.id)] == ["look"]


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_run_within_five_seconds_and_leaves_the_night_due(
    shop: Shop, hanging_step: str, number: int
) -> None:
    write_job(shop.folder, LOOK, hanging_step)
    with start_job(shop.folder, "run", "small") as process:
        assert process.stderr is not None
        process.stderr.readline()
        process.send_signal(number)
        assert process.wait(timeout=5) == 130
    assert {run.slot: run.outcome for run in list_runs(shop.database)} == {"2026-11-22~1": "interrupted"}
    with hold_lock(shop.folder / LOCK_NAME) as held:
        assert held


CLAIMER = """
import sys
from pathlib import Path
from aftersales_cli.database.runs import claim_slot
from aftersales_cli.shop import open_shop
shop = open_shop(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
won = 0
for number in range(60):
    with shop.writing("jobs.run"):
        won += claim_slot(shop.database, job="x", slot=f"s{number}", started_at=shop.stamp) is not None
print(won)
"""


def test_each_slot_is_claimed_once_however_many_processes_try(shop: Shop) -> None:
    claimers = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMER, str(shop.folder)],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for claimer in claimers:
        assert claimer.stdout is not None
        assert claimer.stdout.readline() == "ready\n"
    for claimer in claimers:
        assert claimer.stdin is not None
        claimer.stdin.write("\n")
        claimer.stdin.flush()
    assert sum(int(claimer.communicate()[0]) for claimer in claimers) == 60
    assert len(known_slots(shop.database, "x")) == 60


def test_two_runs_started_together_do_the_night_once(shop: Shop) -> None:
    write_job(shop.folder, LOOK)
    both = [start_job(shop.folder, "run", "small") for _ in range(2)]
    for process in both:
        process.communicate()
    # The one that came second either found the lock held or the night done.
    assert sorted(process.returncode for process in both) in ([0, 0], [0, 6])
    assert [(run.slot, run.outcome) for run in list_runs(shop.database)] == [("2026-11-22", "done")]
