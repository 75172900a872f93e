"""Read a filled callback list back."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.customers.answers import Answer, AnswerError
from aftersales_cli.customers.callback_list import CALLBACK_FORM
from aftersales_cli.customers.callback_record import record_callback
from aftersales_cli.database.callbacks import get_callback
from aftersales_cli.errors import RefusedError, UnknownFileError
from aftersales_cli.language import _
from aftersales_cli.reading.form_rows import (
    CellError,
    FilledRow,
    FilledSheet,
    FormImport,
    RejectedRow,
    read_forms,
    take_rows,
)
from aftersales_cli.reading.forms import TOKEN, Token
from aftersales_cli.shop import Shop

__all__ = ["CallbackImport", "RejectedRow", "import_callbacks"]

_SCORE = re.compile(r"([1-5])(?:\.0)?\s*(?:分|-.*)?")


@dataclass
class CallbackImport(FormImport):
    """What a filled list brought."""

    kind = "callbacks"


def import_callbacks(shop: Shop, path: Path) -> CallbackImport:
    """Record the answers of a filled list, all good rows in one transaction.

    A row that cannot be taken is reported with its cell and hides no other. The same file again changes
    nothing, an older list never overwrites a newer answer. Raises UnknownFileError, FileError.
    """
    sheets = _read(path)
    result = CallbackImport()
    answered: dict[int, int] = {}
    with shop.writing("callbacks.import") as writing:
        take_rows(sheets, lambda row: _take_row(shop, row, answered), result)
        writing.count(**result.counts())
    return result


def _read(path: Path) -> list[FilledSheet]:
    """Read the whole list before the database is locked; a day's list is short."""
    try:
        return read_forms(path, [CALLBACK_FORM])
    except UnknownFileError as error:
        raise UnknownFileError(
            _("{file} is not a callback list: the columns for outcome and code are missing.", file=path),
            remedy=_(
                "Fill in a list written by “aftersales callbacks export” and keep its headings and codes."
            ),
            headers=error.headers,
        ) from error


def _take_row(shop: Shop, row: FilledRow, answered: dict[int, int]) -> bool | None:
    """Record one row and return whether that changed anything, None if it is blank; raises CellError."""
    if not row.filled():
        return None
    token = _read_token(shop, row)
    answer = Answer(
        outcome=_read_outcome(shop, row),
        score=_read_score(row.text("score")),
        next_on=row.day("next_on"),
        note=row.text("note"),
        churn_reason=row.word("churn_reason", shop.taxonomy("churn_reasons")),
    )
    earlier = answered.setdefault(token.id, row.number)
    try:
        recorded = record_callback(shop, token.id, answer, expected_revision=token.revision)
    except AnswerError as error:
        raise CellError(error.column, f"{error.message} {error.remedy}") from error
    except RefusedError as error:
        if earlier != row.number:
            reason = _("Row {row} answers the same callback.", row=earlier)
            raise CellError(TOKEN, reason) from error
        raise CellError("outcome", f"{error.message} {error.remedy}") from error
    return recorded.changed


def _read_token(shop: Shop, row: FilledRow) -> Token:
    def seed(token: Token) -> str | None:
        callback = get_callback(shop.database, token.id)
        return callback.planned_at if callback else None

    return row.token(
        seed,
        missing=_("The code is missing, so nobody can tell whom the answer is about."),
        damaged=_("The code “{code}” is damaged or from another shop. Copy it from a fresh list."),
    )


def _read_outcome(shop: Shop, row: FilledRow) -> str:
    if outcome := row.word("outcome", shop.taxonomy("callback_outcomes")):
        return outcome
    raise CellError("outcome", _("The outcome is missing."))


def _read_score(text: str) -> int | None:
    if not text:
        return None
    if match := _SCORE.fullmatch(unicodedata.normalize("NFKC", text)):
        return int(match[1])
    raise CellError(
        "score", _("“{text}” is no satisfaction. Write a whole number from 1 to 5.", text=text[:40])
    )
