"""Public holidays and make-up days of a country, from the ``holidays`` package and kept in the database."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aftersales_cli.database.calendars import list_holiday_years, put_holiday_years

if TYPE_CHECKING:
    from sqlite_utils import Database

_BY_NOTICE = frozenset({"CN"})
"""Countries whose make-up days exist only in a yearly notice: a year without one has not been announced."""
_SUBSTITUTED = re.compile(r"Day off \(substituted from (\d\d)/(\d\d)/(\d{4})\)")
_VERSION = re.compile(r"""__version__\s*=\s*["']([^"']+)""")
_LANGUAGES = {"zh": ("zh_CN", "en_US"), "en": ("en_US",)}

Names = Mapping[str, str]
"""``{"zh": …, "en": …}``."""


@dataclass(frozen=True, eq=False)
class HolidayYear:
    """What is known about the holidays of a year."""

    closed: Mapping[date, Names]
    makeup: frozenset[date]
    confirmed: bool
    """False if the days are computed and no official notice is in the data."""


def find_holidays(
    db: Database, country: str, subdivision: str, years: Iterable[int]
) -> tuple[dict[int, HolidayYear], str]:
    """Return year → its holidays, and a text that changes whenever these days do.

    The package is imported only for years that have not been looked up before; they are kept if a transaction
    is open. An unknown country has no holidays and nothing confirmed.
    """
    key = f"{country}-{subdivision}" if subdivision else country
    source, wanted = holiday_source(), tuple(years)
    documents = list_holiday_years(db, key, wanted, source=source)
    missing = [year for year in wanted if year not in documents]
    if missing:
        found = _look_up(country, subdivision, tuple(missing))
        documents |= found
        if db.conn.in_transaction:
            put_holiday_years(db, key, found, source=source)
    return {year: _read(documents[year]) for year in wanted}, "".join(documents[year] for year in wanted)


@lru_cache(maxsize=1)
def holiday_source() -> str:
    """Return name and version of the package without importing it."""
    spec = importlib.util.find_spec("holidays")
    if spec is None or spec.origin is None:
        return ""
    try:
        text = Path(spec.origin).with_name("version.py").read_text(encoding="utf-8")
    except OSError:
        text = ""
    found = _VERSION.search(text)
    # Without a version the day the package was installed must do.
    return f"holidays {found[1] if found else Path(spec.origin).stat().st_mtime_ns}"


@lru_cache(maxsize=256)
def _read(document: str) -> HolidayYear:
    values = json.loads(document)
    return HolidayYear(
        closed={date.fromisoformat(day): names for day, names in values["closed"].items()},
        makeup=frozenset(date.fromisoformat(day) for day in values["makeup"]),
        confirmed=values["confirmed"],
    )


def _look_up(country: str, subdivision: str, years: tuple[int, ...]) -> dict[int, str]:
    tables = {language: _table(country, subdivision, years, language) for language in _LANGUAGES}
    documents = {}
    for year in years:
        closed = {
            day.isoformat(): {language: _name(table[day]) for language, table in tables.items()}
            for day in sorted(tables["en"] or ())
            if day.year == year
        }
        makeup = sorted(
            day.isoformat() for day in getattr(tables["en"], "weekend_workdays", ()) if day.year == year
        )
        estimated = any("estimated" in names["en"] for names in closed.values())
        confirmed = bool(makeup) if country in _BY_NOTICE else bool(closed) and not estimated
        values = {"closed": closed, "makeup": makeup, "confirmed": confirmed}
        documents[year] = json.dumps(values, ensure_ascii=False)
    return documents


def _table(country: str, subdivision: str, years: tuple[int, ...], language: str) -> Any:
    import holidays  # noqa: PLC0415 - takes longer than most commands, so only where a new year is looked up

    try:
        kind = holidays.country_holidays(country, subdiv=subdivision or None).supported_languages
        chosen = next((name for name in _LANGUAGES[language] if name in kind), None)
        return holidays.country_holidays(country, subdiv=subdivision or None, years=years, language=chosen)
    except NotImplementedError:
        return {}


def _name(text: str) -> str:
    if found := _SUBSTITUTED.fullmatch(text):
        return f"day off, made up on {found[3]}-{found[1]}-{found[2]}"
    return text
