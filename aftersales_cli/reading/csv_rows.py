"""The csv reader with its strictness: rows with their line numbers, broken quotes refused by line."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Literal, TextIO

from aftersales_cli.errors import FileError
from aftersales_cli.language import _
from aftersales_cli.reading.cells import is_blank
from aftersales_cli.reading.open_tables import Row
from aftersales_cli.reading.opening import explain_os_error, open_binary
from aftersales_cli.reading.quote_repair import repair_lines

_LONGEST_FIELD = 1 << 20
_LONGEST_RECORD = 8 << 20
_MOST_COLUMNS = 200_000
_MOST_LINES = 500
"""A record over more lines than this is two stray quotes that swallowed the rows between them."""


@dataclass(frozen=True)
class Layout:
    """How a text file is written."""

    encoding: str
    delimiter: str
    mend: bool
    """``="…"`` may occur and is turned into clean fields."""
    quoted: bool = True
    """Quotes have the meaning they have in csv, rather than none."""
    wrapper: str = ""
    """Each record is one cell of a file with this delimiter: a spreadsheet of another locale saved it anew."""


def _unquote(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    for cells in rows:
        yield [
            cell[1:-1].replace('""', '"')
            if len(cell) > 1 and cell[0] == cell[-1] == '"' and _is_whole(cell)
            else cell
            for cell in cells
        ]


def _is_whole(cell: str) -> bool:
    """Tell a quoted cell from one that begins and ends with quotes of its own (``"Big" pillow, 12"``)."""
    return '"' not in cell[1:-1].replace('""', "")


def _unwrap(cells_of_records: Iterable[list[str]], wrapper: str) -> Iterator[str]:
    """Turn records that are one cell into the lines they were, with the delimiters that Excel added at the end."""
    for cells in cells_of_records:
        # A text with the wrapper's delimiter in it was cut there, so the parts belong together.
        yield wrapper.join(cells).rstrip(wrapper) + "\n"


class CsvRows:
    """The records of an open text file with the number of the line each begins in, without blank ones."""

    def __init__(self, path: Path, file: TextIO, layout: Layout) -> None:
        csv.field_size_limit(_LONGEST_FIELD)
        self._path = path
        self._line = 0
        self._characters = 0
        """Characters of the record that is being put together."""
        first = file.readline().lstrip("\ufeff")
        lines: Iterable[str] = self._bounded(chain((first,), file), layout.wrapper or layout.delimiter)
        wrapped = None
        if layout.wrapper:
            wrapped = csv.reader(lines, delimiter=layout.wrapper, strict=True)
            lines = _unwrap(wrapped, layout.wrapper)
        if layout.mend:
            lines = repair_lines(lines, layout.delimiter)
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if layout.quoted else csv.QUOTE_NONE
        self._reader = csv.reader(lines, delimiter=layout.delimiter, quoting=quoting, strict=True)
        self._counter = wrapped or self._reader
        """The reader that counts the lines of the file itself."""
        self._records = iter(self._reader) if layout.quoted else _unquote(self._reader)

    def _bounded(self, lines: Iterable[str], delimiter: str) -> Iterator[str]:
        """Stop before a line of nothing but delimiters, or lines joined by quotes, fill the memory."""
        for line in lines:
            self._characters += len(line)
            if self._characters > _LONGEST_RECORD:
                raise self._refuse(None)
            if len(line) > _MOST_COLUMNS and line.count(delimiter) > _MOST_COLUMNS:
                raise self._refuse_wide(self._line + 1)
            yield line

    def _refuse_wide(self, number: int) -> FileError:
        return FileError(
            _("{file}, line {line} has more than {count} columns.", file=self._path, line=number,
              count=_MOST_COLUMNS),
            remedy=_("This is no table; check that it is the file you meant, and export it again."),
        )  # fmt: skip

    def _refuse(self, error: csv.Error | None) -> FileError:
        if error and "field larger" in str(error):
            message = _(
                "{file}: the record that begins in line {line} has a field of more than 1 MB; "
                "most likely a quote is never closed.",
                file=self._path,
                line=self._line + 1,
            )
        else:
            message = _(
                "{file}: the quotes of the record that begins in line {line} do not balance.",
                file=self._path,
                line=self._line + 1,
            )
        return FileError(
            message, remedy=_("Export the file again, or mend the quotes of that line in a text editor.")
        )

    def __iter__(self) -> Iterator[Row]:
        counter, before = self._counter, self._line
        try:
            for cells in self._records:
                number, before = before + 1, counter.line_num
                if before - number > _MOST_LINES:
                    raise self._refuse(None)
                self._line, self._characters = before, 0
                if len(cells) > _MOST_COLUMNS:
                    cells.clear()  # the error may be kept for a while, and this frame with it
                    raise self._refuse_wide(number)
                if cells and (cells[0].isalnum() or not is_blank(cells)):
                    yield number, cells
        except csv.Error as error:
            raise self._refuse(error) from None
        except OSError as error:
            raise explain_os_error(self._path, error) from error

    def first(self, count: int) -> Iterator[Row]:
        """Yield the first rows; go on with ``iter()`` for the others."""
        return islice(iter(self), count)


def quotes_mean_nothing(path: Path, layout: Layout, columns: int) -> bool:
    """Tell whether a tab-separated file with quotes in it is one that is never quoted.

    It is if every line has all columns by itself, and also, where empty ones at the end are missing, if quotes
    would make no valid csv or would join lines that have too many columns together.
    """
    with io.TextIOWrapper(open_binary(path), layout.encoding, newline="") as file:
        counts = {line.count(layout.delimiter) for line in file if not line.isspace()}
    if counts == {columns - 1}:
        return True
    return max(counts, default=0) < columns and not _quotes_are_sound(path, layout, columns)


def _quotes_are_sound(path: Path, layout: Layout, columns: int) -> bool:
    total = 0

    def counted(lines: Iterable[str]) -> Iterator[str]:
        nonlocal total
        for line in lines:
            total += line.count(layout.delimiter)
            yield line

    with io.TextIOWrapper(open_binary(path), layout.encoding, newline="") as file:
        try:
            for _cells in csv.reader(counted(file), delimiter=layout.delimiter, strict=True):
                if total >= columns:
                    return False
                total = 0
        except csv.Error:
            return False
    return True
