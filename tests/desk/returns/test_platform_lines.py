"""What a marketplace paid back for a product counts for the line of that product, not for the order alone."""

import pytest

from aftersales_cli.database.fetch import execute
from aftersales_cli.desk.refunds.composing import RefundAsk
from aftersales_cli.desk.refunds.planning import plan_refund
from aftersales_cli.desk.returns.books import read_books
from aftersales_cli.errors import RefusedError
from aftersales_cli.records.ledger import LineLedger
from aftersales_cli.shop import Shop
from tests.desk.refunds.refund_helpers import make_order, make_request, note_marketplace_refund, open_for


def paid_by_marketplace(
    shop: Shop, order: int, pieces: dict[str, int], amount: int, *, kind: str = "return", number: str = "P1"
) -> int:
    """Let the marketplace pay back so much for these products and return the request its record makes."""
    case = open_for(shop)
    request = make_request(
        shop, case, order, pieces, kind=kind, accepted=0, origin="platform", asked_amount=amount
    )
    note_marketplace_refund(shop, case, amount, number)
    return request


def line(shop: Shop, order: int, sku: str) -> LineLedger:
    return next(entry for entry in read_books(shop, order).lines if entry.sku == sku)


def test_the_money_belongs_to_the_line_the_record_names(shop: Shop) -> None:
    order = make_order(shop)
    paid_by_marketplace(shop, order, {"POT": 1}, 3000)
    assert (line(shop, order, "POT").by_platform, line(shop, order, "CUP").by_platform) == (3000, 0)
    assert (line(shop, order, "POT").payable, line(shop, order, "CUP").payable) == (0, 6000)
    books = read_books(shop, order)
    assert (books.platform, books.given, books.left) == (3000, 3000, 6100)


def test_a_line_the_marketplace_paid_back_is_not_paid_back_again(shop: Shop) -> None:
    order = make_order(shop)
    request = paid_by_marketplace(shop, order, {"POT": 1}, 3000)
    with pytest.raises(RefusedError):
        plan_refund(shop, RefundAsk(request_id=request, lines=("POT=1",)))
    with pytest.raises(RefusedError):
        plan_refund(shop, RefundAsk(case_number=open_for(shop), lines=("POT=1",)))
    both = plan_refund(shop, RefundAsk(case_number=open_for(shop), lines=("CUP=2",))).plan
    assert read_books(shop, order).given == 9000
    assert both.status in ("planned", "approved")


def test_pieces_of_a_line_are_counted_and_the_rest_takes_the_last_cent(shop: Shop) -> None:
    order = make_order(shop, lines=(("CUP", 3, 3334), ("POT", 1, 3000)), paid=13000, postage=0)
    whole = line(shop, order, "CUP").goods
    paid_by_marketplace(shop, order, {"CUP": 1}, whole // 3)
    cup = line(shop, order, "CUP")
    assert (cup.by_platform, cup.payable) == (whole // 3, whole - whole // 3)
    case = open_for(shop)
    for _time in range(2):
        plan_refund(shop, RefundAsk(case_number=case, lines=("CUP=1",), again=True))
    cup = line(shop, order, "CUP")
    assert (cup.by_platform + cup.refunded_amount, cup.payable) == (whole, 0)


def test_one_record_of_several_lines_is_shared_by_what_they_cost(shop: Shop) -> None:
    order = make_order(shop)
    paid_by_marketplace(shop, order, {"CUP": 1, "POT": 1}, 5999)
    assert line(shop, order, "CUP").by_platform + line(shop, order, "POT").by_platform == 5999
    assert abs(line(shop, order, "CUP").by_platform - line(shop, order, "POT").by_platform) == 1


def test_postage_in_a_record_stays_with_the_order(shop: Shop) -> None:
    order = make_order(shop)
    paid_by_marketplace(shop, order, {"POT": 1}, 3100)
    assert line(shop, order, "POT").by_platform == 3000
    assert read_books(shop, order).given == 3100


def test_compensation_without_return_takes_money_and_no_piece(shop: Shop) -> None:
    order = make_order(shop)
    # What is asked of a part of the price is no return once the line's worth is known.
    plan_refund(shop, RefundAsk(case_number=open_for(shop), lines=("CUP=1",)))
    paid_by_marketplace(shop, order, {"POT": 1}, 500, kind="refund_only")
    pot = line(shop, order, "POT")
    assert (pot.by_platform, pot.payable, pot.open) == (500, 2500, 1)
    plan_refund(shop, RefundAsk(case_number=open_for(shop), lines=("POT=1",)))
    assert line(shop, order, "POT").refunded_amount == 2500


def test_what_is_tied_to_a_plan_counts_once(shop: Shop) -> None:
    order = make_order(shop)
    request = make_request(shop, open_for(shop), order, {"POT": 1})
    plan = plan_refund(shop, RefundAsk(request_id=request)).plan
    paid_by_marketplace(shop, order, {"POT": 1}, 3000)
    with shop.writing("orders.import"):
        execute(shop.database, "UPDATE refund_plans SET refund_id = 1 WHERE id = :id", {"id": plan.id})
    pot = line(shop, order, "POT")
    assert (pot.by_platform, pot.refunded_amount, read_books(shop, order).given) == (0, 3000, 3000)


def test_a_record_whose_products_nobody_knows_counts_for_the_order(shop: Shop) -> None:
    order = make_order(shop)
    request = paid_by_marketplace(shop, order, {"POT": 1}, 3000)
    with shop.writing("orders.import"):
        execute(
            shop.database,
            "UPDATE return_lines SET order_line_id = NULL WHERE request_id = :id",
            {"id": request},
        )
    books = read_books(shop, order)
    assert ([entry.by_platform for entry in books.lines], books.given) == ([0, 0], 3000)
