"""Nothing may exceed what was bought or paid."""

from dataclasses import replace

import pytest

from aftersales_cli.desk.returns.ledger import build_ledger, held_pieces
from aftersales_cli.desk.returns.ledger_checks import check_refund, check_replacement, check_request
from aftersales_cli.errors import RefusedError
from aftersales_cli.records.ledger import AskedLine, MoneyPart, OrderFacts, OrderLedger, SentAgain, SoldLine

FACTS = OrderFacts(
    order_id=1,
    currency="CNY",
    paid=11000,
    postage=1000,
    platform=0,
    lines=(SoldLine(1, "CUP", "Cup", 2, 4000, None), SoldLine(2, "LID", "Lid", 1, 2000, None)),
    asked=(),
    parts=(),
    sent_again=(),
)
"""Two cups of 40 and a lid of 20, postage 10, nothing off: all was paid."""


def asked(**changes: object) -> AskedLine:
    entry = AskedLine(
        id=7, request_id=5, order_line_id=1, kind="return", status="approved", partial=False, ended=False, asked=2,
        approved=2, received=0, accepted=0, damaged=0, wrong=0, short=0, rejected=0, disposition="",
    )  # fmt: skip
    return replace(entry, **changes)  # type: ignore[arg-type] # by name


def books(**changes: object) -> OrderLedger:
    return build_ledger(replace(FACTS, **changes))  # type: ignore[arg-type] # by name


def goods(amount: int, quantity: int = 0, *, line: int = 1, of: int | None = None) -> MoneyPart:
    return MoneyPart("goods", amount, line, of, quantity)


@pytest.mark.parametrize(
    ("entry", "held"),
    [
        (asked(status="submitted", approved=0), 2),
        (asked(status="needs_evidence", approved=0), 2),
        (asked(status="needs_manual", approved=1), 2),
        (asked(approved=1), 1),
        (asked(status="rejected"), 0),
        (asked(status="withdrawn"), 0),
        (asked(status="expired"), 0),
        # The customer sent one piece less than said and still has it.
        (asked(accepted=1, short=1), 1),
        # Refused at the inspection and sent back: the customer has it again.
        (asked(accepted=1, rejected=1, disposition="return"), 1),
        (asked(accepted=1, rejected=1, disposition="scrap"), 2),
        # Compensation leaves the goods with the customer, as a repair does when it is done.
        (asked(kind="refund_only", partial=True), 0),
        (asked(kind="refund_only"), 2),
        (asked(kind="repair"), 2),
        (asked(kind="repair", ended=True), 0),
    ],
)
def test_pieces_are_held_as_long_as_the_customer_has_not_got_them_to_ask_again(
    entry: AskedLine, held: int
) -> None:
    assert held_pieces(entry) == held


def test_no_more_pieces_are_asked_back_than_were_bought() -> None:
    check_request(books(), {1: 2, 2: 1})
    with pytest.raises(RefusedError, match="Cup: only 2 pieces can still be asked back, not 3"):
        check_request(books(), {1: 3})
    with pytest.raises(RefusedError, match="Cup: only 1 piece can still be asked back, not 2"):
        check_request(books(asked=(asked(asked=1, approved=1),)), {1: 2})


def test_a_piece_that_was_sent_instead_can_be_asked_back_but_not_one_only_reserved() -> None:
    exchanged = asked(kind="exchange", asked=2, approved=2, accepted=2)
    sent = SentAgain(1, 7, 1, sent=True)
    check_request(books(asked=(exchanged,), sent_again=(sent,)), {1: 1})
    with pytest.raises(RefusedError):
        check_request(books(asked=(exchanged,), sent_again=(replace(sent, sent=False),)), {1: 1})


def test_a_line_is_never_paid_back_beyond_what_was_paid_for_it() -> None:
    assert check_refund(books(), [goods(8000, 2)]) == 0
    with pytest.raises(RefusedError, match=r"Cup: at most CN¥80\.00 can still be paid back, not CN¥80\.01"):
        check_refund(books(), [goods(8001, 2)])
    with pytest.raises(RefusedError, match=r"at most CN¥10\.00"):
        check_refund(books(parts=(goods(7000, 1),)), [goods(1001)])
    with pytest.raises(RefusedError, match="2 of 2 pieces are paid back already"):
        check_refund(books(parts=(goods(2000, 2),)), [goods(1, 1)])


def test_two_parts_of_one_plan_count_together() -> None:
    with pytest.raises(RefusedError, match="Cup: at most"):
        check_refund(books(), [goods(4001, 1), goods(4000, 1)])
    with pytest.raises(RefusedError, match="pieces are paid back already"):
        check_refund(books(), [goods(10, 2), goods(10, 1)])


def test_postage_is_paid_back_up_to_what_was_paid_for_it() -> None:
    assert check_refund(books(), [MoneyPart("shipping", 1000)]) == 0
    with pytest.raises(RefusedError, match=r"postage: at most CN¥4\.00"):
        check_refund(books(parts=(MoneyPart("shipping", 600),)), [MoneyPart("shipping", 401)])


def test_what_the_marketplace_paid_back_counts_for_the_order() -> None:
    assert check_refund(books(platform=9000), [goods(2000, 1)]) == 0
    with pytest.raises(RefusedError, match=r"order: at most CN¥20\.00"):
        check_refund(books(platform=9000), [goods(2001, 1)])
    # It paid back too much already: our own decisions add nothing, but what they did is no error now.
    with pytest.raises(RefusedError, match=r"order: at most CN¥0\.00"):
        check_refund(books(platform=12000), [goods(1, 1)])
    assert check_refund(books(platform=12000), [goods(0, 1)]) == 0


def test_goodwill_goes_beyond_what_was_paid_only_with_a_lead() -> None:
    paid_back = books(parts=(goods(8000, 2), goods(2000, 1, line=2), MoneyPart("shipping", 1000)))
    with pytest.raises(RefusedError, match=r"CN¥5\.00 more would go back than was paid"):
        check_refund(paid_back, [MoneyPart("goodwill", 500)])
    assert check_refund(paid_back, [MoneyPart("goodwill", 500)], may_exceed=True) == 500
    # Goods never do, whoever asks.
    with pytest.raises(RefusedError):
        check_refund(paid_back, [goods(1)], may_exceed=True)


def test_goodwill_within_what_was_paid_needs_nobody() -> None:
    assert check_refund(books(), [MoneyPart("goodwill", 11000)]) == 0


def test_a_fee_lowers_and_never_raises_a_refund() -> None:
    assert check_refund(books(), [goods(4000, 1), MoneyPart("fee", -500)]) == 0
    with pytest.raises(RefusedError, match="A fee lowers"):
        check_refund(books(), [goods(4000, 1), MoneyPart("fee", 500)])
    with pytest.raises(RefusedError, match="A fee lowers"):
        check_refund(books(), [goods(-1, 1)])
    with pytest.raises(RefusedError, match="The fees are higher"):
        check_refund(books(), [goods(400, 1), MoneyPart("fee", -500)])


def test_pieces_of_a_request_are_paid_back_or_replaced_once_and_only_if_approved() -> None:
    entry = asked(asked=2, approved=1)
    check_refund(books(asked=(entry,)), [goods(4000, 1, of=7)])
    with pytest.raises(RefusedError, match="Cup: 1 approved pieces are neither"):
        check_refund(books(asked=(entry,)), [goods(8000, 2, of=7)])
    replaced = books(asked=(entry,), sent_again=(SentAgain(1, 7, 1, sent=False),))
    with pytest.raises(RefusedError, match="Cup: 0 approved pieces"):
        check_refund(replaced, [goods(4000, 1, of=7)])
    with pytest.raises(RefusedError, match="Cup: 0 approved pieces"):
        check_replacement(replaced, 1, order_line_id=1, return_line_id=7)
    with pytest.raises(RefusedError, match="Line 7"):
        check_refund(books(asked=(asked(status="submitted"),)), [goods(4000, 1, of=7)])


def test_without_a_request_no_more_is_sent_instead_than_was_bought() -> None:
    sent = (SentAgain(2, None, 1, sent=True),)
    check_replacement(books(), 1, order_line_id=2)
    with pytest.raises(RefusedError, match="Lid: 1 of 1 pieces were replaced already"):
        check_replacement(books(sent_again=sent), 1, order_line_id=2)


def test_an_order_whose_files_name_no_products_counts_as_one_line() -> None:
    whole = books(lines=(SoldLine(None, "", "Set", 3, None, None),), paid=9000, postage=0)
    assert (whole.lines[0].bought, whole.lines[0].goods) == (3, 9000)
    check_request(whole, {None: 3})


def test_what_was_asked_before_the_products_were_known_belongs_to_the_only_one() -> None:
    later = books(
        lines=(SoldLine(1, "CUP", "Cup", 2, 4000, None),),
        asked=(asked(order_line_id=None),),
        parts=(goods(3000, 1, line=0),),
    )
    assert later.lines[0].held == 2
    unknown = replace(goods(3000, 1), order_line_id=None)
    several = books(parts=(unknown,))
    assert (several.goodwill, several.given) == (3000, 3000)
