"""What a file really is, decided by its first bytes and never by its name."""

import mmap
from enum import Enum
from pathlib import Path
from typing import NoReturn

from aftersales_cli.errors import FileError
from aftersales_cli.language import _
from aftersales_cli.reading.archives import open_archive
from aftersales_cli.reading.opening import open_binary

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_UTF_8_MARK = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OTHER_KINDS = (
    b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"\x7fELF", b"MZ\x90",
    b"SQLite format 3\x00", b"RIFF", b"{\\rtf", b"BZh", b"\xfd7zXZ",
)  # fmt: skip
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<meta", b"<?xml", b"<head", b"<style")
_HEAD_BYTES = 4096
_CONTROL_SHARE = 0.02
"""More control characters than this among the first bytes make a file with NUL bytes plainly not text."""


class Content(Enum):
    """The kinds of content that can become rows."""

    TEXT = "text"
    WORKBOOK = "workbook"
    """A zip archive that claims to be an xlsx workbook; still to pass the preflight."""
    OLD_WORKBOOK = "old workbook"
    """An xls workbook of Excel 97 to 2003."""


def _refuse_junk(path: Path) -> NoReturn:
    raise FileError(
        _("{file} is neither a spreadsheet nor a text file.", file=path),
        remedy=_("Export the data again as xlsx or csv and use that file."),
    )


def _refuse_encrypted(path: Path) -> NoReturn:
    raise FileError(
        _("{file} is protected by a password.", file=path),
        remedy=_(
            "Open it in Excel or WPS, remove the password (Info, Protect Workbook), save it and try again."
        ),
    )


def _refuse_document(path: Path) -> NoReturn:
    raise FileError(
        _("{file} is a Word document, not a workbook, whatever its name says.", file=path),
        remedy=_("Copy the table into Excel or WPS and save it as xlsx."),
    )


def _check_compound_file(path: Path) -> Content:
    def utf_16(name: str) -> bytes:
        return name.encode("utf-16-le")

    with open_binary(path) as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find(utf_16("EncryptedPackage")) >= 0:
            _refuse_encrypted(path)
        if data.find(utf_16("WordDocument")) >= 0:
            _refuse_document(path)
        if data.find(utf_16("Workbook")) >= 0 or data.find(utf_16("Book")) >= 0:
            return Content.OLD_WORKBOOK
    _refuse_junk(path)


def _check_archive(path: Path) -> Content:
    with open_archive(path) as archive:
        names = [name.replace("\\", "/").lower() for name in archive.namelist()]
    if "xl/workbook.xml" in names or any(name.startswith("xl/worksheets/") for name in names):
        return Content.WORKBOOK
    if any(name.startswith("word/") for name in names):
        _refuse_document(path)
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise FileError(
            _("{file} is a workbook of a kind that is not read (xlsb or ods).", file=path),
            remedy=_("Open it in Excel, WPS or LibreOffice and save it as xlsx."),
        )
    raise FileError(
        _("{file} is an archive, not a workbook.", file=path),
        remedy=_("Unpack it and use the files inside."),
    )


def _check_text(path: Path, head: bytes) -> Content:
    if head.startswith(_UTF_16):
        return Content.TEXT
    if head.startswith(_OTHER_KINDS):
        _refuse_junk(path)
    controls = sum(1 for byte in head if byte < 9 or 13 < byte < 32)  # noqa: PLR2004 - TAB to CR are text
    if controls > len(head) * _CONTROL_SHARE and b"\0" in head:
        _refuse_junk(path)
    if head.removeprefix(_UTF_8_MARK).lstrip().lower().startswith(_MARKUP):
        raise FileError(
            _("{file} is a web page or XML under a spreadsheet's name.", file=path),
            remedy=_("Open it in Excel or WPS and save it as xlsx."),
        )
    return Content.TEXT


def find_content(path: Path) -> Content:
    """Tell what the file is; errors.FileError for everything that cannot become rows, with what to do."""
    with open_binary(path) as file:
        head = file.read(_HEAD_BYTES)
    if not head.removeprefix(_UTF_8_MARK).strip() or head in _UTF_16:
        raise FileError(
            _("{file} is empty.", file=path),
            remedy=_("Export it again and wait until the download has finished."),
        )
    if head.startswith(_OLE):
        return _check_compound_file(path)
    if head.startswith(_ZIP):
        return _check_archive(path)
    return _check_text(path, head)
