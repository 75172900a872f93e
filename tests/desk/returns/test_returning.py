"""Requests: recorded, judged, taken back, asked again."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from aftersales_cli.database.cases import list_case_events, list_case_lines
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.database.returns import list_return_lines, list_reviews
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.returns.books import read_books
from aftersales_cli.desk.returns.flagging import flag_text
from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.desk.returns.reviewing import review
from aftersales_cli.desk.returns.withdrawing import withdraw_return
from aftersales_cli.desk.steps import require_case
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.shop import Shop
from tests.desk.returns.return_helpers import run_sql, sell

NO_REASON: dict[str, Any] = {"reason": "changed_mind", "condition": "unopened"}


def test_a_request_within_the_rules_is_approved_and_its_parcel_awaited(shop: Shop) -> None:
    order_id = sell(shop)
    request = request_return(shop, order="101", lines=["CUP=2"], say="不想要了", **NO_REASON)
    assert (request.status, request.kind, request.asked_amount) == ("auto_approved", "return", 16193)
    assert (request.send_by, request.postage_by) == ("2026-11-29", "buyer")
    assert request.policy_version == 1
    assert [
        (line.sku, line.asked, line.approved) for line in list_return_lines(shop.database, request.id)
    ] == [("CUP", 2, 2)]
    assert [
        (entry.step, entry.verdict, entry.reviewer) for entry in list_reviews(shop.database, request.id)
    ] == [("auto", "auto_approved", "policy")]
    case = require_case(shop, request.case_number)
    assert (case.kind, case.order_id, case.reason_first) == ("return", order_id, "changed_mind")
    assert [(line.sku, line.quantity) for line in list_case_lines(shop.database, case.number)] == [("CUP", 2)]
    events = [
        (event.type, event.field, event.after) for event in list_case_events(shop.database, case.number)
    ]
    assert events[-2:] == [("return_requested", "review", "submitted"), ("judged", "review", "auto_approved")]
    assert fetch_rows(shop.database, "SELECT status, direction, expected_by FROM return_parcels") == [
        ("awaiting", "in", "2026-11-29")
    ]


def test_what_lines_were_worth_is_frozen_at_the_first_request(shop: Shop) -> None:
    order_id = sell(shop)
    request_return(shop, order="101", lines=["CUP=1"], **NO_REASON)
    run_sql(shop, "UPDATE orders SET paid = 99999 WHERE id = :id", id=order_id)
    assert [line.goods for line in read_books(shop, order_id).lines] == [24290, 810]


def test_a_rejection_is_only_proposed(shop: Shop) -> None:
    sell(shop, delivered_at="2026-10-01T02:00:00Z")
    request = request_return(shop, order="101", everything=True, **NO_REASON)
    assert request.status == "needs_manual"
    assert list_reviews(shop.database, request.id)[0].verdict == "rejected"
    assert "window_over" in request.reasons.split(",")


def test_an_amount_above_the_limit_waits_for_a_person(shop: Shop) -> None:
    sell(shop, paid=90000)
    request = request_return(shop, order="101", everything=True, **NO_REASON)
    assert (request.status, request.send_by) == ("submitted", None)
    assert request.decide_by == "2026-11-24T01:00:00Z"


def test_the_last_piece_is_asked_back_once(shop: Shop) -> None:
    sell(shop)
    request_return(shop, order="101", lines=["CUP=2"], **NO_REASON)
    with pytest.raises(RefusedError, match="Red cup: only 1 piece can still be asked back, not 2"):
        request_return(shop, order="101", lines=["CUP=2"], kind="exchange", reason="defect")
    request_return(shop, order="101", lines=["CUP"], kind="exchange", reason="defect")
    with pytest.raises(RefusedError, match="only 0 pieces"):
        request_return(shop, order="101", lines=["CUP"], **NO_REASON)


def test_a_refused_request_leaves_nothing_behind(shop: Shop) -> None:
    sell(shop)
    with pytest.raises(RefusedError):
        request_return(shop, order="101", lines=["CUP=9"], **NO_REASON)
    assert fetch_rows(shop.database, "SELECT count(*) FROM cases") == [(0,)]
    assert fetch_rows(shop.database, "SELECT count(*) FROM line_values") == [(0,)]


def test_a_withdrawn_request_frees_its_pieces_and_awaits_no_parcel(shop: Shop) -> None:
    sell(shop)
    request = request_return(shop, order="101", lines=["CUP=2"], **NO_REASON)
    withdrawn = withdraw_return(shop, request.id, note="keeps them")
    assert (withdrawn.status, withdrawn.ended_at) == ("withdrawn", shop.stamp)
    assert fetch_rows(shop.database, "SELECT status FROM return_parcels") == [("expired",)]
    assert request_return(shop, order="101", lines=["CUP=3"], **NO_REASON).revision == 1
    with pytest.raises(RefusedError, match="cannot become"):
        withdraw_return(shop, request.id)


@pytest.mark.parametrize("status", ["in_transit", "partly_received", "received"])
def test_a_request_whose_parcel_is_under_way_is_not_taken_back(shop: Shop, status: str) -> None:
    sell(shop)
    request = request_return(shop, order="101", lines=["CUP=1"], **NO_REASON)
    run_sql(shop, "UPDATE return_parcels SET status = :status, number = 'SF1'", status=status)
    with pytest.raises(RefusedError, match="parcel SF1"):
        withdraw_return(shop, request.id)


def test_what_was_rejected_comes_back_only_as_a_revision_and_only_once(shop: Shop) -> None:
    sell(shop)
    first = request_return(shop, order="101", lines=["CUP=1"], reason="defect")
    review(shop, first.id, "rejected", reasons=["not_proven"])
    with pytest.raises(RefusedError, match="about the same goods was rejected"):
        request_return(shop, order="101", lines=["CUP=1"], reason="defect")
    # Other goods of the order are another matter.
    request_return(shop, order="101", lines=["LID"], **NO_REASON)
    again = request_return(shop, again=first.id, lines=["CUP=1"], reason="defect", say="a film now")
    assert (again.revision, again.previous_id, again.case_number) == (2, first.id, first.case_number)
    with pytest.raises(RefusedError, match="was asked again already"):
        request_return(shop, again=first.id, lines=["CUP=1"], reason="defect")
    with pytest.raises(RefusedError, match="only a rejected one is asked again"):
        request_return(shop, again=again.id, lines=["CUP=1"], reason="defect")


def test_a_case_there_is_takes_the_request_and_its_kind(shop: Shop) -> None:
    sell(shop)
    case = open_case(shop, order="101", say="What about returns?")
    request = request_return(shop, case_number=case.number, lines=["LID"], **NO_REASON)
    assert request.case_number == case.number
    assert require_case(shop, case.number).kind == "return"


def test_a_case_without_its_order_has_nothing_to_give_back(shop: Shop) -> None:
    sell(shop)
    case = open_case(shop, order="555", storefront="tb", say="?")
    with pytest.raises(RefusedError, match="has no order"):
        request_return(shop, case_number=case.number)
    with pytest.raises(NotFoundError):
        request_return(shop, order="555", storefront="tb")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"lines": ["TEAPOT"]}, "names no product"),
        ({"lines": ["CUP=two"]}, "no number of pieces"),
        ({"lines": ["CUP=0"]}, "no number of pieces"),
        ({"lines": ["CUP=1", "CUP=1"]}, "named twice"),
        ({"lines": ["CUP=1"], "everything": True}, "not both"),
        ({}, "several products"),
        ({"lines": ["CUP=1"], "kind": "praise"}, "not what a customer can ask for"),
        ({"lines": ["CUP=1"], "kind": "exchange", "amount": Decimal(3)}, "only with a return or a refund"),
        ({"lines": ["CUP=1"], "amount": Decimal(-3)}, "not an amount"),
        ({"lines": ["CUP=1"], "amount": Decimal("1.005")}, "finer than CNY"),
    ],
)
def test_what_makes_no_sense_is_explained(shop: Shop, words: dict[str, Any], problem: str) -> None:
    sell(shop)
    with pytest.raises(WrongUsageError, match=problem):
        request_return(shop, order="101", **words)


@pytest.mark.parametrize(
    ("word", "sku"), [("red cup=1", "CUP"), ("#2=1", "LID"), ("lid", "LID"), ("ｃｕｐ=1", "CUP")]
)
def test_products_are_named_by_sku_title_or_place(shop: Shop, word: str, sku: str) -> None:
    sell(shop)
    request = request_return(shop, order="101", lines=[word], **NO_REASON)
    assert [line.sku for line in list_return_lines(shop.database, request.id)] == [sku]


def test_no_more_money_is_asked_back_than_was_paid(shop: Shop) -> None:
    sell(shop)
    with pytest.raises(RefusedError, match=r"At most CN¥90\.96 can still be paid back"):
        request_return(
            shop, order="101", lines=["CUP=1"], kind="refund_only", reason="defect", amount=Decimal("90.97")
        )
    assert (
        request_return(
            shop, order="101", lines=["CUP=1"], kind="refund_only", reason="defect", amount=Decimal("90.96")
        ).asked_amount
        == 9096
    )


def test_compensation_leaves_the_goods_to_be_returned_later(shop: Shop) -> None:
    order_id = sell(shop)
    small = request_return(
        shop, order="101", lines=["CUP=3"], kind="refund_only", reason="damaged_transit", amount=Decimal(20)
    )
    assert read_books(shop, order_id).lines[0].held == 3
    review(shop, small.id, "approved")
    assert read_books(shop, order_id).lines[0].held == 0


def test_an_order_without_products_is_returned_as_a_whole(shop: Shop) -> None:
    sell(shop, products=())
    request = request_return(shop, order="101", **NO_REASON)
    line = list_return_lines(shop.database, request.id)[0]
    assert (line.title, line.asked, line.order_line_id) == ("Cup and lid", 1, None)
    with pytest.raises(RefusedError, match="only 0 pieces"):
        request_return(shop, order="101", **NO_REASON)


def test_unusual_returning_is_told_with_its_rule_and_decides_nothing(shop: Shop) -> None:
    for number in ("101", "102", "103", "104"):
        sell(shop, number, customer="Lan")
    first = request_return(shop, order="101", lines=["LID"], **NO_REASON)
    # A fault of ours says nothing about the customer.
    request_return(shop, order="102", lines=["LID"], reason="defect")
    third = request_return(shop, order="103", lines=["LID"], **NO_REASON)
    assert (first.flag, third.status) == ("", "auto_approved")
    assert flag_text(third.flag) == (
        "2 of 4 paid orders asked back without a fault of ours (told from 50 % of 3 orders)"
    )


def test_the_request_can_be_written_down_later(shop: Shop, local: Callable[[str], datetime]) -> None:
    sell(shop, delivered_at="2026-11-14T02:00:00Z")
    in_time = request_return(shop, order="101", lines=["LID"], at=local("2026-11-21 23:59"), **NO_REASON)
    assert (in_time.status, in_time.requested_on) == ("auto_approved", "2026-11-21")
    late = request_return(shop, order="101", lines=["CUP=1"], at=local("2026-11-22 00:00"), **NO_REASON)
    assert list_reviews(shop.database, late.id)[0].verdict != "auto_approved"
