"""What ``returns`` and ``repairs`` say to a person, as a real process."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.shop import Shop
from tests.desk.returns.return_helpers import run_sql, sell

Program = Callable[..., "subprocess.CompletedProcess[str]"]
NO_REASON = ("--reason", "changed_mind", "--condition", "unopened")


@pytest.fixture
def program(run_cli: Program, shop_folder: Path) -> Program:
    """Return a function that runs ``aftersales …`` in the shop."""

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        return run_cli("--as", "owner", "--lang", "en", *words, cwd=shop_folder)

    return run


def test_a_request_may_say_when_the_customer_got_the_first_answer(program: Program, shop: Shop) -> None:
    sell(shop)
    done = program(
        "returns", "request", "--order", "101", "CUP=1", *NO_REASON, "--at", "2026-11-22 08:00",
        "--answered-at", "2026-11-22 08:10",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert fetch_rows(shop.database, "SELECT first_reply_at FROM cases") == [("2026-11-22T00:10:00Z",)]


def test_a_request_in_a_case_that_is_open_may_say_so_too(program: Program, shop: Shop) -> None:
    sell(shop)
    program("cases", "open", "--order", "101", "--say", "back", "--at", "2026-11-22 08:00")
    done = program(
        "returns", "request", "--case", "1", "CUP=1", *NO_REASON, "--answered-at", "2026-11-22 08:10"
    )
    assert done.returncode == 0, done.stderr
    assert fetch_rows(shop.database, "SELECT first_reply_at FROM cases") == [("2026-11-22T00:10:00Z",)]


def test_a_request_before_its_order_is_refused(program: Program, shop: Shop) -> None:
    sell(shop)
    done = program("returns", "request", "--order", "101", "CUP=1", *NO_REASON, "--at", "2026-11-09 08:00")
    assert done.returncode == 2
    assert "2026-11-09 08:00 is before order 101 was placed (2026-11-10 10:00)." in done.stderr


def test_a_request_the_rules_allow_says_that_it_waits_and_how_to_name_the_day(
    program: Program, shop: Shop
) -> None:
    sell(shop, delivered_at=None)
    done = program("returns", "request", "--order", "101", "CUP=1", *NO_REASON)
    assert done.returncode == 0, done.stderr
    assert "import the courier's file, or an order file with 确认收货时间" in done.stdout
    assert "By rule: approved –" not in done.stdout


def test_a_product_that_is_not_in_the_request_is_answered_with_those_that_are(
    program: Program, shop: Shop
) -> None:
    sell(shop)
    program("returns", "request", "--order", "101", "CUP=1", *NO_REASON)
    for words in (("receive", "1", "MUG=1"), ("inspect", "1", "MUG", "accepted=1")):
        done = program("returns", *words)
        assert done.returncode == 2
        assert "“MUG” names no product of this request." in done.stderr
        assert "#1 CUP Red cup – asked 1, approved 1, received 0" in done.stderr


def test_a_review_of_a_product_that_is_not_in_the_request_names_those_that_are(
    program: Program, shop: Shop
) -> None:
    sell(shop, delivered_at="2026-10-01T02:00:00Z")
    program("returns", "request", "--order", "101", "CUP=1", *NO_REASON)
    done = program("returns", "review", "1", "approve", "--line", "MUG=1")
    assert done.returncode == 2
    assert "“MUG” names no product of this request." in done.stderr
    assert "#1 CUP Red cup – asked 1" in done.stderr


def test_goods_nobody_expected_stand_on_the_page_with_what_to_do(program: Program, shop: Shop) -> None:
    sell(shop)
    program("returns", "request", "--order", "101", "CUP=1", *NO_REASON)
    program("returns", "receive", "1", "--extra", "a blue mug", "--all")
    page = program("returns", "show", "1").stdout
    assert "Came and was not expected: a blue mug" in page
    assert "aftersales returns ship 1 --out" in page


def test_the_page_says_what_is_still_to_be_planned(program: Program, shop: Shop) -> None:
    sell(shop)
    program("returns", "request", "--order", "101", "CUP=2", *NO_REASON)
    program("returns", "receive", "1")
    done = program("refunds", "plan", "1", "--line", "CUP=1")
    assert done.returncode == 0, done.stderr
    assert (
        "Still to be planned: 1 × Red cup: aftersales refunds plan 1"
        in program("returns", "show", "1").stdout
    )


def test_a_request_that_was_taken_back_names_who_did_it(program: Program, shop: Shop) -> None:
    sell(shop)
    program("returns", "request", "--order", "101", "CUP=1", *NO_REASON)
    program("returns", "withdraw", "1")
    done = program("returns", "review", "1", "approve")
    assert done.returncode == 4
    assert "policy" not in done.stderr
    assert "Return request 1 is “withdrawn" in done.stderr


def test_the_queue_says_what_the_rules_say_to_a_marketplace_request(program: Program, shop: Shop) -> None:
    sell(shop)
    program("returns", "request", "--order", "101", "CUP=1", *NO_REASON)
    run_sql(shop, "UPDATE return_requests SET origin = 'platform', status = 'submitted'")
    run_sql(shop, "DELETE FROM reviews")
    rows = json.loads(program("--json", "returns", "queue").stdout)
    assert [row["proposal"] for row in (rows["data"] if isinstance(rows, dict) else rows)] == [
        "auto_approved"
    ]
    assert "The rules say: approved by rule." in program("returns", "show", "1").stdout


def test_a_page_for_no_country_is_refused(program: Program) -> None:
    done = program("policy", "print", "--country", "ZZ")
    assert done.returncode == 2
    assert "“ZZ” is no country." in done.stderr
    assert program("policy", "print", "--country", "de").returncode == 0


def repair(program: Program, *words: str) -> "subprocess.CompletedProcess[str]":
    program("cases", "open", "--order", "101", "--kind", "repair", "--say", "no power")
    return program("repairs", "book", "1", "--guided", "--product", "CUP", *words)


def test_a_text_that_is_not_kept_is_not_called_recorded(program: Program, shop: Shop) -> None:
    sell(shop)
    done = repair(program)
    assert done.returncode == 0, done.stderr
    assert "Recorded; now send it" not in done.stderr
    assert "The text is not recorded as said." in done.stderr


def test_another_serial_number_than_booked_is_pointed_out(program: Program, shop: Shop) -> None:
    sell(shop)
    repair(program, "--serial", "A-1")
    done = program("repairs", "receive", "1", "--serial", "B-2")
    assert done.returncode == 0, done.stderr
    assert "Booked with the number A-1, but B-2 came in" in done.stderr


def test_a_serial_number_of_another_product_is_refused(program: Program, shop: Shop) -> None:
    sell(shop)
    repair(program, "--serial", "A-1")
    done = program("repairs", "book", "1", "--guided", "--product", "LID", "--serial", "A-1")
    assert done.returncode == 4
    assert "The number A-1 is that of another product: Red cup, repair 1." in done.stderr
