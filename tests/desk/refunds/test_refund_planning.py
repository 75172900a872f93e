"""Planning refunds: what is due of a request, what can never be exceeded, and the same words twice."""

from dataclasses import replace
from decimal import Decimal

import pytest

from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.refund_plans import list_plans
from aftersales_cli.desk.ending import cancel_case
from aftersales_cli.desk.refunds.approving import approve_refund
from aftersales_cli.desk.refunds.composing import RefundAsk
from aftersales_cli.desk.refunds.paying import pay_refund, void_refund
from aftersales_cli.desk.refunds.planning import PlannedRefund, plan_refund
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent
from tests.desk.refunds.refund_helpers import make_order, make_request, open_for, receive_all


def parts(planned: PlannedRefund) -> list[tuple[str, int, int]]:
    return [(part.type, part.quantity, part.amount) for part in planned.parts]


def test_accepted_pieces_of_a_request_are_planned_at_what_was_paid_for_them(shop: Shop) -> None:
    order = make_order(shop)
    request = make_request(shop, open_for(shop), order, {"CUP": 1})
    planned = plan_refund(shop, RefundAsk(request_id=request))
    assert (parts(planned), planned.plan.status, planned.is_new) == ([("goods", 1, 3000)], "approved", True)
    event = list_case_events(shop.database, 1)[-1]
    assert (event.type, event.field, event.after, event.note) == (
        "refund_planned",
        "refund",
        "approved",
        "#1 30.00 CNY",
    )


def test_the_last_piece_takes_the_cent_that_is_left_over(shop: Shop) -> None:
    order = make_order(shop, lines=(("CUP", 3, 1000),), paid=1000, postage=0)
    amounts = []
    for _round in range(3):
        request = make_request(shop, open_for(shop), order, {"CUP": 1})
        amounts.append(plan_refund(shop, RefundAsk(request_id=request)).amount)
    assert sum(amounts) == 1000
    assert max(amounts) - min(amounts) == 1


def test_the_same_words_twice_are_one_plan(shop: Shop) -> None:
    order = make_order(shop)
    request = make_request(shop, open_for(shop), order, {"CUP": 2})
    first = plan_refund(shop, RefundAsk(request_id=request))
    again = plan_refund(shop, RefundAsk(request_id=request))
    assert (again.plan.id, again.is_new) == (first.plan.id, False)
    gift = RefundAsk(case_number=1, goodwill=Decimal("5.00"))
    assert (
        plan_refund(shop, gift).plan.id == plan_refund(shop, replace(gift, goodwill=Decimal(5))).plan.id == 2
    )
    assert plan_refund(shop, replace(gift, again=True)).plan.id == 3
    assert len(list_plans(shop.database)) == 3


def test_what_comes_back_later_is_planned_by_the_same_words(shop: Shop) -> None:
    order = make_order(shop)
    request = make_request(shop, open_for(shop), order, {"CUP": 2}, accepted=1)
    assert plan_refund(shop, RefundAsk(request_id=request)).amount == 3000
    receive_all(shop, request)
    second = plan_refund(shop, RefundAsk(request_id=request))
    assert (second.is_new, parts(second)) == (True, [("goods", 1, 3000)])


def test_a_void_plan_frees_its_pieces_and_its_words(shop: Shop) -> None:
    order = make_order(shop)
    request = make_request(shop, open_for(shop), order, {"CUP": 1})
    first = plan_refund(shop, RefundAsk(request_id=request))
    void_refund(shop, first.plan.id)
    second = plan_refund(shop, RefundAsk(request_id=request))
    assert (second.plan.id, second.is_new, second.amount) == (2, True, 3000)


@pytest.mark.parametrize("status", ["submitted", "rejected", "needs_manual", "withdrawn"])
def test_only_an_approved_request_is_paid_back(shop: Shop, status: str) -> None:
    order = make_order(shop)
    request = make_request(shop, open_for(shop), order, {"CUP": 1}, status=status)
    with pytest.raises(RefusedError, match="not approved"):
        plan_refund(shop, RefundAsk(request_id=request))


def test_goods_that_are_not_back_are_not_planned_unless_named(shop: Shop) -> None:
    order = make_order(shop)
    request = make_request(shop, open_for(shop), order, {"CUP": 1}, accepted=0)
    with pytest.raises(RefusedError, match="back and accepted") as caught:
        plan_refund(shop, RefundAsk(request_id=request))
    assert "--line" in caught.value.remedy
    assert plan_refund(shop, RefundAsk(request_id=request, lines=("CUP=1",))).amount == 3000


def test_postage_goes_back_with_the_last_goods_if_the_seller_pays(shop: Shop) -> None:
    order = make_order(shop)
    part = make_request(shop, open_for(shop), order, {"CUP": 2}, postage_by="seller")
    assert parts(plan_refund(shop, RefundAsk(request_id=part))) == [("goods", 2, 6000)]
    rest = make_request(shop, open_for(shop), order, {"POT": 1}, postage_by="seller")
    assert parts(plan_refund(shop, RefundAsk(request_id=rest))) == [("goods", 1, 3000), ("shipping", 0, 100)]


def test_refund_only_takes_what_was_asked_and_leaves_the_goods(shop: Shop) -> None:
    order = make_order(shop)
    request = make_request(shop, open_for(shop), order, {"CUP": 2}, kind="refund_only", asked_amount=500)
    first = plan_refund(shop, RefundAsk(request_id=request))
    assert parts(first) == [("goods", 0, 500)]
    again = plan_refund(shop, RefundAsk(request_id=request))
    assert (again.plan.id, again.is_new) == (first.plan.id, False)


def test_what_was_asked_limits_all_parts_of_a_return_together(shop: Shop) -> None:
    order = make_order(shop)
    request = make_request(shop, open_for(shop), order, {"CUP": 2}, accepted=1, asked_amount=5000)
    assert plan_refund(shop, RefundAsk(request_id=request)).amount == 3000
    receive_all(shop, request)
    assert parts(plan_refund(shop, RefundAsk(request_id=request))) == [("goods", 1, 2000)]


@pytest.mark.parametrize("kind", ["exchange", "return"])
def test_an_amount_for_nothing_that_is_back_counts_no_pieces(shop: Shop, kind: str) -> None:
    order = make_order(shop)
    request = make_request(shop, open_for(shop), order, {"CUP": 2}, kind=kind, accepted=0)
    planned = plan_refund(shop, RefundAsk(request_id=request, amount=Decimal(5)))
    assert parts(planned) == [("goods", 0, 500)]


def test_a_deduction_on_returned_goods_counts_the_pieces(shop: Shop) -> None:
    order = make_order(shop)
    request = make_request(shop, open_for(shop), order, {"CUP": 1})
    planned = plan_refund(shop, RefundAsk(request_id=request, amount=Decimal(20)))
    assert parts(planned) == [("goods", 1, 2000)]


def test_a_fee_lowers_the_refund_and_goodwill_raises_it(shop: Shop) -> None:
    order = make_order(shop)
    request = make_request(shop, open_for(shop), order, {"CUP": 1})
    planned = plan_refund(shop, RefundAsk(request_id=request, fee=Decimal(4), goodwill=Decimal("1.50")))
    assert parts(planned) == [("goods", 1, 3000), ("fee", 0, -400), ("goodwill", 0, 150)]
    assert planned.amount == 2750


def test_compensation_needs_neither_return_nor_order(shop: Shop) -> None:
    number = open_for(shop, "", "complaint")
    planned = plan_refund(shop, RefundAsk(case_number=number, goodwill=Decimal(10)))
    assert (parts(planned), planned.plan.currency, planned.plan.order_id) == (
        [("goodwill", 0, 1000)],
        "CNY",
        None,
    )
    with pytest.raises(WrongUsageError, match="no order"):
        plan_refund(shop, RefundAsk(case_number=number, amount=Decimal(10)))


def test_a_refund_is_in_the_currency_that_was_paid(shop: Shop) -> None:
    make_order(shop, currency="JPY", paid=9100, platform="amazon")
    number = open_for(shop)
    assert plan_refund(shop, RefundAsk(case_number=number, amount=Decimal(500))).plan.currency == "JPY"
    with pytest.raises(WrongUsageError, match="finer than JPY"):
        plan_refund(shop, RefundAsk(case_number=number, amount=Decimal("0.5")))


def test_two_cases_of_an_order_cannot_pay_back_more_than_was_paid(shop: Shop) -> None:
    make_order(shop)
    first, second = open_for(shop), open_for(shop)
    plan_refund(shop, RefundAsk(case_number=first, lines=("CUP=2",)))
    with pytest.raises(RefusedError, match="at most"):
        plan_refund(shop, RefundAsk(case_number=second, amount=Decimal("90.00"), lines=("POT=1",)))
    with pytest.raises(RefusedError, match="2 of 2 pieces are paid back"):
        plan_refund(shop, RefundAsk(case_number=second, lines=("CUP=1",)))
    assert plan_refund(shop, RefundAsk(case_number=second, lines=("POT=1",))).amount == 3000


def test_only_goodwill_of_a_lead_may_go_beyond_what_was_paid(shop: Shop) -> None:
    make_order(shop)
    number = open_for(shop)
    clerk = replace(shop, agent=add_agent(shop, "ann"))
    ask = RefundAsk(case_number=number, goodwill=Decimal(100))
    with pytest.raises(RefusedError, match="more would go back"):
        plan_refund(clerk, ask)
    assert plan_refund(shop, ask).beyond == 900


def test_above_the_limit_somebody_else_has_to_agree(shop: Shop) -> None:
    make_order(shop, lines=(("TV", 1, 300000),), paid=300000, postage=0)
    number = open_for(shop)
    planned = plan_refund(shop, RefundAsk(case_number=number, lines=("TV=1",)))
    assert (planned.plan.status, planned.plan.second_needed) == ("planned", True)
    with pytest.raises(RefusedError, match="waits for a second person"):
        pay_refund(shop, planned.plan.id, reference="R1")
    with pytest.raises(RefusedError, match="planned refund 1 yourself") as caught:
        approve_refund(shop, planned.plan.id)
    assert "team add" in caught.value.remedy
    boss = replace(shop, agent=add_agent(shop, "mia", name="Mia", role="manager"))
    with pytest.raises(RefusedError, match="yourself") as caught:
        approve_refund(shop, planned.plan.id)
    assert "Mia (manager)" in caught.value.remedy
    clerk = replace(shop, agent=add_agent(shop, "ann"))
    with pytest.raises(RefusedError, match="may not do"):
        approve_refund(clerk, planned.plan.id)
    assert approve_refund(boss, planned.plan.id).approved_by == "mia"
    assert pay_refund(shop, planned.plan.id, reference="R1").status == "succeeded"


def test_small_steps_are_no_way_around_the_limit(shop: Shop) -> None:
    make_order(shop, lines=(("TV", 1, 300000),), paid=300000, postage=0)
    number = open_for(shop)
    first = plan_refund(shop, RefundAsk(case_number=number, amount=Decimal(1500)))
    second = plan_refund(shop, RefundAsk(case_number=number, amount=Decimal(600)))
    assert (first.plan.second_needed, second.plan.second_needed) == (False, True)


def test_nothing_is_planned_for_a_case_that_is_over(shop: Shop) -> None:
    make_order(shop)
    number = open_for(shop)
    cancel_case(shop, number, "spam")
    with pytest.raises(RefusedError, match="nothing is paid back"):
        plan_refund(shop, RefundAsk(case_number=number, goodwill=Decimal(1)))


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (RefundAsk(), WrongUsageError),
        (RefundAsk(request_id=1, case_number=1), WrongUsageError),
        (RefundAsk(request_id=9), NotFoundError),
        (RefundAsk(case_number=9), NotFoundError),
        (RefundAsk(case_number=1), WrongUsageError),
        (RefundAsk(case_number=1, lines=("SPOON=1",)), WrongUsageError),
        (RefundAsk(case_number=1, goodwill=Decimal(-1)), WrongUsageError),
        (RefundAsk(case_number=1, goodwill=Decimal("0.001")), WrongUsageError),
        (RefundAsk(case_number=1, goodwill=Decimal(1), route="pigeon"), WrongUsageError),
        (RefundAsk(case_number=1, fee=Decimal(1)), RefusedError),
        (RefundAsk(case_number=1, shipping=Decimal(2)), RefusedError),
    ],
)
def test_what_makes_no_sense_changes_nothing(shop: Shop, ask: RefundAsk, error: type[Exception]) -> None:
    make_order(shop)
    open_for(shop)
    with pytest.raises(error):
        plan_refund(shop, ask)
    assert list_plans(shop.database) == []
