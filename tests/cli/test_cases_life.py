"""The life of a case on the command line: triage, texts, waiting, joining, time, archive."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aftersales_cli.database.case_orders import insert_customer
from aftersales_cli.database.cases import get_case
from aftersales_cli.desk.ending import close_case, resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.waiting import wait_case
from aftersales_cli.records.cases import Case, CaseRow
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent

Cases = Callable[..., "subprocess.CompletedProcess[str]"]

VERBS = (
    "triage", "wait", "resume", "confirm", "expire", "typical", "archive", "merge", "link", "split", "reply", "list",
    "assign", "reopen",
)  # fmt: skip


@pytest.fixture
def cases(run_cli: Cases, shop_folder: Path) -> Cases:
    """Return a function that runs ``aftersales cases …`` in the shop."""

    def run(*words: str, agent: str = "owner", env: dict[str, str] | None = None) -> Any:
        return run_cli("--as", agent, "cases", *words, cwd=shop_folder, env=env)

    return run


def ok(result: "subprocess.CompletedProcess[str]") -> Any:
    """Return what a command printed as JSON."""
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def in_days(days: int) -> dict[str, str]:
    return {"AFTERSALES_NOW": f"2026-12-{days - 8:02d}T01:00:00Z"}


def test_a_case_opened_without_a_kind_is_sorted_by_hand_of_the_suggestion(cases: Cases) -> None:
    opened = cases("open", "--say", "杯子碎了，要退货")
    assert opened.stdout == "Case 1 opened: inquiry, “杯子碎了，要退货”.\n"
    assert (
        "It seems to be: return, normal, damaged in transit. Why: aftersales cases triage 1" in opened.stderr
    )
    assert cases("triage", "1").stdout == (
        "Case 1 is: inquiry, normal, normal.\n"
        "It seems to be: return, normal, damaged in transit.\n"
        "  asks to return the goods – words: “退货”\n"
        "  speaks of damage – words: “碎了”\n"
        "Take it over: aftersales cases triage 1 --accept\n"
    )
    taken = cases("triage", "1", "--accept")
    assert taken.stdout == "Case 1 is now: return, normal, normal, damaged in transit.\n"
    again = cases("triage", "1", "--severity", "较急", "--complexity", "complex")
    assert again.stdout == "Case 1 is now: return, high, complex, damaged in transit.\n"


def test_a_certain_rule_sorts_at_once_and_says_so(cases: Cases) -> None:
    opened = cases("open", "--say", "我要打12315投诉")
    assert opened.stdout == (
        "Case 1 opened: complaint, “我要打12315投诉”.\n"
        "Sorted by rule: speaks of complaining (“投诉”, “12315”); "
        "authorities for consumers (“12315”).\n"
    )
    assert opened.stderr == ""


def test_the_json_of_a_suggestion_carries_rules_and_evidence(cases: Cases, shop: Shop) -> None:
    open_case(shop, kind="inquiry", say="要退货")
    found = ok(cases("triage", "1", "--json"))
    assert set(found) == {"case", "suggestion"}
    assert set(found["suggestion"]) == {"kind", "reason", "severity", "complexity", "fired"}
    assert found["suggestion"]["fired"] == [
        {
            "key": "asks to return the goods",
            "name": "asks to return the goods",
            "words": ["退货"],
            "evidence": ["words: “退货”"],
            "suggests": {"kind": "return"},
            "certain": False,
        }
    ]


def test_broken_rules_are_told_and_do_not_lose_the_opened_case(cases: Cases, shop: Shop) -> None:
    folder = shop.folder / "templates" / "settings"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "triage.toml").write_text("[[rule", encoding="utf-8")
    opened = cases("open", "--kind", "return", "--say", "Back")
    assert (opened.returncode, opened.stdout) == (0, "Case 1 opened: return, “Back”.\n")
    assert "triage.toml" in opened.stderr
    refused = cases("open", "--say", "x")
    assert (refused.returncode, refused.stdout) == (8, "")
    assert get_case(shop.database, 2) is None


def test_a_dry_run_of_an_opening_shows_what_it_would_be(cases: Cases, shop: Shop) -> None:
    opened = cases("open", "--say", "我要投诉", "--dry-run")
    assert opened.returncode == 0, opened.stderr
    assert "Case 1 opened: complaint" in opened.stdout
    assert get_case(shop.database, 1) is None


def test_a_part_of_a_phone_number_finds_the_customer_and_tells_whom(cases: Cases, shop: Shop) -> None:
    with shop.writing("orders.import"):
        insert_customer(shop.database, created_at=shop.stamp, name="王小明", phone="13800138000")
    assert "Customer: 王小明 138****8000\n" in cases("open", "--customer", "8000").stdout
    assert "Customer:" not in cases("open", "--customer", "王小明").stdout
    new = cases("open", "--customer", "小明", "--new-customer")
    assert "Customer:" not in new.stdout
    several = cases("open", "--customer", "明")
    assert several.returncode == 2
    assert "王小明 138****8000" in several.stderr


def test_the_rules_choose_an_employee_and_say_why(cases: Cases, shop: Shop) -> None:
    add_agent(shop, "lan", name="小兰")
    open_case(shop, say="你好")
    assert cases("assign", "1", "--auto").stdout == (
        "小兰 works on case 1.\n"
        "Rule: all others go to the agent with the fewest open cases; open cases before: 0, the fewest of 1 "
        "who fit.\n"
    )
    add_agent(shop, "mei", name="小美")
    open_case(shop, say="在吗")
    open_case(shop, say="在吗")
    every = cases("assign", "--auto")
    assert [line.split(" Rule")[0] for line in every.stdout.splitlines()] == [
        "小美 works on case 2.",
        "小兰 works on case 3.",
    ]
    assert "no open case" in cases("assign", "--auto").stderr
    for words in ((), ("1",), ("1", "lan", "--auto")):
        assert cases("assign", *words).returncode == 2


def test_a_text_of_the_shop_is_filled_in_recorded_and_ready_to_copy(cases: Cases, shop: Shop) -> None:
    open_case(shop, customer="张三", say="你好", kind="return")
    reply = cases("reply", "1", "--template", "closing", "--minutes", "5")
    assert reply.stdout.startswith("张三，问题已经为您处理好了。")
    assert reply.stderr == "Recorded; now send it in the marketplace's chat.\n"
    english = cases("reply", "1", "--template", "closing", "--lang", "en")
    assert english.stdout.startswith("Hello 张三, everything is settled now.")
    missing = cases("reply", "1", "--template", "refund_done")
    assert missing.returncode == 2
    assert "--fill amount=…" in missing.stderr
    filled = cases("reply", "1", "--template", "refund_done", "--fill", "amount=10元", "--dry-run")
    assert "退款10元" in filled.stdout
    assert "nothing was changed" in filled.stderr
    listed = ok(cases("reply", "--templates", "--json"))
    assert {"name", "kind", "title", "texts"} == set(listed[0])
    assert len({row["name"] for row in listed}) >= 12
    assert cases("reply", "1", "--template", "nothing").returncode == 3


@pytest.mark.parametrize(
    "words", [(), ("1",), ("1", "--say", "x", "--template", "closing"), ("1", "--by", "customer", "--template", "closing"),
              ("1", "--template", "closing", "--fill", "amount")]
)  # fmt: skip
def test_a_reply_needs_a_case_and_one_text(cases: Cases, shop: Shop, words: tuple[str, ...]) -> None:
    open_case(shop)
    assert cases("reply", *words).returncode == 2


def test_what_a_customer_says_is_recorded_and_hints_at_reopening(cases: Cases, shop: Shop) -> None:
    open_case(shop)
    wait = cases("wait", "1", "customer", "--note", "photos", "--until", "2026-11-25")
    assert wait.stdout == "Case 1 is now “waiting for customer”.\n"
    page = cases("show", "1").stdout
    assert "now “waiting for customer” · shop owner: photos" in page
    assert "waits until 2026-11-25 23:59" in page
    heard = cases("reply", "1", "--by", "customer", "--say", "Here")
    assert (heard.stdout, heard.stderr) == ("Recorded; case 1 is “in progress”.\n", "")
    assert cases("resolve", "1", "--minutes", "3").returncode == 0
    again = cases("reply", "1", "--by", "customer", "--say", "Still broken")
    assert again.stderr == "If the matter is not solved: aftersales cases reopen 1 --reason …\n"
    assert cases("confirm", "1").stdout == "The customer confirmed that case 1 is solved; it is closed.\n"
    refused = cases("wait", "1", "platform")
    assert refused.returncode == 4
    assert "“wait platform” is not possible" in refused.stderr


def test_cases_are_joined(cases: Cases, shop: Shop) -> None:
    for _index in range(3):
        open_case(shop)
    due = ok(cases("open", "--kind", "return", "--say", "x", "--platform-due", "2026-11-24", "--json"))
    assert due["platform_due_at"] == "2026-11-24T15:59:00Z"
    assert cases("merge", "2", "1").stdout == "Case 2 is now part of case 1.\n"
    assert cases("link", "3", "1").stdout == "Cases 3 and 1 are linked.\n"
    split = cases("split", "3", "--say", "I need an invoice", "--kind", "发票")
    assert split.stdout == "Case 5 opened beside case 3: invoice, “I need an invoice”.\n"
    again = cases("reply", "2", "--say", "x")
    assert again.returncode == 4
    assert "Case 2 is now part of case 1." in again.stderr


def test_a_case_closed_too_long_is_followed_up(cases: Cases, shop: Shop) -> None:
    number = open_case(shop, kind="return").number
    resolve_case(shop, number, cause="packaging")
    close_case(shop, number)
    late = in_days(39)
    refused = cases("reopen", "1", "--reason", "again", env=late)
    assert refused.returncode == 4
    assert "aftersales cases reopen 1 --follow-up" in refused.stderr
    followed = cases("reopen", "1", "--follow-up", "--reason", "again", env=late)
    assert followed.stdout == "Case 2 opened; it follows case 1.\n"


def test_the_nightly_step_says_what_time_did_and_what_people_should_do(cases: Cases, shop: Shop) -> None:
    resolve_case(shop, open_case(shop).number)
    wait_case(shop, open_case(shop).number, "customer")
    wait_case(replace(shop, now=shop.now + timedelta(days=8)), open_case(shop).number, "customer")
    run = cases("expire", env=in_days(17))
    assert run.stdout == (
        "Case 1, resolved 2026-11-22 09:00: closed.\n"
        "Case 2, waiting for the customer since 2026-11-22 09:00: ended without an answer.\n"
        "Case 3, waiting for the customer since 2026-11-30 09:00: write once more "
        "(aftersales cases reply 3 --template reminder).\n"
    )
    again = ok(cases("expire", "--json", env=in_days(17)))
    assert [(entry["number"], entry["done"]) for entry in again] == [(3, "remind")]


def test_stuck_cases_are_listed_with_the_reason(cases: Cases, shop: Shop) -> None:
    open_case(shop, say="forgotten")
    resolve_case(shop, open_case(shop).number)
    listed = cases("list", "--stuck", env=in_days(10))
    assert "Stuck because" in listed.stdout
    assert "nothing happened for 10 days" in listed.stdout
    rows = ok(cases("list", "--stuck", "--json", env=in_days(10)))
    assert set(rows[0]) == {
        *CaseRow.__dataclass_fields__, "age_seconds", "stuck", "stuck_reason", "stuck_since",
    }  # fmt: skip
    assert [(row["number"], row["stuck"]) for row in rows] == [(1, "quiet")]
    assert cases("list", "--stuck", "--kind", "return", env=in_days(10)).stderr == "No case is stuck.\n"
    assert cases("list", "--stuck", "--all").returncode == 2


def test_examples_and_the_archive(cases: Cases, shop: Shop) -> None:
    number = open_case(shop, say="Broken").number
    assert (
        cases("typical", "1", "--note", "box too large").stdout
        == "Case 1 is kept as an example: box too large\n"
    )
    assert "box too large" in cases("typical").stdout
    assert cases("typical", "--month", "2026-10").stderr == "No examples in 2026-10.\n"
    assert cases("typical", "1").returncode == 2
    assert cases("typical", "1", "--off").stdout == "Case 1 is no example any more.\n"
    assert cases("archive", "1").returncode == 4
    resolve_case(shop, number)
    close_case(shop, number)
    assert cases("archive", "--before", "2026-11-22").stdout == "0 cases put into the archive.\n"
    assert ok(cases("archive", "--before", "2026-11-23", "--json")) == {"numbers": [1]}
    assert ok(cases("list", "--all", "--json")) == []
    assert [row["number"] for row in ok(cases("list", "--archived", "--json"))] == [1]
    assert cases("archive").returncode == 2


def test_json_of_the_steps_is_the_case(cases: Cases, shop: Shop) -> None:
    for _index in range(3):
        open_case(shop)
    steps = [
        ("wait", "1", "internal"), ("resume", "1"), ("merge", "2", "1"), ("link", "1", "3"), ("split", "1", "--say", "x"),
        ("typical", "1", "--note", "x"), ("resolve", "1"), ("confirm", "1"),
    ]  # fmt: skip
    for words in steps:
        assert set(ok(cases(*words, "--json"))) == set(Case.__dataclass_fields__), words
    heard = ok(cases("reply", "3", "--by", "customer", "--say", "x", "--json"))
    assert set(heard) == {"case", "text", "sent_at", "send", "channel"}


def test_every_verb_has_help_with_an_example(cases: Cases) -> None:
    for verb in VERBS:
        result = cases(verb, "--help")
        assert result.returncode == 0
        assert f"Example: aftersales cases {verb}" in result.stdout
