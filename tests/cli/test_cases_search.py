"""``cases search`` as a real process."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from aftersales_cli.desk.answering import note_case
from aftersales_cli.desk.ending import close_case, resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.typical import archive_case
from aftersales_cli.shop import Shop

Search = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def search(run_cli: Search, shop_folder: Path, shop: Shop) -> Search:
    """Return a function that runs ``aftersales cases search …`` in a shop with three cases."""
    open_case(shop, kind="return", say="杯子破损，请打13800138000，退款", customer="Mia Berg")
    open_case(shop, say="破损了，换一个")
    open_case(shop, say="Where is my refund?", customer="13900139000")
    note_case(shop, 3, "the parcel is late")

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        return run_cli("cases", "search", *words, cwd=shop_folder)

    return run


def test_a_line_for_each_case_with_the_hit_marked_and_numbers_masked(search: Search) -> None:
    result = search("退款")
    assert result.returncode == 0, result.stderr
    assert "杯子破损，请打138****8000，[退款]" in result.stdout
    assert "Mia Berg" in result.stdout
    assert "13800138000" not in result.stdout
    late = search("late").stdout
    assert "the parcel is [late]" in late
    assert "139****9000" in late


def test_hits_among_archived_cases_are_told(search: Search, shop: Shop) -> None:
    for number in (1, 2):
        close_case(shop, resolve_case(shop, number, cause="packaging").number)
    archive_case(shop, 1)
    default = search("破损")
    assert "--archived also has 1 case" in default.stderr
    assert "--archived" not in search("late").stderr
    assert "--archived" not in search("破损", "--archived").stderr
    assert "--archived" not in search("破损", "--all").stderr
    assert "--archived also has 1 case" in search("退款").stderr


def test_json_has_the_same_with_stable_keys(search: Search) -> None:
    found = json.loads(search("破损", "--json").stdout)
    assert {case["number"] for case in found} == {1, 2}
    assert set(found[0]) == {
        "number", "kind", "status", "opened_at", "order_number", "customer", "source", "said_at", "snippet",
    }  # fmt: skip
    assert json.loads(search("nothing", "--json").stdout) == []


def test_a_word_with_a_minus_is_no_option(search: Search) -> None:
    found = json.loads(search("破损", "-退款", "--json", "--limit", "5").stdout)
    assert [case["number"] for case in found] == [2]
    assert json.loads(search('"refund where"', "--json").stdout) == []
    assert len(json.loads(search("refund where", "--json").stdout)) == 1


def test_filters_and_what_is_left_out_are_told(search: Search) -> None:
    assert "1 more case is not shown" in search("破损", "--limit", "1").stderr
    assert json.loads(search("破损", "--kind", "退货", "--json").stdout)[0]["number"] == 1
    assert search("破损", "--since", "2027-01-01").stdout == ""
    assert "--all" in search("nothing").stderr
    assert search("破损", "--all", "--archived").returncode == 2
    assert search("破损", "--nonsense").returncode == 2


def test_a_question_without_a_word_says_what_to_write(search: Search) -> None:
    nothing = search("***")
    assert nothing.returncode == 2
    assert "There is no word to look for." in nothing.stderr
    assert "minus" in search("-退款").stderr
    assert search().returncode == 2
