"""What searching reads and finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CaseText:
    """One text of a case that can be found."""

    case_number: int
    source: str
    """``title``, ``reason``, ``number``, ``product``, ``message``, ``note``, ``handoff`` or ``comment``."""
    at: str
    """When it was said; the case's opening where a text has no time of its own."""
    text: str


@dataclass(frozen=True)
class SearchFilter:
    """Which cases a search is about; what is empty or None does not matter."""

    kind: str = ""
    since: str = ""
    """First day of opening, local to the shop."""
    without: tuple[str, ...] = ()
    """Statuses to leave out."""
    archived: bool | None = False
    """None for archived ones and others."""
