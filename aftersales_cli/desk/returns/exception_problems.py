"""Take what was done about overdue refunds, lost parcels and differences, from the last sheet of the workbook."""

from collections.abc import Callable
from datetime import datetime

from aftersales_cli.database.cases import get_case
from aftersales_cli.database.refund_plans import get_plan, list_attempts, list_request_plans
from aftersales_cli.database.replacements import get_replacement
from aftersales_cli.database.return_exceptions import MOST_EVENTS
from aftersales_cli.database.return_parcels import get_parcel
from aftersales_cli.database.returns import get_request, get_return_line
from aftersales_cli.desk.answering import note_case
from aftersales_cli.desk.refunds.approving import approve_refund
from aftersales_cli.desk.refunds.composing import RefundAsk
from aftersales_cli.desk.refunds.paying import fail_refund, pay_refund, void_refund
from aftersales_cli.desk.refunds.planning import plan_refund
from aftersales_cli.desk.register_rows import blaming, read_moment
from aftersales_cli.desk.returns.exception_form import (
    ACTIONS,
    action_choices,
    actions_of,
    line_state,
    split_identity,
)
from aftersales_cli.desk.returns.exception_subjects import Subject, too_old
from aftersales_cli.desk.returns.replacing import ship_replacement, void_replacement
from aftersales_cli.desk.returns.withdrawing import withdraw_return
from aftersales_cli.language import _
from aftersales_cli.reading.form_rows import CellError, FilledRow
from aftersales_cli.shop import Shop

Do = Callable[[Shop, Subject, str, str, datetime | None], object]
"""Gets shop, subject, reference, note and moment."""

_DO: dict[str, Do] = {
    "refunded": lambda shop, plan, reference, note, at: pay_refund(
        shop, plan.id, reference=reference, done=True, note=note, at=at
    ),
    "handed_over": lambda shop, plan, _reference, note, at: pay_refund(shop, plan.id, note=note, at=at),
    "approve_refund": lambda shop, plan, _reference, note, at: approve_refund(
        shop, plan.id, note=note, at=at
    ),
    "refund_failed": lambda shop, plan, _reference, note, at: fail_refund(shop, plan.id, note=note, at=at),
    "void_refund": lambda shop, plan, _reference, note, at: void_refund(shop, plan.id, note=note, at=at),
    "plan_refund": lambda shop, request, _reference, note, at: plan_refund(
        shop, RefundAsk(request_id=request.id, reason=note), at=at
    ),
    "replacement_sent": lambda shop, sent, reference, _note, at: ship_replacement(
        shop, sent.id, number=reference, at=at
    ),
    "void_replacement": lambda shop, sent, _reference, note, _at: void_replacement(shop, sent.id, note=note),
    "withdraw": lambda shop, parcel, _reference, note, at: withdraw_return(
        shop, parcel.request_id or 0, note=note, at=at
    ),
}
_WITH_REFERENCE = ("refunded", "replacement_sent")
_NEED_NOTE = ("refund_failed",)


class ProblemSheet:
    """The sheet of what is overdue or does not fit; its numbers hold what it is and which thing it is about."""

    def find(self, shop: Shop, identity: int) -> Subject | None:
        """Return the plan, parcel, product, request, replacement or event."""
        found = split_identity(identity)
        return find_problem(shop, *found) if found else None

    def take(self, shop: Shop, row: FilledRow, subject: Subject, fresh: list[str], *, is_new: bool) -> bool:
        """Do what was chosen, or only keep the note."""
        action, note = row.word("action", action_choices()), row.text("note")
        reference = row.text("reference")
        if "action" not in fresh and "reference" not in fresh:
            with blaming("note"):
                note_case(shop, subject.case_number, note)
            return True
        if not action:
            raise CellError("action", _("Choose what was done; a reference alone says nothing."))
        _check(action, subject, reference=reference, note=note)
        if not is_new:
            raise too_old("action")
        with blaming("action"):
            _DO[action](shop, subject, reference, note, read_moment(shop, row, "at"))
        return True


def _check(action: str, subject: Subject, *, reference: str, note: str) -> None:
    if subject.code not in ACTIONS[action]:
        possible = ", ".join(actions_of(subject.code))
        raise CellError(
            "action",
            _("“{action}” does not go with this row.", action=action_choices().label(action))
            + " "
            + (_("Possible: {actions}", actions=possible) if possible else _("Write a note instead.")),
        )
    if reference and action not in _WITH_REFERENCE:
        raise CellError("reference", _("A reference goes with a payment or a parcel only."))
    if not note and action in _NEED_NOTE:
        raise CellError("note", _("Say in the note why the payment failed."))


def find_problem(shop: Shop, code: str, thing: int) -> Subject | None:
    """Return what a problem is about as it is now, None if there is no such thing."""
    find = _FINDERS.get(code, _find_plan)
    found = find(shop, thing)
    return Subject(thing, found[0], found[1], found[2], code) if found else None


Found = tuple[int, str, int | None] | None
"""Case, state and request of a thing."""


def _find_plan(shop: Shop, thing: int) -> Found:
    plan = get_plan(shop.database, thing)
    if plan is None:
        return None
    return plan.case_number, f"{plan.status} {len(list_attempts(shop.database, thing))}", plan.request_id


def _find_request(shop: Shop, thing: int) -> Found:
    request = get_request(shop.database, thing)
    if request is None:
        return None
    plans = [f"{plan.id}{plan.status}" for plan in list_request_plans(shop.database, thing)]
    return request.case_number, " ".join([request.status, *plans]), request.id


def _find_parcel(shop: Shop, thing: int) -> Found:
    parcel = get_parcel(shop.database, thing)
    return (parcel.case_number, parcel.status, parcel.request_id) if parcel else None


def _find_line(shop: Shop, thing: int) -> Found:
    line = get_return_line(shop.database, thing)
    request = get_request(shop.database, line.request_id) if line else None
    return (request.case_number, line_state(line), request.id) if line and request else None


def _find_event(shop: Shop, thing: int) -> Found:
    number = thing // MOST_EVENTS
    return (number, "", None) if get_case(shop.database, number) else None


def _find_replacement(shop: Shop, thing: int) -> Found:
    sent = get_replacement(shop.database, thing)
    return (sent.case_number, sent.status, sent.request_id) if sent else None


_FINDERS: dict[str, Callable[[Shop, int], Found]] = {
    "unplanned": _find_request,
    "mismatch_closed": _find_request,
    "double": _find_request,
    "lost": _find_parcel,
    "sent_back": _find_parcel,
    "overdue_parcel": _find_parcel,
    "short": _find_line,
    "not_granted": _find_line,
    "extra": _find_event,
    "overdue_replacement": _find_replacement,
}
"""How what a code is about is found; all others are about refund plans."""
