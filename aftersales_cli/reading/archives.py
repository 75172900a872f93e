"""Zip archives opened with care: a directory of a million entries is refused before it is read."""

import os
import struct
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from aftersales_cli.errors import FileError
from aftersales_cli.language import _
from aftersales_cli.reading.opening import open_binary

MOST_MEMBERS = 2000
MOST_UNPACKED = 400 << 20
MOST_RATIO = 200
RATIO_MATTERS_FROM = 1 << 20
"""Members up to this size may be packed any better than MOST_RATIO."""

_MOST_DIRECTORY_BYTES = 1 << 20
_END_RECORD = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_LOCATOR_MARK, _LOCATOR_SIZE = b"PK\x06\x07", 20
_END_RECORD_64 = struct.Struct("<4sQ2H2L4Q")
_END_MARK_64 = b"PK\x06\x06"
_LOCAL_HEADER_SIZE = 30

DAMAGE = (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, OSError, struct.error)
"""What the standard library raises for damaged archives (zlib.error is caught where members are read)."""


def damaged(path: Path) -> FileError:
    """Return the FileError for an archive that is cut off or damaged."""
    if path.suffix.lower() == ".zip":
        return FileError(
            _("The archive {file} is cut off or damaged.", file=path),
            remedy=_("Download or export it again."),
        )
    return FileError(
        _("The workbook {file} is cut off or damaged.", file=path),
        remedy=_("Download or export it again; if it opens in Excel, save it there under a new name."),
    )


def hostile(path: Path, reason: str) -> FileError:
    """Return the FileError for an archive whose inside could bring the reader down; ``reason`` is translated."""
    if path.suffix.lower() == ".zip":
        return FileError(
            _("The archive {file} is refused: {reason}.", file=path, reason=reason),
            remedy=_("If you trust it, unpack it yourself and use the files inside."),
        )
    return FileError(
        _("The workbook {file} is refused: {reason}.", file=path, reason=reason),
        remedy=_("Open it in Excel or WPS, copy the table into a new workbook and save that as xlsx."),
    )


def unpacked_size(path: Path) -> int:
    """Return how many bytes the archive says it unpacks to; the file's own size if it is none. Raises FileError."""
    with open_binary(path) as file:
        if file.read(2) != b"PK":
            return path.stat().st_size
    with open_archive(path) as archive:
        return sum(member.file_size for member in archive.infolist())


def is_office_archive(names: Iterable[str]) -> bool:
    """Tell by the names of its members whether an archive is a workbook or document rather than a parcel of files."""
    plain = {name.replace("\\", "/").lower() for name in names}
    marks = {"[content_types].xml", "xl/workbook.xml", "xl/workbook.bin", "content.xml", "word/document.xml"}
    return bool(plain & marks) or any(name.startswith("xl/worksheets/") for name in plain)


def _directory_size(file: BinaryIO) -> tuple[int, int]:
    """Return the number of members and the bytes of the directory as the end records state them."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - (1 << 16) - _END_RECORD.size - _LOCATOR_SIZE - _END_RECORD_64.size))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END_RECORD.size:
        raise zipfile.BadZipFile
    record = _END_RECORD.unpack_from(tail, at)
    locator = at - _LOCATOR_SIZE
    if locator < 0 or tail[locator : locator + 4] != _LOCATOR_MARK:
        return record[4], record[5]
    wide = locator - _END_RECORD_64.size
    if wide < 0 or tail[wide : wide + 4] != _END_MARK_64:
        raise zipfile.BadZipFile
    record = _END_RECORD_64.unpack_from(tail, wide)
    return record[7], record[8]


def _check_places(archive: zipfile.ZipFile) -> None:
    """Refuse members that share bytes: a few kilobytes can be packed once and unpacked a thousand times."""
    end = 0
    for member in sorted(archive.infolist(), key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise zipfile.BadZipFile
        end = member.header_offset + _LOCAL_HEADER_SIZE + member.compress_size
    if end > archive.start_dir:
        raise zipfile.BadZipFile


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive whose directory is of a reasonable size; errors.FileError for damage and bombs."""
    with open_binary(path) as file:
        try:
            members, directory_bytes = _directory_size(file)
            if members > MOST_MEMBERS or directory_bytes > _MOST_DIRECTORY_BYTES:
                raise hostile(path, _("it holds more than {count} parts", count=MOST_MEMBERS))
            archive = zipfile.ZipFile(file)
            _check_places(archive)
        except DAMAGE as error:
            raise damaged(path) from error
        with archive:
            yield archive
