"""Whose word a refund needs: up to the policy's limit the planner's own, above it a second person's."""

from collections.abc import Mapping
from datetime import datetime

from aftersales_cli.access import ALLOWED, ROLE_NAMES
from aftersales_cli.database.agents import find_agent, list_agents
from aftersales_cli.database.refund_plans import change_plan
from aftersales_cli.desk.axes import REFUND, require_following
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.refunds.plans import note_of, plan_amount, require_plan
from aftersales_cli.desk.returns.policy_files import policy_document, read_document
from aftersales_cli.desk.steps import check_case_moment, record_event, require_case
from aftersales_cli.errors import RefusedError
from aftersales_cli.language import _
from aftersales_cli.records.payouts import RefundPlan
from aftersales_cli.shop import Shop


def limit_of(shop: Shop, currency: str) -> int | None:
    """Return above which amount a second person has to agree, None for never.

    Where limits are set at all, a currency without one needs a second person always: it must be no way around them.
    """
    limits = read_document(policy_document(shop.folder)).second_limit
    return limits.get(currency, 0) if limits else None


def may_exceed(shop: Shop) -> bool:
    """Tell whether this employee may give goodwill beyond what was paid."""
    return shop.agent.role in ALLOWED["refunds.approve"]


def approve_refund(shop: Shop, plan_id: int, *, note: str = "", at: datetime | None = None) -> RefundPlan:
    """Agree as the second person to a refund above the limit; never the one who planned it.

    Raises RefusedError naming who may, NotFoundError, WrongUsageError.
    """
    number = require_plan(shop, plan_id).case_number
    with changing(shop, "refunds.approve", number) as writing:
        plan = require_plan(shop, plan_id)
        require_following(REFUND, plan.status, "approved", subject=subject_of(plan))
        if plan.planned_by == shop.agent.code:
            raise RefusedError(
                _("You planned refund {number} yourself: somebody else has to approve it.", number=plan.id),
                remedy=second_people(shop, plan),
            )
        moment = check_case_moment(shop, require_case(shop, number), at, earliest=plan.planned_at)
        changes = {"status": "approved", "approved_at": moment, "approved_by": shop.agent.code}
        step_plan(shop, plan, changes)
        writing.touch("refund", plan.id)
        record_event(
            shop,
            number,
            "refund_approved",
            at=moment,
            field="refund",
            before=plan.status,
            after="approved",
            note=note_of(plan, plan_amount(shop, plan), note),
        )
        return require_plan(shop, plan_id)


def subject_of(plan: RefundPlan) -> str:
    """Return how a plan is called in messages."""
    return _("Refund {number}", number=plan.id)


def step_plan(shop: Shop, plan: RefundPlan, changes: Mapping[str, object]) -> None:
    """Change a plan if it still is what the caller saw; raises RefusedError naming its present state."""
    if change_plan(shop.database, plan.id, expected=plan.status, changes=changes):
        return
    current = require_plan(shop, plan.id)
    require_following(REFUND, current.status, str(changes["status"]), subject=subject_of(current))
    raise RefusedError(_("Refund {number} has been changed by somebody else.", number=plan.id))


def second_people(shop: Shop, plan: RefundPlan) -> str:
    """Say who may approve a plan, and how."""
    allowed = ALLOWED["refunds.approve"]
    others = [
        agent
        for agent in list_agents(shop.database)
        if agent.active and agent.role in allowed and agent.code != plan.planned_by
    ]
    if not others:
        return _(
            "Nobody else may: add an employee (aftersales team add CODE --role manager), or take second_limit out "
            "of templates/policies/shop.toml if you work alone."
        )
    names = ", ".join(f"{agent.name} ({_(ROLE_NAMES[agent.role])})" for agent in others)
    command = f"aftersales refunds approve {plan.id} --as {others[0].code}"
    return _("Possible: {names}; e.g. {command}", names=names, command=command)


def require_approved(shop: Shop, plan: RefundPlan) -> None:
    """Refuse to pay what waits for a second person."""
    if plan.status != "planned":
        return
    planner = find_agent(shop.database, plan.planned_by)
    raise RefusedError(
        _(
            "Refund {number} is above the limit and waits for a second person; {name} planned it.",
            number=plan.id,
            name=planner.name if planner else plan.planned_by,
        ),
        remedy=second_people(shop, plan),
    )
