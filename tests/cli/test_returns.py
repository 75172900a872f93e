"""The command ``returns`` as a real process, alone and against another one."""

import json
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent
from tests.desk.returns.return_helpers import run_sql, sell

Run = Callable[..., "subprocess.CompletedProcess[str]"]

NO_REASON = ("--reason", "七天无理由", "--condition", "未拆封")


@pytest.fixture
def program(run_cli: Run, shop_folder: Path) -> Run:
    """Return a function that runs ``aftersales …`` in the shop."""

    def run(*words: str, agent: str = "owner", lang: str = "en") -> "subprocess.CompletedProcess[str]":
        return run_cli("--as", agent, "--lang", lang, *words, cwd=shop_folder)

    return run


def both(program: Run, first: tuple[str, ...], second: tuple[str, ...]) -> list[int]:
    """Run two commands at the same time, by two employees; return their exit codes in order."""
    with ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(program, *words, agent=agent) for agent, words in (("kate", first), ("lan", second))
        ]
        return sorted(run.result().returncode for run in runs)


@pytest.fixture
def team(shop: Shop) -> None:
    add_agent(shop, "kate", name="Kate")
    add_agent(shop, "lan", name="Lan")


@pytest.mark.usefixtures("team")
def test_two_processes_that_ask_for_the_last_piece_get_it_once(program: Run, shop: Shop) -> None:
    sell(shop)
    ask = ("returns", "request", "--order", "101", "LID=1", *NO_REASON)
    assert both(program, ask, ask) == [0, 4]
    assert fetch_rows(shop.database, "SELECT count(*), sum(asked) FROM return_lines") == [(1, 1)]
    assert fetch_rows(shop.database, "SELECT count(*) FROM cases") == [(1,)]


@pytest.mark.usefixtures("team")
def test_two_processes_that_decide_differently_decide_once(program: Run, shop: Shop) -> None:
    sell(shop)
    program("returns", "request", "--order", "101", "CUP=3", *NO_REASON)
    reject = ("returns", "review", "1", "reject", "--because", "other")
    assert both(program, ("returns", "review", "1", "approve"), reject) == [0, 4]
    assert fetch_rows(shop.database, "SELECT count(*) FROM reviews WHERE step = 'first'") == [(1,)]


@pytest.mark.usefixtures("team")
def test_two_processes_that_plan_the_same_money_plan_it_once(program: Run, shop: Shop) -> None:
    sell(shop)
    program("cases", "open", "--order", "101", "--say", "broken")
    # Without a request only a lead plans money for goods.
    run_sql(shop, "UPDATE agents SET role = 'manager'")
    plan = ("refunds", "plan", "--case", "1", "--line", "LID=1", "--note")
    assert both(program, (*plan, "one", "--again"), (*plan, "other", "--again")) == [0, 4]
    assert fetch_rows(shop.database, "SELECT sum(amount), sum(quantity) FROM refund_parts") == [(810, 1)]


def test_a_request_says_what_the_rules_say_and_what_comes_next(program: Run, shop: Shop) -> None:
    sell(shop)
    done = program("returns", "request", "--order", "101", "CUP=2", *NO_REASON)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "Return request 1 recorded, case 1."
    assert lines[1].startswith("By rule: approved by rule – ")
    assert lines[2:] == [
        "Return request 1 is now “approved by rule”.",
        "Now tell the customer: send the goods back by 2026-11-29; the buyer pays for sending back.",
        "Next: aftersales returns receive 1",
    ]


def test_a_dry_run_judges_the_same_and_keeps_nothing(program: Run, shop: Shop) -> None:
    sell(shop)
    words = ("returns", "request", "--order", "101", "CUP=2", *NO_REASON)
    rehearsed = program(*words, "--dry-run")
    assert rehearsed.stderr == "Dry run: nothing was changed.\n"
    assert fetch_rows(shop.database, "SELECT count(*) FROM return_requests") == [(0,)]
    assert program(*words).stdout == rehearsed.stdout


def test_the_page_shows_every_stage_at_a_glance(program: Run, shop: Shop) -> None:
    sell(shop)
    program("returns", "request", "--order", "101", "CUP=2", *NO_REASON)
    page = program("returns", "show", "1")
    assert page.returncode == 0, page.stderr
    assert page.stdout.splitlines()[:8] == [
        "Return request 1 · return · approved by rule · case 1 · order 101",
        "  Reason: changed mind · Goods: unopened · Asked: CN¥161.93",
        "  Requested 2026-11-22 09:00 by owner",
        "",
        "Product  Bought  Asked  Approved            Money back",
        "-------  ------  -----  --------  --------------------",
        "Red cup       3      2         2  CN¥0.00 of CN¥242.90",
        "",
    ]
    assert "Parcel to us: awaited, expected by 2026-11-29" in page.stdout
    assert page.stdout.splitlines()[-1] == "Next: aftersales returns receive 1"
    assert max(map(len, page.stdout.splitlines())) <= 110


def test_the_page_speaks_chinese_without_an_english_word_of_state(program: Run, shop: Shop) -> None:
    sell(shop)
    program("returns", "request", "--order", "101", "CUP=2", *NO_REASON)
    page = program("returns", "show", "1", lang="zh")
    assert "自动通过" in page.stdout
    assert "待寄回" in page.stdout


def test_show_and_explain_as_json_have_stable_keys(program: Run, shop: Shop) -> None:
    sell(shop)
    program("returns", "request", "--order", "101", "CUP=2", *NO_REASON)
    page = json.loads(program("returns", "show", "1", "--json").stdout)
    assert set(page) == {
        "request", "case", "order", "lines", "ledger", "worth", "reviews", "evidence", "axes", "open_ends", "following",
        "next_command", "proposal", "extras", "platform_refunds",
    }  # fmt: skip
    assert page["ledger"]["lines"][0]["goods"] == 24290
    explained = json.loads(program("returns", "explain", "1", "--json").stdout)
    assert explained["verdict"] == "auto_approved"


def test_explain_names_rule_arithmetic_and_source(program: Run, shop: Shop) -> None:
    sell(shop)
    program("returns", "request", "--order", "101", "CUP=2", *NO_REASON)
    text = program("returns", "explain", "1").stdout
    for part in ("Decided by", "day 1 is the day after", "Source of", "not legal advice"):
        assert part in text


def test_the_queue_shows_age_deadline_and_proposal(program: Run, shop: Shop) -> None:
    sell(shop, delivered_at="2026-10-01T02:00:00Z")
    program("returns", "request", "--order", "101", "CUP=1", *NO_REASON, "--at", "2026-11-20 08:00")
    queue = program("returns", "queue")
    row = queue.stdout.splitlines()[2]
    for part in ("rejected", "a decision", "2 d 1 h", "2026-11-22 08:00 (overdue)"):
        assert part in row, queue.stdout
    [entry] = json.loads(program("returns", "queue", "--json").stdout)
    assert (entry["age_hours"], entry["is_overdue"], entry["waits_for"]) == (49, True, "review")
    assert program("returns", "queue", "--sample").stderr == "No decision waits for a check.\n"


def test_words_of_a_verdict_are_taken_in_both_languages(program: Run, shop: Shop) -> None:
    sell(shop, paid=90000)
    program("returns", "request", "--order", "101", "CUP=3", *NO_REASON)
    assert program("returns", "review", "1", "补凭证").returncode == 0
    assert program("returns", "review", "1", "拒绝", "--because", "超期").returncode == 0
    assert program("returns", "review", "1", "maybe").returncode == 2
    assert program("returns", "review", "1", "approve").returncode == 4
    assert program("returns", "review", "99", "approve").returncode == 3
    assert "rejected" in program("returns", "list", "--status", "rejected").stdout


def test_evidence_is_added_and_listed(program: Run, shop: Shop, tmp_path: Path) -> None:
    sell(shop)
    program("returns", "request", "--order", "101", "CUP=1", "--reason", "defect")
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0 a photo")
    added = program("returns", "evidence", "add", "1", str(photo))
    assert added.stdout.splitlines() == [
        "1 file kept for case 1.",
        "Return request 1 is now “submitted”.",
    ]
    assert "image/jpeg" in program("returns", "evidence", "list", "1").stdout
    assert program("returns", "evidence", "add", "1", str(tmp_path / "no.jpg")).returncode == 3


def test_from_the_request_to_the_money_in_four_commands(program: Run, shop: Shop) -> None:
    """Approved by rule: request, receive and inspect, plan, pay; and a fifth ends the case."""
    sell(shop)
    commands = [
        ("returns", "request", "--order", "101", "CUP=2", *NO_REASON),
        ("returns", "receive", "1"),
        ("refunds", "plan", "1"),
        ("refunds", "pay", "1", "--reference", "2026112200001"),
        ("cases", "resolve", "1", "--cause", "unknown"),
    ]
    for words in commands:
        done = program(*words)
        assert done.returncode == 0, (words, done.stderr)
    assert fetch_rows(shop.database, "SELECT status, resolution FROM cases") == [("resolved", "returned")]


def test_an_amount_other_than_the_pieces_cost_is_shown_beside_it(shop: Shop, program: Run) -> None:
    sell(shop)
    program("returns", "request", "--order", "101", "CUP=2", *NO_REASON, "--amount", "50")
    page = program("returns", "show", "1").stdout
    assert "Asked: CN¥50.00 (the pieces cost CN¥161.93)" in page
