"""Customers and the callbacks made to them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Customer:
    """A buyer as far as the marketplace lets us know one."""

    id: int
    name: str
    phone: str
    email: str
    country: str
    do_not_contact: bool


@dataclass(frozen=True)
class Callback:
    """One planned or finished call back to a customer."""

    id: int
    reason: str
    """A code of the taxonomy ``callback_reasons``."""
    case_number: int | None
    customer_id: int | None
    order_id: int | None
    due_on: str
    priority: int
    """Smaller is sooner."""
    assignee_id: int | None
    attempt: int
    status: str
    """``open``, ``done`` or ``dropped``."""
    outcome: str
    score: int | None
    note: str
    next_due_on: str | None
    """The day that was agreed with the customer; the follow-up's own ``due_on`` is when it is called."""
    planned_at: str
    recorded_at: str | None
    revision: int
    """Grows with each answer; a filled workbook with an older one never overwrites."""
    follows_id: int | None
    plan_id: int | None = None
    """The version of the plan by which it, or the call it follows, was planned."""
    order_line_id: int | None = None
    why: str = ""
    """The facts that made it due, as JSON."""
    churn_reason: str = ""
    channel: str = ""
    """The way to try first: ``chat``, ``phone`` or ``email``."""


@dataclass(frozen=True)
class StandingCallback:
    """A callback that takes a place in a day: due and open, or made on that day."""

    id: int
    status: str
    reason: str
    priority: int
    customer_id: int | None
    storefront_id: int | None
    order_number: str
    case_number: int | None
    assignee_id: int | None
    plan: str
    """Code of its plan, "" if it has none."""


@dataclass(frozen=True)
class CallbackRow:
    """A callback with all a caller needs to know; contacts as they are stored, so never print it as it is."""

    id: int
    reason: str
    due_on: str
    attempt: int
    status: str
    outcome: str
    score: int | None
    note: str
    next_due_on: str | None
    planned_at: str
    recorded_at: str | None
    revision: int
    priority: int
    case_number: int | None
    kind: str
    case_title: str
    """The case's title, else the reason in the platform's words."""
    case_reason: str
    """Code of the reason, final before first."""
    resolution: str
    resolved_on: str | None
    storefront: str
    platform: str
    order_number: str
    customer: str
    phone: str
    email: str
    products: str
    """Product titles, one a line."""
    assignee: str
    assignee_code: str
    customer_id: int | None
    country: str
    zone: str
    plan: str
    """Code of the plan, "" if it has none."""
    plan_id: int | None
    why: str
    churn_reason: str
    channel: str


@dataclass(frozen=True)
class CallbackCounts:
    """How a day's callbacks stand; ``due`` is ``done`` plus ``open``."""

    due: int
    done: int
    open: int
