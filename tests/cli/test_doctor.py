"""The command ``doctor`` as a real process."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from aftersales_cli.database.fetch import execute
from aftersales_cli.database.forget_receipts import write_receipt
from aftersales_cli.database.runs import claim_slot, end_run
from aftersales_cli.runner.doctor import check_shop
from aftersales_cli.shop import DATABASE_NAME, Shop

RunCli = Callable[..., "CompletedProcess[str]"]
ROOT = Path(__file__).parent.parent.parent
posix = pytest.mark.skipif(os.name != "posix", reason="file modes")


def states(folder: Path) -> dict[str, str]:
    return {check.name: check.state for check in check_shop(folder)}


def test_a_fresh_shop_is_sound(run_cli: RunCli, shop_folder: Path) -> None:
    assert set(states(shop_folder).values()) == {"ok"}
    answer = run_cli("--shop", shop_folder, "doctor", "--json")
    checks = json.loads(answer.stdout)
    assert [list(check) for check in checks] == [["name", "state", "text", "remedy"]] * len(checks)
    by_name = {check["name"]: check["state"] for check in checks}
    # The Chinese texts are built before a release and may be missing in a checkout.
    assert {state for name, state in by_name.items() if name != "language"} == {"ok"}
    assert answer.returncode == (0 if by_name["language"] == "ok" else 5)


def test_outside_a_shop_the_program_alone_is_checked(run_cli: RunCli, tmp_path: Path) -> None:
    names = [check["name"] for check in json.loads(run_cli("doctor", "--json", cwd=tmp_path).stdout)]
    assert names == ["python", "sqlite", "limits", "language"]
    assert run_cli("--shop", tmp_path, "doctor").returncode == 3


def test_a_damaged_database_is_found_without_a_traceback(run_cli: RunCli, shop_folder: Path) -> None:
    path = shop_folder / DATABASE_NAME
    content = bytearray(path.read_bytes())
    for page in range(4, len(content) // 4096, 2):
        content[page * 4096 : (page + 1) * 4096] = bytes(4096)
    path.write_bytes(content)
    answer = run_cli("--shop", shop_folder, "doctor", "--database")
    assert answer.returncode == 5
    assert "FAULT" in answer.stdout
    assert "restore the latest backup" in answer.stdout
    assert answer.stderr == ""


def test_a_database_that_is_none_or_missing_is_a_finding(shop_folder: Path) -> None:
    (shop_folder / DATABASE_NAME).write_bytes(b"no database at all" * 500)
    assert states(shop_folder)["database"] == "fail"
    (shop_folder / DATABASE_NAME).unlink()
    assert states(shop_folder)["database"] == "fail"


def test_settings_that_name_nobody_or_are_broken_are_a_finding(shop_folder: Path) -> None:
    path = shop_folder / "aftersales.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[shop]", '[shop]\nagent = "nobody"', 1), encoding="utf-8")
    assert states(shop_folder)["employee"] == "fail"
    path.write_text("[shop\n", encoding="utf-8")
    assert states(shop_folder)["database"] == "fail"


@posix
def test_files_others_can_read_are_named(shop_folder: Path) -> None:
    (shop_folder / "outbox" / "list.xlsx").touch()
    (shop_folder / "outbox" / "list.xlsx").chmod(0o644)
    (found,) = [check for check in check_shop(shop_folder) if check.name == "modes"]
    assert found.state == "warn"
    assert "outbox/list.xlsx" in found.text


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("OneDrive - 我的店", "warn"),
        ("Dropbox", "warn"),
        ("iCloudDrive", "warn"),
        ("坚果云", "warn"),
        ("smb-share:server=nas", "warn"),
        ("driven by love", "ok"),
    ],
)
def test_a_synchronised_or_network_folder_is_warned_about(
    shop_folder: Path, tmp_path: Path, name: str, state: str
) -> None:
    moved = tmp_path / name / "shop"
    shutil.move(shop_folder, moved)
    assert states(moved)["location"] == state


def test_left_overs_of_killed_commands_are_seen(shop_folder: Path) -> None:
    left = shop_folder / "outbox" / ".kpi.xlsx.abc.tmp"
    left.touch(mode=0o600)
    assert states(shop_folder)["leftovers"] == "ok"  # perhaps being written right now
    os.utime(left, (1, 1))
    (shop_folder / (DATABASE_NAME + "-wal")).write_bytes(b"x" * 100)
    found = states(shop_folder)
    assert (found["leftovers"], found["wal"]) == ("warn", "warn")


@pytest.fixture
def night(shop: Shop) -> Callable[..., int]:
    """Return a function that puts a run of the nightly job into the ledger and returns its id."""

    def run(slot: str, outcome: str) -> int:
        with shop.writing("jobs.run"):
            run_id = claim_slot(shop.database, job="nightly", slot=slot, started_at=shop.stamp)
            assert run_id is not None
            if outcome != "running":
                end_run(shop.database, run_id, outcome=outcome, ended_at=shop.stamp)
        return run_id

    return run


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        (["done"], "ok"),
        (["partly"], "ok"),
        (["done", "failed"], "fail"),
        (["done", "interrupted"], "fail"),
        (["done", "failed", "running"], "fail"),
        (["failed", "skipped"], "fail"),
        (["failed", "done"], "ok"),
    ],
)
def test_a_latest_night_that_failed_is_a_fault(
    shop: Shop, night: Callable[..., int], outcomes: list[str], state: str
) -> None:
    for number, outcome in enumerate(outcomes):
        night(f"2026-11-{number + 10}", outcome)
    assert states(shop.folder)["last night"] == state


def test_a_forgetting_that_was_interrupted_is_told(shop: Shop) -> None:
    assert states(shop.folder)["forgetting"] == "ok"
    with shop.writing("customers.forget"):
        sql = "INSERT INTO customers (id, created_at) VALUES (7, :stamp)"
        execute(shop.database, sql, {"stamp": shop.stamp})
        write_receipt(shop.database, 7, stamp=shop.stamp, actor="owner")
    assert states(shop.folder)["forgetting"] == "warn"


def test_a_night_that_failed_over_the_outbox_is_told_with_both_its_reasons(
    run_cli: RunCli, shop_folder: Path
) -> None:
    (shop_folder / "outbox").rmdir()
    (shop_folder / "outbox").write_text("a file", encoding="utf-8")
    assert run_cli("--shop", shop_folder, "jobs", "run", "nightly").returncode == 8
    answer = run_cli("--shop", shop_folder, "doctor")
    assert answer.returncode == 5
    assert f"{shop_folder / 'outbox'} is not a folder" in answer.stdout
    assert "kpi workbook" in answer.stdout
    assert "logs/job-nightly-2026-11-22-1.log" in answer.stdout


@pytest.mark.parametrize("name", ["inbox", "outbox", "logs"])
def test_a_file_in_the_place_of_a_folder_is_a_fault(shop_folder: Path, name: str) -> None:
    shutil.rmtree(shop_folder / name)
    assert states(shop_folder)["writable"] == "ok"  # it is made when it is needed
    (shop_folder / name).touch(mode=0o600)
    assert states(shop_folder)["writable"] == "fail"


AS_ANYBODY = []
"""What a command line begins with, so that modes of files hold for root too."""
if os.name == "posix" and os.geteuid() == 0:
    AS_ANYBODY = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


@posix
@pytest.mark.skipif(bool(AS_ANYBODY) and shutil.which("setpriv") is None, reason="root may write everywhere")
@pytest.mark.parametrize(
    ("name", "mode"), [(DATABASE_NAME, 0o400), ("inbox", 0o500), ("outbox", 0o500), (".", 0o500)]
)
def test_what_cannot_be_written_to_is_a_fault(shop_folder: Path, name: str, mode: int) -> None:
    path = (shop_folder / name).resolve()
    path.chmod(mode)
    program = [sys.executable, "-m", "aftersales_cli", "--shop", str(shop_folder), "doctor", "--json"]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [*AS_ANYBODY, *program], env=surroundings, capture_output=True, encoding="utf-8", check=False
    )
    path.chmod(0o700)
    assert done.returncode == 5, done.stderr
    found = [check for check in json.loads(done.stdout) if check["name"] == "writable"]
    assert [(check["state"], str(path) in check["text"]) for check in found] == [("fail", True)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("jobs/weekly.toml", "[job\n"),
        (
            "jobs/nightly.toml",
            '[job]\nname = "nightly"\nat = "2 am"\n[[step]]\nname = "x"\nrun = ["today"]\n',
        ),
        ("templates/formats/own.toml", "code = \n"),
        ("templates/formats/own.toml", 'code = "own"\n'),
        ("templates/formats/own.toml", 'code = "o"\nplatform = "p"\nzh = "z"\nen = "e"\ndetect = 5\n'),
        ("templates/taxonomies/kinds.toml", "[return]\n"),
        ("templates/settings/triage.toml", "[[rule]]\nname = 5\n"),
        ("templates/settings/assignment.toml", "[[rule]]\n"),
        ("templates/settings/escalation.toml", "[default]\n"),
        ("templates/scripts/replies.toml", "[hello]\nzh = 5\n"),
        ("templates/policies/shop.toml", "[policy]\n"),
    ],
)
def test_a_broken_job_format_or_list_of_codes_is_named(
    run_cli: RunCli, shop_folder: Path, name: str, text: str
) -> None:
    assert states(shop_folder)["files"] == "ok"
    path = shop_folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    found = [check for check in check_shop(shop_folder) if check.name == "files"]
    assert {(check.state, path.name in check.text) for check in found} == {("fail", True)}
    assert run_cli("--shop", shop_folder, "doctor").returncode == 5


def test_a_night_that_was_never_started_is_told_with_how_to_set_it_up(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERSALES_NOW", "2026-11-24T12:00:00Z")
    (found,) = [check for check in check_shop(shop.folder) if check.name == "night"]
    assert (found.state, found.text) == ("warn", "The nightly run has never been started")
    assert "aftersales jobs cron" in found.remedy
    assert "history" not in found.remedy


@pytest.mark.parametrize(
    ("ended_at", "now", "state"),
    [
        (None, "2026-11-23T12:00:00Z", "ok"),  # the shop is younger than the limit of 36 hours
        (None, "2026-11-24T12:00:00Z", "warn"),
        ("2026-11-24T00:00:00Z", "2026-11-25T12:00:00Z", "ok"),
        ("2026-11-24T00:00:00Z", "2026-11-25T12:00:01Z", "warn"),
    ],
)
def test_a_night_that_has_not_worked_for_too_long_is_warned_about(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, ended_at: str | None, now: str, state: str
) -> None:
    with shop.writing("jobs.run"):
        for slot, outcome in (("2026-11-24", "done" if ended_at else "failed"), ("2026-11-25", "failed")):
            run_id = claim_slot(shop.database, job="nightly", slot=slot, started_at=shop.stamp)
            assert run_id is not None
            end_run(shop.database, run_id, outcome=outcome, ended_at=ended_at or shop.stamp)
    monkeypatch.setenv("AFTERSALES_NOW", now)
    assert states(shop.folder)["night"] == state


def test_a_reply_text_that_cannot_be_filled_in_is_named(run_cli: RunCli, shop_folder: Path) -> None:
    path = shop_folder / "templates" / "scripts" / "replies.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('[thanks.default]\nen = "Thanks {{ customer"\n', encoding="utf-8")
    answer = run_cli("--shop", shop_folder, "doctor")
    assert answer.returncode == 5
    assert "replies.toml [thanks.default] en cannot be filled in" in answer.stdout
