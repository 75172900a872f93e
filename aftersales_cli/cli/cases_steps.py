"""The verbs of ``cases`` that change one case: note, reopen, cancel; and what other verbs share."""

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

AT_HELP = N_("When it happened, e.g. 2026-11-21 15:20 (shop's local time); default: now.")
"""Help of ``--at``."""


def _missing(number: int) -> NotFoundError:
    from aftersales_cli.desk.steps import missing_case

    return missing_case(number)


CASE_NUMBER = RecordNumber(_missing)
"""Type of an argument that is a case's number."""

MINUTES = option("--minutes", type=click.IntRange(min=1, max=1440), help=N_("Minutes of work it took."))
"""Option of what takes time."""


def case_verb(name: str, *, with_moment: bool = True) -> Callable[[Callable[..., Any]], Command]:
    """Declare a verb that takes a case number first and, unless it has no time of its own, knows ``--at``."""

    def decorate(function: Callable[..., Any]) -> Command:
        body = option("--at", help=AT_HELP)(function) if with_moment else function
        command = click.command(name, cls=Command, writes=True)(body)
        command.params.insert(0, click.Argument(["number"], metavar="CASE", type=CASE_NUMBER))
        return command

    return decorate


def read_moment(run: Run, text: str | None) -> datetime | None:
    """Read a local moment the user typed; None for none. Raises WrongUsageError."""
    from aftersales_cli.clock import parse_moment

    return parse_moment(text, run.shop.zone) if text else None


def read_deadline(run: Run, text: str | None) -> datetime | None:
    """Read until when something is due: a day without a time means its last minute. Raises WrongUsageError."""
    return read_moment(run, f"{text} 23:59" if text and ":" not in text else text)


def tell(run: Run, result: object, *lines: str) -> None:
    """Print what an operation did, and that a dry run kept nothing of it."""
    run.out.data(result, *lines)
    if run.shop.dry_run:
        run.out.note(_("Dry run: nothing was changed."))


def status_line(run: Run, case: Case) -> str:
    """Say in which state a case is now."""
    status = run.shop.taxonomy("case_statuses").label(case.status)
    return _("Case {number} is now “{status}”.", number=case.number, status=status)


@case_verb("note")
@click.argument("text")
@MINUTES
def note(run: Run, number: int, text: str, minutes: int | None, at: str | None) -> None:
    """Add a note for ourselves; the customer does not see it.

    Example: aftersales cases note 17 "Warehouse looks for the parcel"
    """
    from aftersales_cli.desk.answering import note_case

    case = note_case(run.shop, number, text, minutes=minutes, at=read_moment(run, at))
    tell(run, case, _("Noted on case {number}.", number=case.number))


@case_verb("reopen")
@option("--reason", default="", help=N_("Why; needed for a closed case."))
@option("--follow-up", is_flag=True, help=N_("Open a new linked case instead; for one closed too long ago."))
def reopen(run: Run, number: int, reason: str, follow_up: bool, at: str | None) -> None:
    """Take up a resolved or closed case again, or follow it up with a new one of the same order and customer.

    Example: aftersales cases reopen 17 --reason "The new one is broken too"
    """
    from aftersales_cli.desk.ending import reopen_case
    from aftersales_cli.desk.joining import follow_up_case

    if follow_up:
        case = follow_up_case(run.shop, number, reason=reason, at=read_moment(run, at))
        tell(run, case, _("Case {number} opened; it follows case {other}.", number=case.number, other=number))
        return
    case = reopen_case(run.shop, number, reason=reason, at=read_moment(run, at))
    tell(run, case, status_line(run, case))


@case_verb("cancel")
@option("--reason", required=True, help=N_("spam, test, duplicate, withdrawn or other."))
@option("--note", "remark", default="", help=N_("A remark for the case's history."))
def cancel(run: Run, number: int, reason: str, remark: str, at: str | None) -> None:
    """Take a case out of the work that needs no solution.

    Example: aftersales cases cancel 17 --reason duplicate
    """
    from aftersales_cli.desk.ending import cancel_case

    case = cancel_case(run.shop, number, reason, note=remark, at=read_moment(run, at))
    tell(run, case, status_line(run, case))


COMMANDS = (note, reopen, cancel)
"""In the order in which the help shows them."""
