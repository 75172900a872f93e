"""Zip archives opened with care: a directory of a million entries is refused before it is read."""

import os
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from aftersales_cli.errors import FileError
from aftersales_cli.language import _
from aftersales_cli.reading.opening import open_binary

MOST_MEMBERS = 2000
_MOST_DIRECTORY_BYTES = 1 << 20
_END_RECORD = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_IN_ZIP64 = 0xFFFFFFFF

DAMAGE = (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, OSError, struct.error)
"""What the standard library raises for damaged archives (zlib.error is caught where members are read)."""


def damaged(path: Path) -> FileError:
    """Return the FileError for an archive that is cut off or damaged."""
    return FileError(
        _("The workbook {file} is cut off or damaged.", file=path),
        remedy=_("Download or export it again; if it opens in Excel, save it there under a new name."),
    )


def hostile(path: Path, reason: str) -> FileError:
    """Return the FileError for a workbook whose inside could bring the reader down; ``reason`` is translated."""
    return FileError(
        _("The workbook {file} is refused: {reason}.", file=path, reason=reason),
        remedy=_("Open it in Excel or WPS, copy the table into a new workbook and save that as xlsx."),
    )


def _directory_size(file: BinaryIO) -> tuple[int, int]:
    """Return the number of members and the bytes of the directory as the end record states them."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - (1 << 16) - _END_RECORD.size))
    tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END_RECORD.size:
        raise zipfile.BadZipFile
    record = _END_RECORD.unpack_from(tail, at)
    file.seek(0)
    return record[4], record[5]


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive whose directory is of a reasonable size; errors.FileError for damage and bombs."""
    with open_binary(path) as file:
        try:
            members, directory_bytes = _directory_size(file)
            if members > MOST_MEMBERS or _MOST_DIRECTORY_BYTES < directory_bytes < _IN_ZIP64:
                raise hostile(path, _("it holds more than {count} parts", count=MOST_MEMBERS))
            archive = zipfile.ZipFile(file)
        except DAMAGE as error:
            raise damaged(path) from error
        with archive:
            yield archive
