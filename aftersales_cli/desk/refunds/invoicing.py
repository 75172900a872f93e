"""Invoices: asked for, issued, and reversed by a red one. The invoice itself is made in the tax office's program."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from aftersales_cli.database.cases import get_case
from aftersales_cli.database.invoices import (
    find_reversal,
    find_with_number,
    get_invoice,
    insert_invoice,
    issue_invoice,
    list_standing,
)
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.finding import find_order
from aftersales_cli.desk.moments import check_moment
from aftersales_cli.desk.refunds.due import after_days
from aftersales_cli.desk.refunds.split import read_amount
from aftersales_cli.desk.returns.books import read_books
from aftersales_cli.desk.steps import missing_case, record_event
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.money import format_money, to_decimal
from aftersales_cli.records.ledger import OrderLedger
from aftersales_cli.records.payouts import Invoice
from aftersales_cli.shop import Shop

_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_LENGTH = 18


def is_tax_id(text: str) -> bool:
    """Tell whether a text is a unified social credit code with the right check character (GB 32100-2015)."""
    if len(text) != _LENGTH or any(character not in _CHARACTERS for character in text):
        return False
    total = sum(_CHARACTERS.index(text[place]) * weight for place, weight in enumerate(_WEIGHTS))
    return _CHARACTERS[(31 - total % 31) % 31] == text[-1]


@dataclass(frozen=True)
class AskedInvoice:
    """An invoice that was asked for, and what about it looks wrong."""

    invoice: Invoice
    tax_id_doubtful: bool


def ask_invoice(
    shop: Shop,
    *,
    title: str,
    case_number: int | None = None,
    order: str = "",
    tax_id: str = "",
    amount: Decimal | None = None,
    at: datetime | None = None,
) -> AskedInvoice:
    """Note that a customer wants an invoice: of what was paid and not paid back, unless an amount is given.

    Raises RefusedError if it would be more than that, WrongUsageError, NotFoundError.
    """
    if not title.strip():
        raise WrongUsageError(
            _("The invoice needs a title."), remedy=_("Give the name of the person or company.")
        )
    if case_number is not None and get_case(shop.database, case_number) is None:
        raise missing_case(case_number)
    code = re.sub(r"\s", "", tax_id).upper()
    with changing(shop, "invoices.ask", *_numbers(case_number)) as writing:
        order_id = _order_of(shop, case_number, order)
        ledger = read_books(shop, order_id)
        wanted = read_amount(amount, ledger.currency, "--amount")
        free = _invoiceable(ledger, list_standing(shop.database, order_id))
        total = free if wanted is None else wanted
        _require_free(ledger, total, free)
        moment = _moment(shop, case_number, at)
        invoice_id = insert_invoice(
            shop.database,
            {
                "case_number": case_number,
                "order_id": order_id,
                "title": title.strip(),
                "tax_id": code,
                "currency": ledger.currency,
                "amount": total,
                "asked_at": moment,
                "due_at": after_days(shop, moment, shop.settings.invoices.days),
            },
        )
        writing.touch("invoice", invoice_id)
        invoice = require_invoice(shop, invoice_id)
        _note(shop, invoice, "invoice_asked", at=moment)
        return AskedInvoice(invoice, tax_id_doubtful=bool(code) and not is_tax_id(code))


def record_issue(shop: Shop, invoice_id: int, number: str, *, at: datetime | None = None) -> Invoice:
    """Note that an invoice was issued under a number; the same again changes nothing.

    Raises RefusedError if it has another number, or the number belongs to another one; NotFoundError.
    """
    word = _number(number)
    known = require_invoice(shop, invoice_id)
    with changing(shop, "invoices.issue", *_numbers(known.case_number)) as writing:
        invoice = require_invoice(shop, invoice_id)
        if invoice.issued_at is not None and invoice.number == word:
            return invoice
        _require_new_number(shop, word, invoice)
        if invoice.reverses_id is None and find_reversal(shop.database, invoice_id):
            raise RefusedError(_("Invoice {id} was taken back; it cannot be issued any more.", id=invoice_id))
        moment = _moment(shop, invoice.case_number, at, earliest=invoice.asked_at)
        if not issue_invoice(shop.database, invoice_id, number=word, at=moment):
            raise RefusedError(
                _(
                    "Invoice {id} is issued already, under number {number}.",
                    id=invoice_id,
                    number=invoice.number,
                ),
                remedy=_("To correct it, reverse it: aftersales invoices reverse {id}", id=invoice_id),
            )
        writing.touch("invoice", invoice_id)
        done = require_invoice(shop, invoice_id)
        _note(shop, done, "invoice_issued", at=moment)
        return done


def reverse_invoice(shop: Shop, invoice_id: int, *, number: str = "", at: datetime | None = None) -> Invoice:
    """Note a red invoice that takes an issued one back in full; with ``number`` it is issued, too.

    The same again returns the red one there is; a number issues it if it is still to be made. Raises RefusedError, NotFoundError.
    """
    known = require_invoice(shop, invoice_id)
    with changing(shop, "invoices.reverse", *_numbers(known.case_number)) as writing:
        invoice = require_invoice(shop, invoice_id)
        if invoice.reverses_id is not None:
            raise RefusedError(
                _("Invoice {id} is a red one itself.", id=invoice_id),
                remedy=_("Ask for a new invoice instead: aftersales invoices ask"),
            )
        if red := find_reversal(shop.database, invoice_id):
            return _issue_red(shop, invoice, red, number.strip(), at)
        # One that was never issued is simply taken back: there is nothing to be made in the tax office's program.
        unissued, word = invoice.issued_at is None, number.strip()
        moment = _moment(shop, invoice.case_number, at, earliest=invoice.issued_at or invoice.asked_at)
        if word:
            _require_new_number(shop, word, invoice)
        red_id = insert_invoice(
            shop.database,
            {
                "case_number": invoice.case_number,
                "order_id": invoice.order_id,
                "title": invoice.title,
                "tax_id": invoice.tax_id,
                "currency": invoice.currency,
                "amount": -invoice.amount,
                "asked_at": moment,
                "due_at": after_days(shop, moment, shop.settings.invoices.days),
                "issued_at": moment if word or unissued else None,
                "number": word,
                "reverses_id": invoice_id,
            },
        )
        if unissued:
            issue_invoice(shop.database, invoice_id, number="", at=moment)
        writing.touch("invoice", red_id)
        red = require_invoice(shop, red_id)
        _note(shop, red, "invoice_reversed", at=moment)
        return red


def _issue_red(shop: Shop, invoice: Invoice, red: Invoice, word: str, at: datetime | None) -> Invoice:
    """Issue a red invoice that was noted before under its number; without one, or with the same, nothing changes."""
    if not word or word == red.number:
        return red
    if red.issued_at is not None and not red.number:
        raise RefusedError(
            _(
                "Invoice {id} was never issued and is taken back already: there is no red invoice to be made.",
                id=invoice.id,
            ),
            remedy=_("Leave --number out."),
        )
    return record_issue(shop, red.id, word, at=at)


def kept_amount(shop: Shop, order_id: int) -> int:
    """Return what the customer of an order paid in the end."""
    return _kept(read_books(shop, order_id))


def find_too_high(shop: Shop, order_id: int) -> list[Invoice]:
    """Return issued invoices of an order that are, together, more than what the customer paid in the end."""
    standing = list_standing(shop.database, order_id)
    issued = [invoice for invoice in standing if invoice.issued_at is not None]
    ledger = read_books(shop, order_id)
    return issued if sum(invoice.amount for invoice in issued) > _kept(ledger) else []


def require_invoice(shop: Shop, invoice_id: int) -> Invoice:
    """Return the invoice with this number; raises NotFoundError."""
    invoice = get_invoice(shop.database, invoice_id)
    if invoice is None:
        raise missing_invoice(invoice_id)
    return invoice


def missing_invoice(number: int) -> NotFoundError:
    """Return the error for an invoice that does not exist."""
    return NotFoundError(
        _("There is no invoice {number}.", number=number),
        remedy=_(
            "“aftersales invoices list --all” shows them; the number is that of the list, not the official one."
        ),
    )


def _order_of(shop: Shop, case_number: int | None, word: str) -> int:
    if word:
        found = find_order(shop, word, None)
        assert found is not None, "without a storefront an unknown order is an error"
        return found.id
    case = get_case(shop.database, case_number) if case_number is not None else None
    if case is None or case.order_id is None:
        raise WrongUsageError(
            _("It is not known which order the invoice is for."), remedy=_("Name it with --order NUMBER.")
        )
    return case.order_id


def _kept(ledger: OrderLedger) -> int:
    """Return what the customer paid in the end."""
    return max(0, ledger.paid - ledger.given)


def _invoiceable(ledger: OrderLedger, standing: Sequence[Invoice]) -> int:
    return max(0, _kept(ledger) - sum(invoice.amount for invoice in standing))


def _require_free(ledger: OrderLedger, total: int, free: int) -> None:
    if 0 < total <= free:
        return
    message = _(
        "An invoice for {wanted} is too much: {paid} were paid, {back} of it go back, and {free} have no invoice yet.",
        wanted=format_money(total, ledger.currency),
        paid=format_money(ledger.paid, ledger.currency),
        back=format_money(ledger.given, ledger.currency),
        free=format_money(free, ledger.currency),
    )
    if not total:
        message = _("Nothing of this order is without an invoice.")
    raise RefusedError(message, remedy=_("“aftersales invoices list --all” shows the invoices there are."))


def _require_new_number(shop: Shop, number: str, invoice: Invoice) -> None:
    other = find_with_number(shop.database, number)
    if other is not None and other.id != invoice.id:
        raise RefusedError(
            _("Number {number} is that of invoice {id} already.", number=number, id=other.id),
            remedy=_("Compare the numbers on the two invoices."),
        )


def _number(text: str) -> str:
    if not text.strip():
        raise WrongUsageError(_("The invoice's number is empty."), remedy=_("Give the number printed on it."))
    return text.strip()


def _numbers(case_number: int | None) -> tuple[int, ...]:
    return () if case_number is None else (case_number,)


def _moment(shop: Shop, case_number: int | None, at: datetime | None, *, earliest: str | None = None) -> str:
    case = get_case(shop.database, case_number) if case_number is not None else None
    floor = max(case.opened_at if case else "", earliest or "")
    return check_moment(at, now=shop.now, earliest=floor or None, zone=shop.zone)


def _note(shop: Shop, invoice: Invoice, event: str, *, at: str) -> None:
    if invoice.case_number is None:
        return
    amount = f"{to_decimal(invoice.amount, invoice.currency)} {invoice.currency}"
    words = " · ".join(part for part in (f"#{invoice.id}", amount, invoice.number) if part)
    record_event(shop, invoice.case_number, event, at=at, field="invoice", after=str(invoice.id), note=words)
