"""Read the shop's own open and closed days from a table, e.g. its closure in the Spring Festival."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from aftersales_cli.clock import parse_day
from aftersales_cli.database.calendars import confirm_year, put_calendar_day
from aftersales_cli.desk.calendar_specs import DEFAULT
from aftersales_cli.desk.calendars import open_calendars
from aftersales_cli.desk.clocks import refresh_open_clocks
from aftersales_cli.errors import UnknownFileError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.reading.headers import normalise_header
from aftersales_cli.reading.tables import open_table
from aftersales_cli.records.desk import CalendarDay
from aftersales_cli.shop import Shop
from aftersales_cli.worktime import check_calendar, parse_hours, write_hours

_HEADINGS = {
    "day": ("date", "day", "日期"),
    "state": (
        "open|closed",
        "open/closed",
        "open",
        "state",
        "status",
        "营业/休息",
        "营业休息",
        "状态",
        "是否营业",
    ),
    "hours": ("hours", "time", "times", "时间", "营业时间"),
    "note": ("note", "notes", "备注", "说明"),
}
_OPEN = frozenset({"open", "yes", "1", "营业", "上班", "补班", "调休上班", "是", "开"})
_CLOSED = frozenset({"closed", "close", "no", "0", "休息", "休", "放假", "休假", "关", "否", "不营业"})
_DAY = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?(?:[ T].*)?")
_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class RejectedDay:
    """A row that could not be taken, and why."""

    row: int
    """Row number as the spreadsheet shows it."""
    reason: str


@dataclass
class CalendarImport:
    """What a file of days brought; the counts and the rejected rows add up to the rows read."""

    calendar: str
    changed: int = 0
    unchanged: int = 0
    rejected: list[RejectedDay] = field(default_factory=list)
    confirmed: list[int] = field(default_factory=list)
    """Years that count as official from now on."""
    clocks: int = 0
    """Clocks of open cases whose due time moved."""


def import_calendar(
    shop: Shop, path: Path, *, calendar: str = DEFAULT, confirms: tuple[int, ...] = ()
) -> CalendarImport:
    """Enter the days of a file; a row that makes no sense is reported and hides no other.

    A day entered before is replaced, days the file does not name stay. ``confirms`` names years whose whole
    official notice the file holds. Open cases are due anew at once. Raises UnknownFileError, FileError,
    NotFoundError for an unknown calendar, WrongUsageError if the calendar would stay closed for 60 days.
    """
    open_calendars(shop).spec(calendar)
    rows = _read(path)
    result = CalendarImport(calendar)
    seen: dict[str, tuple[int, CalendarDay]] = {}
    with shop.writing("calendar.import") as writing:
        for number, cells in rows:
            try:
                entry = _read_day(calendar, cells)
                _check_once(seen, number, entry)
            except WrongUsageError as error:
                result.rejected.append(RejectedDay(number, f"{error.message} {error.remedy}".strip()))
                continue
            changed = put_calendar_day(shop.database, entry)
            result.changed += changed
            result.unchanged += not changed
        for year in confirms:
            confirm_year(shop.database, calendar, year, at=shop.stamp)
            result.confirmed.append(year)
        _check(shop, calendar, list(seen))
        result.clocks = refresh_open_clocks(shop)
        writing.touch("calendar", calendar)
        writing.count(changed=result.changed, unchanged=result.unchanged, rejected=len(result.rejected))
    return result


def _check_once(seen: dict[str, tuple[int, CalendarDay]], number: int, entry: CalendarDay) -> None:
    row, earlier = seen.setdefault(entry.day, (number, entry))
    if earlier != entry:
        raise WrongUsageError(_("Row {row} says something else about {day}.", row=row, day=entry.day))


def _check(shop: Shop, calendar: str, days: list[str]) -> None:
    """Refuse days that leave the calendar closed for 60 days, around them or in the coming year."""
    named = [date.fromisoformat(day) for day in days] or [shop.today]
    margin = timedelta(days=60)
    made = open_calendars(shop, first_year=min(named).year - 1).get(calendar)
    check_calendar(made, min(*named, shop.today) - margin, max(*named, shop.today + _AHEAD))


def _read(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Read the whole file before the database is locked; a year's days are few."""
    try:
        with open_table(path, _recognise) as table:
            return [
                (
                    number,
                    {name: cells[place].strip() for name, place in table.match.items() if place < len(cells)},
                )
                for number, cells in table.rows
            ]
    except UnknownFileError as error:
        raise UnknownFileError(
            _("{file} is no list of days: it needs the headings date and open|closed.", file=path),
            remedy=_("Headings: date, open|closed, hours, note (日期, 营业/休息, 时间, 备注)."),
            headers=error.headers,
        ) from error


def _recognise(headers: list[str]) -> dict[str, int] | None:
    names = {normalise_header(title): name for name, titles in _HEADINGS.items() for title in titles}
    found: dict[str, int] = {}
    for place, title in enumerate(headers):
        if title in names:
            found.setdefault(names[title], place)
    return found if {"day", "state"} <= found.keys() else None


def _read_day(calendar: str, cells: dict[str, str]) -> CalendarDay:
    text = unicodedata.normalize("NFKC", cells.get("day", "")).strip()
    if found := _DAY.fullmatch(text):
        text = "-".join(found.groups())
    day = parse_day(text)
    word = normalise_header(cells.get("state", ""))
    if word not in _OPEN | _CLOSED:
        raise WrongUsageError(
            _("“{text}” is neither open nor closed.", text=cells.get("state", "")),
            remedy=_("Write open or closed (营业 or 休息)."),
        )
    hours = cells.get("hours", "")
    if word in _CLOSED and hours:
        raise WrongUsageError(
            _("{day} is closed but has hours.", day=day), remedy=_("Write open, or leave the hours empty.")
        )
    return CalendarDay(
        calendar=calendar,
        day=day.isoformat(),
        is_open=word in _OPEN,
        hours=write_hours(parse_hours(unicodedata.normalize("NFKC", hours))) if hours else "",
        note=cells.get("note", ""),
    )
