"""A marketplace's record about what the customer asked here, too, is no second request and no second case."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aftersales_cli.database.return_exceptions import list_exception_rows
from aftersales_cli.desk.joining import merge_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.errors import RefusedError
from aftersales_cli.intake.undo import undo
from aftersales_cli.records.returns import ReturnRequest
from aftersales_cli.shop import Shop
from tests.desk.returns.platform_files import ITEMS, ORDERS, Files, courier, refund, rows, take

TABLES = (
    "return_requests",
    "return_lines",
    "return_parcels",
    "refunds",
    "cases",
    "case_events",
    "case_lines",
)
REQUESTS = "SELECT case_number, origin, kind, status, status_raw FROM return_requests ORDER BY id"
RECORDS = "SELECT case_number, external_id, status FROM refunds ORDER BY id"
SECOND = (",250001,", ",250002,")


@pytest.fixture
def files(shop: Shop, tmp_path: Path) -> Files:
    """Return a function that imports a text, with the order there already."""
    take(shop, ORDERS, tmp_path)
    take(shop, ITEMS, tmp_path)
    return lambda text: take(shop, text, tmp_path)


def ask(shop: Shop, *, day: int = 7, pieces: int = 1, condition: str = "unopened") -> ReturnRequest:
    return request_return(
        shop,
        order="910001",
        lines=[f"YDBZ-01={pieces}"],
        reason="changed_mind",
        condition=condition,
        at=datetime(2026, 11, day, 1, 0, tzinfo=UTC),
    )


def doubles(shop: Shop) -> list[tuple[int, int | None]]:
    found = list_exception_rows(
        shop.database, now=shop.stamp, today=shop.today.isoformat(), stale="", recent=""
    )
    return [(row.case_number, row.request_id) for row in found if row.code == "double"]


def test_a_record_that_comes_after_our_request_belongs_to_it(shop: Shop, files: Files) -> None:
    request = ask(shop)
    files(refund("等待卖家同意"))
    assert rows(shop, REQUESTS) == [(request.case_number, "own", "return", request.status, "等待卖家同意")]
    assert rows(shop, RECORDS) == [(request.case_number, "250001", "requested")]
    assert rows(shop, "SELECT number, origin FROM cases") == [(request.case_number, "own")]
    assert doubles(shop) == []


def test_its_newer_states_reach_the_request_and_the_parcel_but_not_the_work_on_the_case(
    shop: Shop, files: Files
) -> None:
    request = ask(shop)
    before = rows(shop, "SELECT status, kind, resolution FROM cases")
    files(refund("等待卖家同意"))
    files(refund("等待卖家确认收货", number="SF77"))
    assert rows(shop, REQUESTS)[0][3:] == ("approved", "等待卖家确认收货")
    parcel = "SELECT origin, carrier, number, status, moved_from FROM return_parcels"
    assert rows(shop, parcel) == [("own", "顺丰", "SF77", "in_transit", "awaiting")]
    files(courier("已签收", "2026-11-09 12:00"))
    assert rows(shop, parcel) == [("own", "顺丰", "SF77", "received", "awaiting")]
    files(refund("退款成功", number="SF77", finished="2026-11-12 16:30:00"))
    assert rows(shop, RECORDS) == [(request.case_number, "250001", "succeeded")]
    assert rows(shop, "SELECT status, kind, resolution FROM cases") == before


def test_what_waits_here_for_a_decision_takes_that_of_the_marketplace(shop: Shop, files: Files) -> None:
    request = ask(shop, condition="unknown")
    assert request.status in ("submitted", "needs_manual", "needs_evidence")
    files(refund("等待买家退货"))
    assert rows(shop, "SELECT status, ended_at FROM return_requests") == [("approved", None)]
    assert rows(shop, "SELECT asked, approved FROM return_lines") == [(1, 1)]


def test_a_request_the_buyer_closed_there_is_withdrawn_here(shop: Shop, files: Files) -> None:
    ask(shop, condition="unknown")
    files(refund("等待卖家同意"))
    files(refund("退款关闭", finished="2026-11-09 09:00:00"))
    assert rows(shop, "SELECT status, ended_at IS NOT NULL FROM return_requests") == [("withdrawn", 1)]


def test_undoing_the_file_leaves_everything_as_it_was(shop: Shop, files: Files) -> None:
    ask(shop)
    images, numbers = [], []
    for text in (
        refund("等待卖家同意"),
        refund("等待卖家确认收货", number="SF77"),
        refund("退款成功", number="SF77", finished="2026-11-12 16:30:00"),
    ):
        images.append([rows(shop, f"SELECT * FROM {table}") for table in TABLES])
        numbers.append(files(text))
    for number, image in zip(reversed(numbers), reversed(images), strict=True):
        undo(shop, number)
        assert [rows(shop, f"SELECT * FROM {table}") for table in TABLES] == image


def test_a_record_of_the_whole_order_belongs_to_the_request_too(shop: Shop, files: Files) -> None:
    request = ask(shop)
    files(refund("等待卖家同意").replace("YDBZ-01,云朵抱枕", ","))
    assert rows(shop, RECORDS) == [(request.case_number, "250001", "requested")]


@pytest.mark.parametrize("day", [2, 22])
def test_a_request_of_another_time_is_another_matter(shop: Shop, files: Files, day: int) -> None:
    request = ask(shop, day=day)
    files(refund("等待卖家同意").replace("2026-11-07", "2026-11-14" if day == 2 else "2026-11-07"))
    assert [row[:2] for row in rows(shop, REQUESTS)] == [
        (request.case_number, "own"),
        (request.case_number + 1, "platform"),
    ]


def test_two_records_that_could_both_be_meant_stay_beside_it_and_are_listed(shop: Shop, files: Files) -> None:
    request = ask(shop)
    both = refund("等待卖家同意")
    files(both + both.splitlines()[1].replace(*SECOND) + "\n")
    assert [row[1] for row in rows(shop, REQUESTS)] == ["own", "platform", "platform"]
    assert [number for number, _request in doubles(shop)] == [2, 3]
    merge_case(shop, 2, request.case_number)
    assert rows(shop, RECORDS)[0] == (request.case_number, "250001", "requested")
    assert [row[1] for row in rows(shop, REQUESTS)] == ["own", "platform"]


def test_two_requests_that_could_both_be_meant_get_no_record(shop: Shop, files: Files) -> None:
    ask(shop)
    ask(shop)
    files(refund("等待卖家同意"))
    assert [row[1] for row in rows(shop, REQUESTS)] == ["own", "own", "platform"]
    assert [number for number, _request in doubles(shop)] == [3]


def test_what_the_marketplace_asked_first_is_not_asked_again_here(shop: Shop, files: Files) -> None:
    files(refund("等待卖家同意"))
    with pytest.raises(RefusedError, match="marketplace has request 1") as refused:
        ask(shop)
    assert "returns show 1" in refused.value.remedy
    assert len(rows(shop, REQUESTS)) == 1


def test_a_request_with_a_record_takes_no_second_one(shop: Shop, files: Files) -> None:
    request = ask(shop)
    files(refund("等待卖家同意"))
    files(refund("等待卖家同意").replace(*SECOND))
    assert rows(shop, RECORDS) == [
        (request.case_number, "250001", "requested"),
        (request.case_number + 1, "250002", "requested"),
    ]


def test_a_marketplace_case_merged_into_ours_keeps_its_record_and_its_request(
    shop: Shop, files: Files
) -> None:
    files(refund("等待卖家同意"))
    ours = open_case(shop, kind="inquiry", order="910001", say="Where do I send it?").number
    merge_case(shop, 1, ours)
    assert rows(shop, RECORDS) == [(ours, "250001", "requested")]
    assert [row[:2] for row in rows(shop, REQUESTS)] == [(ours, "platform")]
    files(refund("等待买家退货"))
    assert rows(shop, REQUESTS) == [(ours, "platform", "return", "approved", "等待买家退货")]
    assert rows(shop, "SELECT number, status FROM cases ORDER BY number")[0] == (1, "merged")


def test_two_cases_of_the_marketplace_are_linked_and_not_merged(shop: Shop, files: Files) -> None:
    files(refund("等待卖家同意"))
    files(refund("等待卖家同意").replace(*SECOND))
    with pytest.raises(RefusedError, match="record of the marketplace"):
        merge_case(shop, 1, 2)


def test_more_than_the_marketplace_knows_of_can_be_asked_here(shop: Shop, files: Files) -> None:
    files(refund("等待卖家同意"))
    request_return(
        shop, order="910001", lines=["YDBZ-01=1"], more=True, at=datetime(2026, 11, 8, 1, 0, tzinfo=UTC)
    )
    assert [row[1] for row in rows(shop, REQUESTS)] == ["platform", "own"]
    assert doubles(shop) == [(1, 1)]
