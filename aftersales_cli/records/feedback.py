"""What customers and platforms say about the service: survey answers, buyers' reviews, chat reports."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SurveyAnswer:
    """One score of one respondent, or only words; ``row_key`` and ``type`` tell it from others."""

    type: str
    """``csat`` (1-5), ``nps`` (0-10), ``ces`` (1-7), or ``comment`` without a score."""
    score: int | None
    comment: str
    source: str
    """``callback``, or the code of the file's format."""
    answered_at: str
    answered_on: str
    """Shop-local day."""
    storefront_id: int | None
    order_external_id: str
    """Number of the order as the respondent gave it; ``""`` if unknown."""
    case_number: int | None
    customer_id: int | None
    agent_id: int | None
    """Who had the case when the answer came in."""
    question: str
    row_key: str
    linked_by: str
    """How case and customer were found: ``order``, ``case``, ``contact``, or ``""`` for not at all."""
    as_of: str
    """The latest moment in the file, which tells a newer file from an older one."""
    invite_id: int | None = None
    """The invitation it answers."""


@dataclass(frozen=True)
class ChatReport:
    """A platform's own figures of one employee's chats on one day."""

    storefront_id: int
    agent_name: str
    """The platform's name of the employee."""
    agent_id: int | None
    day: str
    chats: int | None
    """Customers who wrote; the weight of the averages."""
    first_reply_seconds: float | None
    average_reply_seconds: float | None
    answered_share: float | None
    """0 to 1."""
    satisfaction: float | None
    """Share of satisfied ratings, 0 to 1."""
    as_of: str
    """The latest day in the file."""


@dataclass(frozen=True)
class ReviewReceived:
    """A buyer's review (评价) of an order."""

    storefront_id: int
    order_external_id: str
    reviewed_at: str | None
    reviewed_on: str | None
    """Shop-local day."""
    stars: int
    """1 (worst) to 5."""
    body: str
    sku: str
    title: str
    row_key: str
    as_of: str
