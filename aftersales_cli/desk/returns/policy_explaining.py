"""Explain a judgement: the deciding rule, the window's arithmetic, what would change the verdict, and the sources."""

from collections.abc import Iterator

from aftersales_cli.clock import local_text
from aftersales_cli.desk.returns.policy_records import (
    CERTAINTIES,
    LAYER_NAMES,
    REASONS,
    Finding,
    Judgement,
    PolicySet,
    Rule,
)
from aftersales_cli.desk.returns.policy_words import (
    amounts_text,
    names_text,
    payer_text,
    refund_text,
    window_lines,
)
from aftersales_cli.language import _, pick, plural
from aftersales_cli.money import format_money
from aftersales_cli.taxonomy import load_taxonomy


def explain_judgement(judgement: Judgement) -> list[str]:
    """Return the lines of a page that explains a judgement, in the current language."""
    lines = [_("Verdict: {verdict}", verdict=load_taxonomy("review_states").label(judgement.verdict))]
    if judgement.verdict == "rejected":
        lines.append(_("A rejection is only proposed: a person decides."))
    if judgement.verdict == "approved":
        lines.append(_("The rules allow it; a person still has to say yes."))
    lines += _rule_lines(judgement)
    lines += [_("Why: {reason}", reason=text) for text in reason_lines(judgement)]
    if judgement.window is not None:
        lines.append(_("How the time is counted:"))
        lines += _indent(window_lines(judgement.window))
        lines += _indent([_request_line(judgement)])
    lines += list(_consequences(judgement))
    changes = would_change(judgement)
    if changes:
        lines.append(_("What would change the verdict:"))
        lines += _indent(changes)
    lines += _source_lines(judgement)
    lines.append(_("This is how the shop's rules read, not legal advice."))
    return lines


def reason_lines(judgement: Judgement) -> list[str]:
    """Return the reasons of the verdict in words."""
    return [_(REASONS[code]) for code in judgement.reasons]


def _rule_lines(judgement: Judgement) -> list[str]:
    decided = judgement.decided
    if decided is None:
        return [_("No rule is meant for this kind of request, reason, country and marketplace.")]
    lines = [
        _(
            "Decided by “{rule}” ({id}, {layer}, {file})",
            rule=decided.rule.name,
            id=decided.rule.id,
            layer=_(LAYER_NAMES[decided.rule.layer]),
            file=decided.rule.file,
        )
    ]
    if decided.exemption is not None:
        lines.append(_("Exemption: {name}", name=decided.exemption.name))
    lines += [
        _(
            "“{rule}” ({layer}) is stricter and does not count, since another rule grants the request.",
            rule=entry.rule.name,
            layer=_(LAYER_NAMES[entry.rule.layer]),
        )
        for entry in judgement.overruled
    ]
    return lines


def _request_line(judgement: Judgement) -> str:
    facts, window = judgement.facts, judgement.window
    assert window is not None
    moment = local_text(facts.requested_at, facts.zone)
    if not window.has_begun:
        return _("Requested {moment}.", moment=moment)
    if window.holds(facts.requested_at):
        return _("Requested {moment}: in time.", moment=moment)
    return _("Requested {moment}: too late.", moment=moment)


def _consequences(judgement: Judgement) -> Iterator[str]:
    if judgement.verdict == "rejected":
        return
    if text := payer_text(judgement.postage_by):
        yield _("Postage: {text}.", text=text)
    if text := refund_text(judgement.refund_due_days, judgement.refund_clock_start):
        yield text
    if judgement.second_needed:
        yield _("A second person has to agree before money is given back.")


def would_change(judgement: Judgement) -> list[str]:
    """Return what would lead to another verdict, each in a sentence."""
    return list(dict.fromkeys(_changes(judgement)))


def _changes(judgement: Judgement) -> Iterator[str]:
    if judgement.decided is None:
        yield _("A rule in the shop's templates/policies/shop.toml for such requests.")
        return
    if judgement.decided.grants:
        yield from _of_granted(judgement, judgement.decided)
    else:
        for finding in judgement.findings:
            yield from _of_refused(judgement, finding)
    if judgement.instead is not None:
        yield _(
            "If the goods turn out to be faulty, the rule {id} applies instead.",
            id=judgement.instead[1],
        )


def _of_granted(judgement: Judgement, finding: Finding) -> Iterator[str]:
    yield from _about_amounts(judgement)
    codes, facts = judgement.reasons, judgement.facts
    if "at_latest" in codes:
        yield _("With the day of delivery the window may turn out to be over.")
    if "not_begun" in codes or "warranty_unknown" in codes:
        yield _("Once that day is known, the window begins and can be over.")
    if "exempt_unconfirmed" in codes and finding.exemption is not None:
        yield _(
            "Had the buyer confirmed at purchase that this cannot be returned (“{name}”), it would be exempt.",
            name=finding.exemption.name,
        )
    if "condition_open" in codes:
        yield _(
            "Goods that come back in another condition can be refused. The rule asks for: {names}.",
            names=names_text("conditions", finding.rule.conditions),
        )
    if finding.window is not None and finding.window.has_begun:
        yield _(
            "From {moment} on “{rule}” no longer grants it.",
            moment=local_text(finding.window.end, facts.zone),
            rule=finding.rule.name,
        )


def _about_amounts(judgement: Judgement) -> Iterator[str]:
    codes, facts = judgement.reasons, judgement.facts
    missing = judgement.evidence_needed - facts.evidence
    if missing > 0:
        yield plural(
            "{count} more photo or video as evidence.", "{count} more photos or videos as evidence.", missing
        )
    if "over_auto_limit" in codes and judgement.auto_limit is not None:
        yield _(
            "Up to {amount} it would be approved without a person.",
            amount=format_money(judgement.auto_limit, facts.currency),
        )
    if "no_auto_limit" in codes:
        yield _(
            "A limit for {currency} under auto_limit in shop.toml would let small amounts pass without a person.",
            currency=facts.currency,
        )
    if "amount_unknown" in codes:
        yield _("Once the amount is known, it may be approved without a person.")
    if judgement.second_needed and judgement.second_limit is not None:
        yield _(
            "Up to {amount} no second person would be needed.",
            amount=format_money(judgement.second_limit, facts.currency),
        )


def _of_refused(judgement: Judgement, finding: Finding) -> Iterator[str]:
    facts, rule, codes = judgement.facts, finding.rule, finding.codes
    if "window_over" in codes and finding.window is not None:
        yield _(
            "A request before {moment} would have been in time for “{rule}”.",
            moment=local_text(finding.window.end, facts.zone),
            rule=rule.name,
        )
    if "exempt" in codes and finding.exemption is not None:
        yield (
            _("Without the buyer's confirmation at purchase the exemption cannot be invoked.")
            if finding.exemption.confirmed
            else _("Other goods than “{name}”.", name=finding.exemption.name)
        )
        if finding.exemption.conditions:
            yield _("The same goods unopened, or not used yet.")
    if "condition" in codes:
        yield _("Goods in this condition: {names}.", names=names_text("conditions", rule.conditions))
    if "clause" in codes:
        yield _(
            "Without the shop's own return clause for {country}, “{rule}” would apply.",
            country=facts.country,
            rule=rule.name,
        )
    if "rule_rejects" in codes:
        yield _("A more generous rule of the shop in templates/policies/shop.toml.")


def _source_lines(judgement: Judgement) -> list[str]:
    if judgement.decided is None:
        return []
    asked = [judgement.decided.rule, *(entry.rule for entry in judgement.findings)]
    wanted = judgement.rules if judgement.decided.grants else tuple(rule.id for rule in asked)
    named = {rule.id: rule for rule in asked if rule.id in wanted}
    lines = []
    for rule in named.values():
        lines += [source_line(rule), *([rule.note] if rule.note and rule is judgement.decided.rule else [])]
    return lines


def source_line(rule: Rule) -> str:
    """Say where a rule stands, how sure that is and when it was read."""
    return _(
        "Source of {id}: {source} (certainty {certainty}: {meaning}; read {day})",
        id=rule.id,
        source=rule.stands_in,
        certainty=rule.certainty,
        meaning=_(CERTAINTIES[rule.certainty]),
        day=rule.checked_on,
    )


def limits_line(policies: PolicySet) -> str:
    """Say up to which amount nobody, and above which a second person is needed."""
    return _(
        "Approved without a person up to {auto}; a second person above {second}.",
        auto=amounts_text(policies.auto_limit) or "–",
        second=amounts_text(policies.second_limit) or "–",
    )


def judgement_data(judgement: Judgement) -> dict[str, object]:
    """Return a judgement with stable keys, for ``--json``; texts are in the current language."""
    window = judgement.window
    return {
        "verdict": judgement.verdict,
        "rules": list(judgement.rules),
        "reasons": list(judgement.reasons),
        "window": None
        if window is None
        else {
            "start": window.start,
            "end": window.end,
            "first_day": window.first_day,
            "last_day": window.last_day,
            "lines": window_lines(window),
        },
        "postage_by": judgement.postage_by,
        "refund_due_days": judgement.refund_due_days,
        "refund_clock_start": judgement.refund_clock_start,
        "second_needed": judgement.second_needed,
        "evidence_needed": judgement.evidence_needed,
        "would_change": would_change(judgement),
        "sources": [
            {
                "rule": entry.rule.id,
                "name": pick({"zh": entry.rule.zh, "en": entry.rule.en}),
                "source": entry.rule.stands_in,
                "certainty": entry.rule.certainty,
                "checked_on": entry.rule.checked_on,
            }
            for entry in judgement.findings
        ],
    }


def _indent(lines: list[str]) -> list[str]:
    return ["  " + line for line in lines]
