"""The page ``customers show`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftersales_cli.cli.churn_page import sign_text, state_text
from aftersales_cli.cli.customers_value import MARKS, missing_lines
from aftersales_cli.clock import local_text
from aftersales_cli.customers.privacy.consenting import PURPOSES
from aftersales_cli.language import N_, _
from aftersales_cli.money import format_money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aftersales_cli.customers.value.profile import Preference, Profile
    from aftersales_cli.shop import Shop

_BODY = 70
"""Characters of a message that the page shows."""
_TYPES = {"csat": N_("satisfaction"), "nps": N_("recommendation"), "ces": N_("effort")}
_WAYS = {"in": N_("customer"), "out": N_("we")}


def write_profile(shop: Shop, profile: Profile) -> list[str]:
    """Return the lines of a customer's page, with names in the current language."""
    facts = [*_person(profile), *_orders(profile), *_worth(shop, profile), *_taste(shop, profile)]
    lines = [_title(shop, profile), ""]
    lines += [_("{name}: {value}", name=name, value=value) for name, value in facts if value]
    for heading, section in (
        (_("Tags"), _tags(profile)),
        (_("Cases"), _cases(shop, profile)),
        (_("Scores"), _scores(profile)),
        (_("Last messages"), _messages(shop, profile)),
        (_("Callbacks"), _callbacks(shop, profile)),
    ):
        lines += ["", heading, *(f"  {line}" for line in section)] if section else []
    return lines


def _title(shop: Shop, profile: Profile) -> str:
    parts = [_("Customer {number}", number=profile.customer_id), profile.name]
    if profile.erased:
        parts.append(_("personal data erased"))
    if profile.value:
        parts.append(shop.taxonomy("segments").label(profile.value.segment))
    return " · ".join(part for part in parts if part)


def _person(profile: Profile) -> Iterator[tuple[str, str]]:
    yield _("Contact"), ", ".join(part for part in (profile.phone, profile.email) if part)
    yield _("Country, language"), ", ".join(part for part in (profile.country, profile.language) if part)
    yield (
        _("Known in"),
        ", ".join(name if count == 1 else f"{name} ({count})" for name, count in profile.accounts),
    )
    words = {True: _("yes"), False: _("no"), None: _("not asked")}
    consents = [
        _("{name}: {value}", name=_(PURPOSES[purpose]), value=words[said])
        for purpose, said in profile.consents.items()
    ]
    yield _("Allows"), "; ".join(consents)
    yield _("Must not be contacted"), _("yes") if profile.do_not_contact else ""


def _orders(profile: Profile) -> Iterator[tuple[str, str]]:
    facts = profile.facts
    if facts is None:
        yield _("Orders"), _("{count}, none paid", count=profile.orders)
        return
    yield (
        _("Orders"),
        _(
            "{paid} paid of {all}, on {days} days, {first} to {last}; money came back from {refunded}",
            paid=facts.orders,
            all=profile.orders,
            days=facts.order_days,
            first=facts.first_on,
            last=facts.last_on,
            refunded=facts.refunded_orders,
        ),
    )
    for spend in profile.spend:
        yield (
            _("Paid, refunded, net in {currency}", currency=spend.currency),
            ", ".join(
                format_money(amount, spend.currency) for amount in (spend.paid, spend.refunded, spend.net)
            ),
        )
    yield _("Net in the shop's currency"), format_money(facts.spend, profile.currency)
    for line in missing_lines(profile.missing_rates, profile.currency):
        yield _("Missing"), line


def _worth(shop: Shop, profile: Profile) -> Iterator[tuple[str, str]]:
    value = profile.value
    if value:
        yield (
            _("Segment"),
            _(
                "{segment}: R{r} F{f} M{m}; rule {rule}",
                segment=shop.taxonomy("segments").label(value.segment),
                r=value.r,
                f=value.f,
                m=value.m or "–",
                rule=profile.segment_rule or "–",
            ),
        )
        yield _("Marks"), ", ".join(_(name) for mark, name in MARKS.items() if getattr(value, mark))
    churn = profile.churn
    if churn:
        degree = shop.taxonomy("churn_degrees").label(churn.degree)
        reason = shop.taxonomy("churn_reasons").label(churn.reason) if churn.reason else ""
        parts = [degree, state_text(churn), reason, sign_text(churn)]
        yield _("Leaving"), "; ".join(part for part in parts if part)


def _taste(shop: Shop, profile: Profile) -> Iterator[tuple[str, str]]:
    categories = shop.taxonomy("product_categories")
    yield _("Buys mostly"), _preferences(profile.categories, lambda what: categories.label(str(what)))
    hours = _preferences(profile.hours, lambda what: f"{what:02}–{(int(what) + 1) % 24:02}")
    yield _("Orders mostly at ({zone})", zone=profile.zone), hours


def _preferences(found: list[Preference], name: Callable[[str | int], str]) -> str:
    return ", ".join(f"{name(entry.what)} ({entry.orders})" for entry in found)


def _tags(profile: Profile) -> list[str]:
    origins = {"hand": _("by hand"), "rule": _("by rule")}
    return [f"{tag.name} ({origins[tag.origin]}{': ' + tag.why if tag.why else ''})" for tag in profile.tags]


def _cases(shop: Shop, profile: Profile) -> list[str]:
    if not profile.cases:
        return []
    kinds, states = shop.taxonomy("kinds"), shop.taxonomy("case_statuses")
    counts = _("{open} open, {closed} ended", open=profile.open_cases, closed=profile.closed_cases)
    return [
        counts,
        *(
            f"{case.number} · {case.opened_on} · {kinds.label(case.kind)} · {states.label(case.status)}"
            + (f" · {case.title}" if case.title else "")
            for case in profile.cases
        ),
    ]


def _scores(profile: Profile) -> list[str]:
    return [
        " · ".join(
            part
            for part in (
                score.answered_on,
                _(_TYPES[score.type]),
                str(score.score),
                _("case {number}", number=score.case_number) if score.case_number else "",
                score.comment,
            )
            if part
        )
        for score in profile.scores
    ]


def _messages(shop: Shop, profile: Profile) -> list[str]:
    channels = shop.taxonomy("channels")
    lines = []
    for message in profile.messages:
        body = " ".join(message.body.split())
        shown = body if len(body) <= _BODY else body[:_BODY] + "…"
        lines.append(
            f"{local_text(message.sent_at, shop.zone)} · {_('case {number}', number=message.case_number)} · "
            f"{channels.label(message.channel)} · {_(_WAYS[message.direction])}: {shown}"
        )
    return lines


def _callbacks(shop: Shop, profile: Profile) -> list[str]:
    reasons, outcomes = shop.taxonomy("callback_reasons"), shop.taxonomy("callback_outcomes")
    lines = []
    for callback in profile.callbacks:
        state = outcomes.label(callback.outcome) if callback.outcome else _("open")
        parts = [callback.due_on, reasons.label(callback.reason), state]
        if callback.score is not None:
            parts.append(_("score {score}", score=callback.score))
        if callback.next_due_on:
            parts.append(_("next {day}", day=callback.next_due_on))
        lines.append(" · ".join(parts))
    return lines
