"""A piece is paid back or replaced, never both, over all requests and cases of its order."""

from dataclasses import replace
from decimal import Decimal

import pytest

from aftersales_cli.desk.refunds.composing import RefundAsk
from aftersales_cli.desk.refunds.planning import plan_refund
from aftersales_cli.desk.returns.replacing import reserve_replacement, ship_replacement
from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.desk.returns.reviewing import review
from aftersales_cli.errors import RefusedError
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent
from tests.desk.refunds.refund_helpers import make_order, make_request, open_for


def exchange(shop: Shop, order: int, sku: str, pieces: int = 1, *, back: Decimal | None = None) -> int:
    """Exchange pieces in a case of their own and return the request."""
    request = make_request(shop, open_for(shop), order, {sku: pieces}, kind="exchange")
    for entry in reserve_replacement(shop, request_id=request, back=back, before_return=True):
        ship_replacement(shop, entry.id, before_return=True)
    return request


@pytest.mark.parametrize("amount", ["54", "53.99", "0.01"])
def test_a_replaced_piece_is_not_paid_back_too_by_an_amount(shop: Shop, amount: str) -> None:
    order = make_order(shop, lines=(("MT-1", 1, 5400),), paid=5400, postage=0)
    request = exchange(shop, order, "MT-1")
    with pytest.raises(RefusedError):
        plan_refund(shop, RefundAsk(request_id=request, amount=Decimal(amount)))


def test_of_a_replaced_piece_only_the_recorded_difference_is_paid_back(shop: Shop) -> None:
    order = make_order(shop, lines=(("MT-1", 1, 5400),), paid=5400, postage=0)
    request = exchange(shop, order, "MT-1", back=Decimal(4))
    with pytest.raises(RefusedError, match="at most"):
        plan_refund(shop, RefundAsk(request_id=request, amount=Decimal("4.01")))
    assert plan_refund(shop, RefundAsk(request_id=request, amount=Decimal(4))).amount == 400
    with pytest.raises(RefusedError):
        plan_refund(shop, RefundAsk(request_id=request, amount=Decimal("0.01")))


def test_a_replaced_piece_is_not_paid_back_through_another_case(shop: Shop) -> None:
    order = make_order(shop, lines=(("MT-3", 3, 5400),), paid=16200, postage=0)
    exchange(shop, order, "MT-3")
    other = open_for(shop)
    with pytest.raises(RefusedError, match="are too many"):
        plan_refund(shop, RefundAsk(case_number=other, lines=("MT-3=3",)))
    with pytest.raises(RefusedError, match="at most"):
        plan_refund(shop, RefundAsk(case_number=other, amount=Decimal("108.01")))
    assert plan_refund(shop, RefundAsk(case_number=other, lines=("MT-3=2",))).amount == 10800


def test_a_piece_paid_back_without_a_request_is_not_exchanged_any_more(shop: Shop) -> None:
    order = make_order(shop, lines=(("MT-3", 1, 5400),), paid=5400, postage=0)
    plan_refund(shop, RefundAsk(case_number=open_for(shop), lines=("MT-3=1",)))
    with pytest.raises(RefusedError, match="only 0 pieces can still be asked back"):
        request_return(shop, order="A1", lines=["MT-3=1"], kind="exchange", reason="defect")
    # Nor by a request that was there already, however it came to be.
    request = make_request(shop, open_for(shop), order, {"MT-3": 1}, kind="exchange")
    with pytest.raises(RefusedError):
        reserve_replacement(shop, request_id=request)


def test_a_piece_paid_for_without_counting_it_is_not_replaced_too(shop: Shop) -> None:
    order = make_order(shop, lines=(("MT-3", 1, 5400),), paid=5400, postage=0)
    plan_refund(shop, RefundAsk(case_number=open_for(shop), amount=Decimal("53.99")))
    request = make_request(shop, open_for(shop), order, {"MT-3": 1}, kind="exchange")
    with pytest.raises(RefusedError, match="paid back already"):
        reserve_replacement(shop, request_id=request)


def test_what_was_sent_instead_comes_back_and_is_paid_back_of_its_own_right(shop: Shop) -> None:
    order = make_order(shop, lines=(("MT-3", 1, 5400),), paid=5400, postage=0)
    exchange(shop, order, "MT-3")
    found = request_return(
        shop, order="A1", lines=["MT-3=1"], kind="return", reason="defect", condition="damaged"
    )
    if found.status not in ("approved", "auto_approved"):
        found = review(shop, found.id, "approved")
    assert plan_refund(shop, RefundAsk(request_id=found.id, lines=("MT-3=1",))).amount == 5400


def test_approved_compensation_is_no_reason_against_a_later_exchange(shop: Shop) -> None:
    order = make_order(shop, lines=(("MT-3", 1, 5400),), paid=5400, postage=0)
    # Frozen at the first use, as every request does.
    request = request_return(
        shop, order="A1", lines=["MT-3=1"], kind="refund_only", reason="defect", amount=Decimal(5)
    )
    if request.status not in ("approved", "auto_approved"):
        request = review(shop, request.id, "approved")
    assert plan_refund(shop, RefundAsk(request_id=request.id)).amount == 500
    exchange(shop, order, "MT-3")
    with pytest.raises(RefusedError):
        plan_refund(shop, RefundAsk(request_id=request.id, amount=Decimal("0.01")))


def test_the_difference_given_back_is_at_most_what_the_piece_cost_and_is_left(shop: Shop) -> None:
    order = make_order(shop, lines=(("MT-3", 2, 5400),), paid=10800, postage=0)
    first, second = (
        make_request(shop, open_for(shop), order, {"MT-3": 1}, kind="exchange") for _number in range(2)
    )
    with pytest.raises(RefusedError, match=r"at most CN¥54\.00"):
        reserve_replacement(shop, request_id=first, back=Decimal("54.01"))
    reserve_replacement(shop, request_id=first, back=Decimal(54))
    plan_refund(shop, RefundAsk(request_id=first, amount=Decimal(54)))
    with pytest.raises(RefusedError, match=r"at most CN¥54\.00"):
        reserve_replacement(shop, request_id=second, back=Decimal(500))
    assert reserve_replacement(shop, request_id=second, back=Decimal(54))[0].price_difference == -5400


@pytest.mark.parametrize("order_of_refunds", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_pieces_asked_back_one_by_one_before_any_refund_give_the_last_cent_too(
    shop: Shop, order_of_refunds: tuple[int, ...]
) -> None:
    make_order(shop, lines=(("CUP", 3, 1000),), paid=1000, postage=0)
    found = [
        request_return(shop, order="A1", lines=["CUP=1"], kind="refund_only", reason="defect")
        for _round in range(3)
    ]
    for request in found:
        if request.status not in ("approved", "auto_approved"):
            review(shop, request.id, "approved")
    amounts = [plan_refund(shop, RefundAsk(request_id=found[index].id)).amount for index in order_of_refunds]
    assert sorted(amounts) == [333, 333, 334]


def test_goods_without_an_approved_request_are_paid_back_only_by_a_lead(shop: Shop) -> None:
    make_order(shop)
    number = open_for(shop)
    clerk = replace(shop, agent=add_agent(shop, "ann"))
    for ask in (
        RefundAsk(case_number=number, lines=("CUP=1",)),
        RefundAsk(case_number=number, amount=Decimal(5)),
    ):
        with pytest.raises(RefusedError, match="without an approved request") as caught:
            plan_refund(clerk, ask)
        assert "returns request" in caught.value.remedy
    assert plan_refund(clerk, RefundAsk(case_number=number, goodwill=Decimal(5))).amount == 500
    assert plan_refund(shop, RefundAsk(case_number=number, lines=("CUP=1",))).amount == 3000


def test_goods_beside_the_approved_request_are_paid_back_only_by_a_lead(shop: Shop) -> None:
    order = make_order(shop)
    request = make_request(shop, open_for(shop), order, {"CUP": 1})
    clerk = replace(shop, agent=add_agent(shop, "ann"))
    with pytest.raises(RefusedError, match="without an approved request"):
        plan_refund(clerk, RefundAsk(request_id=request, lines=("POT=1",)))
    assert plan_refund(clerk, RefundAsk(request_id=request)).amount == 3000
