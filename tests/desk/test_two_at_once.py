"""Several processes on one database: of the same step one wins, and nothing is lost or contradicts itself."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from aftersales_cli.database.cases import get_case, list_case_events, list_case_messages
from aftersales_cli.database.fetch import fetch_rows, fetch_value
from aftersales_cli.desk.ending import resolve_case
from aftersales_cli.desk.handing_off import hand_off
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.register_form import CASES
from aftersales_cli.desk.searching import search_cases
from aftersales_cli.records.cases import Case
from aftersales_cli.reports.register_workbook import export_register
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent
from tests.conftest import ROOT
from tests.desk.desk_worker import AGENTS
from tests.desk.desk_worker import CASES as CASE_COUNT

WORKER = Path(__file__).parent / "desk_worker.py"
SURROUNDINGS = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
MINUTES = 9


@pytest.fixture
def desk(shop: Shop) -> Shop:
    """Return a shop with Lan and Mei, two agents, and Kate, a manager."""
    for code, role in (("lan", "agent"), ("mei", "agent"), ("kate", "manager")):
        add_agent(shop, code, name=code.title(), role=role)
    return shop


def case_of(shop: Shop, number: int) -> Case:
    case = get_case(shop.database, number)
    assert case
    return case


def start(shop: Shop, agent: str, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "aftersales_cli", "--shop", shop.folder, "--as", agent, "cases", *words],
        env={**SURROUNDINGS, **{name: os.environ[name] for name in ("AFTERSALES_NOW", "LC_ALL")}},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def both(shop: Shop, words: dict[str, tuple[str, ...]]) -> dict[str, tuple[int, str]]:
    """Run a command of each employee at the same time; return employee → exit code and what was said."""
    running = {agent: start(shop, agent, *said) for agent, said in words.items()}
    ended = {agent: process.communicate(timeout=MINUTES * 60) for agent, process in running.items()}
    return {agent: (running[agent].returncode, "".join(text)) for agent, text in ended.items()}


SAME_STEP: dict[str, tuple[Callable[[Shop], object], Callable[[str], tuple[str, ...]], str]] = {
    "assign": (lambda _shop: None, lambda agent: ("assign", "1", agent), r"{name} works on case 1 since"),
    "resolve": (
        lambda _shop: None,
        lambda _agent: ("resolve", "1", "--cause", "packaging"),
        r"{name} was faster: case 1 is “resolved”",
    ),
    "close": (
        lambda shop: resolve_case(shop, 1, cause="packaging"),
        lambda _agent: ("close", "1"),
        r"{name} was faster: case 1 is “closed”",
    ),
    "cancel": (
        lambda _shop: None,
        lambda _agent: ("cancel", "1", "--reason", "duplicate"),
        r"{name} was faster: case 1 is “cancelled”",
    ),
    "merge": (
        lambda _shop: None,
        lambda _agent: ("merge", "1", "2"),
        r"{name} was faster: case 1 is “merged”",
    ),
    "wait": (
        lambda _shop: None,
        lambda _agent: ("wait", "1", "customer"),
        r"{name} was faster: case 1 is “waiting for customer”",
    ),
    "resume": (
        lambda _shop: None,
        lambda _agent: ("resume", "1"),
        r"{name} was faster: case 1 is “in progress”",
    ),
    "confirm": (
        lambda shop: resolve_case(shop, 1, cause="packaging"),
        lambda _agent: ("confirm", "1"),
        r"{name} was faster: case 1 is “closed”",
    ),
    "follow up": (
        lambda shop: resolve_case(shop, 1, cause="packaging"),
        lambda _agent: ("reopen", "1", "--follow-up", "--reason", "again"),
        r"{name} was faster: case 3 follows case 1 since",
    ),
    "handoff": (
        lambda shop: hand_off(shop, 1, "warehouse", ask="Where is it?"),
        lambda agent: ("handoff", "1", "--answer", f"{agent} found it"),
        r"{name}",
    ),
}


@pytest.mark.parametrize("step", SAME_STEP)
def test_of_two_who_do_the_same_one_wins_and_the_other_learns_who(desk: Shop, step: str) -> None:
    prepare, words, message = SAME_STEP[step]
    for say in ("one", "two"):
        open_case(desk, kind="return", say=say)
    prepare(desk)
    results = both(desk, {agent: words(agent) for agent in ("lan", "mei")})
    codes = {agent: code for agent, (code, _said) in results.items()}
    assert sorted(codes.values()) == [0, 4], results
    winner, loser = sorted(codes, key=codes.__getitem__)
    assert re.search(message.format(name=winner.title()), results[loser][1]), results
    actors = [event.actor for event in list_case_events(desk.database, 1) if event.actor != "owner"]
    assert set(actors) == {winner}


def test_of_two_who_give_a_case_to_the_same_one_learns_that_it_was_so(desk: Shop) -> None:
    open_case(desk, kind="return", say="one")
    results = both(desk, dict.fromkeys(("owner", "kate"), ("assign", "1", "mei")))
    assert [code for code, _said in results.values()] == [0, 0], results
    said = sorted(text for _code, text in results.values())
    assert said[0].startswith("Mei works on case 1 already, since 2026-11-22"), said
    assert said[1] == "Mei works on case 1.\n"


def test_two_answers_to_a_customer_are_both_kept(desk: Shop) -> None:
    open_case(desk, kind="return", say="one")
    results = both(desk, {agent: ("reply", "1", "--say", f"{agent} here") for agent in ("lan", "mei")})
    assert [code for code, _said in results.values()] == [0, 0]
    assert {message.body for message in list_case_messages(desk.database, 1)} == {
        "one",
        "lan here",
        "mei here",
    }
    case = case_of(desk, 1)
    first = next(event.actor for event in list_case_events(desk.database, 1) if event.type == "replied")
    worker = fetch_value(desk.database, "SELECT code FROM agents WHERE id = :id", {"id": case.assignee_id})
    assert worker == first


def test_a_register_and_a_command_do_not_overwrite_each_other(desk: Shop, tmp_path: Path) -> None:
    open_case(desk, kind="return", say="one", assignee="lan")
    written = export_register(desk, out=tmp_path / "register.xlsx").path
    book = openpyxl.load_workbook(written)
    columns = list(CASES.columns)
    for name, value in (("status", "resolved"), ("cause", "packaging")):
        book["Lan"].cell(3, columns.index(name) + 1).value = value
    book.save(written)
    results = both(
        desk,
        {
            "kate": ("register", "--import", str(written)),
            "mei": ("cancel", "1", "--reason", "withdrawn"),
        },
    )
    status = case_of(desk, 1).status
    if status == "resolved":
        assert (results["kate"][0], results["mei"][0]) == (0, 4), results
    else:
        assert status == "cancelled"
        assert (results["kate"][0], results["mei"][0]) == (5, 0), results
        assert "Mei" in results["kate"][1]


@dataclass(frozen=True)
class Done:
    """A step a worker took."""

    agent: str
    step: str
    code: int
    said: Any
    error: str


def play(shop: Shop, tmp_path: Path, *, processes: int, steps: int) -> list[Done]:
    """Let so many processes take so many random steps each at the same time."""
    go = tmp_path / "go"
    workers = [
        subprocess.Popen(
            [sys.executable, WORKER, shop.folder, AGENTS[index % len(AGENTS)], str(index), str(steps), go],
            env={**SURROUNDINGS, **{name: os.environ[name] for name in ("AFTERSALES_NOW", "LC_ALL")}},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for index in range(processes)
    ]
    go.touch()
    done = []
    for index, worker in enumerate(workers):
        printed, problems = worker.communicate(timeout=MINUTES * 60)
        assert worker.returncode == 0, problems
        for line in printed.splitlines():
            entry = json.loads(line)
            agent = AGENTS[index % len(AGENTS)]
            done.append(Done(agent, entry["step"], entry["code"], entry["said"], entry["error"]))
    assert len(done) == processes * steps
    return done


@pytest.mark.timeout(MINUTES * 60)
def test_many_at_once_lose_nothing_and_contradict_nothing(desk: Shop, tmp_path: Path) -> None:
    for index in range(CASE_COUNT):
        open_case(desk, kind="return", say=f"case {index}")
    audited = count(desk, "audit_log")
    done = play(desk, tmp_path, processes=8, steps=200)

    strange = [entry for entry in done if entry.code not in {0, 2, 4}]
    assert not strange, strange[:3]
    took = Counter(entry.step for entry in done if entry.code == 0)
    refused = sum(entry.code == 4 for entry in done)
    assert refused
    assert len(took) >= 12, took

    assert count(desk, "audit_log") - audited == took.total() + refused
    assert count(desk, "cases") == CASE_COUNT + took["open"]
    assert count(desk, "case_messages") == count(desk, "cases") + took["reply"] + took["hear"]
    assert count(desk, "case_work") == took["note"]
    assert count(desk, "handoffs") == took["handoff"]
    assert count(desk, "handoffs WHERE answer <> ''") == took["answer"]
    for type_, step in (("reopened", "reopen"), ("closed", "close"), ("noted", "note")):
        assert count(desk, f"case_events WHERE type = '{type_}'") == took[step], step
    assert fetch_value(desk.database, "SELECT sum(reopen_count) FROM cases") == took["reopen"]
    for name in ("integrity_check", "foreign_key_check"):
        assert fetch_rows(desk.database, f"PRAGMA {name}") in ([], [("ok",)])

    for (number,) in fetch_rows(desk.database, "SELECT number FROM cases"):
        check_history(desk, number)
    check_clocks(desk)
    answered = fetch_value(
        desk.database, "SELECT count(DISTINCT case_number) FROM case_messages WHERE body = 'an answer'"
    )
    assert search_cases(desk, "answer").count == answered


def count(shop: Shop, what: str) -> int:
    return int(fetch_value(shop.database, f"SELECT count(*) FROM {what}"))


def check_history(shop: Shop, number: int) -> None:
    """The events of a case are numbered without a gap and each goes on where the one before ended."""
    case, events = case_of(shop, number), list_case_events(shop.database, number)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    worker = fetch_value(shop.database, "SELECT code FROM agents WHERE id = :id", {"id": case.assignee_id})
    for field, first, last in (
        ("status", "", case.status),
        ("assignee", "", worker or ""),
        ("severity", "normal", case.severity),
    ):
        value = first
        for event in events:
            if event.field == field:
                assert event.before == value, (number, event)
                value = event.after
        assert value == last, (number, field)
    assert (case.resolved_at is None) == (case.status not in {"resolved", "closed"})
    open_questions = count(shop, f"handoffs WHERE case_number = {number} AND done_at IS NULL")
    assert not (open_questions and case.status in {"resolved", "closed"})


def check_clocks(shop: Shop) -> None:
    """No promise ends before it begins, and each case has at most one running clock of a kind."""
    assert count(shop, "sla_clocks")
    assert not count(
        shop, "sla_clocks WHERE met_at < started_at OR due_at < started_at OR paused_seconds < 0"
    )
    running = "sla_clocks WHERE met_at IS NULL AND stopped_at IS NULL GROUP BY case_number, metric HAVING count(*) > 1"
    assert not fetch_rows(shop.database, f"SELECT 1 FROM {running}")
