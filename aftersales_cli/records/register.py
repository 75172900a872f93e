"""Rows of the case register, on its way out and back."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RegisterCase:
    """An open case as the register shows it."""

    number: int
    revision: int
    """Number of its last event."""
    kind: str
    severity: str
    status: str
    storefront: str
    order_number: str
    customer: str
    """The name, or the number or address if no name is known; to be masked before it is shown."""
    product: str
    said: str
    """What the customer said last, else the case's title."""
    opened_at: str
    due_at: str | None
    """When the first of its running clocks ends."""
    assignee_id: int | None


@dataclass(frozen=True)
class TakenRow:
    """What was taken from a row of a register so far."""

    code: str
    case_number: int
    revision: int
    """Number of the case's last event when that was done."""
    content: str
    """JSON object: column → digest of what stood there."""
    taken_at: str
