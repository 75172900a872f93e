"""Take in tables of exchange rates: each row a day, two currencies and a rate."""

import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from aftersales_cli.database.rates import mark_customers_of_currency, store_rate
from aftersales_cli.errors import UnknownFileError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.reading.form_rows import (
    CellError,
    FilledRow,
    FilledSheet,
    FormImport,
    read_forms,
    take_rows,
)
from aftersales_cli.reading.forms import load_form
from aftersales_cli.reading.whole_rows import WrongCells
from aftersales_cli.records.value import ExchangeRate
from aftersales_cli.settings import check_currency
from aftersales_cli.shop import Shop

FORM = load_form("exchange_rates.toml")
_LARGEST = Decimal(10) ** 9
_SHOWN = 40


@dataclass
class RatesImport(FormImport):
    """What a table of rates brought."""

    kind = "rates"


def import_rates(shop: Shop, path: Path) -> RatesImport:
    """Store the rates of a csv file or workbook; the same file again changes nothing, a corrected one corrects.

    A row that cannot be taken is reported with its cells and hides no other. Raises UnknownFileError, FileError.
    """
    sheets = _read(path)
    result = RatesImport()
    met: dict[tuple[str, str, str], tuple[FilledRow, Decimal]] = {}
    changed: dict[str, str] = {}
    with shop.writing("rates.import") as writing:
        take_rows(sheets, lambda row: _take_row(shop, row, met, changed), result)
        changed.pop(shop.settings.shop.currency, None)
        for currency, since in changed.items():
            mark_customers_of_currency(shop.database, currency, since)
        writing.count(**result.counts())
    return result


def _read(path: Path) -> list[FilledSheet]:
    try:
        return read_forms(path, [FORM])
    except UnknownFileError as error:
        raise UnknownFileError(
            _("{file} is no table of exchange rates.", file=path),
            remedy=_(
                "It needs the columns: {names}.", names=", ".join(c.title for c in FORM.columns.values())
            ),
            headers=error.headers,
        ) from error


def _take_row(
    shop: Shop,
    row: FilledRow,
    met: dict[tuple[str, str, str], tuple[FilledRow, Decimal]],
    changed: dict[str, str],
) -> bool | None:
    if not row.filled():
        return None
    rate = _read_row(row)
    key = (rate.on_day, rate.currency, rate.into_currency)
    earlier = met.setdefault(key, (row, Decimal(rate.rate)))
    if earlier[1] != Decimal(rate.rate):
        raise CellError("rate", _("Row {row} gives another rate for the same day.", row=earlier[0].number))
    if not store_rate(shop.database, rate):
        return False
    for currency in (rate.currency, rate.into_currency):
        changed[currency] = min(rate.on_day, changed.get(currency, rate.on_day))
    return True


def _read_row(row: FilledRow) -> ExchangeRate:
    wrong = WrongCells()
    on_day, currencies, rate = "", ["", ""], ""
    with wrong.noting():
        found = row.day("on")
        if found is None:
            raise CellError("on", _("The date is missing."))
        on_day = found.isoformat()
    for place, name in enumerate(("from", "to")):
        with wrong.noting():
            currencies[place] = _read_currency(row, name)
    with wrong.noting():
        rate = _read_rate(row)
    wrong.tell()
    if currencies[0] == currencies[1]:
        raise CellError("to", _("A currency needs no rate into itself."))
    return ExchangeRate(on_day, currencies[0], currencies[1], rate)


def _read_currency(row: FilledRow, column: str) -> str:
    text = row.text(column)
    if not text:
        raise CellError(column, _("The currency is missing."))
    try:
        return check_currency(text[:_SHOWN])
    except WrongUsageError as error:
        raise CellError(column, f"{error.message} {error.remedy}") from error


def _read_rate(row: FilledRow) -> str:
    """Return a rate as an exact decimal without superfluous zeros, so that 7.10 and 7.1 are the same."""
    text = unicodedata.normalize("NFKC", row.text("rate")).strip()
    if not text:
        raise CellError("rate", _("The rate is missing."))
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or not 0 < rate < _LARGEST or "_" in text:
        raise CellError(
            "rate", _("“{text}” is not a rate: write a number above 0 like 7.0823.", text=text[:_SHOWN])
        )
    return f"{rate.normalize():f}"
