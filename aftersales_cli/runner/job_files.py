"""Job files: which commands run when, read from TOML and checked key by key."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from aftersales_cli.clock import month_of
from aftersales_cli.errors import AftersalesError, FileError, NotFoundError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.resources import data_files

CATCH_UP = ("latest", "all", "skip")
ON_FAILURE = ("continue", "stop")
PLACEHOLDERS = ("slot", "month", "last_month")


@dataclass(frozen=True)
class Step:
    """One command of a job."""

    name: str
    run: tuple[str, ...]
    """Arguments of ``aftersales``; ``{slot}``, ``{month}`` and ``{last_month}`` may stand in them."""
    on_failure: str = "continue"
    timeout_minutes: float = 60
    retries: int = 2
    """How often the step is tried again if it found something busy (exit code 6)."""


@dataclass(frozen=True)
class Job:
    """A job file."""

    name: str
    at: time
    """Time of day in the shop's time zone."""
    catch_up: str
    steps: tuple[Step, ...]
    path: Path


def list_jobs(shop_folder: Path | None) -> tuple[list[Job], list[AftersalesError]]:
    """Return all jobs, the shop's own files before the shipped ones of the same name, and what is wrong in others."""
    jobs: list[Job] = []
    problems: list[AftersalesError] = []
    for path in job_paths(shop_folder):
        try:
            jobs.append(load_job(path))
        except AftersalesError as error:
            problems.append(error)
    return jobs, problems


def job_paths(shop_folder: Path | None) -> list[Path]:
    """Return the job files in the order of their names."""
    return [path for _name, path in sorted(data_files("jobs", shop_folder).items())]


def find_job(name: str, shop_folder: Path | None) -> Job:
    """Return the job with this name; raises NotFoundError."""
    files = data_files("jobs", shop_folder)
    # Looked up in the listing and never joined to a folder, so that a name cannot leave it.
    if path := files.get(f"{name}.toml"):
        return load_job(path)
    names = ", ".join(sorted(Path(file).stem for file in files))
    raise NotFoundError(_("There is no job “{name}”.", name=name), remedy=_("Jobs: {names}.", names=names))


def load_job(path: Path) -> Job:
    """Read a job file; raises WrongUsageError naming file and key, FileError if it cannot be read."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(
            _("The job file {path} cannot be read.", path=path),
            remedy=_("Save it as UTF-8 text and check that you may read it."),
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise WrongUsageError(
            _("The job file {path} is not valid TOML: {reason}", path=path, reason=error),
            remedy=_("Texts need quotation marks, and each key stands once."),
        ) from error
    return _Reader(path).job(document)


def fill_in(arguments: tuple[str, ...], slot: date) -> list[str]:
    """Put the slot's day and months into a step's arguments, e.g. ``{month}`` → ``2026-11``."""
    values = {"slot": slot.isoformat(), "month": month_of(slot).label, "last_month": month_of(slot, -1).label}
    return [re.sub(r"\{(\w+)\}", lambda found: values[found[1]], word) for word in arguments]


class _Reader:
    """Checks a parsed job file; remembers the path for its messages."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def job(self, document: Mapping[str, Any]) -> Job:
        self._only_known("", document, ("job", "step"))
        head, steps = document.get("job"), document.get("step")
        if not isinstance(head, dict):
            raise self._problem("job", _("is missing"))
        if not isinstance(steps, list) or not steps or not all(isinstance(step, dict) for step in steps):
            raise self._problem("step", _("is missing; each step stands under its own [[step]]"))
        self._only_known("job.", head, ("name", "at", "catch_up"))
        name = self._text("job.name", head.get("name"))
        if name != self._path.stem or not re.fullmatch(r"\w[\w-]{0,39}", name):
            raise self._problem(
                "job.name", _("must be the file's name without .toml: letters, digits, _ and -")
            )
        return Job(
            name=name,
            at=self._time(head.get("at")),
            catch_up=self._choice("job.catch_up", head.get("catch_up", "latest"), CATCH_UP),
            steps=tuple(self._step(number, step) for number, step in enumerate(steps, start=1)),
            path=self._path,
        )

    def _step(self, number: int, values: Mapping[str, Any]) -> Step:
        place = f"step[{number}]."
        self._only_known(place, values, tuple(Step.__dataclass_fields__))
        limit = values.get("timeout_minutes", Step.timeout_minutes)
        retries = values.get("retries", Step.retries)
        if isinstance(limit, bool) or not isinstance(limit, int | float) or limit <= 0:
            raise self._problem(place + "timeout_minutes", _("must be a number above 0"))
        if isinstance(retries, bool) or not isinstance(retries, int) or retries < 0:
            raise self._problem(place + "retries", _("must be a whole number, 0 or more"))
        return Step(
            name=self._text(place + "name", values.get("name")),
            run=self._arguments(place + "run", values.get("run")),
            on_failure=self._choice(
                place + "on_failure", values.get("on_failure", Step.on_failure), ON_FAILURE
            ),
            timeout_minutes=float(limit),
            retries=retries,
        )

    def _arguments(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
            raise self._problem(key, _('must be a list of texts like ["inbox", "run"]'))  # fmt: skip
        if value[0] == "jobs":
            raise self._problem(key, _("cannot be a jobs command: a job runs no other job"))
        for word in value:
            for found in re.findall(r"\{(\w+)\}", word):
                if found not in PLACEHOLDERS:
                    names = ", ".join("{" + known + "}" for known in PLACEHOLDERS)
                    raise self._problem(
                        key, _("has an unknown “{word}”; known: {names}", word=word, names=names)
                    )
        return tuple(value)

    def _time(self, value: object) -> time:
        if isinstance(value, str) and (found := re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value)):
            return time(int(found[1]), int(found[2]))
        raise self._problem("job.at", _('must be a time of day like "02:30"'))  # fmt: skip

    def _text(self, key: str, value: object) -> str:
        if isinstance(value, str) and value.strip():
            return value.strip()
        raise self._problem(key, _("must be a text in quotation marks"))

    def _choice(self, key: str, value: object, choices: tuple[str, ...]) -> str:
        if isinstance(value, str) and value in choices:
            return value
        raise self._problem(key, _("must be one of: {names}", names=", ".join(choices)))

    def _only_known(self, place: str, values: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in values:
            if key not in known:
                raise self._problem(
                    place + key, _("is not a known key; known: {names}", names=", ".join(known))
                )

    def _problem(self, key: str, problem: str) -> WrongUsageError:
        return WrongUsageError(
            _("Job file {path}: “{key}” {problem}.", path=self._path, key=key, problem=problem),
            remedy=_("The shipped jobs/nightly.toml shows every key."),
        )
