"""The command ``calendar``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aftersales_cli.desk.calendar_view import CalendarView, DayView

_NAME_HELP = N_("Name of the calendar; default: business.")
_DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_SPECIAL = {"holiday": N_("holiday"), "makeup": N_("make-up day"), "own": N_("the shop's own")}
_LONGEST_MONTH = 31


@click.group(cls=Noun, help=N_("Opening hours, public holidays and make-up days."))
def calendar() -> None:
    """Group of verbs."""


@calendar.command("show")
@click.argument("period", required=False, metavar="[YEAR|MONTH]")
@option("--calendar", "name", default="business", help=_NAME_HELP)
def show(run: Run, period: str | None, name: str) -> None:
    """Show which days are open and why: a month day by day, a year with its special days.

    Example: aftersales calendar show 2026-10
    """
    from aftersales_cli.clock import month_of, parse_period
    from aftersales_cli.desk.calendar_view import view_calendar

    chosen = parse_period(period) if period else month_of(run.shop.today)
    view = view_calendar(run.shop, chosen, name=name)
    if run.shared.as_json:
        run.out.data(view)
    else:
        run.out.line(
            plural(
                "{label}, calendar “{name}” ({zone}): {count} working day",
                "{label}, calendar “{name}” ({zone}): {count} working days",
                view.working_days,
                label=chosen.label,
                name=view.calendar,
                zone=view.timezone,
            )
        )
        _print_days(run, view)
    for warning in view.warnings:
        run.out.note(_("Attention: {text}", text=warning))


def _print_days(run: Run, view: CalendarView) -> None:
    columns = [
        Column(_("Day"), lambda row: row.day),
        Column(_("Weekday"), lambda row: _(_DAYS[row.weekday - 1])),
        Column(_("Hours"), lambda row: row.hours or _("not open")),
        Column(_("Why"), lambda row: _(_SPECIAL[row.special]) if row.special else ""),
        Column(_("Note"), lambda row: row.note),
    ]
    days: Sequence[DayView] = view.days
    if len(days) > _LONGEST_MONTH:
        _print_months(run, view)
        days = [day for day in days if day.special]
    run.out.listing(days, columns, empty=_("No special days."))


def _print_months(run: Run, view: CalendarView) -> None:
    months: dict[str, int] = {}
    for day in view.days:
        months[day.day[:7]] = months.get(day.day[:7], 0) + day.is_open
    run.out.table([_("Month"), _("Working days")], [list(item) for item in months.items()], [False, True])
    run.out.line()


@calendar.command("import", writes=True)
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@option("--calendar", "name", default="business", help=_NAME_HELP)
@option(
    "--confirms",
    metavar="YEAR",
    type=click.IntRange(min=1990, max=2100),
    multiple=True,
    help=N_("The file holds the whole official notice of this year; several may be given."),
)
def import_(run: Run, file: Path, name: str, confirms: tuple[int, ...]) -> None:
    """Enter the shop's own open and closed days from a table with the headings date, open|closed, hours, note.

    They win over public holidays and usual hours; a day entered before is replaced. Open cases are due anew.

    Example: aftersales calendar import spring-festival.csv
    """
    from aftersales_cli.desk.calendar_file import import_calendar

    result = import_calendar(run.shop, file, calendar=name, confirms=confirms)
    lines = [
        _(
            "Days of the calendar “{name}”: {changed} entered, {unchanged} known already, {rejected} rejected.",
            name=result.calendar,
            changed=result.changed,
            unchanged=result.unchanged,
            rejected=len(result.rejected),
        )
    ]
    if result.clocks:
        lines.append(
            plural(
                "{count} open clock is due at another time.",
                "{count} open clocks are due at another time.",
                result.clocks,
            )
        )
    run.out.data(result, *lines)
    for entry in result.rejected:
        run.out.note(_("Row {row}: {reason}", row=entry.row, reason=entry.reason))
    if run.shop.dry_run:
        run.out.note(_("Dry run: nothing was changed."))
    if result.rejected:
        run.partly()
