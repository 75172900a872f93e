"""Whether a row of the register still fits its case: what is so already, and what somebody else changed since."""

from aftersales_cli.clock import local_text
from aftersales_cli.database.agents import find_agent, get_agent
from aftersales_cli.database.cases import list_case_events, list_case_messages
from aftersales_cli.database.handoffs import list_case_handoffs
from aftersales_cli.desk.register_form import CANCELLED, CONFIRM, HANDOFF
from aftersales_cli.desk.register_rows import Wanted
from aftersales_cli.language import _
from aftersales_cli.reading.form_rows import CellError
from aftersales_cli.records.cases import Case, CaseEvent
from aftersales_cli.shop import Shop

_OVERWRITES = {
    "kind": {"kind"},
    "reason": {"reason_first", "reason_final"},
    "assignee": {"assignee"},
    "status": {"status"},
    "cause": {"cause", "status"},
    "step": {"status"},
}
"""Column → fields of a case it would overwrite. What is missing only adds something, which is never too late."""
_WORDS = {"heard": ("heard", "in"), "reply": ("replied", "out")}
"""Column → type of the event its words leave, and their direction."""
_TAXONOMIES = {
    "status": "case_statuses",
    "kind": "kinds",
    "reason_first": "reasons",
    "reason_final": "reasons",
    "cause": "causes",
}


def leave_out_settled(shop: Shop, case: Case, wanted: Wanted, known: int) -> Wanted:
    """Return what is left of a row when all is left out that the case has already.

    ``known`` is the last event the row knows of: words recorded after it may be the row's own.
    """
    events = _events_after(shop, case, known)
    settled = [name for name in wanted.columns() if _is_settled(shop, case, wanted, name, events)]
    rest = wanted.without(*settled)
    # Minutes cannot be compared: they go with what they were needed for.
    return rest.without("minutes") if settled and rest.columns() == ["minutes"] else rest


def refuse_overwriting(shop: Shop, case: Case, wanted: Wanted, known: int) -> None:
    """Raise CellError if the row would overwrite what came after it, saying who changed what."""
    events = _events_after(shop, case, known)
    for column in wanted.columns():
        fields = _OVERWRITES.get(column, set())
        newer = [event for event in events if event.field in fields]
        if newer:
            raise CellError(column, _explain(shop, case, newer[-1]))


def _events_after(shop: Shop, case: Case, known: int) -> list[CaseEvent]:
    return [event for event in list_case_events(shop.database, case.number) if event.seq > known]


def _is_settled(shop: Shop, case: Case, wanted: Wanted, column: str, events: list[CaseEvent]) -> bool:
    value = getattr(wanted, column)
    if column == "status":
        return _has_status(case, wanted.status)
    if column == "step":
        return _has_step(shop, case, wanted)
    if column == "assignee":
        worker = get_agent(shop.database, case.assignee_id) if case.assignee_id is not None else None
        return worker is not None and worker.code == value
    if column in _WORDS:
        return value in _words_since(shop, case, events, *_WORDS[column])
    if column == "note":
        return any(event.note == value for event in events)
    has = {"kind": case.kind, "reason": case.reason_final or case.reason_first, "cause": case.cause}
    return column in has and has[column] == value


def _words_since(
    shop: Shop, case: Case, events: list[CaseEvent], event_type: str, direction: str
) -> list[str]:
    """Return what was said since: as many of the last messages as there are events of that type."""
    count = sum(event.type == event_type for event in events)
    said = [
        entry.body for entry in list_case_messages(shop.database, case.number) if entry.direction == direction
    ]
    return said[-count:] if count else []


def _has_status(case: Case, wanted: str) -> bool:
    if wanted.startswith(CANCELLED):
        return case.status == "cancelled" and case.cancel_reason == wanted.removeprefix(CANCELLED)
    if wanted == "resolved":
        return case.status in {"resolved", "closed"}
    return case.status == wanted


def _has_step(shop: Shop, case: Case, wanted: Wanted) -> bool:
    if wanted.step == CONFIRM:
        return case.confirmed_at is not None
    if not wanted.step.startswith(HANDOFF):
        return False
    asked = (wanted.step.removeprefix(HANDOFF), wanted.note)
    return any(
        (entry.department, entry.question) == asked
        for entry in list_case_handoffs(shop.database, case.number)
    )


def _explain(shop: Shop, case: Case, event: CaseEvent) -> str:
    found = find_agent(shop.database, event.actor)
    return _(
        "{name} changed case {number} on {moment} from “{before}” to “{after}”. Look at a fresh register.",
        name=found.name if found else event.actor,
        moment=local_text(event.recorded_at, shop.zone),
        number=case.number,
        before=_label(shop, event.field, event.before),
        after=_label(shop, event.field, event.after),
    )


def _label(shop: Shop, field: str, value: str) -> str:
    if field == "assignee":
        found = find_agent(shop.database, value) if value else None
        return found.name if found else value or "–"
    return shop.taxonomy(_TAXONOMIES[field]).label(value)
