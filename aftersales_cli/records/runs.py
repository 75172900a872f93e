"""What ran at night, and the audit log."""

from dataclasses import dataclass


@dataclass(frozen=True)
class JobRun:
    """One run of a job for one slot (a local date), or by hand (slot ends in ``#N``)."""

    id: int
    job: str
    slot: str
    started_at: str
    ended_at: str | None
    outcome: str
    """``running``, ``done``, ``partly``, ``failed``, ``skipped`` or ``interrupted``."""
    catch_up: bool


@dataclass(frozen=True)
class JobStep:
    """One step of a run: a command with what it answered."""

    run_id: int
    position: int
    name: str
    arguments: str
    started_at: str
    seconds: float
    exit_code: int
    attempts: int
    log_file: str


@dataclass(frozen=True)
class AuditEntry:
    """One operation: who did what to which things; never the values themselves."""

    id: int
    at: str
    actor: str
    operation: str
    subjects: str
    counts: str
