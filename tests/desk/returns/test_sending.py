"""Parcels of returns: recorded both ways, and given up when their time is over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.database.return_parcels import list_parcels
from aftersales_cli.desk.returns.deciding import require_request
from aftersales_cli.desk.returns.receiving import receive_goods
from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.desk.returns.sending import expire_parcels, ship_parcel
from aftersales_cli.desk.returns.withdrawing import withdraw_return
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.records.returns import ReturnRequest
from aftersales_cli.shop import Shop
from tests.desk.returns.return_helpers import run_sql, sell


@pytest.fixture
def request_(shop: Shop) -> ReturnRequest:
    """Return an approved request whose parcel is awaited until 2026-11-29."""
    sell(shop)
    return request_return(shop, order="101", lines=["CUP=2"], reason="changed_mind", condition="unopened")


def later(shop: Shop, days: int) -> Shop:
    return replace(shop, now=shop.now + timedelta(days=days))


def parcels(shop: Shop) -> list[tuple[object, ...]]:
    return fetch_rows(
        shop.database, "SELECT direction, status, carrier, number, moved_from FROM return_parcels ORDER BY id"
    )


def test_the_awaited_parcel_is_the_one_that_was_sent(shop: Shop, request_: ReturnRequest) -> None:
    parcel = ship_parcel(shop, request_.id, carrier="SF", number=" sf 77 ")
    assert parcels(shop) == [("in", "in_transit", "SF", "SF77", "")]
    assert [row for row in list_parcels(shop.database, request_.id) if row.sent_at] == [parcel]
    event = list_case_events(shop.database, request_.case_number)[-1]
    assert (event.type, event.before, event.after) == ("parcel_sent", "awaiting", "in_transit")
    with pytest.raises(RefusedError, match="cannot be taken back"):
        withdraw_return(shop, request_.id)


def test_the_same_parcel_is_recorded_once_and_another_beside_it(shop: Shop, request_: ReturnRequest) -> None:
    ship_parcel(shop, request_.id, number="SF77")
    with pytest.raises(RefusedError, match="Parcel SF77 is recorded already"):
        ship_parcel(shop, request_.id, number="sf77")
    ship_parcel(shop, request_.id, number="SF78")
    assert [row[3] for row in parcels(shop)] == ["SF77", "SF78"]


def test_a_parcel_has_a_number_or_a_note(shop: Shop, request_: ReturnRequest) -> None:
    with pytest.raises(WrongUsageError):
        ship_parcel(shop, request_.id, carrier="SF")
    ship_parcel(shop, request_.id, note="brings it to the shop")
    assert parcels(shop)[0][1] == "in_transit"


def test_no_goods_are_sent_for_what_was_withdrawn(shop: Shop, request_: ReturnRequest) -> None:
    withdraw_return(shop, request_.id)
    with pytest.raises(RefusedError, match="no goods are to be sent"):
        ship_parcel(shop, request_.id, number="SF77")


def test_only_goods_that_are_here_go_back(shop: Shop, request_: ReturnRequest) -> None:
    with pytest.raises(RefusedError, match="no goods are here"):
        ship_parcel(shop, request_.id, number="SF99", out=True)
    receive_goods(shop, request_.id)
    ship_parcel(shop, request_.id, number="SF99", out=True)
    assert parcels(shop)[-1][:2] == ("out", "in_transit")


def test_what_was_never_sent_ends_the_request(shop: Shop, request_: ReturnRequest) -> None:
    assert expire_parcels(later(shop, 7)) == []
    found = expire_parcels(later(shop, 8))
    assert [(entry.request, entry.done, entry.request_expired) for entry in found] == [
        (request_.id, "expired", True)
    ]
    assert require_request(shop, request_.id).status == "expired"
    assert parcels(shop)[0][1] == "expired"
    events = [(event.type, event.actor) for event in list_case_events(shop.database, request_.case_number)]
    assert events[-2:] == [("parcel_expired", "system"), ("return_expired", "system")]
    assert expire_parcels(later(shop, 9)) == []


def test_a_replacement_that_left_before_keeps_the_request_open(shop: Shop, request_: ReturnRequest) -> None:
    run_sql(
        shop,
        "INSERT INTO replacements (case_number, request_id, sku, title, quantity, status, currency, reserved_at) "
        "VALUES (:number, :id, 'CUP', 'Red cup', 1, 'shipped', 'CNY', :at)",
        number=request_.case_number,
        id=request_.id,
        at=shop.stamp,
    )
    (found,) = expire_parcels(later(shop, 8))
    assert not found.request_expired
    assert require_request(shop, request_.id).status == "auto_approved"


def test_what_is_on_its_way_too_long_is_lost_and_may_still_arrive(
    shop: Shop, request_: ReturnRequest
) -> None:
    ship_parcel(shop, request_.id, number="SF77")
    assert expire_parcels(later(shop, 14)) == []
    (found,) = expire_parcels(later(shop, 15))
    assert (found.done, found.number, found.request_expired) == ("lost", "SF77", False)
    assert require_request(shop, request_.id).status == "auto_approved"
    assert expire_parcels(later(shop, 30)) == []
    receive_goods(later(shop, 31), request_.id)
    assert parcels(shop)[0][1] == "received"


def test_goods_sent_after_the_last_day_are_recorded_all_the_same(shop: Shop, request_: ReturnRequest) -> None:
    expire_parcels(later(shop, 8))
    ship_parcel(later(shop, 9), request_.id, number="SF77")
    assert parcels(shop)[0][:4] == ("in", "in_transit", "", "SF77")
    receive_goods(later(shop, 10), request_.id)
    assert parcels(shop)[0][1] == "received"
