"""Do what a row of the register asks for, with the desk's own operations."""

import re
from dataclasses import dataclass
from datetime import datetime

from aftersales_cli.desk.answering import hear_customer, note_case, reply_case
from aftersales_cli.desk.assigning import assign_case
from aftersales_cli.desk.ending import cancel_case, close_case, confirm_case, resolve_case
from aftersales_cli.desk.escalating import escalate_case
from aftersales_cli.desk.finding import find_order
from aftersales_cli.desk.handing_off import hand_off
from aftersales_cli.desk.moments import check_moment
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.register_form import CANCELLED, CONFIRM, ESCALATE, HANDOFF
from aftersales_cli.desk.register_rows import Wanted, blaming, read_moment
from aftersales_cli.desk.resolutions import CAUSE_OPTIONAL
from aftersales_cli.desk.steps import check_case_moment, require_case
from aftersales_cli.desk.triage import triage_case
from aftersales_cli.desk.waiting import resume_case, wait_case
from aftersales_cli.desk.working import work_on_case
from aftersales_cli.language import _
from aftersales_cli.reading.form_rows import CellError, FilledRow
from aftersales_cli.reading.whole_rows import WrongCells
from aftersales_cli.records.cases import OPEN_STATUSES, Case
from aftersales_cli.records.shops import Storefront
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import require_storefront

_DESTROYED = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_ENDING = ("resolved", "closed")


@dataclass(frozen=True)
class NewCase:
    """What only a row for a new case says."""

    said: str
    order: str
    customer: str
    channel: str
    storefront: str
    """Code of a storefront, ``""`` for none."""
    opened_at: datetime | None


def read_new_case(shop: Shop, row: FilledRow, wrong: WrongCells) -> NewCase:
    """Read the cells that only a row for a new case has; the wrong ones are noted in ``wrong``."""
    opened_at, channel, storefront = None, "", None
    said, order = row.text("said"), row.text("order")
    with wrong.noting():
        if not said:
            raise CellError(
                "said", _("Write down what the customer said; without that there is no new case.")
            )
    with wrong.noting(), blaming("opened"):
        opened_at = read_moment(shop, row, "opened")
        check_moment(opened_at, now=shop.now, earliest=None, zone=shop.zone)
    with wrong.noting():
        channel = row.word("channel", shop.taxonomy("channels"))
    with wrong.noting():
        storefront = _read_storefront(shop, row)
        # Without its storefront a wrong order number cannot be told from one whose file is still to come.
        _check_order(shop, order, storefront)
    code = storefront.code if storefront else ""
    return NewCase(said, order, row.text("customer"), channel, code, opened_at)


def _read_storefront(shop: Shop, row: FilledRow) -> Storefront | None:
    with blaming("storefront"):
        return require_storefront(shop, text) if (text := row.text("storefront")) else None


def _check_order(shop: Shop, order: str, storefront: Storefront | None) -> None:
    if _DESTROYED.fullmatch(order):
        raise CellError(
            "order",
            _(
                "The spreadsheet has destroyed the order number: write it again into a cell formatted as text."
            ),
        )
    with blaming("order"):
        if order:
            find_order(shop, order, storefront)


def open_from_row(shop: Shop, new: NewCase, wanted: Wanted, *, worker: str) -> tuple[int, Wanted]:
    """Open the case a row for a new one describes; return its number and what is left to do.

    ``worker`` is the code of the employee whose sheet it is, ``""`` for none. Raises CellError.
    """
    with blaming("customer"):
        case = open_case(
            shop,
            kind=wanted.kind,
            say=new.said,
            order=new.order,
            channel=new.channel or "platform_chat",
            customer=new.customer,
            reason=wanted.reason,
            storefront=new.storefront,
            assignee=wanted.assignee or worker,
            at=new.opened_at,
        )
    return case.number, wanted.without("kind", "reason", "assignee")


def take_steps(
    shop: Shop, assigner: Shop, number: int, wanted: Wanted, *, question: str, reason: str
) -> None:
    """Do what is asked for, in the order in which it would have happened at the desk.

    ``assigner`` is the shop as whoever gives the case to somebody acts in it; ``question`` is the whole note, for
    a hand-off, ``reason`` the whole reason, for a solution. Raises CellError.
    """
    _check(shop, number, wanted, question)
    if wanted.kind or (wanted.reason and not _ends(wanted)):
        with blaming("kind" if wanted.kind else "reason"):
            triage_case(shop, number, kind=wanted.kind, reason="" if _ends(wanted) else wanted.reason)
    if wanted.assignee:
        with blaming("assignee"):
            assign_case(assigner, number, wanted.assignee)
    _write_down(shop, number, wanted)
    if wanted.status or wanted.step == CONFIRM:
        _set_status(shop, number, wanted, reason)
    if wanted.step:
        _take_next_step(shop, number, wanted, question)


def _ends(wanted: Wanted) -> bool:
    return wanted.status in _ENDING or wanted.step == CONFIRM


def _check(shop: Shop, number: int, wanted: Wanted, question: str) -> None:
    case = require_case(shop, number)
    wrong = WrongCells()
    with wrong.noting(), blaming("at"):
        check_case_moment(shop, case, wanted.at)
    with wrong.noting():
        if wanted.step.startswith(HANDOFF) and not question:
            raise CellError("note", _("Write the question to the department into the note."))
    with wrong.noting():
        _check_cause(case, wanted)
    wrong.tell()


def _check_cause(case: Case, wanted: Wanted) -> None:
    if wanted.cause and not _ends(wanted):
        raise CellError(
            "cause", _("The cause is kept when a case is solved: choose that as the new status, too.")
        )
    solves = _ends(wanted) and case.status in OPEN_STATUSES
    if solves and not (wanted.cause or case.cause) and (wanted.kind or case.kind) not in CAUSE_OPTIONAL:
        raise CellError(
            "cause", _("The cause is missing: a case of this kind can be resolved only when it is known.")
        )


def _write_down(shop: Shop, number: int, wanted: Wanted) -> None:
    minutes = wanted.minutes
    if wanted.heard:
        with blaming("heard"):
            hear_customer(shop, number, wanted.heard, at=wanted.at)
    if wanted.reply:
        with blaming("reply"):
            reply_case(shop, number, wanted.reply, minutes=minutes, at=wanted.at)
        minutes = None
    # The question to a department stands in its hand-off, what is told upwards with the step.
    if wanted.note and not (wanted.step == ESCALATE or wanted.step.startswith(HANDOFF)):
        with blaming("note"):
            note_case(shop, number, wanted.note, minutes=minutes, at=wanted.at)
        minutes = None
    if minutes:
        with blaming("minutes"):
            work_on_case(shop, number, minutes, at=wanted.at)


def _set_status(shop: Shop, number: int, wanted: Wanted, reason: str) -> None:
    with blaming("status" if wanted.status else "step"):
        if wanted.status == "in_progress":
            resume_case(shop, number, at=wanted.at, repeat=True)
        elif wanted.status.startswith("waiting_"):
            wait_case(shop, number, wanted.status.removeprefix("waiting_"), at=wanted.at, repeat=True)
        elif wanted.status.startswith(CANCELLED):
            cancel_case(shop, number, wanted.status.removeprefix(CANCELLED), at=wanted.at)
        elif require_case(shop, number).status not in _ENDING:
            resolve_case(shop, number, cause=wanted.cause, reason=reason, at=wanted.at)
        # What the customer confirms is closed by that.
        if wanted.status == "closed" and wanted.step != CONFIRM:
            close_case(shop, number, at=wanted.at)


def _take_next_step(shop: Shop, number: int, wanted: Wanted, question: str) -> None:
    with blaming("step"):
        if wanted.step == CONFIRM:
            confirm_case(shop, number, at=wanted.at, repeat=True)
        elif wanted.step == ESCALATE:
            escalate_case(shop, number, note=wanted.note, at=wanted.at)
        else:
            hand_off(shop, number, wanted.step.removeprefix(HANDOFF), ask=question, at=wanted.at)
