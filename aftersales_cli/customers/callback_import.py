"""Read a filled callback list back."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from aftersales_cli.clock import parse_day
from aftersales_cli.customers.answers import Answer, AnswerError
from aftersales_cli.customers.callback_list import (
    FILLED_IN,
    Token,
    make_token,
    parse_token,
    recognise_callback_list,
)
from aftersales_cli.customers.callback_record import record_callback
from aftersales_cli.database.callbacks import get_callback
from aftersales_cli.errors import RefusedError, UnknownFileError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.reading.tables import open_table
from aftersales_cli.shop import Shop
from aftersales_cli.taxonomy import Taxonomy

_SCORE = re.compile(r"([1-5])(?:\.0)?\s*(?:分|-.*)?")
_CHINESE_DAY = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?(?:[ T].*)?")


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


@dataclass
class CallbackImport:
    """What a filled list brought; the four counts add up to the rows read."""

    recorded: int = 0
    unchanged: int = 0
    """Rows whose very answer was recorded before."""
    blank: int = 0
    """Rows nobody filled in."""
    rejected: list[RejectedRow] = field(default_factory=list)


class _CellError(Exception):
    """A cell that cannot be taken."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


@dataclass(frozen=True)
class _Sheet:
    """Where the columns of a list stand."""

    header: list[str]
    positions: dict[str, int]
    outcomes: Taxonomy

    def cell(self, cells: list[str], column: str) -> str:
        position = self.positions.get(column)
        return cells[position].strip() if position is not None and position < len(cells) else ""

    def reject(self, row: int, error: _CellError) -> RejectedRow:
        position = self.positions.get(error.column, self.positions["token"])
        return RejectedRow(row, self.header[position].strip(), f"{_letters(position)}{row}", error.reason)


def _letters(position: int) -> str:
    """Return a column's letters for its position from 0: A, B … Z, AA."""
    letters, rest = "", position + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def import_callbacks(shop: Shop, path: Path) -> CallbackImport:
    """Record the answers of a filled list, all good rows in one transaction.

    A row that cannot be taken is reported with its cell and hides no other. The same file again changes
    nothing, an older list never overwrites a newer answer. Raises UnknownFileError, FileError.
    """
    sheet, rows = _read(shop, path)
    result = CallbackImport()
    answered: dict[int, int] = {}
    with shop.writing("callbacks.import") as writing:
        for number, cells in rows:
            if not any(sheet.cell(cells, column) for column in FILLED_IN):
                result.blank += 1
                continue
            try:
                changed = _take_row(shop, sheet, number, cells, answered)
            except _CellError as error:
                result.rejected.append(sheet.reject(number, error))
            else:
                result.recorded += changed
                result.unchanged += not changed
        writing.count(
            recorded=result.recorded,
            unchanged=result.unchanged,
            blank=result.blank,
            rejected=len(result.rejected),
        )
    return result


def _read(shop: Shop, path: Path) -> tuple[_Sheet, list[tuple[int, list[str]]]]:
    """Read the whole list before the database is locked; a day's list is short."""
    try:
        with open_table(path, recognise_callback_list) as table:
            sheet = _Sheet(table.header, table.match, shop.taxonomy("callback_outcomes"))
            return sheet, list(table.rows)
    except UnknownFileError as error:
        raise UnknownFileError(
            _("{file} is not a callback list: the columns for outcome and code are missing.", file=path),
            remedy=_(
                "Fill in a list written by “aftersales callbacks export” and keep its headings and codes."
            ),
            headers=error.headers,
        ) from error


def _take_row(shop: Shop, sheet: _Sheet, number: int, cells: list[str], answered: dict[int, int]) -> bool:
    """Record one filled row and return whether that changed anything; raises _CellError."""
    token = _read_token(shop, sheet.cell(cells, "token"))
    answer = Answer(
        outcome=_read_outcome(sheet.outcomes, sheet.cell(cells, "outcome")),
        score=_read_score(sheet.cell(cells, "score")),
        next_on=_read_day(sheet.cell(cells, "next_on")),
        note=sheet.cell(cells, "note"),
    )
    earlier = answered.setdefault(token.callback_id, number)
    try:
        recorded = record_callback(shop, token.callback_id, answer, expected_revision=token.revision)
    except AnswerError as error:
        raise _CellError(error.column, f"{error.message} {error.remedy}") from error
    except RefusedError as error:
        if earlier != number:
            reason = _("Row {row} answers the same callback.", row=earlier)
            raise _CellError("token", reason) from error
        raise _CellError("outcome", f"{error.message} {error.remedy}") from error
    return recorded.changed


def _read_token(shop: Shop, text: str) -> Token:
    if not text:
        raise _CellError("token", _("The code is missing, so nobody can tell whom the answer is about."))
    token = parse_token(text)
    callback = get_callback(shop.database, token.callback_id) if token else None
    if token is None or callback is None or make_token(*_parts(token), callback.planned_at) != token:
        raise _CellError(
            "token",
            _(
                "The code “{code}” is damaged or from another shop. Copy it from a fresh list.",
                code=text[:40],
            ),
        )
    return token


def _parts(token: Token) -> tuple[int, int]:
    return token.callback_id, token.revision


def _read_outcome(outcomes: Taxonomy, text: str) -> str:
    if not text:
        raise _CellError("outcome", _("The outcome is missing."))
    try:
        return outcomes.resolve(text)
    except WrongUsageError as error:
        raise _CellError("outcome", f"{error.message} {error.remedy}") from error


def _read_score(text: str) -> int | None:
    if not text:
        return None
    if match := _SCORE.fullmatch(unicodedata.normalize("NFKC", text)):
        return int(match[1])
    raise _CellError(
        "score", _("“{text}” is no satisfaction. Write a whole number from 1 to 5.", text=text[:40])
    )


def _read_day(text: str) -> date | None:
    if not text:
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    if match := _CHINESE_DAY.fullmatch(plain):
        plain = "-".join(match.groups())
    try:
        return parse_day(plain)
    except WrongUsageError as error:
        raise _CellError("next_on", f"{error.message} {error.remedy}") from error
