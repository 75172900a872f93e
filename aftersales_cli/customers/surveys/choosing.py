"""Who may be asked, and who is drawn when not everybody can be: rules and lots without a database."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from aftersales_cli.customers.contact import Contact, ways_to_reach
from aftersales_cli.records.surveys import SurveyCandidate

REFUSALS = ("opted_out", "unreachable", "complaint", "asked_lately")
"""Why somebody is not asked; the first that holds is named."""


@dataclass(frozen=True)
class Gaps:
    """Days between surveys of one customer."""

    any_days: int
    """Between any two."""
    nps_days: int
    """Between two about recommending the shop."""


@dataclass
class Eligible:
    """Who may be asked, and how many may not and why."""

    people: list[SurveyCandidate] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    """A code of REFUSALS → customers or cases."""


def contact_of(person: SurveyCandidate) -> Contact:
    """Return what is known about reaching somebody."""
    return Contact(person.platform, person.order_number, person.phone, person.email)


def why_not(person: SurveyCandidate, kind: str, *, on: date, gaps: Gaps) -> str:
    """Return why somebody must not be asked on a day, a code of REFUSALS; ``""`` if nothing speaks against it."""
    if person.do_not_contact or person.opted_out:
        return "opted_out"
    if not ways_to_reach(contact_of(person)):
        return "unreachable"
    if person.complaint_open:
        return "complaint"
    if _is_within(person.last_asked_on, on, gaps.any_days):
        return "asked_lately"
    if kind == "nps" and _is_within(person.last_nps_on, on, gaps.nps_days):
        return "asked_lately"
    return ""


def _is_within(day: str | None, on: date, days: int) -> bool:
    return day is not None and date.fromisoformat(day) > on - timedelta(days=days)


def sift(people: Iterable[SurveyCandidate], kind: str, *, on: date, gaps: Gaps) -> Eligible:
    """Separate those who may be asked from the others; of several cases of one customer the first one counts."""
    found, seen = Eligible(), set[int]()
    for person in people:
        refusal = why_not(person, kind, on=on, gaps=gaps)
        if not refusal and person.customer_id in seen:
            refusal = "asked_lately"
        if refusal:
            found.refused[refusal] += 1
            continue
        seen.add(person.customer_id)
        found.people.append(person)
    return found


def draw(people: Iterable[SurveyCandidate], size: int, seed: str) -> list[SurveyCandidate]:
    """Return a simple random sample, by customer number: the same people for the same seed, in whatever order they come.

    Each gets a lot from seed and number by SHA-256; the smallest lots win. So somebody more or less among the people
    changes one place of the sample and not all of it.
    """
    chosen = sorted(people, key=lambda person: (_lot(seed, person.customer_id), person.customer_id))[
        : max(size, 0)
    ]
    return sorted(chosen, key=lambda person: person.customer_id)


def _lot(seed: str, customer_id: int) -> str:
    return hashlib.sha256(f"{seed}:{customer_id}".encode()).hexdigest()


def reminder_is_due(
    *, status: str, sent_on: str | None, reminded: bool, expires_on: str, on: date, days: int
) -> bool:
    """Tell whether the one reminder of an invitation should go out on a day."""
    return (
        status == "sent"
        and not reminded
        and sent_on is not None
        and date.fromisoformat(sent_on) + timedelta(days=days) <= on
        and on.isoformat() <= expires_on
    )
