"""Take the filled workbook of returns back: its rows become steps of the desk, or are reported with their cells."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.desk.register_rows import blaming, is_repeated, recall, speak_as
from aftersales_cli.desk.returns.exception_decisions import ReviewSheet
from aftersales_cli.desk.returns.exception_form import (
    FORMS,
    PROBLEMS,
    RECEIPTS,
    REVIEW,
    digest_state,
    seed_of,
)
from aftersales_cli.desk.returns.exception_problems import ProblemSheet
from aftersales_cli.desk.returns.exception_receipts import ReceiptSheet
from aftersales_cli.desk.returns.exception_subjects import SheetTaker
from aftersales_cli.errors import UnknownFileError
from aftersales_cli.language import _
from aftersales_cli.reading.form_rows import (
    FilledRow,
    FilledSheet,
    FormImport,
    read_forms,
    take_rows,
)
from aftersales_cli.reading.forms import Token
from aftersales_cli.reading.whole_rows import take_whole
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import require_agent

_TAKERS: dict[str, Callable[[], SheetTaker]] = {
    REVIEW.name: ReviewSheet,
    RECEIPTS.name: ReceiptSheet,
    PROBLEMS.name: ProblemSheet,
}
_ASIDE = ("by", "at")
"""Columns that ask for nothing by themselves."""


@dataclass
class ExceptionsImport(FormImport):
    """What a filled workbook of returns brought."""

    kind = "return_exceptions"


def import_exceptions(shop: Shop, path: Path) -> ExceptionsImport:
    """Do what the rows of a filled workbook ask for, all good rows in one transaction.

    A row is taken as a whole or, reported with its cell, not at all. The same file again changes nothing, and what
    was decided, received or paid after the workbook was written is never overwritten by it. Raises
    UnknownFileError, FileError, RefusedError.
    """
    sheets = _read(path)
    result = ExceptionsImport()
    seen: dict[str, FilledRow] = {}
    with shop.writing("returns.exceptions_import") as writing:
        take_rows(
            sheets,
            lambda row: take_whole(shop.writing("returns.exceptions_import"), lambda: _take(shop, seen, row)),
            result,
        )
        writing.count(**result.counts())
    return result


def _read(path: Path) -> list[FilledSheet]:
    try:
        return read_forms(path, FORMS)
    except UnknownFileError as error:
        raise UnknownFileError(
            _(
                "{file} is no workbook of returns: the columns for verdict, pieces received and code are missing.",
                file=path,
            ),
            remedy=_(
                "Fill in a workbook written by “aftersales returns exceptions” and keep its headings "
                "and codes."
            ),
            headers=error.headers,
        ) from error


def _take(shop: Shop, seen: dict[str, FilledRow], row: FilledRow) -> bool | None:
    cells = row.filled()
    if not any(name not in _ASIDE for name in cells):
        return None
    form, taker = row.sheet.form, _TAKERS[row.sheet.form.name]()
    token = _check_token(shop, row, taker)
    if is_repeated(seen, row, f"{form.name} {token}", cells):
        return False
    memory = recall(shop, token, f"return {form.name}")
    fresh = [name for name in memory.fresh(cells) if name not in _ASIDE]
    if not fresh:
        return False
    subject = taker.find(shop, token.id)
    assert subject is not None
    is_new = digest_state(subject.state) == memory.revision(token.revision)
    if not taker.take(_speaker(shop, row), row, subject, fresh, is_new=is_new):
        return False
    after = taker.find(shop, token.id)
    assert after is not None
    memory.keep(shop, subject.case_number, cells, digest_state(after.state))
    return True


def _check_token(shop: Shop, row: FilledRow, taker: SheetTaker) -> Token:
    seed = seed_of(shop, row.sheet.form)
    return row.token(
        lambda token: seed if taker.find(shop, token.id) else None,
        missing=_("The code is missing, so nobody can tell what this row is about."),
        damaged=_("The code “{code}” is damaged or from another shop. Copy it from a fresh workbook."),
    )


def _speaker(shop: Shop, row: FilledRow) -> Shop:
    """Return the shop as whoever the row names acts in it, else whoever hands it in."""
    name = row.text("by")
    if not name:
        return shop
    with blaming("by"):
        return speak_as(shop, "by", require_agent(shop, name).code)
