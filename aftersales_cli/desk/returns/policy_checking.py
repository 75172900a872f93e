"""Look a policy over: what is wrong in it, what overlaps, what can never decide, and what it has no rule for."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

from aftersales_cli.desk.returns.policy_files import combine, load_files
from aftersales_cli.desk.returns.policy_reading import PolicyFile
from aftersales_cli.desk.returns.policy_records import (
    GROUP_NAMES,
    GROUPS,
    KINDS,
    LAYER_NAMES,
    LAYERS,
    Amounts,
    Rule,
)
from aftersales_cli.language import N_, _
from aftersales_cli.taxonomy import load_taxonomy

TYPES = {
    "problem": N_("wrong entry"),
    "unreachable": N_("never decides"),
    "overlap": N_("overlap"),
    "overruled": N_("does not count"),
    "gap": N_("no rule"),
    "old": N_("read long ago"),
}
SERIOUS = ("problem", "unreachable", "overlap")
"""What somebody has to put right."""

_ASKED_GROUPS = ("no_reason", "quality", "wrong", "logistics")
_SENSELESS = {("repair", "no_reason"), ("repair", "wrong"), ("repair", "logistics")}
_OLD_DAYS = 365


@dataclass(frozen=True)
class CheckFinding:
    """Something to know about a policy."""

    type: str
    """A key of TYPES."""
    file: str
    rules: tuple[str, ...]
    text: str
    remedy: str


def check_policy(shop_folder: Path | None, *, today: date, changed: Path | None = None) -> list[CheckFinding]:
    """Return everything worth knowing about the policy in use, or with one file changed.

    Raises FileError for a file that is no TOML.
    """
    files, problems = load_files(shop_folder, changed=changed)
    if problems:
        return [
            CheckFinding(
                "problem",
                Path(entry.file).name,
                (entry.rule,) if entry.rule else (),
                entry.text,
                entry.remedy,
            )
            for entry in problems
        ]
    rules = combine(files).rules
    return [
        *find_clashes(rules),
        *find_overruled(rules),
        *find_gaps(files, rules),
        *find_old(rules, today=today),
    ]


def find_clashes(rules: Sequence[Rule]) -> Iterator[CheckFinding]:
    """Yield rules that can never decide, and rules of one layer that answer the same request differently."""
    for layer in LAYERS:
        for first, second in combinations([rule for rule in rules if rule.layer == layer], 2):
            if _hides(first, second):
                text = _(
                    "“{second}” can never decide: “{first}” always does before it.",
                    first=first.id,
                    second=second.id,
                )
                remedy = _(
                    "Put {second} before {first}, narrow {first}, or remove {second}.",
                    first=first.id,
                    second=second.id,
                )
                yield CheckFinding("unreachable", second.file, (first.id, second.id), text, remedy)
            elif _clash(first, second):
                text = _(
                    "“{first}” and “{second}” are for some of the same requests and say different things.",
                    first=first.id,
                    second=second.id,
                )
                remedy = _(
                    "{first} wins, since it stands first; narrow one of them if that is not meant.",
                    first=first.id,
                )
                yield CheckFinding("overlap", second.file, (first.id, second.id), text, remedy)


def find_overruled(rules: Sequence[Rule]) -> Iterator[CheckFinding]:
    """Yield strict rules that do not count where a rule of a lower layer grants."""
    for strict in rules:
        if strict.verdict != "reject" or strict.layer == "law":
            continue
        for rule in rules:
            lower = LAYERS.index(rule.layer) > LAYERS.index(strict.layer)
            if lower and rule.verdict == "approve" and _meet(strict, rule):
                text = _(
                    "“{strict}” refuses what “{rule}” ({layer}) grants; there it does not count.",
                    strict=strict.id,
                    rule=rule.id,
                    layer=_(LAYER_NAMES[rule.layer]),
                )
                yield CheckFinding("overruled", strict.file, (strict.id, rule.id), text, "")


def find_gaps(files: Sequence[PolicyFile], rules: Sequence[Rule]) -> Iterator[CheckFinding]:
    """Yield kind × group of reasons × country for which no rule is meant; a person decides there."""
    general = [
        rule for rule in rules if not (rule.platforms or rule.categories or rule.tiers or rule.storefronts)
    ]
    kinds, reasons = load_taxonomy("kinds"), load_taxonomy("reasons")
    for file in files:
        # The countries of one file share its rules; naming each would only repeat the line.
        for country in file.countries[:1] if file.layer == "law" else ():
            for kind in KINDS:
                for group in _ASKED_GROUPS:
                    missing = [code for code in GROUPS[group] if not _is_met(general, country, kind, code)]
                    if not missing or (kind, group) in _SENSELESS:
                        continue
                    text = _(
                        "{country}: no rule for {kind}, {group} ({reasons}); a person decides.",
                        country=", ".join(file.countries),
                        kind=kinds.label(kind),
                        group=_(GROUP_NAMES[group]),
                        reasons=", ".join(map(reasons.label, missing)),
                    )
                    yield CheckFinding("gap", file.name, (), text, _("Add a rule if that comes up often."))


def find_old(rules: Sequence[Rule], *, today: date) -> Iterator[CheckFinding]:
    """Yield rules whose source was read more than a year ago."""
    for rule in rules:
        if (today - rule.checked_on).days > _OLD_DAYS:
            text = _(
                "“{rule}” was read on {day}: {source}",
                rule=rule.id,
                day=rule.checked_on,
                source=rule.stands_in,
            )
            remedy = _("Read the source again and write the new day under checked_on.")
            yield CheckFinding("old", rule.file, (rule.id,), text, remedy)


def _is_met(rules: Sequence[Rule], country: str, kind: str, reason: str) -> bool:
    return any(
        (not rule.countries or country in rule.countries)
        and (not rule.kinds or kind in rule.kinds)
        and (not rule.reasons or reason in rule.reasons)
        and not rule.repairs
        and not rule.price_from
        and not rule.price_below
        for rule in rules
    )


def _scopes(rule: Rule) -> tuple[Collection[str], ...]:
    return (
        rule.countries,
        rule.platforms,
        rule.storefronts,
        rule.kinds,
        rule.reasons,
        rule.categories,
        rule.tiers,
    )


def _meet(first: Rule, second: Rule) -> bool:
    """Tell whether some request is meant by both."""
    pairs = zip(_scopes(first), _scopes(second), strict=True)
    return all(not one or not two or set(one) & set(two) for one, two in pairs) and _prices_meet(
        first, second
    )


def _prices_meet(first: Rule, second: Rule) -> bool:
    return all(
        _low(first.price_from, currency) < _high(second.price_below, currency)
        and _low(second.price_from, currency) < _high(first.price_below, currency)
        for currency in (*first.price_from, *first.price_below, *second.price_from, *second.price_below)
    )


def _low(amounts: Amounts, currency: str) -> float:
    return amounts.get(currency, 0)


def _high(amounts: Amounts, currency: str) -> float:
    return amounts.get(currency, float("inf"))


def _covers(first: Rule, second: Rule) -> bool:
    """Tell whether every request the second is meant for is also meant for the first."""
    pairs = zip(_scopes(first), _scopes(second), strict=True)
    return (
        all(not one or (two and set(two) <= set(one)) for one, two in pairs)
        and first.repairs <= second.repairs
        and _price_covers(first, second)
    )


def _price_covers(first: Rule, second: Rule) -> bool:
    own = {*first.price_from, *first.price_below}
    if not own:
        return True
    asked = {*second.price_from, *second.price_below}
    return (
        bool(asked)
        and asked <= own
        and all(
            _low(first.price_from, currency) <= _low(second.price_from, currency)
            and _high(second.price_below, currency) <= _high(first.price_below, currency)
            for currency in asked
        )
    )


def _hides(first: Rule, second: Rule) -> bool:
    """Tell whether the first rule decides whenever the second could."""
    if not _covers(first, second) or not _lasts_as_long(first, second) or first.unless_clause:
        return False
    if not set(first.exceptions) <= set(second.exceptions) or first.manual_if != second.manual_if:
        return False
    if first.conditions and not (second.conditions and set(second.conditions) <= set(first.conditions)):
        return False
    if first.verdict == "reject":
        return second.verdict == "reject"
    return first.layer == "shop" or first.verdict == "approve" or second.verdict != "approve"


def _lasts_as_long(first: Rule, second: Rule) -> bool:
    one, two = first.window, second.window
    if one is None or one == two:
        return True
    return (
        two is not None
        and one.start == two.start != "warranty"
        and one.size >= two.size
        and one.end == two.end
    )


def _clash(first: Rule, second: Rule) -> bool:
    """Tell whether two rules of equal rank and equal time say different things about the same requests."""
    if not _meet(first, second) or first.window != second.window or _is_narrower(first, second):
        return False
    if first.layer != "shop" and (first.verdict == "approve") != (second.verdict == "approve"):
        return False
    return _says(first) != _says(second)


def _is_narrower(first: Rule, second: Rule) -> bool:
    """Tell whether the first is the special case of the second: the usual order, and no clash."""
    return _covers(second, first) and not _covers(first, second)


def _says(rule: Rule) -> tuple[object, ...]:
    return (rule.verdict, rule.postage, rule.refund_days, rule.refund_from, rule.evidence, rule.auto_limit)
