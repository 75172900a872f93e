"""The commands ``sla`` and ``calendar`` as real processes."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aftersales_cli.clock import NOW_VARIABLE
from aftersales_cli.shop import Shop
from tests.desk.refunds.refund_helpers import make_order, make_request, open_for

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def cli(run_cli: Run, shop_folder: Path) -> Run:
    """Return a function that runs the program in the shop at a moment of its local time."""

    def run(*words: str, now: str = "2026-11-20T02:00:00Z") -> "subprocess.CompletedProcess[str]":
        return run_cli(*words, cwd=shop_folder, env={NOW_VARIABLE: now})

    return run


def ok(result: "subprocess.CompletedProcess[str]") -> Any:
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_check_names_what_is_missed_and_near_and_ends_well(cli: Run) -> None:
    cli("cases", "open", "--say", "Where is my cup?")
    cli("cases", "open", "--say", "Please answer", "--channel", "email")
    checked = cli("sla", "check", now="2026-11-20T08:30:00Z")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout == (
        "Missed: 1, near: 1; newly warned of 1, passed up 1.\n"
        "Missed\n"
        "  case 1, first reply: due 2026-11-20 10:03, 6 h 27 min late\n"
        "Near\n"
        "  case 2, first reply: due 2026-11-20 18:00, 1 h 30 min left\n"
    )
    again = cli("sla", "check", now="2026-11-20T08:30:00Z")
    assert again.stdout.startswith("Missed: 1, near: 1; newly warned of 0, passed up 0.\n")


def test_check_as_json_has_its_promised_keys(cli: Run) -> None:
    cli("cases", "open", "--say", "Where is my cup?")
    result = ok(cli("sla", "check", "--json", now="2026-11-20T08:30:00Z"))
    assert set(result) == {
        "near", "missed", "refreshed", "warned", "escalated", "recomputed", "version", "older", "refunds", "warnings",
    }  # fmt: skip
    assert {"case_number", "metric", "due_at", "calendar", "policy", "kind", "assignee"} <= set(
        result["missed"][0]
    )


def test_recompute_shows_before_and_after_and_a_dry_run_keeps_nothing(cli: Run, shop_folder: Path) -> None:
    cli("cases", "open", "--say", "Where is my cup?")
    own = shop_folder / "templates" / "settings" / "sla.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    shipped = Path(__file__).parents[2] / "templates" / "settings" / "sla.toml"
    own.write_text(shipped.read_text(encoding="utf-8").replace("3min", "5min"), encoding="utf-8")
    noted = cli("sla", "check", now="2026-11-20T02:01:00Z")
    assert noted.stderr == (
        "2 open clocks keep an older version of the policies; “aftersales sla check --recompute --dry-run” shows what "
        "the new one changes.\n"
    )
    proposed = cli("sla", "check", "--recompute", "--dry-run", now="2026-11-20T02:01:00Z")
    assert "2026-11-20 10:03  2026-11-20 10:05" in proposed.stdout
    assert proposed.stderr == "Dry run: nothing was changed.\n"
    assert "10:03" in cli("sla", "show", "--all").stdout
    assert cli("sla", "check", "--recompute").stdout == proposed.stdout
    assert "10:05" in cli("sla", "show", "--all").stdout


def test_the_board_shows_missed_before_near(cli: Run) -> None:
    cli("cases", "open", "--say", "one", "--channel", "email")
    cli("cases", "open", "--say", "two")
    board = cli("sla", "show", now="2026-11-20T08:30:00Z").stdout.splitlines()
    assert [line.split()[:2] for line in board[2:]] == [["2", "MISSED"], ["1", "near"]]
    rows = ok(cli("sla", "show", "--json", "--all", now="2026-11-20T08:30:00Z"))
    assert [(row["case_number"], row["state"], row["remaining_seconds"]) for row in rows][:2] == [
        (2, "missed", -23220), (1, "near", 5400),
    ]  # fmt: skip


def test_explain_prints_the_walk(cli: Run) -> None:
    cli("cases", "open", "--say", "x", "--channel", "email", now="2026-09-30T09:00:00Z")
    page = cli("sla", "explain", "1", now="2026-09-30T09:00:00Z").stdout
    assert (
        "First reply: running\n"
        "  Policy: e-mail and forms (mail) of version 1, in force since 2026-09-30 17:00; for channel: e-mail, form\n"
        "  Target: 8 h 0 min, counted in opening hours (Asia/Shanghai)\n"
        "  Started: 2026-09-30 17:00\n"
        "    2026-09-30 17:00 to 18:00: 1 h 0 min, together 1 h 0 min of 8 h 0 min\n"
        "    2026-10-08 09:00 to 16:00: 7 h 0 min, together 8 h 0 min of 8 h 0 min\n"
        "  Due: 2026-10-08 16:00; 8 h 0 min left\n"
    ) in page
    assert cli("sla", "explain", "99").returncode == 3


def test_policies_are_listed_with_their_file(cli: Run) -> None:
    listed = cli("sla", "policies")
    assert listed.returncode == 0
    assert "complaint" in listed.stdout
    assert "sla.toml" in listed.stderr
    table = ok(cli("sla", "policies", "--json"))
    assert (table["version"], table["is_own"]) == (1, False)


def test_a_month_shows_holidays_and_make_up_days(cli: Run) -> None:
    month = cli("calendar", "show", "2026-10")
    assert month.stdout.startswith("2026-10, calendar “business” (Asia/Shanghai): 18 working days\n")
    lines = {line[:10]: line.split() for line in month.stdout.splitlines() if line.startswith("2026-10-")}
    assert lines["2026-10-01"][:5] == ["2026-10-01", "Thu", "not", "open", "holiday"]
    assert lines["2026-10-10"][:5] == ["2026-10-10", "Sat", "09:00-18:00", "make-up", "day"]


def test_a_year_without_a_notice_warns_visibly(cli: Run) -> None:
    shown = cli("calendar", "show", "2027")
    assert shown.returncode == 0
    assert shown.stderr.startswith(
        "Attention: 2027: the holidays and make-up days of CN are not confirmed yet;"
    )
    assert cli("calendar", "show", "2026").stderr == ""


def test_own_days_are_imported_and_a_wrong_row_gives_exit_code_5(cli: Run, shop_folder: Path) -> None:
    (shop_folder / "days.csv").write_text(
        "日期,营业/休息,时间,备注\n2026-12-24,休息,,聚会\n2026-12-25,perhaps,,\n", encoding="utf-8"
    )
    result = cli("calendar", "import", "days.csv")
    assert result.returncode == 5
    assert result.stdout == "Days of the calendar “business”: 1 entered, 0 known already, 1 rejected.\n"
    assert result.stderr.startswith("Row 3: “perhaps” is neither open nor closed.")
    assert "聚会" in cli("calendar", "show", "2026-12").stdout


def test_a_refund_that_is_late_stands_on_the_board_and_in_the_check(cli: Run, shop: Shop) -> None:
    order = make_order(shop)
    make_request(shop, open_for(shop, kind="refund_only"), order, {"CUP": 1}, kind="refund_only")
    late = "2026-11-29T16:00:00Z"
    assert "1  MISSED  refund" in cli("sla", "show", now=late).stdout
    (row,) = [row for row in ok(cli("sla", "show", "--json", now=late)) if row["metric"] == "refund"]
    assert (row["state"], row["request_id"], row["remaining_seconds"]) == ("missed", 1, -2 * 86_400)
    assert "case 1, refund: due 2026-11-28 00:00, 2 d 0 h late" in cli("sla", "check", now=late).stdout
