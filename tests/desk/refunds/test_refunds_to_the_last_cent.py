"""Refunds of some pieces at a time, over several plans, add up to what was paid for the line."""

import random

import pytest

from aftersales_cli.desk.refunds.composing import RefundAsk
from aftersales_cli.desk.refunds.paying import void_refund
from aftersales_cli.desk.refunds.planning import plan_refund
from aftersales_cli.desk.returns.books import read_books
from aftersales_cli.errors import RefusedError
from aftersales_cli.money import to_decimal
from aftersales_cli.shop import Shop
from tests.desk.refunds.refund_helpers import make_order, make_request, open_for


def goods(shop: Shop, order: int) -> dict[str, tuple[int, int]]:
    """Return SKU → what was paid for the line, and what goes back of it."""
    return {line.sku: (line.goods, line.refunded_amount) for line in read_books(shop, order).lines}


@pytest.mark.parametrize("seed", range(25))
def test_pieces_planned_a_few_at_a_time_give_back_the_whole_line(shop: Shop, seed: int) -> None:
    dice = random.Random(seed)
    lines = tuple(
        (f"P{place}", dice.randint(1, 7), dice.randint(1, 9999)) for place in range(dice.randint(1, 3))
    )
    listed = sum(pieces * price for _sku, pieces, price in lines)
    # What was paid is less than what they cost: every line has a share of a discount.
    order = make_order(shop, lines=lines, paid=dice.randint(listed // 2, listed), postage=0)
    case = open_for(shop, kind="complaint")
    left = {sku: pieces for sku, pieces, _price in lines}
    while any(left.values()):
        sku = dice.choice([name for name, pieces in left.items() if pieces])
        count = dice.randint(1, left[sku])
        plan = plan_refund(shop, RefundAsk(case_number=case, lines=(f"{sku}={count}",), again=True)).plan
        if dice.random() < 0.2:
            void_refund(shop, plan.id)
            continue
        left[sku] -= count
        whole, back = goods(shop, order)[sku]
        pieces = next(pieces for name, pieces, _price in lines if name == sku)
        assert back == whole * (pieces - left[sku]) // pieces
    assert all(whole == back for whole, back in goods(shop, order).values())
    with pytest.raises(RefusedError):
        plan_refund(shop, RefundAsk(case_number=case, lines=(f"{lines[0][0]}=1",), again=True))


def test_parts_of_a_request_and_loose_pieces_of_the_same_line_share_its_last_cent(shop: Shop) -> None:
    order = make_order(shop, lines=(("CUP", 3, 3334),), paid=10000, postage=0)
    case = open_for(shop)
    request = make_request(shop, case, order, {"CUP": 2})
    plan_refund(shop, RefundAsk(request_id=request, lines=("CUP=1",)))
    plan_refund(shop, RefundAsk(case_number=open_for(shop, kind="complaint"), lines=("CUP=1",)))
    assert goods(shop, order)["CUP"] == (10000, 6666)
    plan_refund(shop, RefundAsk(request_id=request))
    assert goods(shop, order)["CUP"] == (10000, 10000)


def test_what_was_given_for_a_kept_piece_is_not_given_again_with_the_pieces(shop: Shop) -> None:
    order = make_order(shop, lines=(("CUP", 3, 3334),), paid=10000, postage=0)
    case = open_for(shop, kind="complaint")
    plan_refund(shop, RefundAsk(case_number=case, lines=("CUP=1",), amount=to_decimal(500, "CNY")))
    for _time in range(3):
        plan_refund(shop, RefundAsk(case_number=case, lines=("CUP=1",), again=True))
    assert goods(shop, order)["CUP"] == (10000, 10000)
