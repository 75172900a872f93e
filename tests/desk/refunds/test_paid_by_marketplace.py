"""Money the marketplace has paid back by itself: never recorded a second time without a word, and told everywhere."""

from decimal import Decimal

import pytest

from aftersales_cli.database.fetch import execute
from aftersales_cli.database.refund_plans import list_attempts, list_plans
from aftersales_cli.desk.refunds.composing import RefundAsk
from aftersales_cli.desk.refunds.keeping import PaidOut
from aftersales_cli.desk.refunds.overpaid import find_overpaid, mark_plans
from aftersales_cli.desk.refunds.paying import fail_refund, pay_refund, void_refund
from aftersales_cli.desk.refunds.planning import plan_refund
from aftersales_cli.desk.refunds.plans import require_plan
from aftersales_cli.desk.refunds.reconciling import reconcile
from aftersales_cli.errors import RefusedError
from aftersales_cli.shop import Shop
from tests.desk.refunds.refund_helpers import make_order, open_for, pay_by_marketplace

PAYMENT = PaidOut("2026-11-22T00:30:00Z", "CNY", 3000, "T1", "A1")


def plan_money(shop: Shop, amount: int = 30, *, goodwill: int = 0, route: str = "") -> int:
    number = open_for(shop)
    ask = RefundAsk(
        case_number=number,
        amount=Decimal(amount) if amount else None,
        goodwill=Decimal(goodwill) if goodwill else None,
        route=route,
        again=True,
    )
    return plan_refund(shop, ask).plan.id


def test_a_payment_with_a_number_is_refused_once_the_marketplace_has_paid(shop: Shop) -> None:
    make_order(shop)
    plan = plan_money(shop)
    pay_by_marketplace(shop, 9100)
    for reference, done in (("P7", False), ("", True), ("", False)):
        with pytest.raises(RefusedError, match=r"paid back CN¥91\.00 of this order by itself") as caught:
            pay_refund(shop, plan, reference=reference, done=done)
        assert f"aftersales refunds void {plan}" in caught.value.remedy
        assert "--twice" in caught.value.remedy
    assert (require_plan(shop, plan).status, list_attempts(shop.database, plan)) == ("approved", [])


def test_what_was_handed_over_before_is_to_be_failed_before_it_is_void(shop: Shop) -> None:
    make_order(shop)
    plan = plan_money(shop)
    pay_refund(shop, plan)
    pay_by_marketplace(shop, 9100)
    with pytest.raises(RefusedError) as caught:
        pay_refund(shop, plan, reference="P7")
    assert f"aftersales refunds fail {plan}" in caught.value.remedy
    fail_refund(shop, plan, note="Paid by the marketplace")
    assert void_refund(shop, plan).status == "void"


def test_what_really_happened_twice_is_recorded_and_stays_marked(shop: Shop) -> None:
    make_order(shop)
    plan = plan_money(shop)
    pay_by_marketplace(shop, 9100)
    assert pay_refund(shop, plan, reference="P7", twice=True).status == "succeeded"
    assert find_overpaid(shop, require_plan(shop, plan)) == 9100
    assert [row.marketplace_paid for row in mark_plans(shop, list_plans(shop.database))] == [9100]
    assert pay_refund(shop, plan, reference="P7").status == "succeeded", "the same again changes nothing"


def test_only_what_goes_beyond_what_was_paid_is_too_much(shop: Shop) -> None:
    make_order(shop)
    big, small = plan_money(shop, 80), plan_money(shop, 10)
    goodwill = plan_money(shop, 0, goodwill=1)
    pay_by_marketplace(shop, 5000)
    marked = {row.id: row.marketplace_paid for row in mark_plans(shop, list_plans(shop.database))}
    assert marked == {big: 5000, small: 0, goodwill: 0}
    assert pay_refund(shop, small, reference="T1").status == "succeeded"
    assert pay_refund(shop, goodwill, reference="T2").status == "succeeded"
    with pytest.raises(RefusedError):
        pay_refund(shop, big, reference="T3")


def test_what_an_order_list_states_as_refunded_may_be_this_very_refund(shop: Shop) -> None:
    make_order(shop)
    plan = plan_money(shop, 90)
    with shop.writing("orders.import"):
        execute(
            shop.database,
            "UPDATE orders SET refunded_stated = 9100, refunded_stated_basis = 'stated', refunded = 9100, "
            "refunded_basis = 'stated'",
            {},
        )
    with pytest.raises(RefusedError, match="by itself"):
        pay_refund(shop, plan)
    assert [row.marketplace_paid for row in mark_plans(shop, list_plans(shop.database))] == [0]
    assert pay_refund(shop, plan, reference="T1").status == "succeeded"
    assert [row.marketplace_paid for row in mark_plans(shop, list_plans(shop.database))] == [0]


def test_a_number_of_a_payment_belongs_to_one_refund(shop: Shop) -> None:
    make_order(shop)
    first, second = plan_money(shop), plan_money(shop)
    pay_refund(shop, first, reference="T1")
    with pytest.raises(RefusedError, match=f"T1 is that of refund {first}"):
        pay_refund(shop, second, reference=" T1 ")
    assert require_plan(shop, second).status == "approved"
    assert pay_refund(shop, second, reference="T2").reference == "T2"


def test_a_statement_does_not_record_what_the_marketplace_has_paid(shop: Shop) -> None:
    make_order(shop)
    plan = plan_money(shop)
    pay_by_marketplace(shop, 9100)
    result = reconcile(shop, [PAYMENT], source="bank.csv", record=True)
    assert ([(row.type, row.plans) for row in result.differences], result.recorded) == (
        [("twice", (plan,))],
        (),
    )
    pay_refund(shop, plan, reference="T1", twice=True)
    again = reconcile(shop, [PAYMENT], source="bank.csv")
    assert [(row.type, row.plans) for row in again.differences] == [("twice", (plan,))]


def test_what_the_marketplace_pays_is_not_missed_in_a_statement(shop: Shop) -> None:
    make_order(shop)
    plan_money(shop, 1, route="platform")
    overtaken = plan_money(shop)
    pay_by_marketplace(shop, 9000)
    other = PaidOut("2026-11-22T00:30:00Z", "CNY", 500, "X1")
    result = reconcile(shop, [other], source="bank.csv")
    assert find_overpaid(shop, require_plan(shop, overtaken)) == 9000
    assert [row.type for row in result.differences] == ["not_planned"]
