"""Read ``calendar.toml``: which working calendars a shop has, and their usual hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from aftersales_cli.desk.rule_files import FOLDER, read_toml
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _, pick
from aftersales_cli.resources import data_dir
from aftersales_cli.setting_sections import ShopSettings
from aftersales_cli.settings import check_country, parse_zone
from aftersales_cli.worktime import WALL, Hours, parse_hours

FILE_NAME = "calendar.toml"
DEFAULT = "business"
NO_HOLIDAYS = "none"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TEXTS = ("zh", "en", "timezone", "country", "subdivision", "makeup")


@dataclass(frozen=True)
class CalendarSpec:
    """The usual hours of a calendar, as the file gives them with the shop's zone and country filled in."""

    name: str
    zh: str
    en: str
    timezone: str
    country: str
    """Two letters, or ``none`` for a calendar without public holidays."""
    subdivision: str
    week: tuple[Hours, ...]
    makeup: Hours | None
    """Hours of make-up days; None for Monday's."""

    @property
    def label(self) -> str:
        """The name in the current language."""
        return pick({"zh": self.zh, "en": self.en}) or self.name


def settings_path(name: str, shop_folder: Path | None) -> Path:
    """Return the file of settings in use: the shop's own, else the shipped one."""
    own = shop_folder / FOLDER / name if shop_folder else None
    root, _slash, rest = FOLDER.partition("/")
    return own if own is not None and own.is_file() else data_dir(root) / rest / name


def calendar_path(shop_folder: Path | None) -> Path:
    """Return the file of calendars in use."""
    return settings_path(FILE_NAME, shop_folder)


def load_specs(shop_folder: Path | None, shop: ShopSettings) -> dict[str, CalendarSpec]:
    """Return name → calendar. Raises FileError, WrongUsageError naming file and key, also without ``business``."""
    path = calendar_path(shop_folder)
    return read_specs(read_toml(path), shop, path)


def read_specs(document: Mapping[str, Any], shop: ShopSettings, path: Path) -> dict[str, CalendarSpec]:
    """Return the calendars of a parsed file; raises WrongUsageError naming file and key."""
    specs = {name: _read_spec(name, table, shop, path) for name, table in document.items()}
    if DEFAULT not in specs:
        raise _problem(path, DEFAULT, _("is missing"), _("Every shop has this calendar."))
    return specs


def _read_spec(name: str, table: Any, shop: ShopSettings, path: Path) -> CalendarSpec:
    if name == WALL.name or not isinstance(table, dict):
        raise _problem(path, name, _("is no calendar of the shop"), _("Call it anything but wall: [night]."))
    for key, value in table.items():
        if key != "hours" and (key not in _TEXTS or not isinstance(value, str)):
            raise _problem(
                path, f"{name}.{key}", _("is not known or no text"), _keys_remedy((*_TEXTS, "hours"))
            )
    text: dict[str, str] = {key: table.get(key, "") for key in _TEXTS}
    return CalendarSpec(
        name=name,
        zh=text["zh"],
        en=text["en"],
        timezone=_checked(
            path, f"{name}.timezone", text["timezone"] or shop.timezone, lambda word: str(parse_zone(word))
        ),
        country=text["country"]
        if text["country"] == NO_HOLIDAYS
        else _checked(path, f"{name}.country", text["country"] or shop.country, check_country),
        subdivision=text["subdivision"],
        week=_read_week(path, name, table.get("hours")),
        makeup=_checked(path, f"{name}.makeup", text["makeup"], parse_hours) if text["makeup"] else None,
    )


def _read_week(path: Path, name: str, hours: Any) -> tuple[Hours, ...]:
    if not isinstance(hours, dict) or set(hours) != set(WEEKDAYS):
        raise _problem(path, f"{name}.hours", _("does not have the seven days"), _keys_remedy(WEEKDAYS))
    for day, text in hours.items():
        if not isinstance(text, str):
            raise _problem(path, f"{name}.hours.{day}", _("is no text"), _('Write it like "09:00-18:00".'))
    week = tuple(_checked(path, f"{name}.hours.{day}", hours[day], parse_hours) for day in WEEKDAYS)
    if not any(week):
        raise _problem(path, f"{name}.hours", _("never open"), _('Write hours like "09:00-18:00".'))
    return week


def _checked(path: Path, key: str, text: str, check: Any) -> Any:
    try:
        return check(text)
    except WrongUsageError as error:
        raise _problem(path, key, _("cannot be “{value}”", value=text), error.remedy) from error


def _keys_remedy(names: tuple[str, ...]) -> str:
    return _("Keys here: {names}.", names=", ".join(names))


def _problem(path: Path, key: str, what: str, remedy: str) -> WrongUsageError:
    return WrongUsageError(_("{path}: “{key}” {problem}.", path=path, key=key, problem=what), remedy=remedy)


@lru_cache(maxsize=8)
def usual_hours(spec: CalendarSpec) -> Hours:
    """Return the hours of an extra open day that says nothing of its own: a make-up day's, or the first known."""
    return spec.makeup or next(hours for hours in spec.week if hours)
