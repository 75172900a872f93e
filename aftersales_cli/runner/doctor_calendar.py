"""Checks of the promises' files: can they be read, and are the official days of the year known."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from aftersales_cli.clock import current_moment
from aftersales_cli.desk.calendar_specs import DEFAULT, load_specs
from aftersales_cli.desk.calendars import make_calendars, warn_of_year
from aftersales_cli.desk.rule_files import read_toml
from aftersales_cli.desk.sla_policies import read_policies
from aftersales_cli.desk.sla_versions import policies_path
from aftersales_cli.errors import AftersalesError
from aftersales_cli.language import _
from aftersales_cli.runner.doctor_folder import Check
from aftersales_cli.settings import Settings

if TYPE_CHECKING:
    from sqlite_utils import Database

_AHEAD = timedelta(days=31)
"""So long before a year begins its official days must be known; the notice comes in November."""


def check_promises(folder: Path) -> "Callable[[Database, Settings], Check]":
    """Return the check of a shop's calendar and policies."""

    def check(database: "Database", settings: Settings) -> Check:
        try:
            specs = load_specs(folder, settings.shop)
            path = policies_path(folder)
            read_policies(read_toml(path), path, specs)
        except AftersalesError as error:
            return Check("calendar", "fail", error.message, error.remedy)
        today = current_moment().astimezone(settings.zone).date()
        calendars = make_calendars(database, specs, this_year=today.year)
        near = {today.year, (today + _AHEAD).year}
        if missing := calendars.unconfirmed(DEFAULT, near):
            return Check("calendar", "warn", warn_of_year(specs[DEFAULT], missing[0]))
        if calendars.unconfirmed(DEFAULT, [today.year + 1]):
            text = _(
                "The calendar knows the official days of {year}; those of {following} are estimated so far",
                year=today.year,
                following=today.year + 1,
            )
            return Check("calendar", "ok", text)
        return Check("calendar", "ok", _("The calendar knows the official days of {year}", year=today.year))

    return check
