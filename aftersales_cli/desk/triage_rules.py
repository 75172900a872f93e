"""What a case seems to be and how serious, by rules that can be read. Rules only: values in, values out."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from aftersales_cli.desk.rule_files import (
    AMOUNTS,
    FLAG,
    NUMBER,
    WORD,
    WORDS,
    RuleEntry,
    load_rules,
    remembered,
)
from aftersales_cli.language import _, plural
from aftersales_cli.money import format_money, minor_digits
from aftersales_cli.taxonomy import load_taxonomy

FILE_NAME = "triage.toml"

SEVERITIES = ("normal", "high", "urgent")
LEVELS = ("L1", "L2", "L3", "L4")
COMPLEXITIES = ("simple", "normal", "complex")
"""From lowest to highest."""

_KEYS = {
    "words": WORDS,
    "unless": WORDS,
    "kinds": WORDS,
    "reasons": WORDS,
    "order_statuses": WORDS,
    "platforms": WORDS,
    "amount_over": AMOUNTS,
    "contacts": NUMBER,
    "same_product": NUMBER,
    "days": NUMBER,
    "kind": WORD,
    "reason": WORD,
    "severity": WORD,
    "level": WORD,
    "complexity": WORD,
    "certain": FLAG,
}
_CONDITIONS = (
    "words",
    "kinds",
    "reasons",
    "order_statuses",
    "platforms",
    "amount_over",
    "contacts",
    "same_product",
)
_DAYS = 7
"""How far back a rule looks that does not say it."""

_UNDECIDED = frozenset({"inquiry", "other"})
"""Kinds that mean that nobody has decided yet."""


@dataclass(frozen=True)
class TriageFacts:
    """What the rules may ask about a case."""

    texts: tuple[str, ...]
    """Title, the customer's words, and the platform's reason."""
    kind: str
    reason: str
    """The reason known so far, ``""`` for none."""
    last_on: date
    """The day of the last contact, from which rules look back."""
    platform: str = ""
    order_status: str = ""
    amount: int | None = None
    """What the order cost, in minor units."""
    currency: str = ""
    contact_days: tuple[date, ...] = ()
    """A day for each case of the customer on which the customer wrote or called."""
    similar: tuple[tuple[str, date], ...] = ()
    """Reason and day of the cases about the same product, this one aside."""


@dataclass(frozen=True)
class FiredRule:
    """A rule all of whose conditions hold."""

    key: str
    """The name that is stored, whatever the language."""
    name: str
    words: tuple[str, ...]
    """The words it found."""
    evidence: tuple[str, ...]
    """What it saw, in words."""
    suggests: Mapping[str, str]
    """Field → code: kind, reason, severity, level, complexity."""
    certain: bool


@dataclass(frozen=True)
class Suggestion:
    """What a case seems to be; a field nothing is known about has the value it has already, or ``""``."""

    kind: str
    reason: str
    severity: str
    complexity: str
    fired: tuple[FiredRule, ...]


def load_triage(shop_folder: Path | None) -> tuple[RuleEntry, ...]:
    """Read the rules; raises FileError, and WrongUsageError for a code that does not exist."""
    return remembered(_read_triage, FILE_NAME, shop_folder)


def _read_triage(shop_folder: Path | None) -> tuple[RuleEntry, ...]:
    entries = load_rules(FILE_NAME, _KEYS, shop_folder)
    kinds, reasons, statuses = (
        load_taxonomy(name, shop_folder).terms for name in ("kinds", "reasons", "order_statuses")
    )
    for entry in entries:
        for key, known in (
            ("kinds", kinds),
            ("kind", kinds),
            ("reasons", reasons),
            ("reason", reasons),
            ("order_statuses", statuses),
            ("severity", SEVERITIES),
            ("level", LEVELS),
            ("complexity", COMPLEXITIES),
        ):
            entry.check_codes(key, known)
        if not any(key in entry.values for key in _CONDITIONS):
            raise entry.problem("words", _("is missing"), _("Give the rule a condition, e.g. words."))
    return entries


def suggest(rules: Sequence[RuleEntry], facts: TriageFacts, *, keep_kind: bool = False) -> Suggestion:
    """Return what the rules make of a case, with those that fired.

    A kind somebody chose stays, except that it can become a complaint; ``keep_kind`` keeps any. Rules that ask for kind or reason see
    the suggested ones. The first rule decides about kind and reason, the highest about the rest.
    """
    said = [entry for entry in rules if not {"kinds", "reasons"} & entry.values.keys()]
    fired = {id(entry): found for entry in said if (found := _fire(entry, facts))}
    kind = facts.kind if keep_kind else _choose_kind(facts.kind, fired.values())
    reason = facts.reason or _first(fired.values(), "reason")
    seen = TriageFacts(**{**vars(facts), "kind": kind, "reason": reason})
    for entry in rules:
        if id(entry) not in fired and (found := _fire(entry, seen)):
            fired[id(entry)] = found
    ordered = [fired[id(entry)] for entry in rules if id(entry) in fired]
    scale, field = (LEVELS, "level") if kind == "complaint" else (SEVERITIES, "severity")
    used = tuple(entry for entry in ordered if _counts(entry, kind, reason, field))
    return Suggestion(
        kind=kind,
        reason=reason,
        severity=_highest(used, field, scale),
        complexity=_highest(used, "complexity", COMPLEXITIES),
        fired=used,
    )


def _counts(entry: FiredRule, kind: str, reason: str, field: str) -> bool:
    """Tell whether a rule had a part in the outcome: one that was overruled explains nothing."""
    suggests = entry.suggests
    return (
        suggests.get("kind") == kind
        or suggests.get("reason") == reason
        or field in suggests
        or "complexity" in suggests
    )


def _choose_kind(known: str, fired: Iterable[FiredRule]) -> str:
    found = [entry.suggests["kind"] for entry in fired if "kind" in entry.suggests]
    if known in _UNDECIDED or not known:
        return found[0] if found else known
    return "complaint" if "complaint" in found else known


def _first(fired: Iterable[FiredRule], field: str) -> str:
    return next((entry.suggests[field] for entry in fired if field in entry.suggests), "")


def _highest(fired: Iterable[FiredRule], field: str, scale: Sequence[str]) -> str:
    found = [entry.suggests[field] for entry in fired if field in entry.suggests]
    return max(found, key=scale.index) if found else ""


def _fire(entry: RuleEntry, facts: TriageFacts) -> FiredRule | None:
    """Return the rule with its evidence if all its conditions hold."""
    if any(_has_word(text, word) for text in facts.texts for word in entry.words("unless")):
        return None
    evidence: list[str] = []
    for key in _CONDITIONS:
        if key in entry.values:
            seen = _LOOKS[key](entry, facts)
            if seen is None:
                return None
            evidence += [seen] if seen else []
    suggests = {
        key: entry.values[key]
        for key in ("kind", "reason", "severity", "level", "complexity")
        if key in entry.values
    }
    return FiredRule(
        key=entry.key,
        name=entry.name,
        words=tuple(_find_words(entry, facts)),
        evidence=tuple(evidence),
        suggests=suggests,
        certain=bool(entry.values.get("certain")),
    )


def _find_words(entry: RuleEntry, facts: TriageFacts) -> list[str]:
    return [word for word in entry.words("words") if any(_has_word(text, word) for text in facts.texts)]


def _see_words(entry: RuleEntry, facts: TriageFacts) -> str | None:
    found = _find_words(entry, facts)
    if not found:
        return None
    return _("words: {words}", words=", ".join(f"“{word}”" for word in found))


def _see_kind(entry: RuleEntry, facts: TriageFacts) -> str | None:
    if facts.kind not in entry.words("kinds"):
        return None
    return _("kind: {kind}", kind=load_taxonomy("kinds").label(facts.kind))


def _see_reason(entry: RuleEntry, facts: TriageFacts) -> str | None:
    if facts.reason not in entry.words("reasons"):
        return None
    return _("reason: {reason}", reason=load_taxonomy("reasons").label(facts.reason))


def _see_status(entry: RuleEntry, facts: TriageFacts) -> str | None:
    if facts.order_status not in entry.words("order_statuses"):
        return None
    return _("order: {status}", status=load_taxonomy("order_statuses").label(facts.order_status))


def _see_platform(entry: RuleEntry, facts: TriageFacts) -> str | None:
    return _("platform: {name}", name=facts.platform) if facts.platform in entry.words("platforms") else None


def _see_amount(entry: RuleEntry, facts: TriageFacts) -> str | None:
    limit = entry.values["amount_over"].get(facts.currency)
    if limit is None or facts.amount is None:
        return None
    limit_minor = round(limit * 10 ** minor_digits(facts.currency))
    if facts.amount <= limit_minor:
        return None
    return _(
        "order of {amount}, over {limit}",
        amount=format_money(facts.amount, facts.currency),
        limit=format_money(limit_minor, facts.currency),
    )


def _see_contacts(entry: RuleEntry, facts: TriageFacts) -> str | None:
    days = entry.values.get("days", _DAYS)
    count = len([day for day in facts.contact_days if _is_within(day, facts.last_on, days)])
    if count < entry.values["contacts"]:
        return None
    return plural(
        "{count} contact within {days} days", "{count} contacts within {days} days", count, days=days
    )


def _see_same_product(entry: RuleEntry, facts: TriageFacts) -> str | None:
    days = entry.values.get("days", _DAYS)
    others = [
        day
        for reason, day in facts.similar
        if reason == facts.reason and _is_within(day, facts.last_on, days)
    ]
    count = len(others) + 1
    if not facts.reason or count < entry.values["same_product"]:
        return None
    return plural(
        "{count} case of the product with this reason within {days} days",
        "{count} cases of the product with this reason within {days} days",
        count,
        days=days,
    )


_LOOKS: Mapping[str, Callable[[RuleEntry, TriageFacts], str | None]] = {
    "words": _see_words,
    "kinds": _see_kind,
    "reasons": _see_reason,
    "order_statuses": _see_status,
    "platforms": _see_platform,
    "amount_over": _see_amount,
    "contacts": _see_contacts,
    "same_product": _see_same_product,
}
"""Condition → what it sees, in words; None if it does not hold."""


def _is_within(day: date, last: date, days: int) -> bool:
    return last - timedelta(days=days - 1) <= day <= last


def _has_word(text: str, word: str) -> bool:
    """Tell whether a text holds a word: Latin ones as whole words, Chinese ones anywhere."""
    folded, wanted = _fold(text), _fold(word)
    if not wanted.isascii():
        return wanted in folded
    return re.search(rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9])", folded) is not None


@lru_cache(maxsize=2048)
def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())
