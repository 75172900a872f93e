"""What policies consist of, what they are asked, and what they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from aftersales_cli.desk.returns.policy_windows import OpenDays, WeekDays, Window, WindowSpec
from aftersales_cli.language import N_, pick

LAYERS = ("shop", "platform", "law")
"""From the one that is asked first."""

LAYER_NAMES = {"shop": N_("the shop"), "platform": N_("the marketplace"), "law": N_("the law")}

KINDS = ("return", "refund_only", "exchange", "repair")

GROUPS: Mapping[str, tuple[str, ...]] = {
    "no_reason": ("changed_mind", "price", "size_fit"),
    "quality": ("defect", "not_as_described", "counterfeit", "allergy_safety"),
    "wrong": ("wrong_item", "missing_item"),
    "logistics": ("damaged_transit", "late", "lost"),
    "service": ("out_of_stock", "invoice_fee", "customs", "service"),
    "unclear": ("agreed", "unauthorized", "other", "unknown"),
}
"""Group of reasons → codes of the taxonomy ``reasons``; a rule may name either."""

GROUP_NAMES = {
    "no_reason": N_("no reason given"),
    "quality": N_("quality"),
    "wrong": N_("wrong or missing goods"),
    "logistics": N_("delivery problems"),
    "service": N_("service"),
    "unclear": N_("unclear"),
}

CONDITIONS = ("unopened", "intact", "used", "damaged", "incomplete")
LABELS = (
    "supported",
    "sealed_pack",
    "not_after_install",
    "not_after_activation",
    "not_after_use",
    "custom_made",
    "contract_version",
    "seal_broken",
)
"""Douyin's eight labels of goods, as the taxonomy ``exempt_labels`` names them."""

GRANTS = ("approve", "manual", "evidence")
PAYERS = ("buyer", "insured", "seller")
"""Who pays for sending back, from the worst for the buyer to the best."""

CLOCKS = ("received", "notice", "decided")
CERTAINTIES = {
    "A": N_("primary text read"),
    "B": N_("official page or a faithful copy"),
    "C": N_("a single secondary source, or unsure"),
    "D": N_("a choice of ours, no outside source"),
}

Amounts = Mapping[str, int]
"""Currency → minor units."""


@dataclass(frozen=True)
class Exemption:
    """Goods a rule is not for."""

    zh: str
    en: str
    categories: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    """Only goods in one of these conditions; any if empty."""
    confirmed: bool = False
    """It counts only if the buyer confirmed it at purchase."""

    @property
    def name(self) -> str:
        """The name in the current language."""
        return pick({"zh": self.zh, "en": self.en})


@dataclass(frozen=True)
class Rule:
    """One rule of a file; an empty tuple asks nothing."""

    id: str
    zh: str
    en: str
    file: str
    layer: str
    source: str
    certainty: str
    checked_on: date
    verdict: str
    """``approve``, ``manual``, ``evidence`` or ``reject``."""
    countries: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    storefronts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    said_reasons: tuple[str, ...] = ()
    """Codes and groups as the file has them."""
    categories: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    """Conditions of the goods it grants for; others are refused, unknown ones are looked at on receipt."""
    manual_if: tuple[str, ...] = ()
    """Conditions with which a person decides, e.g. about a deduction."""
    price_from: Amounts = field(default_factory=dict)
    price_below: Amounts = field(default_factory=dict)
    repairs: int = 0
    """So many repairs must have been done without success."""
    window: WindowSpec | None = None
    exceptions: tuple[Exemption, ...] = ()
    unless_clause: bool = False
    """It gives way where the shop has shown a return clause of its own (``return_clause`` of shop.toml)."""
    postage: str = ""
    refund_days: int | None = None
    refund_from: str = ""
    auto_limit: Amounts | None = None
    second_limit: Amounts | None = None
    evidence: int = 0
    note_zh: str = ""
    note_en: str = ""
    source_zh: str = ""
    on: bool = True

    @property
    def name(self) -> str:
        """The name in the current language."""
        return pick({"zh": self.zh, "en": self.en})

    @property
    def stands_in(self) -> str:
        """The source, in the current language if the file has it so."""
        return pick({"zh": self.source_zh or self.source, "en": self.source})

    @property
    def note(self) -> str:
        """What else people should know, in the current language."""
        return pick({"zh": self.note_zh, "en": self.note_en})

    @property
    def reasons(self) -> frozenset[str]:
        """The codes it is for, groups written out; empty for all."""
        return frozenset(code for word in self.said_reasons for code in GROUPS.get(word, (word,)))


@dataclass(frozen=True)
class ProductEntry:
    """One line of categories.toml: what a product is."""

    skus: tuple[str, ...]
    """Beginnings of article numbers."""
    words: tuple[str, ...]
    unless: tuple[str, ...]
    category: str
    label: str = ""
    confirmed: bool = False
    """Buyers confirm at purchase that such goods cannot be returned without reason."""
    warranty_months: int = 0


@dataclass(frozen=True)
class PolicySet:
    """All rules that are in force, in the order in which they are asked, and the shop's own limits."""

    rules: tuple[Rule, ...]
    auto_limit: Amounts = field(default_factory=dict)
    """Up to which amount a request is approved without a person; currencies not named never are."""
    second_limit: Amounts = field(default_factory=dict)
    """Above which amount a second person has to agree; empty: never."""
    return_clause: tuple[str, ...] = ()
    """Countries whose buyers are shown the shop's own return clause before they order."""
    switched_off: tuple[Rule, ...] = ()
    products: tuple[ProductEntry, ...] = ()
    """What tells the category of a product."""

    def find(self, rule_id: str) -> Rule | None:
        """Return a rule by its id, also one that is switched off."""
        return next((rule for rule in (*self.rules, *self.switched_off) if rule.id == rule_id), None)


@dataclass(frozen=True)
class RequestFacts:
    """What is known about one product of a request when it is judged; moments are UTC texts or None."""

    kind: str
    reason: str
    requested_at: str
    zone: ZoneInfo
    """The buyer's time zone, in whose days windows are counted."""
    country: str
    """Where the buyer is; that law applies."""
    platform: str = ""
    storefront: str = ""
    condition: str = ""
    category: str = ""
    exempt_label: str = ""
    exempt_confirmed: bool = False
    """The buyer confirmed at purchase that these goods cannot be returned without reason."""
    delivered_at: str | None = None
    paid_at: str | None = None
    last_parcel_at: str | None = None
    finished_at: str | None = None
    amount: int | None = None
    """What is asked back, in minor units."""
    price: int | None = None
    """What the goods cost; ``amount`` if None."""
    currency: str = "CNY"
    customer_tier: str = ""
    evidence: int = 0
    """Files that are kept as evidence."""
    repairs_done: int = 0
    warranty_until: str | None = None
    """Last local day of the warranty, e.g. ``2027-03-01``."""
    holidays: OpenDays = field(default_factory=WeekDays, compare=False)


@dataclass(frozen=True)
class Finding:
    """What one rule that is meant for a request says about it."""

    rule: Rule
    grants: bool
    codes: tuple[str, ...]
    """Why it refuses, or what it wants to be looked at."""
    window: Window | None = None
    exemption: Exemption | None = None
    """The exemption that excludes the goods, or the one that would if the buyer had confirmed it."""


@dataclass(frozen=True)
class Judgement:
    """A verdict and everything it rests on; its texts are made when they are shown."""

    facts: RequestFacts
    verdict: str
    """``auto_approved``, ``approved`` (a person may), ``rejected`` (a person may), ``needs_evidence``, ``needs_manual``."""
    reasons: tuple[str, ...]
    """Codes, see REASONS."""
    decided: Finding | None
    """The rule that decided; None if there is none for such a request."""
    findings: tuple[Finding, ...]
    """What every rule said that was asked, in their order."""
    postage_by: str
    refund_due_days: int | None
    refund_clock_start: str
    second_needed: bool
    evidence_needed: int
    auto_limit: int | None
    second_limit: int | None
    instead: tuple[str, str] | None = None
    """For a rejected one: another reason and the id of the rule that would grant it with that one."""

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the deciding rule and of the others that say the same."""
        if self.decided is None:
            return ()
        same = [entry.rule.id for entry in self.findings if entry.grants == self.decided.grants]
        return (self.decided.rule.id, *(name for name in same if name != self.decided.rule.id))

    @property
    def window(self) -> Window | None:
        """The window of the deciding rule."""
        return None if self.decided is None else self.decided.window

    @property
    def overruled(self) -> tuple[Finding, ...]:
        """Rules of a layer above that refuse: they are stricter and do not count, since this one grants."""
        if self.decided is None or not self.decided.grants:
            return ()
        deciding = LAYERS.index(self.decided.rule.layer)
        return tuple(
            entry for entry in self.findings if not entry.grants and LAYERS.index(entry.rule.layer) < deciding
        )


REASONS = {
    "no_rule": N_("there is no rule for such a request"),
    "granted": N_("the rule grants it"),
    "rule_manual": N_("the rule leaves it to a person"),
    "rule_rejects": N_("the rule gives no such right"),
    "window_over": N_("the window is over"),
    "not_begun": N_("the window has not begun, or the day it counts from is not known"),
    "at_latest": N_("the day of delivery is not known, only that it was not later than completion"),
    "warranty_unknown": N_("it is not known how long the warranty lasts"),
    "exempt": N_("the goods are exempt"),
    "exempt_unconfirmed": N_(
        "the exemption cannot be invoked, since the buyer did not confirm it at purchase"
    ),
    "condition": N_("the goods are not in the condition the rule asks for"),
    "condition_open": N_("the condition of the goods is not known yet and is looked at on receipt"),
    "value_loss": N_("the goods have been used, so that a person decides about a deduction"),
    "clause": N_("the shop's own return clause applies instead"),
    "evidence_missing": N_("evidence is missing"),
    "evidence_to_see": N_("somebody has to look at the evidence"),
    "over_auto_limit": N_("the amount is above the limit for approval by rule"),
    "no_auto_limit": N_("no limit for approval by rule is set for this currency"),
    "amount_unknown": N_("the amount is not known"),
    "second_needed": N_("the amount needs a second person"),
}
"""Code → what it says, untranslated."""
