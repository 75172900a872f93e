"""Goods that are here are never restocked unseen if faulty, nor kept from a customer who was refused."""

import pytest

from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.database.returns import list_return_lines
from aftersales_cli.desk.ending import resolve_case
from aftersales_cli.desk.returns.books import read_books
from aftersales_cli.desk.returns.deciding import require_request
from aftersales_cli.desk.returns.inspecting import inspect_goods
from aftersales_cli.desk.returns.looking import load_return
from aftersales_cli.desk.returns.receiving import Words, receive_goods
from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.desk.returns.reviewing import review
from aftersales_cli.desk.returns.sending import expire_parcels, ship_parcel
from aftersales_cli.desk.returns.withdrawing import withdraw_return
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.records.returns import ReturnLine, ReturnRequest
from aftersales_cli.shop import Shop
from tests.desk.returns.return_helpers import run_sql, sell


def ask(shop: Shop, reason: str = "changed_mind", condition: str = "unopened") -> ReturnRequest:
    sell(shop)
    return request_return(shop, order="101", lines=["CUP=1"], reason=reason, condition=condition)


def grant(shop: Shop, request: ReturnRequest) -> ReturnRequest:
    if request.status != "auto_approved":
        review(shop, request.id, "approved")
    return require_request(shop, request.id)


def line_of(shop: Shop, request: ReturnRequest) -> ReturnLine:
    return list_return_lines(shop.database, request.id)[0]


@pytest.mark.parametrize(
    ("reason", "condition"),
    [
        ("changed_mind", "damaged"),
        ("changed_mind", "used"),
        ("changed_mind", "incomplete"),
        ("defect", ""),
        ("damaged_transit", "unopened"),
    ],
)
def test_what_was_called_faulty_goes_nowhere_unless_said(shop: Shop, reason: str, condition: str) -> None:
    request = grant(shop, ask(shop, reason, condition))
    receive_goods(shop, request.id)
    assert (line_of(shop, request).accepted, line_of(shop, request).disposition) == (1, "")
    assert load_return(shop, request.id).next_command == (
        f"aftersales returns inspect {request.id} --disposition …"
    )
    inspect_goods(shop, request.id, ["CUP", "accepted=1"], disposition="scrap")
    assert line_of(shop, request).disposition == "scrap"


def test_what_was_called_faulty_goes_where_the_receipt_says(shop: Shop) -> None:
    request = grant(shop, ask(shop, "defect"))
    receive_goods(shop, request.id, disposition="scrap")
    assert line_of(shop, request).disposition == "scrap"


def test_an_inspection_restocks_nothing_faulty_by_itself(shop: Shop) -> None:
    request = grant(shop, ask(shop, "defect"))
    receive_goods(shop, request.id, inspect_later=True)
    inspect_goods(shop, request.id)
    assert (line_of(shop, request).accepted, line_of(shop, request).disposition) == (1, "")


def reject_with_goods_here(shop: Shop) -> ReturnRequest:
    sell(shop, delivered_at="2026-10-01T02:00:00Z")
    request = request_return(
        shop, order="101", lines=["CUP=1", "LID=1"], reason="changed_mind", condition="used"
    )
    receive_goods(shop, request.id)
    return review(shop, request.id, "rejected", reasons=["window_over"])


def test_goods_of_a_rejected_request_have_to_go_back_before_the_case_ends(shop: Shop) -> None:
    request = reject_with_goods_here(shop)
    with pytest.raises(RefusedError, match="here, though the request was not granted") as caught:
        resolve_case(shop, request.case_number, cause="customer")
    assert f"aftersales returns inspect {request.id} --disposition return" in str(caught.value.remedy)
    inspect_goods(shop, request.id, disposition="return")
    with pytest.raises(RefusedError, match="to go back to the customer"):
        resolve_case(shop, request.case_number, cause="customer")
    ship_parcel(shop, request.id, number="SF9", out=True)
    run_sql(shop, "UPDATE return_parcels SET status = 'received' WHERE direction = 'out'")
    assert resolve_case(shop, request.case_number, cause="customer").resolution == "rejected"


def test_goods_the_customer_leaves_to_us_are_an_end(shop: Shop) -> None:
    request = reject_with_goods_here(shop)
    inspect_goods(shop, request.id, disposition="scrap")
    assert load_return(shop, request.id).open_ends == []


def test_a_case_whose_only_request_was_withdrawn_ends_as_withdrawn(shop: Shop) -> None:
    request = ask(shop)
    withdraw_return(shop, request.id)
    assert resolve_case(shop, request.case_number, cause="customer").resolution == "withdrawn"


def expire(shop: Shop) -> ReturnRequest:
    request = ask(shop)
    run_sql(shop, "UPDATE return_parcels SET expected_by = '2026-11-20'")
    expire_parcels(shop)
    return require_request(shop, request.id)


def test_a_parcel_that_comes_late_brings_its_request_back_to_a_person(shop: Shop) -> None:
    request = expire(shop)
    assert request.status == "expired"
    receive_goods(shop, request.id)
    revived = require_request(shop, request.id)
    assert (revived.status, revived.ended_at, revived.decided_at) == ("needs_manual", None, None)
    events = list_case_events(shop.database, request.case_number)
    assert [event.type for event in events][-2:] == ["return_revived", "received"]
    books = read_books(shop, request.order_id or 0)
    assert books.lines[0].held == 1
    review(shop, request.id, "approved")
    # The goods are here: nobody waits for a second parcel.
    assert fetch_rows(shop.database, "SELECT status FROM return_parcels") == [("received",)]
    assert load_return(shop, request.id).next_command == f"aftersales returns inspect {request.id}"
    inspect_goods(shop, request.id)
    assert load_return(shop, request.id).next_command == f"aftersales refunds plan {request.id}"


def test_a_late_parcel_revives_nothing_that_was_asked_back_again(shop: Shop) -> None:
    request = expire(shop)
    request_return(shop, order="101", lines=["CUP=3"], reason="changed_mind", condition="unopened")
    receive_goods(shop, request.id)
    assert require_request(shop, request.id).status == "expired"
    assert load_return(shop, request.id).open_ends


def test_nothing_is_missing_where_more_came_than_was_approved(shop: Shop) -> None:
    request = ask(shop)
    receive_goods(shop, request.id, Words(pieces=["CUP=2"]))
    with pytest.raises(WrongUsageError, match="2 of 1 pieces came, so that 1 cannot be missing"):
        inspect_goods(shop, request.id, ["CUP", "short=1"])
