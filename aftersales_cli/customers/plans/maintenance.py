"""Which products want care, and when: the rules of ``maintenance.toml``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from aftersales_cli.desk.returns.policy_categories import classify
from aftersales_cli.desk.returns.policy_files import load_products
from aftersales_cli.desk.returns.policy_records import ProductEntry
from aftersales_cli.desk.returns.policy_windows import add_months
from aftersales_cli.desk.rule_files import NUMBER, WORD, WORDS, RuleEntry, load_rules, remembered
from aftersales_cli.language import _
from aftersales_cli.taxonomy import fold, load_taxonomy

FILE_NAME = "maintenance.toml"
_KEYS = {
    "categories": WORDS, "skus": WORDS, "words": WORDS, "unless": WORDS, "months": NUMBER, "times": NUMBER,
    "say_zh": WORD, "say_en": WORD,
}  # fmt: skip


@dataclass(frozen=True)
class CareRule:
    """What kind of product wants care, and after how many months."""

    categories: tuple[str, ...]
    skus: tuple[str, ...]
    words: tuple[str, ...]
    unless: tuple[str, ...]
    months: int
    times: int
    """How often one purchase is reminded."""
    say_zh: str
    say_en: str

    def fits(self, sku: str, title: str, category: str) -> bool:
        """Tell whether a product is meant; ``sku`` and ``title`` are folded."""
        if any(fold(word) in title for word in self.unless):
            return False
        return (
            category in self.categories
            or any(sku.startswith(fold(begin)) for begin in self.skus)
            or any(fold(word) in title for word in self.words)
        )


@dataclass(frozen=True)
class DueSpan:
    """Days on which something must have been delivered to be due now for the nth time."""

    months: int
    number: int
    """Which reminder it is, from 1."""
    first: date
    last: date


def load_care_rules(shop_folder: Path | None) -> tuple[CareRule, ...]:
    """Read the rules; raises FileError, and WrongUsageError naming file, rule, key and what to write."""
    return remembered(_read, FILE_NAME, shop_folder)


def _read(shop_folder: Path | None) -> tuple[CareRule, ...]:
    return tuple(_read_rule(entry, shop_folder) for entry in load_rules(FILE_NAME, _KEYS, shop_folder))


def _read_rule(entry: RuleEntry, shop_folder: Path | None) -> CareRule:
    entry.check_codes("categories", load_taxonomy("product_categories", shop_folder).terms)
    rule = CareRule(
        categories=entry.words("categories"),
        skus=entry.words("skus"),
        words=entry.words("words"),
        unless=entry.words("unless"),
        months=entry.values.get("months", 0),
        times=entry.values.get("times", 1),
        say_zh=entry.values.get("say_zh", ""),
        say_en=entry.values.get("say_en", ""),
    )
    if not (rule.categories or rule.skus or rule.words):
        raise entry.problem("words", _("is missing"), _("Write categories, skus or words."))
    if not rule.months:
        raise entry.problem("months", _("is missing"), _("Write the months between two reminders."))
    return rule


def due_spans(rules: Sequence[CareRule], on: date, window_days: int) -> Iterator[DueSpan]:
    """Yield the days of delivery whose care is due on a day, or was at most ``window_days`` ago."""
    furthest: dict[int, int] = {}
    for rule in rules:
        furthest[rule.months] = max(rule.times, furthest.get(rule.months, 0))
    for months, times in furthest.items():
        for number in range(1, times + 1):
            yield DueSpan(
                months,
                number,
                add_months(on - timedelta(days=window_days), -months * number),
                add_months(on, -months * number),
            )


class CareTable:
    """Finds the rule of a product; each product is looked at once."""

    def __init__(self, rules: Sequence[CareRule], products: Sequence[ProductEntry]) -> None:
        self._rules, self._products = rules, products
        self._found: dict[tuple[str, str], CareRule | None] = {}

    def find(self, sku: str, title: str) -> CareRule | None:
        """Return the first rule that fits, None if the product wants no care."""
        key = (sku, title)
        if key not in self._found:
            category = ""
            if any(rule.categories for rule in self._rules):
                category = classify(self._products, sku=sku, title=title).category
            folded = fold(sku), fold(title)
            self._found[key] = next((rule for rule in self._rules if rule.fits(*folded, category)), None)
        return self._found[key]


def open_care_table(shop_folder: Path | None) -> tuple[CareTable, tuple[CareRule, ...]]:
    """Return the table of the shop's rules and products, and the rules; raises FileError and WrongUsageError."""
    rules = load_care_rules(shop_folder)
    return CareTable(rules, load_products(shop_folder)), rules
