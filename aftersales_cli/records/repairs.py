"""Repairs and the places that do them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ServicePoint:
    """A place that repairs."""

    id: int
    code: str
    name: str
    address: str
    phone: str
    active: bool


@dataclass(frozen=True)
class Repair:
    """A repair or maintenance from booking to its end; amounts in minor units of ``currency``."""

    id: int
    case_number: int
    order_line_id: int | None
    kind: str
    """``repair`` or ``maintenance``."""
    status: str
    sku: str
    product: str
    serial: str
    """In capitals and without blanks, "" if not known."""
    warranty: str
    """``in``, ``out`` or ``unknown``."""
    warranty_until: str | None
    """Last local day of the warranty."""
    warranty_since: str
    """What it counts from: ``delivered``, ``finished``, ``shipped``, ``paid``, ``placed`` (the order's moments),
    ``given`` (said by us), ``earlier`` (taken from an earlier repair of the piece) or ``unknown``."""
    warranty_from: str | None
    """Local day it counts from."""
    warranty_months: int | None
    months_basis: str
    """Where the months come from: ``given`` (said by us), ``product`` (table of products), ``setting``, ``unknown``."""
    warranty_added: int
    """Days by which earlier repairs lengthen it."""
    not_covered: str
    """Why the fault is not covered although the warranty runs, e.g. water damage."""
    round: int
    """1 for the first repair of this piece, 2 for its second …"""
    service_point_id: int | None
    problem: str
    """What the customer says."""
    appointment_at: str | None
    booked_at: str
    received_at: str | None
    due_at: str | None
    """Until when the piece should be on its way back."""
    diagnosis: str
    currency: str
    quote: int | None
    quoted_at: str | None
    approved_at: str | None
    """When the customer accepted the quote."""
    parts_cost: int | None
    shipped_at: str | None
    """When the piece left for the customer, or was handed over."""
    carrier: str
    number: str
    """The parcel's number on its way back."""
    ended_at: str | None


@dataclass(frozen=True)
class RepairRow:
    """A repair as listings show it."""

    id: int
    case_number: int
    kind: str
    status: str
    product: str
    serial: str
    warranty: str
    round: int
    service_point: str
    """Name of the place, "" for none."""
    appointment_at: str | None
    received_at: str | None
    due_at: str | None
    shipped_at: str | None
