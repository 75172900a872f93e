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


def _unquote(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    for cells in rows:
        yield [
            cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell
            for cell in cells
        ]


class CsvRows:
    """The records of an open text file with the number of the line each begins in, without blank ones."""

    def __init__(self, path: Path, file: TextIO, layout: Layout) -> None:
        csv.field_size_limit(_LONGEST_FIELD)
        self._path = path
        self._line = 0
        lines: Iterable[str] = chain((file.readline().lstrip("\ufeff"),), file)
        if layout.mend:
            lines = repair_lines(lines, layout.delimiter)
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if layout.quoted else csv.QUOTE_NONE
        self._reader = csv.reader(lines, delimiter=layout.delimiter, quoting=quoting, strict=True)
        self._records = iter(self._reader) if layout.quoted else _unquote(self._reader)

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
        reader, before = self._reader, self._line
        try:
            for cells in self._records:
                number, before = before + 1, reader.line_num
                if before - number > _MOST_LINES:
                    raise self._refuse(None)
                self._line = before
                if cells and (cells[0].isalnum() or not is_blank(cells)):
                    yield number, cells
        except csv.Error as error:
            raise self._refuse(error) from None
        except OSError as error:
            raise explain_os_error(self._path, error) from error

    def first(self, count: int) -> Iterator[Row]:
        """Yield the first rows; go on with ``iter()`` for the others."""
        return islice(iter(self), count)


def lines_are_even(path: Path, layout: Layout, columns: int) -> bool:
    """Tell whether every line of a file has exactly so many columns if quotes mean nothing."""
    with io.TextIOWrapper(open_binary(path), layout.encoding, newline="") as file:
        return all(line.count(layout.delimiter) == columns - 1 for line in file if not line.isspace())
