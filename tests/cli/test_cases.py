"""The command ``cases`` as a real process."""

import json
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from aftersales_cli.database.fetch import insert
from aftersales_cli.desk.opening import open_case
from aftersales_cli.records.cases import Case, CaseRow
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.agents import add_agent
from aftersales_cli.team.storefronts import add_storefront

Cases = Callable[..., "subprocess.CompletedProcess[str]"]

CASE_KEYS = set(Case.__dataclass_fields__)


@pytest.fixture
def cases(run_cli: Cases, shop_folder: Path) -> Cases:
    """Return a function that runs ``aftersales cases …`` in the shop."""

    def run(*words: str, agent: str = "owner") -> "subprocess.CompletedProcess[str]":
        return run_cli("--as", agent, "cases", *words, cwd=shop_folder)

    return run


def ok(result: "subprocess.CompletedProcess[str]") -> Any:
    """Return what a command printed as JSON."""
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def dump(folder: Path) -> str:
    connection = sqlite3.connect(folder / "aftersales.db")
    text = "\n".join(connection.iterdump())
    connection.close()
    return text


def test_a_case_from_first_word_to_closed(cases: Cases, shop: Shop) -> None:
    add_agent(shop, "lan", name="小兰")
    opened = cases("open", "--kind", "退货", "--say", "杯子碎了", "--at", "2026-11-22 08:00")
    assert opened.returncode == 0, opened.stderr
    assert opened.stdout == "Case 1 opened: return, “杯子碎了”.\n"
    assert cases("assign", "1", "小兰").stdout == "小兰 works on case 1.\n"
    reply = cases("reply", "1", "--say", "马上处理", agent="lan")
    assert (reply.stdout, reply.stderr) == (
        "马上处理\n",
        "Recorded; now send it in the marketplace's chat.\n",
    )
    assert cases("note", "1", "shelf 7").stdout == "Noted on case 1.\n"
    resolved = cases("resolve", "1", "--cause", "包装", agent="lan")
    assert resolved.stdout == "Case 1 is resolved: returned and refunded; cause: packaging.\n"
    assert cases("close", "1").stdout == "Case 1 is now “closed”.\n"
    assert cases("reopen", "1", "--reason", "again").stdout == "Case 1 is now “in progress”.\n"
    assert cases("cancel", "1", "--reason", "撤回").returncode == 2
    assert cases("cancel", "1", "--reason", "客户撤回").stdout == "Case 1 is now “cancelled”.\n"


def test_json_of_every_verb_is_the_case(cases: Cases, shop: Shop) -> None:
    add_storefront(shop, "tb", platform="taobao")
    steps = [
        ("open", "--kind", "return", "--say", "x", "--storefront", "tb"),
        ("assign", "1", "owner"),
        ("note", "1", "x"),
        ("resolve", "1", "--cause", "packaging"),
        ("close", "1"),
        ("reopen", "1", "--reason", "x"),
        ("cancel", "1", "--reason", "spam"),
    ]
    for words in steps:
        case = ok(cases(*words, "--json"))
        assert set(case) == CASE_KEYS, words
        assert case["number"] == 1
    open_case(shop, storefront="tb")
    answer = ok(cases("reply", "2", "--say", "好", "--json"))
    assert set(answer) == {"case", "text", "sent_at", "send", "channel"}
    assert (answer["case"]["number"], answer["text"], answer["send"]) == (2, "好", "in Qianniu")


def test_json_of_a_page_carries_all_of_it(cases: Cases, shop: Shop) -> None:
    open_case(shop, say="Hello", customer="张三")
    page = ok(cases("show", "1", "--json"))
    assert set(page) == {
        "case", "storefront", "customer", "assignee",
        "axes", "assignee_code", "order", "order_lines", "lines", "clocks",
        "messages", "events", "refund", "related", "promises", "handoffs", "linked", "minutes", "incident",
    }  # fmt: skip
    assert set(page["case"]) == CASE_KEYS
    assert page["messages"][0]["body"] == "Hello"
    assert page["events"][0]["type"] == "opened"
    assert page["clocks"][0] == {
        "metric": "first_reply",
        "started_at": "2026-11-22T01:00:00Z",
        "met_at": None,
        "seconds": 0,
    }
    assert page["order"] is None


def test_lists_show_what_was_asked_for(cases: Cases, shop: Shop) -> None:
    add_agent(shop, "lan", name="小兰")
    add_storefront(shop, "tb", platform="taobao")
    open_case(shop, kind="return", assignee="lan")
    open_case(shop, kind="inquiry", assignee="owner", storefront="tb")
    open_case(shop, kind="inquiry")
    assert cases("resolve", "3").returncode == 0

    def numbers(*words: str, agent: str = "owner") -> list[int]:
        listed = ok(cases("list", "--json", *words, agent=agent))
        assert all(set(row) == {*CaseRow.__dataclass_fields__, "age_seconds"} for row in listed)
        return [row["number"] for row in listed]

    assert numbers() == [1, 2]
    assert numbers("--open") == [1, 2]
    assert numbers("--all") == [3, 2, 1]
    assert numbers("--status", "已解决") == [3]
    assert numbers("--kind", "退货") == [1]
    assert numbers("--assignee", "小兰") == [1]
    assert numbers("--mine", agent="lan") == [1]
    assert numbers("--storefront", "tb") == [2]
    assert numbers("--all", "--unassigned") == []
    assert numbers("--limit", "1") == [1]


def test_a_cut_list_says_how_many_are_left_out(cases: Cases, shop: Shop) -> None:
    for _index in range(3):
        open_case(shop, say="word " * 20)
    listed = cases("list", "--limit", "1")
    assert "2 more cases are not shown" in listed.stderr
    assert "…" in listed.stdout
    assert len(listed.stdout.splitlines()) == 3
    whole = cases("list", "--limit", "3", "--format", "csv")
    assert whole.stderr == ""
    assert len(whole.stdout.splitlines()) == 4


def test_an_empty_list_says_so_beside_the_data(cases: Cases) -> None:
    listed = cases("list")
    assert (listed.returncode, listed.stdout, listed.stderr) == (0, "", "No such case.\n")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("open", "--kind", "re", "--say", "x"), 2, "Choose one of: return, refund_only, exchange, repair\n"),
        (("open", "--order", "99"), 3, "There is no order 99."),
        (("open", "--say", "x", "--at", "2026-11-22 09:01"), 2, "in the future"),
        (("open",), 2, "--order NUMBER, --customer NAME or --say"),
        (("open", "--kind", "return", "--say", " "), 2, "Say what the case is about"),
        (("open", "--customer", "12"), 3, "There is no customer 12."),
        (("open", "--say", "x", "--product", "CUP"), 2, "--product names products of an order"),
        (("open", "--say", "x", "--at", "yesterday"), 2, "2026-11-21 15:20"),
        (("list", "--all", "--open"), 2, "only one"),
        (("show", "99"), 3, "There is no case 99."),
        (("resolve", "99"), 3, "There is no case 99."),
        (("resolve", "1"), 4, "carrier_damage"),
        (("resolve", "1", "--cause", "carrier"), 2, "carrier_loss"),
        (("close", "1"), 4, "aftersales cases resolve 1 --cause"),
        (("assign", "1", "nobody"), 3, "nobody"),
        (("note", "1", " "), 2, "empty"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_code_and_changes_no_case(
    cases: Cases, shop: Shop, words: tuple[str, ...], code: int, said: str
) -> None:
    open_case(shop, kind="return")
    before = shop.database.conn.execute("SELECT * FROM cases, case_events").fetchall()
    result = cases(*words)
    assert result.returncode == code
    assert said in result.stderr
    assert result.stdout == ""
    assert shop.database.conn.execute("SELECT * FROM cases, case_events").fetchall() == before


def test_a_viewer_is_refused_and_the_refusal_audited(cases: Cases, shop: Shop) -> None:
    add_agent(shop, "eye", role="viewer")
    open_case(shop)
    for words in (
        ("open", "--say", "x"),
        ("note", "1", "x"),
        ("resolve", "1"),
        ("cancel", "1", "--reason", "spam"),
    ):
        result = cases(*words, agent="eye")
        assert result.returncode == 4, words
        assert "viewer" in result.stderr
        last = shop.database.conn.execute(
            "SELECT actor, operation, subjects FROM audit_log ORDER BY id DESC LIMIT 1"
        ).fetchone()
        case = "" if words[0] == "open" else " case:1"
        subjects = f"command:aftersales cases {words[0]} operation:cases.{words[0]}{case}"
        assert last == ("eye", "refusal", subjects)
    assert cases("list", agent="eye").returncode == 0


@pytest.mark.parametrize(
    "words", [("open", "--say", "x", "--customer", "张三"), ("reply", "1", "--say", "x"), ("close", "1")]
)
def test_a_dry_run_changes_nothing_not_even_when_refused(
    cases: Cases, shop_folder: Path, words: tuple[str, ...]
) -> None:
    shop = open_shop(shop_folder)
    open_case(shop)
    shop.close()
    before = dump(shop_folder)
    result = cases(*words, "--dry-run")
    if result.returncode == 0:
        assert "nothing was changed" in result.stderr
    else:
        assert (words[0], result.returncode) == ("close", 4)
    assert dump(shop_folder) == before


@pytest.mark.parametrize("words", [("resolve", "--cause", "packaging"), ("cancel", "--reason", "spam")])
def test_of_two_processes_one_wins_and_the_other_learns_who_was_faster(
    cases: Cases, shop: Shop, words: tuple[str, ...]
) -> None:
    add_agent(shop, "lan", name="小兰")
    for _index in range(4):
        number = open_case(shop, kind="return").number
        with ThreadPoolExecutor(2) as pool:
            runs = [
                pool.submit(cases, words[0], str(number), *words[1:], agent=agent)
                for agent in ("owner", "lan")
            ]
            results = [run.result() for run in runs]
        assert Counter(result.returncode for result in results) == {0: 1, 4: 1}
        loser = next(result for result in results if result.returncode == 4)
        assert "was faster" in loser.stderr
        assert ("小兰" in loser.stderr) == (loser is results[0])
        events = shop.database.conn.execute(
            "SELECT before, after FROM case_events WHERE case_number = ? AND field = 'status' ORDER BY seq",
            (number,),
        ).fetchall()
        assert events[0] == ("", "new")
        assert [earlier[1] for earlier in events[:-1]] == [later[0] for later in events[1:]]
        assert len(events) == (3 if words[0] == "resolve" else 2)


def test_every_verb_has_help_with_an_example(cases: Cases) -> None:
    for verb in ("open", "list", "show", "assign", "reply", "note", "resolve", "reopen", "close", "cancel"):
        result = cases(verb, "--help")
        assert result.returncode == 0
        assert f"Example: aftersales cases {verb}" in result.stdout


@pytest.mark.parametrize("words", [("--say", "Good morning"), ("--say", "Any news?", "--by", "customer")])
def test_a_dry_run_of_a_reply_does_not_say_that_it_was_recorded(
    cases: Cases, shop: Shop, words: tuple[str, ...]
) -> None:
    open_case(shop, say="Hello")
    tried = cases("reply", "1", *words, "--dry-run")
    assert tried.returncode == 0
    assert "Recorded" not in tried.stdout + tried.stderr
    assert "Dry run: nothing was changed." in tried.stderr


def test_values_a_reply_text_does_not_know_are_listed(cases: Cases, shop: Shop) -> None:
    open_case(shop, say="Hello")
    refused = cases("reply", "1", "--template", "refund_done", "--fill", "amuont=5")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "no value “amuont”" in refused.stderr
    assert "amount" in refused.stderr
    assert cases("reply", "1", "--say", "x", "--fill", "amount=5").returncode == 2


def test_of_an_order_with_several_products_one_is_named(cases: Cases, shop: Shop) -> None:
    storefront = add_storefront(shop, "tb", platform="taobao").id
    with shop.writing("orders.import"):
        order_id = insert(
            shop.database,
            "INSERT INTO orders (storefront_id, external_id, display_number, placed_at, placed_on, status, "
            "status_raw, close_reason, currency, total, paid, paid_basis, refunded_basis, title, buyer_note, "
            "seller_note, progress, as_of) VALUES (:storefront, '777', '777', '2026-11-10T02:00:00Z', "
            "'2026-11-10', 'shipped', '', '', 'CNY', 9900, 9900, 'stated', 'none', '', '', '', 1, '')",
            {"storefront": storefront},
        )
        for sku, title in (("CUP", "Tea cup"), ("PLATE", "Plate")):
            insert(
                shop.database,
                "INSERT INTO order_lines (storefront_id, order_external_id, order_id, line_key, sku, title, variant, "
                "quantity, currency, status_raw) VALUES (:storefront, '777', :order, :sku, :sku, :title, '', 1, "
                "'CNY', '')",
                {"storefront": storefront, "order": order_id, "sku": sku, "title": title},
            )
    opened = cases("open", "--order", "777", "--product", "cup", "--say", "It leaks")
    assert opened.returncode == 0, opened.stderr
    shown = ok(cases("show", "1", "--json"))
    assert [line["title"] for line in shown["lines"]] == ["Tea cup"]
    refused = cases("open", "--order", "777", "--product", "bowl", "--say", "x")
    assert refused.returncode == 2
    assert "#2 PLATE" in refused.stderr
