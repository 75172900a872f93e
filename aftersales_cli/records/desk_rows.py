"""What the desk's lists show: hand-offs, incidents, complaints, voices, cases passed up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class HandoffRow:
    """A hand-off as lists show it."""

    id: int
    case_number: int
    case_title: str
    department: str
    assignee: str
    question: str
    asked_at: str
    asked_by: str
    due_at: str
    done_at: str | None
    done_by: str
    answer: str
    withdrawn: bool
    revision: int


@dataclass(frozen=True)
class LeftCallback:
    """An open callback of somebody who leaves."""

    id: int
    due_on: str
    case_number: int | None


@dataclass(frozen=True)
class LeftHandoff:
    """An open question to somebody who leaves."""

    id: int
    case_number: int
    department: str
    question: str
    due_at: str


@dataclass(frozen=True)
class IncidentRow:
    """An incident as lists show it."""

    id: int
    title: str
    sku: str
    product: str
    reason: str
    lead: str
    note: str
    opened_at: str
    closed_at: str | None
    cases: int
    open_cases: int


@dataclass(frozen=True)
class IncidentMember:
    """A case that belongs to an incident."""

    number: int
    kind: str
    severity: str
    status: str
    customer: str
    """To be masked before it is shown."""
    title: str
    opened_at: str
    first_reply_at: str | None


@dataclass(frozen=True)
class QualityCase:
    """A case that may share its cause with others: one row for each product it is about."""

    number: int
    sku: str
    product: str
    reason: str
    kind: str
    status: str
    opened_at: str
    person: str
    """Who it is about: customer, else order, else the case itself."""


@dataclass(frozen=True)
class ComplaintRow:
    """A complaint with what following it up needs."""

    number: int
    level: str
    status: str
    title: str
    customer: str
    """To be masked before it is shown."""
    assignee: str
    opened_at: str
    acknowledged_at: str | None
    """When the customer first heard that we have it."""
    reply_due_at: str | None
    """Until when the first answer is promised, while it is missing."""
    resolved_at: str | None
    confirmed_at: str | None
    score: int | None
    """The customer's last satisfaction, 1 to 5."""
    callback_on: str | None
    """Day of the callback that is planned."""
    escalation: int


@dataclass(frozen=True)
class VoiceRow:
    """A suggestion or praise, once for each product it is about."""

    number: int
    kind: str
    product: str
    words: str
    opened_at: str


@dataclass(frozen=True)
class EscalatedCase:
    """An open case that was passed up, as those see it who were told."""

    number: int
    kind: str
    severity: str
    title: str
    escalated_at: str
    actor: str
    note: str


@dataclass(frozen=True)
class ClockCounts:
    """Promises about open cases."""

    missed: int
    near: int
    """Warned, but still in time."""
