"""Entries for the computer's own scheduler, in a folder with every difficult character."""

import os
import plistlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aftersales_cli.database.runs import list_runs
from aftersales_cli.runner.cron import KINDS, CronEntry, cron_entries, suitable_kinds
from aftersales_cli.runner.job_files import Job, find_job
from aftersales_cli.shop import open_shop
from aftersales_cli.team.founding import found_shop

TEXT = '[job]\nname = "nightly"\nat = "02:05"\n[[step]]\nname = "look"\nrun = ["team", "list"]\n'


@pytest.fixture
def odd_folder(tmp_path: Path) -> Path:
    name = "我的 店's 100% $HOME" if os.name == "posix" else "我的 店's 100%"
    folder = found_shop(tmp_path / name, language="en").folder
    (folder / "jobs" / "nightly.toml").write_text(TEXT, encoding="utf-8")
    return folder


def entries(folder: Path, kind: str) -> list[CronEntry]:
    job: Job = find_job("nightly", folder)
    return cron_entries(job, folder, "Asia/Shanghai", (kind,))


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
def test_the_crontab_line_runs_the_job_as_cron_would(odd_folder: Path, tmp_path: Path) -> None:
    (entry,) = entries(odd_folder, "crontab")
    nightly, reboot = entry.text.splitlines()
    assert nightly.startswith("5 2 * * * ")
    command = nightly.removeprefix("5 2 * * * ")
    assert reboot == "@reboot " + command
    assert "%" not in command.replace(r"\%", "")
    # cron hands the line to sh with \% made % again, in the home folder and with few variables.
    surroundings = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C"}
    line = command.replace(r"\%", "%")
    done = subprocess.run(["sh", "-c", line], cwd=tmp_path, env=surroundings, check=False)
    log = (odd_folder / "logs" / "cron.log").read_text(encoding="utf-8")
    assert (done.returncode, "“nightly”" in log) == (0, True), log
    shop = open_shop(odd_folder)
    assert [run.outcome for run in list_runs(shop.database)] == ["done"]
    shop.close()


def test_the_launchd_entry_holds_the_arguments_one_by_one(odd_folder: Path) -> None:
    (entry,) = entries(odd_folder, "launchd")
    document = plistlib.loads(entry.text.encode())
    assert document["ProgramArguments"][0] == sys.executable
    assert document["ProgramArguments"][-5:] == ["--shop", str(odd_folder), "jobs", "run", "nightly"]
    assert document["StartCalendarInterval"] == {"Hour": 2, "Minute": 5}
    assert document["RunAtLoad"] is True


def test_the_systemd_units_escape_what_systemd_would_expand(odd_folder: Path) -> None:
    service, timer = entries(odd_folder, "systemd")
    assert "OnCalendar=*-*-* 02:05:00 Asia/Shanghai" in timer.text
    assert "Persistent=true" in timer.text
    (command,) = [line for line in service.text.splitlines() if line.startswith("ExecStart=")]
    words = command.removeprefix('ExecStart="').removesuffix('"').split('" "')
    assert "100%% $$HOME" in words[5] or os.name != "posix"
    assert [word.replace("%%", "%").replace("$$", "$") for word in words][4:] == [
        "--shop",
        str(odd_folder),
        "jobs",
        "run",
        "nightly",
    ]


@pytest.mark.system
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_no_fault_in_the_units(odd_folder: Path, tmp_path: Path) -> None:
    paths = []
    for entry, suffix in zip(entries(odd_folder, "systemd"), ("service", "timer"), strict=True):
        paths.append(tmp_path / f"night.{suffix}")
        paths[-1].write_text(entry.text, encoding="utf-8")
    subprocess.run(["systemd-analyze", "verify", *paths], check=True)


def test_the_windows_task_runs_nightly_at_log_on_and_when_missed(odd_folder: Path) -> None:
    (entry,) = entries(odd_folder, "windows")
    for part in ("-Daily -At '02:05'", "-AtLogOn", "-StartWhenAvailable", "-X utf8"):
        assert part in entry.text
    quoted = str(odd_folder).replace("'", "''")
    assert f'--shop "{quoted}" jobs run nightly' in entry.text


def test_each_system_is_offered_what_it_knows() -> None:
    assert [suitable_kinds(name) for name in ("win32", "darwin", "linux")] == [
        ("windows",),
        ("launchd", "crontab"),
        ("crontab", "systemd"),
    ]
    assert set(KINDS) == {"crontab", "systemd", "launchd", "windows"}


def test_two_shops_get_units_of_different_names(odd_folder: Path, shop_folder: Path) -> None:
    write = (shop_folder / "jobs" / "nightly.toml").write_text
    write(TEXT, encoding="utf-8")
    assert entries(odd_folder, "systemd")[0].where != entries(shop_folder, "systemd")[0].where
