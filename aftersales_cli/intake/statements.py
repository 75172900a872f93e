"""Statements of banks and payment services become payments out: columns by the user's mapping, else by their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aftersales_cli.desk.refunds.keeping import PaidOut
from aftersales_cli.desk.rule_files import read_toml
from aftersales_cli.errors import FileError, UnknownFileError, WrongUsageError
from aftersales_cli.intake.converters import (
    CellError,
    Converter,
    convert_id,
    money_converter,
    time_converter,
)
from aftersales_cli.intake.trailers import is_trailer
from aftersales_cli.language import N_, _
from aftersales_cli.reading.cells import clean_cell
from aftersales_cli.reading.headers import normalise_header
from aftersales_cli.reading.tables import OpenTable, open_table
from aftersales_cli.resources import data_files
from aftersales_cli.shop import Shop

FIELDS = ("amount", "time", "reference", "order", "type", "direction")
_FILE = "statements.toml"
_NO_NUMBER = N_("the row has neither the number of a payment nor that of an order")


@dataclass(frozen=True)
class Statement:
    """The payments out of a file."""

    payments: list[PaidOut]
    skipped: int
    """Rows that are no payment out: income, other types, totals."""
    rejects: list[tuple[int, str]]
    """Rows that cannot be read: number and reason."""


@dataclass(frozen=True)
class _Row:
    number: int
    payment: PaidOut
    """Its amount still has the file's sign."""
    type: str
    direction: str


def read_statement(
    shop: Shop, path: Path, *, mappings: Sequence[str] = (), only: str = "", currency: str
) -> Statement:
    """Read a statement; ``mappings`` are words like ``支出金额=amount``, ``only`` a text the type must hold.

    Where a file has amounts below 0, these are the payments out, and others are income. Raises WrongUsageError for
    a mapping that cannot be used, UnknownFileError (naming the columns) if none is known, FileError.
    """
    words = _words(shop)
    given = _read_mappings(mappings)
    try:
        table = open_table(path, lambda header: _places(header, given, words["columns"]))
    except UnknownFileError as error:
        raise _explain(path, error) from error
    with table:
        if only and "type" not in table.match:
            raise WrongUsageError(
                _("--only needs a column with the type of a row."),
                remedy=_("Say which it is: --map COLUMN=type"),
            )
        rows, skipped, rejects = _read_rows(shop, table, currency)
    kept = _select(_going_out(rows, words["out"], words["income"]), only, words["words"])
    payments = [replace(row.payment, amount=abs(row.payment.amount)) for row in kept]
    return Statement(payments, skipped + len(rows) - len(kept), rejects)


def _words(shop: Shop) -> Mapping[str, Any]:
    path = data_files("templates/settings", shop.folder)[_FILE]
    document = read_toml(path)
    columns, refunds = document.get("columns", {}), document.get("refunds", {})
    words, out, income = (refunds.get(name, []) for name in ("words", "out", "income"))
    lists = [words, out, income, *columns.values()] if isinstance(columns, dict) else [None]
    known = isinstance(columns, dict) and columns.keys() <= set(FIELDS)
    if not known or not all(
        isinstance(entry, list) and all(isinstance(word, str) for word in entry) for entry in lists
    ):
        raise FileError(
            _("{path} is not in order.", path=path),
            remedy=_("[columns] holds lists of texts for: {names}.", names=", ".join(FIELDS)),
        )
    return {"columns": columns, "words": words, "out": out, "income": income}


def _read_mappings(words: Sequence[str]) -> dict[str, str]:
    """Return field → header as it is compared."""
    found: dict[str, str] = {}
    for word in words:
        column, mark, field = (part.strip() for part in word.rpartition("="))
        if not mark or not column or field not in FIELDS:
            raise WrongUsageError(
                _("“{word}” is not a mapping.", word=word),
                remedy=_("Write --map COLUMN=FIELD, with FIELD one of: {fields}", fields=", ".join(FIELDS)),
            )
        if field in found:
            raise WrongUsageError(_("Two columns are mapped to “{field}”.", field=field))
        found[field] = normalise_header(column)
    return found


def _places(
    header: Sequence[str], given: Mapping[str, str], words: Mapping[str, Sequence[str]]
) -> dict[str, int] | None:
    """Return field → place of its column; None for a row that is no header of a statement."""
    cells = [cell.strip("`'\"") for cell in header]
    places = {}
    for field in FIELDS:
        if field in given:
            if given[field] not in cells:
                return None
            places[field] = cells.index(given[field])
            continue
        names = [normalise_header(name) for name in words.get(field, ())]
        place = next((cells.index(name) for name in names if name in cells), None)
        if place is not None and place not in places.values():
            places[field] = place
    return places if "amount" in places and places.keys() & {"reference", "order"} else None


def _read_rows(
    shop: Shop, table: OpenTable[dict[str, int]], currency: str
) -> tuple[list[_Row], int, list[tuple[int, str]]]:
    rounded: list[str] = []
    readers: dict[str, Converter] = {
        "amount": money_converter(currency, rounded.append),
        "time": time_converter(shop.zone),
    }
    rows: list[_Row] = []
    skipped, rejects = 0, []
    for number, cells in table.rows:
        try:
            row = _read_row(number, cells, table.match, readers, currency)
        except CellError as error:
            if is_trailer(cells):
                skipped += 1
            else:
                rejects.append((number, _(error.reason)))
            continue
        if row is None:
            skipped += 1
        else:
            rows.append(row)
    return rows, skipped, rejects


def _read_row(
    number: int,
    cells: Sequence[str],
    places: Mapping[str, int],
    readers: Mapping[str, Converter],
    currency: str,
) -> _Row | None:
    """Return the payment of a row, None for one without an amount or a number; raises CellError."""

    def cell(field: str) -> str:
        place = places.get(field)
        # WeChat puts a backquote before each value, so that spreadsheets leave it as it is.
        return (
            "" if place is None or place >= len(cells) else clean_cell(clean_cell(cells[place]).lstrip("`"))
        )

    amount = readers["amount"](cell("amount"))
    numbers = {field: convert_id(cell(field)) if cell(field) else "" for field in ("reference", "order")}
    if not amount:
        return None
    if not any(numbers.values()):
        raise CellError(_NO_NUMBER)
    at = readers["time"](cell("time")) if cell("time") else None
    content = "|".join(clean_cell(entry) for entry in cells).rstrip("|")
    payment = PaidOut(at, currency, amount, numbers["reference"], numbers["order"], content)
    return _Row(number, payment, cell("type"), cell("direction"))


def _going_out(rows: Sequence[_Row], out: Sequence[str], income: Sequence[str]) -> list[_Row]:
    """Leave out what a column like 收/支 calls income; where it says what goes out, all else."""

    def holds(row: _Row, words: Sequence[str]) -> bool:
        return any(word.lower() in row.direction.lower() for word in words)

    going = [row for row in rows if holds(row, out)]
    return going or [row for row in rows if not holds(row, income)]


def _select(rows: Sequence[_Row], only: str, words: Sequence[str]) -> list[_Row]:
    """Return the rows that are payments out: of the wanted type, and below 0 where the file has such amounts."""
    if only:
        kept = [row for row in rows if only in row.type]
    else:
        fitting = [row for row in rows if any(word.lower() in row.type.lower() for word in words)]
        kept = fitting or list(rows)
    below = [row for row in kept if row.payment.amount < 0]
    return below or kept


def _explain(path: Path, error: UnknownFileError) -> UnknownFileError:
    if not error.headers:
        return error
    columns = ", ".join(cell for cell in error.headers[0] if cell)
    return UnknownFileError(
        _("It is not known which columns of {file} hold amount and number.", file=path.name),
        remedy=_(
            "Say it: --map COLUMN=amount --map COLUMN=reference (or order), and COLUMN=time. Columns: {columns}. "
            "A marketplace's own refund list is taken in with “aftersales orders import”.",
            columns=columns,
        ),
        headers=error.headers,
    )
