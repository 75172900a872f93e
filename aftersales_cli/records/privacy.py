"""What customers allow, and what is left when they are forgotten."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Consent:
    """One yes or no a customer has said."""

    id: int
    customer_id: int
    purpose: str
    """``marketing`` (win-back, care, next product), ``survey`` or ``contact`` (any contact at all)."""
    given: bool
    channel: str
    """Code of the taxonomy ``channels`` on which it was said, empty if unknown."""
    proof: str
    said_at: str
    recorded_at: str
    recorded_by: str


@dataclass(frozen=True)
class ForgetReceipt:
    """That a customer was forgotten, without a word about who it was."""

    id: int
    customer_id: int
    asked_at: str
    finished_at: str | None
    """None while the erasing has not come to its end: the same command goes on with it."""
    asked_by: str
    counts: str
    """JSON: how many rows of which table and how many files were emptied or removed."""
