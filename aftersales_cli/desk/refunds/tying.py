"""Tie our refund plans to the marketplaces' records of the same money."""

from aftersales_cli.clock import local_day
from aftersales_cli.database.refund_plans import append_attempt, change_plan, find_ties, tie_plan
from aftersales_cli.desk.refunds.plans import note_of, plan_amount, require_plan
from aftersales_cli.desk.steps import record_event
from aftersales_cli.shop import Shop


def tie_platform_refunds(shop: Shop, import_id: int) -> int:
    """Tie plans to what an import says was paid back; return how many. Inside ``writing``; again it changes nothing.

    The marketplace's word that it was paid is a fact: the plan is then paid, whatever state it was in. An undo of
    the import takes all of it back, since it happens while the import is recorded.
    """
    tied = 0
    for plan_id, refund_id, number, at in find_ties(shop.database, import_id):
        if not tie_plan(shop.database, plan_id, refund_id):
            continue
        tied += 1
        _mark_paid(shop, plan_id, number, at)
    return tied


def _mark_paid(shop: Shop, plan_id: int, number: str, at: str) -> None:
    plan = require_plan(shop, plan_id)
    if plan.status == "succeeded":
        return
    changes = {
        "status": "succeeded",
        "succeeded_at": at,
        "succeeded_on": local_day(at, shop.zone).isoformat(),
        "reference": number,
        "failure": "",
    }
    assert change_plan(shop.database, plan_id, expected=plan.status, changes=changes), (
        "inside one transaction"
    )
    append_attempt(
        shop.database, plan_id, at=at, actor=shop.agent.code, outcome="succeeded", reference=number
    )
    record_event(
        shop,
        plan.case_number,
        "refund_paid",
        at=at,
        field="refund",
        before=plan.status,
        after="succeeded",
        note=note_of(plan, plan_amount(shop, plan), number),
    )
