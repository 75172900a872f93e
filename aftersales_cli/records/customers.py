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
    recorded_at: str | None
    revision: int
    """Grows with each change; a filled workbook with an older one never overwrites."""
    follows_id: int | None


@dataclass(frozen=True)
class CallbackCandidate:
    """A resolved case whose customer could be called back."""

    case_number: int
    customer_id: int | None
    order_id: int | None
    assignee_id: int | None
    kind: str
    severity: str
    resolved_on: str


@dataclass(frozen=True)
class CallbackRow:
    """A callback with all a caller needs to know."""

    id: int
    reason: str
    due_on: str
    attempt: int
    status: str
    outcome: str
    score: int | None
    note: str
    next_due_on: str | None
    revision: int
    priority: int
    case_number: int | None
    kind: str
    case_title: str
    resolution: str
    resolved_at: str | None
    storefront: str
    platform: str
    order_number: str
    customer: str
    phone: str
    email: str
    product: str
    assignee: str
