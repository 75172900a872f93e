"""The verbs of ``returns`` about goods: ship, receive, inspect, expire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.cases_steps import AT_HELP, read_moment, tell
from aftersales_cli.cli.request_number import REQUEST_NUMBER
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aftersales_cli.desk.returns.receiving import Receipt
    from aftersales_cli.desk.returns.sending import ParcelExpiry
    from aftersales_cli.records.returns import ReturnLine

DISPOSITION = option(
    "--disposition", default="", help=N_("What becomes of the goods: restock, repair, scrap, return or keep.")
)


@click.command("ship", cls=Command, writes=True)
@click.argument("number", metavar="REQUEST", type=REQUEST_NUMBER)
@option("--carrier", default="", help=N_("The courier, e.g. SF."))
@option("--number", "parcel", default="", metavar="NUMBER", help=N_("The parcel's number."))
@option(
    "--in/--out", "inbound", default=True, help=N_("Sent by the customer (default), or back to the customer.")
)
@option("--note", "remark", default="", help=N_("What to know about the parcel; enough if it has no number."))
@option("--at", help=AT_HELP)
def ship(
    run: Run, number: int, carrier: str, parcel: str, remark: str, at: str | None, *, inbound: bool
) -> None:
    """Record a parcel: the customer has sent the goods, or they went back. Nothing is sent by this command.

    Parcels named in the marketplace's after-sales file are recorded by its import already.

    Example: aftersales returns ship 4 --carrier SF --number SF1088000000001
    """
    from aftersales_cli.desk.returns.sending import ship_parcel

    stored = ship_parcel(
        run.shop,
        number,
        carrier=carrier,
        number=parcel,
        out=not inbound,
        note=remark,
        at=read_moment(run, at),
    )
    status = run.shop.taxonomy("parcel_states").label(stored.status)
    name = stored.number or stored.note
    tell(run, stored, _("Parcel {name} is now “{status}”.", name=name, status=status))


@click.command("receive", cls=Command, writes=True)
@click.argument("number", metavar="REQUEST", type=REQUEST_NUMBER)
@click.argument("pieces", nargs=-1, metavar="[SKU=N]...")
@option(
    "--all",
    "everything",
    is_flag=True,
    help=N_("Everything that is still expected; also without any product."),
)
@option("--damaged", multiple=True, metavar="SKU=N", help=N_("Pieces that came damaged."))
@option("--wrong", multiple=True, metavar="SKU=N", help=N_("Pieces in whose place something else came."))
@option(
    "--rejected", multiple=True, metavar="SKU=N", help=N_("Pieces that are not accepted, e.g. used ones.")
)
@option("--short", multiple=True, metavar="SKU=N", help=N_("Pieces that are missing for good."))
@option(
    "--extra", multiple=True, metavar="TEXT", help=N_("What came and belongs to no product of the request.")
)
@option(
    "--inspect", "later", is_flag=True, help=N_("Only count now; the inspection follows: returns inspect.")
)
@DISPOSITION
@option("--carrier", default="", help=N_("The courier, e.g. SF."))
@option(
    "--number", "parcel", default="", metavar="NUMBER", help=N_("The parcel's number, if there are several.")
)
@option("--at", help=AT_HELP)
def receive(
    run: Run,
    number: int,
    pieces: tuple[str, ...],
    damaged: tuple[str, ...],
    wrong: tuple[str, ...],
    rejected: tuple[str, ...],
    short: tuple[str, ...],
    extra: tuple[str, ...],
    disposition: str,
    carrier: str,
    parcel: str,
    at: str | None,
    *,
    everything: bool,
    later: bool,
) -> None:
    """Record goods that came back; without more everything as approved, in order and back to stock.

    Anything can be received: what is short, damaged, wrong or was never expected is kept and put among the
    exceptions. Products are named by SKU, a part of the title or #1, #2.

    Example: aftersales returns receive 4 CUP=2 --damaged CUP=1
    """
    from aftersales_cli.desk.returns.receiving import Words, receive_goods

    receipt = receive_goods(
        run.shop,
        number,
        Words(pieces, damaged, wrong, rejected, short, extra),
        everything=everything,
        inspect_later=later,
        disposition=disposition,
        carrier=carrier,
        number=parcel,
        at=read_moment(run, at),
    )
    tell(run, receipt, *_receipt_lines(run, receipt))


@click.command("inspect", cls=Command, writes=True)
@click.argument("number", metavar="REQUEST", type=REQUEST_NUMBER)
@click.argument("words", nargs=-1, metavar="[SKU] [accepted=N] [damaged=N] [wrong=N] [short=N] [rejected=N]")
@DISPOSITION
@option("--at", help=AT_HELP)
def inspect(run: Run, number: int, words: tuple[str, ...], disposition: str, at: str | None) -> None:
    """Say what the pieces of a product turned out to be, and what becomes of them.

    The figures are the whole result, so that saying it again corrects it; without figures all that came is
    accepted.

    Example: aftersales returns inspect 4 CUP accepted=1 damaged=1 --disposition scrap
    """
    from aftersales_cli.desk.returns.inspecting import inspect_goods

    lines = inspect_goods(run.shop, number, words, disposition=disposition, at=read_moment(run, at))
    tell(run, lines, *_line_lines(run, lines))


@click.command("expire", cls=Command, writes=True)
def expire(run: Run) -> None:
    """Give up parcels whose time is over: never sent, or lost on the way; the nightly run does it.

    How long a parcel may take says returns.lost_days in the settings. Twice does nothing more.

    Example: aftersales returns expire
    """
    from aftersales_cli.desk.returns.sending import expire_parcels

    found = expire_parcels(run.shop)
    tell(run, found, *(_expiry_line(entry) for entry in found))
    if not found:
        run.out.note(_("Nothing is due."))


def _receipt_lines(run: Run, receipt: Receipt) -> Iterator[str]:
    status = run.shop.taxonomy("parcel_states").label(receipt.parcel.status)
    yield _(
        "Return request {number}: received; the parcel is “{status}”.",
        number=receipt.request.id,
        status=status,
    )
    yield from _line_lines(run, receipt.lines)
    for extra in receipt.extras:
        yield _("Not expected, kept among the exceptions: {what}", what=extra)


def _line_lines(run: Run, lines: Sequence[ReturnLine]) -> Iterator[str]:
    from aftersales_cli.desk.returns.arrivals import FIGURES, needs_disposition
    from aftersales_cli.desk.returns.receiving import figure_name

    for line in lines:
        figures = [f"{getattr(line, name)} {figure_name(name)}" for name in FIGURES if getattr(line, name)]
        if line.disposition:
            figures.append(run.shop.taxonomy("dispositions").label(line.disposition))
        text = _(
            "  {title}: {received} of {approved} came",
            title=line.title or line.sku or _("whole order"),
            received=line.received,
            approved=line.approved,
        )
        yield text + (f" ({', '.join(figures)})" if figures else "")
        if needs_disposition(line):
            yield "  " + _(
                "Say what becomes of it: {command}",
                command=f"aftersales returns inspect {line.request_id} --disposition restock|repair|scrap|return",
            )


def _expiry_line(entry: ParcelExpiry) -> str:
    values = {
        "parcel": entry.number or entry.parcel,
        "request": entry.request or "–",
        "case": entry.case_number,
    }
    if entry.done == "lost":
        return _("Parcel {parcel} of return request {request}, case {case}: lost.", **values)
    if entry.request_expired:
        return _("Return request {request}, case {case}: never sent; the request has ended.", **values)
    return _(
        "Return request {request}, case {case}: never sent; look at it, something else is open.", **values
    )


COMMANDS = (ship, receive, inspect, expire)
"""In the order in which the help shows them."""
