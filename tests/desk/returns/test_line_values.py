"""What a line was worth: shares of the order, and of a line for its pieces."""

from dataclasses import replace

import pytest

from aftersales_cli.desk.returns.ledger import build_ledger
from aftersales_cli.desk.returns.line_values import amount_for, share_out, value_lines
from aftersales_cli.records.ledger import LineLedger, OrderFacts, SoldLine


def sold(number: int, quantity: int = 1, price: int | None = None, paid: int | None = None) -> SoldLine:
    return SoldLine(number, f"SKU{number}", f"Thing {number}", quantity, price, paid)


def line(quantity: int, goods: int, *, refunded: int = 0, amount: int = 0) -> LineLedger:
    facts = OrderFacts(1, "CNY", goods, 0, 0, (sold(1, quantity, 1),), (), (), ())
    return replace(build_ledger(facts).lines[0], refunded=refunded, refunded_amount=amount)


@pytest.mark.parametrize(
    ("paid", "postage", "lines", "expected"),
    [
        # A coupon of 10.00 on the whole order: its share is 6.67 and 3.33, the cent goes to the largest remainder.
        (2000, 0, [sold(1, 2, 1000), sold(2, 1, 1000)], [(1333, "shared"), (667, "shared")]),
        # Postage is no part of the goods.
        (2600, 600, [sold(1, 1, 1500), sold(2, 1, 500)], [(1500, "shared"), (500, "shared")]),
        # What the file states for each line is believed.
        (2000, 0, [sold(1, 1, 1500, 1300), sold(2, 1, 500, 500)], [(1300, "stated"), (500, "stated")]),
        # One line is stated, the other gets the rest.
        (2000, 100, [sold(1, 1, 1500, 1300), sold(2, 1, None)], [(1300, "stated"), (600, "shared")]),
        # Without prices every piece counts alike, and that is said.
        (100, 0, [sold(1, 2), sold(2, 1)], [(67, "unknown"), (33, "unknown")]),
        # Nobody knows what was paid: price × quantity.
        (None, 0, [sold(1, 2, 1000), sold(2, 1, 300)], [(2000, "unknown"), (300, "unknown")]),
        # A gift costs nothing, the cup all of it.
        (1999, 0, [sold(1, 1, 2500), sold(2, 1, 0)], [(1999, "shared"), (0, "shared")]),
        # Postage swallowed all: nothing is left, never less.
        (500, 600, [sold(1, 1, 1000)], [(0, "shared")]),
    ],
)
def test_lines_share_what_the_order_cost(
    paid: int | None, postage: int, lines: list[SoldLine], expected: list[tuple[int, str]]
) -> None:
    found = value_lines(lines, paid=paid, postage=postage)
    assert [(value.goods, value.basis) for value in found] == expected


def test_frozen_values_stay_and_a_line_that_comes_later_gets_the_rest() -> None:
    frozen = replace(sold(1, 1, 1000), value=700, value_quantity=1, basis="shared")
    found = value_lines([frozen, sold(2, 1, 1000)], paid=1000, postage=0)
    assert [(value.goods, value.basis) for value in found] == [(700, "shared"), (300, "shared")]


def test_a_value_that_was_unknown_is_worked_out_anew() -> None:
    guessed = replace(sold(1, 1, 1000), value=1000, value_quantity=1, basis="unknown")
    assert value_lines([guessed], paid=900, postage=0)[0].goods == 900


@pytest.mark.parametrize(
    ("whole", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (100, [0, 0, 0], [34, 33, 33]),
        (1, [5, 5], [1, 0]),
        (0, [3, 1], [0, 0]),
        (7, [], []),
    ],
)
def test_shares_add_up_to_the_whole(whole: int, weights: list[int], parts: list[int]) -> None:
    assert share_out(whole, weights) == parts


def test_the_last_piece_takes_the_cent_left_over() -> None:
    entry, amounts = line(3, 100), []
    for _piece in range(3):
        amount = amount_for(entry, 1)
        amounts.append(amount)
        entry = replace(entry, refunded=entry.refunded + 1, refunded_amount=entry.refunded_amount + amount)
    assert amounts == [33, 33, 34]


def test_pieces_together_cost_what_they_cost_one_by_one() -> None:
    assert amount_for(line(3, 100), 2) == 66
    assert amount_for(line(3, 100, refunded=2, amount=66), 1) == 34


def test_a_void_refund_in_between_loses_no_cent() -> None:
    # 33, 33, 34 were planned and the first one voided: two pieces with 67 are out, one with 33 is left.
    assert amount_for(line(3, 100, refunded=2, amount=67), 1) == 33


def test_pieces_that_rounding_gave_nothing_get_it_with_later_ones() -> None:
    # Two cents for four pieces: 0, 1, 0, 1. Those with a cent were voided; the rest still costs two cents.
    entry = line(4, 2, refunded=2, amount=0)
    first = amount_for(entry, 1)
    second = amount_for(replace(entry, refunded=3, refunded_amount=first), 1)
    assert first + second == 2


def test_what_was_deducted_on_purpose_does_not_come_back_with_a_later_piece() -> None:
    assert amount_for(line(2, 20000, refunded=1, amount=5000), 1) == 10000


def test_compensation_without_counting_pieces_lowers_what_is_left() -> None:
    assert amount_for(line(1, 10000, refunded=0, amount=3000), 1) == 7000
