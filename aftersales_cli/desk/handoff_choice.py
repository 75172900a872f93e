"""Which hand-off somebody means, whether it is theirs to answer, and who was faster."""

from aftersales_cli.clock import local_text
from aftersales_cli.database.agents import find_agent
from aftersales_cli.database.handoffs import get_handoff, list_case_handoffs
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.cases import Case
from aftersales_cli.records.desk import Handoff
from aftersales_cli.records.shops import Agent
from aftersales_cli.shop import Shop

_OWN_DEPARTMENT_ONLY = frozenset({"technician", "warehouse"})
"""Roles that answer what they were asked themselves; the desk writes down what others say."""

_ROLE_DEPARTMENTS = {"technician": "technical", "warehouse": "warehouse"}
"""Role → department of an employee for whom none is written down."""


def department_of(shop: Shop, agent: Agent) -> str:
    """Return the code of an employee's department, the text as written if it is none of the list."""
    written = agent.department.strip()
    if not written:
        return _ROLE_DEPARTMENTS.get(agent.role, "")
    term = shop.taxonomy("departments").find(written)
    return term.code if term else written


def missing_handoff(handoff_id: int) -> NotFoundError:
    """Return the error for a hand-off that does not exist."""
    return NotFoundError(
        _("There is no hand-off {id}.", id=handoff_id),
        remedy=_("“aftersales cases handoffs --all” shows them with their cases."),
    )


def require_handoff(shop: Shop, case: Case, handoff_id: int) -> Handoff:
    """Return a hand-off of this case; raises NotFoundError."""
    found = get_handoff(shop.database, handoff_id)
    if found is None:
        raise missing_handoff(handoff_id)
    if found.case_number != case.number:
        raise NotFoundError(
            _(
                "Hand-off {id} belongs to case {other}, not to case {number}.",
                id=handoff_id,
                other=found.case_number,
                number=case.number,
            ),
            remedy=_("“aftersales cases handoffs --all” shows them with their cases."),
        )
    return found


def open_handoffs(shop: Shop, number: int) -> list[Handoff]:
    """Return the questions of a case that wait for an answer, earliest first."""
    return [handoff for handoff in list_case_handoffs(shop.database, number) if handoff.done_at is None]


def choose_handoff(shop: Shop, case: Case, handoff_id: int | None) -> Handoff:
    """Return the open hand-off that is meant; raises RefusedError, WrongUsageError, NotFoundError."""
    if handoff_id is not None:
        found = require_handoff(shop, case, handoff_id)
        if found.done_at is not None:
            raise too_late(shop, found)
        return found
    waiting = open_handoffs(shop, case.number)
    if len(waiting) > 1:
        mine = [handoff for handoff in waiting if _is_for(shop, handoff)]
        waiting = mine if len(mine) == 1 else waiting
    if len(waiting) == 1:
        return waiting[0]
    if waiting:
        lines = "\n  ".join(f"--handoff {handoff.id}: {name_handoff(shop, handoff)}" for handoff in waiting)
        raise WrongUsageError(
            _("Case {number} has {count} open hand-offs.", number=case.number, count=len(waiting)),
            remedy=_("Say which one:\n  {handoffs}", handoffs=lines),
        )
    ended = [h for h in list_case_handoffs(shop.database, case.number) if h.done_at is not None]
    if ended:
        raise too_late(shop, max(ended, key=lambda handoff: (handoff.done_at or "", handoff.id)))
    raise RefusedError(
        _("Case {number} has no open hand-off.", number=case.number),
        remedy=_("Ask a department: {command}", command=f"aftersales cases handoff {case.number} … --ask …"),
    )


def _is_for(shop: Shop, handoff: Handoff) -> bool:
    if handoff.assignee_id is not None and handoff.assignee_id == shop.agent.id:
        return True
    return department_of(shop, shop.agent) == handoff.department


def require_own(shop: Shop, handoff: Handoff) -> None:
    """Refuse an answer by the warehouse or a technician to what another department was asked."""
    if shop.agent.role not in _OWN_DEPARTMENT_ONLY or _is_for(shop, handoff):
        return
    raise RefusedError(
        _(
            "Hand-off {id} is a question to “{department}”, which {name} does not belong to.",
            id=handoff.id,
            department=shop.taxonomy("departments").label(handoff.department),
            name=shop.agent.name,
        ),
        remedy=_("Let that department or the service desk answer it."),
    )


def too_late(shop: Shop, handoff: Handoff) -> RefusedError:
    """Return the refusal for a hand-off somebody else ended or changed, which says who it was."""
    remedy = _("“aftersales cases show {number}” shows it.", number=handoff.case_number)
    if handoff.done_at is None:
        message = _("Hand-off {id} has been changed by somebody else.", id=handoff.id)
        return RefusedError(message, remedy=remedy)
    found = find_agent(shop.database, handoff.done_by)
    values = {
        "id": handoff.id,
        "name": found.name if found else handoff.done_by,
        "moment": local_text(handoff.done_at, shop.zone),
        "answer": handoff.answer,
    }
    if handoff.withdrawn:
        message = _("{name} withdrew hand-off {id} at {moment}.", **values)
    elif handoff.done_by == shop.agent.code:
        message = _("You answered hand-off {id} already, at {moment}: “{answer}”.", **values)
    else:
        message = _("{name} was faster: hand-off {id} was answered at {moment}: “{answer}”.", **values)
    return RefusedError(message, remedy=remedy)


def name_handoff(shop: Shop, handoff: Handoff) -> str:
    """Return a hand-off in a few words, e.g. ``3 (logistics): Where is it?``."""
    department = shop.taxonomy("departments").label(handoff.department)
    return f"{handoff.id} ({department}): {handoff.question}"
