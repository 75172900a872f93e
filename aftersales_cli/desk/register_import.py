"""Take a filled case register back: each row becomes steps of the desk, or is reported with its cell."""

from dataclasses import dataclass, field
from pathlib import Path

from aftersales_cli.database.cases import get_case
from aftersales_cli.desk.register_answers import take_answer
from aftersales_cli.desk.register_conflicts import leave_out_settled, refuse_overwriting
from aftersales_cli.desk.register_form import (
    CASES,
    HANDOFFS,
    NEW_ONLY,
    OF_EVERY_CASE,
    case_seed,
    new_seed,
)
from aftersales_cli.desk.register_rows import (
    Memory,
    Wanted,
    is_repeated,
    may_speak_for_others,
    read_wanted,
    recall,
    speak_as,
)
from aftersales_cli.desk.register_steps import NewCase, open_from_row, read_new_case, take_steps
from aftersales_cli.desk.steps import require_case
from aftersales_cli.errors import UnknownFileError
from aftersales_cli.language import _
from aftersales_cli.reading.form_rows import (
    CellError,
    FilledRow,
    FilledSheet,
    FormImport,
    read_forms,
    take_rows,
)
from aftersales_cli.reading.forms import TOKEN, Token, parse_token
from aftersales_cli.reading.whole_rows import WrongCells, take_whole
from aftersales_cli.shop import Shop


@dataclass
class RegisterImport(FormImport):
    """What a filled register brought."""

    kind = "register"
    opened: list[int] = field(default_factory=list)
    """Numbers of the new cases."""

    def counts(self) -> dict[str, int]:
        """Return the totals of the audit entry by their names."""
        return {**super().counts(), "opened": len(self.opened)}


@dataclass
class _Taking:
    """The taking of one file."""

    shop: Shop
    result: RegisterImport
    seen: dict[str, FilledRow] = field(default_factory=dict)
    """Code → the first row of the file that has it."""


def import_register(shop: Shop, path: Path) -> RegisterImport:
    """Do what the rows of a filled register ask for, all good rows in one transaction.

    A row is taken as a whole or, reported with its cell, not at all. The same file again changes nothing, more on
    the same row is added, and what came after a register is never overwritten by it. What stands on an employee's
    sheet is said and done by that employee. Raises UnknownFileError, FileError, RefusedError.
    """
    sheets = _read(path)
    result = RegisterImport()
    taking = _Taking(shop, result)
    with shop.writing("cases.register_import") as writing:
        take_rows(sheets, lambda row: _take_whole_row(taking, row), result, is_spare=_is_spare)
        writing.count(**result.counts())
    return result


def _read(path: Path) -> list[FilledSheet]:
    try:
        return read_forms(path, [CASES, HANDOFFS])
    except UnknownFileError as error:
        raise UnknownFileError(
            _(
                "{file} is not a case register: the columns for new status, cause and code are missing.",
                file=path,
            ),
            remedy=_(
                "Fill in a register written by “aftersales cases register” and keep its headings and codes."
            ),
            headers=error.headers,
        ) from error


def _is_spare(row: FilledRow) -> bool:
    """Return whether a row for a new case was left empty."""
    return row.sheet.form is CASES and _is_new(row) and not row.filled(CASES.filled_in)


def _is_new(row: FilledRow) -> bool:
    token = parse_token(row.text(TOKEN))
    return token is not None and token.revision == 0


def _take_whole_row(taking: _Taking, row: FilledRow) -> bool | None:
    return take_whole(
        taking.shop.writing("cases.register_import"),
        lambda: _take_case(taking, row) if row.sheet.form is CASES else take_answer(taking.shop, row),
    )


def _take_case(taking: _Taking, row: FilledRow) -> bool | None:
    is_new = _is_new(row)
    cells = row.filled(CASES.filled_in if is_new else OF_EVERY_CASE)
    if not cells:
        return None
    shop = taking.shop
    token = _check_token(shop, row, new_seed(shop) if is_new else case_seed(shop), is_new=is_new)
    if is_repeated(taking.seen, row, str(token), cells):
        return False
    memory = recall(shop, token)
    fresh = memory.fresh(cells)
    if not fresh:
        return False
    wrong = WrongCells()
    wanted = read_wanted(shop, row, wrong)
    new = read_new_case(shop, row, wrong) if is_new and memory.taken is None else None
    wrong.tell()
    # A time goes with what it was written for.
    wanted = wanted.without(*(name for name in vars(wanted) if name not in fresh))
    if new:
        return _open(taking, row, new, wanted, memory, cells)
    return _change(taking, row, wanted, memory, cells, fresh, token)


def _check_token(shop: Shop, row: FilledRow, seed: str, *, is_new: bool) -> Token:
    def seed_of(token: Token) -> str | None:
        return seed if is_new or get_case(shop.database, token.id) is not None else None

    return row.token(
        seed_of,
        missing=_(
            "The code is missing. Write new cases into one of the rows marked “new”, which have a code."
        ),
        damaged=_("The code “{code}” is damaged or from another shop. Copy it from a fresh register."),
    )


def _speakers(shop: Shop, row: FilledRow, wanted: Wanted) -> tuple[Shop, Shop]:
    """Return who acts on a row, and who gives its case to somebody: on the sheet of nobody whoever hands it in."""
    if owner := row.text("staff"):
        speaker = speak_as(shop, TOKEN, owner)
        return speaker, speaker
    taker = wanted.assignee if may_speak_for_others(shop.agent) else ""
    return speak_as(shop, "assignee", taker), shop


def _open(
    taking: _Taking, row: FilledRow, new: NewCase, wanted: Wanted, memory: Memory, cells: dict[str, str]
) -> bool:
    speaker, assigner = _speakers(taking.shop, row, wanted)
    reason = wanted.reason
    worker = speaker.agent.code if row.text("staff") else ""
    number, rest = open_from_row(speaker, new, wanted, worker=worker)
    take_steps(speaker, assigner, number, rest, question=wanted.note, reason=reason)
    memory.keep(taking.shop, number, cells)
    taking.result.opened.append(number)
    return True


def _change(
    taking: _Taking,
    row: FilledRow,
    wanted: Wanted,
    memory: Memory,
    cells: dict[str, str],
    fresh: list[str],
    token: Token,
) -> bool:
    shop = taking.shop
    number = memory.taken.case_number if memory.taken else token.id
    for column in NEW_ONLY:
        if column in fresh and memory.taken:
            raise CellError(
                column,
                _(
                    "This row has become case {number} already. Write another case into another row.",
                    number=number,
                ),
            )
    case = require_case(shop, number)
    known = memory.revision(token.revision)
    wanted = leave_out_settled(shop, case, wanted, known)
    if not wanted.columns():
        return False
    refuse_overwriting(shop, case, wanted, known)
    speaker, assigner = _speakers(shop, row, wanted)
    reason = row.word("reason", shop.taxonomy("reasons"))
    take_steps(speaker, assigner, number, wanted, question=row.text("note"), reason=reason)
    memory.keep(shop, number, cells)
    return True
