"""Cells become values: ids, amounts, moments and whole numbers, each refused with a reason rather than guessed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from aftersales_cli.language import N_, _
from aftersales_cli.money import to_minor
from aftersales_cli.reading.cells import clean_cell

Converter = Callable[[str], Any]

_NO_VALUE = frozenset({"", "-", "--", "—", "–", "无", "无退款申请", "没有申请退款", "null", "None", "N/A"})
_NO_TIME = frozenset({"0000-00-00 00:00:00", "0000-00-00", "1970-01-01 00:00:00", "1970-01-01 08:00:00"})
_DESTROYED = re.compile(r"\d(\.\d+)?[Ee]\+?\d+|\d+\.0*[Ee]\+?\d+")
_ID = re.compile(r"(?=.*\d)[#\w][\w#./:-]*", re.ASCII)
_DOLLARS = {"us": "USD", "au": "AUD", "a": "AUD", "c": "CAD", "ca": "CAD", "hk": "HKD", "nz": "NZD", "nt": "TWD",
            "s": "SGD", "sg": "SGD"}  # fmt: skip
_CURRENCY_SIGNS = re.compile(
    rf"(?:{'|'.join(_DOLLARS)})?\s*\$|CN¥|Rp\.?|RM|[¥￥€£฿₫₱]|元|\s|CNY|RMB|USD|EUR|GBP|AUD|CAD|IDR|VND|THB|PHP|MYR|SGD",
    re.IGNORECASE,
)
_DECIMAL_COMMA = re.compile(r"-?\d{1,3}(\.\d{3})*,\d{2}")
_DOTTED_THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+")
_WITHOUT_CENTS = frozenset({"IDR", "VND", "CLP", "COP", "PYG"})
"""Currencies whose amounts are written without decimals and with dots between thousands: ``89.000`` is 89,000."""
_OTHER_SIGNS = {"€": "EUR", "£": "GBP", "₫": "VND", "₱": "PHP", "฿": "THB", "RP": "IDR", "RM": "MYR"}
_DOLLAR_SIGN = re.compile(rf"({'|'.join(_DOLLARS)})?\s*\$", re.IGNORECASE)
_CURRENCY_CODE = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z])")
_MOST_DIGITS = 12
"""Larger amounts and quantities are slips, and would not fit the database as minor units."""
_YEARS = (1990, 2100)
"""Years an order can be of; others are slips or placeholders."""
_MEMORY_LIMIT = 50_000
_MOMENT_LENGTH = len("2026-11-21 15:20:00")
_SERIAL_DAYS = (20_000, 80_000)
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's days have no zone; it is added below

_TIME_FORMATS = (
    "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d",
    "%Y.%m.%d %H:%M:%S", "%Y.%m.%d", "%Y年%m月%d日%H时%M分%S秒", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日",
    "%d %b %Y %H:%M", "%d %b %Y", "%d-%b-%Y", "%b-%d-%y", "%Y-%m-%dT%H:%M:%S%z", "%Y%m%d%H%M%S", "%Y%m%d",
    # With AM or PM it is an American date, whatever the other dates of the format are like.
    "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p",
)  # fmt: skip
_SLASH_FORMATS = {
    "month_first": ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y", "%m/%d/%y"),
    "day_first": ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d/%m/%y"),
}


class CellError(Exception):
    """A cell that cannot be read; ``reason`` is a message for the catalogue, translated where it is shown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


DESTROYED = N_("Excel has destroyed the number: export again and do not open and save the file in Excel")
EMPTY_ID = N_("the number is missing")
NOT_AN_ID = N_("this is not a number of an order (a total or a note?)")
BAD_MONEY = N_("this is not an amount")
EMPTY_TIME = N_("the time is missing")
BAD_TIME = N_("this is not a date and time")
BAD_INTEGER = N_("this is not a whole number")


class Memory(dict[str, Any]):
    """A converter's results by cell text, since most columns repeat; forgets all when it gets large.

    Columns that are given the same one share it. Looking a cell up raises what the converter raises.
    """

    def __init__(self, convert: Converter) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, cell: str) -> Any:
        if len(self) > _MEMORY_LIMIT:
            self.clear()
        value = self[cell] = self._convert(cell)
        return value

    def __call__(self, cell: str) -> Any:
        """Convert a cell, as the converter itself would."""
        return self[cell]


def convert_id(cell: str) -> str:
    """Return an id as text with every digit; CellError if it is empty, a label, or destroyed by Excel."""
    if cell.isdecimal() and cell.isascii():
        return cell
    text = clean_cell(cell)
    if not text or text in _NO_VALUE:
        raise CellError(EMPTY_ID)
    if _DESTROYED.fullmatch(text):
        raise CellError(DESTROYED)
    if not _ID.fullmatch(text):
        raise CellError(NOT_AN_ID)
    return text


def money_converter(currency: str, on_rounding: Callable[[str], object]) -> Converter:
    """Return a converter to minor units; ``on_rounding`` gets each cell finer than the currency."""
    dotted = currency in _WITHOUT_CENTS

    def convert(cell: str) -> int | None:
        amount = parse_amount(cell, dotted=dotted)
        if amount is None:
            return None
        minor, rounded = to_minor(amount, currency)
        if rounded:
            on_rounding(cell)
        return minor

    return Memory(convert)


def parse_amount(cell: str, *, dotted: bool = False) -> Decimal | None:
    """Read an amount with its signs, separators and brackets; None for an empty cell.

    ``dotted`` says that the currency has no cents, so that a dot before three digits separates thousands; two
    such dots always do.
    """
    text = clean_cell(cell)
    if text in _NO_VALUE:
        return None
    text = _CURRENCY_SIGNS.sub("", text)
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    if _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif (dotted or text.count(".") > 1) and _DOTTED_THOUSANDS.fullmatch(text):
        text = text.replace(".", "")
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise CellError(BAD_MONEY) from error
    if not amount.is_finite() or amount.adjusted() > _MOST_DIGITS:
        raise CellError(BAD_MONEY)
    return amount


def convert_currency(cell: str) -> str | None:
    """Return the currency code a cell holds or its amount is written with; None if it does not say.

    ``USD`` → ``USD``, ``AU $3.00`` → ``AUD``, ``£12.00`` → ``GBP``; a bare ``$`` is taken for US dollars.
    """
    text = clean_cell(cell).upper()
    if match := _CURRENCY_CODE.search(text):
        return "CNY" if match[0] == "RMB" else match[0]
    if match := _DOLLAR_SIGN.search(text):
        return _DOLLARS[(match[1] or "us").lower()]
    return next((code for sign, code in _OTHER_SIGNS.items() if sign in text), None)


def convert_integer(cell: str) -> int | None:
    """Read a whole number, also one written as ``2.0``; None for an empty cell."""
    amount = parse_amount(cell)
    if amount is None:
        return None
    if amount != amount.to_integral_value():
        raise CellError(BAD_INTEGER)
    return int(amount)


def time_converter(zone: tzinfo, slashes: str = "month_first") -> Converter:
    """Return a converter from the platforms' many forms to a UTC moment.

    ``zone`` is where a moment without an offset belongs; ``slashes`` (``month_first`` or ``day_first``) says
    how ``03/04/2026`` is meant.
    """

    def convert(cell: str) -> str | None:
        text = clean_cell(cell)
        if text in _NO_VALUE or text in _NO_TIME:
            return None
        moment = _parse_common(text) or _parse_other(text, slashes)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        if not _YEARS[0] <= moment.year <= _YEARS[1]:
            raise CellError(BAD_TIME)
        return moment.astimezone(UTC).isoformat(timespec="seconds")[:_MOMENT_LENGTH] + "Z"

    return Memory(convert)


def _parse_common(text: str) -> datetime | None:
    """Read ``2026-11-21 15:20:00``, with ``/`` for ``-`` too: nearly all cells, without trying formats."""
    if len(text) == _MOMENT_LENGTH and text[4] in "-/" and text[13] == ":":
        try:
            return datetime.fromisoformat(text.replace("/", "-"))
        except ValueError:
            return None
    return None


def _parse_other(text: str, slashes: str) -> datetime:
    if text[4:5] == "-":
        try:
            # Shopify puts a space before the offset. One attempt instead of a dozen formats.
            return datetime.fromisoformat(text[:19] + text[20:] if text[19:20] == " " else text)
        except ValueError:
            pass
    for pattern in (*_TIME_FORMATS, *_SLASH_FORMATS[slashes]):
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 - the caller adds the zone
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        serial = float(text)
    except ValueError as error:
        raise CellError(BAD_TIME) from error
    if not _SERIAL_DAYS[0] < serial < _SERIAL_DAYS[1]:
        raise CellError(BAD_TIME)
    return _EXCEL_EPOCH + timedelta(seconds=round(serial * 86_400))


def describe(reason: str) -> str:
    """Return the translated text of a CellError's reason."""
    return _(reason)
