"""The command ``team``: adding, changing, leaving, coming back."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aftersales_cli.database.fetch import insert
from aftersales_cli.desk.handing_off import hand_off
from aftersales_cli.desk.opening import open_case
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent

Team = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def team(run_cli: Team, shop_folder: Path) -> Team:
    """Return a function that runs ``aftersales team …`` in the shop."""

    def run(*words: str, agent: str = "owner", lang: str = "en") -> Any:
        return run_cli("--as", agent, "--lang", lang, "team", *words, cwd=shop_folder)

    return run


def test_departments_and_languages_are_kept_and_shown(team: Team) -> None:
    added = team(
        "add", "lan", "--name", "小兰", "--department", "物流", "--language", "中文", "--language", "en"
    )
    assert (added.returncode, added.stdout) == (0, "小兰 added as service agent.\n")
    changed = team("change", "小兰", "--role", "manager", "--language", "zh")
    assert changed.stdout == "小兰 is now: manager, 物流, zh.\n"
    listed = json.loads(team("list", "--json").stdout)
    assert {key: listed[1][key] for key in ("code", "role", "department", "languages", "active")} == {
        "code": "lan", "role": "manager", "department": "物流", "languages": "zh", "active": True,
    }  # fmt: skip
    assert "logistics" in team("list").stdout
    assert team("change", "小兰", "--language", "").stdout == "小兰 is now: manager, 物流.\n"
    assert json.loads(team("list", "--json").stdout)[1]["languages"] == ""


def test_who_leaves_hands_over_or_the_cases_are_listed(team: Team, shop: Shop) -> None:
    for code in ("lan", "mei"):
        add_agent(shop, code)
    for words in ("Broken cup", "Wrong colour"):
        open_case(shop, kind="return", say=words, assignee="lan")
    tried = team("deactivate", "lan", "--to", "mei", "--dry-run")
    assert "Dry run: nothing was changed." in tried.stderr
    left = team("deactivate", "lan")
    assert (left.returncode, left.stdout) == (
        0,
        "lan has left.\n"
        "2 open cases need somebody:\n"
        "  #1 return Broken cup\n"
        "  #2 return Wrong colour\n"
        'Give them to somebody: aftersales cases assign --where "assignee=lan" --to AGENT\n',
    )
    assert team("list", agent="lan").returncode == 3
    assert team("activate", "lan").stdout == "lan works here again, as service agent.\n"
    over = team("deactivate", "lan", "--to", "mei")
    assert over.stdout.splitlines()[:2] == ["lan has left.", "mei takes over 2 open cases:"]
    empty = team("deactivate", "mei", "--to", "owner")
    assert empty.returncode == 0
    assert team("change", "mei").returncode == 2


@pytest.mark.parametrize("role", ["agent", "technician", "warehouse", "viewer"])
def test_only_those_in_charge_change_the_team(team: Team, shop: Shop, role: str) -> None:
    add_agent(shop, "lan", role=role)
    for words in (
        ("add", "new"), ("change", "lan", "--role", "manager"), ("deactivate", "owner"), ("activate", "lan"),
    ):  # fmt: skip
        refused = team(*words, agent="lan")
        assert refused.returncode == 4, words
        assert "Allowed for: shop owner, manager." in refused.stderr


@pytest.mark.parametrize("verb", ["list", "add", "change", "deactivate", "activate"])
def test_every_verb_has_help_with_an_example(team: Team, verb: str) -> None:
    assert f"Example: aftersales team {verb}" in team(verb, "--help").stdout


def test_callbacks_and_questions_of_who_leaves_are_told(team: Team, shop: Shop) -> None:
    lan = add_agent(shop, "lan")
    add_agent(shop, "mei")
    number = open_case(shop, say="word").number
    hand_off(shop, number, "warehouse", ask="Where is it?", to="lan")
    with shop.writing("callbacks.plan"):
        insert(
            shop.database,
            "INSERT INTO callbacks (reason, case_number, due_on, assignee_id, planned_at, priority) "
            "VALUES ('service_followup', :number, '2026-11-25', :agent, :at, 3)",
            {"number": number, "agent": lan.id, "at": shop.stamp},
        )
    left = team("deactivate", "lan", "--dry-run")
    assert left.stdout.splitlines()[1:] == [
        "There are no open cases to hand over.",
        "1 callback goes to somebody else with the plan of its day:",
        "  2026-11-25: callback 1 (#1)",
        "1 open question goes to the whole department:",
        "  #1 warehouse: Where is it?",
    ]
    over = team("deactivate", "lan", "--to", "mei")
    assert over.stdout.splitlines()[2::2] == ["mei takes over 1 callback:", "mei is asked 1 open question:"]
