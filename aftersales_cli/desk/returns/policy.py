"""Judge a request by written rules. Rules only: values in, values out.

Layers are asked in the order shop, marketplace, law. The first rule that approves decides; a shop's own rule that
leaves it to a person wins over that, since it refuses nothing. A stricter rule never undercuts one that grants. Only
if no rule grants is ``rejected`` proposed, and a person decides about it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from aftersales_cli.desk.returns.policy_records import (
    GROUPS,
    PAYERS,
    Exemption,
    Finding,
    Judgement,
    PolicySet,
    RequestFacts,
    Rule,
)
from aftersales_cli.desk.returns.policy_windows import Window, find_window

__all__ = ["Finding", "Judgement", "PolicySet", "RequestFacts", "Rule", "judge", "strictest"]

STRICTNESS = ("auto_approved", "approved", "needs_evidence", "needs_manual", "rejected")
"""Verdicts from the mildest to the strictest."""

_TO_LOOK_AT = frozenset({"not_begun", "at_latest", "warranty_unknown", "value_loss"})
"""What keeps a rule from approving by itself although it grants."""


def judge(policies: PolicySet, facts: RequestFacts) -> Judgement:
    """Return the verdict on one product of a request, with all it rests on."""
    findings = tuple(_weigh(policies, rule, facts) for rule in policies.rules if _is_for(rule, facts))
    decided = _decide(findings)
    if decided is None:
        return _answer(policies, facts, "needs_manual", ("no_rule",), None, findings)
    if not decided.grants:
        codes = tuple(dict.fromkeys(code for entry in findings for code in entry.codes))
        rejected = _answer(policies, facts, "rejected", codes, decided, findings)
        return replace(rejected, instead=_find_instead(policies, facts))
    verdict, codes = _grade(policies, facts, decided)
    return _answer(policies, facts, verdict, codes, decided, findings)


def strictest(judgements: Sequence[Judgement]) -> Judgement:
    """Return the judgement that decides about a request of several products.

    If some would be approved and others rejected, a person has to take it apart.
    """
    ordered = sorted(judgements, key=lambda entry: STRICTNESS.index(entry.verdict))
    mildest, hardest = ordered[0], ordered[-1]
    if hardest.verdict == "rejected" and mildest.verdict != "rejected":
        return replace(hardest, verdict="needs_manual", instead=None)
    return hardest


def _is_for(rule: Rule, facts: RequestFacts) -> bool:
    """Tell whether a rule is meant for such requests."""
    asked = (
        (rule.countries, facts.country),
        (rule.platforms, facts.platform),
        (rule.storefronts, facts.storefront),
        (rule.kinds, facts.kind),
        (rule.reasons, facts.reason or "unknown"),
        (rule.categories, facts.category),
        (rule.tiers, facts.customer_tier),
    )
    return (
        all(not wanted or value in wanted for wanted, value in asked)
        and facts.repairs_done >= rule.repairs
        and _price_fits(rule, facts)
    )


def _price_fits(rule: Rule, facts: RequestFacts) -> bool:
    if not rule.price_from and not rule.price_below:
        return True
    price = facts.amount if facts.price is None else facts.price
    if price is None:
        return False
    low, high = rule.price_from.get(facts.currency), rule.price_below.get(facts.currency)
    known = facts.currency in rule.price_from or facts.currency in rule.price_below
    return known and (low is None or price >= low) and (high is None or price < high)


def _weigh(policies: PolicySet, rule: Rule, facts: RequestFacts) -> Finding:
    """Return what a rule that is meant for a request says about it."""
    window = _window_of(rule, facts)
    refusals: list[str] = []
    remarks: list[str] = []
    if rule.verdict == "reject":
        refusals.append("rule_rejects")
    if rule.unless_clause and facts.country in policies.return_clause:
        refusals.append("clause")
    if window is not None and not window.holds(facts.requested_at):
        refusals.append("window_over")
    exemption = next((entry for entry in rule.exceptions if _is_exempt(entry, facts)), None)
    if exemption is not None:
        invoked = facts.exempt_confirmed or not exemption.confirmed
        (refusals if invoked else remarks).append("exempt" if invoked else "exempt_unconfirmed")
    known = facts.condition not in ("", "unknown")
    if rule.conditions and known and facts.condition not in rule.conditions:
        refusals.append("condition")
    if rule.conditions and not known:
        remarks.append("condition_open")
    if facts.condition in rule.manual_if:
        remarks.append("value_loss")
    if window is not None and not window.has_begun:
        remarks.append("warranty_unknown" if window.spec.start == "warranty" else "not_begun")
    if window is not None and window.at_latest:
        remarks.append("at_latest")
    return Finding(rule, not refusals, tuple(refusals or remarks), window, exemption)


def _window_of(rule: Rule, facts: RequestFacts) -> Window | None:
    if rule.window is None:
        return None
    events = {
        "delivered": facts.delivered_at,
        "paid": facts.paid_at,
        "last_parcel": facts.last_parcel_at or facts.delivered_at,
        "finished": facts.finished_at,
        "warranty": facts.delivered_at,
    }
    begun_by = events[rule.window.start]
    # An order is completed once its goods are there: many files tell only that.
    at_latest = begun_by is None and rule.window.start in ("delivered", "last_parcel")
    window = find_window(
        rule.window,
        begun_by=facts.finished_at if at_latest else begun_by,
        warranty_until=facts.warranty_until,
        zone=facts.zone,
        calendar=facts.holidays,
    )
    return replace(window, at_latest=at_latest and window.has_begun)


def _is_exempt(entry: Exemption, facts: RequestFacts) -> bool:
    named = facts.category in entry.categories or facts.exempt_label in entry.labels
    return named and (not entry.conditions or facts.condition in entry.conditions)


def _decide(findings: Iterable[Finding]) -> Finding | None:
    """Return the finding that decides: see the head of this module."""
    known = tuple(findings)
    granting = [entry for entry in known if entry.grants]
    own = [entry for entry in granting if entry.rule.layer == "shop"]
    approving = [entry for entry in granting if entry.rule.verdict == "approve"]
    for choice in (own, approving, granting, known):
        if choice:
            return choice[0]
    return None


def _grade(policies: PolicySet, facts: RequestFacts, decided: Finding) -> tuple[str, tuple[str, ...]]:
    """Return the verdict of a rule that grants, and why it is no milder one."""
    rule, codes = decided.rule, decided.codes
    if facts.evidence < _evidence_needed(rule):
        return "needs_evidence", ("evidence_missing", *codes)
    if rule.verdict != "approve":
        return "needs_manual", ("rule_manual", *codes)
    if "value_loss" in codes or "warranty_unknown" in codes:
        return "needs_manual", codes
    limit, amount = _auto_limit(policies, facts, rule), facts.amount
    if rule.evidence and rule.auto_limit is None:
        codes = (*codes, "evidence_to_see")
    elif limit is None:
        codes = (*codes, "no_auto_limit")
    elif amount is None:
        codes = (*codes, "amount_unknown")
    elif amount > limit:
        codes = (*codes, "over_auto_limit")
    elif not _TO_LOOK_AT & set(codes):
        return "auto_approved", ("granted", *codes)
    return "approved", ("granted", *codes, *(("second_needed",) if _is_over(policies, facts, rule) else ()))


def _evidence_needed(rule: Rule) -> int:
    return max(rule.evidence, 1) if rule.verdict == "evidence" else rule.evidence


def _auto_limit(policies: PolicySet, facts: RequestFacts, rule: Rule) -> int | None:
    limits = policies.auto_limit if rule.auto_limit is None else rule.auto_limit
    return limits.get(facts.currency)


def _second_limit(policies: PolicySet, facts: RequestFacts, rule: Rule | None) -> int | None:
    own = None if rule is None else rule.second_limit
    limits = policies.second_limit if own is None else own
    # Where limits are set at all, a currency without one must not be the way around them.
    return limits.get(facts.currency, 0) if limits else None


def _is_over(policies: PolicySet, facts: RequestFacts, rule: Rule | None) -> bool:
    limit = _second_limit(policies, facts, rule)
    return limit is not None and facts.amount is not None and facts.amount > limit


def _answer(
    policies: PolicySet,
    facts: RequestFacts,
    verdict: str,
    codes: tuple[str, ...],
    decided: Finding | None,
    findings: tuple[Finding, ...],
) -> Judgement:
    granting = [entry.rule for entry in findings if entry.grants]
    rule = decided.rule if decided is not None else None
    timed = _first_timed(rule, granting) if decided is not None and decided.grants else None
    return Judgement(
        facts=facts,
        verdict=verdict,
        reasons=codes,
        decided=decided,
        findings=findings,
        postage_by=_payer(rule, granting),
        refund_due_days=timed.refund_days if timed else None,
        refund_clock_start=timed.refund_from if timed else "",
        second_needed=_is_over(policies, facts, rule),
        evidence_needed=_evidence_needed(rule) if rule is not None and rule in granting else 0,
        auto_limit=_auto_limit(policies, facts, rule) if rule is not None else None,
        second_limit=_second_limit(policies, facts, rule),
    )


def _payer(rule: Rule | None, granting: Sequence[Rule]) -> str:
    """Return who pays for sending back: of the deciding rule and all others that grant, the best for the buyer."""
    said = [entry.postage for entry in granting if entry.postage]
    if rule is None or not said:
        return ""
    return max(said, key=PAYERS.index)


def _first_timed(rule: Rule | None, granting: Sequence[Rule]) -> Rule | None:
    """Return the rule whose time for the refund counts: the deciding one's, or a shorter one with the same start."""
    ordered = sorted(granting, key=lambda entry: entry is not rule)
    first = next((entry for entry in ordered if entry.refund_days is not None), None)
    if first is None:
        return None
    same = [
        entry
        for entry in granting
        if entry.refund_days is not None and entry.refund_from == first.refund_from
    ]
    return min(same, key=lambda entry: entry.refund_days or 0)


def _find_instead(policies: PolicySet, facts: RequestFacts) -> tuple[str, str] | None:
    """Return ``defect`` and the rule that would grant the same request, had the goods a fault."""
    if facts.reason not in GROUPS["no_reason"]:
        return None
    faulty = replace(facts, reason="defect")
    found = _decide(_weigh(policies, rule, faulty) for rule in policies.rules if _is_for(rule, faulty))
    return ("defect", found.rule.id) if found is not None and found.grants else None
