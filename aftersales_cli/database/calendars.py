"""Days and years of the working calendars: the shop's own ones, and what is known of public holidays."""

from collections.abc import Iterable

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_rows
from aftersales_cli.records.desk import CalendarDay


def list_calendar_days(db: Database) -> list[CalendarDay]:
    """Return the days the shop has entered, of all calendars, by calendar and day."""
    return fetch(db, CalendarDay, f"SELECT {columns(CalendarDay)} FROM calendar_days ORDER BY calendar, day")


def put_calendar_day(db: Database, entry: CalendarDay) -> bool:
    """Enter a day or change it; tell whether that changed anything."""
    return bool(
        execute(
            db,
            """INSERT INTO calendar_days (calendar, day, is_open, hours, note)
            VALUES (:calendar, :day, :is_open, :hours, :note)
            ON CONFLICT (calendar, day) DO UPDATE SET
                is_open = excluded.is_open, hours = excluded.hours, note = excluded.note
            WHERE (is_open, hours, note) IS NOT (excluded.is_open, excluded.hours, excluded.note)""",
            vars(entry) | {"is_open": int(entry.is_open)},
        )
    )


def list_confirmed_years(db: Database) -> set[tuple[str, int]]:
    """Return (calendar, year) of the years whose official days the shop has entered itself."""
    return {(name, year) for name, year in fetch_rows(db, "SELECT calendar, year FROM calendar_years")}


def confirm_year(db: Database, calendar: str, year: int, *, at: str) -> None:
    """Note that the shop has entered all official days of a year."""
    execute(
        db,
        "INSERT OR IGNORE INTO calendar_years (calendar, year, confirmed_at) VALUES (:calendar, :year, :at)",
        {"calendar": calendar, "year": year, "at": at},
    )


def list_holiday_years(db: Database, country: str, years: Iterable[int], *, source: str) -> dict[int, str]:
    """Return year → what this source says about it (JSON), of the years that are known."""
    rows = fetch_rows(
        db,
        "SELECT year, document FROM holiday_years WHERE country = :country AND source = :source",
        {"country": country, "source": source},
    )
    wanted = set(years)
    return {year: document for year, document in rows if year in wanted}


def put_holiday_years(db: Database, country: str, documents: dict[int, str], *, source: str) -> None:
    """Keep what a source says about some years."""
    for year, document in documents.items():
        execute(
            db,
            "INSERT OR REPLACE INTO holiday_years (country, year, source, document) "
            "VALUES (:country, :year, :source, :document)",
            {"country": country, "year": year, "source": source, "document": document},
        )
