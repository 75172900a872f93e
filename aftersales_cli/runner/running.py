"""Run a job: the lock, the slots in the ledger, the steps one after another, and how it ended."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from aftersales_cli import access
from aftersales_cli.clock import current_moment, local_text, to_text
from aftersales_cli.database import runs as ledger
from aftersales_cli.database.health import fold_in_wal
from aftersales_cli.database.lock import hold_lock
from aftersales_cli.errors import PARTLY_DONE, BusyError
from aftersales_cli.language import _
from aftersales_cli.records.runs import JobRun, JobStep
from aftersales_cli.runner.job_files import Job
from aftersales_cli.runner.slots import again_slot, due_slots, latest_slot
from aftersales_cli.runner.steps import RETRY_PAUSE_SECONDS, Place, judge, run_step
from aftersales_cli.shop import Shop

LOCK_NAME = "jobs.lock.db"
_LOG_DAYS = 90


@dataclass(frozen=True)
class RunResult:
    """One finished run with its steps."""

    id: int
    job: str
    slot: str
    outcome: str
    """``done``, ``partly`` (a step rejected rows) or ``failed`` (a step failed)."""
    log_file: str
    """Path inside the shop's folder."""
    steps: list[JobStep] = field(default_factory=list)


@dataclass(frozen=True)
class JobReport:
    """What one call did for a job."""

    job: str
    runs: list[RunResult] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    already: JobRun | None = None
    """The earlier run of the latest slot if there was nothing to do."""

    @property
    def exit_code(self) -> int:
        """That of the first step that failed, else 5 if one rejected rows, else 0."""
        steps = [step for result in self.runs for step in result.steps]
        failed = [step.exit_code for step in steps if judge(step.exit_code) == "failed"]
        if failed:
            # A step ended by a signal has a negative code; a shell calls that 128 and the signal's number.
            return failed[0] if failed[0] > 0 else 128 - failed[0]
        return PARTLY_DONE if any(judge(step.exit_code) == "partly" for step in steps) else 0


@dataclass(frozen=True)
class Plan:
    """What to run, as (day, slot), and which missed days to note as skipped."""

    slots: tuple[tuple[date, str], ...] = ()
    skip: tuple[date, ...] = ()


@dataclass(frozen=True)
class RunOptions:
    """How steps are watched and repeated."""

    on_step: Callable[[JobStep], None] = lambda _step: None
    """Called after each step."""
    pause_seconds: float = RETRY_PAUSE_SECONDS
    """Pause before a busy step is tried again."""


_DEFAULTS = RunOptions()


def run_due(shop: Shop, job: Job, options: RunOptions = _DEFAULTS) -> JobReport:
    """Run what the ledger says is due, as the scheduler does; raises BusyError if that has to wait."""
    waiting = _plan_due(shop, job, job.catch_up) != Plan()
    if not waiting and not ledger.running_runs(shop.database):
        return JobReport(job.name)
    try:
        with _exclusive(shop, job):
            return _carry_out(shop, job, _plan_due(shop, job, job.catch_up), options)
    except BusyError:
        if waiting:
            raise
        return JobReport(job.name)


def run_now(shop: Shop, job: Job, options: RunOptions = _DEFAULTS, *, again: bool = False) -> JobReport:
    """Do the work of the latest slot, as somebody asked for it by hand or from cron.

    A slot whose work is done is left alone (the report's ``already``) unless ``again``; one that failed or
    was skipped is made again. Missed older slots are treated as the job file says. Raises BusyError while
    a job runs, RefusedError if the role may not.
    """
    access.require("jobs.run", shop.agent.role)
    with _exclusive(shop, job):
        return _carry_out(shop, job, plan_now(shop, job, again=again), options)


def plan_now(shop: Shop, job: Job, *, again: bool = False) -> Plan:
    """Return what ``run_now`` would do."""
    # Who asks by hand or from cron means the latest slot, however late it is.
    plan = _plan_due(shop, job, "all" if job.catch_up == "all" else "latest")
    earlier = latest_run(shop, job)
    if earlier is None or (earlier.outcome in {"done", "partly", "running"} and not again):
        return plan
    day = latest_slot(shop.now, shop.zone, job.at)
    slot = again_slot(day, ledger.known_slots(shop.database, job.name))
    return Plan((*plan.slots, (day, slot)), plan.skip)


def _plan_due(shop: Shop, job: Job, catch_up: str) -> Plan:
    known = ledger.known_slots(shop.database, job.name)
    due = due_slots(shop.now, shop.zone, job.at, catch_up, known)
    return Plan(tuple((day, day.isoformat()) for day in due.run), due.skip)


def latest_run(shop: Shop, job: Job) -> JobRun | None:
    """Return the last run of the latest slot, None if it has not run."""
    day = latest_slot(shop.now, shop.zone, job.at)
    runs = ledger.slot_runs(shop.database, job.name, day.isoformat())
    return runs[-1] if runs else None


def log_of(job: str, slot: str, run_id: int) -> str:
    """Return where the log of a run stands inside the shop's folder; marks behind the slot's day do not count."""
    day = slot[: len("2026-11-22")]
    return f"logs/job-{job}-{day}-{run_id}.log"


def _carry_out(shop: Shop, job: Job, plan: Plan, options: RunOptions) -> JobReport:
    skipped = _note_skipped(shop, job, plan.skip)
    if not plan.slots:
        return JobReport(job.name, skipped=skipped, already=latest_run(shop, job))
    newest = latest_slot(shop.now, shop.zone, job.at)
    results = [
        result
        for day, slot in plan.slots
        if (result := _run_slot(shop, job, day, slot, options, catch_up=day != newest)) is not None
    ]
    fold_in_wal(shop.database)
    _prune_logs(shop.folder / "logs")
    return JobReport(job.name, runs=results, skipped=skipped)


@contextmanager
def _exclusive(shop: Shop, job: Job) -> Iterator[None]:
    with hold_lock(shop.folder / LOCK_NAME) as held:
        if not held:
            raise _busy(shop, job)
        _recover(shop)
        yield


def _busy(shop: Shop, job: Job) -> BusyError:
    running = ledger.running_runs(shop.database)
    if running:
        since = local_text(running[-1].started_at, shop.zone)
        message = _("The job “{name}” is running since {moment}.", name=running[-1].job, moment=since)
    else:
        message = _("Another job is just starting or ending, so “{name}” cannot start.", name=job.name)
    return BusyError(message, remedy=_("Wait until it has ended; “aftersales jobs history” shows it."))


def _recover(shop: Shop) -> None:
    """Mark runs whose process was killed: we hold the lock, so nobody is running them any more."""
    for run in ledger.running_runs(shop.database):
        with shop.writing("jobs.run", f"run:{run.id}") as writing:
            ledger.interrupt_run(shop.database, run, ended_at=to_text(current_moment()))
            writing.count(interrupted=1)


def _note_skipped(shop: Shop, job: Job, days: tuple[date, ...]) -> list[str]:
    if not days:
        return []
    with shop.writing("jobs.run", f"job:{job.name}") as writing:
        for day in days:
            ledger.claim_slot(
                shop.database, job=job.name, slot=day.isoformat(), started_at=shop.stamp, outcome="skipped"
            )
        writing.count(skipped=len(days))
    return [day.isoformat() for day in days]


def _run_slot(
    shop: Shop, job: Job, day: date, slot: str, options: RunOptions, *, catch_up: bool
) -> RunResult | None:
    with shop.writing("jobs.run", f"job:{job.name}") as writing:
        run_id = ledger.claim_slot(
            shop.database, job=job.name, slot=slot, started_at=to_text(current_moment()), catch_up=catch_up
        )
        if run_id is None:
            return None
        writing.touch("run", run_id)
    log_file = log_of(job.name, slot, run_id)
    log_path = shop.folder / log_file
    result = RunResult(run_id, job.name, slot, "done", log_file)
    try:
        outcome = _run_steps(shop, job, Place(run_id, 0, day, log_path), options, result.steps)
    except KeyboardInterrupt:
        # Stopped in an orderly way: note it at once; after a kill the next start does it.
        _recover(shop)
        raise
    with shop.writing("jobs.run", f"run:{run_id}") as writing:
        ledger.end_run(shop.database, run_id, outcome=outcome, ended_at=to_text(current_moment()))
        writing.count(steps=len(result.steps))
    return RunResult(run_id, job.name, slot, outcome, result.log_file, result.steps)


def _run_steps(shop: Shop, job: Job, place: Place, options: RunOptions, finished: list[JobStep]) -> str:
    """Run the steps, no transaction open meanwhile, and return the run's outcome."""
    outcomes = {"done"}
    for position, step in enumerate(job.steps, start=1):
        here = Place(place.run_id, position, place.slot, place.log_path)
        answered = run_step(shop, step, here, pause_seconds=options.pause_seconds)
        with shop.writing("jobs.run", f"run:{place.run_id}"):
            ledger.insert_step(shop.database, answered)
        finished.append(answered)
        options.on_step(answered)
        outcomes.add(judge(answered.exit_code))
        if judge(answered.exit_code) == "failed" and step.on_failure == "stop":
            break
    return next(outcome for outcome in ("failed", "partly", "done") if outcome in outcomes)


def _prune_logs(folder: Path) -> None:
    """Delete logs of runs that are older than three months."""
    limit = time.time() - _LOG_DAYS * 86_400
    for path in folder.glob("job-*.log"):
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
