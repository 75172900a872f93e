"""Periods beside the one asked for: the one before it, and the months that lead up to it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aftersales_cli.clock import Period, month_of, to_text


def previous_period(period: Period) -> Period:
    """Return the period of the same length right before: whole months by months, other runs by days."""
    if period.start.day == 1 and period.end.day == 1:
        count = len(period.months())
        first = month_of(period.start, -count)
        if count == 1:
            return first
        return Period(_whole_months_label(first, count), first.start, period.start)
    start = period.start - (period.end - period.start)
    last = period.start - timedelta(days=1)
    return Period(f"{start}..{last}", start, period.start)


def _whole_months_label(first: Period, count: int) -> str:
    if count == 12 and first.start.month == 1:  # noqa: PLR2004 - months of a year
        return str(first.start.year)
    if count == 3 and first.start.month % 3 == 1:  # noqa: PLR2004 - months of a quarter
        return f"{first.start.year}Q{first.start.month // 3 + 1}"
    return f"{first.label}..{month_of(first.start, count - 1).label}"


def months_until(period: Period, count: int) -> list[Period]:
    """Return ``count`` whole calendar months, the last one holding the period's last day."""
    return [month_of(period.last, offset) for offset in range(1 - count, 1)]


def twelve_months(period: Period) -> Period:
    """Return the twelve whole months that end with the period's last one, as one period."""
    months = months_until(period, 12)
    return Period(f"{months[0].label}..{months[-1].label}", months[0].start, months[-1].end)


def end_moment(period: Period, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the moment a period ends at in the shop's zone, or ``now`` if that is earlier."""
    return min(datetime.combine(period.end, time(), zone).astimezone(UTC), now)


def is_over(period: Period, zone: ZoneInfo, now: datetime) -> bool:
    """Tell whether the whole period lies in the past."""
    return datetime.combine(period.end, time(), zone) <= now


def moment_before(moment: datetime, **units: int) -> str:
    """Return the stored text of a moment so many days or seconds (``timedelta`` units) earlier."""
    return to_text(moment - timedelta(**units))
