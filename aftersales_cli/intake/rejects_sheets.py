"""The workbook of rejected rows: its added columns, and reading it back as rows of the file they came from."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aftersales_cli.database.mending import Place
from aftersales_cli.errors import UnknownFileError
from aftersales_cli.intake.formats import Format
from aftersales_cli.reading.cells import clean_cell
from aftersales_cli.reading.headers import normalise_header
from aftersales_cli.reading.tables import open_table

MARKS = {
    "drop": ("异常处理", "Rejected: drop"),
    "reason": ("异常原因", "Rejected: reason"),
    "column": ("异常列", "Rejected: column"),
    "file": ("异常文件", "Rejected: file"),
    "row": ("异常行号", "Rejected: row"),
    "import": ("异常导入号", "Rejected: import"),
    "storefront": ("异常店铺", "Rejected: storefront"),
}
"""Column added to a rejected row → its Chinese and English heading; in this order, before the file's own columns."""

LEDGER = {"import": ("已导出导入号", "Exported: import"), "row": ("已导出行号", "Exported: row")}
"""Headings of the hidden sheet that lists all rows handed out: one that is missing was deleted on purpose."""

DROP = ("不要了", "drop")
"""What the first column says of a row nobody wants."""

_KEYS = {normalise_header(title): key for key, titles in MARKS.items() for title in titles}
_LEDGER_KEYS = {normalise_header(title): key for key, titles in LEDGER.items() for title in titles}
_NEEDED = {"row", "import"}
_KEPT_WORDS = frozenset({"", "否", "no", "n", "-", "保留", "keep"})


@dataclass
class RejectedRow:
    """One row of a sheet without the added columns."""

    number: int
    """In the sheet."""
    cells: list[str]
    place: Place | None
    """Import and row it first stood in; rows people added have none."""
    dropped: bool


@dataclass
class RejectsSheet:
    """One sheet of a workbook of rejected rows."""

    header: list[str]
    rows: list[RejectedRow] = field(default_factory=list)
    storefront: str | None = None

    def wanted(self) -> list[RejectedRow]:
        """Return the rows that are to be taken in."""
        return [row for row in self.rows if not row.dropped]


def recognise_rejects(header: Sequence[str]) -> bool:
    """Tell whether a row of normalised headers is that of a workbook of rejected rows."""
    return _has_rows(header) or _is_ledger(header)


def _has_rows(header: Sequence[str]) -> bool:
    return {_KEYS[name] for name in header if name in _KEYS} >= _NEEDED


def _is_ledger(header: Sequence[str]) -> bool:
    return {_LEDGER_KEYS[name] for name in header if name in _LEDGER_KEYS} == _NEEDED


def own_columns(header: Sequence[str]) -> list[int]:
    """Return the positions of a header's columns that are the file's own, not added by an export."""
    return [position for position, name in enumerate(header) if normalise_header(name) not in _KEYS]


def is_rejects_workbook(path: Path) -> bool:
    """Tell whether a file is a workbook of rejected rows; to be asked before the formats, which would match it, too.

    Raises FileError.
    """
    try:
        open_table(path, lambda header: recognise_rejects(header) or None).close()
    except UnknownFileError:
        return False
    return True


def read_ledger(path: Path) -> set[Place]:
    """Return all rows a workbook was handed out with; empty if it says nothing about that."""

    def wanted(header: list[str]) -> tuple[int, int] | None:
        if not _is_ledger(header):
            return None
        places = {_LEDGER_KEYS[name]: place for place, name in enumerate(header) if name in _LEDGER_KEYS}
        return places["import"], places["row"]

    try:
        table = open_table(path, wanted)
    except UnknownFileError:
        return set()
    with table:
        found = (_place(cells, *table.match) for _number, cells in table.rows)
        return {place for place in found if place}


def _place(cells: Sequence[str], *columns: int) -> Place | None:
    numbers = [
        clean_cell(cells[column]).partition(".")[0] if column < len(cells) else "" for column in columns
    ]
    if not all(number.isascii() and number.isdigit() for number in numbers):
        return None
    return int(numbers[0]), int(numbers[1])


def read_sheet(path: Path, index: int) -> RejectsSheet | None:
    """Read the ``index``-th sheet (from 0) whose header is that of rejected rows; None if there is no such sheet."""
    seen = -1

    def wanted(header: list[str]) -> dict[str, int] | None:
        nonlocal seen
        if not _has_rows(header):
            return None
        seen += 1
        if seen < index:
            return None
        return {_KEYS[name]: position for position, name in enumerate(header) if name in _KEYS}

    try:
        table = open_table(path, wanted)
    except UnknownFileError:
        return None
    with table:
        own, marks = own_columns(table.header), table.match
        sheet = RejectsSheet([table.header[position] for position in own])
        for row_number, cells in table.rows:
            filled = cells + [""] * (len(table.header) - len(cells))
            word = clean_cell(filled[marks["drop"]]).casefold() if "drop" in marks else ""
            sheet.rows.append(
                RejectedRow(
                    row_number,
                    [one_line(filled[position]) for position in own],
                    _place(filled, marks["import"], marks["row"]),
                    # A row somebody has emptied is one nobody wants, too.
                    word not in _KEPT_WORDS or not any(clean_cell(filled[position]) for position in own),
                )
            )
            if "storefront" in marks and not sheet.storefront:
                sheet.storefront = clean_cell(filled[marks["storefront"]]) or None
    return sheet


def one_line(cell: str) -> str:
    """Return a cell without line ends."""
    # A line end inside a cell would move all rows below it.
    return " ".join(cell.splitlines())


def write_csv(
    file: Path, header: Sequence[str], rows: Sequence[RejectedRow], formats: Sequence[Format]
) -> None:
    """Write rows as their marketplace's file, each on the line it has in the workbook."""
    names = frozenset(normalise_header(name) for name in header)
    match = next((entry for entry in formats if entry.must and entry.matches(names)), None)
    skipped = match.skip_rows if match else 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for _row in range(skipped):
            writer.writerow(["-"] * len(header))
        line = 1 + skipped
        for row in rows:
            stream.write("\r\n" * (row.number + skipped - 1 - line))
            writer.writerow(row.cells)
            line = row.number + skipped
