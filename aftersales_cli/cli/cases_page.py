"""The page ``cases show`` prints."""

from collections.abc import Iterator, Mapping

from aftersales_cli.cli.cases_timeline import write_timeline
from aftersales_cli.cli.durations import CLOCK_STATES, duration_text, remaining_text
from aftersales_cli.clock import local_text
from aftersales_cli.desk.history import CaseClock, CaseHistory, LinkedCase, Promise
from aftersales_cli.desk.sla_policies import METRICS
from aftersales_cli.language import N_, _, plural
from aftersales_cli.money import format_money
from aftersales_cli.records.cases import RelatedCase
from aftersales_cli.shop import Shop

_LINKS: Mapping[tuple[str, bool], str] = {
    ("related", True): N_("has to do with"),
    ("related", False): N_("has to do with"),
    ("follow_up", True): N_("followed up by"),
    ("follow_up", False): N_("follows up"),
    ("split", True): N_("split off"),
    ("split", False): N_("split off from"),
    ("merged", True): N_("took in"),
    ("merged", False): N_("merged into"),
}
"""Type of a link and whether the other case is the later or taken-in one → how it is told."""


def write_page(shop: Shop, history: CaseHistory) -> list[str]:
    """Return the lines of a case's page, with local times and names in the current language."""
    facts = [*_about(shop, history), *_order(shop, history), *_clocks(shop, history)]
    facts += [*_refund(shop, history), *_axes(shop, history)]
    lines = [_title(shop, history), f"  {history.case.title}", ""]
    lines += [_fact(name, value) for name, value in facts if value]
    for heading, section in (
        (_("Promises"), _promises(shop, history)),
        (_("Hand-offs"), _handoffs(shop, history)),
        (_("What happened"), write_timeline(shop, history)),
    ):
        lines += ["", heading, *section] if section else []
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
    opened = local_text(case.opened_at, shop.zone)
    yield _("Opened"), _("{moment} ({channel})", moment=opened, channel=channel)
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
    confirmed = local_text(case.confirmed_at, shop.zone) if case.confirmed_at else ""
    yield _("Confirmed by the customer"), confirmed
    yield _("Passed up"), plural("once", "{count} times", case.escalation) if case.escalation else ""
    yield _("Incident"), history.incident
    yield _("Kept as an example"), case.typical_note
    yield _("In the archive since"), local_text(case.archived_at, shop.zone) if case.archived_at else ""


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
    linked = {link.case.number for link in history.linked}
    others = [_case_text(shop, other) for other in history.related if other.number not in linked]
    yield _("Other cases of this order"), ", ".join(others)
    yield _("Linked cases"), ", ".join(_link_text(shop, link) for link in history.linked)


def _case_text(shop: Shop, case: RelatedCase) -> str:
    kind, status = shop.taxonomy("kinds").label(case.kind), shop.taxonomy("case_statuses").label(case.status)
    return _("{number} ({kind}, {status})", number=case.number, kind=kind, status=status)


def _link_text(shop: Shop, link: LinkedCase) -> str:
    return f"{_(_LINKS[link.type, link.is_later])} {_case_text(shop, link.case)}"


def _clocks(shop: Shop, history: CaseHistory) -> Iterator[tuple[str, str]]:
    texts = {clock.metric: _clock_text(shop, clock) for clock in history.clocks}
    has_none = history.case.origin != "platform" and not history.case.reply_expected
    no_clock = _("no clock") if has_none else ""
    yield _("First reply"), texts.get("first_reply", no_clock)
    yield _("Time to solve"), texts.get("resolution", "")
    yield (
        _("Time worked"),
        plural("{count} minute", "{count} minutes", history.minutes) if history.minutes else "",
    )


def _promises(shop: Shop, history: CaseHistory) -> list[str]:
    # What no longer counts is told by "sla explain".
    return [f"  {_promise_text(shop, promise)}" for promise in history.promises if promise.state != "stopped"]


def _promise_text(shop: Shop, promise: Promise) -> str:
    clock = promise.clock
    name = _(METRICS[clock.metric])
    if clock.cycle > 1:
        name = _("{promise}, cycle {number}", promise=name, number=clock.cycle)
    parts = [_fact(name, _(CLOCK_STATES[promise.state]))]
    if promise.state in {"running", "near", "missed"} and promise.remaining_seconds is not None:
        is_missed = promise.state == "missed"
        parts.append(remaining_text(promise.remaining_seconds, clock.calendar, is_missed=is_missed))
    if clock.due_at:
        parts.append(_("due {moment}", moment=local_text(clock.due_at, shop.zone)))
    if clock.met_at:
        parts.append(_("done {moment}", moment=local_text(clock.met_at, shop.zone)))
    elif clock.stopped_at:
        parts.append(_("ended {moment} without it", moment=local_text(clock.stopped_at, shop.zone)))
    return " · ".join(parts)


def _handoffs(shop: Shop, history: CaseHistory) -> list[str]:
    departments = shop.taxonomy("departments")
    lines = []
    for handoff in history.handoffs:
        asked = f"{handoff.id} · {departments.label(handoff.department)}"
        lines.append(f"  {_fact(asked, handoff.question)}")
        if handoff.done_at is None:
            state = _("open, due {moment}", moment=local_text(handoff.due_at, shop.zone))
        elif handoff.withdrawn:
            state = _("withdrawn {moment}", moment=local_text(handoff.done_at, shop.zone))
        else:
            state = _("answered {moment}", moment=local_text(handoff.done_at, shop.zone))
        lines.append("      " + (_fact(state, handoff.answer) if handoff.answer else state))
    return lines


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


def _axes(shop: Shop, history: CaseHistory) -> Iterator[tuple[str, str]]:
    """Yield what moves on axes of its own, each with the command that shows it."""
    axes = history.axes
    asked = [(entry.request.id, entry.request.status) for entry in axes.asked]
    plans = [(plan.id, plan.status) for plan in axes.plans]
    sent = [(entry.id, entry.status) for entry in axes.replacements]
    repairs = [(repair.id, repair.status) for repair in axes.repairs]
    yield _("Return requests"), _numbered(shop, asked, "review_states", "returns show {number}")
    yield _("Refunds planned here"), _numbered(shop, plans, "refund_plan_states", "refunds show {number}")
    case = history.case.number
    yield (
        _("Replacements"),
        _numbered(shop, sent, "replacement_states", f"replacements list --all --case {case}"),
    )
    yield _("Repairs"), _numbered(shop, repairs, "repair_states", "repairs show {number}")


def _numbered(shop: Shop, things: list[tuple[int, str]], taxonomy: str, command: str) -> str:
    """Return e.g. ``3 (approved) → aftersales returns show 3``; of several the last one's command."""
    if not things:
        return ""
    states = shop.taxonomy(taxonomy)
    named = ", ".join(f"{number} ({states.label(status)})" for number, status in things)
    return f"{named} → aftersales {command.format(number=things[-1][0])}"
