"""The verbs of ``repairs`` that take a repair further."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.cases_steps import AT_HELP, read_moment, tell
from aftersales_cli.cli.numbers import RecordNumber
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from aftersales_cli.cli.run import Run
    from aftersales_cli.desk.repairs.telling import Told, Voice
    from aftersales_cli.errors import NotFoundError


def _missing(number: int) -> NotFoundError:
    from aftersales_cli.desk.repairs.moving import missing_repair

    return missing_repair(number)


REPAIR = RecordNumber(_missing)
"""Type of an argument that is a repair's number."""

KEEP = option(
    "--tell",
    "keep",
    is_flag=True,
    help=N_("Record the text for the customer as said, for when you send it at once."),
)
"""Option of every step that has a text for the customer."""

PARTS = option(
    "--parts", default="", metavar="AMOUNT", help=N_("What the parts cost us; adds to what stood there.")
)
NOT_COVERED = option(
    "--not-covered",
    default="",
    metavar="WHY",
    help=N_("Why the warranty does not cover it, e.g. water damage."),
)


def voice_of(run: Run, *, keep: bool) -> Voice:
    """Return how the customer is told: in the language of --lang, else their own."""
    from aftersales_cli.desk.repairs.telling import Voice

    return Voice(run.shared.lang, keep)


def show_step(run: Run, told: Told, *lines: str) -> None:
    """Print where a repair stands now, the text for the customer, and where to send it."""
    from aftersales_cli.desk.repairs.rights import next_commands

    state = run.shop.taxonomy("repair_states").label(told.repair.status)
    first = _("Repair {number} is now “{state}”.", number=told.repair.id, state=state)
    tell(run, told, first, *lines, *(["", told.text] if told.text else []))
    if run.shared.as_json:
        return
    if told.text:
        if told.kept:
            run.out.note(_("Recorded; now send it {place}.", place=told.send))
        else:
            text = _("The text is not recorded as said. Send it {place}; --tell records it with the step.",
                     place=told.send)  # fmt: skip
            run.out.note(text)
    if commands := next_commands(told.repair):
        run.out.note(_("Possible now: {commands}", commands="; ".join(commands)))


def read_amount(text: str, currency: str) -> int:
    """Return an amount above zero in minor units; raises WrongUsageError, also for more decimals than there are."""
    from decimal import Decimal, InvalidOperation

    from aftersales_cli.errors import WrongUsageError
    from aftersales_cli.money import minor_digits, to_minor

    try:
        amount = Decimal(text.strip())
        minor, rounded = to_minor(amount, currency) if amount.is_finite() else (0, False)
    except InvalidOperation:
        minor, rounded = 0, False
    if minor <= 0 or rounded or minor > _LARGEST:
        raise WrongUsageError(
            _("“{text}” is no amount of money in {currency}.", text=text, currency=currency),
            remedy=_(
                "Write it like {example}, above zero.", example="120" + ".00"[: minor_digits(currency) + 1]
            ),
        )
    return minor


_LARGEST = 10**14


def _parts(run: Run, number: int, text: str) -> int | None:
    return read_amount(text, _currency(run, number)) if text else None


def _currency(run: Run, number: int) -> str:
    from aftersales_cli.desk.repairs.moving import require_repair

    return require_repair(run.shop, number).currency


def _step(name: str) -> Callable[[Callable[..., Any]], Command]:
    """Declare a verb that takes a repair's number first and knows ``--at`` and ``--tell``.

    The function gets them as ``at``, a moment or None, and ``voice``.
    """

    def decorate(function: Callable[..., Any]) -> Command:
        @wraps(function)
        def step(run: Run, *, at: str | None, keep: bool, **words: Any) -> None:
            function(run, **words, at=read_moment(run, at), voice=voice_of(run, keep=keep))

        body = KEEP(option("--at", help=AT_HELP)(step))
        command = click.command(name, cls=Command, writes=True)(body)
        command.params.insert(0, click.Argument(["number"], metavar="REPAIR", type=REPAIR))
        return command

    return decorate


@_step("receive")
@option("--serial", default="", help=N_("Serial number read off the piece; tells of earlier repairs."))
def receive(run: Run, number: int, serial: str, at: datetime | None, voice: Voice) -> None:
    """Record that the piece has come in.

    Example: aftersales repairs receive 4 --serial X2-00917
    """
    from aftersales_cli.cli.repairs_page import write_rights, write_warranty
    from aftersales_cli.clock import local_text
    from aftersales_cli.desk.repairs.receiving import receive_repair
    from aftersales_cli.desk.repairs.viewing import view_repair

    with run.shop.rehearsal():
        told = receive_repair(run.shop, number, serial=serial, at=at, voice=voice)
        view = view_repair(run.shop, number)
    due = _("Due back by {day}.", day=local_text(told.repair.due_at, run.shop.zone)[:10])
    show_step(run, told, due, *write_warranty(run.shop, view), *write_rights(view))
    if told.booked_serial:
        text = _("Booked with the number {booked}, but {came} came in: make sure that it is the customer's piece.",
                 booked=told.booked_serial, came=told.repair.serial)  # fmt: skip
        run.out.note(text)


@_step("diagnose")
@option("--say", required=True, help=N_("What is at fault."))
@NOT_COVERED
def diagnose(run: Run, number: int, say: str, not_covered: str, at: datetime | None, voice: Voice) -> None:
    """Record what is at fault.

    Example: aftersales repairs diagnose 4 --say "Battery worn out"
    """
    from aftersales_cli.desk.repairs.steps import diagnose_repair

    show_step(run, diagnose_repair(run.shop, number, say, not_covered=not_covered, at=at, voice=voice))


@_step("quote")
@click.argument("amount")
@NOT_COVERED
def quote(run: Run, number: int, amount: str, not_covered: str, at: datetime | None, voice: Voice) -> None:
    """Record what the repair would cost the customer, in the order's currency.

    Example: aftersales repairs quote 4 120
    """
    from aftersales_cli.desk.repairs.steps import quote_repair

    minor = read_amount(amount, _currency(run, number))
    show_step(run, quote_repair(run.shop, number, minor, not_covered=not_covered, at=at, voice=voice))


@_step("approve")
@option("--note", "remark", default="", help=N_("How the customer said so."))
def approve(run: Run, number: int, remark: str, at: datetime | None, voice: Voice) -> None:
    """Record that the customer accepts the quote. Taking the money remains your part.

    Example: aftersales repairs approve 4 --note "Yes, in the chat"
    """
    from aftersales_cli.desk.repairs.steps import approve_repair

    show_step(run, approve_repair(run.shop, number, note=remark, at=at, voice=voice))


@_step("decline")
@option("--note", "remark", default="", help=N_("Why."))
def decline(run: Run, number: int, remark: str, at: datetime | None, voice: Voice) -> None:
    """Record that the customer does not want the repair; a piece that is here goes back.

    Example: aftersales repairs decline 4 --note "Too expensive"
    """
    from aftersales_cli.desk.repairs.steps import decline_repair

    show_step(run, decline_repair(run.shop, number, note=remark, at=at, voice=voice))


@_step("start")
@option("--free", is_flag=True, help=N_("It costs the customer nothing though it is not in warranty."))
def start(run: Run, number: int, free: bool, at: datetime | None, voice: Voice) -> None:
    """Record that the work has begun.

    Example: aftersales repairs start 4
    """
    from aftersales_cli.desk.repairs.steps import start_repair

    show_step(run, start_repair(run.shop, number, free=free, at=at, voice=voice))


@_step("test")
@option("--say", default="", help=N_("What was tried, and how it went."))
@option("--failed", is_flag=True, help=N_("It does not work yet; the work goes on."))
@PARTS
def test(
    run: Run, number: int, say: str, failed: bool, parts: str, at: datetime | None, voice: Voice
) -> None:
    """Record a trial run after the work.

    Example: aftersales repairs test 4 --say "Two hours without a break" --parts 35
    """
    from aftersales_cli.desk.repairs.steps import try_repair

    cost = _parts(run, number, parts)
    show_step(run, try_repair(run.shop, number, result=say, failed=failed, parts=cost, at=at, voice=voice))


@_step("ship")
@option("--carrier", default="", help=N_("Who carries the parcel."))
@option("--number", "parcel", default="", help=N_("The parcel's number."))
@PARTS
def ship(
    run: Run, number: int, carrier: str, parcel: str, parts: str, at: datetime | None, voice: Voice
) -> None:
    """Record that the piece is on its way back. Sending it remains your part.

    Example: aftersales repairs ship 4 --carrier 顺丰 --number SF1234567890
    """
    from aftersales_cli.desk.repairs.steps import ship_repair

    cost = _parts(run, number, parts)
    show_step(
        run,
        ship_repair(run.shop, number, carrier=carrier, number=parcel, parts=cost, at=at, voice=voice),
    )


@_step("done")
@option("--note", "remark", default="", help=N_("How the customer found it."))
@PARTS
def done(run: Run, number: int, remark: str, parts: str, at: datetime | None, voice: Voice) -> None:
    """Record that the customer has the piece back; after the test: handed over at the counter.

    Example: aftersales repairs done 4
    """
    from aftersales_cli.desk.repairs.steps import finish_repair

    cost = _parts(run, number, parts)
    show_step(run, finish_repair(run.shop, number, note=remark, parts=cost, at=at, voice=voice))


@_step("solve")
@option("--note", "remark", default="", help=N_("What helped."))
def solve(run: Run, number: int, remark: str, at: datetime | None, voice: Voice) -> None:
    """Record that a booked piece works again without being sent in.

    Example: aftersales repairs solve 4 --note "Paired again"
    """
    from aftersales_cli.desk.repairs.steps import solve_repair

    show_step(run, solve_repair(run.shop, number, note=remark, at=at, voice=voice))


@_step("unrepairable")
@option("--say", required=True, help=N_("Why it cannot be repaired."))
def unrepairable(run: Run, number: int, say: str, at: datetime | None, voice: Voice) -> None:
    """Record that the piece cannot be repaired, and show what the customer may ask for.

    Example: aftersales repairs unrepairable 4 --say "Board burnt, no part to be had"
    """
    from aftersales_cli.cli.repairs_page import write_rights
    from aftersales_cli.desk.repairs.steps import give_up_repair
    from aftersales_cli.desk.repairs.viewing import view_repair

    with run.shop.rehearsal():
        told = give_up_repair(run.shop, number, say, at=at, voice=voice)
        view = view_repair(run.shop, number)
    show_step(run, told, *write_rights(view))


COMMANDS = (receive, diagnose, quote, approve, decline, start, test, ship, done, solve, unrepairable)
"""In the order in which the help shows them."""
