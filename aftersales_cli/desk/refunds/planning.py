"""Plan a refund: its parts, whether a second person has to agree, and until when it is due."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from aftersales_cli.database.refund_plans import (
    find_plan_with_key,
    insert_plan,
    list_case_plans,
    list_parts,
    list_request_plans,
    next_key,
)
from aftersales_cli.database.returns import get_request
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.refunds.approving import limit_of, may_exceed
from aftersales_cli.desk.refunds.composing import (
    Base,
    RefundAsk,
    all_parts,
    asked_goods,
    default_goods,
    missing_request,
    open_base,
)
from aftersales_cli.desk.refunds.due import after_days, request_due
from aftersales_cli.desk.refunds.plans import note_of, require_plan
from aftersales_cli.desk.returns.ledger_checks import check_refund
from aftersales_cli.desk.steps import check_case_moment, record_event, require_case
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.money import format_money
from aftersales_cli.records.ledger import MoneyPart
from aftersales_cli.records.payouts import RefundPart, RefundPlan
from aftersales_cli.records.returns import ReturnRequest
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class PlannedRefund:
    """A plan with its parts."""

    plan: RefundPlan
    parts: list[RefundPart]
    amount: int
    is_new: bool
    """False if it was planned before and nothing was changed."""
    beyond: int = 0
    """How much of it goes beyond what the buyer paid."""


def plan_refund(shop: Shop, ask: RefundAsk, *, at: datetime | None = None) -> PlannedRefund:
    """Plan a refund; the same words twice are one plan. No money is moved.

    Raises RefusedError if more would go back than was paid, WrongUsageError, NotFoundError.
    """
    number = _case_of(shop, ask)
    with changing(shop, "refunds.plan", number) as writing:
        base = open_base(shop, require_case(shop, number), ask)
        defaulted = base.request is not None and not ask.lines and ask.amount is None
        goods = default_goods(base) if defaulted else asked_goods(base, ask)
        key = _key_of(base, ask)
        known = None if ask.again else find_plan_with_key(shop.database, key)
        if known is not None and not (defaulted and goods):
            return _existing(shop, known)
        parts = all_parts(base, ask, goods, defaulted=defaulted)
        if not parts and base.request is not None:
            return _existing(shop, _last_plan(shop, base.request))
        beyond = _check(shop, base, parts)
        moment = check_case_moment(shop, base.case, at)
        plan_id = _insert(shop, base, ask, parts, key=next_key(shop.database, key), at=moment)
        writing.touch("refund", plan_id)
        planned = _existing(shop, require_plan(shop, plan_id))
        note = note_of(planned.plan, planned.amount, ask.reason)
        record_event(
            shop, number, "refund_planned", at=moment, field="refund", after=planned.plan.status, note=note
        )
        return PlannedRefund(planned.plan, planned.parts, planned.amount, is_new=True, beyond=beyond)


def _case_of(shop: Shop, ask: RefundAsk) -> int:
    if (ask.request_id is None) == (ask.case_number is None):
        raise WrongUsageError(
            _("Name either a request or a case."),
            remedy=_("aftersales refunds plan REQUEST, or: aftersales refunds plan --case N"),
        )
    if ask.request_id is None:
        assert ask.case_number is not None
        return ask.case_number
    request = get_request(shop.database, ask.request_id)
    if request is None:
        raise missing_request(ask.request_id)
    return request.case_number


def _check(shop: Shop, base: Base, parts: list[MoneyPart]) -> int:
    """Refuse what goes beyond the books; return how much is goodwill beyond what was paid."""
    if any(part.type == "goods" and part.return_line_id is None for part in parts) and not may_exceed(shop):
        raise RefusedError(
            _("Money for goods without an approved request is planned only by the owner or a manager."),
            remedy=_("Record the request first, so that the policy judges it: aftersales returns request --case {number}",
                     number=base.case.number),
        )  # fmt: skip
    beyond = check_refund(base.ledger, parts, may_exceed=may_exceed(shop)) if base.ledger and parts else 0
    if sum(part.amount for part in parts) <= 0:
        raise WrongUsageError(
            _("There is nothing to pay back."),
            remedy=_(
                "Name products with --line SKU=1, an amount with --amount, or compensation with --goodwill."
            ),
        )
    return beyond


def _insert(shop: Shop, base: Base, ask: RefundAsk, parts: list[MoneyPart], *, key: str, at: str) -> int:
    total = sum(part.amount for part in parts)
    limit = limit_of(shop, base.currency)
    second = limit is not None and _already_planned(shop, base) + total > limit
    approved = {} if second else {"approved_at": at, "approved_by": shop.agent.code}
    due = (
        request_due(shop, base.request) if base.request else after_days(shop, at, shop.settings.refunds.days)
    )
    return insert_plan(
        shop.database,
        {
            "case_number": base.case.number,
            "request_id": base.request.id if base.request else None,
            "order_id": base.ledger.order_id if base.ledger else None,
            "currency": base.currency,
            "status": "planned" if second else "approved",
            "route": shop.taxonomy("refund_routes").resolve(ask.route) if ask.route else "original",
            "reason": ask.reason.strip(),
            "key": key,
            "second_needed": second,
            "planned_at": at,
            "planned_by": shop.agent.code,
            "due_at": due,
            **approved,
        },
        [
            {
                "type": part.type,
                "order_line_id": part.order_line_id,
                "return_line_id": part.return_line_id,
                "quantity": part.quantity,
                "amount": part.amount,
            }
            for part in parts
        ],
    )


def _already_planned(shop: Shop, base: Base) -> int:
    """Return what is planned already for the order, else the case: small steps are no way around the limit."""
    if base.ledger is not None:
        return base.ledger.given - base.ledger.platform
    return sum(
        part.amount
        for plan in list_case_plans(shop.database, base.case.number)
        if plan.status != "void"
        for part in list_parts(shop.database, plan.id)
    )


def _key_of(base: Base, ask: RefundAsk) -> str:
    words = [
        base.case.number,
        base.request.id if base.request else None,
        sorted(ask.lines),
        *(
            None if value is None else str(value.normalize())
            for value in (ask.amount, ask.shipping, ask.fee, ask.goodwill)
        ),
    ]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()[:24]


def _existing(shop: Shop, plan: RefundPlan) -> PlannedRefund:
    parts = list_parts(shop.database, plan.id)
    return PlannedRefund(plan, parts, sum(part.amount for part in parts), is_new=False)


def _last_plan(shop: Shop, request: ReturnRequest) -> RefundPlan:
    """Return the plan there is already; raises RefusedError that says what is still missing."""
    plans = list_request_plans(shop.database, request.id)
    if plans:
        return plans[-1]
    if request.kind == "return":
        raise RefusedError(
            _("No piece of request {number} is back and accepted yet.", number=request.id),
            remedy=_(
                "Record the goods first: aftersales returns receive {number}. To pay before they are back, name "
                "them: --line SKU=1",
                number=request.id,
            ),
        )
    raise RefusedError(
        _("Nothing of request {number} is to be paid back.", number=request.id),
        remedy=_("Name products with --line SKU=1, or an amount with --amount."),
    )


def describe_beyond(planned: PlannedRefund) -> str:
    """Say how much of a plan goes beyond what the buyer paid."""
    return _(
        "{amount} of it goes beyond what was paid.",
        amount=format_money(planned.beyond, planned.plan.currency),
    )
