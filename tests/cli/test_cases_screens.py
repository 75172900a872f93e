"""What verbs of ``cases`` say: nothing that is not so, nothing twice, and no line too long."""

from collections.abc import Callable
from pathlib import Path

import pytest
from wcwidth import wcswidth

from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.steps import require_case
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent
from tests.conftest import RunCli

Cases = Callable[..., str]
LINE = 100


@pytest.fixture
def cases(shop_folder: Path, run_cli: RunCli) -> Cases:
    """Return a function that runs a verb of ``cases`` and returns what it said."""

    def run(*words: str, now: str = "2026-11-22T01:00:00Z") -> str:
        done = run_cli("cases", *words, cwd=shop_folder, env={"AFTERSALES_NOW": now})
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    return run


def widest(text: str) -> int:
    return max(wcswidth(line) for line in text.splitlines())


@pytest.mark.parametrize("options", [("--channel", "phone"), ("--by", "bot")])
def test_what_needs_no_sending_is_only_recorded(cases: Cases, shop: Shop, options: tuple[str, ...]) -> None:
    open_case(shop, say="?")
    assert cases("reply", "1", "--say", "Yes", *options) == "Yes\nRecorded.\n"
    assert "now send it" in cases("reply", "1", "--say", "Yes")


def test_an_unknown_cause_is_not_told(cases: Cases, shop: Shop) -> None:
    open_case(shop, kind="inquiry", say="?")
    assert cases("resolve", "1") == "Case 1 is resolved: answered.\n"
    assert require_case(shop, 1).cause == "unknown"


def test_a_shop_owner_called_just_that_is_named_once(cases: Cases, shop: Shop) -> None:
    open_case(shop, say="?")
    assert cases("escalate", "1") == "Case 1 is passed up to shop owner; tell them.\n"
    add_agent(shop, "mei", name="Mei", role="manager")
    assert "passed up to Mei (manager)" in cases("escalate", "1", "--to", "manager")


def test_what_was_solved_this_morning_was_solved_today(cases: Cases, shop: Shop) -> None:
    open_case(shop, kind="complaint", severity="L2", say="!")
    cases("reply", "1", "--say", "Sorry")
    cases("resolve", "1", "--cause", "packaging", now="2026-11-22T02:00:00Z")
    assert "solved today, the customer has not" in cases("list", "--stuck", now="2026-11-22T09:00:00Z")
    assert "solved 1 day ago, the customer has not" in cases("list", "--stuck", now="2026-11-22T23:00:00Z")


def test_complaints_and_incidents_stay_on_their_lines(cases: Cases, shop: Shop) -> None:
    add_agent(shop, "lan", name="Lan with a long name")
    for index in range(3):
        say = f"The handle fell off {index}, 杯子碎了，包装只有一层纸，我要投诉，" * 3
        open_case(shop, kind="complaint", reason="defect", severity="L3", say=say, assignee="lan")
    assert widest(cases("complaints")) <= LINE
    cases("incidents", "open", "1", "2", "--product", "Tea cup " * 9, "--lead", "lan", "--title", "Bad " * 9)
    cases("incidents", "open", "3", "--product", "Tea cup")
    listed = cases("incidents")
    assert widest(listed) <= LINE
    assert "Tea cup · defect" in listed
    assert cases("incidents", "list", "--format", "csv").startswith("No.,Title,Product,Reason,")


def test_notes_of_the_program_speak_the_readers_language(cases: Cases) -> None:
    cases("open", "--say", "我要投诉", "--lang", "zh")
    assert "sorted by rule “speaks of complaining”" in cases("show", "1")
    assert "提到投诉或曝光" in cases("show", "1", "--lang", "zh")
