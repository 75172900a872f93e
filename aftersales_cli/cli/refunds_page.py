"""How refunds are shown: after planning and paying, in listings, and on a page of their own."""

from dataclasses import dataclass

from aftersales_cli.cli.output import Column
from aftersales_cli.clock import local_text
from aftersales_cli.database.orders import get_order
from aftersales_cli.database.refund_plans import get_plan_row, list_attempts, list_part_names, list_parts
from aftersales_cli.database.storefronts import get_storefront
from aftersales_cli.desk.refunds.approving import second_people
from aftersales_cli.desk.refunds.due import date_plans
from aftersales_cli.desk.refunds.overpaid import MarkedPlan, find_overpaid, mark_plans
from aftersales_cli.desk.refunds.planning import PlannedRefund, describe_beyond
from aftersales_cli.desk.refunds.plans import plan_amount, require_plan
from aftersales_cli.language import N_, _
from aftersales_cli.money import format_money
from aftersales_cli.records.payouts import RefundAttempt, RefundPart, RefundPlan
from aftersales_cli.shop import Shop

PART_NAMES = {
    "goods": N_("goods"),
    "shipping": N_("postage"),
    "fee": N_("fee"),
    "goodwill": N_("goodwill"),
}
"""Type of a part → what people read."""

_TOOLS = {
    "taobao": "千牛",
    "tmall": "千牛",
    "alibaba1688": "千牛",
    "jd": "京麦",
    "pdd": "拼多多商家版",
    "douyin": "抖店",
    "kuaishou": "快手小店",
    "xhs": "千帆",
    "wechat_shop": "微信小店",
}
"""Marketplace → the program in which a seller pays money back there; names of their own in every language."""


@dataclass(frozen=True)
class RefundPage:
    """A refund with all that belongs to it."""

    refund: MarkedPlan
    plan: RefundPlan
    parts: list[RefundPart]
    products: dict[int, str]
    """Position of a part → its product."""
    attempts: list[RefundAttempt]


def load_page(shop: Shop, plan_id: int) -> RefundPage:
    """Read a refund with all that belongs to it; raises NotFoundError."""
    plan, row = require_plan(shop, plan_id), get_plan_row(shop.database, plan_id)
    assert row is not None
    return RefundPage(
        mark_plans(shop, date_plans(shop, [row]))[0],
        plan,
        list_parts(shop.database, plan_id),
        list_part_names(shop.database, plan_id),
        list_attempts(shop.database, plan_id),
    )


def write_page(shop: Shop, page: RefundPage) -> list[str]:
    """Return the lines of a refund's page."""
    row, plan = page.refund, page.plan
    facts = [
        (_("Case"), str(row.case_number)),
        (_("Request"), str(row.request_id or "")),
        (_("Order"), row.order_number),
        (_("Way"), shop.taxonomy("refund_routes").label(row.route)),
        (_("Due"), local_text(row.due_at, shop.zone) if row.due_at else ""),
        (_("Planned on"), f"{local_text(row.planned_at, shop.zone)} ({row.planned_by})"),
        (
            _("Approved"),
            f"{local_text(plan.approved_at, shop.zone)} ({plan.approved_by})" if plan.approved_at else "",
        ),
        (_("Paid on"), local_text(row.succeeded_at, shop.zone) if row.succeeded_at else ""),
        (_("Payment's number"), row.reference),
        (_("Platform's refund number"), row.platform_number),
        (_("Failed"), row.failure),
        (_("Attention"), _remark(row)),
        (_("Note"), plan.reason),
    ]
    status = shop.taxonomy("refund_plan_states").label(row.status)
    title = _("Refund {number}", number=row.id)
    lines = [f"{title} · {status} · {format_money(row.amount, row.currency)}"]
    lines += [_("{name}: {value}", name=name, value=value) for name, value in facts if value]
    lines += part_lines(page.parts, row.currency, page.products)
    if page.attempts:
        lines.append(_("Attempts"))
        lines += [f"  {_attempt(shop, attempt)}" for attempt in page.attempts]
    return [*lines, *next_lines(shop, plan)]


def part_lines(parts: list[RefundPart], currency: str, products: dict[int, str]) -> list[str]:
    """Return a line for each part of a refund."""
    lines = []
    for part in parts:
        pieces = f"{part.quantity} × " if part.quantity else ""
        name = products.get(part.position, "")
        words = " ".join(word for word in (_(PART_NAMES[part.type]), f"{pieces}{name}") if word)
        lines.append(f"  {words}  {format_money(part.amount, currency)}")
    return lines


def describe_planned(shop: Shop, planned: PlannedRefund) -> list[str]:
    """Say what was planned, or that it was planned before, and what comes next."""
    plan = planned.plan
    values = {
        "number": plan.id,
        "amount": format_money(planned.amount, plan.currency),
        "case": plan.case_number,
    }
    if planned.is_new:
        first = _("Refund {number} of {amount} is planned for case {case}; nothing is paid yet.", **values)
    else:
        status = shop.taxonomy("refund_plan_states").label(plan.status)
        first = _(
            "This is refund {number} of {amount} already (“{status}”); nothing was changed.",
            status=status,
            **values,
        )
    lines = [first, *part_lines(planned.parts, plan.currency, list_part_names(shop.database, plan.id))]
    if planned.beyond:
        lines.append(describe_beyond(planned))
    if plan.due_at and plan.status != "succeeded":
        lines.append(_("It is due by {moment}.", moment=local_text(plan.due_at, shop.zone)))
    return [*lines, *next_lines(shop, plan)]


def describe_payment(shop: Shop, plan: RefundPlan) -> list[str]:
    """Say what was recorded about a payment, and that the program itself pays nothing."""
    amount = format_money(plan_amount(shop, plan), plan.currency)
    if plan.status == "succeeded":
        line = _("Refund {number} of {amount} is recorded as paid.", number=plan.id, amount=amount)
        return [line + (f" ({plan.reference})" if plan.reference else "")]
    line = _("Recorded; now pay {amount} back {place}.", amount=amount, place=_place(shop, plan))
    after = _(
        "Then: aftersales refunds pay {number} --reference …, or if it fails: aftersales refunds fail {number} --note …",
        number=plan.id,
    )
    return [line, after]


def next_lines(shop: Shop, plan: RefundPlan) -> list[str]:
    """Say what is to be done about a refund; nothing if it is at an end."""
    if plan.status == "planned":
        needed = _("It is above the limit and needs a second person.")
        return [needed, second_people(shop, plan)]
    if plan.status in ("approved", "failed", "requested") and find_overpaid(shop, plan) is not None:
        return []
    if plan.status in ("approved", "failed", "requested"):
        command = f"aftersales refunds pay {plan.id} --reference …"
        return [_("Pay it back {place}, then: {command}", place=_place(shop, plan), command=command)]
    return []


def _place(shop: Shop, plan: RefundPlan) -> str:
    """Say where money goes back: in the marketplace's own program, or by hand."""
    route = shop.taxonomy("refund_routes").label(plan.route)
    order = get_order(shop.database, plan.order_id) if plan.order_id is not None else None
    storefront = get_storefront(shop.database, order.storefront_id) if order else None
    if plan.route not in ("original", "platform") or storefront is None:
        return _("by hand ({route})", route=route)
    tool = _TOOLS.get(storefront.platform)
    return _("in {tool} ({route})", tool=tool or storefront.name or storefront.code, route=route)


def _attempt(shop: Shop, attempt: RefundAttempt) -> str:
    state = shop.taxonomy("refund_plan_states").label(attempt.outcome)
    words = (local_text(attempt.at, shop.zone), state, attempt.actor, attempt.reference, attempt.note)
    return " · ".join(word for word in words if word)


def plan_columns(shop: Shop) -> list[Column]:
    """Return the columns of a listing of plans."""
    states, routes = shop.taxonomy("refund_plan_states"), shop.taxonomy("refund_routes")
    return [
        Column(_("Refund"), lambda row: row.id, right=True),
        Column(_("Case"), lambda row: row.case_number, right=True),
        Column(_("Order"), lambda row: row.order_number),
        Column(_("Amount"), lambda row: format_money(row.amount, row.currency), right=True),
        Column(_("State"), lambda row: states.label(row.status)),
        Column(_("Way"), lambda row: routes.label(row.route)),
        Column(_("Due"), lambda row: local_text(row.due_at, shop.zone)),
        Column(_("Paid on"), lambda row: local_text(row.succeeded_at, shop.zone)),
        Column(_("Payment's number"), lambda row: row.reference),
        Column(_("Remark"), _remark),
    ]


def _remark(row: MarkedPlan) -> str:
    """Say what is to be done about a refund the marketplace has paid, too."""
    if not row.marketplace_paid:
        return ""
    if row.status == "succeeded":
        return _(
            "paid twice: the marketplace has paid {amount}, too",
            amount=format_money(row.marketplace_paid, row.currency),
        )
    if row.status == "requested":
        return _(
            "the marketplace paid already: aftersales refunds fail {number} --note …, then aftersales refunds void {number}",
            number=row.id,
        )
    return _("the marketplace paid already: aftersales refunds void {number}", number=row.id)


def due_columns(shop: Shop) -> list[Column]:
    """Return the columns of a listing of money that is waited for."""
    states = shop.taxonomy("refund_plan_states")
    return [
        Column(_("Due"), lambda row: local_text(row.due_at, shop.zone)),
        Column(_("Late"), lambda row: _("overdue") if row.overdue else ""),
        Column(_("Case"), lambda row: row.case_number, right=True),
        Column(_("Request"), lambda row: row.request_id, right=True),
        Column(_("Refund"), lambda row: row.plan_id, right=True),
        Column(_("Order"), lambda row: row.order_number),
        Column(_("Amount"), lambda row: format_money(row.amount, row.currency), right=True),
        Column(_("State"), lambda row: states.label(row.status) if row.status else _("not planned yet")),
    ]
