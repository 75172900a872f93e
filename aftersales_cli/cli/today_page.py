"""The day's work prepared in one go, and told in the order one does it."""

from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.cli.run import Run
from aftersales_cli.cli.status_page import (
    ShopStatus,
    clock_lines,
    handoff_line,
    mass_line,
    measure_status,
    return_lines,
    survey_lines,
)
from aftersales_cli.clock import month_of
from aftersales_cli.customers.callback_plan import CallbackPlan, plan_callbacks
from aftersales_cli.errors import RefusedError
from aftersales_cli.insight.wording import shorten
from aftersales_cli.language import _, plural
from aftersales_cli.reports.callback_workbook import export_callbacks
from aftersales_cli.reports.exceptions_workbook import export_exceptions
from aftersales_cli.reports.kpi_workbook import export_kpi_workbook
from aftersales_cli.shop import Shop

_MOST_NAMED = 5
_TITLE_COLUMNS = 32


@dataclass(frozen=True)
class Day:
    """What ``today`` prepared."""

    plan: CallbackPlan
    callback_list: Path | None
    """The only or first of the lists; None if there is nobody to call."""
    callback_lists: list[tuple[Path, int]]
    """Each employee's list and the callbacks on it."""
    exceptions: Path | None
    """The workbook of what returns need a person for, None if there is nothing."""
    workbook: Path | None
    """None if this employee may not see the figures."""
    status: ShopStatus


def prepare_day(shop: Shop) -> Day:
    """Plan the callbacks, write list and workbook into the outbox; doing it again changes nothing."""
    plan = plan_callbacks(shop, shop.today)
    exported = export_callbacks(shop, shop.today)
    returns = export_exceptions(shop)
    try:
        workbook: Path | None = export_kpi_workbook(shop, month_of(shop.today))
    except RefusedError:
        workbook = None  # an agent may start the day, the figures are for owner and manager
    lists = [(entry.path, entry.callbacks) for entry in exported.lists]
    return Day(plan, exported.path, lists, returns.path, workbook, measure_status(shop))


def print_day(run: Run, day: Day) -> None:
    """Tell what to do now, most urgent first."""
    out = run.out
    out.line()
    out.line(_("To do on {day}:", day=run.shop.today))
    steps = [*_urgent_steps(run, day.status), *_steps(day)]
    for number, step in enumerate(steps, start=1):
        out.line(f"  {number}. {step}")
    if not steps:
        out.line("  " + _("Nothing is waiting. Have a good day!"))
    if day.workbook:
        out.line(_("Figures of the month: {path}", path=day.workbook))


def _urgent_steps(run: Run, status: ShopStatus) -> list[str]:
    """Return what comes before everything else: cases passed up, broken promises, answers owed, incidents."""
    severities = run.shop.taxonomy("severities")
    steps = [
        _(
            "Passed up to you: case {number} ({severity}), {title}: aftersales cases show {number}",
            number=case.number,
            severity=severities.label(case.severity),
            title=shorten(case.title, _TITLE_COLUMNS),
        )
        for case in status.escalated[:_MOST_NAMED]
    ]
    if more := status.escalated[_MOST_NAMED:]:
        steps.append(
            plural(
                "{count} more case passed up to you: {numbers}",
                "{count} more cases passed up to you: {numbers}",
                len(more),
                numbers=", ".join(str(case.number) for case in more),
            )
        )
    steps += clock_lines(status)
    steps += [text for text in (handoff_line(status), mass_line(status)) if text]
    return steps + return_lines(status)


def _steps(day: Day) -> list[str]:
    cases, steps = day.status.cases, []
    if cases.unassigned:
        steps.append(
            plural(
                "{count} open case nobody works on: aftersales cases list",
                "{count} open cases nobody works on: aftersales cases list",
                cases.unassigned,
            )
        )
    elif cases.open:
        steps.append(
            plural(
                "{count} open case: aftersales cases list",
                "{count} open cases: aftersales cases list",
                cases.open,
            )
        )
    if day.exceptions:
        steps.append(
            _("Returns that need a person, to fill in and put into the inbox: {path}", path=day.exceptions)
        )
    for path, count in day.callback_lists:
        steps.append(
            plural(
                "{count} customer to call back; the list: {path}",
                "{count} customers to call back; the list: {path}",
                count,
                path=path,
            )
        )
    if day.callback_lists:
        steps.append(_("Fill in the list, save it, and put it into the inbox; run “aftersales today” again."))
    steps += survey_lines(day.status)
    if day.status.rejected_rows:
        steps.append(
            plural(
                "{count} row of an import was rejected: aftersales orders rejects",
                "{count} rows of imports were rejected: aftersales orders rejects",
                day.status.rejected_rows,
            )
        )
    return steps
