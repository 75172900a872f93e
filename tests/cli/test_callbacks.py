"""The commands around callbacks, as a person runs them."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.shop import open_shop

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def test_a_morning_with_callbacks(desk: Path, run_cli: Run) -> None:
    planned = run_cli("callbacks", "plan", cwd=desk)
    assert planned.returncode == 0, planned.stderr
    assert "2 to make (2 new" in planned.stdout
    assert "1 not called: no order number" in planned.stdout

    listed = run_cli("callbacks", "list", cwd=desk)
    assert "phone: 138****0000" in listed.stdout
    assert "No heat" in listed.stdout

    recorded = run_cli("callbacks", "record", "1", "--outcome", "已接通", "--score", "2", cwd=desk)
    assert recorded.returncode == 0, recorded.stderr
    assert "Callback 3 follows on 2026-11-23." in recorded.stdout

    exported = run_cli("callbacks", "export", "--json", cwd=desk)
    path = Path(json.loads(exported.stdout)["path"])
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["N3"].value = "declined"
    book.save(path)
    imported = run_cli("callbacks", "import", path, cwd=desk)
    assert imported.stdout == "1 recorded, 0 known already, 0 not filled in, 0 rejected.\n"
    assert imported.returncode == 0

    done = run_cli("callbacks", "list", "--format", "csv", cwd=desk)
    assert [line.rsplit(",", 1)[1] for line in done.stdout.splitlines()] == ["Outcome", "reached", "declined"]


def test_rejected_rows_end_with_exit_code_5_and_name_their_cell(desk: Path, run_cli: Run) -> None:
    run_cli("callbacks", "plan", cwd=desk)
    path = desk / "list.xlsx"
    run_cli("callbacks", "export", "--out", path, cwd=desk)
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["N4"].value = "perhaps"
    book.save(path)
    imported = run_cli("callbacks", "import", path, cwd=desk)
    assert imported.returncode == 5
    assert "N4 (Outcome): “perhaps” is not known here." in imported.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("record", "9", "--outcome", "reached"), 3, "no callback 9"),
        (("record", "1", "--outcome", "later"), 2, "needs the day"),
        (("record", "1", "--outcome", "perhaps"), 2, "Choose one of"),
        (("record", "1", "--outcome", "reached", "--at", "2026-11-23 10:00"), 2, "future"),
        (("list", "--on", "tomorrow"), 2, "is not a day"),
        (("plan", "--on", "2027-11-23"), 2, "too far ahead"),
        (("plan", "--on", "0001-01-01"), 2, "year"),
        (("record", "99999999999999999999", "--outcome", "reached"), 3, "no callback"),
        (("plan", "--capacity", "-1"), 2, "capacity"),
        (("import", "nothing.xlsx"), 8, "nothing.xlsx"),
    ],
)
def test_what_goes_wrong_is_told_with_its_exit_code(
    desk: Path, run_cli: Run, words: tuple[str, ...], code: int, said: str
) -> None:
    run_cli("callbacks", "plan", cwd=desk)
    result = run_cli("callbacks", *words, cwd=desk)
    assert result.returncode == code, result.stderr
    assert said in result.stderr


def test_a_second_answer_is_refused_and_the_refusal_is_audited(desk: Path, run_cli: Run) -> None:
    run_cli("callbacks", "plan", cwd=desk)
    run_cli("callbacks", "record", "1", "--outcome", "reached", cwd=desk)
    result = run_cli("callbacks", "record", "1", "--outcome", "declined", cwd=desk)
    assert result.returncode == 4
    shop = open_shop(desk)
    operations = fetch_rows(shop.database, "SELECT operation FROM audit_log ORDER BY id")
    shop.close()
    assert operations[-1] == ("refusal",)


def test_json_shows_no_number_in_full(desk: Path, run_cli: Run) -> None:
    planned = run_cli("callbacks", "plan", "--json", cwd=desk)
    assert json.loads(planned.stdout) == {
        "on": "2026-11-22", "capacity": 20, "planned": 2, "carried": 0, "done": 0, "postponed": 0, "dropped": 0,
        "do_not_contact": 0, "unreachable": 1, "same_person": 0, "over_capacity": 0, "resting": 0,
        "quiet": 0, "no_consent": 0, "held_out": 0, "plans": {"service": 2}, "total": 2,
    }  # fmt: skip
    listed = run_cli("callbacks", "list", "--all", "--json", cwd=desk)
    assert "13800000000" not in listed.stdout
    entry = json.loads(listed.stdout)[0]
    assert entry["how_to_reach"] == ["phone: 138****0000"]
    assert {"id", "reason", "due_on", "attempt", "status", "outcome", "score", "case_number"} <= entry.keys()


def test_a_dry_run_plans_nothing(desk: Path, run_cli: Run) -> None:
    assert "2 to make" in run_cli("callbacks", "plan", "--dry-run", cwd=desk).stdout
    listed = run_cli("callbacks", "list", cwd=desk)
    assert listed.stdout == ""
    assert "No callbacks here" in listed.stderr


def test_a_list_and_a_page_tell_when_why_and_by_which_plan(desk: Path, run_cli: Run) -> None:
    run_cli("callbacks", "plan", cwd=desk)
    listed = run_cli("callbacks", "list", cwd=desk).stdout
    assert "09:00–21:00" in listed
    assert "repair · normal · solved 2 days ago" in listed
    shown = run_cli("callbacks", "show", "1", cwd=desk).stdout.splitlines()
    assert shown[0] == "Callback 1: service follow-up"
    assert {"When to call: 09:00–21:00", "Plan: service", "Priority: 60"} <= set(shown)
    page = json.loads(run_cli("callbacks", "show", "1", "--json", cwd=desk).stdout)
    assert {"window", "why", "plan", "about", "ask"} <= page["callback"].keys()
    assert page["attempts"] == []
    assert "13800000000" not in json.dumps(page)
    assert run_cli("callbacks", "show", "9", cwd=desk).returncode == 3


def test_the_plans_are_printed_with_their_rules_in_either_language(desk: Path, run_cli: Run) -> None:
    listed = run_cli("callbacks", "plans", cwd=desk)
    assert "only with a yes to marketing" in listed.stdout
    assert "callbacks plan" in listed.stderr
    plans = json.loads(run_cli("callbacks", "plans", "--json", cwd=desk).stdout)
    assert [plan["code"] for plan in plans][:2] == ["survey_low", "service"]
    assert plans[0]["changed"] is True
    assert "低分问卷跟进" in run_cli("callbacks", "plans", "--lang", "zh", cwd=desk).stdout


def test_a_slip_in_the_plans_ends_with_exit_code_2_and_names_the_file(desk: Path, run_cli: Run) -> None:
    folder = desk / "templates" / "settings"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "callback_plans.toml").write_text('[[plan]]\nen = "x"\ncode = "x"\n', encoding="utf-8")
    result = run_cli("callbacks", "plans", cwd=desk)
    assert result.returncode == 2
    assert "callback_plans.toml" in result.stderr
    assert "contact_basis" in result.stderr


def test_a_problem_that_is_back_is_told_with_its_case(desk: Path, run_cli: Run) -> None:
    run_cli("callbacks", "plan", cwd=desk)
    said = ("--outcome", "problem_again", "--note", "cold again")
    recorded = run_cli("callbacks", "record", "1", *said, cwd=desk)
    assert recorded.returncode == 0, recorded.stderr
    assert "Case 1 is open about it." in recorded.stdout


def test_an_employee_gets_the_own_list(desk: Path, run_cli: Run) -> None:
    run_cli("callbacks", "plan", cwd=desk)
    own = run_cli("callbacks", "export", "--agent", "owner", "--json", cwd=desk)
    assert [entry["agent"] for entry in json.loads(own.stdout)["lists"]] == ["owner"]
    assert run_cli("callbacks", "export", "--agent", "nobody", cwd=desk).returncode == 3


def test_without_common_buyers_there_are_no_hints(desk: Path, run_cli: Run) -> None:
    result = run_cli("callbacks", "hints", cwd=desk)
    assert (result.returncode, result.stdout) == (0, "")
    assert "No two products" in result.stderr


def test_every_verb_has_help(run_cli: Run) -> None:
    for verb in ("plan", "plans", "list", "show", "hints", "export", "import", "record"):
        result = run_cli("callbacks", verb, "--help")
        assert result.returncode == 0
        assert "Example: aftersales callbacks" in result.stdout
