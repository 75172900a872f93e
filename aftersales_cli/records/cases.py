"""Cases with their messages, events and refund records."""

from dataclasses import dataclass

OPEN_STATUSES = ("new", "triaged", "in_progress", "waiting_customer", "waiting_internal", "waiting_platform")
"""Statuses in which there is something to do, in the order of a case's life."""


@dataclass(frozen=True)
class Case:
    """An after-sales case; moments in UTC, days local to the shop."""

    number: int
    kind: str
    channel: str
    origin: str
    """``own`` (opened here), ``platform`` (from a platform's file) or ``file`` (from the owner's file)."""
    storefront_id: int | None
    customer_id: int | None
    order_id: int | None
    order_external_id: str
    external_id: str
    severity: str
    complexity: str
    status: str
    status_raw: str
    assignee_id: int | None
    title: str
    opened_at: str
    opened_on: str
    reply_expected: bool
    """Whether a first-reply clock runs: a message came in whose answer time is or will be known."""
    first_reply_at: str | None
    resolved_at: str | None
    resolved_on: str | None
    closed_at: str | None
    resolution: str
    reason_first: str
    reason_final: str
    reason_raw: str
    cause: str
    fault: str
    reopen_count: int
    cancel_reason: str


@dataclass(frozen=True)
class CaseDraft:
    """A case about to be opened here, status ``new``; fields as in ``Case``."""

    kind: str
    channel: str
    storefront_id: int | None
    customer_id: int | None
    order_id: int | None
    order_external_id: str
    severity: str
    title: str
    opened_at: str
    opened_on: str
    reply_expected: bool
    reason_first: str


@dataclass(frozen=True)
class CaseRow:
    """A case as listings show it."""

    number: int
    kind: str
    severity: str
    status: str
    storefront: str
    order_number: str
    customer: str
    """The name, or the number or address if no name is known; to be masked before it is shown."""
    assignee: str
    title: str
    opened_at: str
    resolved_at: str | None
    external_id: str


@dataclass(frozen=True)
class CaseFilter:
    """Which cases a listing wants; what is empty or None does not matter."""

    statuses: tuple[str, ...] = ()
    kind: str = ""
    assignee_id: int | None = None
    unassigned: bool = False
    storefront_id: int | None = None


@dataclass(frozen=True)
class CaseCounts:
    """How the desk stands."""

    by_status: dict[str, int]
    """Open statuses only, in the order of a case's life; those without a case are missing."""
    open: int
    unassigned: int
    """Open cases nobody works on."""
    opened_today: int


@dataclass(frozen=True)
class CustomerMatch:
    """A customer found by name, phone or e-mail."""

    id: int
    name: str
    phone: str
    email: str


@dataclass(frozen=True)
class RelatedCase:
    """A case as its order, or another case of it, shows it."""

    number: int
    kind: str
    status: str
    title: str
    opened_at: str


@dataclass(frozen=True)
class CaseMessage:
    """Something said to or by the customer."""

    id: int
    case_number: int
    direction: str
    author_type: str
    author: str
    channel: str
    sent_at: str
    body: str


@dataclass(frozen=True)
class CaseEvent:
    """One step in the life of a case; never changed afterwards."""

    case_number: int
    seq: int
    at: str
    recorded_at: str
    actor: str
    type: str
    field: str
    before: str
    after: str
    note: str


@dataclass(frozen=True)
class CaseLine:
    """A product a case is about, as the platform's file names it."""

    case_number: int
    sku: str
    title: str
    quantity: int | None


@dataclass(frozen=True)
class Refund:
    """A refund record of a platform; amounts in minor units."""

    id: int
    case_number: int
    external_id: str
    order_external_id: str
    currency: str
    amount: int
    """What goes back to the buyer and, by some platforms, to the platform itself."""
    to_buyer: int
    status: str
    status_raw: str
    requested_at: str | None
    succeeded_at: str | None
