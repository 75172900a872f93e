"""How long a right lasts: windows counted in local days. Rules only: values in, values out."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from aftersales_cli.clock import local_day, to_text

STARTS = ("delivered", "paid", "last_parcel", "finished", "warranty")
"""Events a window can begin with; ``warranty`` runs to the day the warranty ends, whatever it began with."""

COUNTS = ("days", "168h", "business")
"""Natural days, hours from 00:00 of the day after (24 for each day), or open days of the calendar."""

ENDS = ("day", "next_working_day")
"""At 24:00 of the last day, or of the first open day from the last one on."""

_LONGEST_CLOSED_DAYS = 60
_SATURDAY = 5


class OpenDays(Protocol):
    """Whatever knows which days are worked."""

    def is_open_on(self, day: date) -> bool:
        """Tell whether people work on a day."""
        ...


class WeekDays:
    """Monday to Friday, for lack of a better calendar."""

    def is_open_on(self, day: date) -> bool:
        """Tell whether the day is no Saturday and no Sunday."""
        return day.weekday() < _SATURDAY


@dataclass(frozen=True)
class WindowSpec:
    """What a policy says about a window: either days or months, except for ``start = "warranty"``."""

    days: int = 0
    months: int = 0
    start: str = "delivered"
    count: str = "days"
    end: str = "day"

    @property
    def size(self) -> int:
        """About how many days it lasts, to compare two windows."""
        return self.days or self.months * 31


@dataclass(frozen=True)
class Window:
    """A window worked out; moments in UTC."""

    spec: WindowSpec
    zone: str
    begun_by: str | None
    """The event it counts from; None if that has not happened or is not known."""
    first_day: date | None = None
    """Day 1: the day after the event."""
    plain_last_day: date | None = None
    """The last day before it was moved because of a holiday."""
    last_day: date | None = None
    end: str | None = None
    """The first moment after it."""
    at_latest: bool = False
    """The event itself is not known, only that it was not later than ``begun_by``: the end may have been earlier."""

    @property
    def start(self) -> str | None:
        """When day 1 begins."""
        return None if self.first_day is None else to_text(midnight(self.first_day, ZoneInfo(self.zone)))

    @property
    def has_begun(self) -> bool:
        """Whether its end is known."""
        return self.end is not None

    def holds(self, moment: str) -> bool:
        """Tell whether a moment is not past its end; a window that has not begun is not over."""
        return self.end is None or moment < self.end


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a local day in UTC, also where clocks are changed at midnight."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def find_window(
    spec: WindowSpec, *, begun_by: str | None, warranty_until: str | None, zone: ZoneInfo, calendar: OpenDays
) -> Window:
    """Work out a window: day 1 is the local day after the event, and the last day ends at its 24:00.

    Source: 民法典 art. 201–203 (first day not counted, ends at 24:00, a holiday moves the last day); months end on
    the day of the same number, or the month's last (art. 202). ``warranty_until`` is a local day.
    """
    if spec.start == "warranty":
        if not warranty_until:
            return Window(spec, zone.key, None)
        last = date.fromisoformat(warranty_until)
        return _closed(Window(spec, zone.key, begun_by, None, last, last), zone)
    if begun_by is None:
        return Window(spec, zone.key, None)
    day = local_day(begun_by, zone)
    first = day + timedelta(days=1)
    last = _last_day(spec, day, calendar)
    moved = _next_open(last, calendar) if spec.end == "next_working_day" else last
    window = Window(spec, zone.key, begun_by, first, last, moved)
    if spec.count == "168h":
        hours = timedelta(hours=24 * ((moved - first).days + 1))
        return _closed(window, zone, to_text(midnight(first, zone) + hours))
    return _closed(window, zone)


def _closed(window: Window, zone: ZoneInfo, end: str = "") -> Window:
    assert window.last_day is not None
    last = window.last_day
    return Window(
        window.spec,
        window.zone,
        window.begun_by,
        window.first_day,
        window.plain_last_day,
        last,
        end or to_text(midnight(last + timedelta(days=1), zone)),
    )


def _last_day(spec: WindowSpec, day: date, calendar: OpenDays) -> date:
    if spec.months:
        return add_months(day, spec.months)
    if spec.count != "business":
        return day + timedelta(days=spec.days)
    for _count in range(spec.days):
        day = _next_open(day + timedelta(days=1), calendar)
    return day


def _next_open(day: date, calendar: OpenDays) -> date:
    """Return the first open day from a day on; the day itself if the calendar knows none for two months."""
    for distance in range(_LONGEST_CLOSED_DAYS):
        if calendar.is_open_on(day + timedelta(days=distance)):
            return day + timedelta(days=distance)
    return day


def add_months(day: date, months: int) -> date:
    """Return the day of the same number so many months later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
