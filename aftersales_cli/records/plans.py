"""Callback plans, who is due by them, and what a caller is told about a customer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlanVersion:
    """A plan as it stood when callbacks were planned by it."""

    id: int
    code: str
    version: int
    digest: str
    document: str
    """The plan's keys and values as JSON."""
    since: str


@dataclass(frozen=True)
class DueCustomer:
    """Somebody whom a plan could have called; contacts as they are stored, so never print it as it is."""

    case_number: int | None
    customer_id: int | None
    order_id: int | None
    order_line_id: int | None
    assignee_id: int | None
    kind: str
    severity: str
    since: str
    """The day of what makes the customer due: solving, answering, delivery, or the last order; "" if there is none."""
    score: int | None
    survey: str
    """Type of the survey the score is of."""
    segment: str
    degree: str
    value_lost: int | None
    """Expected loss in minor units of the shop's currency."""
    sku: str
    title: str
    storefront_id: int | None
    platform: str
    order_number: str
    phone: str
    email: str
    do_not_contact: bool
    country: str
    zone: str


@dataclass(frozen=True)
class PriorAttempt:
    """When somebody tried to reach a customer about the same matter."""

    callback_id: int
    outcome: str
    recorded_at: str


@dataclass(frozen=True)
class CustomerBrief:
    """What a caller should know about a customer; amounts in minor units of the shop's currency."""

    customer_id: int
    segment: str
    high_value: bool
    degree: str
    orders: int | None
    spend: int | None
    last_on: str | None
    open_cases: int
    last_score: int | None
    last_survey: str


@dataclass(frozen=True)
class ProductPair:
    """Two products that the same customers bought."""

    bought: str
    next_product: str
    both: int
    """Customers who bought both."""
    bought_by: int
    next_by: int
    customers: int
    """Customers who bought anything in that time."""

    @property
    def lift(self) -> float:
        """How much more often both are bought by one person than by chance (1.0)."""
        return self.both * self.customers / (self.bought_by * self.next_by)

    @property
    def share(self) -> float:
        """Share of the buyers of the first who bought the second, 0 to 1."""
        return self.both / self.bought_by
