"""A case with all that belongs to it, as one page needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aftersales_cli.clock import seconds_between
from aftersales_cli.database.agents import get_agent
from aftersales_cli.database.case_axes import read_case_axes
from aftersales_cli.database.case_links import list_case_links, list_linked_cases, sum_case_minutes
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
from aftersales_cli.database.handoffs import list_case_handoffs
from aftersales_cli.database.incidents import get_incident
from aftersales_cli.database.orders import get_order, list_lines
from aftersales_cli.database.sla import list_case_clocks
from aftersales_cli.desk.contacts import mask_word
from aftersales_cli.desk.incident_finding import incident_title
from aftersales_cli.desk.sla_board import measure_left
from aftersales_cli.desk.steps import require_case
from aftersales_cli.records.axes import CaseAxes
from aftersales_cli.records.cases import (
    OPEN_STATUSES,
    Case,
    CaseEvent,
    CaseLine,
    CaseMessage,
    Refund,
    RelatedCase,
)
from aftersales_cli.records.desk import Handoff, SlaClock
from aftersales_cli.records.orders import Order, OrderLine
from aftersales_cli.shop import Shop

if TYPE_CHECKING:
    from sqlite_utils import Database


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
class Promise:
    """A clock of the promises with its state and the seconds of its calendar that are left, negative past it."""

    clock: SlaClock
    state: str
    remaining_seconds: int | None


@dataclass(frozen=True)
class LinkedCase:
    """A case this one is tied to."""

    case: RelatedCase
    type: str
    is_later: bool
    """Whether the other one came later or was taken in, else this one."""


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
    linked: list[LinkedCase]
    promises: list[Promise]
    handoffs: list[Handoff]
    minutes: int
    """What employees spent on it."""
    axes: CaseAxes
    """Its return requests, refunds and repairs."""
    incident: str
    """Number and title of the incident it belongs to, ``""`` for none."""


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
        linked=_list_linked(db, number),
        promises=_list_promises(shop, number),
        handoffs=list_case_handoffs(db, number),
        minutes=sum_case_minutes(db, number),
        axes=read_case_axes(db, number),
        incident=_name_incident(shop, case.incident_id),
    )


def _list_linked(db: Database, number: int) -> list[LinkedCase]:
    cases = {case.number: case for case in list_linked_cases(db, number)}
    found = []
    for link in list_case_links(db, number):
        is_later = link.case_number == number
        other = link.other_number if is_later else link.case_number
        found.append(LinkedCase(cases[other], link.type, is_later))
    return found


def _list_promises(shop: Shop, number: int) -> list[Promise]:
    return [Promise(clock, *measure_left(shop, clock)) for clock in list_case_clocks(shop.database, number)]


def _name_incident(shop: Shop, incident_id: int | None) -> str:
    incident = get_incident(shop.database, incident_id) if incident_id is not None else None
    return f"{incident.id} ({incident_title(shop, incident)})" if incident else ""


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
