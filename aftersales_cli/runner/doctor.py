"""Checks of the set-up and the database, each with a verdict and what to do about it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from aftersales_cli import __version__
from aftersales_cli.clock import current_moment, from_text, local_text
from aftersales_cli.database import health, runs
from aftersales_cli.database.agents import find_agent
from aftersales_cli.database.opening import SQLITE_VERSION, choose_journal, open_database, wal_is_safe
from aftersales_cli.errors import AftersalesError
from aftersales_cli.language import _
from aftersales_cli.resources import PACKAGE_FOLDER
from aftersales_cli.runner.doctor_calendar import check_promises
from aftersales_cli.runner.doctor_files import check_data_files, check_writable
from aftersales_cli.runner.doctor_folder import (
    Check,
    check_left_overs,
    check_left_wal,
    check_location,
    check_modes,
    check_space,
)
from aftersales_cli.runner.doctor_privacy import check_forgetting
from aftersales_cli.runner.running import log_of
from aftersales_cli.runner.steps import judge
from aftersales_cli.settings import FILE_NAME, Settings, load_settings
from aftersales_cli.shop import DATABASE_NAME

if TYPE_CHECKING:
    from sqlite_utils import Database

NIGHTLY = "nightly"
_SHOWN_FILES = 3
_LOOKED_BACK = 20
_ENDED = frozenset({"done", "partly", "failed", "interrupted"})
"""Outcomes of a night; one that was skipped is none."""


def check_program() -> list[Check]:
    """Check what does not depend on a shop."""
    return [_python(), _sqlite(), _spreadsheet_limits(), _catalogue()]


def check_shop(folder: Path) -> list[Check]:
    """Check a shop's folder and database; damage and broken settings are findings, not errors."""
    # Before the database is opened: opening folds a left -wal in, and closing removes it.
    checks = [
        check_location(folder),
        check_left_wal(folder),
        check_modes(folder),
        check_space(folder),
        check_left_overs(folder),
        *check_writable(folder),
        *check_data_files(folder),
    ]
    shop = _with_database(
        folder, [_employee, check_promises(folder), check_forgetting, _heartbeat, _last_night]
    )
    return [*checks, *check_database(folder), *shop]


def check_database(folder: Path) -> list[Check]:
    """Check journal mode and integrity of a shop's database."""
    return _with_database(folder, [_journal, _integrity], tell=True)


ShopCheck = Callable[["Database", Settings], Check]


def _with_database(folder: Path, checks: list[ShopCheck], *, tell: bool = False) -> list[Check]:
    try:
        settings = load_settings(folder / FILE_NAME)
        database = open_database(folder / DATABASE_NAME, journal=settings.database.journal)
    except AftersalesError as error:
        return [Check("database", "fail", error.message, error.remedy)] if tell else []
    try:
        return [check(database, settings) for check in checks]
    except health.StorageFault as error:
        return [_damaged(str(error))] if tell else []
    finally:
        database.close()


def _python() -> Check:
    text = _("aftersales {version} on Python {python}", version=__version__, python=sys.version.split()[0])
    return Check("python", "ok", text)


def _sqlite() -> Check:
    version = ".".join(map(str, SQLITE_VERSION))
    if wal_is_safe(SQLITE_VERSION):
        return Check("sqlite", "ok", _("SQLite {version}, write-ahead log (WAL) is safe", version=version))
    text = _(
        "SQLite {version} has the WAL-reset fault (mended in 3.44.6, 3.50.7 and 3.51.3), "
        "so the slower rollback journal is used",
        version=version,
    )
    return Check("sqlite", "ok", text)


def _spreadsheet_limits() -> Check:
    # Only Linux enforces a limit on address space; elsewhere the time limit and the look before remain.
    if sys.platform == "linux" and importlib.util.find_spec("resource"):
        return Check("limits", "ok", _("Spreadsheets are read in a process with a memory limit"))
    text = _("Spreadsheets are read in a process with a time limit; this system offers no memory limit")
    return Check("limits", "ok", text)


def _catalogue() -> Check:
    path = PACKAGE_FOLDER / "locale" / "zh_CN" / "LC_MESSAGES" / "aftersales.mo"
    if path.is_file():
        return Check("language", "ok", _("Chinese and English texts are there"))
    return Check(
        "language",
        "warn",
        _("The Chinese texts are missing: {path}", path=path),
        _("Install the program again."),
    )


def _journal(database: Database, settings: Settings) -> Check:
    mode, setting = health.journal_mode(database), settings.database.journal
    wanted = choose_journal(setting, SQLITE_VERSION)[0]
    if mode == "wal" and not wal_is_safe(SQLITE_VERSION):
        return Check(
            "journal",
            "warn",
            _("The journal mode is wal, but this SQLite has the WAL-reset fault"),
            _("Set database.journal to auto in {name}.", name=FILE_NAME),
        )
    text = _("The journal mode is {mode} (setting: {setting})", mode=mode, setting=setting)
    return Check("journal", "ok" if mode == wanted else "warn", text)


def _integrity(database: Database, _settings: Settings) -> Check:
    faults = health.find_damage(database)
    if faults:
        return _damaged("; ".join(faults[:_SHOWN_FILES]))
    return Check("integrity", "ok", _("The database is whole"))


def _damaged(faults: str) -> Check:
    return Check(
        "integrity",
        "fail",
        _("The database is damaged: {faults}", faults=faults),
        _("Do not write to it; copy it away and restore the latest backup."),
    )


def _employee(database: Database, settings: Settings) -> Check:
    code = settings.shop.agent
    found = find_agent(database, code)
    if found is not None and found.active:
        return Check("employee", "ok", _("Commands act as “{name}” unless --as says otherwise", name=code))
    return Check(
        "employee",
        "fail",
        _("The settings name an employee “{name}” who does not exist", name=code),
        _("“aftersales team list --as owner” shows them; change shop.agent in {name}.", name=FILE_NAME),
    )


def _heartbeat(database: Database, settings: Settings) -> Check:
    hours = settings.night.heartbeat_hours
    limit = current_moment() - timedelta(hours=hours)
    running = [run.started_at for run in runs.running_runs(database) if run.job == NIGHTLY]
    last = max([*running, runs.last_success(database, NIGHTLY) or ""])
    if last and from_text(last) >= limit:
        text = _("The nightly run last worked at {moment}", moment=local_text(last, settings.zone))
        return Check("night", "ok", text)
    founded = health.founded_at(database)
    if not last and founded and from_text(founded) >= limit:
        return Check("night", "ok", _("The nightly run has not been needed yet"))
    if not runs.list_runs(database, job=NIGHTLY, limit=1):
        return Check(
            "night",
            "warn",
            _("The nightly run has never been started"),
            _("“aftersales jobs cron” shows how to set it up; “aftersales jobs run nightly” starts it now."),
        )
    text = (
        _("The nightly run last worked at {moment}", moment=local_text(last, settings.zone))
        if last
        else _("The nightly run has never worked")
    )
    return Check(
        "night",
        "warn",
        text,
        _(
            "“aftersales jobs history” shows why; “aftersales jobs cron” sets it up; {hours} hours is the limit.",
            hours=hours,
        ),
    )


def _last_night(database: Database, settings: Settings) -> Check:
    """Report a latest night that failed or was cut off; one that is running now is none yet."""
    ended = [
        run for run in runs.list_runs(database, job=NIGHTLY, limit=_LOOKED_BACK) if run.outcome in _ENDED
    ]
    if not ended:
        return Check("last night", "ok", _("No night has ended badly"))
    last = ended[0]
    moment = local_text(last.ended_at, settings.zone)
    if last.outcome in {"done", "partly"}:
        return Check("last night", "ok", _("The latest nightly run ended well at {moment}", moment=moment))
    steps = [step.name for step in runs.list_steps(database, last.id) if judge(step.exit_code) == "failed"]
    if last.outcome == "interrupted":
        text = _("The latest nightly run was cut off before its end")
    else:
        text = _("The latest nightly run failed at {moment}: {steps}", moment=moment, steps=", ".join(steps))
    log = log_of(last.job, last.slot, last.id)
    return Check(
        "last night",
        "fail",
        text,
        _("Read {log}, mend the reason, then: aftersales jobs run {job}", log=log, job=NIGHTLY),
    )
