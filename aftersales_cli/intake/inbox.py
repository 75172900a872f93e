"""The inbox: every file dropped there is recognised by its content, taken in, and moved away."""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.database.forgetting import empty_forgotten_rows
from aftersales_cli.database.lock import INBOX_LOCK, hold_lock
from aftersales_cli.database.tombstones import has_tombstones
from aftersales_cli.errors import AftersalesError, BusyError, RefusedError, UnknownFileError
from aftersales_cli.intake.filled_forms import FORMS, recognise_form
from aftersales_cli.intake.formats import Format, load_formats, recognise
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.rejects import import_rejects, summed
from aftersales_cli.intake.rejects_sheets import recognise_rejects
from aftersales_cli.intake.results import ImportResult
from aftersales_cli.language import _
from aftersales_cli.publishing import publish_text, sweep_temporary_files
from aftersales_cli.reading.form_rows import FormImport
from aftersales_cli.reading.tables import open_table
from aftersales_cli.reading.zipped import unpacked
from aftersales_cli.shop import Shop

DONE, REJECTED = "done", "rejected"
_UNFINISHED = (".crdownload", ".part", ".partial", ".download", ".tmp")
_REASON_SUFFIX = ".reason.txt"


@dataclass(frozen=True)
class InboxFile:
    """A file waiting in the inbox."""

    path: Path
    storefront: str | None
    """Name of the subfolder it lies in, if any."""
    waiting_for: str
    """Why it is left alone for now, translated; empty if it can be taken in."""


@dataclass(frozen=True)
class InboxOutcome:
    """What came of one file."""

    file: str
    kind: str
    """``import``, a kind of form such as ``callbacks`` or ``register``, ``left`` or ``rejected``."""
    result: ImportResult | FormImport | None
    problem: str
    moved_to: str
    partly: bool = False


def waiting_files(shop: Shop) -> list[InboxFile]:
    """Return the inbox's files in a fixed order: those of the inbox itself, then those of its subfolders."""
    return list(_walk(shop.folder / "inbox"))


def _walk(inbox: Path) -> Iterator[InboxFile]:
    folders: list[tuple[Path, str | None]] = [(inbox, None)]
    if inbox.is_dir():
        folders += [
            (entry, entry.name)
            for entry in sorted(inbox.iterdir())
            if entry.is_dir() and not entry.is_symlink() and entry.name not in {DONE, REJECTED}
            and not entry.name.startswith(".")
        ]  # fmt: skip
    for folder, storefront in folders:
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_file() and not path.name.startswith("."):
                yield InboxFile(path, storefront, _why_wait(path))


def _why_wait(path: Path) -> str:
    if path.name.startswith("~$"):
        return _("it belongs to a workbook that is open in Excel")
    if path.suffix.lower() in _UNFINISHED:
        return _("it is still being downloaded")
    if path.is_symlink():
        return _("it is a link, not a file")
    return ""


def run_inbox(shop: Shop, progress: Callable[[InboxOutcome], None] | None = None) -> list[InboxOutcome]:
    """Take in every file; one that fails never stops the others.

    After its commit a file moves to ``inbox/done``, an unusable one to ``inbox/rejected`` with the reason
    beside it. A busy database or a refusal leaves the file where it is for the next run. Raises BusyError if
    another process takes in the inbox.
    """
    with hold_lock(shop.folder / INBOX_LOCK) as held, shop.rehearsal():
        if not held:
            raise BusyError(
                _("Another run is taking in the inbox right now."),
                remedy=_("Wait until it has ended, then try again."),
            )
        for name in ("outbox", "inbox"):
            sweep_temporary_files(shop.folder / name)
        formats = load_formats(shop.folder)
        outcomes: list[InboxOutcome] = []
        for entry in waiting_files(shop):
            for outcome in _take(shop, entry, formats):
                outcomes.append(outcome)
                if progress:
                    progress(outcome)
    return outcomes


def _take(shop: Shop, entry: InboxFile, formats: list[Format]) -> list[InboxOutcome]:
    """Take in one file, or each file of a zip archive, and move it away."""
    name = entry.path.name
    if entry.waiting_for:
        return [InboxOutcome(name, "left", None, entry.waiting_for, "")]
    try:
        with unpacked(entry.path) as files:
            parts = [_try(shop, file, entry, formats) for file in files]
    except AftersalesError as error:
        parts = [(name, error)]
    except OSError as error:
        return [InboxOutcome(name, "left", None, str(error.strerror or error), "")]
    errors = [result for _name, result in parts if isinstance(result, AftersalesError)]
    if len(errors) == len(parts):
        return [_refuse(shop, entry.path, errors)]
    if not shop.dry_run and any(_holds_forgotten(result) for _name, result in parts):
        moved, problem = _delete(entry.path)
    else:
        moved, problem = _move(shop, entry.path, DONE)
    return [_outcome(part, result, moved, problem) for part, result in parts]


def _try(
    shop: Shop, file: Path, entry: InboxFile, formats: list[Format]
) -> tuple[str, ImportResult | FormImport | AftersalesError]:
    name = entry.path.name if file == entry.path else f"{entry.path.name}/{file.name}"
    try:
        return name, _import(shop, file, entry.storefront, formats, name)
    except AftersalesError as error:
        return name, error


def _refuse(shop: Shop, path: Path, errors: list[AftersalesError]) -> InboxOutcome:
    """Leave a file for the next run if only the moment was wrong, else put it aside."""
    message = "\n  ".join(error.message for error in errors)
    if any(isinstance(error, BusyError | RefusedError) for error in errors):
        return InboxOutcome(path.name, "left", None, message, "")
    if not path.exists():
        return InboxOutcome(path.name, "left", None, _("it is gone"), "")
    moved, problem = _move(shop, path, REJECTED)
    reasons = "".join(f"{error.message}\n{error.remedy}\n" for error in errors)
    if moved:
        with contextlib.suppress(AftersalesError):
            publish_text(shop, Path(moved + _REASON_SUFFIX), reasons)
    return InboxOutcome(path.name, "rejected", None, message + (f" ({problem})" if problem else ""), moved)


def _outcome(
    name: str, result: ImportResult | FormImport | AftersalesError, moved: str, problem: str
) -> InboxOutcome:
    if isinstance(result, AftersalesError):
        return InboxOutcome(name, "rejected", None, result.message, moved)
    kind = "import" if isinstance(result, ImportResult) else result.kind
    return InboxOutcome(name, kind, result, problem, moved, partly=bool(result.rejected or problem))


def _import(
    shop: Shop, file: Path, storefront: str | None, formats: list[Format], name: str
) -> ImportResult | FormImport:
    """Ask the content what the file is: a filled form, corrected rows, or a file to import."""

    def what(header: list[str]) -> str | None:
        if form := recognise_form(header):
            return form
        if recognise_rejects(header):
            return "rejects"
        return "import" if recognise(formats, header) else None

    try:
        table = open_table(file, what)
    except UnknownFileError:
        kind = "import"  # which explains the nearest formats
    else:
        kind = table.match
        table.close()
    if kind in FORMS:
        return _take_form(shop, file, kind)
    if kind == "rejects":
        return summed(Path(name), import_rejects(shop, file, formats=formats))
    return import_file(shop, file, storefront=storefront, formats=formats, name=name)


def _take_form(shop: Shop, file: Path, kind: str) -> FormImport:
    """Take in a filled form; what it says about people who were forgotten since it was written is emptied again."""
    result = FORMS[kind].take(shop, file)
    if has_tombstones(shop.database):
        with shop.writing("cases.register_import") as writing:
            writing.count(emptied=empty_forgotten_rows(shop.database))
    return result


def _holds_forgotten(result: ImportResult | FormImport | AftersalesError) -> bool:
    return isinstance(result, ImportResult) and any(entry.code == "forgotten" for entry in result.warnings)


def _delete(path: Path) -> tuple[str, str]:
    """Delete a file that was taken in, since it holds people who must not stay in the shop's folder."""
    try:
        path.unlink()
    except OSError as error:
        return "", _(
            "it holds customers who were forgotten; delete it: {reason}", reason=error.strerror or error
        )
    return "", _("it was taken in and then deleted, since it holds customers who were forgotten")


def _move(shop: Shop, path: Path, folder_name: str) -> tuple[str, str]:
    """Move a file into ``inbox/done`` or ``inbox/rejected`` under a name that is free.

    Returns where it is now (empty in a dry run) and what went wrong, if it could not be moved.
    """
    if shop.dry_run:
        return "", ""
    folder = shop.folder / "inbox" / folder_name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target, number = folder / path.name, 2
        while target.exists():
            target, number = folder / f"{path.stem} ({number}){path.suffix}", number + 1
        os.replace(path, target)  # noqa: PTH105 - stays in one file system, and replaces nothing: the name is free
    except OSError as error:
        return "", _(
            "it stays in the inbox, since it could not be moved: {reason}", reason=error.strerror or error
        )
    return str(target), ""
