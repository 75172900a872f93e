"""The rules of value in words: where each score begins, and what each segment asks for."""

from dataclasses import dataclass
from datetime import date

from aftersales_cli.customers.value.rules import Box, ValueRules, load_value_rules
from aftersales_cli.customers.value.scoring import Breaks
from aftersales_cli.customers.value.valuing import valuation
from aftersales_cli.language import _
from aftersales_cli.money import format_money
from aftersales_cli.shop import Shop

_HIGHEST = 5


@dataclass(frozen=True)
class ScoreRule:
    """Where a score begins."""

    score: str
    """E.g. ``R5``."""
    limit: float | None
    """At most so many days for R; at least so many orders for F, minor units for M. None: nobody can reach it."""
    text: str


@dataclass(frozen=True)
class NamedRule:
    """What a segment or a mark asks for."""

    code: str
    text: str


@dataclass(frozen=True)
class PrintedRules:
    """All rules as they hold on a day."""

    as_of: str
    scheme: str
    currency: str
    scores: list[ScoreRule]
    segments: list[NamedRule]
    """The first one that fits counts."""
    marks: list[NamedRule]
    """``high_value``, ``potential`` and ``refund_abuse``."""


def print_rules(shop: Shop, day: date | None = None) -> PrintedRules:
    """Return the rules with the breakpoints of a day, today's without one."""
    rules, made = load_value_rules(shop.folder), valuation(shop, day)
    currency = shop.settings.shop.currency
    return PrintedRules(
        as_of=made.as_of,
        scheme=made.scheme,
        currency=currency,
        scores=_scores(made.breaks, currency),
        segments=[NamedRule(entry.code, boxes_text(entry.boxes)) for entry in rules.segments],
        marks=[
            NamedRule("high_value", boxes_text(rules.high_value)),
            NamedRule("potential", boxes_text(rules.potential)),
            NamedRule("refund_abuse", _abuse_text(rules)),
        ],
    )


def _scores(breaks: Breaks, currency: str) -> list[ScoreRule]:
    found = []
    for letter, cuts in (("R", breaks.recency), ("F", breaks.orders), ("M", breaks.spend)):
        for score in range(_HIGHEST, 1, -1):
            limit, higher = cuts[score - 2], cuts[score - 1] if score < _HIGHEST else None
            # Many with the same figure leave a score empty: all who reach it reach the next one as well.
            empty = limit is not None and limit == higher
            text = _("nobody at present") if empty else _limit_text(letter, limit, currency)
            found.append(ScoreRule(f"{letter}{score}", limit, text))
    return found


def _limit_text(letter: str, limit: float | None, currency: str) -> str:
    if limit is None:
        return _("nobody at present")
    if letter == "R":
        return _("last order at most {days} days ago", days=int(limit))
    if letter == "F":
        return _("at least {orders} orders", orders=int(limit))
    return _("at least {amount}", amount=format_money(int(limit), currency))


def boxes_text(boxes: tuple[Box, ...]) -> str:
    """Return e.g. ``R5 F4–5 M4–5 or R3–4 F4–5``."""
    return _(" or ").join(
        " ".join(f"{name.upper()}{_range_text(*limits)}" for name, limits in box.items()) for box in boxes
    )


def _range_text(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def _abuse_text(rules: ValueRules) -> str:
    share = f"{rules.abuse_share:.0%}"
    return _("{share} or more of at least {orders} orders came back", share=share, orders=rules.abuse_orders)


def segment_rule(shop: Shop, code: str) -> str:
    """Return the rule of one segment in short, ``""`` for one that the rules no longer know."""
    rules = load_value_rules(shop.folder)
    return next((boxes_text(entry.boxes) for entry in rules.segments if entry.code == code), "")
