"""Answer many complaints with one cause together: an incident with a lead and its cases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aftersales_cli.clock import local_text
from aftersales_cli.database.cases import change_case, list_case_messages
from aftersales_cli.database.incidents import (
    end_incident,
    get_incident,
    insert_incident,
    list_members,
    set_incident_lead,
)
from aftersales_cli.desk.answering import Reply, reply_case
from aftersales_cli.desk.assigning import require_worker
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.incident_finding import find_suggestion, shared_product, shared_reason
from aftersales_cli.desk.steps import record_event, require_case
from aftersales_cli.errors import NotFoundError, RefusedError
from aftersales_cli.language import _
from aftersales_cli.records.cases import OPEN_STATUSES, Case
from aftersales_cli.records.desk import Incident
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class AnsweredIncident:
    """The same answer on record for every open case of an incident."""

    incident: Incident
    replies: list[Reply]
    already: list[int]
    """Open cases that had this very answer and got no second one."""


def open_incident(
    shop: Shop,
    *,
    product: str = "",
    reason: str = "",
    numbers: Sequence[int] = (),
    title: str = "",
    lead: str = "",
    note: str = "",
) -> Incident:
    """Group cases under a new incident: those given, else those suggested for a product and a reason.

    ``product`` is a product's number or title. Raises RefusedError, WrongUsageError, NotFoundError.
    """
    with shop.writing("cases.open_incident") as writing:
        code = shop.taxonomy("reasons").resolve(reason) if reason else ""
        found = None if numbers else find_suggestion(shop, product, code)
        members = tuple(dict.fromkeys(numbers or (found.numbers if found else ())))
        sku, name = (found.sku, found.product) if found else shared_product(shop, members, product)
        code = code or shared_reason(shop, members)
        leader = require_worker(shop, lead) if lead else None
        incident_id = insert_incident(
            shop.database,
            title=title.strip(),
            sku=sku,
            product=name,
            reason=code,
            lead_id=leader.id if leader else None,
            note=note.strip(),
            opened_at=shop.stamp,
        )
        writing.touch("incident", incident_id)
        for number in members:
            _join(shop, incident_id, number)
        return require_incident(shop, incident_id)


def change_incident(
    shop: Shop,
    incident_id: int,
    *,
    add: Sequence[int] = (),
    remove: Sequence[int] = (),
    lead: str = "",
) -> Incident:
    """Take cases into an open incident or out of it, and say who leads it. Errors as ``open_incident``."""
    with shop.writing("cases.change_incident") as writing:
        incident = _require_open(shop, incident_id)
        writing.touch("incident", incident_id)
        for number in dict.fromkeys(add):
            _join(shop, incident_id, number)
        for number in dict.fromkeys(remove):
            _leave(shop, incident, number)
        if lead:
            set_incident_lead(shop.database, incident_id, lead_id=require_worker(shop, lead).id)
        return require_incident(shop, incident_id)


def answer_incident(
    shop: Shop, incident_id: int, text: str = "", *, text_for: Callable[[Shop, int], str] | None = None
) -> AnsweredIncident:
    """Record one answer on every open case of an incident, all or none; sending it remains to be done.

    A case on which an employee has said exactly this already is left out.
    ``text_for`` returns the text for one case where it differs, e.g. a template filled in. Raises
    RefusedError if no case is open, WrongUsageError for an empty text.
    """
    with shop.writing("cases.answer_incident") as writing:
        incident = _require_open(shop, incident_id)
        writing.touch("incident", incident_id)
        waiting = [case for case in list_members(shop.database, incident_id) if case.status in OPEN_STATUSES]
        if not waiting:
            raise RefusedError(
                _("No case of incident {id} is open.", id=incident_id),
                remedy=_("Close it: aftersales cases incidents close {id}", id=incident_id),
            )
        texts = {case.number: text_for(shop, case.number) if text_for else text for case in waiting}
        already = [number for number, said in texts.items() if _has_said(shop, number, said)]
        replies = [reply_case(shop, number, said) for number, said in texts.items() if number not in already]
        return AnsweredIncident(incident, replies, already)


def _has_said(shop: Shop, number: int, text: str) -> bool:
    return any(
        message.author_type == "agent" and message.body.strip() == text.strip()
        for message in list_case_messages(shop.database, number)
    )


def close_incident(shop: Shop, incident_id: int, *, note: str = "") -> Incident:
    """Close an incident; its cases go on by themselves and stay its members. Raises RefusedError, NotFoundError."""
    with shop.writing("cases.close_incident") as writing:
        _require_open(shop, incident_id)
        end_incident(shop.database, incident_id, closed_at=shop.stamp, note=note.strip())
        writing.touch("incident", incident_id)
        return require_incident(shop, incident_id)


def require_incident(shop: Shop, incident_id: int) -> Incident:
    """Return the incident with this id; raises NotFoundError."""
    found = get_incident(shop.database, incident_id)
    if found is None:
        raise missing_incident(incident_id)
    return found


def missing_incident(incident_id: int) -> NotFoundError:
    """Return the error for an incident that does not exist."""
    return NotFoundError(
        _("There is no incident {id}.", id=incident_id),
        remedy=_("“aftersales cases incidents list --all” shows them."),
    )


def _require_open(shop: Shop, incident_id: int) -> Incident:
    incident = require_incident(shop, incident_id)
    if incident.closed_at is not None:
        raise RefusedError(
            _(
                "Incident {id} was closed at {moment}.",
                id=incident_id,
                moment=local_text(incident.closed_at, shop.zone),
            ),
            remedy=_("Open a new one: aftersales cases incidents open"),
        )
    return incident


def _join(shop: Shop, incident_id: int, number: int) -> None:
    case = require_case(shop, number)
    if case.incident_id == incident_id:
        return
    if case.status in {"merged", "cancelled"}:
        raise RefusedError(
            _(
                "Case {number} is “{status}” and cannot belong to an incident.",
                number=number,
                status=shop.taxonomy("case_statuses").label(case.status),
            ),
            remedy=_("Leave it out."),
        )
    if case.incident_id is not None:
        raise RefusedError(
            _("Case {number} belongs to incident {id} already.", number=number, id=case.incident_id),
            remedy=_(
                "Take it out first: aftersales cases incidents change {id} --remove {number}",
                id=case.incident_id,
                number=number,
            ),
        )
    _set_incident(shop, case, incident_id)


def _leave(shop: Shop, incident: Incident, number: int) -> None:
    case = require_case(shop, number)
    if case.incident_id != incident.id:
        raise RefusedError(
            _("Case {number} does not belong to incident {id}.", number=number, id=incident.id),
            remedy=_("“aftersales cases incidents show {id}” lists its cases.", id=incident.id),
        )
    _set_incident(shop, case, None)


def _set_incident(shop: Shop, case: Case, incident_id: int | None) -> None:
    with changing(shop, "cases.change_incident", case.number):
        changed = change_case(
            shop.database, case.number, expected=case.status, changes={"incident_id": incident_id}
        )
        assert changed, "read inside the same transaction"
        record_event(
            shop,
            case.number,
            "incident_left" if incident_id is None else "incident_joined",
            at=shop.stamp,
            field="incident",
            before=str(case.incident_id or ""),
            after=str(incident_id or ""),
        )
