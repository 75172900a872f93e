"""Working time: how much of it lies between two moments, and when a number of its seconds has passed.

A calendar says in local time when a shop is open; everything that goes in and comes out is a moment in UTC. The
opening hours of whole years are laid out once as a row of windows in seconds since 1970, with the open seconds
before each, so that every question is two searches in a sorted list.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import N_, _

MINUTES_OF_DAY = 24 * 60
LONGEST_CLOSED_DAYS = 60
"""A calendar without an open second in so many days is refused: nothing would ever be due."""

_END = datetime(2150, 1, 1, tzinfo=UTC)
_MARGIN = timedelta(days=2)
_A_WHILE = timedelta(days=30)

Hours = tuple[tuple[int, int], ...]
"""Windows of one day in minutes since its midnight, e.g. ``((540, 1080),)``; past midnight the end is over 1440."""

Pauses = Sequence[tuple[datetime, datetime | None]]
"""Intervals that do not count; the last one may be open (None)."""

WHOLE_DAY: Hours = ((0, MINUTES_OF_DAY),)


class Stretch(NamedTuple):
    """A piece of open time."""

    start: datetime
    end: datetime
    seconds: int


@dataclass(eq=False)
class _Layout:
    """The windows of the years from ``first`` to ``last``, in seconds since 1970 and free of overlaps."""

    first: int = 0
    last: int = -1
    low: int = 0
    high: int = -1
    """Moments between which it answers: two days inside its years, since local days and night shifts reach over."""
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    """Open seconds before each window, counted from the first one, and at the end those of all."""


@dataclass(frozen=True, eq=False)
class Calendar:
    """When a shop is open. What is said about a date wins over a make-up day, that over a holiday, that over the week."""

    name: str
    zone: ZoneInfo
    week: tuple[Hours, ...]
    """Hours of Monday to Sunday."""
    closed: frozenset[date] = frozenset()
    """Holidays."""
    makeup: frozenset[date] = frozenset()
    """Days that are worked to make up for a holiday, whatever day of the week they are."""
    makeup_hours: Hours | None = None
    """Hours of make-up days; None for Monday's."""
    dates: Mapping[date, Hours] = field(default_factory=dict)
    """Hours of single dates, empty for a closed one."""
    _layout: _Layout = field(default_factory=_Layout, init=False, repr=False)

    def hours_of(self, day: date) -> Hours:
        """Return the windows that begin on a day."""
        special = self.dates.get(day)
        if special is not None:
            return special
        if day in self.makeup:
            return self.week[0] if self.makeup_hours is None else self.makeup_hours
        return () if day in self.closed else self.week[day.weekday()]

    def is_open_on(self, day: date) -> bool:
        """Tell whether a window begins on a day."""
        return bool(self.hours_of(day))


WALL = Calendar("wall", ZoneInfo("UTC"), (WHOLE_DAY,) * 7)
"""The calendar of the clock on the wall: every second counts."""


def parse_hours(text: str) -> Hours:
    """Read ``09:00-12:00 13:00-18:00``; an end not after its start is on the next day; "" is closed.

    Windows may be separated by blanks, commas or semicolons. Raises WrongUsageError, also if two overlap.
    """
    windows = sorted(
        _parse_window(part)
        for part in text.replace("；", " ").replace("，", " ").translate(_SEPARATORS).split()
    )
    for (_start, end), (start, _end) in pairwise(windows):
        if start < end:
            raise WrongUsageError(
                _("The opening hours “{text}” overlap.", text=text), remedy=_(_HOURS_REMEDY)
            )
    return tuple(windows)


_SEPARATORS = str.maketrans(",;、", "   ")
_HOURS_REMEDY = N_("Write them like 09:00-12:00 13:00-18:00; a night shift like 22:00-02:00.")


def _parse_window(text: str) -> tuple[int, int]:
    start, dash, end = text.replace("–", "-").replace("~", "-").replace("：", ":").partition("-")
    first, last = _parse_minutes(start), _parse_minutes(end)
    if not dash or first is None or last is None or first == MINUTES_OF_DAY:
        raise WrongUsageError(_("“{text}” is no opening time.", text=text), remedy=_(_HOURS_REMEDY))
    return first, last if last > first else last + MINUTES_OF_DAY


def _parse_minutes(text: str) -> int | None:
    hour, _colon, minute = text.strip().partition(":")
    if not (hour.isascii() and hour.isdigit()) or (minute and not (minute.isascii() and minute.isdigit())):
        return None
    minutes = int(hour) * 60 + int(minute or 0)
    return minutes if minutes <= MINUTES_OF_DAY and int(minute or 0) < 60 else None  # noqa: PLR2004 - minutes


def write_hours(hours: Hours) -> str:
    """Write windows as ``parse_hours`` reads them."""
    return " ".join(f"{_clock(start)}-{_clock(end)}" for start, end in hours)


def _clock(minutes: int) -> str:
    minutes = minutes if minutes <= MINUTES_OF_DAY else minutes - MINUTES_OF_DAY
    return f"{minutes // 60:02}:{minutes % 60:02}"


def elapsed_seconds(calendar: Calendar, start: datetime, end: datetime, *, pauses: Pauses = ()) -> int:
    """Return the open seconds from ``start`` (inclusive) to ``end`` (exclusive), without those of the pauses.

    0 if ``end`` is not after ``start``; never negative.
    """
    if end <= start:
        return 0
    total = _count(calendar, start, end)
    for pause_start, pause_end in _merged(pauses):
        first = max(pause_start, start)
        last = end if pause_end is None else min(pause_end, end)
        if first < last:
            total -= _count(calendar, first, last)
    return total


def due_moment(calendar: Calendar, start: datetime, seconds: int, *, pauses: Pauses = ()) -> datetime | None:
    """Return the earliest moment at which so many open seconds have passed since ``start``.

    Pauses are subtracted where they lie, not added to the start; None while an open pause holds the clock.
    Raises WrongUsageError if the calendar stays closed for more than 60 days on the way.
    """
    rest, position = seconds, start
    for pause_start, pause_end in _merged(pauses):
        if pause_end is not None and pause_end <= position:
            continue
        counted = elapsed_seconds(calendar, position, pause_start)
        if counted >= rest:
            break
        if pause_end is None:
            return None
        rest -= counted
        position = pause_end
    return _walk_forward(calendar, position, rest)


def open_stretches(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Stretch]:
    """Yield the open time between two moments window by window, in UTC."""
    if end <= start:
        return
    layout = _laid_out(calendar, start, end)
    first, last = _seconds(start), _seconds(end)
    index = bisect_right(layout.ends, first)
    while index < len(layout.starts) and layout.starts[index] < last:
        begin, finish = max(layout.starts[index], first), min(layout.ends[index], last)
        yield Stretch(_moment(begin), _moment(finish), finish - begin)
        index += 1


def add_working_days(calendar: Calendar, day: date, days: int) -> date:
    """Return the so-manieth open day after a day; the day itself does not count. Raises WrongUsageError as above."""
    closed = 0
    while days > 0:
        day += timedelta(days=1)
        closed += 1
        if closed > LONGEST_CLOSED_DAYS:
            raise _never_open(calendar, day - timedelta(days=closed))
        if calendar.is_open_on(day):
            days, closed = days - 1, 0
    return day


def end_of_day(calendar: Calendar, day: date) -> datetime:
    """Return the moment at which the last window that begins on an open day ends, in UTC."""
    return _moment(_local_seconds(calendar.zone, day, calendar.hours_of(day)[-1][1]))


def working_days(calendar: Calendar, year: int) -> list[date]:
    """Return the days of a year on which the calendar opens."""
    first = date(year, 1, 1)
    days = (first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days))
    return [day for day in days if calendar.is_open_on(day)]


def check_calendar(calendar: Calendar, first: date, last: date) -> None:
    """Refuse a calendar that is closed for more than 60 days in a row between two days (WrongUsageError)."""
    day, closed = first, 0
    while day <= last + timedelta(days=LONGEST_CLOSED_DAYS):
        closed = 0 if calendar.is_open_on(day) else closed + 1
        if closed > LONGEST_CLOSED_DAYS:
            raise _never_open(calendar, day - timedelta(days=closed - 1))
        day += timedelta(days=1)


def _never_open(calendar: Calendar, day: date) -> WrongUsageError:
    return WrongUsageError(
        _(
            "The calendar “{name}” is closed for more than {days} days from {day} on, so nothing would be due.",
            name=calendar.name,
            days=LONGEST_CLOSED_DAYS,
            day=day,
        ),
        remedy=_(
            "Give it opening hours in calendar.toml, or open days with “aftersales calendar import FILE”."
        ),
    )


def _merged(pauses: Pauses) -> list[tuple[datetime, datetime | None]]:
    """Return the pauses in order, those that touch or overlap as one, without empty ones."""
    joined: list[tuple[datetime, datetime | None]] = []
    for start, end in sorted(pauses, key=lambda pause: pause[0]):
        if end is not None and end <= start:
            continue
        if joined and ((last := joined[-1][1]) is None or start <= last):
            joined[-1] = joined[-1][0], None if last is None or end is None else max(last, end)
        else:
            joined.append((start, end))
    return joined


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _count(calendar: Calendar, start: datetime, end: datetime) -> int:
    layout = calendar._layout  # noqa: SLF001 - the calendar's own memory
    first, last = _seconds(start), _seconds(end)
    if first < layout.low or last > layout.high:
        layout = _laid_out(calendar, start, end)
    return _open_before(layout, last) - _open_before(layout, first)


def _open_before(layout: _Layout, moment: int) -> int:
    index = bisect_right(layout.starts, moment) - 1
    if index < 0:
        return 0
    return layout.before[index] + min(moment, layout.ends[index]) - layout.starts[index]


def _walk_forward(calendar: Calendar, start: datetime, seconds: int) -> datetime:
    if seconds <= 0:
        return start.astimezone(UTC)
    begin, ahead = _seconds(start), timedelta(seconds=seconds) + _A_WHILE
    while True:
        layout = _laid_out(calendar, start, min(start + ahead, _END))
        target = _open_before(layout, begin) + seconds
        # The window in which the target is reached: the last one with fewer open seconds before it.
        index = bisect_left(layout.before, target) - 1
        reached = index < len(layout.starts)
        _check_gaps(calendar, layout, begin, index if reached else len(layout.starts) - 1, reached=reached)
        if reached:
            return _moment(layout.starts[index] + target - layout.before[index])
        if start + ahead >= _END:
            raise WrongUsageError(
                _("The calendar “{name}” does not reach so far.", name=calendar.name),
                remedy=_("Set a shorter target."),
            )
        ahead *= 2


def _check_gaps(calendar: Calendar, layout: _Layout, begin: int, last: int, *, reached: bool) -> None:
    """Refuse a walk over a stretch of 60 closed days, or past the last window if the target is not reached."""
    limit = LONGEST_CLOSED_DAYS * MINUTES_OF_DAY * 60
    position, index = begin, bisect_right(layout.ends, begin)
    while index <= last:
        if layout.starts[index] - position > limit:
            raise _never_open(calendar, _moment(position).astimezone(calendar.zone).date())
        position = max(position, layout.ends[index])
        index += 1
    if not reached and layout.high - position > limit:
        raise _never_open(calendar, _moment(position).astimezone(calendar.zone).date())


def _laid_out(calendar: Calendar, start: datetime, end: datetime) -> _Layout:
    """Return the windows of at least this span, laid out anew if it reaches further than before."""
    layout: _Layout = calendar._layout  # noqa: SLF001 - the calendar's own memory
    if layout.low <= _seconds(start) and _seconds(end) <= layout.high:
        return layout
    years = [(start - _MARGIN).astimezone(UTC).year, (end + _MARGIN).astimezone(UTC).year]
    if layout.first <= layout.last:
        years += [layout.first, layout.last]
    layout.first, layout.last = min(years), max(years)
    layout.low = _seconds(datetime(layout.first, 1, 1, tzinfo=UTC) + _MARGIN)
    layout.high = _seconds(datetime(layout.last + 1, 1, 1, tzinfo=UTC) - _MARGIN)
    layout.starts, layout.ends, layout.before = [], [], [0]
    for opening, closing in _windows(calendar, layout.first, layout.last):
        if layout.ends and opening <= layout.ends[-1]:
            # Windows that touch or overlap are one.
            longer = max(closing - layout.ends[-1], 0)
            layout.before[-1] += longer
            layout.ends[-1] += longer
            continue
        layout.starts.append(opening)
        layout.ends.append(closing)
        layout.before.append(layout.before[-1] + closing - opening)
    return layout


def _windows(calendar: Calendar, first: int, last: int) -> Iterator[tuple[int, int]]:
    day, final = date(first, 1, 1), date(last, 12, 31)
    while day <= final:
        for start, end in calendar.hours_of(day):
            begin, finish = (_local_seconds(calendar.zone, day, minutes) for minutes in (start, end))
            if begin < finish:
                yield begin, finish
        day += timedelta(days=1)


def _local_seconds(zone: ZoneInfo, day: date, minutes: int) -> int:
    """Return the moment of a local time: the first of two if the clock was put back, the change if it leapt over it."""
    local = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minutes)
    moment = _seconds(local)
    if _seconds(local.replace(fold=1)) >= moment:
        return moment
    # The clock leaps over this time: look for the change between the two readings of it.
    low, high = _seconds(local.replace(fold=1)), moment
    before = _moment(low).astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if _moment(middle).astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
