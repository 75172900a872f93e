"""Moments, local days and periods: read from text, written as text, never taken from the machine in rules."""

import os
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _

NOW_VARIABLE = "AFTERSALES_NOW"
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years outside are slips of the keyboard."""
_MOMENT_FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d",
)  # fmt: skip


def current_moment() -> datetime:
    """Return now in UTC: AFTERSALES_NOW if it is set (runner, demo, tests), else the machine's clock."""
    if fixed := os.environ.get(NOW_VARIABLE):
        return parse_moment(fixed, UTC)
    return datetime.now(UTC).replace(microsecond=0)


def parse_moment(text: str, zone: tzinfo) -> datetime:
    """Read ``2026-11-21 15:20`` (local to ``zone``) or an ISO moment with its own offset, as UTC.

    Raises WrongUsageError that shows the accepted form, also for a year outside 1990 to 2100.
    """
    cleaned = text.strip()
    moment = _read_moment(cleaned, zone)
    if moment is None:
        raise WrongUsageError(
            _("“{text}” is not a date and time.", text=text),
            remedy=_("Write it like 2026-11-21 15:20."),
        )
    _check_year(moment.year, cleaned)
    return moment.astimezone(UTC)


def _read_moment(cleaned: str, zone: tzinfo) -> datetime | None:
    if cleaned.endswith("Z") or re.search(r"[+-]\d\d:?\d\d$", cleaned[10:]):
        try:
            return datetime.fromisoformat(cleaned).replace(microsecond=0)
        except ValueError:
            pass
    for pattern in _MOMENT_FORMATS:
        try:
            return datetime.strptime(cleaned, pattern).replace(tzinfo=zone)
        except ValueError:
            continue
    return None


def _check_year(year: int, text: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise WrongUsageError(
            _("The year of “{text}” makes no sense here.", text=text),
            remedy=_("Give a year from {first} to {last}.", first=FIRST_YEAR, last=LAST_YEAR),
        )


def parse_day(text: str) -> date:
    """Read a day like ``2026-11-21``; raises WrongUsageError, also for a year outside 1990 to 2100."""
    for pattern in ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"):
        try:
            day = datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        _check_year(day.year, text.strip())
        return day
    raise WrongUsageError(_("“{text}” is not a day.", text=text), remedy=_("Write it like 2026-11-21."))


def to_text(moment: datetime) -> str:
    """Write a moment the way the database keeps it: ``2026-11-22T08:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_text(text: str) -> datetime:
    """Read a moment the way the database keeps it."""
    return datetime.fromisoformat(text)


def local_day(moment: str | datetime, zone: ZoneInfo) -> date:
    """Return the day a moment falls on in a time zone."""
    if isinstance(moment, str):
        moment = from_text(moment)
    return moment.astimezone(zone).date()


def local_text(moment: str | None, zone: ZoneInfo) -> str:
    """Write a stored moment for people, in local time to the minute; ``–`` for None."""
    return from_text(moment).astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else "–"


def seconds_between(start: str, end: str) -> int:
    """Return the wall-clock seconds between two stored moments."""
    return int((from_text(end) - from_text(start)).total_seconds())


@dataclass(frozen=True)
class Period:
    """A run of local days; ``end`` is the day after the last one."""

    label: str
    start: date
    end: date

    @property
    def last(self) -> date:
        """The last day inside the period."""
        return self.end - timedelta(days=1)

    def months(self) -> "list[Period]":
        """Split into calendar months, cut at both ends."""
        parts, first = [], self.start
        while first < self.end:
            following = min(_month_after(first.replace(day=1)), self.end)
            parts.append(Period(first.strftime("%Y-%m"), first, following))
            first = following
        return parts


def _month_after(day: date, months: int = 1) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def month_of(day: date, offset: int = 0) -> Period:
    """Return the calendar month of a day, or the one ``offset`` months from it."""
    first = _month_after(day.replace(day=1), offset)
    return Period(first.strftime("%Y-%m"), first, _month_after(first))


def parse_period(text: str) -> Period:
    """Read ``2026-02``, ``2026Q1``, ``2026`` or two days ``2026-02-01..2026-02-14``.

    Raises WrongUsageError, also for a year outside 1990 to 2100.
    """
    cleaned = text.strip()
    if year := re.match(r"\d{4}", cleaned):
        _check_year(int(year[0]), cleaned)
    if match := re.fullmatch(r"(\d{4})-?(\d{2})", cleaned):
        if 1 <= int(match[2]) <= 12:  # noqa: PLR2004 - months of a year
            return month_of(date(int(match[1]), int(match[2]), 1))
    elif match := re.fullmatch(r"(\d{4})-?[Qq]([1-4])", cleaned):
        first = date(int(match[1]), int(match[2]) * 3 - 2, 1)
        return Period(f"{match[1]}Q{match[2]}", first, _month_after(first, 3))
    elif re.fullmatch(r"\d{4}", cleaned):
        return Period(cleaned, date(int(cleaned), 1, 1), date(int(cleaned) + 1, 1, 1))
    elif ".." in cleaned:
        first, last = (parse_day(part) for part in cleaned.split("..", 1))
        if first <= last:
            return Period(f"{first}..{last}", first, last + timedelta(days=1))
    raise WrongUsageError(
        _("“{text}” is not a period.", text=text),
        remedy=_("Write a month 2026-02, a quarter 2026Q1, a year 2026 or two days 2026-02-01..2026-02-14."),
    )
