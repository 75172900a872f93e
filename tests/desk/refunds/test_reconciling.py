"""Statements against refunds: found by number, else by order and amount; what is not clear is listed, never guessed."""

from dataclasses import replace
from decimal import Decimal

from aftersales_cli.database.fetch import fetch_rows, fetch_value
from aftersales_cli.desk.refunds.composing import RefundAsk
from aftersales_cli.desk.refunds.keeping import PaidOut
from aftersales_cli.desk.refunds.matching import match_payments
from aftersales_cli.desk.refunds.paying import pay_refund, void_refund
from aftersales_cli.desk.refunds.planning import plan_refund
from aftersales_cli.desk.refunds.plans import require_plan
from aftersales_cli.desk.refunds.reconciling import Reconciliation, reconcile
from aftersales_cli.records.payouts import Payable, StatementRow
from aftersales_cli.shop import Shop
from tests.desk.refunds.refund_helpers import make_order, open_for

PAYMENT = PaidOut("2026-11-22T00:30:00Z", "CNY", 3000, "T1", "A1")


def plan_amount(shop: Shop, amount: int, order: str = "A1") -> int:
    number = open_for(shop, order)
    return plan_refund(shop, RefundAsk(case_number=number, amount=Decimal(amount))).plan.id


def types(result: Reconciliation) -> list[tuple[str, tuple[int, ...]]]:
    return [(difference.type, difference.plans) for difference in result.differences]


def test_order_and_amount_are_enough_and_only_record_marks_as_paid(shop: Shop) -> None:
    make_order(shop)
    plan = plan_amount(shop, 30)
    first = reconcile(shop, [PAYMENT], source="bank.csv")
    assert (first.read, first.new, first.matched, first.recordable, first.recorded) == (1, 1, 1, (plan,), ())
    assert require_plan(shop, plan).status == "approved"
    assert fetch_value(shop.database, "SELECT count(*) FROM statement_rows") == 0, "nothing is kept unasked"
    second = reconcile(shop, [PAYMENT], source="bank.csv", record=True)
    assert (second.new, second.known, second.matched, second.recorded) == (1, 0, 1, (plan,))
    paid = require_plan(shop, plan)
    # It was planned at 01:00, so that the bank's earlier clock cannot be right about when.
    assert (paid.status, paid.reference, paid.succeeded_at) == ("succeeded", "T1", "2026-11-22T01:00:00Z")
    third = reconcile(shop, [PAYMENT], source="again.csv", record=True)
    assert (third.new, third.recorded, third.differences) == (0, (), ())
    assert fetch_value(shop.database, "SELECT count(*) FROM statement_rows") == 1


def test_two_without_a_number_that_look_alike_in_one_file_are_two(shop: Shop) -> None:
    make_order(shop)
    row = replace(PAYMENT, reference="", content="2026-11-22|A1|30.00")
    result = reconcile(shop, [row, row], source="bank.csv", record=True)
    assert (result.read, result.new) == (2, 2)
    assert types(result) == [("not_planned", ()), ("not_planned", ())]
    assert reconcile(shop, [row], source="part.csv", record=True).new == 0


def test_one_number_in_two_rows_is_one_payment(shop: Shop) -> None:
    make_order(shop)
    plan = plan_amount(shop, 30)
    result = reconcile(shop, [PAYMENT, PAYMENT], source="bank.csv", record=True)
    assert (result.read, result.new, result.recorded, types(result)) == (1, 1, (plan,), [])


def test_two_amounts_under_one_number_are_two_payments(shop: Shop) -> None:
    make_order(shop)
    result = reconcile(shop, [PAYMENT, replace(PAYMENT, amount=2000)], source="bank.csv", record=True)
    assert result.new == 2


def test_a_payment_read_without_its_number_is_the_same_once_the_number_is_known(shop: Shop) -> None:
    make_order(shop)
    content = "T1|A1|2026-11-22 08:30:00|30.00"
    blind = replace(PAYMENT, at=None, reference="", content=content)
    assert reconcile(shop, [blind], source="ali.csv", record=True).new == 1
    again = reconcile(shop, [replace(PAYMENT, content=content)], source="ali.csv", record=True)
    assert (again.new, again.known) == (0, 1)
    assert fetch_rows(shop.database, "SELECT reference, at FROM statement_rows") == [("T1", PAYMENT.at)]
    assert reconcile(shop, [blind], source="ali.csv", record=True).new == 0


def test_the_number_of_the_payment_wins_and_another_amount_is_told(shop: Shop) -> None:
    make_order(shop)
    plan = plan_amount(shop, 30)
    pay_refund(shop, plan, reference="T1")
    result = reconcile(shop, [replace(PAYMENT, amount=2900, order="")], source="bank.csv")
    assert types(result) == [("amount", (plan,))]
    assert (result.differences[0].paid, result.differences[0].planned) == (2900, 3000)


def test_an_order_with_another_amount_is_told(shop: Shop) -> None:
    make_order(shop)
    plan = plan_amount(shop, 30)
    result = reconcile(shop, [replace(PAYMENT, amount=3100)], source="bank.csv")
    assert types(result) == [("amount", (plan,))]


def test_what_can_be_several_is_never_guessed(shop: Shop) -> None:
    make_order(shop)
    first, second = plan_amount(shop, 30), plan_amount(shop, 30)
    result = reconcile(shop, [PAYMENT], source="bank.csv", record=True)
    assert types(result) == [("unclear", (first, second))]
    assert require_plan(shop, first).status == "approved"


def test_two_payments_for_one_refund_are_unclear(shop: Shop) -> None:
    make_order(shop)
    plan = plan_amount(shop, 30)
    result = reconcile(shop, [PAYMENT, replace(PAYMENT, reference="T2")], source="bank.csv", record=True)
    assert types(result) == [("unclear", (plan,)), ("unclear", (plan,))]


def test_what_is_planned_and_does_not_stand_in_the_file_is_listed(shop: Shop) -> None:
    make_order(shop)
    open_, paid = plan_amount(shop, 30), plan_amount(shop, 20)
    pay_refund(shop, paid, reference="T9")
    around = [
        replace(PAYMENT, at=at, order="", reference=at)
        for at in ("2026-11-22T00:30:00Z", "2026-11-23T00:30:00Z")
    ]
    result = reconcile(shop, around, source="bank.csv")
    assert types(result) == [
        ("not_planned", ()),
        ("not_planned", ()),
        ("not_paid", (open_,)),
        ("not_paid", (paid,)),
    ]
    # A file of another week says nothing about what was paid in this one.
    other = [replace(PAYMENT, at="2026-10-01T00:30:00Z", order="", reference="X")]
    assert types(reconcile(shop, other, source="old.csv")) == [("not_planned", ()), ("not_paid", (open_,))]


def test_a_payment_without_approval_is_told_and_not_recorded(shop: Shop) -> None:
    make_order(shop, lines=(("TV", 1, 300000),), paid=300000, postage=0)
    plan = plan_amount(shop, 3000)
    result = reconcile(shop, [replace(PAYMENT, amount=300000)], source="bank.csv", record=True)
    assert (types(result), result.recorded) == ([("not_approved", (plan,))], ())


def test_another_currency_is_other_money(shop: Shop) -> None:
    make_order(shop)
    plan_amount(shop, 30)
    result = reconcile(shop, [replace(PAYMENT, currency="USD")], source="bank.csv")
    assert [kind for kind, _plans in types(result)] == ["amount"]


def test_a_dry_run_keeps_nothing(shop: Shop) -> None:
    make_order(shop)
    plan = plan_amount(shop, 30)
    result = reconcile(replace(shop, dry_run=True), [PAYMENT], source="bank.csv", record=True)
    assert result.recorded == (plan,)
    assert fetch_value(shop.database, "SELECT count(*) FROM statement_rows") == 0
    assert require_plan(shop, plan).status == "approved"


def test_the_payment_of_a_void_plan_looks_for_another_one(shop: Shop) -> None:
    make_order(shop, lines=(("TV", 1, 300000),), paid=300000, postage=0)
    first = plan_amount(shop, 3000)
    payment = replace(PAYMENT, amount=300000)
    assert types(reconcile(shop, [payment], source="bank.csv", record=True)) == [("not_approved", (first,))]
    void_refund(shop, first)
    second = plan_amount(shop, 3000)
    assert types(reconcile(shop, [payment], source="bank.csv")) == [("not_approved", (second,))]


def test_ten_thousand_payments_are_compared_at_once() -> None:
    rows = [
        StatementRow(n, f"c{n}", "f", None, "CNY", n % 500 + 1, f"R{n}", f"A{n // 2}", None, "")
        for n in range(10_000)
    ]
    payables = [
        Payable(n, None, n, (f"A{n // 2}", ""), "CNY", n % 500 + 1, (), "approved", None)
        for n in range(10_000)
    ]
    found = match_payments(rows, payables)
    assert len(found.pairs) == 10_000
    assert all(row.id == payable.plan_id for row, payable in found.pairs)


def test_the_number_of_another_refund_pays_no_second_one(shop: Shop) -> None:
    make_order(shop)
    first, second = plan_amount(shop, 30), plan_amount(shop, 20)
    pay_refund(shop, first, reference="T1")
    rows = [PAYMENT, replace(PAYMENT, amount=2000)]
    for record in (False, True):
        result = reconcile(shop, rows, source="bank.csv", record=record)
        assert (result.recorded, result.recordable) == ((), ())
        assert types(result) == [("same_number", (second, first))]
    assert require_plan(shop, second).status == "approved"


def test_two_refunds_of_one_file_do_not_share_a_number(shop: Shop) -> None:
    make_order(shop)
    first, second = plan_amount(shop, 30), plan_amount(shop, 20)
    result = reconcile(shop, [PAYMENT, replace(PAYMENT, amount=2000)], source="bank.csv", record=True)
    assert result.recorded == (first,)
    assert types(result) == [("same_number", (second, first))]
    assert [require_plan(shop, plan).status for plan in (first, second)] == ["succeeded", "approved"]
