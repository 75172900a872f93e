"""Choose whom to call on a day: priority, one call per person, capacity, and who calls."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from aftersales_cli.customers.contact import Contact, ways_to_reach
from aftersales_cli.records.customers import CallbackCandidate, StandingCallback

PROMISED = 10
LOW_SCORE = 20
_GRAVE_COMPLAINT, _COMPLAINT, _URGENT, _HIGH, _OTHER = 25, 30, 40, 50, 60
_GRAVE = frozenset({"urgent", "L3", "L4"})
_SERIOUS = frozenset({"high", "L2"})

Person = tuple[str, object, object]
"""Who is called: the customer if known, else whoever placed the order, else whoever the case is about."""


@dataclass
class Selection:
    """Who is called, and how many are not and why."""

    chosen: list[CallbackCandidate] = field(default_factory=list)
    do_not_contact: int = 0
    unreachable: int = 0
    same_person: int = 0
    """Left for another day, since the person is called today already."""
    over_capacity: int = 0


def person_of(entry: CallbackCandidate | StandingCallback) -> Person:
    """Return what tells two people apart."""
    if entry.customer_id is not None:
        return ("customer", entry.customer_id, None)
    if entry.order_number:
        return ("order", entry.storefront_id, entry.order_number)
    return ("case", entry.case_number, None)


def priority_of(kind: str, severity: str) -> int:
    """Return the priority of a service follow-up; smaller is sooner."""
    if kind == "complaint":
        return _GRAVE_COMPLAINT if severity in _GRAVE else _COMPLAINT
    if severity in _GRAVE:
        return _URGENT
    return _HIGH if severity in _SERIOUS else _OTHER


def select_candidates(candidates: Iterable[CallbackCandidate], *, taken: set[Person], room: int) -> Selection:
    """Choose at most ``room`` candidates, most urgent and then oldest first; ``taken`` is called already."""
    selection, taken = Selection(), set(taken)
    for candidate in sorted(candidates, key=_urgency):
        if candidate.do_not_contact:
            selection.do_not_contact += 1
        elif not ways_to_reach(_contact_of(candidate)):
            selection.unreachable += 1
        elif (person := person_of(candidate)) in taken:
            selection.same_person += 1
        elif len(selection.chosen) >= room:
            selection.over_capacity += 1
        else:
            selection.chosen.append(candidate)
            taken.add(person)
    return selection


def _urgency(candidate: CallbackCandidate) -> tuple[int, str, int]:
    return priority_of(candidate.kind, candidate.severity), candidate.resolved_on, candidate.case_number


def _contact_of(candidate: CallbackCandidate) -> Contact:
    return Contact(candidate.platform, candidate.order_number, candidate.phone, candidate.email)


def find_doubles(standing: Iterable[StandingCallback]) -> list[StandingCallback]:
    """Return the open callbacks that must wait since the same person is called on that day anyhow.

    ``standing`` comes with those that keep their place first. What was promised never waits.
    """
    seen: set[Person] = set()
    doubles = []
    for entry in standing:
        person = person_of(entry)
        if person in seen and entry.status == "open" and entry.reason != "promised":
            doubles.append(entry)
        seen.add(person)
    return doubles


def choose_assignee(preferred: int | None, loads: dict[int, int], active: set[int]) -> int:
    """Return who calls: ``preferred`` while active, else whoever has least to do; counts the call in.

    ``loads`` maps the ids of those who share the calls to how many they have.
    """
    if preferred is not None and preferred in active:
        chosen = preferred
    else:
        chosen = min(loads, key=lambda agent_id: (loads[agent_id], agent_id))
    if chosen in loads:
        loads[chosen] += 1
    return chosen
