"""A case with all that moves on axes of its own, and what of it is not at an end."""

from dataclasses import dataclass

from aftersales_cli.records.payouts import RefundPlan
from aftersales_cli.records.repairs import Repair
from aftersales_cli.records.returns import Replacement, ReturnLine, ReturnParcel, ReturnRequest


@dataclass(frozen=True)
class AskedFor:
    """A request with its products."""

    request: ReturnRequest
    lines: tuple[ReturnLine, ...]


@dataclass(frozen=True)
class CaseAxes:
    """All that a case has on its axes, each earliest first."""

    case_number: int
    asked: tuple[AskedFor, ...] = ()
    parcels: tuple[ReturnParcel, ...] = ()
    plans: tuple[RefundPlan, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    repairs: tuple[Repair, ...] = ()
    platform_refunded: bool = False
    """The marketplace's own record of the case says that the money was paid back."""


@dataclass(frozen=True)
class OpenEnd:
    """Something that has to come to an end before its case can."""

    axis: str
    """Name of the axis, untranslated."""
    subject: str
    """What it is, translated, e.g. ``Parcel SF123``."""
    state: str
    """In which state, translated."""
    command: str
    """What to type next, after ``aftersales``."""
