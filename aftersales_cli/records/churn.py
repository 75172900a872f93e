"""Who is leaving: scores, the runs that made them, and the signs that point to a reason. Amounts in minor units."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ChurnScore:
    """How far a customer is from us, and why that may be."""

    customer_id: int
    method: str
    """``bg_nbd`` (chance of still being a customer) or ``gaps`` (silence against the usual gap)."""
    purchases: int
    """Days with a paid order."""
    last_on: str
    p_alive: float | None
    gap_days: float | None
    """The gap to be expected between two purchases; only of the rule of gaps."""
    overdue: float | None
    """Days since the last purchase in such gaps; only of the rule of gaps."""
    degree: str
    """``active``, ``due``, ``at_risk`` or ``lost``."""
    expected_orders: float
    """Purchases of the coming year if the customer still is one."""
    value_lost: int | None
    """What these would bring in the shop's currency, two digits exact; None if a rate is missing."""
    reason: str = ""
    """A code of the taxonomy ``churn_reasons``; "" for who is active."""
    sign: str = ""
    """What kind of fact points to the reason, as in ``ChurnSign``."""
    sign_case: int | None = None
    sign_on: str | None = None
    sign_number: int | None = None


@dataclass(frozen=True)
class ChurnSign:
    """One fact that may be why a customer leaves."""

    customer_id: int
    reason: str
    sign: str
    """``said``, ``complaint``, ``csat``, ``nps``, ``ces``, ``review``, ``refund``, ``unpaid``, ``reply``,
    ``delivery``, ``return`` or ``word``."""
    case: int | None
    on: str
    number: int | None
    """A score, days of a refund, hours until the reply, or how many returns."""


@dataclass(frozen=True)
class ChurnRun:
    """One scoring of all customers; the texts are JSON."""

    as_of: str
    method: str
    customers: int
    repeaters: int
    parameters: str
    """The numbers scores were made with, by name."""
    explanation: str
    """The guards: a list of objects with ``code``, ``needed``, ``found`` and ``ok``."""


@dataclass(frozen=True)
class ChurnRow:
    """A score as lists show it; contacts as they are stored, so never print it as it is."""

    customer_id: int
    name: str
    phone: str
    email: str
    do_not_contact: bool
    segment: str
    as_of: str
    method: str
    purchases: int
    last_on: str
    p_alive: float | None
    gap_days: float | None
    overdue: float | None
    degree: str
    expected_orders: float
    value_lost: int | None
    reason: str
    sign: str
    sign_case: int | None
    sign_on: str | None
    sign_number: int | None
