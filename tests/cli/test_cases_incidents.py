"""Incidents, complaints and voices, as one types them."""

import json
from pathlib import Path

import pytest

from aftersales_cli.database.fetch import insert
from aftersales_cli.desk.opening import open_case
from aftersales_cli.shop import Shop
from tests.conftest import RunCli


def complain(shop: Shop, title: str, *, kind: str = "complaint", reason: str = "defect") -> int:
    number = open_case(shop, kind=kind, say=title, reason=reason).number
    with shop.writing("cases.open"):
        insert(
            shop.database,
            "INSERT INTO case_lines (case_number, sku, title) VALUES (:number, 'CUP-1', 'Tea cup')",
            {"number": number},
        )
    return number


@pytest.fixture
def folder(shop: Shop) -> Path:
    """Return the folder of a shop with three complaints about a cup."""
    for index in range(3):
        complain(shop, f"The handle fell off {index}")
    return shop.folder


def test_a_mass_complaint_is_noticed_opened_answered_and_closed(folder: Path, run_cli: RunCli) -> None:
    listed = run_cli("cases", "incidents", cwd=folder)
    assert listed.returncode == 0, listed.stderr
    assert "Tea cup" in listed.stdout
    assert "1, 2, 3" in listed.stdout
    command = next(line for line in listed.stdout.splitlines() if "incidents open" in line).split()[1:]
    assert command == ["cases", "incidents", "open", "1", "2", "3"]
    tried = run_cli(*command, "--dry-run", cwd=folder)
    assert "1, 2, 3" in tried.stdout
    assert json.loads(run_cli("cases", "incidents", "--json", cwd=folder).stdout)["incidents"] == []
    opened = run_cli(*command, "--lead", "owner", cwd=folder)
    assert opened.returncode == 0, opened.stderr
    shown = run_cli("cases", "incidents", "answer", "1", "--say", "A new one comes", "--dry-run", cwd=folder)
    assert [f"Case {number}" in shown.stdout for number in (1, 2, 3)] == [True] * 3
    assert "Dry run" in shown.stderr
    data = json.loads(run_cli("cases", "incidents", "show", "1", "--json", cwd=folder).stdout)
    assert [member["first_reply_at"] for member in data["cases"]] == [None] * 3
    answered = run_cli("cases", "incidents", "answer", "1", "--say", "A new one comes", cwd=folder)
    assert "3 cases" in answered.stderr
    assert "A new one comes" in run_cli("cases", "show", "2", cwd=folder).stdout
    again = run_cli("cases", "incidents", "answer", "1", "--say", "A new one comes", cwd=folder)
    assert (again.returncode, again.stdout) == (0, "")
    assert "have this answer already: 1, 2, 3" in again.stderr
    assert run_cli("cases", "show", "2", cwd=folder).stdout.count("A new one comes") == 1
    closed = run_cli("cases", "incidents", "close", "1", "--note", "New supplier", cwd=folder)
    assert "1, 2, 3" in closed.stderr
    page = run_cli("cases", "incidents", "show", "1", cwd=folder)
    assert "New supplier" in page.stdout
    assert "Tea cup" in page.stdout


def test_members_are_changed(folder: Path, run_cli: RunCli) -> None:
    assert run_cli("cases", "incidents", "open", "1", "2", cwd=folder).returncode == 0
    changed = run_cli("cases", "incidents", "change", "1", "--add", "3", "--remove", "1", cwd=folder)
    assert "2, 3" in changed.stdout
    assert run_cli("cases", "incidents", "change", "1", cwd=folder).returncode == 2
    assert run_cli("cases", "incidents", "change", "7", "--add", "3", cwd=folder).returncode == 3


def test_an_answer_is_said_or_taken_from_a_text(folder: Path, run_cli: RunCli) -> None:
    run_cli("cases", "incidents", "open", "1", "2", cwd=folder)
    assert run_cli("cases", "incidents", "answer", "1", cwd=folder).returncode == 2
    both = run_cli("cases", "incidents", "answer", "1", "--say", "x", "--template", "apology", cwd=folder)
    assert both.returncode == 2
    unknown = run_cli("cases", "incidents", "answer", "1", "--template", "nonsense", cwd=folder)
    assert unknown.returncode == 3


def test_a_text_for_many_is_filled_in_with_what_is_typed(folder: Path, run_cli: RunCli) -> None:
    scripts = folder / "templates" / "scripts"
    scripts.mkdir(parents=True, exist_ok=True)
    path = scripts / "replies.toml"
    path.write_text('[sorry.default]\nen = "Sorry. {{offer}}"\nzh = "抱歉 {{offer}}"\n', encoding="utf-8")
    run_cli("cases", "incidents", "open", "1", "2", cwd=folder)
    words = ("cases", "incidents", "answer", "1", "--template", "sorry")
    assert run_cli(*words, cwd=folder).returncode == 2
    assert run_cli(*words, "--fill", "offer", cwd=folder).returncode == 2
    filled = run_cli(*words, "--fill", "offer=NEW-CUP", cwd=folder)
    assert filled.returncode == 0, filled.stderr
    assert filled.stdout.count("NEW-CUP") == 2


def test_a_missed_acknowledgement_is_marked(
    folder: Path, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "MISSED" not in run_cli("cases", "complaints", cwd=folder).stdout
    monkeypatch.setenv("AFTERSALES_NOW", "2026-11-29T09:00:00+08:00")
    assert run_cli("cases", "complaints", cwd=folder).stdout.count("MISSED") == 3


def test_a_mass_complaint_stands_in_status_and_today(folder: Path, run_cli: RunCli) -> None:
    assert "1 mass complaint" in run_cli("status", cwd=folder).stdout
    assert "aftersales cases incidents" in run_cli("today", cwd=folder).stdout
    status = json.loads(run_cli("status", "--json", cwd=folder).stdout)
    assert [found["numbers"] for found in status["mass_complaints"]] == [[1, 2, 3]]


def test_complaints_are_listed_until_they_are_confirmed(folder: Path, run_cli: RunCli) -> None:
    run_cli("cases", "reply", "1", "--say", "Sorry", cwd=folder)
    run_cli("cases", "resolve", "1", "--cause", "packaging", cwd=folder)
    rows = json.loads(run_cli("cases", "complaints", "--json", cwd=folder).stdout)
    assert [(row["number"], row["satisfied"]) for row in rows] == [(2, ""), (3, ""), (1, "to_ask")]
    text = run_cli("cases", "complaints", cwd=folder)
    assert "not asked yet" in text.stdout
    run_cli("cases", "confirm", "1", cwd=folder)
    rows = json.loads(run_cli("cases", "complaints", "--json", cwd=folder).stdout)
    assert [row["number"] for row in rows] == [2, 3]


def test_the_gravest_complaint_comes_first_today(shop: Shop, run_cli: RunCli) -> None:
    open_case(shop, kind="inquiry")
    open_case(shop, kind="complaint", severity="L4", say="My child is ill")
    today = run_cli("today", cwd=shop.folder).stdout
    first = next(line for line in today.splitlines() if line.strip().startswith("1."))
    assert "My child is ill" in first
    assert "critical" in first


def test_voices_are_counted_by_product(shop: Shop, run_cli: RunCli) -> None:
    complain(shop, "Make a bigger one", kind="suggestion", reason="")
    complain(shop, "Lovely colour", kind="praise", reason="")
    open_case(shop, kind="praise", say="Fast delivery")
    said = run_cli("cases", "voices", cwd=shop.folder).stdout
    assert said.index("Tea cup (suggestion 1, praise 1)") < said.index("no product named (praise 1)")
    assert "Make a bigger one" in said
    data = json.loads(run_cli("cases", "voices", "--kind", "praise", "--json", cwd=shop.folder).stdout)
    assert [(group["product"], group["suggestions"], group["praise"]) for group in data] == [
        ("Tea cup", 0, 1),
        ("", 0, 1),
    ]
    old = json.loads(run_cli("cases", "voices", "--period", "2025", "--json", cwd=shop.folder).stdout)
    assert old == []


def test_promises_that_are_missed_or_near_are_counted(shop: Shop, run_cli: RunCli) -> None:
    from aftersales_cli.database.clock_counts import count_clocks

    before = count_clocks(shop.database, shop.stamp)
    assert (before.missed, before.near) == (0, 0)
    open_case(shop, kind="complaint", severity="L4", say="Ill")
    after = {
        moment: count_clocks(shop.database, moment)
        for moment in ("2026-11-22T01:01:00Z", "2026-11-22T01:20:00Z", "2026-11-22T02:00:00Z")
    }
    assert [(counts.missed, counts.near) for counts in after.values()] == [(0, 0), (0, 1), (1, 0)]
    later = {"AFTERSALES_NOW": "2026-11-22T02:00:00Z"}
    assert "1 case is past its time" in run_cli("status", cwd=shop.folder, env=later).stdout
