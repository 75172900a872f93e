"""Put tags on customers: by rule after their values changed, and by hand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from aftersales_cli.customers.privacy.consenting import require_customer
from aftersales_cli.customers.value.tag_rules import (
    TagRule,
    Taste,
    load_tag_rules,
    product_tags,
    spend_tags,
    tag_name,
    why_text,
)
from aftersales_cli.database.customer_tags import (
    add_tag,
    count_tags,
    customers_with_rule_tag,
    drop_other_rule_tags,
    list_bought,
    list_erased,
    list_tags,
    list_waiting_inquiries,
    remove_tag,
    write_rule_tags,
)
from aftersales_cli.desk.returns.policy_files import load_products
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.value import CustomerTag, CustomerValue
from aftersales_cli.shop import Shop

_AT_ONCE = 2_000
_LONGEST = 40
_WORD = re.compile(r"[^\s,;，；|]+")


@dataclass(frozen=True)
class ShownTag:
    """A tag as people read it."""

    tag: str
    name: str
    origin: str
    why: str


@dataclass(frozen=True)
class Tagged:
    """The tags of a customer after one was added or removed."""

    customer_id: int
    changed: bool
    tags: list[ShownTag]


@dataclass(frozen=True)
class TagCount:
    """How many customers have a tag."""

    tag: str
    name: str
    origin: str
    customers: int


def refresh_tags(shop: Shop, changed: Sequence[CustomerValue]) -> int:
    """Bring the tags by rule of these customers up to date, and those that follow from inquiries of everybody.

    Returns how many tags changed. Inside ``writing``.
    """
    rules = load_tag_rules(shop.folder)
    tags = [rule.tag for rule in rules]
    count = drop_other_rule_tags(shop.database, tags)
    bought_tags = [rule for rule in rules if not rule.inquiry_days]
    taste = Taste(load_products(shop.folder)) if any(rule.asks_products for rule in rules) else Taste(())
    for start in range(0, len(changed), _AT_ONCE):
        count += _tag_by_value(shop, bought_tags, changed[start : start + _AT_ONCE], taste)
    for rule in rules:
        if rule.inquiry_days:
            count += _tag_by_inquiry(shop, rule)
    return count


def _tag_by_value(shop: Shop, rules: Sequence[TagRule], values: Sequence[CustomerValue], taste: Taste) -> int:
    erased = set(list_erased(shop.database))
    values = [value for value in values if value.customer_id not in erased]
    numbers = [value.customer_id for value in values]
    bought = list_bought(shop.database, numbers)
    found: dict[tuple[int, str], str] = {}
    for value in values:
        fitting = spend_tags(rules, value.m) | product_tags(rules, bought.get(value.customer_id, {}), taste)
        found |= {(value.customer_id, tag): why for tag, why in fitting.items()}
    tags = [rule.tag for rule in rules]
    return write_rule_tags(shop.database, numbers, found, tags, at=shop.stamp)


def _waiting(shop: Shop, rule: TagRule) -> dict[int, int]:
    """Return customer → newest inquiry that the rule asks for."""
    since = (shop.today - timedelta(days=rule.inquiry_days)).isoformat()
    return dict(list_waiting_inquiries(shop.database, since))


def inquiries_changed(shop: Shop) -> bool:
    """Tell whether somebody has asked, or bought after asking, since the tags were refreshed."""
    return any(
        _waiting(shop, rule).keys() != set(customers_with_rule_tag(shop.database, rule.tag))
        for rule in load_tag_rules(shop.folder)
        if rule.inquiry_days
    )


def _tag_by_inquiry(shop: Shop, rule: TagRule) -> int:
    asked = _waiting(shop, rule)
    found = {(number, rule.tag): f"inquiry {case}" for number, case in asked.items()}
    concerned = {*asked, *customers_with_rule_tag(shop.database, rule.tag)}
    return write_rule_tags(shop.database, sorted(concerned), found, [rule.tag], at=shop.stamp)


def shown_tags(shop: Shop, customer_id: int) -> list[ShownTag]:
    """Return a customer's tags with their names and reasons."""
    rules = load_tag_rules(shop.folder)
    return [
        ShownTag(tag.tag, tag_name(rules, tag.tag), tag.origin, why_text(tag.why))
        for tag in list_tags(shop.database, customer_id)
    ]


def tag_customer(shop: Shop, customer_id: int, word: str, *, remove: bool = False, why: str = "") -> Tagged:
    """Put a tag on a customer by hand, or take one off. The same again changes nothing.

    Raises NotFoundError for an unknown customer or a tag that is not there, WrongUsageError for an impossible word.
    """
    tag = word.strip()
    if not _WORD.fullmatch(tag) or len(tag) > _LONGEST:
        raise WrongUsageError(
            _("“{tag}” cannot be a tag.", tag=word[:_LONGEST]),
            remedy=_(
                "Write one word of at most {count} characters, without spaces and commas.", count=_LONGEST
            ),
        )
    with shop.writing("customers.tag", f"customer:{customer_id}") as writing:
        require_customer(shop, customer_id)
        if not remove and customer_id in list_erased(shop.database):
            raise RefusedError(
                _("The personal data of this customer was erased; there is nobody to describe.")
            )
        if remove:
            changed = _remove(shop, customer_id, tag)
        else:
            changed = add_tag(shop.database, CustomerTag(customer_id, tag, "hand", why.strip(), shop.stamp))
        writing.count(tags=int(changed))
        return Tagged(customer_id, changed, shown_tags(shop, customer_id))


def _remove(shop: Shop, customer_id: int, tag: str) -> bool:
    if remove_tag(shop.database, customer_id, tag):
        return True
    tags = list_tags(shop.database, customer_id)
    if any(entry.tag == tag for entry in tags):
        raise WrongUsageError(
            _("“{tag}” comes from a rule and would come back.", tag=tag),
            remedy=_("Change the rule: copy tags.toml into the shop's templates/settings."),
        )
    names = ", ".join(entry.tag for entry in tags if entry.origin == "hand")
    raise NotFoundError(
        _("Customer {number} has no tag “{tag}”.", number=customer_id, tag=tag),
        remedy=_("Tags made by hand: {names}", names=names or "–"),
    )


def resolve_tag(shop: Shop, word: str) -> str:
    """Return the tag for its code or for a rule's name in either language, else the word itself."""
    for rule in load_tag_rules(shop.folder):
        if word in {rule.tag, *rule.names.values()}:
            return rule.tag
    return word


def tag_counts(shop: Shop) -> list[TagCount]:
    """Return all tags in use, the most frequent first."""
    rules = load_tag_rules(shop.folder)
    return [
        TagCount(tag, tag_name(rules, tag), origin, count) for tag, origin, count in count_tags(shop.database)
    ]
