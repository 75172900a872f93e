"""A case with all that belongs to it, as one page needs it."""

from dataclasses import dataclass

from aftersales_cli.clock import seconds_between
from aftersales_cli.database.agents import get_agent
from aftersales_cli.database.case_listings import (
    get_case_row,
    list_related_cases,
)
from aftersales_cli.database.cases import (
    find_case_refund,
    list_case_events,
    list_case_lines,
    list_case_messages,
)
from aftersales_cli.database.orders import get_order, list_lines
from aftersales_cli.desk.contacts import mask_word
from aftersales_cli.desk.steps import require_case
from aftersales_cli.records.cases import (
    OPEN_STATUSES,
    Case,
    CaseEvent,
    CaseLine,
    CaseMessage,
    Refund,
    RelatedCase,
)
from aftersales_cli.records.orders import Order, OrderLine
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class CaseClock:
    """How long something took or has taken so far, in seconds of wall time."""

    metric: str
    """``first_reply`` or ``resolution``."""
    started_at: str
    met_at: str | None
    seconds: int
    """Until ``met_at``, else until now."""


@dataclass(frozen=True)
class CaseHistory:
    """One case and everything on its page."""

    case: Case
    storefront: str
    customer: str
    assignee: str
    assignee_code: str
    order: Order | None
    order_lines: list[OrderLine]
    lines: list[CaseLine]
    clocks: list[CaseClock]
    messages: list[CaseMessage]
    events: list[CaseEvent]
    refund: Refund | None
    related: list[RelatedCase]
    """Other cases of the same order."""


def load_history(shop: Shop, number: int) -> CaseHistory:
    """Read a case with all that belongs to it; raises NotFoundError."""
    db, case = shop.database, require_case(shop, number)
    row = get_case_row(db, number)
    assert row is not None
    assignee = get_agent(db, case.assignee_id) if case.assignee_id is not None else None
    return CaseHistory(
        case=case,
        storefront=row.storefront,
        customer=mask_word(row.customer),
        assignee=row.assignee,
        assignee_code=assignee.code if assignee else "",
        order=get_order(db, case.order_id) if case.order_id is not None else None,
        order_lines=list_lines(db, case.order_id) if case.order_id is not None else [],
        lines=list_case_lines(db, number),
        clocks=measure_clocks(case, shop.stamp),
        messages=list_case_messages(db, number),
        events=list_case_events(db, number),
        refund=find_case_refund(db, number),
        related=list_related_cases(db, number, case.order_id) if case.order_id is not None else [],
    )


def measure_clocks(case: Case, now: str) -> list[CaseClock]:
    """Return the clocks of a case at a stored moment; a case that ended otherwise has no running one."""
    clocks = []
    is_open = case.status in OPEN_STATUSES
    if case.reply_expected and (is_open or case.first_reply_at):
        clocks.append(_clock("first_reply", case.opened_at, case.first_reply_at, now))
    if is_open or case.resolved_at:
        clocks.append(_clock("resolution", case.opened_at, case.resolved_at, now))
    return clocks


def _clock(metric: str, started_at: str, met_at: str | None, now: str) -> CaseClock:
    return CaseClock(metric, started_at, met_at, max(0, seconds_between(started_at, met_at or now)))
