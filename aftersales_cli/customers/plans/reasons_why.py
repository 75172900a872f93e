"""Why a callback stands on the list: kept as facts, told in words when it is shown."""

import json
from collections.abc import Mapping
from datetime import date

from aftersales_cli.language import N_, _, pick, plural
from aftersales_cli.money import format_money
from aftersales_cli.shop import Shop

Facts = Mapping[str, object]
"""Name of a fact → a code, number or day; never a word about who the customer is."""

_SURVEYS = {"csat": N_("satisfaction {score} of 5"), "nps": N_("would recommend us: {score} of 10"), "ces": N_("made easy: {score} of 7")}  # fmt: skip


def pack_facts(facts: Facts) -> str:
    """Return the facts as they are stored, without those that are not known."""
    known = {name: value for name, value in facts.items() if value not in ("", None)}
    return json.dumps(known, ensure_ascii=False, sort_keys=True) if known else ""


def unpack_facts(text: str) -> dict[str, object]:
    """Return the facts of a stored text."""
    found: dict[str, object] = json.loads(text) if text else {}
    return found


def tell_why(shop: Shop, text: str, *, on: date) -> str:
    """Return in words why a callback was planned, in the current language; "" if nothing was noted."""
    facts = unpack_facts(text)
    parts = [*_promise(facts), *_case(shop, facts), *_survey(facts), *_maintenance(facts)]
    parts += [*_value(shop, facts), *_ago(facts, on), *_next_product(facts)]
    return " · ".join(parts)


def _promise(facts: Facts) -> list[str]:
    parts = []
    if day := facts.get("promised"):
        parts.append(_("promised for {day}", day=day))
    if score := facts.get("low"):
        parts.append(_("satisfaction {score} on the last call", score=score))
    return parts


def _case(shop: Shop, facts: Facts) -> list[str]:
    names = {"kind": "kinds", "severity": "severities"}
    return [shop.taxonomy(names[key]).label(str(facts[key])) for key in names if key in facts]


def _survey(facts: Facts) -> list[str]:
    text = _SURVEYS.get(str(facts.get("survey", "")))
    return [_(text, score=facts.get("score"))] if text else []


def _maintenance(facts: Facts) -> list[str]:
    if "months" not in facts:
        return []
    months = plural("due every month", "due every {count} months", int(str(facts["months"])))
    said = pick(
        {language: str(facts[f"say_{language}"]) for language in ("zh", "en") if f"say_{language}" in facts}
    )
    return [part for part in (said, months) if part]  # fmt: skip


def _value(shop: Shop, facts: Facts) -> list[str]:
    parts = []
    if facts.get("high_value"):
        parts.append(_("high value"))
    if segment := facts.get("segment"):
        parts.append(shop.taxonomy("segments").label(str(segment)))
    if degree := facts.get("degree"):
        parts.append(shop.taxonomy("churn_degrees").label(str(degree)))
    if isinstance(lost := facts.get("value_lost"), int):
        parts.append(_("expected loss {amount}", amount=format_money(lost, shop.settings.shop.currency)))
    return parts


def _ago(facts: Facts, on: date) -> list[str]:
    days = {
        name: (on - date.fromisoformat(str(facts[name]))).days
        for name in ("solved", "answered", "bought")
        if name in facts
    }
    parts = []
    if "solved" in days:
        parts.append(plural("solved {count} day ago", "solved {count} days ago", days["solved"]))
    if "answered" in days:
        parts.append(plural("answered {count} day ago", "answered {count} days ago", days["answered"]))
    if "bought" in days:
        parts.append(plural("bought {count} day ago", "bought {count} days ago", days["bought"]))
    return parts


def _next_product(facts: Facts) -> list[str]:
    if "next" not in facts:
        return []
    return [
        _(
            "may like “{product}”: {both} customers bought both, {lift} times more often than by chance",
            product=facts["next"],
            both=facts.get("both"),
            lift=facts.get("lift"),
        )
    ]
