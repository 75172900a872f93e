"""The page ``cases show`` prints."""

from collections.abc import Iterator, Mapping

from aftersales_cli.clock import local_text
from aftersales_cli.database.agents import list_agents
from aftersales_cli.desk.history import CaseClock, CaseHistory
from aftersales_cli.language import N_, _, plural
from aftersales_cli.money import format_money
from aftersales_cli.records.cases import CaseEvent, CaseMessage
from aftersales_cli.shop import Shop

_MINUTE, _HOUR, _DAY = 60, 3600, 86400

_FIELD_TAXONOMIES = {
    "status": "case_statuses",
    "resolution": "resolutions",
    "cause": "causes",
    "reason_final": "reasons",
    "cancel_reason": "cancel_reasons",
}
_FIELD_NAMES = {
    "resolution": N_("Resolution"),
    "cause": N_("Cause"),
    "reason_final": N_("Reason"),
    "cancel_reason": N_("Reason for cancelling"),
    "order": N_("Order"),
}
_EVENT_TEXTS = {
    "opened": N_("opened"),
    "imported": N_("taken from the platform's file"),
    "started": N_("work began"),
    "assigned": N_("given to {after}"),
    "replied": N_("answered"),
    "noted": N_("note"),
    "resolved": N_("resolved"),
    "reopened": N_("reopened"),
    "closed": N_("closed"),
    "cancelled": N_("cancelled"),
    "joined": N_("order {after} arrived"),
    "changed": N_("{field}: {before} → {after}"),
}
_AUTHOR_NAMES = {"customer": N_("customer"), "agent": N_("agent"), "bot": N_("bot"), "system": N_("system")}


def duration_text(seconds: int) -> str:
    """Write a duration for people by its two largest units, e.g. ``3 d 4 h``, ``12 min``, ``40 s``."""
    if seconds >= _DAY:
        return _("{days} d {hours} h", days=seconds // _DAY, hours=seconds % _DAY // _HOUR)
    if seconds >= _HOUR:
        return _("{hours} h {minutes} min", hours=seconds // _HOUR, minutes=seconds % _HOUR // _MINUTE)
    if seconds >= _MINUTE:
        return _("{minutes} min", minutes=seconds // _MINUTE)
    return _("{seconds} s", seconds=seconds)


def write_page(shop: Shop, history: CaseHistory) -> list[str]:
    """Return the lines of a case's page, with local times and names in the current language."""
    facts = [*_about(shop, history), *_order(shop, history), *_clocks(shop, history), *_refund(shop, history)]
    lines = [_title(shop, history), f"  {history.case.title}", ""]
    lines += [_fact(name, value) for name, value in facts if value]
    lines += ["", _("What happened")]
    lines += _timeline(shop, history)
    return lines


def _fact(name: str, value: str) -> str:
    return _("{name}: {value}", name=name, value=value)


def _title(shop: Shop, history: CaseHistory) -> str:
    case = history.case
    parts = [
        _("Case {number}", number=case.number),
        shop.taxonomy("kinds").label(case.kind),
        shop.taxonomy("case_statuses").label(case.status),
        shop.taxonomy("severities").label(case.severity),
    ]
    return " · ".join(parts)


def _about(shop: Shop, history: CaseHistory) -> Iterator[tuple[str, str]]:
    case = history.case
    channel = shop.taxonomy("channels").label(case.channel)
    yield _("Opened"), f"{local_text(case.opened_at, shop.zone)} ({channel})"
    yield _("Platform's case number"), case.external_id
    yield _("Platform's status"), case.status_raw
    yield _("Customer"), history.customer
    yield _("Assignee"), history.assignee or _("nobody yet")
    reason = case.reason_final or case.reason_first
    yield _("Reason"), shop.taxonomy("reasons").label(reason) if reason else case.reason_raw
    yield _("Cause"), shop.taxonomy("causes").label(case.cause) if case.cause else ""
    yield _("Resolution"), shop.taxonomy("resolutions").label(case.resolution) if case.resolution else ""
    cancelled = shop.taxonomy("cancel_reasons").label(case.cancel_reason) if case.cancel_reason else ""
    yield _("Reason for cancelling"), cancelled
    yield _("Closed"), local_text(case.closed_at, shop.zone) if case.closed_at else ""
    yield _("Reopened"), plural("once", "{count} times", case.reopen_count) if case.reopen_count else ""


def _order(shop: Shop, history: CaseHistory) -> Iterator[tuple[str, str]]:
    order, waiting = history.order, history.case.order_external_id
    if order is None:
        yield _("Order"), _("{number}, not arrived yet", number=waiting) if waiting else ""
    else:
        shown = order.display_number
        number = order.external_id if shown in {"", order.external_id} else f"{shown} / {order.external_id}"
        status = shop.taxonomy("order_statuses").label(order.status)
        yield (
            _("Order"),
            " · ".join(part for part in (history.storefront, number, status, order.title) if part),
        )
        yield (
            _("Placed, shipped, delivered"),
            ", ".join(
                local_text(moment, shop.zone)
                for moment in (order.placed_at, order.shipped_at, order.delivered_at)
            ),
        )
        yield (
            _("Paid, refunded"),
            ", ".join(format_money(amount, order.currency) for amount in (order.paid, order.refunded)),
        )
    products = [
        f"{line.quantity or 1} × {line.title or line.sku}" for line in history.lines or history.order_lines
    ]
    yield _("Products"), "; ".join(products)
    others = [
        f"{other.number} ({shop.taxonomy('kinds').label(other.kind)}, "
        f"{shop.taxonomy('case_statuses').label(other.status)})"
        for other in history.related
    ]
    yield _("Other cases of this order"), ", ".join(others)


def _clocks(shop: Shop, history: CaseHistory) -> Iterator[tuple[str, str]]:
    texts = {clock.metric: _clock_text(shop, clock) for clock in history.clocks}
    no_clock = "" if history.case.origin == "platform" else _("no clock")
    yield _("First reply"), texts.get("first_reply", no_clock)
    yield _("Time to solve"), texts.get("resolution", "")


def _clock_text(shop: Shop, clock: CaseClock) -> str:
    duration = duration_text(clock.seconds)
    if clock.met_at is None:
        return _("open for {duration}", duration=duration)
    return _("after {duration} ({moment})", duration=duration, moment=local_text(clock.met_at, shop.zone))


def _refund(shop: Shop, history: CaseHistory) -> Iterator[tuple[str, str]]:
    refund = history.refund
    if refund is not None:
        parts = [
            format_money(refund.to_buyer, refund.currency),
            shop.taxonomy("refund_statuses").label(refund.status),
            local_text(refund.succeeded_at or refund.requested_at, shop.zone),
        ]
        yield _("Refund"), ", ".join(parts)


def _timeline(shop: Shop, history: CaseHistory) -> list[str]:
    agents = {agent.code: agent.name for agent in list_agents(shop.database)}
    said_out = {message.sent_at for message in history.messages if message.direction == "out"}
    # Of one moment the opening comes first, then what was said, then what it led to.
    entries: list[tuple[tuple[str, int, int], str]] = [
        ((message.sent_at, 1, message.id), _message_text(shop, message, agents))
        for message in history.messages
    ]
    for event in history.events:
        if event.type == "replied" and event.at in said_out:
            continue
        rank = 0 if event.type in {"opened", "imported"} else 2
        entries.append(((event.at, rank, event.seq), _event_text(shop, event, agents)))
    return [f"  {local_text(key[0], shop.zone)}  {text}" for key, text in sorted(entries)]


def _message_text(shop: Shop, message: CaseMessage, agents: Mapping[str, str]) -> str:
    who = agents.get(message.author, message.author) or _(_AUTHOR_NAMES[message.author_type])
    channel = shop.taxonomy("channels").label(message.channel)
    body = message.body.strip().replace("\n", "\n" + " " * 20)
    return _("{who} ({channel}): “{text}”", who=who, channel=channel, text=body)


def _event_text(shop: Shop, event: CaseEvent, agents: Mapping[str, str]) -> str:
    before, after = (_value_text(shop, event.field, value, agents) for value in (event.before, event.after))
    template = _EVENT_TEXTS.get(event.type)
    if template is None:
        text = f"{event.type} {event.after}".strip()
    else:
        text = _(template, field=_(_FIELD_NAMES.get(event.field, event.field)), before=before, after=after)
    actor = agents.get(event.actor, event.actor)
    shown = f"{text} · {actor}" if actor else text
    return f"{shown}: {event.note}" if event.note else shown


def _value_text(shop: Shop, field: str, value: str, agents: Mapping[str, str]) -> str:
    if field in _FIELD_TAXONOMIES:
        return shop.taxonomy(_FIELD_TAXONOMIES[field]).label(value)
    return agents.get(value, value) or "–"
