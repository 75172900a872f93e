"""Invitations to surveys, the waves they belong to, and their answers as the reports need them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SurveyWave:
    """A survey among many customers at once."""

    id: int
    code: str
    """Such as ``2026Q4``."""
    type: str
    """``csat``, ``ces`` or ``nps``."""
    segment: str
    """Segment the customers were drawn from, ``""`` for all."""
    seed: int
    size: int
    """How many were to be drawn."""
    eligible: int
    """How many could have been drawn."""
    starts_on: str
    ends_on: str
    made_at: str
    made_by: str


@dataclass(frozen=True)
class SurveyCandidate:
    """Somebody who could be asked: about a resolved case, or as one of many."""

    customer_id: int
    case_number: int | None
    agent_id: int | None
    """Who had the case when it was resolved."""
    resolved_on: str | None
    language: str
    country: str
    platform: str
    order_number: str
    phone: str
    email: str
    do_not_contact: bool
    opted_out: bool
    """Whether the customer's last word about surveys is a no."""
    complaint_open: bool
    last_asked_on: str | None
    """When the customer was last asked, or last answered anything."""
    last_nps_on: str | None


@dataclass(frozen=True)
class SurveyInvite:
    """An invitation as it is stored."""

    id: int
    code: str
    wave_id: int | None
    type: str
    case_number: int | None
    customer_id: int
    agent_id: int | None
    language: str
    status: str
    """``planned``, ``sent``, ``answered``, ``expired`` or ``cancelled``."""
    planned_on: str
    expires_on: str
    """The last day on which an answer is waited for."""
    sent_at: str | None
    sent_on: str | None
    """Shop-local day."""
    reminded_at: str | None
    answered_at: str | None


@dataclass(frozen=True)
class SurveyInviteRow:
    """An invitation with the ways to its customer; contacts as they are stored, so never print it as it is."""

    id: int
    code: str
    type: str
    status: str
    wave: str
    case_number: int | None
    customer_id: int
    customer: str
    language: str
    planned_on: str
    expires_on: str
    sent_at: str | None
    sent_on: str | None
    reminded_at: str | None
    answered_at: str | None
    agent: str
    platform: str
    order_number: str
    phone: str
    email: str
    held: bool
    """Not to be sent now: a complaint or the case itself is open, or the customer wants no surveys."""


@dataclass(frozen=True)
class ScoredAnswer:
    """A score with what reports group by."""

    id: int
    type: str
    score: int
    answered_on: str
    source: str
    invited: bool
    agent: str
    products: str
    """Titles, one a line."""
    reason: str
    channel: str
    segment: str
    wave: str
    topic: str


@dataclass(frozen=True)
class LowAnswer:
    """A score nobody has looked at yet, and what stands around it."""

    id: int
    type: str
    score: int
    case_number: int | None
    customer_id: int | None
    order_id: int | None
    assignee_id: int | None
    do_not_contact: bool
    open_callback_id: int | None
    """An open callback about the same case, else to the same customer if no case is known."""
    complaint_open: bool


@dataclass(frozen=True)
class SurveyComment:
    """What a respondent said in words."""

    id: int
    type: str
    score: int | None
    comment: str
    answered_on: str
    case_number: int | None
    topic: str
    """Code of the reasons; ``""`` for none."""
    topic_by: str
    """``rule``, ``person``, or ``""`` if nothing has looked at it."""


@dataclass(frozen=True)
class RecordedAnswer:
    """An answer taken down by a person, as it is stored."""

    type: str
    score: int
    comment: str
    source: str
    answered_at: str
    answered_on: str
    case_number: int | None
    customer_id: int | None
    agent_id: int | None
    invite_id: int | None
    linked_by: str
    question: str = ""


@dataclass(frozen=True)
class LaterAnswer:
    """An answer to an invitation that had been answered before: kept, but not counted."""

    id: int
    code: str
    type: str
    score: int | None
    answered_on: str
    first_score: int | None


@dataclass(frozen=True)
class SentInvite:
    """An invitation that was sent and not returned, with what reports group by."""

    type: str
    answered: bool
    agent: str
    products: str
    """Titles, one a line."""
    reason: str
    channel: str
    segment: str
    wave: str
