"""The commands around surveys, as a person runs them."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def test_a_round_of_surveys(desk: Path, run_cli: Run) -> None:
    invited = run_cli("surveys", "invite", cwd=desk)
    assert invited.returncode == 0, invited.stderr
    assert "2 planned of 2 who may be asked (satisfaction)" in invited.stdout
    assert "1 not asked: no order number" in invited.stdout
    assert "sends nothing" in invited.stdout

    listed = run_cli("surveys", "list", cwd=desk)
    assert "phone: 138****0000" in listed.stdout
    assert "13800000000" not in listed.stdout
    first, second = re.findall(r"\bQ[2-9A-Z]{7}\b", listed.stdout)

    text = run_cli("surveys", "text", first.lower(), cwd=desk)
    assert f"keep the code {first}" in text.stdout or f"请保留编号 {first}" in text.stdout
    exported = run_cli("surveys", "export", "--json", cwd=desk)
    assert Path(json.loads(exported.stdout)["path"]).is_file()

    noted = run_cli("surveys", "sent", "--all", cwd=desk)
    assert noted.stdout == "Noted: 2 invitations and 0 reminders sent, 0 unchanged.\n"

    recorded = run_cli("surveys", "record", first, "--score", "1", "--comment", "Nobody called me", cwd=desk)
    assert recorded.returncode == 0, recorded.stderr
    assert "a callback for today was opened" in recorded.stdout
    off = run_cli("surveys", "record", "--case", "2", "--type", "推荐意愿", "--score", "11", cwd=desk)
    assert off.returncode == 2
    assert "from 0 to 10" in off.stderr
    good = run_cli("surveys", "record", "--case", "2", "--score", "5", "--json", cwd=desk)
    assert json.loads(good.stdout)["code"] == second

    topics = run_cli("surveys", "topics", cwd=desk)
    assert "Nobody called me" in topics.stdout
    assert "satisfaction 1" in topics.stdout
    given = run_cli("surveys", "topics", "1", "--topic", "服务", cwd=desk)
    assert given.stdout == "Answer 1 is about: service.\n"
    assert "No comment waits" in run_cli("surveys", "topics", cwd=desk).stderr

    report = run_cli("surveys", "report", "--month", "2026-11", "--by", "agent", cwd=desk)
    assert report.returncode == 0, report.stderr
    assert re.search(r"all +satisfied \(4-5\) +50.0% +9.5% … 90.5% +2 +2/2 = 100%", report.stdout), (
        report.stdout
    )
    assert "fewer than 30 answers" in report.stdout
    assert "service 1" in report.stdout


def test_a_report_as_json_has_stable_keys_and_never_a_figure_without_its_number(
    desk: Path, run_cli: Run
) -> None:
    found = json.loads(run_cli("surveys", "report", "--json", cwd=desk).stdout)
    assert list(found) == [
        "first_day", "last_day", "by", "total", "groups", "invited_answers", "all_answers", "topics", "later",
    ]  # fmt: skip
    assert (found["first_day"], found["last_day"]) == ("2026-08-25", "2026-11-22")
    for figure in found["total"]["figures"]:
        assert list(figure) == ["measure", "value", "k", "n", "low", "high", "method"]
        assert (figure["value"], figure["n"]) == (None, 0)


def test_a_dry_run_plans_nothing(desk: Path, run_cli: Run) -> None:
    planned = run_cli("surveys", "invite", "--dry-run", cwd=desk)
    assert "2 planned" in planned.stdout
    assert "Dry run" in planned.stderr
    assert "No invitations here" in run_cli("surveys", "list", cwd=desk).stderr


def test_a_wave_is_for_leads_and_an_unknown_segment_is_told(desk: Path, run_cli: Run) -> None:
    unknown = run_cli("surveys", "invite", "--wave", "Q4", "--segment", "champignons", cwd=desk)
    assert unknown.returncode == 2
    made = run_cli("surveys", "invite", "--wave", "Q4", "--size", "5", "--json", cwd=desk)
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["wave"]["seed"] == 1
    again = run_cli("surveys", "invite", "--wave", "Q4", "--size", "6", cwd=desk)
    assert again.returncode == 4
    assert run_cli("team", "add", "lan", "--role", "agent", cwd=desk).returncode == 0
    assert run_cli("surveys", "invite", "--wave", "Q5", "--as", "lan", cwd=desk).returncode == 4


@pytest.mark.parametrize(
    "words",
    [
        ("surveys", "sent"),
        ("surveys", "sent", "--all", "Q2222222"),
        ("surveys", "record", "--score", "3"),
        ("surveys", "topics", "1"),
        ("surveys", "invite", "--segment", "champions"),
        ("surveys", "invite", "--type", "nps"),
        ("surveys", "invite", "--size", "20"),
        ("surveys", "report", "--month", "2026-11", "--since", "2026-11-01"),
        ("surveys", "report", "--since", "2026-11-30", "--until", "2026-11-01"),
    ],
)
def test_half_a_command_is_wrong_usage(desk: Path, run_cli: Run, words: tuple[str, ...]) -> None:
    result = run_cli(*words, cwd=desk)
    assert result.returncode == 2
    assert result.stderr
