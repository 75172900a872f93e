"""Look through a workbook's bytes before any reader does: a 5 KB file can claim a million rows and kill it.

The limits were measured on hostile and honest workbooks: an honest 100,000 × 20 sheet passes in about a second.
Unusual XML can slip through; the child process with its own limits is the second wall.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.errors import FileError
from aftersales_cli.language import _
from aftersales_cli.reading.archives import (
    DAMAGE,
    MOST_MEMBERS,
    MOST_RATIO,
    MOST_UNPACKED,
    RATIO_MATTERS_FROM,
    damaged,
    hostile,
    open_archive,
)

_CHUNK = 1 << 20
_MOST_ROWS = 1_048_576
_MOST_CELLS = 40_000_000
_MOST_COLUMNS = 702
"""A to ZZ."""
_MOST_STRINGS = 5_000_000
_LONGEST_TEXT = 4 << 20
_ROWS_PER_ROW, _ROWS_FREE = 50, 10_000
"""The last row number may be this many times the number of rows, plus the second figure, for sparse sheets."""

_REFERENCE = rb"<(?:\w+:)?(?:c|row)\s(?:[^<>]*?\s)?r\s*=\s*[\"']"
_ROW_NUMBERS = re.compile(_REFERENCE + rb"[A-Za-z]{0,2}(\d+)")
_FAR_COLUMN = re.compile(_REFERENCE + rb"[A-Za-z]{3}")
_MOST_DIGITS = len(str(_MOST_ROWS)) - 1
_OTHER_CELL = [
    re.compile(rb'<c(?! r="[A-Z]{1,2}\d{1,%d}")' % max(digits, 1)) for digits in range(_MOST_DIGITS + 1)
]
"""By number of digits: what begins like a cell but is not a plain one in a row of at most so many digits."""
_PLAIN_ROW = re.compile(rb'<row [^<>]*?\br="(\d+)"')
"""How nearly every program writes rows, as cells above: much faster to look for than all that XML allows."""
_SMALLEST_CELL = len('<c r="A1"')

_ROOT_PREFIX = re.compile(rb"<(\w+:)?(?:worksheet|sst)[\s>]")
_ENCRYPTED = 0x1


class _Hostile(Exception):  # noqa: N818 - private signal that carries its reason to the edge of this module
    pass


@dataclass
class _Counts:
    """What one part of the workbook holds so far."""

    rows: int = 0
    cells: int = 0
    """Or as many as the bytes could hold, as long as those would not be too many."""
    strings: int = 0
    last_row: int = 0
    prefix: bytes | None = None
    """What stands before the names of all tags, such as ``x:``; None as long as the root was not seen."""

    def find_prefix(self, piece: bytes) -> None:
        if self.prefix is None and (root := _ROOT_PREFIX.search(piece)):
            self.prefix = root[1] or b""

    def _count_tags(self, piece: bytes, name: bytes) -> int:
        start = b"<" + (self.prefix or b"") + name
        return piece.count(start + b" ") + piece.count(start + b">") + piece.count(start + b"/>")

    def add_strings(self, piece: bytes) -> None:
        self.strings += self._count_tags(piece, b"si")

    def add_cells(self, piece: bytes) -> None:
        if self._add_plain_cells(piece):
            return
        self.rows += self._count_tags(piece, b"row")
        self.cells += self._count_tags(piece, b"c")
        if _FAR_COLUMN.search(piece):
            raise _Hostile(_("it has a cell beyond column ZZ"))
        numbers = set(_ROW_NUMBERS.findall(piece))
        if max(map(len, numbers), default=0) > len(str(_MOST_ROWS)):
            raise _Hostile(_("it has a row beyond the last one a workbook can have"))
        self.last_row = max(self.last_row, max(map(int, numbers), default=0))

    def _add_plain_cells(self, piece: bytes) -> bool:
        """Count a piece without reading the number of each cell; False if it is not as nearly all are.

        That no cell's row has more digits than the last row's is enough as long as a row of nines would be fine.
        """
        numbers = _PLAIN_ROW.findall(piece)
        if self.prefix or not numbers or piece.count(b"<row") != len(numbers):
            return False
        digits = max(map(len, numbers))
        farthest, rows = 10**digits - 1, self.rows + len(numbers)
        if digits > _MOST_DIGITS or farthest > _ROWS_PER_ROW * rows + _ROWS_FREE:
            return False
        if _OTHER_CELL[digits].search(piece):
            return False
        self.rows = rows
        most = self.cells + len(piece) // _SMALLEST_CELL
        if most > min(_MOST_CELLS, rows * _MOST_COLUMNS):
            most = self.cells + piece.count(b"<c ")
        self.cells = most
        self.last_row = max(self.last_row, *map(int, numbers))
        return True

    def check(self) -> None:
        if max(self.rows, self.last_row) > _MOST_ROWS:
            raise _Hostile(_("it has a row beyond the last one a workbook can have"))
        if self.cells > _MOST_CELLS:
            raise _Hostile(_("it has more than {count} cells", count=_MOST_CELLS))
        if self.cells > (self.rows + 1) * _MOST_COLUMNS:
            # Cells need not say where they are: then only their number tells how wide the rows must be.
            raise _Hostile(_("it has a cell beyond column ZZ"))
        if self.strings > _MOST_STRINGS:
            raise _Hostile(_("it has more than {count} different texts", count=_MOST_STRINGS))

    def check_end(self) -> None:
        if self.last_row > _ROWS_PER_ROW * self.rows + _ROWS_FREE:
            raise _Hostile(_("its last row lies far below the others"))


def _check_directory(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise _Hostile(_("it holds more than {count} parts", count=MOST_MEMBERS))
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise _Hostile(_("unpacked it would take more than {size} MB", size=MOST_UNPACKED >> 20))
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise _Hostile(_("it is protected by a password"))
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _Hostile(_("it is packed in a way workbooks are not"))
        if member.file_size > max(RATIO_MATTERS_FROM, MOST_RATIO * member.compress_size):
            raise _Hostile(_("a part of it unpacks to more than {ratio} times its size", ratio=MOST_RATIO))


def _whole_tags(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the member's bytes in pieces that begin with a tag, so that none is cut in two."""
    rest = b""
    with archive.open(member) as file:
        while chunk := file.read(_CHUNK):
            cut = chunk.rfind(b"<")
            if cut < 0:
                rest += chunk
            else:
                yield rest + chunk[:cut]
                rest = chunk[cut:]
            if len(rest) > _LONGEST_TEXT:
                raise _Hostile(_("it has a single text of more than {size} MB", size=_LONGEST_TEXT >> 20))
    yield rest


def _check_part(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    name = member.filename.replace("\\", "/").lower()
    counts = _Counts()
    is_sheet = "/worksheets/" in name
    is_strings = name.endswith("sharedstrings.xml")
    for piece in _whole_tags(archive, member):
        if b"\0" in piece:
            raise _Hostile(_("its XML is written in UTF-16"))
        # One byte is looked for much faster than two, and honest sheets have hardly any.
        if b"!" in piece and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
            raise _Hostile(_("its XML defines entities of its own"))
        if is_sheet or is_strings:
            counts.find_prefix(piece)
            add = counts.add_cells if is_sheet else counts.add_strings
            add(piece)
            counts.check()
    counts.check_end()


def check_workbook(path: Path) -> None:
    """Read through an xlsx archive in constant memory; errors.FileError if it is damaged or beyond the limits."""
    with open_archive(path) as archive:
        try:
            _check_directory(archive.infolist())
            for member in archive.infolist():
                if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_part(archive, member)
        except _Hostile as reason:
            raise hostile(path, str(reason)) from None
        except FileError:
            raise
        except (*DAMAGE, zlib.error) as error:
            raise damaged(path) from error
