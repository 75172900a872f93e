"""What the page about one customer shows of other tables."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProfileCase:
    """A case of the customer."""

    number: int
    kind: str
    status: str
    title: str
    opened_on: str


@dataclass(frozen=True)
class ProfileScore:
    """A score the customer gave."""

    type: str
    """``csat``, ``nps`` or ``ces``."""
    score: int
    answered_on: str
    case_number: int | None
    comment: str


@dataclass(frozen=True)
class ProfileMessage:
    """Something said in a case of the customer."""

    case_number: int
    direction: str
    author_type: str
    channel: str
    sent_at: str
    body: str


@dataclass(frozen=True)
class ProfileCallback:
    """A callback to the customer."""

    id: int
    reason: str
    due_on: str
    status: str
    outcome: str
    score: int | None
    next_due_on: str | None
