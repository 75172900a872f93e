"""Find the files of the shop's folder that hold a person, also inside workbooks and archives, and remove them."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from aftersales_cli.errors import FileError
from aftersales_cli.language import _
from aftersales_cli.system_texts import explain_fault

Holds = Callable[[bytes], bool]
_DEEPEST = 3
_LARGEST_MEMBER = 1 << 30
"""Bytes; a member that claims more is taken for one that holds the person: nobody can look."""
_MARKUP = (b"<?xml", b"<worksheet", b"<sst", b"<html", b"<!doctype")
_TAG = re.compile(rb"<[^>]*>")
_REASON_SUFFIX = ".reason.txt"


def file_holds(path: Path, holds: Holds) -> bool:
    """Tell whether a file's bytes, its name, or anything packed in it holds the person."""
    if holds(path.name.encode()):
        return True
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(
            _("{path} cannot be read: {reason}", path=path, reason=explain_fault(error)),
            remedy=_("Close it in other programs and check its rights, then repeat the command: it goes on."),
        ) from error
    return _content_holds(content, holds, _DEEPEST)


def _content_holds(content: bytes, holds: Holds, depth: int) -> bool:
    if holds(content):
        return True
    if content.startswith(_MARKUP) and holds(_TAG.sub(b"", content)):
        return True  # a name of which one half is bold
    if not depth or not zipfile.is_zipfile(io.BytesIO(content)):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(_member_holds(archive, member, holds, depth) for member in archive.infolist())
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
        return False


def _member_holds(archive: zipfile.ZipFile, member: zipfile.ZipInfo, holds: Holds, depth: int) -> bool:
    if holds(member.filename.encode()) or holds(member.filename.encode("cp437", "ignore")):
        return True
    if member.file_size > _LARGEST_MEMBER:
        return True
    try:
        return _content_holds(archive.read(member), holds, depth - 1)
    except RuntimeError:  # a password
        return False


def plain_files(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder and its subfolders, without following links."""
    if not folder.is_dir() or folder.is_symlink():
        return
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink():
            continue
        if entry.is_dir():
            yield from plain_files(entry)
        elif entry.is_file():
            yield entry


def find_files(folder: Path, holds: Holds) -> list[Path]:
    """Return the files of a folder that hold the person, and the reasons that lie beside rejected ones."""
    found = [path for path in plain_files(folder) if file_holds(path, holds)]
    reasons = [path.with_name(path.name + _REASON_SUFFIX) for path in found]
    return found + [path for path in reasons if path.is_file() and path not in found]


def remove_files(paths: list[Path]) -> None:
    """Delete files; one that is gone already is no error. Raises FileError."""
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise FileError(
                _("{path} cannot be deleted: {reason}", path=path, reason=explain_fault(error)),
                remedy=_("Close it in other programs, then repeat the command: it goes on where it stopped."),
            ) from error


def remove_empty_folders(folder: Path) -> None:
    """Delete the folders in a folder that hold nothing any more."""
    for entry in sorted(folder.glob("*/"), reverse=True) if folder.is_dir() else ():
        with suppress(OSError):
            entry.rmdir()
