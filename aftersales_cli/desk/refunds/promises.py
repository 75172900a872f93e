"""Refunds that customers wait for, as rows of the board of promises: each has to be paid by the end of a day."""

from dataclasses import dataclass
from datetime import timedelta

from aftersales_cli.clock import from_text
from aftersales_cli.database.agents import list_agents
from aftersales_cli.desk.refunds.due import list_due_refunds
from aftersales_cli.desk.steps import require_case
from aftersales_cli.records.payouts import DueRefund
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class RefundPromise(DueRefund):
    """Money somebody waits for, with what the board says of every row."""

    kind: str
    severity: str
    title: str
    assignee: str
    state: str
    """``missed``, ``near``, ``running``, or ``paused`` until what its days are counted from has happened."""
    remaining_seconds: int | None
    """Negative once the last day is over, None while it is ``paused``."""
    metric: str = "refund"
    calendar: str = "wall"


def list_refund_promises(
    shop: Shop, *, assignee_id: int | None = None, everything: bool = False
) -> list[RefundPromise]:
    """Return refunds that are overdue or due within ``refunds.warn_days``; ``everything`` adds all others."""
    names = {agent.id: agent.name for agent in list_agents(shop.database)}
    found = []
    for row in list_due_refunds(shop):
        state, left = _judge(shop, row)
        if not everything and state not in {"missed", "near"}:
            continue
        case = require_case(shop, row.case_number)
        if assignee_id is None or case.assignee_id == assignee_id:
            found.append(
                RefundPromise(
                    **vars(row),
                    kind=case.kind,
                    severity=case.severity,
                    title=case.title,
                    assignee=names.get(case.assignee_id or 0, ""),
                    state=state,
                    remaining_seconds=left,
                )
            )
    return found


def _judge(shop: Shop, row: DueRefund) -> tuple[str, int | None]:
    """Return the state of a refund and the seconds until its last day is over."""
    if row.due_at is None:
        return "paused", None
    left = from_text(row.due_at) - shop.now
    near = left <= timedelta(days=shop.settings.refunds.warn_days)
    state = "missed" if row.overdue else "near" if near else "running"
    return state, int(left.total_seconds())
