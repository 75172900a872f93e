"""A month or a year of a working calendar, as people want to see it."""

from dataclasses import dataclass
from datetime import timedelta

from aftersales_cli.clock import Period
from aftersales_cli.desk.calendar_specs import DEFAULT
from aftersales_cli.desk.calendars import explain_day, open_calendars, warn_of_year
from aftersales_cli.shop import Shop
from aftersales_cli.worktime import WALL, write_hours


@dataclass(frozen=True)
class DayView:
    """One day of a calendar."""

    day: str
    weekday: int
    """1 for Monday to 7 for Sunday."""
    is_open: bool
    hours: str
    """E.g. ``09:00-12:00 13:00-18:00``, "" if closed."""
    special: str
    """``holiday``, ``makeup``, ``own`` (entered by the shop) or "" for an ordinary day."""
    note: str


@dataclass(frozen=True)
class CalendarView:
    """The days of a period."""

    calendar: str
    timezone: str
    country: str
    days: list[DayView]
    working_days: int
    warnings: list[str]
    """One for each year whose official days are not known."""


def view_calendar(shop: Shop, period: Period, *, name: str = DEFAULT) -> CalendarView:
    """Return the days of a period; raises NotFoundError for an unknown calendar."""
    calendars = open_calendars(shop, first_year=period.start.year)
    if period.last.year > calendars.years[-1]:
        calendars.years = tuple(range(period.start.year, period.last.year + 1))
    calendar, days, day = calendars.get(name), [], period.start
    while day < period.end:
        special, note = explain_day(calendars, name, day)
        hours = calendar.hours_of(day)
        days.append(
            DayView(day.isoformat(), day.isoweekday(), bool(hours), write_hours(hours), special, note)
        )
        day += timedelta(days=1)
    spec = None if name == WALL.name else calendars.spec(name)
    years = range(period.start.year, period.last.year + 1)
    return CalendarView(
        calendar=name,
        timezone=spec.timezone if spec else calendar.zone.key,
        country=spec.country if spec else "",
        days=days,
        working_days=sum(entry.is_open for entry in days),
        warnings=[warn_of_year(spec, year) for year in calendars.unconfirmed(name, years)] if spec else [],
    )
