"""Reading job files."""

from datetime import date, time
from pathlib import Path

import pytest

from aftersales_cli.errors import FileError, NotFoundError, WrongUsageError
from aftersales_cli.runner.job_files import fill_in, find_job, list_jobs, load_job

HEAD = '[job]\nname = "small"\nat = "23:05"\n'
STEP = '[[step]]\nname = "look"\nrun = ["team", "list"]\n'


def write(folder: Path, text: str, name: str = "small.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_job_file_is_read_with_its_defaults(tmp_path: Path) -> None:
    job = load_job(write(tmp_path, HEAD + STEP))
    assert (job.name, job.at, job.catch_up) == ("small", time(23, 5), "latest")
    (step,) = job.steps
    assert (step.run, step.on_failure, step.timeout_minutes, step.retries) == (
        ("team", "list"),
        "continue",
        60,
        2,
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (STEP, "job"),
        (HEAD, "step"),
        (HEAD + "color = 1\n" + STEP, "job.color"),
        (HEAD + STEP + "color = 1\n", "step[1].color"),
        (HEAD + STEP + STEP.replace("run", "ran"), "step[2].ran"),
        (HEAD + STEP + "[other]\n", "other"),
        (HEAD.replace("small", "large") + STEP, "job.name"),
        (HEAD.replace("23:05", "24:00") + STEP, "job.at"),
        (HEAD.replace('"23:05"', "23") + STEP, "job.at"),
        (HEAD + 'catch_up = "never"\n' + STEP, "job.catch_up"),
        (HEAD + STEP + 'on_failure = "panic"\n', "step[1].on_failure"),
        (HEAD + STEP + "timeout_minutes = 0\n", "step[1].timeout_minutes"),
        (HEAD + STEP + "timeout_minutes = true\n", "step[1].timeout_minutes"),
        (HEAD + STEP + "retries = -1\n", "step[1].retries"),
        (HEAD + STEP.replace('["team", "list"]', '"team list"'), "step[1].run"),
        (HEAD + STEP.replace('["team", "list"]', "[]"), "step[1].run"),
        (HEAD + STEP.replace("list", "{year}"), "step[1].run"),
        (HEAD + STEP.replace('"team", "list"', '"jobs", "run", "nightly"'), "step[1].run"),
    ],
)
def test_a_fault_is_told_with_file_and_key(tmp_path: Path, text: str, key: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(WrongUsageError) as caught:
        load_job(path)
    assert str(path) in caught.value.message
    assert f"“{key}”" in caught.value.message


def test_a_file_that_is_no_toml_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError, match=r"small\.toml is not valid TOML"):
        load_job(write(tmp_path, "[job\n"))
    (tmp_path / "small.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileError, match=r"small\.toml"):
        load_job(tmp_path / "small.toml")


def test_the_shops_own_file_replaces_the_shipped_one(shop_folder: Path) -> None:
    assert [job.name for job in list_jobs(shop_folder)[0]] == ["nightly"]
    text = (HEAD + STEP).replace("small", "nightly")
    own = write(shop_folder / "jobs", text, "nightly.toml")
    write(shop_folder / "jobs", HEAD + STEP)
    assert [(job.name, job.path.parent) for job in list_jobs(shop_folder)[0]] == [
        ("nightly", own.parent),
        ("small", own.parent),
    ]


@pytest.mark.parametrize("name", ["weekly", "../jobs/nightly", "nightly.toml", ""])
def test_an_unknown_job_names_those_there_are(shop_folder: Path, name: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        find_job(name, shop_folder)
    assert "nightly" in caught.value.remedy


def test_the_slot_and_its_months_are_filled_in() -> None:
    words = ("kpi", "export", "{month}", "--to", "{last_month}/{slot}.xlsx")
    assert fill_in(words, date(2026, 1, 31)) == [
        "kpi",
        "export",
        "2026-01",
        "--to",
        "2025-12/2026-01-31.xlsx",
    ]


def test_the_shipped_nightly_job_is_sound() -> None:
    job = find_job("nightly", None)
    assert job.at == time(2, 30)
    assert ("inbox", "run") in [step.run for step in job.steps]
