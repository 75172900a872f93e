"""Storefronts and the people of the shop."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Storefront:
    """One account on one marketplace."""

    id: int
    code: str
    name: str
    platform: str
    """First part of the format code, e.g. ``taobao``; ``""`` for one that was added by hand."""
    country: str
    timezone: str
    currency: str


@dataclass(frozen=True)
class Agent:
    """An employee of the shop, whatever the role."""

    id: int
    code: str
    name: str
    role: str
    department: str
    active: bool
    languages: str = ""
    """Codes with commas between them, e.g. ``zh,en``; empty if not known."""
