"""Money the marketplace has paid back by itself: with a refund of ours it would be, or is, too much."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from aftersales_cli.database.ledger import read_order_facts
from aftersales_cli.database.plan_checks import (
    find_plan_paid_with,
    has_platform_refunds,
    list_beside_marketplace,
    sum_other_plans,
)
from aftersales_cli.database.refund_plans import list_parts
from aftersales_cli.desk.refunds.plans import require_plan
from aftersales_cli.desk.returns.ledger import build_ledger
from aftersales_cli.errors import RefusedError
from aftersales_cli.language import _
from aftersales_cli.money import format_money
from aftersales_cli.records.payouts import PlanRow, RefundPlan
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class MarkedPlan(PlanRow):
    """A refund as listings show it, with what the marketplace has paid of the same money."""

    marketplace_paid: int = 0
    """What it has paid back of the order if that is too much with this refund, else 0."""


def find_overpaid(shop: Shop, plan: RefundPlan, *, handed_over: bool = False) -> int | None:
    """Return what the marketplace paid back of the order if it is too much together with this refund.

    Counted are refunds that were paid or handed over, and this one. Goodwill may go beyond what was paid: an owner
    or a manager has planned that knowingly. An order's own figure without records may be this very refund, paid in
    the marketplace's program; only who is about to hand it over (``handed_over``) is stopped by it.
    """
    if plan.order_id is None or plan.refund_id is not None or plan.status == "void":
        return None
    parts = list_parts(shop.database, plan.id)
    own = sum(part.amount for part in parts if part.type != "goodwill")
    ledger = build_ledger(read_order_facts(shop.database, plan.order_id))
    others = sum_other_plans(shop.database, plan.order_id, plan.id)
    platform = ledger.platform
    # The books take the share of paid plans out of that figure already.
    if not handed_over and plan.status != "succeeded" and _may_be_in_figure(shop, plan, plan.order_id):
        platform = max(0, platform - sum(part.amount for part in parts))
    if own <= 0 or platform <= 0 or platform + others + own <= ledger.paid:
        return None
    return ledger.platform


def mark_plans(shop: Shop, rows: Sequence[PlanRow]) -> list[MarkedPlan]:
    """Add to refunds of a listing what the marketplace has paid of the same money."""
    near = list_beside_marketplace(shop.database) if rows else set()
    return [
        MarkedPlan(
            **{entry.name: getattr(row, entry.name) for entry in fields(PlanRow)},
            marketplace_paid=(find_overpaid(shop, require_plan(shop, row.id)) or 0) if row.id in near else 0,
        )
        for row in rows
    ]


def require_not_overpaid(shop: Shop, plan: RefundPlan, *, handed_over: bool) -> None:
    """Refuse to pay, or to record as paid, what the marketplace has paid back since it was planned."""
    paid = find_overpaid(shop, plan, handed_over=handed_over)
    if paid is None:
        return
    raise RefusedError(
        _(
            "The marketplace has paid back {amount} of this order by itself: with refund {number} it would be too much.",
            amount=format_money(paid, plan.currency),
            number=plan.id,
        ),
        remedy=_same_money(plan)
        + " "
        + _(
            "If it really was paid a second time, record that: aftersales refunds pay {number} --reference … --twice",
            number=plan.id,
        ),
    )


def require_own_number(shop: Shop, plan: RefundPlan, reference: str) -> None:
    """Refuse the number of a payment that is that of another refund."""
    other = find_plan_paid_with(shop.database, reference, plan.id) if reference else None
    if other is None:
        return
    raise RefusedError(
        _(
            "The payment's number {reference} is that of refund {number} already.",
            reference=reference,
            number=other,
        ),
        remedy=_("Compare: aftersales refunds show {number}", number=other),
    )


def _may_be_in_figure(shop: Shop, plan: RefundPlan, order_id: int) -> bool:
    return plan.route in ("original", "platform") and not has_platform_refunds(shop.database, order_id)


def _same_money(plan: RefundPlan) -> str:
    if plan.status == "requested":
        return _(
            "If it is the same money, give this one up: aftersales refunds fail {number} --note …, then "
            "aftersales refunds void {number}.",
            number=plan.id,
        )
    return _("If it is the same money, give this one up: aftersales refunds void {number}.", number=plan.id)
