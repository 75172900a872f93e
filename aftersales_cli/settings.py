"""The shop's settings: one description per key feeds the loader, the sample file and the reference."""

import math
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import Field, dataclass, field, fields
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aftersales_cli.errors import FileError, WrongUsageError
from aftersales_cli.language import LANGUAGES, _
from aftersales_cli.money import is_currency
from aftersales_cli.resources import SETTINGS_FILE
from aftersales_cli.setting_sections import (
    CallbackSettings,
    CaseSettings,
    ComplaintSettings,
    CostSettings,
    DatabaseSettings,
    InvoiceSettings,
    NightSettings,
    PrivacySettings,
    RefundSettings,
    RepairSettings,
    ReturnSettings,
    ShopSettings,
    SurveySettings,
    TargetSettings,
)

FILE_NAME = SETTINGS_FILE
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE_LINE = re.compile(r"""^\s*(?:shop\.)?language\s*=\s*["'](\w+)["']""", re.MULTILINE)


@dataclass(frozen=True)
class Settings:
    """All sections; every key has a default."""

    shop: ShopSettings = field(default_factory=ShopSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    cases: CaseSettings = field(default_factory=CaseSettings)
    complaints: ComplaintSettings = field(default_factory=ComplaintSettings)
    returns: ReturnSettings = field(default_factory=ReturnSettings)
    repairs: RepairSettings = field(default_factory=RepairSettings)
    refunds: RefundSettings = field(default_factory=RefundSettings)
    invoices: InvoiceSettings = field(default_factory=InvoiceSettings)
    costs: CostSettings = field(default_factory=CostSettings)
    callbacks: CallbackSettings = field(default_factory=CallbackSettings)
    surveys: SurveySettings = field(default_factory=SurveySettings)
    targets: TargetSettings = field(default_factory=TargetSettings)
    night: NightSettings = field(default_factory=NightSettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.shop.timezone)


SECTIONS: dict[str, type] = {
    "shop": ShopSettings,
    "database": DatabaseSettings,
    "cases": CaseSettings,
    "complaints": ComplaintSettings,
    "returns": ReturnSettings,
    "repairs": RepairSettings,
    "refunds": RefundSettings,
    "invoices": InvoiceSettings,
    "costs": CostSettings,
    "callbacks": CallbackSettings,
    "surveys": SurveySettings,
    "targets": TargetSettings,
    "night": NightSettings,
    "privacy": PrivacySettings,
}


def describe_settings() -> Iterator[tuple[str, Field[Any]]]:
    """Yield (section, field) of every key, in file order; the help text is ``field.metadata["help"]``."""
    for section, record in SECTIONS.items():
        for entry in fields(record):
            yield section, entry


def parse_zone(name: str) -> tzinfo:
    """Return a time zone by name; raises WrongUsageError for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise WrongUsageError(
            _("There is no time zone “{name}”.", name=name), remedy=_("Write it like Asia/Shanghai.")
        ) from error


def check_currency(code: str) -> str:
    """Return a currency code in capitals; raises WrongUsageError for one that is not in use (ISO 4217)."""
    if not is_currency(code.upper()):
        raise WrongUsageError(
            _("There is no currency “{code}”.", code=code),
            remedy=_("Write its three letters, e.g. CNY or EUR."),
        )
    return code.upper()


def check_country(code: str) -> str:
    """Return a country code in capitals; raises WrongUsageError for what is not two letters (ISO 3166)."""
    if not _COUNTRY.fullmatch(code.upper()):
        raise WrongUsageError(
            _("“{code}” is not a country code.", code=code), remedy=_("Write its two letters, e.g. CN or DE.")
        )
    return code.upper()


def read_language(path: Path) -> str | None:
    """Return the language a settings file names, even if something else in it is wrong; None if it names none."""
    try:
        found = _LANGUAGE_LINE.search(path.read_text(encoding="utf-8-sig", errors="replace"))
    except OSError:
        return None
    return found[1] if found and found[1] in LANGUAGES else None


def load_settings(path: Path) -> Settings:
    """Read the settings file.

    Raises WrongUsageError naming file, line and key for a broken or unknown entry, FileError if it cannot
    be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(
            _("The settings file {path} cannot be read.", path=path),
            remedy=_("Save it as UTF-8 text and check that you may read it."),
        ) from error
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongUsageError(
            _("The settings file {path} is not valid TOML: {reason}", path=path, reason=error),
            remedy=_("Texts need quotation marks, and each key stands once."),
        ) from error
    return _Loader(path, text).load(document)


_CODES: dict[str, Callable[[str], str]] = {
    "country": check_country,
    "currency": check_currency,
    "timezone": lambda name: str(parse_zone(name)),
}
"""Key of ``[shop]`` → what checks its value and brings it into its usual form."""


class _Loader:
    """Checks a parsed document key by key; remembers the text to find lines again."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()

    def load(self, document: dict[str, Any]) -> Settings:
        sections: dict[str, Any] = {}
        for name, values in document.items():
            if name not in SECTIONS or not isinstance(values, dict):
                raise self._problem(
                    "", name, _("is not a section"), _("Sections: {names}.", names=", ".join(SECTIONS))
                )
            sections[name] = self._section(name, values)
        return Settings(**sections)

    def _section(self, name: str, values: dict[str, Any]) -> Any:
        known = {entry.name: entry for entry in fields(SECTIONS[name])}
        checked = {}
        for key, value in values.items():
            if key not in known:
                raise self._problem(
                    name, key, _("is not a setting"), _("Settings here: {names}.", names=", ".join(known))
                )
            checked[key] = self._value(name, known[key], value)
        return SECTIONS[name](**checked)

    def _value(self, section: str, entry: Field[Any], value: object) -> object:
        wanted = type(entry.default)
        if wanted is float and type(value) is int:
            value = float(value)
        if type(value) is not wanted:
            kind = {str: _("a text in quotation marks"), int: _("a whole number"), float: _("a number")}[
                wanted
            ]
            raise self._problem(section, entry.name, _("is not {kind}", kind=kind))
        if isinstance(value, float) and not math.isfinite(value):
            raise self._problem(section, entry.name, _("is not {kind}", kind=_("a number")))
        choices, low, high = (entry.metadata[part] for part in ("choices", "minimum", "maximum"))
        if choices and value not in choices:
            raise self._problem(section, entry.name, _("must be one of: {names}", names=", ".join(choices)))
        if isinstance(value, int | float) and low is not None and value < low:
            raise self._problem(section, entry.name, _("must be at least {limit}", limit=low))
        if isinstance(value, int | float) and high is not None and value > high:
            raise self._problem(section, entry.name, _("must be at most {limit}", limit=high))
        if section == "shop" and entry.name in _CODES:
            return self._code(entry.name, str(value))
        return value

    def _code(self, key: str, value: str) -> str:
        try:
            return _CODES[key](value)
        except WrongUsageError as error:
            raise self._problem("shop", key, _("cannot be “{value}”", value=value), error.remedy) from error

    def _problem(self, section: str, key: str, what: str, remedy: str = "") -> WrongUsageError:
        return WrongUsageError(
            _(
                "{path}, line {line}: “{key}” {problem}.",
                path=self._path,
                line=self._line_of(section, key),
                key=f"{section}.{key}" if section else key,
                problem=what,
            ),
            remedy=remedy or _("The sample settings show every key: aftersales init writes them."),
        )

    def _line_of(self, section: str, key: str) -> int:
        inside = not section
        for number, line in enumerate(self._lines, start=1):
            stripped = line.strip()
            if stripped.startswith("["):
                inside = stripped.strip("[] ") in {section, key}
            if inside and stripped.lstrip("[\"' ").startswith(key):
                return number
        return 1


def sample_settings(values: dict[str, object]) -> str:
    """Return the text of a settings file: every key with its help, all commented out but ``values``.

    ``values`` maps ``section.key`` to what is set, e.g. ``{"shop.currency": "EUR"}``.
    """
    lines, current = ["# " + _("Settings of this shop. Remove the # before a line to change it."), ""], ""
    for section, entry in describe_settings():
        if section != current:
            lines += ["", f"[{section}]"] if current else [f"[{section}]"]
            current = section
        choices = " | ".join(entry.metadata["choices"])
        lines.append("# " + _(entry.metadata["help"]) + (f" ({choices})" if choices else ""))
        name = f"{section}.{entry.name}"
        value = values.get(name, entry.default)
        lines.append(("" if name in values else "# ") + f"{entry.name} = {_toml_value(value)}")
    return "\n".join(lines) + "\n"


def _toml_value(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)
