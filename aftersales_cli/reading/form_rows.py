"""Read filled forms back: their sheets, rows and cells, and what is wrong with a cell, named by its address."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from aftersales_cli.clock import parse_day, parse_moment
from aftersales_cli.errors import FileError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.reading.cells import strip_dirt
from aftersales_cli.reading.forms import TOKEN, Form, Token, make_token, parse_token
from aftersales_cli.reading.open_tables import Row, unknown_file
from aftersales_cli.reading.tables import read_tables
from aftersales_cli.taxonomy import Taxonomy

_TELLING = 4
"""So many headings of a form are no accident, even if needed ones are missing."""
_SHOWN = 40
"""Characters of a wrong value that a message repeats."""
_LONGEST_WORD = 80
"""Characters of the longest name a list may offer."""
_CHINESE_DAY = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?(?:[ T].*)?")
_MOMENT = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?[ T]+(\d{1,2}):(\d{2})(?::\d{2})?")
_TIME = re.compile(r"(?:(?:1899|1900)-\d\d-\d\d[ T])?(\d{1,2}):(\d{2})(?::\d{2})?")
"""A time alone; spreadsheets may put it on one of the first days they know."""
_WHOLE = re.compile(r"(\d{1,9})(?:\.0+)?\s*(?:分钟|分|min(?:utes)?\.?)?", re.IGNORECASE)


@dataclass(frozen=True)
class RejectedRow:
    """A row that could not be taken, and why."""

    row: int
    """Row number as the spreadsheet shows it."""
    column: str
    """The heading of the cell that is wrong."""
    cell: str
    """Its address, e.g. ``K7``."""
    reason: str
    sheet: str = ""
    """Name of the sheet; "" for a text file."""


@dataclass
class FormImport:
    """What a filled form brought; its ``counts`` add up to the rows read."""

    kind: ClassVar[str] = ""
    """What the inbox calls such a file."""

    recorded: int = 0
    unchanged: int = 0
    """Rows that were taken before."""
    blank: int = 0
    """Rows nobody filled in."""
    rejected: list[RejectedRow] = field(default_factory=list)
    """An entry for each wrong cell, so a row may have several."""

    def counts(self) -> dict[str, int]:
        """Return the totals of the audit entry by their names."""
        return {
            "recorded": self.recorded,
            "unchanged": self.unchanged,
            "blank": self.blank,
            "rejected": len({(cell.sheet, cell.row) for cell in self.rejected}),
        }


class CellError(Exception):
    """A cell that cannot be taken; ``column`` is its name in the form."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason
        self.others: tuple[CellError, ...] = ()
        """Further cells of the row that are wrong as well."""


@dataclass(frozen=True)
class FilledSheet:
    """One sheet of a form as it came back: where its columns stand now, and its rows."""

    form: Form
    name: str
    header: list[str]
    positions: dict[str, int]
    rows: list[Row]

    def __iter__(self) -> Iterator["FilledRow"]:
        return (FilledRow(self, number, cells) for number, cells in self.rows)


@dataclass(frozen=True)
class FilledRow:
    """One row; its typed readers return None or "" for an empty cell and raise CellError for a wrong one."""

    sheet: FilledSheet
    number: int
    cells: list[str]

    def text(self, column: str) -> str:
        """Return what stands in the column; "" if nothing does or somebody deleted the column."""
        position = self.sheet.positions.get(column)
        if position is None or position >= len(self.cells):
            return ""
        return strip_dirt(self.cells[position])

    def filled(self, columns: Iterable[str] | None = None) -> dict[str, str]:
        """Return column → text of what was filled in, of the form's yellow columns or the given ones."""
        names = self.sheet.form.filled_in if columns is None else columns
        return {name: text for name in names if (text := self.text(name))}

    def word(self, column: str, taxonomy: Taxonomy) -> str:
        """Return the code of a word in either language."""
        text = self.text(column)
        if not text:
            return ""
        try:
            return taxonomy.resolve(text if len(text) <= _LONGEST_WORD else f"{text[:_SHOWN]}…")
        except WrongUsageError as error:
            # People choose names from a list; codes would only puzzle them.
            choices = _("Choose one of: {choices}", choices=", ".join(term.name for term in taxonomy))
            raise CellError(column, f"{error.message} {choices}") from error

    def whole(self, column: str, *, smallest: int, largest: int) -> int | None:
        """Return a whole number, also one written like ``15 分钟``."""
        text = self.text(column)
        if not text:
            return None
        match = _WHOLE.fullmatch(_plain(text))
        if match is None or not smallest <= int(match[1]) <= largest:
            raise CellError(
                column,
                _(
                    "“{text}” does not fit: write a whole number from {smallest} to {largest}.",
                    text=text[:_SHOWN],
                    smallest=smallest,
                    largest=largest,
                ),
            )
        return int(match[1])

    def day(self, column: str) -> date | None:
        """Return a day, also one written like ``2026年11月27日``."""
        text = self.text(column)
        if not text:
            return None
        plain = _plain(text)
        if match := _CHINESE_DAY.fullmatch(plain):
            plain = "-".join(match.groups())
        try:
            return parse_day(plain)
        except WrongUsageError as error:
            raise CellError(column, f"{error.message} {error.remedy}") from error

    def moment(self, column: str, now: datetime) -> datetime | None:
        """Return a moment in UTC, written in the time zone of ``now``; a time alone is the last one of that kind.

        So ``17:30``, read in the night, is that of the evening before.
        """
        text = self.text(column)
        if not text:
            return None
        plain = _plain(text)
        try:
            if match := _TIME.fullmatch(plain):
                clock = now.replace(hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0)
                return clock if clock <= now else clock - timedelta(days=1)
            if match := _MOMENT.fullmatch(plain):
                plain = "{}-{}-{} {}:{}".format(*match.groups())
            zone = now.tzinfo
            assert zone is not None
            return parse_moment(plain, zone)
        except (WrongUsageError, ValueError) as error:
            raise CellError(
                column,
                _(
                    "“{text}” is not a date and time. Write it like 2026-11-21 15:20, or only 15:20.",
                    text=text[:_SHOWN],
                ),
            ) from error

    def token(self, seed: Callable[[Token], str | None], *, missing: str, damaged: str) -> Token:
        """Return the row's code, its check digits right for what ``seed`` returns (None: there is no such thing).

        ``missing`` and ``damaged`` are the reasons told otherwise; ``{code}`` in the latter is what stands there.
        """
        text = self.text(TOKEN)
        if not text:
            raise CellError(TOKEN, missing)
        token = parse_token(text)
        found = seed(token) if token else None
        if token is None or found is None or make_token(token.id, token.revision, found) != token:
            raise CellError(TOKEN, damaged.replace("{code}", text[:_SHOWN]))
        return token

    def reject(self, error: CellError) -> list[RejectedRow]:
        """Return the reports of the wrong cells of this row, from left to right."""
        cells = sorted([error, *error.others], key=self._position)
        return [self._report(cell) for cell in cells]

    def _position(self, error: CellError) -> int:
        return self.sheet.positions.get(error.column, self.sheet.positions.get(TOKEN, 0))

    def _report(self, error: CellError) -> RejectedRow:
        position = self._position(error)
        title = self.sheet.header[position].strip()
        address = f"{column_letters(position)}{self.number}"
        return RejectedRow(self.number, title, address, error.reason, self.sheet.name)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def column_letters(position: int) -> str:
    """Return a column's letters for its position from 0: A, B … Z, AA."""
    letters, rest = "", position + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def read_forms(path: Path, forms: Sequence[Form]) -> list[FilledSheet]:
    """Return every sheet of a file that is one of these forms, read as a whole: forms are short.

    Raises UnknownFileError if there is none, FileError if the file cannot be read or if a sheet beside others has
    lost headings: nobody would notice that what stands there was left out.
    """

    def recognise(headers: list[str]) -> tuple[Form, dict[str, int]] | None:
        found = [(form, form.find_columns(headers)) for form in forms]
        whole = [entry for entry in found if not entry[0].missing(entry[1])]
        likely = max(found, key=lambda entry: len(entry[1]))
        return whole[0] if whole else likely if len(likely[1]) >= _TELLING else None

    tables = read_tables(path, recognise)
    damaged = [table for table in tables if table.match[0].missing(table.match[1])]
    if len(damaged) == len(tables):
        raise unknown_file(path, [table.header for table in tables])
    for table in damaged:
        form, positions = table.match
        raise FileError(
            _(
                "Sheet “{sheet}” of {file} has lost these headings in row {row}: {names}.",
                sheet=table.sheet,
                file=path,
                row=table.header_row,
                names=", ".join(column.title for column in form.missing(positions)),
            ),
            remedy=_("Write them again above their columns; other sheets show where. Nothing was taken."),
        )
    return [
        FilledSheet(table.match[0], table.sheet, table.header, table.match[1], list(table.rows))
        for table in tables
    ]


def take_rows(
    sheets: Iterable[FilledSheet],
    take: Callable[[FilledRow], bool | None],
    result: FormImport,
    *,
    is_spare: Callable[[FilledRow], bool] = lambda _row: False,
) -> None:
    """Let ``take`` have every row and count what it says: True recorded, False unchanged, None not filled in.

    Rows that were offered for something new and nobody needed are spare: they are not counted at all.
    A row for which it raises CellError is reported with its cell and hides no other.
    """
    for sheet in sheets:
        for row in sheet:
            if is_spare(row):
                continue
            try:
                taken = take(row)
            except CellError as error:
                result.rejected += row.reject(error)
                continue
            result.blank += taken is None
            result.recorded += taken is True
            result.unchanged += taken is False
