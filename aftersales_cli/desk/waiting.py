"""Let a case wait for somebody, and take it up again."""

from datetime import datetime

from aftersales_cli.clock import local_text, to_text
from aftersales_cli.desk.assigning import take_if_free
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.steps import (
    check_case_moment,
    record_event,
    refuse_repetition,
    require_case,
    require_path,
    take_step,
)
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.cases import Case
from aftersales_cli.shop import Shop

WHOM = ("customer", "internal", "platform")
"""Whom a case can wait for: the customer, somebody of ours, the marketplace."""


def wait_case(
    shop: Shop,
    number: int,
    whom: str,
    *,
    note: str = "",
    until: datetime | None = None,
    at: datetime | None = None,
    repeat: bool = False,
) -> Case:
    """Let a case wait for one of ``WHOM``; until when is kept as an event and decides when it counts as stuck.

    Waiting already, it only takes the note and the moment; with neither RefusedError says who was faster, unless
    ``repeat`` lets that pass. Raises RefusedError, WrongUsageError, NotFoundError.
    """
    with changing(shop, "cases.wait", number):
        case = require_case(shop, number)
        path = require_path(shop, case, f"wait_{whom}")
        moment = check_case_moment(shop, case, at)
        _check_until(shop, until, moment)
        if not (path or note or until or repeat) and case.assignee_id is not None:
            refuse_repetition(shop, case)
        case = take_if_free(shop, case, at=moment)
        case = take_step(shop, case, f"wait_{whom}", at=moment, note=note)
        if not path and note:
            record_event(shop, number, "noted", at=moment, note=note)
        if until is not None:
            record_event(shop, number, "waits_until", at=moment, field="until", after=to_text(until))
        return case


def resume_case(
    shop: Shop, number: int, *, note: str = "", at: datetime | None = None, repeat: bool = False
) -> Case:
    """Go on with a case that waited, or begin with a new one.

    If somebody works on it already, RefusedError says who was faster, unless ``repeat`` lets that pass.
    Raises RefusedError, WrongUsageError, NotFoundError.
    """
    with changing(shop, "cases.resume", number):
        case = require_case(shop, number)
        path = require_path(shop, case, "resume")
        moment = check_case_moment(shop, case, at)
        if not (path or repeat) and case.assignee_id is not None:
            refuse_repetition(shop, case)
        case = take_if_free(shop, case, at=moment)
        return take_step(shop, case, "resume", at=moment, note=note)


def _check_until(shop: Shop, until: datetime | None, moment: str) -> None:
    if until is not None and to_text(until) <= moment:
        raise WrongUsageError(
            _("{moment} (--until) is over already.", moment=local_text(to_text(until), shop.zone)),
            remedy=_("Give the day or moment until which the case is to wait, or leave --until out."),
        )
