"""The shop's working calendars: hours from the file, public holidays, and the shop's own days over all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from aftersales_cli.database.calendars import list_calendar_days, list_confirmed_years
from aftersales_cli.desk.calendar_specs import NO_HOLIDAYS, CalendarSpec, load_specs, usual_hours
from aftersales_cli.desk.public_holidays import HolidayYear, find_holidays
from aftersales_cli.errors import NotFoundError
from aftersales_cli.language import _, pick
from aftersales_cli.records.desk import CalendarDay
from aftersales_cli.shop import Shop
from aftersales_cli.worktime import WALL, Calendar, Hours, parse_hours

if TYPE_CHECKING:
    from sqlite_utils import Database

_YEARS_AHEAD = 2


@dataclass(eq=False)
class Calendars:
    """The calendars of some specifications over some years, made when they are asked for."""

    specs: Mapping[str, CalendarSpec]
    years: tuple[int, ...]
    own: Sequence[CalendarDay]
    confirmed: set[tuple[str, int]]
    _db: Database = field(repr=False)
    _holidays: dict[str, tuple[dict[int, HolidayYear], str]] = field(default_factory=dict, repr=False)

    def get(self, name: str) -> Calendar:
        """Return a calendar by name; raises NotFoundError that lists those there are."""
        if name == WALL.name:
            return WALL
        spec = self.spec(name)
        years, text = self.holidays(spec)
        own = tuple(day for day in self.own if day.calendar == name)
        return _build(spec, self.years, own, text, _Held(years))

    def spec(self, name: str) -> CalendarSpec:
        """Return the usual hours of a calendar; raises NotFoundError that lists those there are."""
        spec = self.specs.get(name)
        if spec is None:
            raise NotFoundError(
                _("There is no calendar “{name}”.", name=name),
                remedy=_("Calendars: {names}.", names=", ".join((*self.specs, WALL.name))),
            )
        return spec

    def holidays(self, spec: CalendarSpec) -> tuple[dict[int, HolidayYear], str]:
        """Return the public holidays a calendar closes on by year, and a text that changes with them."""
        if spec.country == NO_HOLIDAYS:
            return {}, ""
        if spec.name not in self._holidays:
            self._holidays[spec.name] = find_holidays(self._db, spec.country, spec.subdivision, self.years)
        return self._holidays[spec.name]

    def unconfirmed(self, name: str, years: Iterable[int]) -> list[int]:
        """Return those of these years for which there is no official list of holidays and make-up days."""
        if name == WALL.name or self.spec(name).country == NO_HOLIDAYS:
            return []
        known = self.holidays(self.spec(name))[0]
        return sorted(
            year
            for year in set(years)
            if (name, year) not in self.confirmed and not (year in known and known[year].confirmed)
        )

    def fingerprint(self) -> str:
        """Return a short text that changes whenever a day of any calendar does."""
        parts = [repr(self.own), *(self.holidays(spec)[1] for spec in self.specs.values())]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class _Held:
    """Holidays that do not take part in comparing: the text beside them says whether they are the same."""

    years: Mapping[int, HolidayYear] = field(compare=False)


@lru_cache(maxsize=64)
def _build(
    spec: CalendarSpec, years: tuple[int, ...], own: tuple[CalendarDay, ...], _text: str, held: _Held
) -> Calendar:
    assert years
    known = held.years.values()
    return Calendar(
        name=spec.name,
        zone=ZoneInfo(spec.timezone),
        week=spec.week,
        closed=frozenset(day for year in known for day in year.closed),
        makeup=frozenset(day for year in known for day in year.makeup),
        makeup_hours=spec.makeup,
        dates={date.fromisoformat(day.day): own_hours(spec, day) for day in own},
    )


def own_hours(spec: CalendarSpec, day: CalendarDay) -> Hours:
    """Return the hours of a day the shop has entered: none if closed, the usual ones if it gives none."""
    if not day.is_open:
        return ()
    if day.hours:
        return parse_hours(day.hours)
    return spec.week[date.fromisoformat(day.day).weekday()] or usual_hours(spec)


def open_calendars(
    shop: Shop, *, specs: Mapping[str, CalendarSpec] | None = None, first_year: int | None = None
) -> Calendars:
    """Return the shop's calendars, from ``first_year`` (default: last year) to two years from now.

    ``specs`` replaces the file's hours, e.g. by those of an older version. Raises FileError and WrongUsageError for
    a broken file.
    """
    known = load_specs(shop.folder, shop.settings.shop) if specs is None else specs
    return make_calendars(shop.database, known, this_year=shop.today.year, first_year=first_year)


def make_calendars(
    db: Database, specs: Mapping[str, CalendarSpec], *, this_year: int, first_year: int | None = None
) -> Calendars:
    """Return the calendars of some specifications, as ``open_calendars`` does."""
    first = min(this_year - 1, first_year or this_year)
    years = tuple(range(first, this_year + _YEARS_AHEAD + 1))
    return Calendars(specs, years, list_calendar_days(db), list_confirmed_years(db), db)


def explain_day(calendars: Calendars, name: str, day: date) -> tuple[str, str]:
    """Return what makes a day special and a note: ``own``, ``makeup``, ``holiday`` or "" for an ordinary one."""
    if name == WALL.name:
        return "", ""
    found = next(
        (entry for entry in calendars.own if (entry.calendar, entry.day) == (name, day.isoformat())), None
    )
    if found is not None:
        return "own", found.note
    year = calendars.holidays(calendars.spec(name))[0].get(day.year)
    if year is not None and day in year.makeup:
        return "makeup", _("make-up working day")
    if year is not None and day in year.closed:
        return "holiday", pick(year.closed[day])
    return "", ""


def warn_of_year(spec: CalendarSpec, year: int) -> str:
    """Say that the days of a year are estimated, and how to enter the official ones."""
    return _(
        "{year}: the holidays and make-up days of {country} are not confirmed yet; the calendar “{name}” is estimated. "
        "Enter the official notice: aftersales calendar import FILE --confirms {year}",
        year=year,
        country=spec.country,
        name=spec.name,
    )
