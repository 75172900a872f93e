"""The page customers may read: each rule in their words, by country."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from aftersales_cli.desk.returns.policy_reading import PolicyFile
from aftersales_cli.desk.returns.policy_records import LAYERS, Rule
from aftersales_cli.desk.returns.policy_words import (
    amounts_text,
    kinds_text,
    names_text,
    payer_text,
    reasons_text,
    refund_text,
    span_text,
)
from aftersales_cli.errors import NotFoundError
from aftersales_cli.language import _, pick, plural


@dataclass(frozen=True)
class PageRule:
    """One rule of the page."""

    id: str
    title: str
    lines: tuple[str, ...]
    not_for: tuple[str, ...]
    same_as: str
    """The title of a rule above it that is not for the same goods, "" if there is none."""
    source: str


@dataclass(frozen=True)
class PageSection:
    """The rules of one file."""

    title: str
    rules: tuple[PageRule, ...]


@dataclass(frozen=True)
class PolicyPage:
    """The whole page."""

    title: str
    intro: str
    sections: tuple[PageSection, ...]
    closing: str


def make_page(
    files: Sequence[PolicyFile], *, shop_name: str, on: date, country: str = "", platform: str = ""
) -> PolicyPage:
    """Return the page in the current language, the shop's own rules first; raises NotFoundError for no rule at all.

    ``country`` and ``platform`` leave out what is only for others.
    """
    ordered = sorted(files, key=lambda entry: (LAYERS.index(entry.layer), entry.name))
    sections = []
    shown: dict[tuple[str, ...], str] = {}
    for file in ordered:
        rules = [rule for rule in file.rules if rule.on and _is_for(rule, country, platform)]
        if rules:
            title = pick({"zh": file.zh, "en": file.en}) or file.name
            sections.append(PageSection(title, tuple(_page_rule(rule, shown) for rule in rules)))
    if not sections:
        raise NotFoundError(
            _("There is no rule for {country}.", country=country or platform),
            remedy=_("Countries and marketplaces: aftersales policy list"),
        )
    return PolicyPage(
        title=_("Returns, exchanges, refunds and repairs at {shop}", shop=shop_name),
        intro=_(
            "What is best for you counts: our own rules never give you less than the law or the marketplace does."
        ),
        sections=tuple(sections),
        closing=_("As of {day}. This page sums up rules in plain words; it is not legal advice.", day=on),
    )


def _is_for(rule: Rule, country: str, platform: str) -> bool:
    return (not country or not rule.countries or country in rule.countries) and (
        not platform or not rule.platforms or platform in rule.platforms
    )


def _page_rule(rule: Rule, shown: dict[tuple[str, ...], str]) -> PageRule:
    not_for = tuple(entry.name for entry in rule.exceptions)
    first = shown.setdefault(not_for, rule.name)
    return PageRule(
        rule.id,
        rule.name,
        tuple(_lines(rule)),
        not_for,
        first if not_for and first != rule.name else "",
        _("Based on: {source} (read {day})", source=rule.stands_in, day=rule.checked_on),
    )


def _lines(rule: Rule) -> Iterator[str]:
    if rule.verdict != "reject":
        yield from _scope_lines(rule)
        yield from _demand_lines(rule)
    if text := payer_text(rule.postage, to_customer=True):
        yield text
    if text := refund_text(rule.refund_days, rule.refund_from):
        yield text
    if rule.note:
        yield rule.note


def _scope_lines(rule: Rule) -> Iterator[str]:
    yield _("You can ask for: {kinds}", kinds=kinds_text(rule) or _("anything"))
    if rule.said_reasons:
        yield _("When: {reasons}", reasons=reasons_text(rule))
    if rule.categories:
        yield _("For: {categories}", categories=names_text("product_categories", rule.categories))
    if rule.price_from:
        yield _("Price of the goods: from {amount}", amount=amounts_text(rule.price_from))
    if rule.price_below:
        yield _("Price of the goods: below {amount}", amount=amounts_text(rule.price_below))
    yield _("Time: {span}", span=span_text(rule.window))


def _demand_lines(rule: Rule) -> Iterator[str]:
    if rule.conditions:
        yield _("The goods have to be: {conditions}", conditions=names_text("conditions", rule.conditions))
    if rule.manual_if:
        yield _(
            "We look at each case: goods that are {conditions}",
            conditions=names_text("conditions", rule.manual_if),
        )
    if rule.repairs:
        yield plural(
            "After {count} repair without success.", "After {count} repairs without success.", rule.repairs
        )
    if rule.evidence or rule.verdict == "evidence":
        yield plural(
            "Please send us {count} photo or video.",
            "Please send us {count} photos or videos.",
            max(rule.evidence, 1),
        )
    if rule.verdict in ("manual", "evidence"):
        yield _("We look at each request and answer you.")


def not_for_lines(rule: PageRule) -> list[str]:
    """Return what a rule is not for: a heading with a list, or where the same list stands already."""
    if rule.same_as:
        return [_("Not for: the same goods as under “{rule}”.", rule=rule.same_as)]
    return [_("Not for:"), *("  - " + name for name in rule.not_for)] if rule.not_for else []


def page_text(page: PolicyPage) -> list[str]:
    """Return the page as lines of plain text."""
    lines = [page.title, "", page.intro]
    for section in page.sections:
        lines += ["", section.title, ""]
        for rule in section.rules:
            lines += [f"* {rule.title}", *(f"    {line}" for line in rule.lines)]
            lines += [f"    {line}" for line in not_for_lines(rule)]
            lines += [f"    {rule.source}", ""]
        lines.pop()
    return [*lines, "", page.closing]
