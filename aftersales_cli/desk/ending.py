"""Resolve, close, cancel and reopen a case."""

from datetime import datetime, timedelta

from aftersales_cli.clock import local_day, local_text
from aftersales_cli.database.cases import find_last_reopening
from aftersales_cli.desk.assigning import take_if_free
from aftersales_cli.desk.resolutions import choose_cause, default_resolution, find_fault
from aftersales_cli.desk.steps import check_case_moment, require_case, require_path, take_step
from aftersales_cli.errors import RefusedError
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
    at: datetime | None = None,
) -> Case:
    """Record that a case is solved; words are codes in either language.

    The resolution defaults by kind, the cause to the one known before. Raises RefusedError if the cause is
    needed and missing or the state forbids it, WrongUsageError, NotFoundError.
    """
    with shop.writing("cases.resolve", f"case:{number}"):
        case = require_case(shop, number)
        require_path(shop, case, "resolve")
        moment = check_case_moment(shop, case, at, earliest=find_last_reopening(shop.database, number))
        causes = shop.taxonomy("causes")
        cause_code = choose_cause(case.kind, cause, case.cause, causes)
        changes: dict[str, object] = {
            "resolution": shop.taxonomy("resolutions").resolve(resolution)
            if resolution
            else default_resolution(case.kind),
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
        return take_step(shop, case, "resolve", at=moment, changes=changes, note=note)


def close_case(shop: Shop, number: int, *, note: str = "", at: datetime | None = None) -> Case:
    """Close a resolved case for good. Raises RefusedError, WrongUsageError, NotFoundError."""
    with shop.writing("cases.close", f"case:{number}"):
        case = require_case(shop, number)
        require_path(shop, case, "close")
        moment = check_case_moment(shop, case, at, earliest=case.resolved_at)
        return take_step(shop, case, "close", at=moment, changes={"closed_at": moment}, note=note)


def cancel_case(shop: Shop, number: int, reason: str, *, note: str = "", at: datetime | None = None) -> Case:
    """Take an open case out of the work; ``closed_at`` says since when.

    Cancelled as spam, test or duplicate it counts in no figure. Raises RefusedError, WrongUsageError,
    NotFoundError.
    """
    with shop.writing("cases.cancel", f"case:{number}"):
        case = require_case(shop, number)
        require_path(shop, case, "cancel")
        moment = check_case_moment(shop, case, at, earliest=find_last_reopening(shop.database, number))
        changes: dict[str, object] = {
            "cancel_reason": shop.taxonomy("cancel_reasons").resolve(reason),
            "closed_at": moment,
        }
        return take_step(shop, case, "cancel", at=moment, changes=changes, note=note)


def reopen_case(shop: Shop, number: int, *, reason: str = "", at: datetime | None = None) -> Case:
    """Take up a resolved or closed case again; its events keep how and when it had ended.

    A closed one needs a reason and must have been closed at most ``cases.reopen_days`` ago, else RefusedError
    proposes a new case. Raises WrongUsageError and NotFoundError, too.
    """
    with shop.writing("cases.reopen", f"case:{number}"):
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
            "reopen_count": case.reopen_count + 1,
        }
        return take_step(shop, case, "reopen", at=moment, changes=changes, note=reason)


def _require_reopenable(shop: Shop, case: Case, reason: str, *, ended_at: str, moment: str) -> None:
    days = shop.settings.cases.reopen_days
    if local_day(moment, shop.zone) > local_day(ended_at, shop.zone) + timedelta(days=days):
        order = f" --order {case.order_external_id}" if case.order_external_id else ""
        raise RefusedError(
            _(
                "Case {number} was closed at {moment}, more than {days} days ago, and stays closed.",
                number=case.number,
                moment=local_text(ended_at, shop.zone),
                days=days,
            ),
            remedy=_(
                "Open a new case: {command}",
                command=f"aftersales cases open{order} --kind {case.kind} --say …",
            ),
        )
    if not reason.strip():
        raise RefusedError(
            _("Case {number} is closed; it is reopened only with a reason.", number=case.number),
            remedy=_("Add --reason with what happened."),
        )
