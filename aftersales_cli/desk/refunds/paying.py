"""Record what became of a refund: handed over, paid, failed, given up. This program moves no money."""

from datetime import datetime

from aftersales_cli.clock import local_day
from aftersales_cli.database.orders import get_order
from aftersales_cli.database.refund_plans import append_attempt
from aftersales_cli.database.settling import settle_orders
from aftersales_cli.database.statements import release_statement_rows
from aftersales_cli.desk.axes import REFUND, require_following
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.refunds.approving import require_approved, step_plan, subject_of
from aftersales_cli.desk.refunds.due import plan_due
from aftersales_cli.desk.refunds.overpaid import require_not_overpaid, require_own_number
from aftersales_cli.desk.refunds.plans import note_of, plan_amount, require_plan
from aftersales_cli.desk.steps import check_case_moment, record_event, require_case
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.payouts import RefundPlan
from aftersales_cli.shop import Shop

_EVENTS = {"requested": "refund_requested", "succeeded": "refund_paid", "failed": "refund_failed"}


def pay_refund(
    shop: Shop,
    plan_id: int,
    *,
    reference: str = "",
    done: bool = False,
    twice: bool = False,
    note: str = "",
    at: datetime | None = None,
) -> RefundPlan:
    """Record that a refund was paid (``reference`` of the payment, or ``done``), else that it is to be paid now.

    The same reference again changes nothing. Raises RefusedError, also if the number is that of another refund or
    the marketplace has paid the money back meanwhile (``twice`` records that it really was paid a second time);
    NotFoundError, WrongUsageError.
    """
    number, word = require_plan(shop, plan_id).case_number, reference.strip()
    with changing(shop, "refunds.pay", number) as writing:
        plan = require_plan(shop, plan_id)
        if plan.status == "succeeded" and (not word or word == plan.reference):
            return plan
        if plan.status == "requested" and not (word or done or twice):
            return plan
        require_approved(shop, plan)
        outcome = "succeeded" if word or done or twice else "requested"
        require_following(REFUND, plan.status, outcome, subject=subject_of(plan))
        require_own_number(shop, plan, word)
        if not twice:
            require_not_overpaid(shop, plan, handed_over=outcome == "requested")
        moment = _moment(shop, plan, at)
        writing.touch("refund", plan.id)
        return record_outcome(shop, plan, outcome, at=moment, reference=word, note=note)


def fail_refund(shop: Shop, plan_id: int, *, note: str, at: datetime | None = None) -> RefundPlan:
    """Record that a payment did not arrive and why; it can be tried again. Raises as ``pay_refund``."""
    if not note.strip():
        raise WrongUsageError(_("Say why the payment failed."), remedy=_("Write it behind --note."))
    number = require_plan(shop, plan_id).case_number
    with changing(shop, "refunds.fail", number) as writing:
        plan = require_plan(shop, plan_id)
        require_approved(shop, plan)
        require_following(REFUND, plan.status, "failed", subject=subject_of(plan))
        moment = _moment(shop, plan, at)
        writing.touch("refund", plan.id)
        return record_outcome(shop, plan, "failed", at=moment, note=note)


def void_refund(shop: Shop, plan_id: int, *, note: str = "", at: datetime | None = None) -> RefundPlan:
    """Give a refund up that was not paid: its money and pieces can be planned again. Raises as ``pay_refund``."""
    number = require_plan(shop, plan_id).case_number
    with changing(shop, "refunds.void", number) as writing:
        plan = require_plan(shop, plan_id)
        remedy = ""
        if plan.status == "requested":
            remedy = _(
                "It may be paid already. If it was not: aftersales refunds fail {number} --note …, then void it.",
                number=plan.id,
            )
        require_following(REFUND, plan.status, "void", subject=subject_of(plan), remedy=remedy)
        moment = _moment(shop, plan, at)
        step_plan(shop, plan, {"status": "void"})
        release_statement_rows(shop.database, plan.id)
        writing.touch("refund", plan.id)
        text = note_of(plan, plan_amount(shop, plan), note)
        record_event(
            shop,
            number,
            "refund_voided",
            at=moment,
            field="refund",
            before=plan.status,
            after="void",
            note=text,
        )
        return require_plan(shop, plan_id)


def record_outcome(
    shop: Shop, plan: RefundPlan, outcome: str, *, at: str, reference: str = "", note: str = ""
) -> RefundPlan:
    """Write down an attempt and bring plan, case history and the order's figure up to date. Inside ``writing``."""
    changes: dict[str, object] = {"status": outcome, "due_at": plan_due(shop, plan)}
    if outcome == "requested":
        changes |= {"requested_at": at, "failure": ""}
    elif outcome == "succeeded":
        changes |= {
            "succeeded_at": at,
            "succeeded_on": local_day(at, shop.zone).isoformat(),
            "reference": reference,
            "failure": "",
        }
    else:
        changes["failure"] = note.strip()
    step_plan(shop, plan, changes)
    append_attempt(
        shop.database,
        plan.id,
        at=at,
        actor=shop.agent.code,
        outcome=outcome,
        reference=reference,
        note=note.strip(),
    )
    record_event(
        shop,
        plan.case_number,
        _EVENTS[outcome],
        at=at,
        field="refund",
        before=plan.status,
        after=outcome,
        note=note_of(plan, plan_amount(shop, plan), reference, note),
    )
    if outcome == "succeeded":
        settle_plan(shop, plan)
    return require_plan(shop, plan.id)


def settle_plan(shop: Shop, plan: RefundPlan) -> None:
    """Bring what was refunded of a plan's order up to date. Inside ``writing``."""
    order = get_order(shop.database, plan.order_id) if plan.order_id is not None else None
    if order is not None:
        settle_orders(shop.database, order.storefront_id, [order.external_id])


def _moment(shop: Shop, plan: RefundPlan, at: datetime | None) -> str:
    return check_case_moment(shop, require_case(shop, plan.case_number), at, earliest=plan.planned_at)
