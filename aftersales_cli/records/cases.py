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
    merged_into: int | None
    incident_id: int | None
    platform_due_at: str | None
    """Until when the marketplace wants an answer, as its own page counts down."""
    confirmed_at: str | None
    """When the customer said that it is solved."""
    escalation: int
    """How often the case was passed upwards, 0 for never."""
    typical_note: str
    """Why the case serves as an example, "" if it does not."""
    typical_on: str | None
    archived_at: str | None


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
    complexity: str = "normal"
    platform_due_at: str | None = None
    created_by_import: int | None = None
    """The import whose row it was, so that an undo takes it along."""


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
    kinds: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    assignee_id: int | None = None
    unassigned: bool = False
    storefront_id: int | None = None
    incident_id: int | None = None
    archived: bool | None = None
    """Only archived cases, or only others; None for both."""
    opened_since: str | None = None
    """Shop's local day of the first opening that counts."""
    opened_before: str | None = None
    """Shop's local day from which on openings do not count."""
    numbers: tuple[int, ...] | None = None
    """Only these cases."""


@dataclass(frozen=True)
class ExportedCase:
    """A case with all that a spreadsheet of cases shows; moments in UTC, codes as stored."""

    number: int
    kind: str
    severity: str
    complexity: str
    status: str
    storefront: str
    order_number: str
    external_id: str
    name: str
    phone: str
    email: str
    assignee: str
    title: str
    reason: str
    """What was found, else what the customer said."""
    cause: str
    fault: str
    resolution: str
    opened_at: str
    first_reply_at: str | None
    resolved_at: str | None
    closed_at: str | None
    confirmed_at: str | None
    reopen_count: int
    minutes: int
    """Of work written down."""


@dataclass(frozen=True)
class QuietCase:
    """A case that may have been forgotten, with what is needed to say so."""

    number: int
    kind: str
    origin: str
    status: str
    since: str
    """When it came into its present status."""
    last_at: str
    """When anything last happened."""
    last_out_at: str | None
    """When an employee last wrote to the customer."""
    until: str
    """Until when it is to wait, as it was set last in the present status; empty for no such moment."""
    confirmed_at: str | None


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
class TypicalCase:
    """A case worth showing to others, with why."""

    number: int
    kind: str
    status: str
    title: str
    typical_on: str
    typical_note: str


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
