"""Policies in words: windows, payers, times and limits, in the current language."""

from zoneinfo import ZoneInfo

from aftersales_cli.clock import local_text
from aftersales_cli.desk.returns.policy_records import GROUP_NAMES, GROUPS, Amounts, Rule
from aftersales_cli.desk.returns.policy_windows import Window, WindowSpec
from aftersales_cli.language import N_, _, plural
from aftersales_cli.money import format_money
from aftersales_cli.taxonomy import load_taxonomy

_EVENTS = {
    "delivered": N_("delivery"),
    "paid": N_("payment"),
    "last_parcel": N_("delivery of the last parcel"),
    "finished": N_("completion of the order"),
    "warranty": N_("the beginning of the warranty"),
}
_PAYERS = {
    "buyer": N_("the buyer pays for sending back"),
    "seller": N_("the shop pays for sending back"),
    "insured": N_("the return insurance pays for sending back"),
}
_PAYERS_TO_CUSTOMERS = {
    "buyer": N_("You pay for sending the goods back."),
    "seller": N_("We pay for sending the goods back."),
    "insured": N_("The return insurance pays for sending the goods back."),
}
_VERDICTS = {
    "approve": N_("approves"),
    "manual": N_("a person decides"),
    "evidence": N_("evidence first, then a person decides"),
    "reject": N_("gives no such right"),
}


def event_text(start: str) -> str:
    """Name the event a window begins with."""
    return _(_EVENTS[start])


def payer_text(payer: str, *, to_customer: bool = False) -> str:
    """Say who pays for sending back, ``""`` if nothing is said about it."""
    texts = _PAYERS_TO_CUSTOMERS if to_customer else _PAYERS
    return _(texts[payer]) if payer else ""


def rule_verdict_text(verdict: str) -> str:
    """Say what a rule does where it applies."""
    return _(_VERDICTS[verdict])


def span_text(spec: WindowSpec | None) -> str:
    """Say how long a window is and from when, e.g. ``7 days after delivery``."""
    if spec is None:
        return _("no time limit")
    if spec.start == "warranty":
        return _("until the warranty ends")
    return _("{length} after {event}", length=_length_text(spec), event=event_text(spec.start))


def _length_text(spec: WindowSpec) -> str:
    if spec.months:
        return plural("{count} month", "{count} months", spec.months)
    if spec.count == "168h":
        return plural("{count} hour", "{count} hours", spec.days * 24)
    if spec.count == "business":
        return plural("{count} working day", "{count} working days", spec.days)
    return plural("{count} day", "{count} days", spec.days)


def window_lines(window: Window) -> list[str]:
    """Return the arithmetic of a window step by step, in local days."""
    spec = window.spec
    if not window.has_begun:
        if spec.start == "warranty":
            return [
                _("It is not known until when the warranty lasts; give it or the product's warranty months.")
            ]
        return [
            _(
                "Allowed: {span}. The day of {event} is not known, so the time has not begun.",
                span=span_text(spec),
                event=event_text(spec.start),
            )
        ]
    assert window.last_day is not None
    if spec.start == "warranty":
        return [_("The warranty lasts until {day}, 24:00.", day=window.last_day)]
    event = event_text("finished" if window.at_latest else spec.start)
    lines = [
        _(
            "{event}: {moment} ({zone}); day 1 is the day after, {first}.",
            event=event[:1].upper() + event[1:],
            moment=local_text(window.begun_by, _zone(window)),
            zone=window.zone,
            first=window.first_day,
        ),
        _("{length} make {last} the last day.", length=_length_text(spec), last=window.plain_last_day),
    ]
    if window.last_day != window.plain_last_day:
        lines.append(_("That is no working day, so the next one counts: {last}.", last=window.last_day))
    elif spec.end == "next_working_day":
        lines.append(_("That is a working day, so nothing moves."))
    if window.at_latest:
        lines.append(_("The goods came on that day or before, so it ends then at the latest."))
    lines.append(
        _("It ends at {moment}.", moment=local_text(window.end, _zone(window)))
        if spec.count == "168h"
        else _("It ends on {last} at 24:00.", last=window.last_day)
    )
    return lines


def _zone(window: Window) -> ZoneInfo:
    return ZoneInfo(window.zone)


def refund_text(days: int | None, start: str) -> str:
    """Say by when money has to be back, ``""`` if nothing is said about it."""
    if days is None:
        return ""
    if start == "received":
        return plural(
            "The refund is due within {count} day of getting the goods back.",
            "The refund is due within {count} days of getting the goods back.",
            days,
        )
    if start == "decided":
        return plural(
            "The refund is due within {count} day of agreeing to it.",
            "The refund is due within {count} days of agreeing to it.",
            days,
        )
    return plural(
        "The refund is due within {count} day of the request.",
        "The refund is due within {count} days of the request.",
        days,
    )


def amounts_text(amounts: Amounts) -> str:
    """Return amounts of several currencies in one line."""
    return ", ".join(format_money(amount, currency) for currency, amount in amounts.items())


def names_text(taxonomy: str, codes: tuple[str, ...]) -> str:
    """Return the names of some codes with commas."""
    known = load_taxonomy(taxonomy)
    return _list_text(tuple(known.label(code) for code in codes))


def reasons_text(rule: Rule) -> str:
    """Return the reasons a rule is for, groups by their name."""
    known = load_taxonomy("reasons")
    return _list_text(
        tuple(_(GROUP_NAMES[code]) if code in GROUPS else known.label(code) for code in rule.said_reasons)
    )


def kinds_text(rule: Rule) -> str:
    """Return the kinds of request a rule is for."""
    return names_text("kinds", rule.kinds)


def _list_text(words: tuple[str, ...]) -> str:
    return _(", ").join(words)
