"""The command ``callbacks``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales_cli.cli import callbacks_effect, callbacks_plans
from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.numbers import RecordNumber
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _, plural

if TYPE_CHECKING:
    from datetime import date

    from aftersales_cli.customers.callback_plan import CallbackPlan

_ON_HELP = N_("The day, e.g. 2026-11-22; default: today.")


@click.group(cls=Noun, help=N_("Plan callbacks, hand out the list, read it back."))
def callbacks() -> None:
    """Group of verbs."""


def _day(run: Run, text: str | None) -> "date":
    from aftersales_cli.clock import parse_day

    return parse_day(text) if text else run.shop.today


@callbacks.command("plan", writes=True)
@option("--on", metavar="DATE", help=_ON_HELP)
@option(
    "--capacity", type=int, help=N_("Callbacks of that day, all agents together; default: the settings'.")
)
def plan(run: Run, on: str | None, capacity: int | None) -> None:
    """Choose whom to call back on a day.

    Promised calls come first, then second calls after a low score, then who is due by the plans (see “callbacks
    plans”): low answers, cases solved lately with complaints first, maintenance, customers who may be leaving. Doing
    it twice changes nothing.

    Example: aftersales callbacks plan --capacity 30
    """
    from aftersales_cli.customers.callback_plan import plan_callbacks

    planned = plan_callbacks(run.shop, _day(run, on), capacity)
    run.out.data({**_counts(planned), "total": planned.total}, *_describe_plan(planned))


def _counts(planned: "CallbackPlan") -> dict[str, object]:
    from dataclasses import asdict

    return asdict(planned)


def _describe_plan(planned: "CallbackPlan") -> list[str]:
    lines = [
        _(
            "Callbacks for {day}: {total} to make ({planned} new, {carried} from before), {done} made already.",
            day=planned.on,
            total=planned.total,
            planned=planned.planned,
            carried=planned.carried,
            done=planned.done,
        )
    ]
    if len(planned.plans) > 1:
        shares = ", ".join(f"{code} {count}" for code, count in planned.plans.items())
        lines.append("  " + _("New by plan: {shares}.", shares=shares))
    left_out = (
        (planned.over_capacity, N_("{count} left for other days, the day is full.")),
        (planned.same_person, N_("{count} left for other days, the same person is called on this one.")),
        (planned.postponed, N_("{count} moved to the next day, the same person is called on this one.")),
        (planned.do_not_contact, N_("{count} not called: they asked not to be contacted.")),
        (planned.no_consent, N_("{count} not called: no yes to marketing is known.")),
        (planned.held_out, N_("{count} not called by lot, to compare with those who are.")),
        (planned.resting, N_("{count} left in peace, somebody called not long ago.")),
        (planned.quiet, N_("{count} not to be called on this day by the rules of their country.")),
        (planned.unreachable, N_("{count} not called: no order number, e-mail or phone is known.")),
        (
            planned.dropped,
            N_("{count} given up: case open again, overdue for too long, or not to be contacted."),
        ),
    )
    lines += ["  " + _(text, count=count) for count, text in left_out if count]
    return lines


@callbacks.command("list")
@option("--on", metavar="DATE", help=_ON_HELP)
@option("--all", "everything", is_flag=True, help=N_("Every callback there ever was."))
def list_(run: Run, on: str | None, everything: bool) -> None:
    """List a day's callbacks: what is due, and what was made on that day.

    Example: aftersales callbacks list --on 2026-11-22
    """
    from aftersales_cli.customers.callbacks import list_day, list_everything

    outcomes = run.shop.taxonomy("callback_outcomes")
    rows = list_everything(run.shop) if everything else list_day(run.shop, _day(run, on))
    columns = [
        Column(_("No."), lambda row: row.id, right=True),
        Column(_("To be called on"), lambda row: row.due_on),
        Column(_("Customer"), lambda row: row.customer),
        Column(_("How to reach"), lambda row: "; ".join(row.how_to_reach)),
        Column(_("When to call"), lambda row: row.window),
        Column(_("Plan"), lambda row: row.plan),
        Column(_("Why"), lambda row: _shorten(row.why)),
        Column(_("Case"), lambda row: row.case_number, right=True),
        Column(_("Product"), lambda row: _shorten(row.product)),
        Column(_("What to ask about"), lambda row: _shorten(row.happened)),
        Column(_("Outcome"), lambda row: outcomes.label(row.outcome)),
    ]
    run.out.listing(rows, columns, empty=_("No callbacks here. “aftersales callbacks plan” plans a day."))


def _shorten(text: str, width: int = 40) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


@callbacks.command("export", writes=True)
@option("--on", metavar="DATE", help=_ON_HELP)
@option("--out", type=click.Path(path_type=Path), help=N_("File or folder to write to; default: the outbox."))
@option("--agent", metavar="AGENT", help=N_("Only the list of this employee."))
def export(run: Run, on: str | None, out: Path | None, agent: str | None) -> None:
    """Write the day's open callbacks as workbooks for staff to fill in, one for each who calls.

    With --out FILE all stand in one workbook. A list that is there already is never overwritten, since somebody may
    have filled it in.

    Example: aftersales callbacks export

    Example: aftersales callbacks export --agent lan
    """
    from aftersales_cli.reports.callback_workbook import export_callbacks
    from aftersales_cli.team.agents import require_agent

    caller = require_agent(run.shop, agent) if agent else None
    exported = export_callbacks(run.shop, _day(run, on), out, agent=caller)
    if exported.path is None:
        run.out.data(exported)
        run.out.note(_("Nobody to call on this day, so no list was written."))
        return
    written = [
        plural("{count} callback: {path}", "{count} callbacks: {path}", entry.callbacks, path=entry.path)
        for entry in exported.lists
    ]
    run.out.data(exported, *written)
    for entry in exported.lists:
        if not entry.written and not run.shop.dry_run:
            run.out.note(
                _("This list was there already and was left as it is.")
                if len(exported.lists) == 1
                else _("{path} was there already and was left as it is.", path=entry.path)
            )


@callbacks.command("import", writes=True)
@click.argument("file", type=click.Path(path_type=Path, readable=False))
def import_(run: Run, file: Path) -> None:
    """Read a filled callback list back.

    Rows may be sorted, filtered, deleted, and columns moved. The same file twice changes nothing, and an
    older list never overwrites a newer answer.

    Example: aftersales callbacks import callbacks-2026-11-22.xlsx
    """
    from aftersales_cli.cli.form_report import tell_form
    from aftersales_cli.customers.callback_import import import_callbacks

    tell_form(run, import_callbacks(run.shop, file), with_sheet=False)


@callbacks.command("record", writes=True)
@click.argument("callback", type=RecordNumber(callbacks_plans.missing))
@option(
    "--outcome", required=True, metavar="WORD", help=N_("What came of it, e.g. reached, no_answer, later.")
)
@option("--score", type=int, help=N_("Satisfaction, 1 (very bad) to 5 (very good)."))
@option("--next", "next_on", metavar="DATE", help=N_("The day agreed for another call."))
@option("--note", default="", help=N_("What the customer said."))
@option("--churn-reason", default="", metavar="WORD", help=N_("Why the customer stays away, e.g. price."))
@option("--at", metavar="MOMENT", help=N_("When it was, e.g. “2026-11-21 15:20”; default: now."))
def record(
    run: Run,
    callback: int,
    outcome: str,
    score: int | None,
    next_on: str | None,
    note: str,
    churn_reason: str,
    at: str | None,
) -> None:
    """Record what came of a callback.

    This program calls nobody and sends nothing: it records what you did.

    “problem_again” takes the case up again or opens one; “no_marketing” and “do_not_contact” are kept as the
    customer's word.

    Example: aftersales callbacks record 17 --outcome reached --score 5
    """
    from aftersales_cli.clock import parse_day, parse_moment
    from aftersales_cli.customers.answers import Answer
    from aftersales_cli.customers.callback_record import record_callback

    outcomes = run.shop.taxonomy("callback_outcomes")
    answer = Answer(
        outcome=outcomes.resolve(outcome),
        score=score,
        next_on=parse_day(next_on) if next_on else None,
        note=note,
        churn_reason=run.shop.taxonomy("churn_reasons").resolve(churn_reason) if churn_reason else "",
    )
    moment = parse_moment(at, run.shop.zone) if at else None
    result = record_callback(run.shop, callback, answer, at=moment)
    lines = [_("Callback {id}: {outcome}.", id=result.id, outcome=outcomes.label(result.outcome))]
    if not result.changed:
        lines = [_("Callback {id} has this very answer already.", id=result.id)]
    if result.follow_up_id is not None:
        lines.append(_("Callback {id} follows on {day}.", id=result.follow_up_id, day=result.follow_up_on))
    if result.case_number is not None:
        lines.append(_("Case {number} is open about it.", number=result.case_number))
    if result.do_not_contact:
        lines.append(_("This customer will not be planned again."))
    run.out.data(result, *lines)


for verb in (*callbacks_plans.COMMANDS, *callbacks_effect.COMMANDS):
    callbacks.add_command(verb)
