"""Parcels on their way."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parcel:
    """A parcel as the courier's file gives it."""

    storefront_id: int | None
    carrier: str
    number: str
    order_external_id: str
    status: str
    """``awaiting``, ``in_transit``, ``delivering``, ``received``, ``problem``, ``returning``, ``returned``,
    ``lost`` or ``unknown``."""
    status_raw: str
    status_at: str | None
    received_at: str | None
    received_on: str | None
    """Shop-local day."""
    as_of: str
    """``status_at``, or ``""``: what has no time is older than what has one."""
