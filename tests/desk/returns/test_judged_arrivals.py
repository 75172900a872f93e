"""Requests that come from a marketplace are judged when they arrive: a proposal and a time, never a decision."""

from pathlib import Path

import pytest

from aftersales_cli.desk.returns.exceptions import list_exceptions
from aftersales_cli.intake.undo import undo
from aftersales_cli.shop import Shop
from tests.desk.returns.platform_files import ITEMS, ORDERS, Files, refund, rows, take

VERDICTS = "SELECT request_id, step, verdict, reviewer FROM reviews"
REQUEST = "SELECT status, reasons <> '', policy_version IS NOT NULL, decide_by FROM return_requests"


@pytest.fixture
def files(shop: Shop, tmp_path: Path) -> Files:
    """Return a function that imports a text."""
    return lambda text: take(shop, text, tmp_path)


def test_a_request_that_waits_for_review_has_a_proposal_and_a_time_at_once(shop: Shop, files: Files) -> None:
    files(ORDERS)
    files(refund("等待卖家同意"))
    assert rows(shop, REQUEST) == [("submitted", 1, 1, "2026-11-09T02:00:00Z")]
    assert [row[:2] + row[3:] for row in rows(shop, VERDICTS)] == [(1, "auto", "policy")]
    assert [entry.row.due for entry in list_exceptions(shop)] == ["2026-11-09T02:00:00Z"]


def test_what_the_marketplace_has_decided_needs_no_proposal(shop: Shop, files: Files) -> None:
    files(refund("等待买家退货"))
    assert rows(shop, VERDICTS) == []


def test_it_is_judged_anew_when_its_order_arrives_and_not_otherwise(shop: Shop, files: Files) -> None:
    files(refund("等待卖家同意"))
    first = rows(shop, "SELECT verdict, rules, reason FROM reviews")
    assert len(first) == 1
    orders = files(ORDERS)
    files(ITEMS)
    assert len(rows(shop, VERDICTS)) == 1
    undo(shop, 3)
    undo(shop, orders)
    assert rows(shop, "SELECT verdict, rules, reason FROM reviews") == first


def test_the_marketplaces_decision_overtakes_the_proposal_and_an_undo_takes_both(
    shop: Shop, files: Files
) -> None:
    number = files(refund("等待卖家同意"))
    files(refund("等待买家退货"))
    assert rows(shop, "SELECT status FROM return_requests") == [("approved",)]
    undo(shop, 2)
    assert rows(shop, "SELECT status FROM return_requests") == [("submitted",)]
    undo(shop, number)
    assert rows(shop, VERDICTS) == []


def test_rules_that_cannot_be_read_keep_no_file_out(shop: Shop, files: Files) -> None:
    own = shop.folder / "templates" / "policies" / "shop.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text("[[rule]\n", encoding="utf-8")
    files(refund("等待卖家同意"))
    assert rows(shop, VERDICTS) == []
    assert len(rows(shop, REQUEST)) == 1
    own.unlink()
    files(ORDERS)
    assert len(rows(shop, VERDICTS)) == 1
