"""Goods that come back: as expected in one step, and whatever else comes without losing anything."""

import os
import subprocess
import sys
from datetime import datetime
from typing import Any

import pytest

from aftersales_cli.clock import NOW_VARIABLE
from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.database.returns import list_return_lines
from aftersales_cli.desk.returns.inspecting import inspect_goods
from aftersales_cli.desk.returns.receiving import Words, receive_goods
from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.desk.returns.sending import ship_parcel
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.records.returns import ReturnRequest
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.agents import add_agent
from tests.conftest import NOW, ROOT
from tests.desk.returns.return_helpers import run_sql, sell

FIGURES = ("received", "accepted", "damaged", "wrong", "short", "rejected", "disposition")


@pytest.fixture
def request_(shop: Shop) -> ReturnRequest:
    """Return an approved request for two cups and a lid, sent in one parcel."""
    sell(shop)
    found = request_return(
        shop, order="101", lines=["CUP=2", "LID=1"], reason="changed_mind", condition="unopened"
    )
    ship_parcel(shop, found.id, carrier="SF", number="sf 1001")
    return found


def lines(shop: Shop, request: ReturnRequest) -> dict[str, tuple[Any, ...]]:
    return {
        line.sku: tuple(getattr(line, name) for name in FIGURES)
        for line in list_return_lines(shop.database, request.id)
    }


def parcels(shop: Shop) -> list[tuple[Any, ...]]:
    return fetch_rows(shop.database, "SELECT status, carrier, number FROM return_parcels ORDER BY id")


def event_types(shop: Shop, request: ReturnRequest) -> list[str]:
    return [event.type for event in list_case_events(shop.database, request.case_number)]


def test_the_shortest_way_takes_everything_as_approved_and_back_to_stock(
    shop: Shop, request_: ReturnRequest
) -> None:
    receive_goods(shop, request_.id)
    assert lines(shop, request_) == {
        "CUP": (2, 2, 0, 0, 0, 0, "restock"),
        "LID": (1, 1, 0, 0, 0, 0, "restock"),
    }
    assert parcels(shop) == [("received", "SF", "SF1001")]
    event = list_case_events(shop.database, request_.case_number)[-1]
    assert (event.type, event.field, event.before, event.after) == (
        "received",
        "parcel",
        "in_transit",
        "received",
    )
    assert event.note == f"Return request {request_.id}: Red cup: 2 (2 accepted), Lid: 1 (1 accepted)"


def test_warehouse_may_receive(shop: Shop, request_: ReturnRequest) -> None:
    add_agent(shop, "wei", role="warehouse")
    wei = open_shop(shop.folder, agent="wei")
    receive_goods(wei, request_.id)
    wei.close()
    assert lines(shop, request_)["CUP"][0] == 2


def test_what_is_damaged_wrong_or_missing_is_counted_and_nothing_is_lost(
    shop: Shop, request_: ReturnRequest
) -> None:
    receipt = receive_goods(shop, request_.id, Words(damaged=["CUP=1"], short=["LID"], extra=["a blue cup"]))
    assert lines(shop, request_) == {"CUP": (2, 1, 1, 0, 0, 0, ""), "LID": (0, 0, 0, 0, 1, 0, "")}
    assert receipt.extras == ["a blue cup"]
    assert parcels(shop) == [("received", "SF", "SF1001")]
    assert event_types(shop, request_)[-2:] == ["received", "extra_received"]
    for line in list_return_lines(shop.database, request_.id):
        assert line.inspected == line.approved


def test_a_part_leaves_the_rest_expected(shop: Shop, request_: ReturnRequest) -> None:
    receive_goods(shop, request_.id, Words(pieces=["CUP=1"]))
    assert lines(shop, request_)["CUP"] == (1, 1, 0, 0, 0, 0, "restock")
    assert parcels(shop) == [("partly_received", "SF", "SF1001")]
    receive_goods(shop, request_.id)
    assert lines(shop, request_) == {
        "CUP": (2, 2, 0, 0, 0, 0, "restock"),
        "LID": (1, 1, 0, 0, 0, 0, "restock"),
    }
    assert parcels(shop) == [("received", "SF", "SF1001")]


def test_two_parcels_are_received_one_after_the_other(shop: Shop, request_: ReturnRequest) -> None:
    ship_parcel(shop, request_.id, carrier="SF", number="SF1002")
    receive_goods(shop, request_.id, Words(pieces=["LID"]), number="SF1002")
    assert [row[0] for row in parcels(shop)] == ["in_transit", "received"]
    receive_goods(shop, request_.id)
    assert [row[0] for row in parcels(shop)] == ["received", "received"]


def test_more_than_approved_is_kept_as_extra(shop: Shop, request_: ReturnRequest) -> None:
    receipt = receive_goods(shop, request_.id, Words(pieces=["CUP=3", "LID"]))
    assert lines(shop, request_)["CUP"] == (3, 2, 0, 0, 0, 0, "restock")
    assert receipt.extras == ["1 × Red cup"]


def test_twice_is_refused_and_says_who_was_first(shop: Shop, request_: ReturnRequest) -> None:
    receive_goods(shop, request_.id)
    with pytest.raises(RefusedError, match="was received already: by owner, 2026-11-22 09:00"):
        receive_goods(shop, request_.id)
    assert event_types(shop, request_).count("received") == 1


def test_goods_can_come_before_the_decision_and_are_inspected_after_it(shop: Shop) -> None:
    sell(shop, delivered_at="2026-10-01T02:00:00Z")
    found = request_return(shop, order="101", lines=["CUP=1"], reason="changed_mind", condition="unopened")
    assert found.status == "needs_manual"
    receive_goods(shop, found.id)
    assert lines(shop, found)["CUP"] == (1, 0, 0, 0, 0, 0, "")
    assert parcels(shop) == [("received", "", "")]
    run_sql(shop, "UPDATE return_requests SET status = 'approved'")
    run_sql(shop, "UPDATE return_lines SET approved = 1")
    inspect_goods(shop, found.id)
    assert lines(shop, found)["CUP"] == (1, 1, 0, 0, 0, 0, "restock")


def test_a_parcel_the_courier_delivered_is_still_received_by_people(
    shop: Shop, request_: ReturnRequest
) -> None:
    run_sql(
        shop,
        "UPDATE return_parcels SET status = 'received', moved_from = 'in_transit', received_at = :at",
        at=NOW,
    )
    receive_goods(shop, request_.id)
    assert lines(shop, request_)["CUP"][:2] == (2, 2)
    assert fetch_rows(shop.database, "SELECT status, moved_from, received_at FROM return_parcels") == [
        ("received", "", NOW)
    ]


def test_only_what_nobody_expected_came(shop: Shop, request_: ReturnRequest) -> None:
    receipt = receive_goods(shop, request_.id, Words(extra=["empty box"]))
    assert lines(shop, request_)["CUP"][0] == 0
    assert receipt.extras == ["empty box"]
    receive_goods(shop, request_.id)
    assert lines(shop, request_)["CUP"][:2] == (2, 2)


def test_a_parcel_given_up_as_lost_may_turn_up(shop: Shop, request_: ReturnRequest) -> None:
    run_sql(shop, "UPDATE return_parcels SET status = 'lost'")
    receive_goods(shop, request_.id)
    assert parcels(shop) == [("received", "SF", "SF1001")]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (Words(short=["CUP=3"]), "Red cup: 3 pieces missing, but only 2 can be."),
        (
            Words(pieces=["CUP=1"], damaged=["CUP=2"]),
            "Red cup: 2 pieces damaged, wrong or rejected, but only 1 can be.",
        ),
        (Words(pieces=["MUG=1"]), "“MUG” names no product of this request."),
        (Words(pieces=["CUP=1", "#1=1"]), "Red cup is named twice."),
        (Words(pieces=["CUP=x"]), "“CUP=x”: “x” is no number of pieces."),
    ],
)
def test_numbers_that_cannot_be_are_refused(
    shop: Shop, request_: ReturnRequest, words: Words, message: str
) -> None:
    with pytest.raises(WrongUsageError) as caught:
        receive_goods(shop, request_.id, words)
    assert caught.value.message == message
    assert lines(shop, request_)["CUP"][0] == 0


def test_count_now_inspect_later(shop: Shop, request_: ReturnRequest) -> None:
    receive_goods(shop, request_.id, inspect_later=True)
    assert lines(shop, request_)["CUP"] == (2, 0, 0, 0, 0, 0, "")
    inspect_goods(shop, request_.id, ["CUP", "accepted=1", "damaged=1"], disposition="scrap")
    assert lines(shop, request_)["CUP"] == (2, 1, 1, 0, 0, 0, "scrap")
    # Said again it is corrected; what was there before stands in the history.
    inspect_goods(shop, request_.id, ["CUP", "accepted=2"])
    assert lines(shop, request_)["CUP"] == (2, 2, 0, 0, 0, 0, "restock")
    inspect_goods(shop, request_.id)
    assert lines(shop, request_)["LID"] == (1, 1, 0, 0, 0, 0, "restock")
    with pytest.raises(RefusedError, match="nothing is left to be inspected"):
        inspect_goods(shop, request_.id)


def test_an_inspection_finds_no_more_than_came_or_was_approved(shop: Shop, request_: ReturnRequest) -> None:
    receive_goods(shop, request_.id, Words(pieces=["CUP=1"]), inspect_later=True)
    with pytest.raises(WrongUsageError, match="1 pieces came, so that 2 cannot be inspected"):
        inspect_goods(shop, request_.id, ["CUP", "accepted=2"])
    with pytest.raises(WrongUsageError, match="2 pieces are approved, the figures make 3"):
        inspect_goods(shop, request_.id, ["CUP", "accepted=1", "short=2"])
    inspect_goods(shop, request_.id, ["CUP", "rejected=1", "short=1"], disposition="return")
    assert lines(shop, request_)["CUP"] == (1, 0, 0, 0, 1, 1, "return")


def test_what_money_was_decided_on_is_not_inspected_away(shop: Shop, request_: ReturnRequest) -> None:
    receive_goods(shop, request_.id)
    run_sql(
        shop,
        "INSERT INTO refund_plans (case_number, request_id, currency, status, route, key, planned_at, planned_by) "
        "VALUES (:number, :id, 'CNY', 'approved', 'platform', 'k', :at, 'owner')",
        number=request_.case_number,
        id=request_.id,
        at=NOW,
    )
    with pytest.raises(RefusedError, match="its refund is decided by what was accepted"):
        inspect_goods(shop, request_.id, ["CUP", "damaged=2"])


def test_of_two_processes_that_receive_the_same_parcel_one_wins(shop: Shop, request_: ReturnRequest) -> None:
    for name in ("lan", "wei"):
        add_agent(shop, name, role="warehouse")
    surroundings = {**os.environ, NOW_VARIABLE: NOW, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    racers = [
        subprocess.Popen(
            [sys.executable, "-m", "aftersales_cli", "returns", "receive", str(request_.id), "--as", name],
            cwd=shop.folder,
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for name in ("lan", "wei")
    ]
    outputs = [racer.communicate(timeout=120) for racer in racers]
    assert sorted(racer.returncode for racer in racers) == [0, 4], outputs
    loser = next(output for racer, output in zip(racers, outputs, strict=True) if racer.returncode)
    assert "was received already: by" in loser[1]
    assert lines(shop, request_) == {
        "CUP": (2, 2, 0, 0, 0, 0, "restock"),
        "LID": (1, 1, 0, 0, 0, 0, "restock"),
    }
    assert event_types(shop, request_).count("received") == 1


def test_a_receipt_is_never_before_its_case(shop: Shop, request_: ReturnRequest) -> None:
    with pytest.raises(WrongUsageError, match="is before"):
        receive_goods(shop, request_.id, at=datetime.fromisoformat("2026-11-01T00:00:00+00:00"))
