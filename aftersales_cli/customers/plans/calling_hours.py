"""When customers may be called: the rules of countries, and the zones people live in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aftersales_cli.desk.calendar_specs import WEEKDAYS, settings_path
from aftersales_cli.desk.rule_files import (
    FLAG,
    NUMBER,
    WORD,
    WORDS,
    RuleEntry,
    load_rules,
    read_toml,
    remembered,
)
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _, pick
from aftersales_cli.worktime import Hours, parse_hours

FILE_NAME = "calling_hours.toml"
ZONES_FILE = "country_zones.toml"
_KEYS = {
    "countries": WORDS, "hours": WORDS, "weekdays": WORDS, "holidays": FLAG, "most": NUMBER, "in_days": NUMBER,
    "pause_days": NUMBER, "consent_lifts": FLAG, "source": WORD, "certainty": WORD,
}  # fmt: skip


@dataclass(frozen=True)
class HoursRule:
    """When people of some countries may be called."""

    zh: str
    en: str
    countries: tuple[str, ...]
    """Empty for all others."""
    hours: Hours
    weekdays: frozenset[int]
    """0 for Monday."""
    holidays: bool
    """Whether one may call on public holidays."""
    most: int | None
    in_days: int
    pause_days: int
    consent_lifts: bool
    source: str
    certainty: str

    @property
    def name(self) -> str:
        """The name in the current language."""
        return pick({"zh": self.zh, "en": self.en})


@dataclass(frozen=True)
class Place:
    """Where somebody lives, as far as clocks are concerned."""

    country: str
    zones: tuple[ZoneInfo, ...]
    """All the country's zones if the person's own is not known."""


def load_hours(shop_folder: Path | None) -> tuple[HoursRule, ...]:
    """Read the rules; raises FileError, and WrongUsageError naming file, rule, key and what to write."""
    return remembered(_read_hours, FILE_NAME, shop_folder)


def _read_hours(shop_folder: Path | None) -> tuple[HoursRule, ...]:
    entries = load_rules(FILE_NAME, _KEYS, shop_folder)
    rules = tuple(_read_rule(entry) for entry in entries)
    if not rules or rules[-1].countries:
        raise WrongUsageError(
            _("{path}: a rule without “countries” is missing at the end.", path=entries[-1].path if entries else FILE_NAME),
            remedy=_('Add one for all other countries: [[rule]] with hours = ["09:00-21:00"].'),
        )  # fmt: skip
    return rules


def _read_rule(entry: RuleEntry) -> HoursRule:
    entry.check_codes("weekdays", WEEKDAYS)
    days = entry.words("weekdays") or WEEKDAYS
    try:
        hours = parse_hours(" ".join(entry.words("hours")))
    except WrongUsageError as error:
        raise entry.problem("hours", _("cannot be read"), error.remedy or error.message) from error
    if not hours:
        raise entry.problem("hours", _("is missing"), _('Write ["09:00-21:00"].'))
    values = entry.values
    return HoursRule(
        zh=values.get("zh", ""),
        en=values.get("en", ""),
        countries=entry.words("countries"),
        hours=hours,
        weekdays=frozenset(WEEKDAYS.index(day) for day in days),
        holidays=values.get("holidays", True),
        most=values.get("most"),
        in_days=values.get("in_days", 30),
        pause_days=values.get("pause_days", 0),
        consent_lifts=values.get("consent_lifts", False),
        source=values.get("source", ""),
        certainty=values.get("certainty", ""),
    )


def rule_for(rules: tuple[HoursRule, ...], country: str) -> HoursRule:
    """Return the first rule that names a country, else the one for all others."""
    return next((rule for rule in rules if country in rule.countries), rules[-1])


def load_zones(shop_folder: Path | None) -> Mapping[str, tuple[str, ...]]:
    """Return country → names of its time zones; raises FileError, WrongUsageError for an unknown zone."""
    return remembered(_read_zones, ZONES_FILE, shop_folder)


def _read_zones(shop_folder: Path | None) -> Mapping[str, tuple[str, ...]]:
    path = settings_path(ZONES_FILE, shop_folder)
    zones = {}
    for country, names in read_toml(path).items():
        if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
            raise _zone_problem(path, country, str(names))
        if unknown := [name for name in names if find_zone(name) is None]:
            raise _zone_problem(path, country, unknown[0])
        zones[country] = tuple(names)
    return zones


def _zone_problem(path: Path, country: str, what: str) -> WrongUsageError:
    return WrongUsageError(
        _("{path}, {country}: “{zone}” is no time zone.", path=path, country=country, zone=what),
        remedy=_('Write a list of IANA names, e.g. ["Europe/Paris"].'),
    )


@cache
def find_zone(name: str) -> ZoneInfo | None:
    """Return a time zone by its name, None if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def place_of(
    country: str, zone: str, *, zones: Mapping[str, tuple[str, ...]], home: str, home_zone: ZoneInfo
) -> Place:
    """Return where a customer lives: the own zone, else the country's, else those of the shop (``home``)."""
    code = country.upper() or home
    if own := find_zone(zone) if zone else None:
        return Place(code, (own,))
    names = zones.get(code)
    if names is None or (code == home and str(home_zone) in names and len(names) == 1):
        return Place(code, (home_zone,))
    return Place(code, tuple(found for name in names if (found := find_zone(name))))
