"""Read a parsed policy file key by key: rules come out, and every problem by file, rule and key."""

import difflib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from aftersales_cli.desk.returns.policy_records import (
    CERTAINTIES,
    CLOCKS,
    CONDITIONS,
    GRANTS,
    GROUPS,
    KINDS,
    LABELS,
    LAYERS,
    PAYERS,
    Amounts,
    Exemption,
    Rule,
)
from aftersales_cli.desk.returns.policy_windows import COUNTS, ENDS, STARTS, WindowSpec
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.money import is_currency, to_minor

FILE_KEYS = (
    "layer", "countries", "platforms", "zh", "en", "auto_limit", "second_limit", "return_clause", "rule",
)  # fmt: skip
RULE_KEYS = (
    "id", "zh", "en", "on", "countries", "platforms", "storefronts", "kinds", "reasons", "categories", "tiers",
    "conditions", "manual_if", "price_from", "price_below", "repairs", "window", "except", "unless_clause", "verdict",
    "postage", "refund_days", "refund_from", "auto_limit", "second_limit", "evidence", "source", "source_zh", "certainty",
    "checked_on", "note_zh", "note_en",
)  # fmt: skip
EXCEPT_KEYS = ("zh", "en", "categories", "labels", "conditions", "confirmed")
WINDOW_KEYS = ("days", "months", "from", "count", "end")
_LONGEST_DAYS, _LONGEST_MONTHS = 3660, 240
_LARGEST_AMOUNT = 1e9


@dataclass(frozen=True)
class Problem:
    """Something wrong in a file, and what to write instead."""

    file: str
    rule: str
    """Id of the rule, ``""`` for the head of the file."""
    key: str
    what: str
    remedy: str

    @property
    def text(self) -> str:
        """Where it is and what is wrong, in one sentence."""
        if not self.rule:
            return _("{path}: “{key}” {problem}.", path=self.file, key=self.key, problem=self.what)
        return _(
            "{path}, rule “{rule}”: “{key}” {problem}.",
            path=self.file,
            rule=self.rule,
            key=self.key,
            problem=self.what,
        )

    def error(self, more: int = 0) -> WrongUsageError:
        """Return it as an error; ``more`` tells how many others there are."""
        rest = _("{count} more: aftersales policy check", count=more) if more else ""
        return WrongUsageError(self.text, remedy=" ".join(filter(None, (self.remedy, rest))))


@dataclass(frozen=True)
class Codes:
    """The shop's own words a file may use."""

    reasons: Collection[str]
    categories: Collection[str]


@dataclass(frozen=True)
class PolicyFile:
    """One file, read."""

    name: str
    layer: str
    zh: str
    en: str
    countries: tuple[str, ...]
    platforms: tuple[str, ...]
    rules: tuple[Rule, ...]
    auto_limit: Amounts = field(default_factory=dict)
    second_limit: Amounts = field(default_factory=dict)
    return_clause: tuple[str, ...] = ()


def read_policy_file(
    document: Mapping[str, Any], path: Path, codes: Codes | None
) -> tuple[PolicyFile, list[Problem]]:
    """Return what a parsed file says and what is wrong with it; ``codes`` None takes any category and reason."""
    reader = _Reader(path, codes)
    return reader.read(document), reader.problems


class _Reader:
    """Checks a parsed file key by key and remembers every problem."""

    def __init__(self, path: Path, codes: Codes | None) -> None:
        self._path = path
        self._codes = codes
        self._rule = ""
        self.problems: list[Problem] = []

    def read(self, document: Mapping[str, Any]) -> PolicyFile:
        self._known(document, FILE_KEYS, "")
        entries = document.get("rule", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self._problem("rule", _("is no list of rules"), _("Begin each rule with [[rule]]."))
            entries = []
        layer = self._choice(document, "layer", LAYERS) or "shop"
        countries = self._words(document, "countries", self._country)
        platforms = self._words(document, "platforms")
        if layer == "platform" and not platforms:
            self._problem(
                "platforms",
                _("is missing"),
                _('Write the marketplaces: platforms = ["{name}"].', name="douyin"),
            )
        if layer == "law" and not countries:
            self._problem("countries", _("is missing"), _('Write the countries: countries = ["CN"].'))
        rules = [
            self._read_rule(position, entry, layer, countries, platforms)
            for position, entry in enumerate(entries, 1)
        ]
        self._rule = ""
        return PolicyFile(
            name=self._path.name,
            layer=layer,
            zh=self._word(document, "zh"),
            en=self._word(document, "en"),
            countries=countries,
            platforms=platforms,
            rules=tuple(rules),
            auto_limit=self._amounts(document, "auto_limit") or {},
            second_limit=self._amounts(document, "second_limit") or {},
            return_clause=self._words(document, "return_clause", self._country),
        )

    def _read_rule(
        self,
        position: int,
        entry: Mapping[str, Any],
        layer: str,
        countries: tuple[str, ...],
        platforms: tuple[str, ...],
    ) -> Rule:
        self._rule = str(entry.get("id") or position)
        self._known(entry, RULE_KEYS, "")
        known = self._codes
        rule = Rule(
            id=self._required(
                entry, "id", _("Write a short name of your own without blanks, e.g. shop-30d.")
            ),
            zh=self._required(entry, "zh", _("Write the Chinese name customers read.")),
            en=self._required(entry, "en", _("Write the English name customers read.")),
            file=self._path.name,
            layer=layer,
            source=self._required(
                entry, "source", _("Write where the rule stands, e.g. 消费者权益保护法 art. 25.")
            ),
            certainty=self._choice(entry, "certainty", tuple(CERTAINTIES)) or "D",
            checked_on=self._day(entry, "checked_on"),
            verdict=self._choice(entry, "verdict", (*GRANTS, "reject")) or "manual",
            countries=self._words(entry, "countries", self._country) or countries,
            platforms=self._words(entry, "platforms") or platforms,
            storefronts=self._words(entry, "storefronts"),
            kinds=self._codes_of(entry, "kinds", KINDS),
            said_reasons=self._codes_of(entry, "reasons", (*GROUPS, *known.reasons) if known else None),
            categories=self._codes_of(entry, "categories", known.categories if known else None),
            tiers=self._words(entry, "tiers"),
            conditions=self._codes_of(entry, "conditions", CONDITIONS),
            manual_if=self._codes_of(entry, "manual_if", CONDITIONS),
            price_from=self._amounts(entry, "price_from") or {},
            price_below=self._amounts(entry, "price_below") or {},
            repairs=self._number(entry, "repairs", 0, 99) or 0,
            window=self._window(entry),
            exceptions=self._exceptions(entry),
            unless_clause=self._flag(entry, "unless_clause", default=False),
            postage=self._choice(entry, "postage", PAYERS, required=False),
            refund_days=self._number(entry, "refund_days", 1, 366),
            refund_from=self._choice(entry, "refund_from", CLOCKS, required="refund_days" in entry),
            auto_limit=self._amounts(entry, "auto_limit"),
            second_limit=self._amounts(entry, "second_limit"),
            evidence=self._number(entry, "evidence", 0, 20) or 0,
            note_zh=self._word(entry, "note_zh"),
            source_zh=self._word(entry, "source_zh"),
            note_en=self._word(entry, "note_en"),
            on=self._flag(entry, "on", default=True),
        )
        if bool(rule.note_zh) != bool(rule.note_en):
            missing = "note_en" if rule.note_zh else "note_zh"
            self._problem(missing, _("is missing"), _("Write the note in both languages."))
        if any(mark in rule.id for mark in ", "):
            self._problem("id", _("holds a blank or comma"), _("Write it with hyphens, e.g. shop-30d."))
        return rule

    def _window(self, entry: Mapping[str, Any]) -> WindowSpec | None:
        table = entry.get("window")
        if table is None:
            return None
        if not isinstance(table, dict):
            self._problem("window", _("is no table"), _('Write window = { days = 7, from = "delivered" }.'))
            return None
        self._known(table, WINDOW_KEYS, "window.")
        start = self._choice(table, "from", STARTS, place="window.") or "delivered"
        days = self._number(table, "days", 1, _LONGEST_DAYS, place="window.") or 0
        months = self._number(table, "months", 1, _LONGEST_MONTHS, place="window.") or 0
        count = self._choice(table, "count", COUNTS, required=False, place="window.") or "days"
        end = self._choice(table, "end", ENDS, required=False, place="window.") or "day"
        if bool(days) == bool(months) if start != "warranty" else days or months:
            self._problem(
                "window",
                _("has the wrong length"),
                _('Write either days or months, and neither with from = "warranty".'),
            )
        if months and count != "days":
            self._problem(
                "window.count", _("does not go with months"), _('Write count = "days" or leave it out.')
            )
        return WindowSpec(days, months, start, count, end)

    def _exceptions(self, entry: Mapping[str, Any]) -> tuple[Exemption, ...]:
        tables = entry.get("except", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._problem("except", _("is no list of exemptions"), _("Begin each with [[rule.except]]."))
            return ()
        found = []
        for table in tables:
            self._known(table, EXCEPT_KEYS, "except.")
            known = self._codes.categories if self._codes else None
            exemption = Exemption(
                zh=self._required(table, "zh", _("Write its Chinese name."), place="except."),
                en=self._required(table, "en", _("Write its English name."), place="except."),
                categories=self._codes_of(table, "categories", known, place="except."),
                labels=self._codes_of(table, "labels", LABELS, place="except."),
                conditions=self._codes_of(table, "conditions", CONDITIONS, place="except."),
                confirmed=self._flag(table, "confirmed", default=False),
            )
            if not exemption.categories and not exemption.labels:
                self._problem("except.categories", _("is missing"), _("Write categories, labels or both."))
            found.append(exemption)
        return tuple(found)

    def _known(self, table: Mapping[str, Any], keys: Collection[str], place: str) -> None:
        for key in table:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, 1)
                hint = _("Did you mean “{key}”?", key=near[0]) if near else ""
                choices = _("Keys here: {names}.", names=", ".join(keys))
                self._problem(place + key, _("is not known"), " ".join(filter(None, (hint, choices))))

    def _problem(self, key: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(str(self._path), self._rule, key, what, remedy))

    def _word(self, table: Mapping[str, Any], key: str, place: str = "") -> str:
        value = table.get(key, "")
        if isinstance(value, str):
            return value.strip()
        self._problem(place + key, _("is no text"), _("Write a text between quotation marks."))
        return ""

    def _required(self, table: Mapping[str, Any], key: str, remedy: str, place: str = "") -> str:
        value = self._word(table, key, place)
        if not value and isinstance(table.get(key, ""), str):
            self._problem(place + key, _("is missing"), remedy)
        return value

    def _choice(
        self,
        table: Mapping[str, Any],
        key: str,
        choices: Collection[str],
        *,
        required: bool = True,
        place: str = "",
    ) -> str:
        value = table.get(key)
        if value is None and not required:
            return ""
        if isinstance(value, str) and value in choices:
            return value
        what = _("is missing") if value is None else _("cannot be “{value}”", value=value)
        self._problem(place + key, what, _("Choose one of: {choices}", choices=", ".join(choices)))
        return ""

    def _flag(self, table: Mapping[str, Any], key: str, *, default: bool) -> bool:
        value = table.get(key, default)
        if isinstance(value, bool):
            return value
        self._problem(key, _("cannot be “{value}”", value=value), _("Write true or false."))
        return default

    def _number(
        self, table: Mapping[str, Any], key: str, low: int, high: int, *, place: str = ""
    ) -> int | None:
        value = table.get(key)
        if value is None:
            return None
        if type(value) is int and low <= value <= high:
            return value
        remedy = _("Write a whole number from {low} to {high}.", low=low, high=high)
        self._problem(place + key, _("cannot be “{value}”", value=value), remedy)
        return None

    def _day(self, table: Mapping[str, Any], key: str) -> date:
        value = table.get(key)
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            what = _("is missing") if value is None else _("is no day")
            self._problem(key, what, _("Write the day you read the source, e.g. 2026-11-22."))
            return date.min

    def _words(
        self, table: Mapping[str, Any], key: str, check: Callable[[str], str] | None = None, place: str = ""
    ) -> tuple[str, ...]:
        value = table.get(key, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(word, str) and word for word in listed):
            self._problem(place + key, _("is no list of texts"), _('Write ["one", "two"].'))
            return ()
        for word in listed:
            if check is not None and (remedy := check(word)):
                self._problem(place + key, _("cannot be “{value}”", value=word), remedy)
        return tuple(listed)

    def _codes_of(
        self, table: Mapping[str, Any], key: str, known: Collection[str] | None, place: str = ""
    ) -> tuple[str, ...]:
        def check(word: str) -> str:
            if known is None or word in known:
                return ""
            near = difflib.get_close_matches(word, known, 1)
            return _("Choose one of: {choices}", choices=", ".join(near or known))

        return self._words(table, key, check, place)

    @staticmethod
    def _country(word: str) -> str:
        right = len(word) == 2 and word.isascii() and word.isupper()  # noqa: PLR2004 - ISO 3166 alpha-2
        return "" if right else _("Write two capital letters, e.g. CN.")

    def _amounts(self, table: Mapping[str, Any], key: str) -> dict[str, int] | None:
        value = table.get(key)
        if value is None:
            return None
        found = {}
        if isinstance(value, dict):
            for currency, amount in value.items():
                number = type(amount) in (int, float) and 0 <= amount < _LARGEST_AMOUNT
                if not number or not is_currency(currency):
                    break
                found[currency] = to_minor(Decimal(str(amount)), currency)[0]
            else:
                return found
        self._problem(
            key, _("has the wrong form"), _("Write amounts by currency: { CNY = 1000, USD = 150 }.")
        )
        return None
