"""What of all returns needs a person, and nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aftersales_cli.desk.returns.exceptions import list_exceptions
from aftersales_cli.desk.returns.inspecting import inspect_goods
from aftersales_cli.desk.returns.receiving import Words, receive_goods
from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.desk.returns.sending import expire_parcels, ship_parcel
from aftersales_cli.records.returns import ReturnRequest
from aftersales_cli.shop import Shop
from tests.desk.returns.return_helpers import run_sql, sell


@pytest.fixture
def request_(shop: Shop) -> ReturnRequest:
    """Return an approved request for two cups and a lid."""
    sell(shop)
    return request_return(
        shop, order="101", lines=["CUP=2", "LID=1"], reason="changed_mind", condition="unopened"
    )


def found(shop: Shop) -> list[tuple[str, str, str]]:
    return [(entry.row.code, entry.row.product, entry.what) for entry in list_exceptions(shop)]


def test_what_goes_its_way_needs_nobody(shop: Shop, request_: ReturnRequest) -> None:
    assert found(shop) == []
    ship_parcel(shop, request_.id, number="SF1")
    receive_goods(shop, request_.id)
    assert found(shop) == []


def test_requests_to_be_decided_come_first_by_their_time(shop: Shop) -> None:
    sell(shop, delivered_at="2026-10-01T02:00:00Z")
    request = request_return(shop, order="101", lines=["CUP=1"], reason="changed_mind", condition="unopened")
    (entry,) = list_exceptions(shop)
    assert (entry.row.code, entry.row.request_id, entry.row.order_number) == ("review", request.id, "101")
    assert entry.what == "to be decided: needs a person"
    assert entry.row.due == request.decide_by
    assert entry.command == f"aftersales returns review {request.id} approve"


def test_an_odd_receipt_stays_until_somebody_has_decided(shop: Shop, request_: ReturnRequest) -> None:
    receive_goods(shop, request_.id, Words(damaged=["CUP=1"], short=["LID"], extra=["blue cup"]))
    assert found(shop) == [
        ("extra", "", "came and was not expected: blue cup"),
        ("short", "Lid", "missing 1/1"),
        ("undecided_goods", "Red cup", "in order/damaged/wrong/rejected 1/1/0/0: what becomes of them?"),
    ]
    run_sql(shop, "UPDATE return_lines SET damaged = 0, accepted = 2 WHERE damaged > 0")
    assert found(shop)[-1][2] == "in order/damaged/wrong/rejected 2/0/0/0: what becomes of them?"
    run_sql(shop, "UPDATE return_lines SET damaged = 1, accepted = 1 WHERE accepted = 2")
    inspect_goods(shop, request_.id, ["CUP"], disposition="scrap")
    assert {row[0] for row in found(shop)} == {"extra", "short"}
    run_sql(shop, "UPDATE cases SET status = 'closed'")
    assert found(shop) == []


def test_parcels_over_time_and_lost_ones(shop: Shop, request_: ReturnRequest) -> None:
    late = replace(shop, now=shop.now + timedelta(days=8))
    assert [row[0] for row in found(late)] == ["overdue_parcel"]
    ship_parcel(shop, request_.id, number="SF1")
    assert found(late) == []
    expire_parcels(replace(shop, now=shop.now + timedelta(days=15)))
    assert found(shop) == [("lost", "", "parcel lost: SF1")]


def test_a_parcel_the_courier_delivered_and_nobody_opened(shop: Shop, request_: ReturnRequest) -> None:
    ship_parcel(shop, request_.id, number="SF1")
    run_sql(
        shop,
        "UPDATE return_parcels SET status = 'received', moved_from = 'in_transit', received_at = :at",
        at=shop.stamp,
    )
    assert found(shop) == [("unopened", "", "delivered by the courier, not received here yet: SF1")]
    receive_goods(shop, request_.id)
    assert found(shop) == []


def test_money_that_is_late_failed_or_paid_by_the_marketplace_already(
    shop: Shop, request_: ReturnRequest
) -> None:
    run_sql(
        shop,
        "INSERT INTO refund_plans (id, case_number, request_id, currency, status, route, key, planned_at, planned_by, "
        "due_at) VALUES (1, :number, :id, 'CNY', 'approved', 'platform', 'k', :at, 'owner', '2026-11-20T00:00:00Z')",
        number=request_.case_number,
        id=request_.id,
        at=shop.stamp,
    )
    run_sql(shop, "INSERT INTO refund_parts (plan_id, position, type, amount) VALUES (1, 1, 'goods', 1200)")
    assert found(shop) == [("overdue_refund", "", "refund overdue: CN¥12.00")]
    run_sql(shop, "UPDATE refund_plans SET status = 'failed', failure = 'card closed'")
    assert found(shop) == [("failed_refund", "", "refund of CN¥12.00 failed: card closed")]
    run_sql(
        shop,
        "INSERT INTO refunds (case_number, storefront_id, external_id, order_external_id, currency, amount, to_buyer, "
        "status, status_raw, succeeded_at, progress, as_of) VALUES (:number, 1, 'R1', '101', 'CNY', 1500, 1500, "
        "'succeeded', '退款成功', :at, 5, :at)",
        number=request_.case_number,
        at=shop.stamp,
    )
    assert {row[0] for row in found(shop)} == {"failed_refund", "mismatch_paid"}
    run_sql(shop, "UPDATE refund_plans SET status = 'succeeded', refund_id = 1")
    assert found(shop) == [("mismatch_amount", "", "the marketplace paid CN¥15.00, planned were CN¥12.00")]


def test_goods_sent_though_the_marketplace_ended_the_request(shop: Shop, request_: ReturnRequest) -> None:
    ship_parcel(shop, request_.id, number="SF1")
    run_sql(
        shop,
        "UPDATE return_requests SET origin = 'platform', status = 'withdrawn', status_raw = '退款关闭', "
        "ended_at = :at",
        at=shop.stamp,
    )
    assert found(shop) == [
        ("mismatch_closed", "", "the marketplace has ended it (退款关闭), but goods were sent")
    ]
