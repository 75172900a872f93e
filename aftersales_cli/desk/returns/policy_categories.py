"""What a product is: its category, its label and its warranty, told from sku and title by a table people can read."""

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from aftersales_cli.desk.returns.policy_reading import Problem
from aftersales_cli.desk.returns.policy_records import LABELS, ProductEntry
from aftersales_cli.desk.returns.policy_windows import add_months
from aftersales_cli.language import _
from aftersales_cli.taxonomy import fold

FILE_NAME = "categories.toml"
_KEYS = ("skus", "words", "unless", "category", "label", "confirmed", "warranty_months")


@dataclass(frozen=True)
class Classified:
    """What a product seems to be."""

    category: str = ""
    label: str = ""
    confirmed: bool = False
    warranty_months: int = 0
    seen: str = ""
    """The beginning of the sku or the word of the title that told it."""

    def warranty_until(self, delivered_on: date | None) -> date | None:
        """Return the last day of the warranty, None if it has none or delivery is not known."""
        if not self.warranty_months or delivered_on is None:
            return None
        return add_months(delivered_on, self.warranty_months)


def classify(entries: Sequence[ProductEntry], *, sku: str, title: str) -> Classified:
    """Return what a product is: by the longest fitting beginning of its sku, else the first entry with a word of its title."""
    number, name = fold(sku), fold(title)
    by_sku = [
        (len(fold(begin)), begin, entry)
        for entry in entries
        for begin in entry.skus
        if _begins(number, begin)
    ]
    if by_sku:
        _size, begin, entry = max(by_sku, key=lambda item: item[0])
        return _as_found(entry, begin)
    for entry in entries:
        if any(fold(word) in name for word in entry.unless):
            continue
        for word in entry.words:
            if fold(word) in name:
                return _as_found(entry, word)
    return Classified()


def _begins(number: str, begin: str) -> bool:
    return bool(fold(begin)) and number.startswith(fold(begin))


def _as_found(entry: ProductEntry, seen: str) -> Classified:
    return Classified(entry.category, entry.label, entry.confirmed, entry.warranty_months, seen)


def read_products(
    document: Mapping[str, Any], path: Path, categories: Collection[str] | None
) -> tuple[tuple[ProductEntry, ...], list[Problem]]:
    """Return the table of a parsed file and what is wrong with it; ``categories`` None takes any."""
    problems: list[Problem] = []
    entries = []
    tables = document.get("product", [])
    if set(document) - {"product"} or not isinstance(tables, list):
        problems.append(
            Problem(str(path), "", "product", _("is no list of products"), _("Begin each with [[product]]."))
        )
        tables = []
    for position, table in enumerate(tables, 1):
        found = _Checker(str(path), str(position), problems)
        entries.append(found.read(table, categories))
    return tuple(entries), problems


class _Checker:
    """Checks one table of the file."""

    def __init__(self, path: str, position: str, problems: list[Problem]) -> None:
        self._path, self._position, self._problems = path, position, problems

    def read(self, table: Mapping[str, Any], categories: Collection[str] | None) -> ProductEntry:
        for key in table:
            if key not in _KEYS:
                self._problem(key, _("is not known"), _("Keys here: {names}.", names=", ".join(_KEYS)))
        entry = ProductEntry(
            skus=self._words(table, "skus"),
            words=self._words(table, "words"),
            unless=self._words(table, "unless"),
            category=self._code(table, "category", categories),
            label=self._code(table, "label", LABELS) if "label" in table else "",
            confirmed=table.get("confirmed") is True,
            warranty_months=self._months(table),
        )
        if not entry.skus and not entry.words:
            self._problem("skus", _("is missing"), _("Write skus, words or both."))
        if not isinstance(table.get("confirmed", False), bool):
            self._problem("confirmed", _("has the wrong form"), _("Write true or false."))
        return entry

    def _words(self, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(word, str) and fold(word) for word in value):
            return tuple(value)
        self._problem(key, _("is no list of texts"), _('Write ["one", "two"].'))
        return ()

    def _code(self, table: Mapping[str, Any], key: str, known: Collection[str] | None) -> str:
        value = table.get(key)
        if isinstance(value, str) and (known is None or value in known):
            return value
        choices = known or ()
        what = _("is missing") if value is None else _("cannot be “{value}”", value=value)
        near = difflib.get_close_matches(str(value), choices, 1)
        self._problem(key, what, _("Choose one of: {choices}", choices=", ".join(near or choices)))
        return ""

    def _months(self, table: Mapping[str, Any]) -> int:
        value = table.get("warranty_months", 0)
        if type(value) is int and 0 <= value <= 240:  # noqa: PLR2004 - twenty years
            return value
        self._problem(
            "warranty_months",
            _("cannot be “{value}”", value=value),
            _("Write a whole number from {low} to {high}.", low=0, high=240),
        )
        return 0

    def _problem(self, key: str, what: str, remedy: str) -> None:
        self._problems.append(Problem(self._path, self._position, key, what, remedy))
