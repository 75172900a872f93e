"""The command ``replacements``: goods sent instead of others."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.amounts import AMOUNT
from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.cases_steps import AT_HELP, CASE_NUMBER, read_moment, tell
from aftersales_cli.cli.numbers import RecordNumber
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.request_number import REQUEST_NUMBER
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from aftersales_cli.errors import NotFoundError
    from aftersales_cli.records.returns import Replacement


def _missing(number: int) -> NotFoundError:
    from aftersales_cli.desk.returns.replacing import missing_replacement

    return missing_replacement(number)


REPLACEMENT_NUMBER = RecordNumber(_missing)
"""Type of an argument that is a replacement's number."""

BEFORE_RETURN = option(
    "--before-return",
    is_flag=True,
    help=N_("It may go before the old goods are back; limited by role and value."),
)


@click.group(
    cls=Noun, default_verb="list", help=N_("Goods sent instead of returned, faulty or missing ones.")
)
def replacements() -> None:
    """Group of verbs."""


@replacements.command("list")
@option("--all", "everything", is_flag=True, help=N_("Also those that are delivered or void."))
@option("--case", "case_number", type=CASE_NUMBER, metavar="CASE", help=N_("Only those of a case."))
def list_(run: Run, case_number: int | None, *, everything: bool) -> None:
    """List replacements that are reserved or on their way.

    Example: aftersales replacements list
    """
    from aftersales_cli.clock import local_text
    from aftersales_cli.database.replacements import list_replacements

    states = run.shop.taxonomy("replacement_states")
    columns = [
        Column(_("Number"), lambda row: row.id, right=True),
        Column(_("Case"), lambda row: row.case_number, right=True),
        Column(_("Request"), lambda row: row.request_id, right=True),
        Column(_("Order"), lambda row: row.order_number),
        Column(_("Goods"), lambda row: f"{row.quantity} × {row.title or row.sku}"),
        Column(_("Status"), lambda row: states.label(row.status)),
        Column(_("Parcel"), lambda row: " ".join(part for part in (row.carrier, row.number) if part)),
        Column(_("Reserved"), lambda row: local_text(row.reserved_at, run.shop.zone)),
    ]
    found = list_replacements(
        run.shop.database, case_number=case_number, only_open=not everything and case_number is None
    )
    run.out.listing(found, columns, empty=_("No replacements."))


@replacements.command("show")
@click.argument("number", metavar="NUMBER", type=REPLACEMENT_NUMBER)
def show(run: Run, number: int) -> None:
    """Show a replacement: what is sent instead, where it is, and who pays a difference.

    Example: aftersales replacements show 2
    """
    from aftersales_cli.clock import local_text
    from aftersales_cli.desk.returns.replacing import require_replacement
    from aftersales_cli.money import format_money

    stored = require_replacement(run.shop, number)
    lines = [_line(run, stored)]
    if stored.carrier or stored.number:
        lines.append(_("Parcel: {name}", name=" ".join(filter(None, (stored.carrier, stored.number)))))
    if stored.price_difference:
        amount = format_money(abs(stored.price_difference), stored.currency)
        pays = stored.price_difference > 0
        lines.append(
            _("The customer pays {amount} more.", amount=amount)
            if pays
            else _("The customer gets {amount} back.", amount=amount)
        )
    if stored.before_return:
        lines.append(_("It may go before the old goods are back."))
    moments = {
        _("Reserved"): stored.reserved_at,
        _("Sent"): stored.shipped_at,
        _("Arrived"): stored.delivered_at,
    }
    lines += [f"{name}: {local_text(moment, run.shop.zone)}" for name, moment in moments.items() if moment]
    run.out.data(stored, *lines)


@replacements.command("reserve", writes=True)
@click.argument("words", nargs=-1, metavar="[REQUEST] [SKU=N]...")
@option(
    "--case",
    "case_number",
    type=CASE_NUMBER,
    metavar="CASE",
    help=N_("A case whose goods need not come back."),
)
@option("--sku", default="", help=N_("Other goods than before: their SKU."))
@option("--title", default="", help=N_("Other goods than before: their name."))
@option("--pays", type=AMOUNT, help=N_("Price difference the customer pays, e.g. 12.50."))
@option("--back", type=AMOUNT, help=N_("Price difference the customer gets back, e.g. 12.50."))
@BEFORE_RETURN
@option("--at", help=AT_HELP)
def reserve(
    run: Run,
    words: tuple[str, ...],
    case_number: int | None,
    sku: str,
    title: str,
    pays: Decimal | None,
    back: Decimal | None,
    at: str | None,
    *,
    before_return: bool,
) -> None:
    """Set goods aside to be sent instead; without products all that was approved. Nothing is sent by this command.

    With --case instead of a request something missing is sent again without a return.

    Example: aftersales replacements reserve 4 --sku CUP-BLUE --title "Blue cup" --pays 5
    """
    from aftersales_cli.desk.returns.replacing import reserve_replacement

    number = None
    if case_number is None and words:
        number, words = REQUEST_NUMBER.convert(words[0], None, None), words[1:]
    with run.shop.rehearsal():
        found = reserve_replacement(
            run.shop,
            request_id=number,
            case_number=case_number,
            words=words,
            sku=sku,
            title=title,
            pays=pays,
            back=back,
            before_return=before_return,
            at=read_moment(run, at),
        )
    tell(run, found, *(_line(run, entry) for entry in found))


@replacements.command("ship", writes=True)
@click.argument("number", metavar="NUMBER", type=REPLACEMENT_NUMBER)
@option("--carrier", default="", help=N_("The courier, e.g. SF."))
@option("--number", "parcel", default="", metavar="NUMBER", help=N_("The parcel's number."))
@BEFORE_RETURN
@option("--at", help=AT_HELP)
def ship(run: Run, number: int, carrier: str, parcel: str, at: str | None, *, before_return: bool) -> None:
    """Record that a replacement has left; a courier's file says later that it has arrived.

    Example: aftersales replacements ship 2 --carrier SF --number SF1088000000002
    """
    from aftersales_cli.desk.returns.replacing import ship_replacement

    stored = ship_replacement(
        run.shop, number, carrier=carrier, number=parcel, before_return=before_return, at=read_moment(run, at)
    )
    tell(run, stored, _line(run, stored))


@replacements.command("deliver", writes=True)
@click.argument("number", metavar="NUMBER", type=REPLACEMENT_NUMBER)
@option("--at", help=AT_HELP)
def deliver(run: Run, number: int, at: str | None) -> None:
    """Record that the customer has a replacement.

    Example: aftersales replacements deliver 2
    """
    from aftersales_cli.desk.returns.replacing import deliver_replacement

    stored = deliver_replacement(run.shop, number, at=read_moment(run, at))
    tell(run, stored, _line(run, stored))


@replacements.command("void", writes=True)
@click.argument("number", metavar="NUMBER", type=REPLACEMENT_NUMBER)
@option("--note", "remark", default="", help=N_("Why, in your own words."))
def void(run: Run, number: int, remark: str) -> None:
    """Give a replacement up: what was reserved goes back to stock, what was sent did not arrive.

    Example: aftersales replacements void 2 --note "Not in stock"
    """
    from aftersales_cli.desk.returns.replacing import void_replacement

    stored = void_replacement(run.shop, number, note=remark)
    tell(run, stored, _line(run, stored))


def _line(run: Run, stored: Replacement) -> str:
    return _(
        "Replacement {number} ({goods}), case {case}: {status}.",
        number=stored.id,
        goods=f"{stored.quantity} × {stored.title or stored.sku}",
        case=stored.case_number,
        status=run.shop.taxonomy("replacement_states").label(stored.status),
    )
