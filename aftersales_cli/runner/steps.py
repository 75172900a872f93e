"""One step of a job: the command line, its surroundings, tries, and what its exit code means."""

import os
import shlex
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aftersales_cli.clock import current_moment, to_text
from aftersales_cli.errors import PARTLY_DONE, BusyError
from aftersales_cli.records.runs import JobStep
from aftersales_cli.resources import PACKAGE_FOLDER
from aftersales_cli.runner.job_files import Step, fill_in
from aftersales_cli.runner.processes import NOT_STARTED, open_log, run_process
from aftersales_cli.shop import Shop

RETRY_PAUSE_SECONDS = 30.0
_INSTALLED_IN = {"site-packages", "dist-packages"}


@dataclass(frozen=True)
class Place:
    """Where a step belongs: which run, which position, which log."""

    run_id: int
    position: int
    slot: date
    log_path: Path


def program_arguments(shop_folder: Path) -> list[str]:
    """Return how this program is started for a shop: interpreter, module, shop folder."""
    return [sys.executable, "-P", "-m", "aftersales_cli", "--shop", str(shop_folder.resolve())]


def program_environment() -> dict[str, str]:
    """Return the variables the program needs: UTF-8, and its own folder if it is not installed."""
    root = PACKAGE_FOLDER.parent
    variables = {"PYTHONUTF8": "1"}
    if root.name not in _INSTALLED_IN:
        variables["PYTHONPATH"] = str(root)
    return variables


def step_arguments(shop: Shop, step: Step, slot: date) -> list[str]:
    """Return the whole command line of a step."""
    shared = ["--lang", shop.language, "--as", shop.agent.code]
    return [*program_arguments(shop.folder), *shared, *fill_in(step.run, slot)]


def judge(exit_code: int) -> str:
    """Return ``done``, ``partly`` (done, some rows rejected) or ``failed`` for an exit code."""
    return {0: "done", PARTLY_DONE: "partly"}.get(exit_code, "failed")


def run_step(
    shop: Shop,
    step: Step,
    place: Place,
    *,
    pause_seconds: float = RETRY_PAUSE_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> JobStep:
    """Run a step, again after a pause while it finds something busy, and return what it answered."""
    argv = step_arguments(shop, step, place.slot)
    shown = shlex.join(fill_in(step.run, place.slot))
    started_at, start = to_text(current_moment()), time.monotonic()
    attempts = 0
    while True:
        attempts += 1
        _note(place.log_path, f"== {step.name}: aftersales {shown}")
        code = _run_once(shop, step, argv, place.log_path)
        _note(place.log_path, f"== {step.name}: exit code {code}\n")
        if code != BusyError.exit_code or attempts > step.retries:
            break
        sleep(pause_seconds)
    return JobStep(
        run_id=place.run_id,
        position=place.position,
        name=step.name,
        arguments=shown,
        started_at=started_at,
        seconds=round(time.monotonic() - start, 3),
        exit_code=code,
        attempts=attempts,
        log_file=place.log_path.relative_to(shop.folder).as_posix(),
    )


def _run_once(shop: Shop, step: Step, argv: list[str], log_path: Path) -> int:
    try:
        return run_process(
            argv,
            log_path=log_path,
            limit_seconds=step.timeout_minutes * 60,
            folder=shop.folder,
            environment=_step_environment(),
        )
    except OSError as error:
        _note(log_path, str(error))
        return NOT_STARTED


def _step_environment() -> dict[str, str]:
    variables = {**os.environ, **program_environment()}
    if (ours := variables.get("PYTHONPATH")) and (given := os.environ.get("PYTHONPATH")):
        variables["PYTHONPATH"] = os.pathsep.join(dict.fromkeys([ours, *given.split(os.pathsep)]))
    return variables


def _note(log_path: Path, text: str) -> None:
    with open_log(log_path) as log:
        log.write((text + "\n").encode("utf-8", errors="replace"))
