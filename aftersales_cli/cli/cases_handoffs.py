"""The verbs of ``cases`` that ask others: handoff, handoffs, escalate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.cases_steps import case_verb, read_deadline, read_moment, tell
from aftersales_cli.cli.numbers import RecordNumber
from aftersales_cli.cli.output import Column
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from aftersales_cli.cli.run import Run
    from aftersales_cli.errors import NotFoundError
    from aftersales_cli.records.desk import Handoff


def _missing(number: int) -> NotFoundError:
    from aftersales_cli.desk.handoff_choice import missing_handoff

    return missing_handoff(number)


@case_verb("handoff")
@click.argument("department", required=False, default="")
@option("--ask", default="", help=N_("The question to the department."))
@option("--to", default="", metavar="AGENT", help=N_("The employee who is asked; default: the department."))
@option("--due", metavar="MOMENT", help=N_("Until when, e.g. 2026-11-23 18:00; default: the settings' time."))
@option("--answer", default="", help=N_("What the department answered."))
@option("--withdraw", is_flag=True, help=N_("Take the question back; it needs no answer any more."))
@option("--note", "remark", default="", help=N_("Why it is taken back."))
@option(
    "--handoff",
    "handoff_id",
    type=RecordNumber(_missing),
    metavar="ID",
    help=N_("Which hand-off is answered or withdrawn, if there are several."),
)
def handoff(
    run: Run,
    number: int,
    department: str,
    ask: str,
    to: str,
    due: str | None,
    answer: str,
    withdraw: bool,
    remark: str,
    handoff_id: int | None,
    at: str | None,
) -> None:
    """Ask another department, or record its answer.

    The case waits until the last open question is answered or withdrawn. Nothing is sent: tell the
    department, or let it look at its list of hand-offs.

    Example: aftersales cases handoff 17 logistics --ask "Where is the parcel?" --due "2026-11-23 18:00"
    """
    from aftersales_cli.desk.handing_off import answer_handoff, hand_off, withdraw_handoff

    asking = bool(department or ask or to or due)
    _check_words(
        asking=asking,
        complete=bool(department and ask),
        ending=sum((bool(answer), withdraw)),
        chosen=handoff_id is not None,
    )
    moment = read_moment(run, at)
    if asking:
        made = hand_off(run.shop, number, department, ask=ask, to=to, due=read_deadline(run, due), at=moment)
        tell(run, made, _describe_question(run, made))
    elif answer:
        done = answer_handoff(run.shop, number, answer, handoff_id=handoff_id, at=moment)
        tell(run, done, _("Hand-off {id} is answered.", id=done.id), _state(run, number))
    else:
        done = withdraw_handoff(run.shop, number, note=remark, handoff_id=handoff_id, at=moment)
        tell(run, done, _("Hand-off {id} is withdrawn.", id=done.id), _state(run, number))


def _check_words(*, asking: bool, complete: bool, ending: int, chosen: bool) -> None:
    if asking + ending != 1:
        raise click.UsageError(
            _("Either ask (DEPARTMENT --ask …), or give --answer, or --withdraw: one of the three.")
        )
    if asking and not complete:
        raise click.UsageError(_("A question needs a department and --ask."))
    if asking and chosen:
        raise click.UsageError(_("--handoff goes with --answer or --withdraw."))


def _describe_question(run: Run, made: Handoff) -> str:
    from aftersales_cli.clock import local_text

    return _(
        "Hand-off {id}: “{department}” is asked; the answer is due at {due}.",
        id=made.id,
        department=run.shop.taxonomy("departments").label(made.department),
        due=local_text(made.due_at, run.shop.zone),
    )


def _state(run: Run, number: int) -> str:
    from aftersales_cli.database.cases import get_case

    case = get_case(run.shop.database, number)
    assert case is not None
    status = run.shop.taxonomy("case_statuses").label(case.status)
    return _("Case {number} is now “{status}”.", number=number, status=status)


@click.command("handoffs", cls=Command)
@option("--open", "only_open", is_flag=True, help=N_("Only those without an answer (the default)."))
@option("--overdue", is_flag=True, help=N_("Only those whose answer is late."))
@option("--all", "everything", is_flag=True, help=N_("Answered and withdrawn ones too."))
@option("--department", default="", help=N_("Only those to this department."))
@option("--mine", is_flag=True, help=N_("Only those to my own department."))
def handoffs(run: Run, only_open: bool, overdue: bool, everything: bool, department: str, mine: bool) -> None:
    """List what other departments were asked, the one due first on top.

    Example: aftersales cases handoffs --overdue
    """
    from aftersales_cli.database.handoffs import list_handoffs
    from aftersales_cli.desk.handoff_choice import department_of

    if sum((only_open, overdue, everything)) > 1:
        raise click.UsageError(_("Give only one of --open, --overdue and --all."))
    shop = run.shop
    code = shop.taxonomy("departments").resolve(department) if department else ""
    if mine:
        code = department_of(shop, shop.agent) or "–"
    rows = list_handoffs(
        shop.database,
        only_open=not everything,
        overdue_at=shop.stamp if overdue else "",
        department=code,
    )
    empty = _("There is no hand-off.") if everything else _("There is no open hand-off.")
    run.out.listing(rows, _columns(run, done_too=everything), empty=empty)


def _columns(run: Run, *, done_too: bool) -> list[Column]:
    from aftersales_cli.clock import local_text

    departments, zone = run.shop.taxonomy("departments"), run.shop.zone
    columns = [
        Column(_("Hand-off"), lambda row: row.id, right=True),
        Column(_("Case"), lambda row: row.case_number, right=True),
        Column(_("Department"), lambda row: departments.label(row.department)),
        Column(_("Employee"), lambda row: row.assignee),
        Column(_("Question"), lambda row: row.question),
        Column(_("Asked by"), lambda row: row.asked_by),
        Column(_("Due"), lambda row: local_text(row.due_at, zone)),
    ]
    if done_too:
        columns += [
            Column(_("Done"), lambda row: local_text(row.done_at, zone)),
            Column(_("Done by"), lambda row: row.done_by),
            Column(_("Answer"), lambda row: _("withdrawn") if row.withdrawn else row.answer),
        ]
    return columns


@case_verb("escalate")
@option("--to", default="", metavar="AGENT", help=N_("Employee or role; default: the next one up the chain."))
@option("--note", "remark", default="", help=N_("Why."))
def escalate(run: Run, number: int, to: str, remark: str, at: str | None) -> None:
    """Pass a case up: who is told sees it in “status” and “today”; who works on it stays the same.

    Example: aftersales cases escalate 17 --note "The customer threatens with 12315"
    """
    from aftersales_cli.desk.escalating import describe_target, escalate_case

    done = escalate_case(run.shop, number, to=to, note=remark, at=read_moment(run, at))
    who = describe_target(run.shop, done.target)
    tell(run, done, _("Case {number} is passed up to {name}; tell them.", number=number, name=who))


COMMANDS = (handoff, handoffs, escalate)
"""In the order in which the help shows them."""
