"""Invoices: never more than was paid, issued once, taken back by a red one."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.invoices import list_invoices
from aftersales_cli.desk.refunds.composing import RefundAsk
from aftersales_cli.desk.refunds.invoicing import (
    ask_invoice,
    find_too_high,
    is_tax_id,
    record_issue,
    reverse_invoice,
)
from aftersales_cli.desk.refunds.paying import pay_refund
from aftersales_cli.desk.refunds.planning import plan_refund
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.records.payouts import Invoice
from aftersales_cli.shop import Shop
from tests.desk.refunds.refund_helpers import make_order, open_for


def ask(shop: Shop, **words: object) -> Invoice:
    return ask_invoice(shop, title="Blue Sky", **{"case_number": 1, **words}).invoice  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("91350100M000100Y43", True),
        ("91350100M000100Y44", False),
        ("91350100M000100Y4", False),
        ("9135010OM000100Y43", False),
        ("11111111111111111I", False),
        ("", False),
    ],
)
def test_the_last_character_of_a_tax_number_checks_the_others(text: str, *, right: bool) -> None:
    assert is_tax_id(text) is right


def test_an_invoice_is_for_what_was_paid_and_not_paid_back(shop: Shop) -> None:
    make_order(shop)
    number = open_for(shop)
    plan_refund(shop, RefundAsk(case_number=number, amount=Decimal(30)))
    invoice = ask(shop)
    assert (invoice.amount, invoice.currency, invoice.due_at) == (6100, "CNY", "2026-11-27T16:00:00Z")
    with pytest.raises(RefusedError, match="without an invoice"):
        ask(shop)
    assert [event.type for event in list_case_events(shop.database, number)][-1] == "invoice_asked"


def test_several_invoices_share_what_was_paid(shop: Shop) -> None:
    make_order(shop)
    open_for(shop)
    ask(shop, amount=Decimal(90))
    with pytest.raises(RefusedError, match="too much"):
        ask(shop, amount=Decimal("1.01"))
    assert ask(shop, amount=Decimal(1)).amount == 100


def test_a_doubtful_tax_number_is_noted_and_told(shop: Shop) -> None:
    make_order(shop)
    asked = ask_invoice(shop, title="Blue Sky", order="A1", tax_id=" 9135 0100m000100y44 ")
    assert (asked.invoice.tax_id, asked.tax_id_doubtful, asked.invoice.case_number) == (
        "91350100M000100Y44",
        True,
        None,
    )


def test_an_invoice_is_issued_once_under_its_own_number(shop: Shop) -> None:
    make_order(shop)
    open_for(shop)
    first, second = ask(shop, amount=Decimal(1)), ask(shop, amount=Decimal(1))
    done = record_issue(shop, first.id, "N1")
    assert (done.number, done.issued_at) == ("N1", "2026-11-22T01:00:00Z")
    assert record_issue(shop, first.id, " N1 ") == done
    with pytest.raises(RefusedError, match="issued already, under number N1"):
        record_issue(shop, first.id, "N2")
    with pytest.raises(RefusedError, match="that of invoice 1 already"):
        record_issue(shop, second.id, "N1")
    with pytest.raises(NotFoundError):
        record_issue(shop, 9, "N9")
    with pytest.raises(WrongUsageError):
        record_issue(shop, second.id, " ")


def test_a_red_invoice_takes_one_back_and_frees_its_amount(shop: Shop) -> None:
    make_order(shop)
    open_for(shop)
    first = record_issue(shop, ask(shop).id, "N1")
    red = reverse_invoice(shop, first.id)
    assert (red.amount, red.reverses_id, red.issued_at) == (-9100, first.id, None)
    assert reverse_invoice(shop, first.id) == red
    with pytest.raises(RefusedError, match="a red one itself"):
        reverse_invoice(shop, red.id)
    assert record_issue(shop, red.id, "R1").number == "R1"
    assert ask(shop).amount == 9100
    assert [(row.id, row.reversed_by) for row in list_invoices(shop.database)] == [
        (3, None),
        (2, None),
        (1, 2),
    ]


def test_one_that_was_never_issued_is_taken_back_without_a_red_one_to_be_made(shop: Shop) -> None:
    make_order(shop)
    open_for(shop)
    invoice = ask(shop)
    assert reverse_invoice(shop, invoice.id).issued_at is not None
    assert list_invoices(shop.database, only_open=True) == []
    with pytest.raises(RefusedError, match="taken back"):
        record_issue(shop, invoice.id, "N1")


def test_money_back_after_the_invoice_asks_for_a_red_one(shop: Shop) -> None:
    order = make_order(shop)
    number = open_for(shop)
    issued = record_issue(shop, ask(shop).id, "N1")
    assert find_too_high(shop, order) == []
    pay_refund(shop, plan_refund(shop, RefundAsk(case_number=number, amount=Decimal(1))).plan.id, done=True)
    assert find_too_high(shop, order) == [issued]
    reverse_invoice(shop, issued.id)
    assert find_too_high(shop, order) == []


def test_a_red_one_that_is_to_be_made_is_issued_with_its_number(shop: Shop) -> None:
    make_order(shop)
    number = open_for(shop)
    first = record_issue(shop, ask(shop).id, "N1")
    red = reverse_invoice(shop, first.id)
    with pytest.raises(RefusedError, match="that of invoice 1 already"):
        reverse_invoice(shop, first.id, number="N1")
    issued = reverse_invoice(shop, first.id, number=" 777 ")
    assert (issued.id, issued.number, issued.issued_at) == (red.id, "777", "2026-11-22T01:00:00Z")
    assert [event.type for event in list_case_events(shop.database, number)][-1] == "invoice_issued"
    assert reverse_invoice(shop, first.id, number="777") == issued
    assert reverse_invoice(shop, first.id) == issued
    with pytest.raises(RefusedError, match="issued already, under number 777"):
        reverse_invoice(shop, first.id, number="778")


def test_the_red_one_of_an_invoice_never_issued_takes_no_number_later(shop: Shop) -> None:
    make_order(shop)
    open_for(shop)
    invoice = ask(shop)
    reverse_invoice(shop, invoice.id)
    with pytest.raises(RefusedError, match="never issued"):
        reverse_invoice(shop, invoice.id, number="777")


def test_late_invoices_are_listed(shop: Shop) -> None:
    make_order(shop)
    open_for(shop)
    invoice = ask(shop)
    late = replace(shop, now=shop.now + timedelta(days=6))
    assert list_invoices(shop.database, overdue_at=shop.stamp) == []
    assert [row.id for row in list_invoices(shop.database, overdue_at=late.stamp)] == [invoice.id]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"case_number": 9}, NotFoundError),
        ({"case_number": None, "order": "A9"}, NotFoundError),
        ({"case_number": 2}, WrongUsageError),
        ({"amount": Decimal(-1)}, WrongUsageError),
    ],
)
def test_what_makes_no_sense_asks_for_no_invoice(
    shop: Shop, words: dict[str, object], error: type[Exception]
) -> None:
    make_order(shop)
    open_for(shop)
    open_for(shop, "", "complaint")
    with pytest.raises(error):
        ask(shop, **words)
    assert list_invoices(shop.database) == []
