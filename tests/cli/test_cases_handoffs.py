"""The verbs about hand-offs and escalation, as one types them."""

import json
from pathlib import Path

import pytest

from tests.conftest import RunCli


@pytest.fixture
def case(shop_folder: Path, run_cli: RunCli) -> Path:
    """Open a case and return the shop's folder."""
    done = run_cli("cases", "open", "--kind", "return", "--say", "Broken", cwd=shop_folder)
    assert done.returncode == 0, done.stderr
    return shop_folder


def test_a_question_is_asked_listed_and_answered(case: Path, run_cli: RunCli) -> None:
    asked = run_cli(
        "cases", "handoff", "1", "物流", "--ask", "Where is it?", "--due", "2026-11-23 18:00", cwd=case
    )
    assert asked.returncode == 0, asked.stderr
    assert "logistics" in asked.stdout
    assert "2026-11-23 18:00" in asked.stdout
    listed = run_cli("cases", "handoffs", cwd=case)
    assert "Where is it?" in listed.stdout
    answered = run_cli("cases", "handoff", "1", "--answer", "At the depot", cwd=case)
    assert answered.returncode == 0, answered.stderr
    assert "in progress" in answered.stdout
    assert "no open hand-off" in run_cli("cases", "handoffs", cwd=case).stderr.lower()
    everything = json.loads(run_cli("cases", "handoffs", "--all", "--json", cwd=case).stdout)
    assert [(row["department"], row["answer"]) for row in everything] == [("logistics", "At the depot")]
    again = run_cli("cases", "handoff", "1", "--answer", "Lost", cwd=case)
    assert again.returncode == 4
    assert "At the depot" in again.stderr


def test_a_dry_run_asks_nobody(case: Path, run_cli: RunCli) -> None:
    done = run_cli("cases", "handoff", "1", "finance", "--ask", "Paid?", "--dry-run", cwd=case)
    assert done.returncode == 0
    assert "Dry run" in done.stderr
    assert json.loads(run_cli("cases", "handoffs", "--all", "--json", cwd=case).stdout) == []


@pytest.mark.parametrize(
    "words",
    [
        ("finance",),
        (),
        ("finance", "--ask", "?", "--answer", "!"),
        ("finance", "--answer", "!"),
        ("--ask", "?"),
        ("--answer", "!", "--withdraw"),
        ("--answer", "!", "--due", "2026-11-23 18:00"),
        ("finance", "--ask", "?", "--handoff", "1"),
    ],
)
def test_words_that_do_not_go_together_are_wrong_usage(
    case: Path, run_cli: RunCli, words: tuple[str, ...]
) -> None:
    done = run_cli("cases", "handoff", "1", *words, cwd=case)
    assert done.returncode == 2, done.stdout + done.stderr


def test_a_question_is_withdrawn(case: Path, run_cli: RunCli) -> None:
    run_cli("cases", "handoff", "1", "finance", "--ask", "Paid?", cwd=case)
    done = run_cli("cases", "handoff", "1", "--withdraw", "--note", "found it", cwd=case)
    assert done.returncode == 0, done.stderr
    assert "withdrawn" in done.stdout


def test_overdue_questions_are_in_list_status_and_today(case: Path, run_cli: RunCli) -> None:
    run_cli("cases", "handoff", "1", "finance", "--ask", "Paid?", "--due", "2026-11-22 10:00", cwd=case)
    evening = {"AFTERSALES_NOW": "2026-11-22T10:00:00Z"}
    assert json.loads(run_cli("cases", "handoffs", "--overdue", "--json", cwd=case).stdout) == []
    overdue = json.loads(run_cli("cases", "handoffs", "--overdue", "--json", cwd=case, env=evening).stdout)
    assert [row["id"] for row in overdue] == [1]
    assert "1 hand-off is overdue" in run_cli("status", cwd=case, env=evening).stdout
    assert "cases handoffs --overdue" in run_cli("today", cwd=case, env=evening).stdout
    status = json.loads(run_cli("status", "--json", cwd=case, env=evening).stdout)
    assert status["overdue_handoffs"] == 1


def test_an_escalated_case_is_shown_to_whom_it_went(case: Path, run_cli: RunCli) -> None:
    assert run_cli("team", "add", "mei", "--name", "梅", "--role", "manager", cwd=case).returncode == 0
    assert run_cli("team", "add", "lan", "--name", "小兰", cwd=case).returncode == 0
    done = run_cli("cases", "escalate", "1", "--note", "wants the boss", "--as", "lan", cwd=case)
    assert done.returncode == 0, done.stderr
    assert "梅" in done.stdout
    assert "1 case was passed up to you" in run_cli("status", "--as", "mei", cwd=case).stdout
    assert "passed up" not in run_cli("status", "--as", "lan", cwd=case).stdout
    assert "case 1" in run_cli("today", "--as", "mei", cwd=case).stdout.lower()


def test_a_question_due_on_a_day_is_due_at_its_end(case: Path, run_cli: RunCli) -> None:
    asked = run_cli("cases", "handoff", "1", "物流", "--ask", "Where?", "--due", "2026-11-28", cwd=case)
    assert "2026-11-28 23:59" in asked.stdout


def test_above_the_top_of_the_chain_is_nobody(case: Path, run_cli: RunCli) -> None:
    assert run_cli("cases", "escalate", "1", cwd=case).returncode == 0
    refused = run_cli("cases", "escalate", "1", "--note", "once more", cwd=case)
    assert (refused.returncode, refused.stdout) == (4, "")
    assert "nobody is above" in refused.stderr
