"""Ask another department, and take its answer."""

from datetime import datetime

from aftersales_cli.access import ALLOWED, ROLE_NAMES
from aftersales_cli.clock import from_text, local_text, to_text
from aftersales_cli.database.handoffs import end_handoff, get_handoff, insert_handoff, move_handoff
from aftersales_cli.desk.assigning import take_if_free
from aftersales_cli.desk.calendars import open_calendars
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.handoff_choice import (
    choose_handoff,
    name_handoff,
    open_handoffs,
    require_handoff,
    require_own,
    too_late,
)
from aftersales_cli.desk.steps import check_case_moment, record_event, require_case, require_path, take_step
from aftersales_cli.desk.words import require_text
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.cases import Case
from aftersales_cli.records.desk import Handoff
from aftersales_cli.records.shops import Agent
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import require_agent
from aftersales_cli.worktime import WALL, due_moment

_HOUR = 3600
_CALENDAR = "business"
"""The calendar answers of other departments are due by."""


def hand_off(
    shop: Shop,
    number: int,
    department: str,
    *,
    ask: str,
    to: str = "",
    due: datetime | None = None,
    at: datetime | None = None,
) -> Handoff:
    """Ask a department, or one employee of it, and let the case wait for the answer.

    ``due`` defaults to ``cases.handoff_hours`` of working time. Raises WrongUsageError, NotFoundError and
    RefusedError.
    """
    with changing(shop, "cases.handoff", number) as writing:
        case = require_case(shop, number)
        require_path(shop, case, "handoff")
        code = shop.taxonomy("departments").resolve(department)
        require_text(ask)
        assignee = _require_answerer(shop, to) if to else None
        moment = check_case_moment(shop, case, at)
        case = take_if_free(shop, case, at=moment)
        handoff_id = insert_handoff(
            shop.database,
            number,
            department=code,
            assignee_id=assignee.id if assignee else None,
            question=ask.strip(),
            asked_at=moment,
            asked_by=shop.agent.code,
            due_at=_due(shop, moment, due),
        )
        writing.touch("handoff", handoff_id)
        record_event(shop, number, "handed_off", at=moment, field="department", after=code, note=ask.strip())
        if case.status != "waiting_internal":
            take_step(shop, case, "wait_internal", at=moment)
        return require_handoff(shop, case, handoff_id)


def answer_handoff(
    shop: Shop,
    number: int,
    answer: str,
    *,
    handoff_id: int | None = None,
    at: datetime | None = None,
    expected_revision: int | None = None,
) -> Handoff:
    """Record a department's answer; with the last open one the case is taken up again.

    Without ``handoff_id`` the only open one is meant, else that of the acting employee's department.
    ``expected_revision`` is that of the list the answer was written on. Raises RefusedError naming who was
    faster, or if it is not for this employee to answer; WrongUsageError, NotFoundError.
    """
    require_text(answer)
    with changing(shop, "cases.answer_handoff", number) as writing:
        case = require_case(shop, number)
        handoff = choose_handoff(shop, case, handoff_id)
        require_own(shop, handoff)
        if expected_revision is not None and handoff.revision != expected_revision:
            raise too_late(shop, handoff)
        done = _end(shop, case, handoff, "handoff_answered", text=answer.strip(), at=at)
        writing.touch("handoff", handoff.id)
        return done


def withdraw_handoff(
    shop: Shop, number: int, *, note: str = "", handoff_id: int | None = None, at: datetime | None = None
) -> Handoff:
    """Take a question back that needs no answer any more; errors as ``answer_handoff``."""
    with changing(shop, "cases.withdraw_handoff", number) as writing:
        case = require_case(shop, number)
        handoff = choose_handoff(shop, case, handoff_id)
        if handoff.asked_by != shop.agent.code:
            require_own(shop, handoff)
        done = _end(shop, case, handoff, "handoff_withdrawn", text=note.strip(), at=at)
        writing.touch("handoff", handoff.id)
        return done


def require_all_answered(shop: Shop, case: Case) -> None:
    """Refuse to solve a case while a department still works on a question, naming all of them.

    The question is not taken back silently: somebody would go on looking for a parcel nobody misses.
    """
    waiting = open_handoffs(shop, case.number)
    if not waiting:
        return
    names = "; ".join(name_handoff(shop, handoff) for handoff in waiting)
    command = f"aftersales cases handoff {case.number}"
    raise RefusedError(
        _("Case {number} still waits for answers: {handoffs}.", number=case.number, handoffs=names),
        remedy=_(
            "Record the answer with {command} --answer “…”, or take the question back with {command} "
            "--withdraw; --handoff ID says which.",
            command=command,
        ),
    )


def withdraw_all(shop: Shop, case: Case, *, at: str) -> None:
    """Take every open question of a case back, since the case ends without them. Inside ``writing``."""
    for handoff in open_handoffs(shop, case.number):
        _store_end(shop, handoff, "handoff_withdrawn", text="", at=max(at, handoff.asked_at))


def move_open_handoffs(shop: Shop, case: Case, into: int, *, at: str) -> None:
    """Let the open questions of a case that is merged go on with the other one. Inside ``writing``."""
    for handoff in open_handoffs(shop, case.number):
        move_handoff(shop.database, handoff.id, case_number=into)
        department = handoff.department
        record_event(shop, case.number, "handoff_moved", at=at, field="department", after=department)
        note = handoff.question
        record_event(shop, into, "handed_off", at=at, field="department", after=department, note=note)


def _require_answerer(shop: Shop, word: str) -> Agent:
    agent = require_agent(shop, word)
    if agent.role not in ALLOWED["cases.answer_handoff"]:
        role = _(ROLE_NAMES[agent.role])
        raise RefusedError(
            _("{name} is a {role} and cannot answer a hand-off.", name=agent.name, role=role),
            remedy=_("“aftersales team list” shows the employees and their roles."),
        )
    return agent


def _due(shop: Shop, asked_at: str, given: datetime | None) -> str:
    if given is None:
        return _default_due(shop, asked_at)
    if to_text(given) <= asked_at:
        raise WrongUsageError(
            _(
                "The answer cannot be due at {due}: the question is asked at {asked}.",
                due=local_text(to_text(given), shop.zone),
                asked=local_text(asked_at, shop.zone),
            ),
            remedy=_("Give a later time with --due, or leave it out."),
        )
    return to_text(given)


def _default_due(shop: Shop, asked_at: str) -> str:
    seconds = shop.settings.cases.handoff_hours * _HOUR
    calendars = open_calendars(shop)
    calendar = calendars.get(_CALENDAR if _CALENDAR in calendars.specs else WALL.name)
    due = due_moment(calendar, from_text(asked_at), seconds)
    assert due is not None, "only an open pause holds it"
    return to_text(due)


def _end(shop: Shop, case: Case, handoff: Handoff, event: str, *, text: str, at: datetime | None) -> Handoff:
    moment = check_case_moment(shop, case, at, earliest=handoff.asked_at)
    _store_end(shop, handoff, event, text=text, at=moment)
    if case.status == "waiting_internal" and not open_handoffs(shop, case.number):
        take_step(shop, case, "resume", at=moment)
    return require_handoff(shop, case, handoff.id)


def _store_end(shop: Shop, handoff: Handoff, event: str, *, text: str, at: str) -> None:
    stored = end_handoff(
        shop.database,
        handoff.id,
        revision=handoff.revision,
        done_at=at,
        done_by=shop.agent.code,
        answer=text,
        withdrawn=event == "handoff_withdrawn",
    )
    if not stored:
        raise too_late(shop, get_handoff(shop.database, handoff.id) or handoff)
    record_event(
        shop,
        handoff.case_number,
        event,
        at=at,
        field="department",
        after=handoff.department,
        note=text,
    )
