"""Times as survey tools write them, with halves of the day and offsets in the text."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from aftersales_cli.clock import to_text
from aftersales_cli.intake.converters import BAD_TIME, CellError, Converter, time_converter
from aftersales_cli.reading.cells import clean_cell

_TIME = re.compile(
    r"(?P<day>\d{4}/\d{1,2}/\d{1,2}|\d{1,2}/\d{1,2}/\d{4}),? (?:(?P<zh>上午|下午) ?)?"
    r"(?P<clock>\d{1,2}:\d\d)(?P<seconds>:\d\d)?(?: ?(?P<en>[AP]M))?"
    r"(?P<zone> \[?(?:GMT|UTC)(?:(?P<hours>[+-]\d{1,2}):?(?P<minutes>\d\d)?)?\]?)?",
    re.IGNORECASE,
)
_HALVES = {"上午": "AM", "下午": "PM"}


def moment_converter(zone: tzinfo, slashes: str) -> Callable[[str], str | None]:
    """Return a converter of a survey tool's times, e.g. ``2026/09/03 3:04:05 PM GMT+8``, to UTC.

    ``zone`` holds where the text names no offset; ``slashes`` is ``month_first`` or ``day_first``. What is not
    written that way is read like any other time. The converter raises CellError.
    """
    other: Converter = time_converter(zone, slashes)

    def convert(cell: str) -> str | None:
        match = _TIME.fullmatch(clean_cell(cell))
        if match is None:
            moment: str | None = other(cell)
            return moment
        half = (match["en"] or _HALVES.get(match["zh"] or "", "")).upper()
        text = f"{match['day']} {match['clock']}{match['seconds'] or ':00'} {half}".strip()
        pattern = (
            f"{_day_pattern(match['day'], slashes)} {'%I' if half else '%H'}:%M:%S{' %p' if half else ''}"
        )
        try:
            naive = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone follows
        except ValueError as error:
            raise CellError(BAD_TIME) from error
        return to_text(naive.replace(tzinfo=_offset(match) or zone))

    return convert


def _day_pattern(day: str, slashes: str) -> str:
    if day[4:5] == "/":
        return "%Y/%m/%d"
    return "%d/%m/%Y" if slashes == "day_first" else "%m/%d/%Y"


def _offset(match: re.Match[str]) -> tzinfo | None:
    if not match["zone"]:
        return None
    if not match["hours"]:
        return UTC
    sign = -1 if match["hours"].startswith("-") else 1
    try:
        return timezone(timedelta(hours=int(match["hours"]), minutes=sign * int(match["minutes"] or 0)))
    except ValueError as error:
        raise CellError(BAD_TIME) from error
