"""One step in the life of a case: the change, checked against the state it starts from, and its events."""

from collections.abc import Mapping
from datetime import datetime

from aftersales_cli.clock import local_text
from aftersales_cli.database.agents import find_agent, get_agent
from aftersales_cli.database.cases import (
    append_case_event,
    change_case,
    find_last_status_event,
    get_case,
)
from aftersales_cli.desk.moments import check_moment
from aftersales_cli.desk.transitions import PASSING_EVENTS, VERBS, explain_possible, find_path
from aftersales_cli.errors import NotFoundError, RefusedError
from aftersales_cli.language import _
from aftersales_cli.records.cases import Case
from aftersales_cli.records.shops import Agent
from aftersales_cli.shop import Shop

_RECORDED = (
    "kind",
    "severity",
    "complexity",
    "reason_first",
    "resolution",
    "cause",
    "reason_final",
    "cancel_reason",
)
"""Fields whose every change gets an event of its own, so that a later change loses nothing."""

_ORDER_DIGITS = 10
"""Marketplaces number their orders with at least so many digits; no shop has as many cases."""


def require_case(shop: Shop, number: int) -> Case:
    """Return the case with this number; raises NotFoundError."""
    case = get_case(shop.database, number)
    if case is None:
        raise missing_case(number)
    return case


def missing_case(number: int) -> NotFoundError:
    """Return the error for a case that does not exist; a number as long as an order's gets a hint."""
    remedy = _("“aftersales cases list --all” shows all cases.")
    if len(str(number)) >= _ORDER_DIGITS:
        remedy = _("It looks like an order's number: aftersales orders show {number}", number=number)
    return NotFoundError(_("There is no case {number}.", number=number), remedy=remedy)


def check_case_moment(shop: Shop, case: Case, given: datetime | None, *, earliest: str | None = None) -> str:
    """Return when a step happened, never before the case was opened; raises WrongUsageError."""
    floor = max(case.opened_at, earliest or "")
    return check_moment(given, now=shop.now, earliest=floor, zone=shop.zone)


def require_path(shop: Shop, case: Case, verb: str) -> tuple[str, ...]:
    """Return the states the verb walks through.

    Raises RefusedError; if somebody else just did the same step, it says who was faster.
    """
    if case.status in VERBS[verb].paths:
        return find_path(verb, case.status, number=case.number)
    last = find_last_status_event(shop.database, case.number)
    if case.merged_into is not None and verb != "merge":
        raise RefusedError(
            _("Case {number} is now part of case {other}.", number=case.number, other=case.merged_into),
            remedy=_("Go on there: {command}", command=f"aftersales cases show {case.merged_into}"),
        )
    if last is None or last.type != VERBS[verb].event:
        return find_path(verb, case.status, number=case.number)
    raise already_done(shop, case, actor=last.actor, at=last.at)


def take_step(
    shop: Shop, case: Case, verb: str, *, at: str, changes: Mapping[str, object] | None = None, note: str = ""
) -> Case:
    """Change a case as the verb's row in the table says, with one event for each state it enters.

    ``case`` is what the caller saw: if its state has changed since, nothing happens and RefusedError says
    who was faster. To be used inside ``writing``.
    """
    path = require_path(shop, case, verb)
    changes = dict(changes or {})
    if path:
        changes["status"] = path[-1]
    if not change_case(shop.database, case.number, expected=case.status, changes=changes):
        raise _overtaken(shop, case)
    _append_status_events(shop, case, verb, path, at=at, note=note)
    for name in _RECORDED:
        if name in changes and changes[name] != getattr(case, name):
            record_event(
                shop,
                case.number,
                "changed",
                at=at,
                field=name,
                before=str(getattr(case, name)),
                after=str(changes[name]),
            )
    return require_case(shop, case.number)


def refuse_repetition(shop: Shop, case: Case) -> None:
    """Refuse a step that finds its case in the state it leads to; RefusedError says who was faster and since when.

    To be used inside ``writing``. What an import or the program itself did is nobody's haste and passes.
    """
    last = find_last_status_event(shop.database, case.number)
    if last is not None and find_agent(shop.database, last.actor) is not None:
        raise already_done(shop, case, actor=last.actor, at=last.at)


def assign_to(shop: Shop, case: Case, agent: Agent, *, at: str, note: str = "") -> Case:
    """Make an employee the one who works on a case; nothing happens if that is so already."""
    if case.assignee_id == agent.id:
        return case
    previous = get_agent(shop.database, case.assignee_id) if case.assignee_id is not None else None
    if not change_case(shop.database, case.number, expected=case.status, changes={"assignee_id": agent.id}):
        raise _overtaken(shop, case)
    record_event(
        shop,
        case.number,
        "assigned",
        at=at,
        field="assignee",
        before=previous.code if previous else "",
        after=agent.code,
        note=note,
    )
    return require_case(shop, case.number)


def record_event(
    shop: Shop,
    number: int,
    type: str,  # noqa: A002 - the column's name
    *,
    at: str,
    field: str = "",
    before: str = "",
    after: str = "",
    note: str = "",
) -> None:
    """Append an event by the acting employee."""
    append_case_event(
        shop.database,
        number,
        at=at,
        recorded_at=shop.stamp,
        actor=shop.agent.code,
        type=type,
        field=field,
        before=before,
        after=after,
        note=note,
    )


def _append_status_events(
    shop: Shop, case: Case, verb: str, path: tuple[str, ...], *, at: str, note: str
) -> None:
    before = case.status
    for position, status in enumerate(path):
        is_last = position == len(path) - 1
        # A reply that starts the work is one thing, starting the work another: "replied" is told separately.
        passing = not is_last or VERBS[verb].event == "replied"
        record_event(
            shop,
            case.number,
            PASSING_EVENTS[status] if passing else VERBS[verb].event,
            at=at,
            field="status",
            before=before,
            after=status,
            note=note if is_last else "",
        )
        before = status


def already_done(shop: Shop, case: Case, *, actor: str, at: str) -> RefusedError:
    """Return the refusal of a step which ``actor``, the code of an employee, took at a moment."""
    values = {
        "number": case.number,
        "status": shop.taxonomy("case_statuses").label(case.status),
        "moment": local_text(at, shop.zone),
    }
    remedy = explain_possible(case.status, number=case.number)
    if actor == shop.agent.code:
        message = _("You did this already: case {number} is “{status}” since {moment}.", **values)
        return RefusedError(message, remedy=remedy)
    found = find_agent(shop.database, actor)
    name = found.name if found else actor
    message = _("{name} was faster: case {number} is “{status}” since {moment}.", name=name, **values)
    return RefusedError(message, remedy=remedy)


def _overtaken(shop: Shop, seen: Case) -> RefusedError:
    current = require_case(shop, seen.number)
    last = find_last_status_event(shop.database, seen.number)
    if last is not None and last.after == current.status:
        return already_done(shop, current, actor=last.actor, at=last.at)
    return RefusedError(
        _("Case {number} has been changed by somebody else.", number=seen.number),
        remedy=explain_possible(current.status, number=seen.number),
    )
