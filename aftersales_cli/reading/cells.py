"""Single cells: the dirt of export files stripped, and a workbook's typed values turned into text."""

import datetime as dt
import re
from decimal import Decimal

_DIRT = (
    "\t\r\n\v\f \u00a0\u3000\u2000\u2001\u2002\u2003\u2009\u202f\ufeff\u200b\u200c\u200d\u200e\u200f\u2060"
)
"""What may stand around a value without belonging to it: white space, byte order marks, zero-width characters."""

_FORMULA_TEXT = re.compile(r'="([^"]*)"|=""([^"]*)""|"="([^"]*)""')
_INEXACT = 10**15
"""From here on a number has more digits than Excel keeps (15), so an id stored as a number is destroyed."""


def clean_cell(text: str) -> str:
    r"""Return the value without what spreadsheets and exports wrap around it.

    Surrounding white space, tabs, byte order marks and zero-width characters go, then ``="…"``, a leading ``=``
    before a value and a leading ``'``. Inner characters stay: ``'\t="00123"'`` → ``'00123'``.
    """
    if text.isalnum():
        return text
    text = text.strip(_DIRT)
    if not text or text[0] not in "='\"":
        return text
    if match := _FORMULA_TEXT.fullmatch(text):
        text = next(group for group in match.groups() if group is not None)
    elif text[0] != '"':
        text = text.lstrip("=") if text[0] == "=" else text[1:]
    return text.strip(_DIRT)


def strip_dirt(text: str) -> str:
    """Return the text without white space, byte order marks and zero-width characters around it."""
    return text.strip(_DIRT)


def is_blank(cells: list[str]) -> bool:
    """Tell whether a row holds nothing but white space."""
    return not any(cells) or not any(cell.strip(_DIRT) for cell in cells)


def _number_text(number: float) -> str:
    if abs(number) < _INEXACT:
        return str(int(number)) if number == int(number) else repr(number)
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN is what differs from itself
        return ""
    return format(Decimal(repr(number)).normalize(), "e")


def _duration_text(duration: dt.timedelta) -> str:
    seconds = round(duration.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _moment_text(moment: dt.datetime) -> str:
    # Excel stores days as fractions: 08:26:00 may arrive as 08:25:59.999999.
    moment = (moment + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    return moment.strftime("%Y-%m-%d" if moment.time() == dt.time() else "%Y-%m-%d %H:%M:%S")


def value_text(value: object) -> str:  # noqa: PLR0911 - one return per type of cell
    """Return a workbook's cell as text.

    Dates ``YYYY-MM-DD``, with a time of day ``YYYY-MM-DD HH:MM:SS``; times and durations ``H:MM:SS``; truth values
    ``TRUE`` and ``FALSE``; whole numbers below 10^15 without a fraction, from 10^15 on with an exponent, so that
    an id column can see that its digits are lost; other numbers in their shortest exact form; nothing is ``""``.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number_text(float(value)) if abs(value) < float("inf") else ""
    if isinstance(value, dt.datetime):
        return _moment_text(value)
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat() if isinstance(value, dt.date) else value.strftime("%H:%M:%S")
    if isinstance(value, dt.timedelta):
        return _duration_text(value)
    return "" if value is None else str(value)
