"""The commands around callbacks, as a person runs them."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from aftersales_cli.database.fetch import fetch_rows, insert
from aftersales_cli.shop import open_shop

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def desk(shop_folder: Path) -> Path:
    """Return the folder of a shop with two solved cases of reachable customers and one of nobody's."""
    shop = open_shop(shop_folder)
    with shop.writing("cases.open"):
        for number, phone in enumerate(("13800000000", "13900000000", ""), start=1):
            insert(
                shop.database,
                "INSERT INTO customers (name, phone, created_at) VALUES (:name, :phone, :now)",
                {"name": f"Customer {number}", "phone": phone, "now": shop.stamp},
            )
            insert(
                shop.database,
                "INSERT INTO cases (kind, channel, origin, customer_id, status, title, opened_at, opened_on, "
                "resolved_at, resolved_on, resolution) VALUES ('repair', 'phone', 'own', :id, 'closed', 'No heat', "
                ":now, '2026-11-18', :now, '2026-11-20', 'repaired')",
                {"id": number, "now": shop.stamp},
            )
    shop.close()
    return shop_folder


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
    book.worksheets[0]["K3"].value = "declined"
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
    book.worksheets[0]["K4"].value = "perhaps"
    book.save(path)
    imported = run_cli("callbacks", "import", path, cwd=desk)
    assert imported.returncode == 5
    assert "K4 (Outcome): “perhaps” is not known here." in imported.stderr


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
        "do_not_contact": 0, "unreachable": 1, "same_person": 0, "over_capacity": 0, "total": 2,
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


def test_every_verb_has_help(run_cli: Run) -> None:
    for verb in ("plan", "list", "export", "import", "record"):
        result = run_cli("callbacks", verb, "--help")
        assert result.returncode == 0
        assert "Example: aftersales callbacks" in result.stdout
