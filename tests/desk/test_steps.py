"""Steps are taken once, in order, and each leaves its event."""

import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from aftersales_cli.database.cases import change_case, list_case_events
from aftersales_cli.desk.answering import note_case, reply_case
from aftersales_cli.desk.assigning import assign_case
from aftersales_cli.desk.ending import cancel_case, close_case, reopen_case, resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.steps import require_case, take_step
from aftersales_cli.desk.transitions import TRANSITIONS
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.agents import add_agent

VERBS: dict[str, Callable[[Shop, int], object]] = {
    "assign": lambda shop, number: assign_case(shop, number, "lan"),
    "reply": lambda shop, number: reply_case(shop, number, "!"),
    "bot": lambda shop, number: reply_case(shop, number, "zzz", author_type="bot"),
    "note": lambda shop, number: note_case(shop, number, "!"),
    "resolve": lambda shop, number: resolve_case(shop, number, cause="packaging"),
    "reopen": lambda shop, number: reopen_case(shop, number, reason="again"),
    "close": close_case,
    "cancel": lambda shop, number: cancel_case(shop, number, "withdrawn"),
}


def assert_history_is_whole(shop: Shop, number: int) -> None:
    """Every change of state has one event, each is allowed, and together they end where the case is."""
    case, events = require_case(shop, number), list_case_events(shop.database, number)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    state = ""
    for event in events:
        if event.field != "status":
            continue
        assert event.before == state
        assert state == "" or event.after in TRANSITIONS[state]
        state = event.after
    assert state == case.status
    assert (case.resolved_at is not None) == (case.status in {"resolved", "closed"})
    assert case.reopen_count == sum(event.type == "reopened" for event in events)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_tried_the_history_explains_the_state(shop: Shop, seed: int) -> None:
    chance = random.Random(seed)
    add_agent(shop, "lan")
    numbers = [
        open_case(shop, kind=chance.choice(["return", "inquiry", "complaint"])).number for _index in range(4)
    ]
    outcomes: Counter[str] = Counter()
    for _index in range(80):
        number = chance.choice(numbers)
        before = list_case_events(shop.database, number)
        try:
            VERBS[chance.choice(list(VERBS))](shop, number)
            outcomes["done"] += 1
        except RefusedError:
            outcomes["refused"] += 1
            assert list_case_events(shop.database, number) == before
        assert_history_is_whole(shop, number)
    assert outcomes["done"] > 12
    assert outcomes["refused"] > 5


def test_a_change_from_an_outdated_state_does_nothing(shop: Shop) -> None:
    number = open_case(shop).number
    with shop.writing("cases.note"):
        assert not change_case(shop.database, number, expected="triaged", changes={"status": "closed"})
        assert change_case(shop.database, number, expected="new", changes={"status": "triaged"})
    assert require_case(shop, number).status == "triaged"


def test_a_step_from_what_one_saw_earlier_is_refused_with_the_name_of_the_faster(
    shop: Shop, shop_folder: Path
) -> None:
    add_agent(shop, "lan", name="小兰")
    seen = open_case(shop)
    other_connection = open_shop(shop_folder, agent="lan")
    cancel_case(other_connection, seen.number, "spam")
    other_connection.close()
    with pytest.raises(RefusedError, match="小兰 was faster"), shop.writing("cases.resolve"):
        take_step(shop, seen, "resolve", at=shop.stamp, changes={"resolution": "answered"})
    assert require_case(shop, seen.number).resolution == ""
    assert_history_is_whole(shop, seen.number)


@pytest.mark.parametrize("statement", ["UPDATE case_events SET note = 'x'", "DELETE FROM case_events"])
def test_events_are_never_changed_or_deleted(shop: Shop, statement: str) -> None:
    open_case(shop)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), shop.writing("cases.note"):
        shop.database.conn.execute(statement)


def test_a_failure_half_way_leaves_nothing(shop: Shop) -> None:
    case = open_case(shop)
    with pytest.raises(WrongUsageError):
        resolve_case(shop, case.number, resolution="nonsense")
    assert require_case(shop, case.number) == case
    assert len(list_case_events(shop.database, case.number)) == 1


@pytest.mark.parametrize("verb", VERBS)
def test_a_dry_run_of_any_verb_changes_nothing(shop: Shop, verb: str) -> None:
    add_agent(shop, "lan")
    number = open_case(shop, kind="return").number
    if verb in {"reopen", "close"}:
        resolve_case(shop, number, cause="packaging")
    before = "\n".join(shop.database.conn.iterdump())
    VERBS[verb](replace(shop, dry_run=True), number)
    assert "\n".join(shop.database.conn.iterdump()) == before
    VERBS[verb](shop, number)
    assert "\n".join(shop.database.conn.iterdump()) != before
