"""Checks of the shop's own files: what has to be written to, and what people have written themselves."""

import os
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from aftersales_cli.desk.assignment import load_assignment
from aftersales_cli.desk.escalation_chain import load_chains
from aftersales_cli.desk.repairs.guidance import load_guidance
from aftersales_cli.desk.repairs.telling import load_progress_texts
from aftersales_cli.desk.reply_texts import check_templates
from aftersales_cli.desk.returns.policy_files import load_files
from aftersales_cli.desk.triage_rules import load_triage
from aftersales_cli.errors import AftersalesError
from aftersales_cli.intake import formats
from aftersales_cli.language import _
from aftersales_cli.resources import data_files
from aftersales_cli.runner.doctor_folder import Check
from aftersales_cli.runner.job_files import job_paths, load_job
from aftersales_cli.shop import DATABASE_NAME

_LOADERS: tuple[Callable[[Path], object], ...] = (
    load_triage,
    load_assignment,
    load_chains,
    check_templates,
    load_guidance,
    load_progress_texts,
)
"""What reads the rules and texts of the desk, shipped or the shop's own."""

FOLDERS = ("inbox", "outbox", "logs")
"""Folders of a shop that commands write to; the one that is missing is made when it is needed."""


def check_writable(folder: Path) -> list[Check]:
    """Check that the database and the folders can be written to; one line each that cannot."""
    found = [_unwritable(path) for path in (folder, *_database_files(folder)) if not os.access(path, os.W_OK)]
    for path in (folder / name for name in FOLDERS):
        if path.exists() and not path.is_dir():
            found.append(
                Check(
                    "writable",
                    "fail",
                    _("{path} is not a folder", path=path),
                    _("Move it away; the folder is made again when it is needed."),
                )
            )
        elif path.is_dir() and not os.access(path, os.W_OK | os.X_OK):
            found.append(_unwritable(path))
    return found or [Check("writable", "ok", _("The database, the inbox and the outbox can be written to"))]


def _database_files(folder: Path) -> Iterator[Path]:
    for suffix in ("", "-wal", "-shm"):
        path = folder / (DATABASE_NAME + suffix)
        if path.exists():
            yield path


def _unwritable(path: Path) -> Check:
    text = _("{path} cannot be written to", path=path)
    return Check("writable", "fail", text, _("Give yourself the right to write to it, e.g. with chmod u+w."))


def check_data_files(folder: Path) -> list[Check]:
    """Check the job files and the formats, shipped and the shop's own; one line for each that is broken."""
    kinds: list[tuple[list[Path], Callable[[Path], object]]] = [
        (job_paths(folder), load_job),
        ([*data_files(formats.FOLDER, folder).values()], formats.read_format),
        ([*data_files("templates/taxonomies", folder).values()], _read_table),
    ]
    found = [check for paths, read in kinds for path in paths if (check := _broken(path, read))]
    found += [check for load in _LOADERS if (check := _broken(folder, load))]
    found += _check_policies(folder)
    return found or [Check("files", "ok", _("Job files, formats, rules and texts can be read"))]


def _check_policies(folder: Path) -> list[Check]:
    try:
        problems = load_files(folder)[1]
    except AftersalesError as error:
        return [Check("files", "fail", error.message, error.remedy)]
    return [Check("files", "fail", problem.text, problem.remedy) for problem in problems]


def _read_table(path: Path) -> None:
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).values():
        _names = entry["zh"], entry["en"]


def _broken(path: Path, read: Callable[[Path], object]) -> Check | None:
    try:
        read(path)
    except AftersalesError as error:
        return Check("files", "fail", error.message, error.remedy)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        # Whoever wrote the file has put a value where it cannot be; what is said about it is better than nothing.
        text = _("{path} cannot be understood: {reason}", path=path, reason=error)
        return Check("files", "fail", text, _("Compare it with a shipped file of the same folder."))
    return None
