"""What belongs to cases beside messages and events: links, work, hand-offs, incidents, clocks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CaseLink:
    """Two cases that have to do with each other; ``other_number`` came later or was taken in."""

    case_number: int
    other_number: int
    type: str
    """``related``, ``follow_up`` (of one closed too long), ``split`` or ``merged``."""
    linked_at: str


@dataclass(frozen=True)
class AgentLoad:
    """An active employee with what decides about new work."""

    id: int
    code: str
    name: str
    role: str
    department: str
    languages: str
    """Codes with commas or blanks between them, e.g. ``zh,en``; empty if not known."""
    open_cases: int


@dataclass(frozen=True)
class Handoff:
    """A question to another department, with the time by which its answer is due."""

    id: int
    case_number: int
    department: str
    assignee_id: int | None
    question: str
    asked_at: str
    asked_by: str
    due_at: str
    done_at: str | None
    """When it was answered or withdrawn; None while it is open."""
    done_by: str
    answer: str
    """What the department said; if it was withdrawn, why."""
    withdrawn: bool
    revision: int


@dataclass(frozen=True)
class Incident:
    """One cause behind several complaints: the same product and reason within a few days."""

    id: int
    title: str
    sku: str
    product: str
    reason: str
    lead_id: int | None
    note: str
    opened_at: str
    closed_at: str | None


@dataclass(frozen=True)
class CalendarDay:
    """A day the shop's own file declares open or closed; ``hours`` like ``10:00-16:00``, "" for the usual ones."""

    calendar: str
    day: str
    is_open: bool
    hours: str
    note: str


@dataclass(frozen=True)
class SlaVersion:
    """The policies as they stood from a moment on; ``document`` is their text."""

    version: int
    digest: str
    document: str
    since: str


@dataclass(frozen=True)
class SlaClock:
    """One promise about one case; moments in UTC, seconds as the clock's calendar counts them.

    ``cycle`` counts from 1 and grows with each reopening, ``turn`` with each unanswered message or update.
    """

    case_number: int
    metric: str
    """``first_reply``, ``next_reply``, ``update``, ``resolution`` or ``platform``."""
    cycle: int
    turn: int
    version: int
    policy: str
    calendar: str
    """Name of the calendar, ``wall`` for every second of the day."""
    target_seconds: int
    started_at: str
    warn_at: str | None
    due_at: str | None
    """None while the clock is paused."""
    due_on: str | None
    met_at: str | None
    paused_seconds: int
    is_paused: bool
    stopped_at: str | None
    """Set when the promise no longer counts: the case was cancelled, merged or took another way."""
    pauses: str
    """From when to when it paused, e.g. ``2026-11-16T02:00:00Z/2026-11-17T03:00:00Z``, one behind the other."""
    warned_at: str | None
    escalated_at: str | None


@dataclass(frozen=True)
class SlaSeen:
    """Up to which event, and by which days of the calendars, the clocks of a case were derived."""

    case_number: int
    seq: int
    days: str
    version: int
    """The least version of the policies its new clocks go by."""


@dataclass(frozen=True)
class DueClock(SlaClock):
    """An open clock with what a list says about its case."""

    kind: str
    severity: str
    status: str
    title: str
    escalation: int
    assignee: str
    is_ours: bool
    """Whether somebody here has worked on it; a platform's case may only have been imported."""
