"""The command ``sla``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.cases_steps import CASE_NUMBER
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from aftersales_cli.desk.refunds.promises import RefundPromise
    from aftersales_cli.desk.sla_board import BoardRow
    from aftersales_cli.desk.sla_checking import SlaCheck
    from aftersales_cli.records.desk import DueClock


@click.group(cls=Noun, help=N_("Promised times: what is near, what is missed, and why."))
def sla() -> None:
    """Group of verbs."""


@sla.command("check", writes=True)
@option(
    "--recompute",
    is_flag=True,
    help=N_("Let open cases go over to the policies as they are now, and list what that changes."),
)
def check(run: Run, recompute: bool) -> None:
    """Bring the clocks of all open cases up to date, warn of what is near, pass up what is missed.

    The nightly run does it, and doing it twice changes nothing: each clock is warned of and passed up once. A
    marketplace's case that nobody here has touched is only listed, and so are refunds that have to be paid soon.

    Example: aftersales sla check --recompute --dry-run
    """
    from aftersales_cli.desk.sla_checking import check_clocks

    result = check_clocks(run.shop, recompute=recompute)
    run.out.data(result, *_describe_check(run, result))
    if recompute and not run.shared.as_json:
        from aftersales_cli.cli.sla_page import change_columns

        run.out.line()
        run.out.listing(result.recomputed, change_columns(run.shop), empty=_("No open clock changes."))
    for warning in result.warnings:
        run.out.note(_("Attention: {text}", text=warning))
    if result.older and not recompute:
        run.out.note(
            _(
                "{count} open clocks keep an older version of the policies; "
                "“aftersales sla check --recompute --dry-run” shows what the new one changes.",
                count=result.older,
            )
        )
    if run.shop.dry_run:
        run.out.note(_("Dry run: nothing was changed."))


def _describe_check(run: Run, result: SlaCheck) -> list[str]:
    from aftersales_cli.cli.sla_page import write_board_lines
    from aftersales_cli.desk.clocks import open_clock_desk
    from aftersales_cli.desk.sla_board import make_row

    desk = open_clock_desk(run.shop, store=False)

    def rows(state: str, clocks: list[DueClock]) -> list[BoardRow | RefundPromise]:
        found = [make_row(desk, clock) for clock in clocks]
        return [*found, *(row for row in result.refunds if row.state == state)]

    missed, near = rows("missed", result.missed), rows("near", result.near)
    lines = [
        _(
            "Missed: {missed}, near: {near}; newly warned of {warned}, passed up {escalated}.",
            missed=len(missed),
            near=len(near),
            warned=result.warned,
            escalated=len(result.escalated),
        )
    ]
    for title, shown in ((_("Missed"), missed), (_("Near"), near)):
        if shown:
            lines += [title, *("  " + text for text in write_board_lines(run.shop, shown))]
    return lines


@sla.command("show")
@option("--all", "everything", is_flag=True, help=N_("Also the clocks that are neither near nor missed."))
@option("--mine", is_flag=True, help=N_("Only those of my own cases."))
@option("--assignee", default="", help=N_("Only those of this employee's cases."))
def show(run: Run, everything: bool, mine: bool, assignee: str) -> None:
    """Show the open promises: missed ones first, then those that are near, with the time that is left.

    Refunds stand among them from refunds.warn_days before the last day on which they have to be paid.

    Example: aftersales sla show --mine
    """
    from aftersales_cli.cli.sla_page import board_columns
    from aftersales_cli.desk.sla_board import list_board
    from aftersales_cli.team.agents import require_agent

    worker = run.shop.agent.id if mine else require_agent(run.shop, assignee).id if assignee else None
    rows = list_board(run.shop, assignee_id=worker, everything=everything)
    columns = board_columns(run.shop, rows, is_file=run.shared.table_format is not None)
    run.out.listing(rows, columns, empty=_("Nothing is near or missed."))


@sla.command("explain")
@click.argument("number", metavar="CASE", type=CASE_NUMBER)
def explain(run: Run, number: int) -> None:
    """Explain the clocks of a case: which policy, which calendar, and the way to each deadline window by window.

    Example: aftersales sla explain 17
    """
    from aftersales_cli.cli.sla_page import write_story
    from aftersales_cli.desk.sla_explaining import explain_case

    story = explain_case(run.shop, number)
    run.out.data(story, *write_story(run.shop, story))


@sla.command("policies")
def policies(run: Run) -> None:
    """List the promises in the order in which they are asked, and say in which file they stand.

    Example: aftersales sla policies
    """
    from aftersales_cli.cli.durations import duration_text
    from aftersales_cli.cli.sla_page import calendar_text, match_text
    from aftersales_cli.desk.sla_board import list_policies
    from aftersales_cli.desk.sla_policies import METRICS

    table = list_policies(run.shop)
    if run.shared.as_json:
        run.out.data(table)
        return
    columns = [
        Column(_("Policy"), lambda row: row.name),
        Column(_("For"), lambda row: match_text(run.shop, row.match)),
        Column(_("Promise"), lambda row: _(METRICS[row.metric])),
        Column(_("Target"), lambda row: _("none") if row.target == "none" else row.target, right=True),
        Column(_("Counted in"), lambda row: calendar_text(row.calendar)),
        Column(_("At most"), lambda row: duration_text(row.at_most_seconds) if row.at_most_seconds else ""),
        Column(_("Warn at"), lambda row: f"{row.warn_percent} %", right=True),
        Column(_("Passed up to"), lambda row: row.escalate_to or _("the chain")),
    ]
    run.out.listing(table.policies, columns, empty=_("There are no policies."))
    if table.is_own:
        run.out.note(_("Version {version}, in {file}", version=table.version, file=table.file))
    else:
        run.out.note(
            _(
                "Version {version}, the shipped file {file}; to change it, copy it into {folder} and edit it there.",
                version=table.version,
                file=table.file,
                folder=run.shop.folder / "templates" / "settings",
            )
        )
