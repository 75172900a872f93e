"""Tags that follow from what a customer asked, spent and bought: pure rules over ``templates/settings/tags.toml``."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.desk.returns.policy_categories import classify
from aftersales_cli.desk.returns.policy_records import ProductEntry
from aftersales_cli.desk.rule_files import NUMBER, WORD, WORDS, RuleEntry, load_rules, remembered
from aftersales_cli.language import _, pick
from aftersales_cli.taxonomy import fold, load_taxonomy

FILE_NAME = "tags.toml"
_KEYS = {
    "tag": WORD,
    "inquiry_days": NUMBER,
    "spend_scores": WORDS,
    "categories": WORDS,
    "skus": WORDS,
    "words": WORDS,
    "least_orders": NUMBER,
    "least_share": NUMBER,
}
_PRODUCTS = ("categories", "skus", "words")
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_NAMED = 3
"""Products a reason names at most."""

Bought = Mapping[int, Sequence[tuple[str, str]]]
"""Paid order → (sku, title) of its products."""


@dataclass(frozen=True)
class TagRule:
    """One rule, checked."""

    tag: str
    names: Mapping[str, str]
    inquiry_days: int
    """0 for a rule that does not ask for an inquiry."""
    spend_scores: tuple[int, ...]
    categories: tuple[str, ...]
    skus: tuple[str, ...]
    words: tuple[str, ...]
    least_orders: int
    least_share: int

    @property
    def name(self) -> str:
        """The tag's name in the current language."""
        return pick(self.names)

    @property
    def asks_products(self) -> bool:
        """Whether the rule looks at what was bought."""
        return bool(self.categories or self.skus or self.words)


def load_tag_rules(shop_folder: Path | None) -> tuple[TagRule, ...]:
    """Return the rules of the shop's file, else of the shipped one; raises FileError, WrongUsageError."""
    return remembered(_read, FILE_NAME, shop_folder)


def _read(shop_folder: Path | None) -> tuple[TagRule, ...]:
    categories = load_taxonomy("product_categories", shop_folder).terms
    return tuple(_rule(entry, categories) for entry in load_rules(FILE_NAME, _KEYS, shop_folder))


def _rule(entry: RuleEntry, categories: Iterable[str]) -> TagRule:
    values = entry.values
    tag = str(values.get("tag", ""))
    if not _CODE.fullmatch(tag):
        raise entry.problem("tag", _("is no code"), _("Write small letters, digits and _ : purchase_intent."))
    entry.check_codes("categories", tuple(categories))
    entry.check_codes("spend_scores", ("1", "2", "3", "4", "5"))
    asked = [
        "inquiry_days" in values,
        "spend_scores" in values,
        any(key in values for key in _PRODUCTS),
    ]
    if sum(asked) != 1:
        raise entry.problem(
            "tag",
            _("does not say what for"),
            _("Give the rule inquiry_days, or spend_scores, or products: categories, skus, words."),
        )
    return TagRule(
        tag,
        {language: values[language] for language in ("zh", "en") if language in values},
        int(values.get("inquiry_days", 0)),
        tuple(map(int, entry.words("spend_scores"))),
        entry.words("categories"),
        entry.words("skus"),
        entry.words("words"),
        int(values.get("least_orders", 1)),
        int(values.get("least_share", 0)),
    )


class Taste:
    """Tells what products are, each only once."""

    def __init__(self, products: Sequence[ProductEntry]) -> None:
        self._products = products
        self._known: dict[tuple[str, str], str] = {}

    def category(self, sku: str, title: str) -> str:
        """Return the code of a product's category, ``""`` if nothing tells it."""
        if (sku, title) not in self._known:
            self._known[sku, title] = classify(self._products, sku=sku, title=title).category
        return self._known[sku, title]

    def fits(self, rule: TagRule, sku: str, title: str) -> bool:
        """Tell whether a product is one the rule asks for."""
        if rule.categories and self.category(sku, title) in rule.categories:
            return True
        number, name = fold(sku), fold(title)
        return any(number.startswith(fold(begin)) for begin in rule.skus) or any(
            fold(word) in name for word in rule.words
        )


def spend_tags(rules: Iterable[TagRule], score: int) -> dict[str, str]:
    """Return tag → why of the rules that ask for this spend score."""
    return {rule.tag: f"spend {score}" for rule in rules if score in rule.spend_scores}


def product_tags(rules: Iterable[TagRule], bought: Bought, taste: Taste) -> dict[str, str]:
    """Return tag → why of the rules that ask for what was bought."""
    found = {}
    for rule in rules:
        if not rule.asks_products:
            continue
        fitting = {
            order: [title or sku for sku, title in products if taste.fits(rule, sku, title)]
            for order, products in bought.items()
        }
        names = [name for products in fitting.values() for name in products]
        orders = sum(1 for products in fitting.values() if products)
        if orders >= rule.least_orders and orders * 100 >= rule.least_share * len(bought):
            shown = ", ".join(list(dict.fromkeys(names))[:_NAMED])
            found[rule.tag] = f"products {orders} {len(bought)} {shown}"
    return found


def why_text(why: str) -> str:
    """Return in the current language why a customer has a tag; what a person wrote stays as it is."""
    kind, _space, rest = why.partition(" ")
    if kind == "spend" and rest.isdigit():
        return _("spend score M{score}", score=rest)
    if kind == "inquiry" and rest.isdigit():
        return _("asked in case {number} and has not bought since", number=rest)
    if kind == "products" and len(parts := rest.split(" ", 2)) == 3:  # noqa: PLR2004 - as product_tags writes it
        return _("{count} of {all} orders: {products}", count=parts[0], all=parts[1], products=parts[2])
    return why


def tag_name(rules: Iterable[TagRule], tag: str) -> str:
    """Return a tag's name in the current language, the tag itself if it was made by hand."""
    return next((rule.name for rule in rules if rule.tag == tag), tag)
