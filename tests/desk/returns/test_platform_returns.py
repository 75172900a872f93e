"""Marketplaces' after-sales files and couriers' files fill and move returns, in whatever order they come."""

import itertools
from pathlib import Path

import pytest

from aftersales_cli.database.returns import append_review, change_request
from aftersales_cli.desk.returns.receiving import receive_goods
from aftersales_cli.desk.returns.replacing import reserve_replacement, ship_replacement
from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.desk.returns.sending import ship_parcel
from aftersales_cli.errors import RefusedError
from aftersales_cli.intake.own_words import map_words
from aftersales_cli.intake.undo import undo
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.founding import found_shop
from tests.desk.returns.platform_files import ITEMS, ORDERS, Files, courier, refund, rows, take
from tests.desk.returns.return_helpers import sell


@pytest.fixture
def files(shop: Shop, tmp_path: Path) -> Files:
    """Return a function that imports a text."""
    return lambda text: take(shop, text, tmp_path)


def parcels(shop: Shop) -> list[tuple[object, ...]]:
    return rows(shop, "SELECT carrier, number, status, received_at FROM return_parcels ORDER BY id")


def state(shop: Shop) -> list[list[tuple[object, ...]]]:
    """Return all that is derived, without numbers that depend on the order of arrival."""
    return [
        rows(
            shop,
            """SELECT q.kind, q.status, q.status_raw, q.reason, q.asked_amount, q.ended_at, o.external_id
            FROM return_requests AS q LEFT JOIN orders AS o ON o.id = q.order_id""",
        ),
        rows(
            shop,
            """SELECT l.sku, l.title, l.asked, l.approved, o.line_key FROM return_lines AS l
            LEFT JOIN order_lines AS o ON o.id = l.order_line_id""",
        ),
        rows(shop, "SELECT direction, status, moved_from, carrier, number, received_at FROM return_parcels"),
    ]


def test_a_platform_record_is_a_request_with_its_line_and_its_parcel(shop: Shop, files: Files) -> None:
    files(ORDERS)
    files(ITEMS)
    files(refund("等待买家退货"))
    request = rows(
        shop, "SELECT case_number, origin, kind, status, status_raw, asked_amount FROM return_requests"
    )
    assert request == [(1, "platform", "return", "approved", "等待买家退货", 12900)]
    # One of two was paid back: the amount says so.
    lines = rows(shop, "SELECT sku, asked, approved, received, order_line_id IS NOT NULL FROM return_lines")
    assert lines == [("YDBZ-01", 1, 1, 0, 1)]
    assert parcels(shop) == [("", "", "awaiting", None)]


def test_the_request_follows_the_platform_to_its_end(shop: Shop, files: Files) -> None:
    files(refund("等待卖家同意"))
    assert rows(shop, "SELECT status, ended_at FROM return_requests") == [("submitted", None)]
    assert parcels(shop) == []
    files(refund("等待卖家确认收货", number="SF77"))
    assert rows(shop, "SELECT status FROM return_requests") == [("approved",)]
    assert parcels(shop) == [("顺丰", "SF77", "in_transit", None)]
    files(refund("退款成功", number="SF77", finished="2026-11-12 16:30:00"))
    assert rows(shop, "SELECT status, ended_at FROM return_requests") == [
        ("approved", "2026-11-12T08:30:00Z")
    ]
    assert parcels(shop) == [("顺丰", "SF77", "received", None)]


def test_a_file_without_parcel_numbers_takes_none_away(shop: Shop, files: Files) -> None:
    files(refund("等待卖家确认收货", number="SF77"))
    files(refund("退款成功", finished="2026-11-12 16:30:00"))
    assert parcels(shop) == [("顺丰", "SF77", "received", None)]


def test_a_courier_moves_the_parcel_of_a_platform_return(shop: Shop, files: Files) -> None:
    files(refund("等待卖家确认收货", number="SF77"))
    files(courier("已签收", "2026-11-09 12:00"))
    assert parcels(shop) == [("顺丰", "SF77", "received", "2026-11-09T04:00:00Z")]


def test_a_refund_paid_at_once_does_not_hide_a_parcel_that_is_still_on_its_way(
    shop: Shop, files: Files
) -> None:
    files(refund("退款成功", number="SF77", finished="2026-11-08 09:00:00"))
    files(courier("运输中", "2026-11-09 12:00"))
    assert parcels(shop) == [("顺丰", "SF77", "in_transit", None)]


def test_what_a_courier_said_before_the_end_does_not_undo_it(shop: Shop, files: Files) -> None:
    files(courier("运输中", "2026-11-08 12:00"))
    files(refund("退款成功", number="SF77", finished="2026-11-12 16:30:00"))
    assert parcels(shop) == [("顺丰", "SF77", "received", None)]


def test_money_without_return_has_no_parcel_and_other_records_no_request(shop: Shop, files: Files) -> None:
    files(refund("退款成功", kind="仅退款", finished="2026-11-12 16:30:00"))
    assert rows(shop, "SELECT kind, status FROM return_requests") == [("refund_only", "approved")]
    assert parcels(shop) == []
    files(refund("退款成功", kind="补寄", finished="2026-11-12 16:30:00").replace("250001", "250002"))
    assert len(rows(shop, "SELECT id FROM return_requests")) == 1


MIXED = (
    ORDERS,
    ITEMS,
    refund("等待买家退货"),
    refund("等待卖家确认收货", number="SF77"),
    courier("已签收", "2026-11-09 12:00"),
)


def test_files_in_any_order_give_the_same_returns(tmp_path: Path) -> None:
    ends = []
    for number, order in enumerate(itertools.permutations(MIXED)):
        shop = open_shop(found_shop(tmp_path / f"shop{number}").folder)
        for text in order:
            take(shop, text, tmp_path)
        ends.append(state(shop))
        shop.close()
    assert [row[:3] for row in ends[0][0]] == [("return", "approved", "等待卖家确认收货")]
    assert ends[0][2] == [("in", "received", "awaiting", "顺丰", "SF77", "2026-11-09T04:00:00Z")]
    assert all(end == ends[0] for end in ends)


def test_an_undone_import_leaves_the_returns_as_if_it_had_never_come(shop: Shop, files: Files) -> None:
    tables = ("return_requests", "return_lines", "return_parcels", "refunds", "cases")
    images = []
    numbers = []
    for text in MIXED:
        images.append([rows(shop, f"SELECT * FROM {table}") for table in tables])
        numbers.append(files(text))
    for number, image in zip(reversed(numbers), reversed(images), strict=True):
        undo(shop, number)
        assert [rows(shop, f"SELECT * FROM {table}") for table in tables] == image


def test_orders_and_courier_files_can_go_alone(shop: Shop, files: Files) -> None:
    orders, items = files(ORDERS), files(ITEMS)
    files(refund("等待卖家确认收货", number="SF77"))
    without = state(shop)
    moved = files(courier("已签收", "2026-11-09 12:00"))
    undo(shop, moved)
    assert state(shop) == without
    undo(shop, items)
    assert rows(shop, "SELECT asked, order_line_id FROM return_lines") == [(1, None)]
    undo(shop, orders)
    assert rows(shop, "SELECT order_id FROM return_requests") == [(None,)]
    assert rows(shop, "PRAGMA foreign_key_check") == []


def test_what_people_built_on_a_platform_return_stands_in_the_way_of_an_undo(
    shop: Shop, files: Files
) -> None:
    number = files(refund("等待卖家确认收货", number="SF77"))
    with shop.writing("returns.review"):
        append_review(
            shop.database,
            1,
            step="first",
            verdict="approved",
            rules="",
            reason="",
            reviewer="owner",
            at=shop.stamp,
        )
    with pytest.raises(RefusedError, match="return_requests 1"):
        undo(shop, number)
    assert len(rows(shop, "SELECT id FROM return_parcels")) == 1


def test_a_decision_made_here_stands_until_the_platform_says_more(shop: Shop, files: Files) -> None:
    files(ORDERS)
    files(ITEMS)
    files(refund("等待卖家同意"))
    with shop.writing("returns.review"):
        append_review(
            shop.database,
            1,
            step="first",
            verdict="approved",
            rules="",
            reason="",
            reviewer="owner",
            at=shop.stamp,
        )
        change_request(shop.database, 1, expected="submitted", changes={"status": "approved"})
    files(courier("运输中", "2026-11-08 12:00"))
    assert rows(shop, "SELECT status FROM return_requests") == [("approved",)]
    files(refund("退款关闭", finished="2026-11-09 09:00:00"))
    assert rows(shop, "SELECT status, status_raw FROM return_requests") == [("withdrawn", "退款关闭")]


def test_a_courier_moves_our_own_parcels_and_replacements_and_an_undo_moves_them_back(
    shop: Shop, files: Files
) -> None:
    sell(shop)
    request = request_return(shop, order="101", lines=["CUP=1"], reason="changed_mind", condition="unopened")
    ship_parcel(shop, request.id, carrier="SF", number="SF77")
    (stored,) = reserve_replacement(shop, request_id=request.id, before_return=True)
    ship_replacement(shop, stored.id, number="SF78")
    both = (
        "SELECT p.status, p.received_at, r.status, r.delivered_at FROM return_parcels AS p, replacements AS r"
    )
    before = rows(shop, both)
    first = files(courier("已签收", "2026-11-21 12:00"))
    second = files(courier("已签收", "2026-11-21 13:00", number="SF78"))
    assert rows(shop, both) == [("received", "2026-11-21T04:00:00Z", "delivered", "2026-11-21T05:00:00Z")]
    undo(shop, second)
    undo(shop, first)
    assert rows(shop, both) == before


def test_what_people_received_no_file_takes_back(shop: Shop, files: Files) -> None:
    files(ORDERS)
    files(ITEMS)
    files(refund("等待卖家确认收货", number="SF77"))
    receive_goods(shop, 1)
    later = files(courier("运输中", "2026-11-21 12:00"))
    files(refund("退款成功", number="SF77", finished="2026-11-12 16:30:00"))
    assert rows(shop, "SELECT status, moved_from FROM return_parcels") == [("received", "")]
    assert rows(shop, "SELECT received, accepted, disposition FROM return_lines") == [(1, 1, "restock")]
    undo(shop, later)
    assert rows(shop, "SELECT status FROM return_parcels") == [("received",)]


def test_a_word_explained_later_moves_the_return(shop: Shop, files: Files) -> None:
    files(refund("等待仓库", number="SF77"))
    assert rows(shop, "SELECT status FROM return_requests") == []
    map_words(shop, ["aftersales.status:等待仓库=goods_back"])
    assert rows(shop, "SELECT status FROM return_requests") == [("approved",)]
