"""The hours of a day in which somebody may be called, in their time and in ours. Rules only: values in, values out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aftersales_cli.customers.plans.calling_hours import Place
from aftersales_cli.language import N_, _
from aftersales_cli.worktime import Hours

PARTS = ((0, 12 * 60), (12 * 60, 17 * 60), (17 * 60, 24 * 60))
"""Morning, afternoon and evening, in minutes since midnight."""
PART_NAMES = (N_("morning"), N_("afternoon"), N_("evening"))

Span = tuple[datetime, datetime]
"""Two moments in UTC, the second exclusive."""


@dataclass(frozen=True)
class Allowed:
    """On which days and at which hours of their own clocks people may be called."""

    hours: Hours
    weekdays: frozenset[int]
    closed: frozenset[date]
    """Public holidays on which nobody is called."""


def call_spans(
    on: date, allowed: Allowed, place: Place, here: ZoneInfo, *, tried: Collection[int] = ()
) -> list[Span]:
    """Return when somebody may be called on a day of the shop's, earliest first; empty for never.

    With several possible zones only what fits all of them. ``tried`` are parts of the day (positions in PARTS) in
    which nobody answered: they are left out as long as another part remains.
    """
    day = (_moment(on, 0, here), _moment(on + timedelta(days=1), 0, here))
    spans = _open_spans(on, allowed, place.zones[0])
    for zone in place.zones[1:]:
        spans = _common(spans, _open_spans(on, allowed, zone))
    spans = _common(spans, [day])
    others = _common(spans, _part_spans(on, place.zones[0], set(range(len(PARTS))) - set(tried)))
    return others or spans


def _open_spans(on: date, allowed: Allowed, zone: ZoneInfo) -> list[Span]:
    days = [on + timedelta(days=days) for days in (-1, 0, 1)]
    return _merged(
        (_moment(day, start, zone), _moment(day, end, zone))
        for day in days
        if day.weekday() in allowed.weekdays and day not in allowed.closed
        for start, end in allowed.hours
    )


def _part_spans(on: date, zone: ZoneInfo, parts: Iterable[int]) -> list[Span]:
    days = [on + timedelta(days=days) for days in (-1, 0, 1)]
    return _merged(
        (_moment(day, PARTS[part][0], zone), _moment(day, PARTS[part][1], zone))
        for day in days
        for part in parts
    )


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Return the moment when clocks of a zone show so many minutes after a day's midnight."""
    shown = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return shown.replace(tzinfo=zone).astimezone(UTC)


def _merged(spans: Iterable[Span]) -> list[Span]:
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        elif start < end:
            result.append((start, end))
    return result


def _common(left: Sequence[Span], right: Sequence[Span]) -> list[Span]:
    parts = [
        (max(start, begin), min(end, stop))
        for start, end in left
        for begin, stop in right
        if max(start, begin) < min(end, stop)
    ]
    return sorted(parts)


def part_of_day(moment: datetime, zone: ZoneInfo) -> int:
    """Return the position in PARTS of a moment."""
    local = moment.astimezone(zone)
    minutes = local.hour * 60 + local.minute
    return next(number for number, (_start, end) in enumerate(PARTS) if minutes < end)


def write_spans(spans: Sequence[Span], place: Place, here: ZoneInfo) -> str:
    """Write when to call: in their time and in ours where these differ; "" for never."""
    if not spans:
        return ""
    ours = ", ".join(_clock_span(span, here) for span in spans)
    if len(place.zones) > 1:
        return _("{ours} here (fits every time zone of {country})", ours=ours, country=place.country)
    theirs = ", ".join(_clock_span(span, place.zones[0]) for span in spans)
    if theirs == ours:
        return ours
    return _("{theirs} (their time) = {ours} here", theirs=theirs, ours=ours)


def _clock_span(span: Span, zone: ZoneInfo) -> str:
    start, end = (moment.astimezone(zone) for moment in span)
    # A span that ends at midnight ends on the day it began on.
    last = "24:00" if end.time() == time() else f"{end:%H:%M}"
    return f"{start:%H:%M}–{last}"
