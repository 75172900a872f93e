"""Resolve, close, cancel and reopen a case."""

from datetime import datetime, timedelta

from aftersales_cli import access
from aftersales_cli.clock import local_day, local_text
from aftersales_cli.database.cases import find_last_reopening, list_case_events
from aftersales_cli.desk.answer_rule import require_answer
from aftersales_cli.desk.assigning import take_if_free
from aftersales_cli.desk.changing import changing, other_worker
from aftersales_cli.desk.handing_off import require_all_answered, withdraw_all
from aftersales_cli.desk.resolutions import choose_cause, default_resolution, find_fault
from aftersales_cli.desk.returns.case_ends import close_requests, refused_resolution, require_ends
from aftersales_cli.desk.steps import (
    already_done,
    check_case_moment,
    record_event,
    require_case,
    require_path,
    take_step,
)
from aftersales_cli.desk.working import record_minutes
from aftersales_cli.errors import NotAllowedError, RefusedError
from aftersales_cli.language import _
from aftersales_cli.records.cases import Case
from aftersales_cli.shop import Shop


def resolve_case(
    shop: Shop,
    number: int,
    *,
    resolution: str = "",
    cause: str = "",
    reason: str = "",
    note: str = "",
    minutes: int | None = None,
    at: datetime | None = None,
) -> Case:
    """Record that a case is solved; words are codes in either language; ``minutes`` are the work it took.

    The resolution defaults by kind, the cause to the one known before. Raises RefusedError if the cause is
    needed and missing or the state forbids it, WrongUsageError, NotFoundError.
    """
    with changing(shop, "cases.resolve", number):
        case = require_case(shop, number)
        require_path(shop, case, "resolve")
        require_all_answered(shop, case)
        require_ends(shop, case)
        moment = check_case_moment(shop, case, at, earliest=find_last_reopening(shop.database, number))
        causes = shop.taxonomy("causes")
        cause_code = choose_cause(case.kind, cause, case.cause, causes)
        require_answer(shop, case)
        changes: dict[str, object] = {
            "resolution": shop.taxonomy("resolutions").resolve(resolution)
            if resolution
            else refused_resolution(shop, case) or default_resolution(case.kind),
            "cause": cause_code,
            "fault": find_fault(cause_code, causes),
            "reason_final": shop.taxonomy("reasons").resolve(reason)
            if reason
            else case.reason_final or case.reason_first,
            "resolved_at": moment,
            "resolved_on": local_day(moment, shop.zone).isoformat(),
        }
        # Who solves a case nobody had taken counts as the one who worked on it.
        case = take_if_free(shop, case, at=moment)
        record_minutes(shop, number, minutes, at=moment)
        close_requests(shop, case, at=moment)
        return take_step(shop, case, "resolve", at=moment, changes=changes, note=note)


def close_case(shop: Shop, number: int, *, note: str = "", at: datetime | None = None) -> Case:
    """Close a resolved case for good. Raises RefusedError, WrongUsageError, NotFoundError."""
    with changing(shop, "cases.close", number):
        case = require_case(shop, number)
        require_path(shop, case, "close")
        _require_may_end(shop, case)
        moment = check_case_moment(shop, case, at, earliest=case.resolved_at)
        return take_step(shop, case, "close", at=moment, changes={"closed_at": moment}, note=note)


def confirm_case(
    shop: Shop, number: int, *, note: str = "", at: datetime | None = None, repeat: bool = False
) -> Case:
    """Record that the customer says it is solved, which closes a resolved case.

    There is one such word: of a second RefusedError says who was faster, unless ``repeat`` lets it pass. Raises RefusedError, WrongUsageError, NotFoundError.
    """
    with changing(shop, "cases.confirm", number):
        case = require_case(shop, number)
        path = require_path(shop, case, "confirm")
        moment = check_case_moment(shop, case, at, earliest=case.resolved_at)
        if not path and case.confirmed_at:
            if not repeat:
                _refuse_second_word(shop, case)
            return case
        changes: dict[str, object] = {"confirmed_at": moment, "closed_at": moment if path else case.closed_at}
        case = take_step(shop, case, "confirm", at=moment, changes=changes, note=note)
        if not path:
            record_event(shop, number, "confirmed", at=moment, note=note)
        return case


def cancel_case(shop: Shop, number: int, reason: str, *, note: str = "", at: datetime | None = None) -> Case:
    """Take an open case out of the work; ``closed_at`` says since when.

    Cancelled as spam, test or duplicate it counts in no figure. Raises RefusedError, WrongUsageError,
    NotFoundError.
    """
    with changing(shop, "cases.cancel", number):
        case = require_case(shop, number)
        require_path(shop, case, "cancel")
        _require_may_end(shop, case)
        moment = check_case_moment(shop, case, at, earliest=find_last_reopening(shop.database, number))
        changes: dict[str, object] = {
            "cancel_reason": shop.taxonomy("cancel_reasons").resolve(reason),
            "closed_at": moment,
        }
        require_ends(shop, case)
        withdraw_all(shop, case, at=moment)
        return take_step(shop, case, "cancel", at=moment, changes=changes, note=note)


def reopen_case(shop: Shop, number: int, *, reason: str = "", at: datetime | None = None) -> Case:
    """Take up a resolved or closed case again; its events keep how and when it had ended.

    A closed one needs a reason and must have been closed at most ``cases.reopen_days`` ago, else RefusedError
    proposes a follow-up case. Raises WrongUsageError and NotFoundError, too.
    """
    with changing(shop, "cases.reopen", number):
        case = require_case(shop, number)
        require_path(shop, case, "reopen")
        ended_at = case.closed_at or case.resolved_at
        moment = check_case_moment(shop, case, at, earliest=ended_at)
        if case.status == "closed":
            _require_reopenable(shop, case, reason, ended_at=ended_at or case.opened_at, moment=moment)
        changes: dict[str, object] = {
            "resolution": "",
            "resolved_at": None,
            "resolved_on": None,
            "closed_at": None,
            "confirmed_at": None,
            "archived_at": None,
            "reopen_count": case.reopen_count + 1,
        }
        return take_step(shop, case, "reopen", at=moment, changes=changes, note=reason)


def _refuse_second_word(shop: Shop, case: Case) -> None:
    for event in reversed(list_case_events(shop.database, case.number)):
        if event.type == "confirmed":
            raise already_done(shop, case, actor=event.actor, at=event.at)


def _require_may_end(shop: Shop, case: Case) -> None:
    """Refuse to end somebody else's complaint without the customer's word, unless the role may."""
    worker = other_worker(shop, case) if case.kind == "complaint" else None
    if worker is None:
        return
    try:
        access.require("cases.end_complaint", shop.agent.role)
    except NotAllowedError as error:
        raise NotAllowedError(
            error.operation,
            _(
                "Case {number} is a complaint {name} works on; only {name} or those in charge can end it.",
                number=case.number,
                name=worker.name,
            ),
            remedy=_(
                "If the customer says that it is solved: {command}",
                command=f"aftersales cases confirm {case.number}",
            ),
        ) from error


def _require_reopenable(shop: Shop, case: Case, reason: str, *, ended_at: str, moment: str) -> None:
    days = shop.settings.cases.reopen_days
    if local_day(moment, shop.zone) > local_day(ended_at, shop.zone) + timedelta(days=days):
        raise RefusedError(
            _(
                "Case {number} was closed at {moment}, more than {days} days ago, and stays closed.",
                number=case.number,
                moment=local_text(ended_at, shop.zone),
                days=days,
            ),
            remedy=_(
                "Open a new case of the same order and customer, tied to this one: {command}",
                command=f"aftersales cases reopen {case.number} --follow-up --reason …",
            ),
        )
    if not reason.strip():
        raise RefusedError(
            _("Case {number} is closed; it is reopened only with a reason.", number=case.number),
            remedy=_("Add --reason with what happened."),
        )
