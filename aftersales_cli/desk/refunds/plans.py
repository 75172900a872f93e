"""Find refund plans, and say what they are."""

from aftersales_cli.database.refund_plans import get_plan, list_parts
from aftersales_cli.errors import NotFoundError
from aftersales_cli.language import _
from aftersales_cli.money import to_decimal
from aftersales_cli.records.payouts import RefundPlan
from aftersales_cli.shop import Shop


def require_plan(shop: Shop, plan_id: int) -> RefundPlan:
    """Return the plan with this number; raises NotFoundError."""
    plan = get_plan(shop.database, plan_id)
    if plan is None:
        raise missing_plan(plan_id)
    return plan


def missing_plan(number: int) -> NotFoundError:
    """Return the error for a plan that does not exist."""
    return NotFoundError(
        _("There is no refund {number}.", number=number),
        remedy=_("“aftersales refunds list --all” shows them."),
    )


def plan_amount(shop: Shop, plan: RefundPlan) -> int:
    """Return what a plan pays back, all its parts together."""
    return sum(part.amount for part in list_parts(shop.database, plan.id))


def note_of(plan: RefundPlan, amount: int, *words: str) -> str:
    """Return the note of an event: number and amount in no language, and what people wrote."""
    facts = f"#{plan.id} {to_decimal(amount, plan.currency)} {plan.currency}"
    return " · ".join(part for part in (facts, *(word.strip() for word in words)) if part)
