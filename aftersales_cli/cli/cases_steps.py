"""The verbs of ``cases`` that change a case: assign, reply, note, resolve, close, reopen, cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.numbers import RecordNumber
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from aftersales_cli.errors import NotFoundError
    from aftersales_cli.records.cases import Case

_AT_HELP = N_("When it happened, e.g. 2026-11-21 15:20 (shop's local time); default: now.")


def _missing(number: int) -> NotFoundError:
    from aftersales_cli.desk.steps import missing_case

    return missing_case(number)


CASE_NUMBER = RecordNumber(_missing)
"""Type of an argument that is a case's number."""


def _verb(name: str) -> Callable[[Callable[..., Any]], Command]:
    """Declare a verb that takes a case number first and knows ``--at``."""

    def decorate(function: Callable[..., Any]) -> Command:
        with_moment = option("--at", help=_AT_HELP)(function)
        command = click.command(name, cls=Command, writes=True)(with_moment)
        command.params.insert(0, click.Argument(["number"], metavar="CASE", type=CASE_NUMBER))
        return command

    return decorate


def read_moment(run: Run, text: str | None) -> datetime | None:
    """Read a local moment the user typed; None for none. Raises WrongUsageError."""
    from aftersales_cli.clock import parse_moment

    return parse_moment(text, run.shop.zone) if text else None


def tell(run: Run, result: object, *lines: str) -> None:
    """Print what an operation did, and that a dry run kept nothing of it."""
    run.out.data(result, *lines)
    if run.shop.dry_run:
        run.out.note(_("Dry run: nothing was changed."))


def _status_line(run: Run, case: Case) -> str:
    status = run.shop.taxonomy("case_statuses").label(case.status)
    return _("Case {number} is now “{status}”.", number=case.number, status=status)


@_verb("assign")
@click.argument("agent")
def assign(run: Run, number: int, agent: str, at: str | None) -> None:
    """Give a case to an employee, by code or name.

    Example: aftersales cases assign 17 lan
    """
    from aftersales_cli.database.agents import get_agent
    from aftersales_cli.desk.assigning import assign_case

    case = assign_case(run.shop, number, agent, at=read_moment(run, at))
    worker = get_agent(run.shop.database, case.assignee_id) if case.assignee_id is not None else None
    name = worker.name if worker else "–"
    tell(run, case, _("{name} works on case {number}.", name=name, number=case.number))


@_verb("reply")
@option("--say", required=True, help=N_("The answer to the customer."))
@option("--channel", default="", help=N_("Where it is sent; default: where the case came from."))
def reply(run: Run, number: int, say: str, channel: str, at: str | None) -> None:
    """Record an answer to the customer and show it ready to copy; sending it remains your part.

    Example: aftersales cases reply 17 --say "We send a new one today"
    """
    from aftersales_cli.clock import local_text
    from aftersales_cli.desk.answering import reply_case

    answer = reply_case(run.shop, number, say, channel=channel, at=read_moment(run, at))
    recorded = (
        _("Recorded as sent at {moment}.", moment=local_text(answer.sent_at, run.shop.zone))
        if at
        else _("Recorded; now send it {place}.", place=answer.send)
    )
    tell(run, answer, answer.text)
    if not run.shared.as_json:
        run.out.note(recorded)


@_verb("note")
@click.argument("text")
def note(run: Run, number: int, text: str, at: str | None) -> None:
    """Add a note for ourselves; the customer does not see it.

    Example: aftersales cases note 17 "Warehouse looks for the parcel"
    """
    from aftersales_cli.desk.answering import note_case

    case = note_case(run.shop, number, text, at=read_moment(run, at))
    tell(run, case, _("Noted on case {number}.", number=case.number))


@_verb("resolve")
@option("--cause", default="", help=N_("What it was caused by, e.g. packaging; says who is at fault."))
@option("--resolution", default="", help=N_("How it ended; default: what is usual for the kind."))
@option("--reason", default="", help=N_("The true reason, if it differs from the first one."))
@option("--note", "remark", default="", help=N_("A remark for the case's history."))
def resolve(
    run: Run, number: int, cause: str, resolution: str, reason: str, remark: str, at: str | None
) -> None:
    """Record that a case is solved. Money and goods are moved by you, not by this command.

    Example: aftersales cases resolve 17 --cause packaging
    """
    from aftersales_cli.desk.ending import resolve_case

    case = resolve_case(
        run.shop,
        number,
        resolution=resolution,
        cause=cause,
        reason=reason,
        note=remark,
        at=read_moment(run, at),
    )
    tell(
        run,
        case,
        _(
            "Case {number} is resolved: {resolution}; cause: {cause}.",
            number=case.number,
            resolution=run.shop.taxonomy("resolutions").label(case.resolution),
            cause=run.shop.taxonomy("causes").label(case.cause),
        ),
    )


@_verb("close")
@option("--note", "remark", default="", help=N_("A remark for the case's history."))
def close(run: Run, number: int, remark: str, at: str | None) -> None:
    """Close a resolved case: the customer is content, or has had time enough to object.

    Example: aftersales cases close 17
    """
    from aftersales_cli.desk.ending import close_case

    case = close_case(run.shop, number, note=remark, at=read_moment(run, at))
    tell(run, case, _status_line(run, case))


@_verb("reopen")
@option("--reason", default="", help=N_("Why; needed for a closed case."))
def reopen(run: Run, number: int, reason: str, at: str | None) -> None:
    """Take up a resolved or closed case again.

    Example: aftersales cases reopen 17 --reason "The new one is broken too"
    """
    from aftersales_cli.desk.ending import reopen_case

    case = reopen_case(run.shop, number, reason=reason, at=read_moment(run, at))
    tell(run, case, _status_line(run, case))


@_verb("cancel")
@option("--reason", required=True, help=N_("spam, test, duplicate, withdrawn or other."))
@option("--note", "remark", default="", help=N_("A remark for the case's history."))
def cancel(run: Run, number: int, reason: str, remark: str, at: str | None) -> None:
    """Take a case out of the work that needs no solution.

    Example: aftersales cases cancel 17 --reason duplicate
    """
    from aftersales_cli.desk.ending import cancel_case

    case = cancel_case(run.shop, number, reason, note=remark, at=read_moment(run, at))
    tell(run, case, _status_line(run, case))


COMMANDS = (assign, reply, note, resolve, reopen, close, cancel)
"""In the order in which the help shows them."""
