"""What customers are worth: exchange rates, counted facts, scores and segments, tags."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ExchangeRate:
    """How much of one currency another one buys from a day on."""

    on_day: str
    currency: str
    into_currency: str
    rate: str
    """An exact decimal: so many of ``into_currency`` for one of ``currency``."""


@dataclass(frozen=True)
class CustomerFacts:
    """What is counted of a customer's paid orders."""

    customer_id: int
    orders: int
    """Paid orders."""
    order_days: int
    """Distinct local days with a paid order."""
    first_on: str
    last_on: str
    """Local days of the first and the last paid order."""
    spend: int | None
    """Paid minus refunded in minor units of the shop's currency; None if an exchange rate is missing."""
    refunded_orders: int
    """Paid orders of which something was refunded."""


@dataclass(frozen=True)
class CustomerValue:
    """What a customer was worth when it last changed."""

    customer_id: int
    month: str
    """``2026-11``: the month in which it became so."""
    as_of: str
    recency_days: int
    """Days since the last paid order, as of that day."""
    orders: int
    spend: int | None
    r: int
    f: int
    m: int
    """Scores from 1 to 5; 0 if it cannot be told."""
    segment: str
    """Code of the taxonomy ``segments``."""
    high_value: bool
    potential: bool
    refund_abuse: bool


@dataclass(frozen=True)
class ValueRun:
    """The breakpoints of a month."""

    month: str
    as_of: str
    scheme: str
    """``quantiles`` or ``breakpoints``."""
    customers: int
    breaks: str
    """JSON, see ``customers/value/scoring.Breaks``."""
    digest: str
    """Of the rules they were made by."""
    at: str


@dataclass(frozen=True)
class SegmentTotals:
    """A segment as it stands."""

    segment: str
    customers: int
    orders: int
    spend: int | None
    """In the shop's currency; None if an exchange rate is missing for somebody in it."""
    high_value: int
    potential: int
    refund_abuse: int


@dataclass(frozen=True)
class CustomerTag:
    """A word on a customer, put there by a person or by a rule."""

    customer_id: int
    tag: str
    origin: str
    """``hand`` or ``rule``."""
    why: str
    at: str
