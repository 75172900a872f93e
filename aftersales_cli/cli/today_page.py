"""The day's work prepared in one go, and told in the order one does it."""

from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.cli.run import Run
from aftersales_cli.cli.status_page import ShopStatus, measure_status
from aftersales_cli.clock import month_of
from aftersales_cli.customers.callback_plan import CallbackPlan, plan_callbacks
from aftersales_cli.errors import RefusedError
from aftersales_cli.language import _, plural
from aftersales_cli.reports.callback_workbook import export_callbacks
from aftersales_cli.reports.kpi_workbook import export_kpi_workbook
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class Day:
    """What ``today`` prepared."""

    plan: CallbackPlan
    callback_list: Path | None
    """None if there is nobody to call."""
    workbook: Path | None
    """None if this employee may not see the figures."""
    status: ShopStatus


def prepare_day(shop: Shop) -> Day:
    """Plan the callbacks, write list and workbook into the outbox; doing it again changes nothing."""
    plan = plan_callbacks(shop, shop.today)
    exported = export_callbacks(shop, shop.today)
    try:
        workbook: Path | None = export_kpi_workbook(shop, month_of(shop.today))
    except RefusedError:
        workbook = None  # an agent may start the day, the figures are for owner and manager
    return Day(plan, exported.path, workbook, measure_status(shop))


def print_day(run: Run, day: Day) -> None:
    """Tell what to do now, most urgent first."""
    out = run.out
    out.line()
    out.line(_("To do on {day}:", day=run.shop.today))
    steps = list(_steps(day))
    for number, step in enumerate(steps, start=1):
        out.line(f"  {number}. {step}")
    if not steps:
        out.line("  " + _("Nothing is waiting. Have a good day!"))
    if day.workbook:
        out.line(_("Figures of the month: {path}", path=day.workbook))


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
    if day.callback_list:
        steps.append(
            plural(
                "{count} customer to call back; the list: {path}",
                "{count} customers to call back; the list: {path}",
                day.plan.total,
                path=day.callback_list,
            )
        )
        steps.append(_("Fill in the list, save it, and put it into the inbox; run “aftersales today” again."))
    if day.status.rejected_rows:
        steps.append(
            plural(
                "{count} row of an import was rejected: aftersales orders rejects",
                "{count} rows of imports were rejected: aftersales orders rejects",
                day.status.rejected_rows,
            )
        )
    return steps
