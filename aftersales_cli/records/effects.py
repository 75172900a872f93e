"""What callbacks bring: attempts, customers observed afterwards, and proposals to change a plan."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CallAttempt:
    """One recorded attempt to reach a customer."""

    plan_id: int | None
    customer_id: int | None
    channel: str
    outcome: str
    recorded_at: str
    country: str
    zone: str


@dataclass(frozen=True)
class Observed:
    """What a customer did in the days after being called, or after being due and not called."""

    plan_id: int
    customer_id: int
    group: str
    """``reached``, ``not_reached`` (tried in vain, or due and not called for another reason than the lot), ``assigned``
    (the lot let them be called, whether they were or not) or ``lot`` (held out at random)."""
    since: str
    """The day from which it is observed."""
    bought: bool
    """Whether an order was paid within the days."""
    score: int | None
    """The first satisfaction score (1 to 5) given within the days, but not on a callback."""
    segment: str


@dataclass(frozen=True)
class DueCount:
    """Callbacks of a plan's version that were due, and those of them that are done."""

    plan_id: int | None
    due: int
    done: int


@dataclass(frozen=True)
class Proposal:
    """A change of a plan that its own figures speak for."""

    id: int
    plan_id: int
    subject: str
    """``hour``, ``channel``, ``segment`` or ``script``."""
    now_value: str
    proposed: str
    why: str
    """JSON: the figures it rests on."""
    status: str
    """``open``, ``accepted`` or ``declined``."""
    made_at: str
    decided_at: str | None
    decided_by: str
