"""Until when a refund has to be paid: by the rule that granted it, else by the shop's settings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from aftersales_cli.clock import local_day, to_text
from aftersales_cli.database.refund_plans import (
    find_received,
    list_plans,
    list_unplanned,
)
from aftersales_cli.database.returns import get_request
from aftersales_cli.desk.returns.policy_files import stored_policy
from aftersales_cli.desk.returns.policy_records import Rule
from aftersales_cli.desk.returns.policy_windows import midnight
from aftersales_cli.records.payouts import DueRefund, PlanRow, RefundPlan, Unplanned
from aftersales_cli.records.returns import ReturnRequest
from aftersales_cli.shop import Shop

_OPEN = frozenset({"planned", "approved", "requested", "failed"})


@dataclass(frozen=True)
class Granted:
    """What the due date of a refund follows from; moments in UTC."""

    kind: str
    rules: str
    policy_version: int | None
    requested_at: str
    decided_at: str | None
    received_at: str | None


def find_due(shop: Shop, granted: Granted) -> str | None:
    """Return the first moment after the last day; None while what it is counted from has not happened.

    The day after that event is day 1. Source: 消费者权益保护法 art. 25 (7 days from receipt of the goods), other
    rules as the policy names them.
    """
    rule = _first_timed(_rules_of(shop, granted))
    days = shop.settings.refunds.days if rule is None or rule.refund_days is None else rule.refund_days
    clock = rule.refund_from if rule is not None else "received"
    begun = {
        "notice": granted.requested_at,
        "decided": granted.decided_at,
        # Where nothing comes back, nothing can be waited for.
        "received": granted.received_at if granted.kind == "return" else granted.decided_at,
    }[clock or "decided"]
    return None if begun is None else after_days(shop, begun, days)


def after_days(shop: Shop, moment: str, days: int) -> str:
    """Return the end of the last of so many local days after a moment."""
    last = local_day(moment, shop.zone) + timedelta(days=days)
    return to_text(midnight(last + timedelta(days=1), shop.zone))


def request_due(shop: Shop, request: ReturnRequest) -> str | None:
    """Return until when the money of a request has to be paid, None while that is open."""
    return find_due(
        shop,
        Granted(
            request.kind,
            request.rules,
            request.policy_version,
            request.requested_at,
            request.decided_at,
            find_received(shop.database, request.id),
        ),
    )


def plan_due(shop: Shop, plan: RefundPlan | PlanRow) -> str | None:
    """Return until when a plan has to be paid; one made before the goods were back is due from their return."""
    if plan.due_at is not None or plan.request_id is None:
        return plan.due_at
    request = get_request(shop.database, plan.request_id)
    return None if request is None else request_due(shop, request)


def date_plans(shop: Shop, rows: Sequence[PlanRow]) -> list[PlanRow]:
    """Return rows with their due dates as they follow from what has come back by now, what is due first on top."""
    dated = [replace(row, due_at=plan_due(shop, row)) if row.status in _OPEN else row for row in rows]
    # Rows come with open ones first; sorting keeps the order of all others.
    return sorted(
        dated,
        key=lambda row: (row.status not in _OPEN, (row.due_at or "9999") if row.status in _OPEN else ""),
    )


def list_due_refunds(shop: Shop, *, only_overdue: bool = False) -> list[DueRefund]:
    """Return money that customers wait for, what is due first on top: plans, and requests nobody planned."""
    rows = [
        DueRefund(
            row.id,
            row.request_id,
            row.case_number,
            row.order_number,
            row.currency,
            row.amount,
            row.status,
            row.due_at,
            _is_over(shop, row.due_at),
        )
        for row in date_plans(shop, list_plans(shop.database, only_open=True))
    ]
    rows += [_unplanned(shop, request) for request in list_unplanned(shop.database)]
    rows.sort(key=lambda row: (row.due_at or "9999", row.case_number))
    return [row for row in rows if row.overdue or not only_overdue]


def _unplanned(shop: Shop, request: Unplanned) -> DueRefund:
    due = find_due(
        shop,
        Granted(
            request.kind,
            request.rules,
            request.policy_version,
            request.requested_at,
            request.decided_at,
            request.received_at,
        ),
    )
    return DueRefund(
        None,
        request.request_id,
        request.case_number,
        request.order_number,
        request.currency,
        None,
        "",
        due,
        _is_over(shop, due),
    )


def _is_over(shop: Shop, due: str | None) -> bool:
    return due is not None and due <= shop.stamp


def _rules_of(shop: Shop, granted: Granted) -> list[Rule]:
    """Return the rules that granted a request, the deciding one first."""
    if granted.policy_version is None:
        return []
    policies = stored_policy(shop, granted.policy_version)
    found = [policies.find(rule_id.strip()) for rule_id in granted.rules.split(",") if rule_id.strip()]
    return [rule for rule in found if rule is not None]


def _first_timed(rules: Sequence[Rule]) -> Rule | None:
    """Return the rule whose time counts: the first that has one, or a shorter one counted from the same event."""
    timed = [rule for rule in rules if rule.refund_days is not None]
    if not timed:
        return None
    same = [rule for rule in timed if rule.refund_from == timed[0].refund_from]
    return min(same, key=lambda rule: rule.refund_days or 0)
