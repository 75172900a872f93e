"""Money the shop decided to give back, invoices, and what cases cost. Amounts in minor units of ``currency``."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RefundPlan:
    """A refund from the plan to its result; no payment is made by this program."""

    id: int
    case_number: int
    request_id: int | None
    order_id: int | None
    currency: str
    status: str
    """``planned``, ``approved``, ``requested``, ``succeeded``, ``failed`` or ``void``."""
    route: str
    """``original`` means of payment, shop ``balance``, manual ``transfer``, or by the ``platform``."""
    reason: str
    key: str
    """Tells a repeated request from a new one."""
    second_needed: bool
    planned_at: str
    planned_by: str
    approved_at: str | None
    approved_by: str
    due_at: str | None
    """Until when the law or the policy wants it paid."""
    requested_at: str | None
    succeeded_at: str | None
    succeeded_on: str | None
    failure: str
    reference: str
    refund_id: int | None
    """The marketplace's own record of the same money."""


@dataclass(frozen=True)
class RefundPart:
    """One part of a refund: ``goods`` of a line, ``shipping``, ``goodwill``, or a ``fee`` (below 0)."""

    plan_id: int
    position: int
    type: str
    order_line_id: int | None
    return_line_id: int | None
    quantity: int
    amount: int


@dataclass(frozen=True)
class RefundAttempt:
    """One try to have a refund paid."""

    plan_id: int
    seq: int
    at: str
    actor: str
    outcome: str
    reference: str
    note: str


@dataclass(frozen=True)
class Invoice:
    """An invoice a customer asked for; one that ``reverses_id`` another is red and below 0."""

    id: int
    case_number: int | None
    order_id: int | None
    title: str
    tax_id: str
    currency: str
    amount: int
    asked_at: str
    due_at: str
    issued_at: str | None
    number: str
    reverses_id: int | None


@dataclass(frozen=True)
class CaseCost:
    """Something a case cost besides refunds, and what of it somebody else has to bear."""

    id: int
    case_number: int
    type: str
    currency: str
    amount: int
    recover_from: str
    recovered: int
    note: str
    at: str
    actor: str


@dataclass(frozen=True)
class PlanRow:
    """A refund plan as listings show it."""

    id: int
    case_number: int
    request_id: int | None
    order_number: str
    currency: str
    amount: int
    """All its parts together."""
    status: str
    route: str
    second_needed: bool
    planned_at: str
    planned_by: str
    due_at: str | None
    succeeded_at: str | None
    attempts: int
    failure: str
    reference: str
    platform_number: str
    """The marketplace's own number of the same refund."""


@dataclass(frozen=True)
class Unplanned:
    """An approved request whose money is not planned yet."""

    request_id: int
    case_number: int
    order_number: str
    currency: str
    kind: str
    rules: str
    policy_version: int | None
    requested_at: str
    decided_at: str | None
    received_at: str | None


@dataclass(frozen=True)
class DueRefund:
    """Money somebody waits for: a plan that is not paid, or a request without a plan."""

    plan_id: int | None
    request_id: int | None
    case_number: int
    order_number: str
    currency: str
    amount: int | None
    """None for a request without a plan."""
    status: str
    """That of the plan, ``""`` for a request without one."""
    due_at: str | None
    overdue: bool


@dataclass(frozen=True)
class StatementRow:
    """A payment out as a bank or a payment service states it; ``amount`` is above 0."""

    id: int
    code: str
    """Tells the same payment in several files from two that look alike."""
    source: str
    at: str | None
    currency: str
    amount: int
    reference: str
    order_external_id: str
    plan_id: int | None
    read_at: str


@dataclass(frozen=True)
class Payable:
    """Money that should stand in a statement: a refund plan, or a marketplace's record that belongs to none."""

    plan_id: int | None
    refund_id: int | None
    case_number: int
    orders: tuple[str, ...]
    """The order's own number and the one that is shown."""
    currency: str
    amount: int
    references: tuple[str, ...]
    """Numbers of the payment and of the marketplace's refund."""
    status: str
    at: str | None
    """When it was paid, None while it is not."""


@dataclass(frozen=True)
class InvoiceRow:
    """An invoice as listings show it."""

    id: int
    case_number: int | None
    order_number: str
    title: str
    tax_id: str
    currency: str
    amount: int
    asked_at: str
    due_at: str
    issued_at: str | None
    number: str
    reverses_id: int | None
    reversed_by: int | None


@dataclass(frozen=True)
class RefundedGoods:
    """Goods whose money went back, and what became of the pieces; the base of a case's cost."""

    type: str
    currency: str
    amount: int
    quantity: int
    disposition: str
    accepted: int


@dataclass(frozen=True)
class SentGoods:
    """Pieces sent instead of others, with what they are worth."""

    currency: str
    value: int | None
    """None if it is not known what they were sold for."""
    restocked: int
    """Of this what came back into stock."""
    price_difference: int
