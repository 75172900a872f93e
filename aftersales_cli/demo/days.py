"""When things happen in the demonstration: its fixed dates, and the rhythm of a shop's year, week and day."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2026, 11, 22, 2, 30, tzinfo=ZONE)
"""The nightly job runs."""
MORNING = datetime(2026, 11, 22, 9, 0, tzinfo=ZONE)
"""Staff arrive."""
DOWNLOADED = datetime(2026, 11, 21, 23, 40, tzinfo=ZONE)
"""The export files were made; nothing in them is later."""
STARTED = datetime(2026, 8, 23, 9, 0, tzinfo=ZONE)
"""The shop began to use this program."""
FIRST_DAY = date(2025, 11, 22)
LAST_DAY = date(2026, 11, 21)
NEW_BATCH_FROM = date(2026, 9, 1)
"""From here on the cloud cushion comes from a new supplier."""
DOUBLE_ELEVEN = (date(2026, 10, 31), date(2026, 11, 13))

Season = tuple[date, date, float]
"""First day, last day (inclusive), how many times the ordinary day's orders."""

TAOBAO_SEASONS: tuple[Season, ...] = (
    (date(2025, 12, 10), date(2025, 12, 12), 2.4),
    (date(2026, 1, 10), date(2026, 1, 25), 1.3),
    (date(2026, 2, 12), date(2026, 2, 22), 0.3),
    (date(2026, 3, 5), date(2026, 3, 8), 1.6),
    (date(2026, 6, 1), date(2026, 6, 3), 2.2),
    (date(2026, 6, 16), date(2026, 6, 18), 5.0),
    (date(2026, 9, 9), date(2026, 9, 9), 1.5),
    (date(2026, 10, 31), date(2026, 11, 3), 3.5),
    (date(2026, 11, 10), date(2026, 11, 11), 11.0),
)
SHOPIFY_SEASONS: tuple[Season, ...] = (
    (date(2025, 11, 28), date(2025, 12, 1), 4.0),
    (date(2025, 12, 2), date(2025, 12, 15), 1.8),
    (date(2026, 5, 4), date(2026, 5, 9), 1.6),
    (date(2026, 11, 16), date(2026, 11, 21), 1.7),
)
_WEEKDAYS = (1.0, 0.95, 0.95, 1.0, 1.05, 1.15, 1.2)
_HOURS = (5, 2, 1, 0.5, 0.3, 0.5, 1, 2, 4, 6, 8, 7, 6, 6, 7, 7, 6, 5, 5, 6, 9, 11, 10, 7)
"""How lively each hour from 0 to 23 is."""
_YEARLY_GROWTH = 0.4


def year_days() -> list[date]:
    """Return the days of the demonstration year."""
    return [FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days + 1)]


def draw_moments(rng: Random, count: int, seasons: tuple[Season, ...]) -> list[datetime]:
    """Draw the moments of orders over the year, earliest first, none after the files were made."""
    days = year_days()
    weights = [_day_weight(day, seasons) for day in days]
    drawn = rng.choices(days, weights, k=count)
    return sorted(min(moment_on(rng, day), DOWNLOADED - timedelta(minutes=20)) for day in drawn)


def _day_weight(day: date, seasons: tuple[Season, ...]) -> float:
    weight = _WEEKDAYS[day.weekday()] * (1 + _YEARLY_GROWTH * (day - FIRST_DAY).days / 365)
    for first, last, factor in seasons:
        if first <= day <= last:
            weight *= factor
    return weight


def moment_on(rng: Random, day: date) -> datetime:
    """Draw a moment of a day as lively as its hours are."""
    hour = rng.choices(range(24), _HOURS)[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), ZONE)


def after(rng: Random, moment: datetime, shortest_hours: float, longest_hours: float) -> datetime:
    """Draw a moment between so many hours later."""
    seconds = rng.uniform(shortest_hours * 3600, longest_hours * 3600)
    return moment + timedelta(seconds=round(seconds))


def known(moment: datetime | None) -> datetime | None:
    """Return a moment if it had come when the files were made."""
    return moment if moment is not None and moment <= DOWNLOADED else None
