"""What decides whom to call first, and what tells two people apart. Rules only."""

from collections.abc import Iterable

from aftersales_cli.records.customers import StandingCallback
from aftersales_cli.records.plans import DueCustomer

PROMISED = 10
LOW_SCORE = 20
_GRAVE_COMPLAINT, _COMPLAINT, _URGENT, _HIGH, _OTHER = 0, 5, 15, 25, 35
_GRAVE = frozenset({"urgent", "L3", "L4"})
_SERIOUS = frozenset({"high", "L2"})

Person = tuple[str, object, object]
"""Who is called: the customer if known, else whoever placed the order, else whoever the case is about."""


def person_of(entry: DueCustomer | StandingCallback) -> Person:
    """Return what tells two people apart."""
    if entry.customer_id is not None:
        return ("customer", entry.customer_id, None)
    if entry.order_number:
        return ("order", entry.storefront_id, entry.order_number)
    return ("case", entry.case_number, None)


def priority_of(kind: str, severity: str) -> int:
    """Return what a case adds to the priority of its plan; smaller is sooner."""
    if kind == "complaint":
        return _GRAVE_COMPLAINT if severity in _GRAVE else _COMPLAINT
    if severity in _GRAVE:
        return _URGENT
    return _HIGH if severity in _SERIOUS else _OTHER


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
