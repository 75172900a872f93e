"""The table a file turned out to hold: its header, where it stands, and its rows as they stream."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Generic, Self

from aftersales_cli.errors import UnknownFileError
from aftersales_cli.language import _
from aftersales_cli.reading.headers import Recognised

Row = tuple[int, list[str]]
"""Row number in the file, from 1, as Excel or a text editor shows it (the first line of a csv record), and cells."""


@dataclass
class OpenTable(Generic[Recognised]):
    """A recognised table in an open file; use it as a context manager or call ``close()``."""

    match: Recognised
    """What the callback returned for the header."""
    header: list[str]
    """The header cells as they stand in the file."""
    header_row: int
    """The header's row number."""
    sheet: str
    """The sheet's name; ``""`` for text files."""
    encoding: str
    """``utf-8``, ``utf-8-sig``, ``gb18030``, ``utf-16``, ``cp1252`` (a last resort: warn), or ``xlsx``."""
    rows: Iterator[Row]
    """The rows below the header, without wholly blank ones; FileError if the file breaks off or is damaged."""
    _close: Callable[[], None] = field(repr=False)

    def close(self) -> None:
        """Release the file and end the reading process; may be called twice."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def unknown_file(path: Path, candidates: list[list[str]]) -> UnknownFileError:
    """Return the error for a readable file without a known table; ``candidates``: best header row per sheet."""
    headers = tuple(tuple(cells) for cells in candidates if cells)
    if not headers:
        return UnknownFileError(
            _("{file} holds no table.", file=path),
            remedy=_("Check that it is the file you meant, and export it again."),
        )
    return UnknownFileError(
        _("{file} holds no table of a known format.", file=path),
        remedy=_(
            "See the known formats with “aftersales orders formats”, or say what its columns mean with --map."
        ),
        headers=headers,
    )
