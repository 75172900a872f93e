"""The command ``invoices``: asked for, issued, reversed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.amounts import AMOUNT
from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.cases_steps import AT_HELP, CASE_NUMBER, read_moment, tell
from aftersales_cli.cli.numbers import RecordNumber
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from decimal import Decimal

    from aftersales_cli.errors import NotFoundError
    from aftersales_cli.records.payouts import InvoiceRow


def _missing(number: int) -> NotFoundError:
    from aftersales_cli.desk.refunds.invoicing import missing_invoice

    return missing_invoice(number)


INVOICE_NUMBER = RecordNumber(_missing)
_AT = option("--at", help=AT_HELP)


@click.group(cls=Noun, help=N_("Invoices customers ask for, red ones too."))
def invoices() -> None:
    """Group of verbs."""


@invoices.command("ask", writes=True)
@option(
    "--case", "case_number", type=CASE_NUMBER, metavar="CASE", help=N_("The case in which it was asked for.")
)
@option("--order", default="", help=N_("The order; default: that of the case."))
@option("--title", required=True, help=N_("To whom the invoice is made out."))
@option("--tax-id", default="", help=N_("Tax number of a company (in China 18 characters)."))
@option("--amount", type=AMOUNT, help=N_("Default: what was paid, is not paid back, and has no invoice yet."))
@_AT
def ask(
    run: Run,
    case_number: int | None,
    order: str,
    title: str,
    tax_id: str,
    amount: Decimal | None,
    at: str | None,
) -> None:
    """Note that a customer wants an invoice. It is made in the tax office's program, not by this command.

    Example: aftersales invoices ask --case 17 --title "Blue Sky Ltd" --tax-id 91350100M000100Y43
    """
    from aftersales_cli.clock import local_text
    from aftersales_cli.desk.refunds.invoicing import ask_invoice
    from aftersales_cli.money import format_money

    if case_number is None and not order:
        raise click.UsageError(_("Name the case (--case) or the order (--order)."))
    asked = ask_invoice(
        run.shop,
        title=title,
        case_number=case_number,
        order=order,
        tax_id=tax_id,
        amount=amount,
        at=read_moment(run, at),
    )
    invoice = asked.invoice
    line = _(
        "Invoice {id} of {amount} is asked for, due by {due}. Once it is made: aftersales invoices issue {id} NUMBER",
        id=invoice.id,
        amount=format_money(invoice.amount, invoice.currency),
        due=local_text(invoice.due_at, run.shop.zone),
    )
    tell(run, asked, line)
    if asked.tax_id_doubtful:
        run.out.note(
            _(
                "Attention: {tax_id} is no unified social credit code (18 characters, the last one a check "
                "character). It was noted as given; ask the customer if it is a Chinese company.",
                tax_id=invoice.tax_id,
            )
        )


@invoices.command("issue", writes=True)
@click.argument("invoice_id", metavar="INVOICE", type=INVOICE_NUMBER)
@click.argument("number", metavar="NUMBER")
@_AT
def issue(run: Run, invoice_id: int, number: str, at: str | None) -> None:
    """Note that an invoice was made, with its official number. Sending it to the customer is up to you.

    Example: aftersales invoices issue 3 24312000000012345678
    """
    from aftersales_cli.desk.refunds.invoicing import record_issue

    done = record_issue(run.shop, invoice_id, number, at=read_moment(run, at))
    tell(
        run,
        done,
        _("Invoice {id} is issued: {number}. Now send it to the customer.", id=done.id, number=done.number),
    )


@invoices.command("reverse", writes=True)
@click.argument("invoice_id", metavar="INVOICE", type=INVOICE_NUMBER)
@option("--number", default="", help=N_("Official number of the red invoice, if it is made already."))
@_AT
def reverse(run: Run, invoice_id: int, number: str, at: str | None) -> None:
    """Take an invoice back in full by a red one; a new one for the rest is asked for separately.

    Example: aftersales invoices reverse 3 --number 24312000000012345699
    """
    from aftersales_cli.desk.refunds.invoicing import reverse_invoice

    red = reverse_invoice(run.shop, invoice_id, number=number, at=read_moment(run, at))
    if red.issued_at is None:
        text = _(
            "Red invoice {id} takes invoice {other} back. Make it, then: aftersales invoices issue {id} NUMBER",
            id=red.id,
            other=invoice_id,
        )
    else:
        text = _("Invoice {other} is taken back by red invoice {id}.", id=red.id, other=invoice_id)
    tell(run, red, text)


@invoices.command("list")
@option("--overdue", is_flag=True, help=N_("Only those that should have been issued by now."))
@option("--case", "case_number", type=CASE_NUMBER, metavar="CASE", help=N_("Only those of this case."))
@option("--all", "everything", is_flag=True, help=N_("Issued ones too."))
def list_(run: Run, overdue: bool, case_number: int | None, everything: bool) -> None:
    """List the invoices that are still to be made, the one due first on top.

    Example: aftersales invoices list --overdue
    """
    from aftersales_cli.database.invoices import list_invoices

    rows = list_invoices(
        run.shop.database,
        only_open=not everything and case_number is None,
        overdue_at=run.shop.stamp if overdue else "",
        case_number=case_number,
    )
    run.out.listing(rows, _columns(run), empty=_("No invoice is to be made."))


def _columns(run: Run) -> list[Column]:
    from aftersales_cli.clock import local_text
    from aftersales_cli.money import format_money

    zone = run.shop.zone
    return [
        Column(_("Invoice"), lambda row: row.id, right=True),
        Column(_("Case"), lambda row: row.case_number, right=True),
        Column(_("Order"), lambda row: row.order_number),
        Column(_("Title"), lambda row: row.title),
        Column(_("Tax number"), lambda row: row.tax_id),
        Column(_("Amount"), lambda row: format_money(row.amount, row.currency), right=True),
        Column(_("Due"), lambda row: local_text(row.due_at, zone)),
        Column(_("Issued"), lambda row: local_text(row.issued_at, zone)),
        Column(_("Number"), lambda row: row.number),
        Column(_("Remark"), _remark),
    ]


def _remark(row: InvoiceRow) -> str:
    if row.reverses_id is not None:
        return _("red, takes back {id}", id=row.reverses_id)
    return _("taken back by {id}", id=row.reversed_by) if row.reversed_by else ""
