"""The scheduler process: once a minute it asks the ledger what is due and runs it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import schedule

from aftersales_cli import access
from aftersales_cli.database.lock import hold_lock
from aftersales_cli.errors import BusyError
from aftersales_cli.language import _
from aftersales_cli.runner.job_files import job_paths, load_job
from aftersales_cli.runner.running import JobReport, RunOptions, run_due
from aftersales_cli.shop import Shop

LOCK_NAME = "schedule.lock.db"
TICK_SECONDS = 60
_NAP_SECONDS = 1.0


@dataclass(frozen=True)
class Reports:
    """Where the scheduler tells what happened."""

    finished: Callable[[JobReport], None]
    """Called for each job that had something to do."""
    problem: Callable[[Exception], None]
    """Called for each fault; the loop goes on."""


@contextmanager
def only_scheduler(shop: Shop) -> Iterator[None]:
    """Be the only scheduler of a shop; raises BusyError if there is one, RefusedError if the role may not."""
    access.require("jobs.run", shop.agent.role)
    with hold_lock(shop.folder / LOCK_NAME) as held:
        if not held:
            raise BusyError(
                _("There is already a scheduler running for this shop."),
                remedy=_("One is enough; “aftersales jobs history” shows what it did."),
            )
        yield


def tick(
    shop_folder: Path, open_now: Callable[[], Shop], reports: Reports, options: RunOptions | None = None
) -> None:
    """Run every job that is due; a fault in one is reported and never keeps the others from running."""
    try:
        paths = job_paths(shop_folder)
    except Exception as error:  # noqa: BLE001 - whatever happens, the next tick must come
        reports.problem(error)
        return
    for path in paths:
        try:
            _run_if_due(path, open_now, reports, options or RunOptions())
        except Exception as error:  # noqa: BLE001 - likewise
            reports.problem(error)


def _run_if_due(path: Path, open_now: Callable[[], Shop], reports: Reports, options: RunOptions) -> None:
    # Opened for each job anew, so that it sees the time as it is and the database is free in between.
    job = load_job(path)
    shop = open_now()
    try:
        report = run_due(shop, job, options)
    finally:
        shop.close()
    if report.runs or report.skipped:
        reports.finished(report)


def run_forever(do_tick: Callable[[], None]) -> None:
    """Tick at once and then every minute until KeyboardInterrupt."""
    scheduler = schedule.Scheduler()
    do_tick()
    while True:
        pulse(scheduler, do_tick)
        time.sleep(_NAP_SECONDS)


def pulse(scheduler: schedule.Scheduler, do_tick: Callable[[], None]) -> None:
    """Tick if the minute is over; start the minute anew if the clock was set back."""
    wait = scheduler.idle_seconds
    if wait is None or wait > TICK_SECONDS:
        # After a clock that was wrong the library would wait until it is as late again, if need be for years.
        scheduler.clear()
        scheduler.every(TICK_SECONDS).seconds.do(do_tick)
    scheduler.run_pending()
