"""The ledger of job runs: which slot was claimed, what each step answered."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_rows, fetch_value
from aftersales_cli.records.runs import JobRun, JobStep

_RUN = columns(JobRun)
_STEP = columns(JobStep)


def known_slots(db: Database, job: str) -> frozenset[str]:
    """Return every slot of a job that has a row, whatever its outcome."""
    rows = fetch_rows(db, "SELECT slot FROM job_runs WHERE job = :job", {"job": job})
    return frozenset(row[0] for row in rows)


def claim_slot(
    db: Database, *, job: str, slot: str, started_at: str, outcome: str = "running", catch_up: bool = False
) -> int | None:
    """Claim a slot and return the run's id, None if the slot was claimed before."""
    values = {"job": job, "slot": slot, "at": started_at, "outcome": outcome, "catch_up": int(catch_up)}
    claimed = execute(
        db,
        "INSERT INTO job_runs (job, slot, started_at, ended_at, outcome, catch_up) "
        "VALUES (:job, :slot, :at, CASE WHEN :outcome = 'running' THEN NULL ELSE :at END, :outcome, :catch_up) "
        "ON CONFLICT (job, slot) DO NOTHING",
        values,
    )
    if not claimed:
        return None
    found = fetch_value(db, "SELECT id FROM job_runs WHERE job = :job AND slot = :slot", values)
    return int(found)


def end_run(db: Database, run_id: int, *, outcome: str, ended_at: str) -> None:
    """Record how a run ended."""
    execute(
        db,
        "UPDATE job_runs SET outcome = :outcome, ended_at = :at WHERE id = :id",
        {"outcome": outcome, "at": ended_at, "id": run_id},
    )


def interrupt_run(db: Database, run: JobRun, *, ended_at: str) -> str:
    """Mark a run as interrupted and free its slot for another run; returns its new slot.

    The row and its steps stay in the history under the slot's name with ``~1``, ``~2`` …
    """
    taken, number = known_slots(db, run.job), 1
    while (slot := f"{run.slot}~{number}") in taken:
        number += 1
    execute(
        db,
        "UPDATE job_runs SET outcome = 'interrupted', ended_at = :at, slot = :slot WHERE id = :id",
        {"at": ended_at, "slot": slot, "id": run.id},
    )
    return slot


def running_runs(db: Database) -> list[JobRun]:
    """Return the runs that have not ended, or whose process was killed."""
    return fetch(db, JobRun, f"SELECT {_RUN} FROM job_runs WHERE outcome = 'running' ORDER BY id")


def slot_runs(db: Database, job: str, slot: str) -> list[JobRun]:
    """Return the runs of a slot in the order they came: the first one and those made again (``#2`` …)."""
    return fetch(
        db,
        JobRun,
        f"SELECT {_RUN} FROM job_runs WHERE job = :job AND outcome <> 'interrupted' "
        "AND (slot = :slot OR substr(slot, 1, length(:slot) + 1) = :slot || '#') ORDER BY id",
        {"job": job, "slot": slot},
    )


def list_runs(db: Database, *, job: str | None = None, limit: int = 20) -> list[JobRun]:
    """Return the latest runs of one job or of all, newest first."""
    return fetch(
        db,
        JobRun,
        f"SELECT {_RUN} FROM job_runs WHERE :job IS NULL OR job = :job ORDER BY id DESC LIMIT :limit",
        {"job": job, "limit": limit},
    )


def last_success(db: Database, job: str) -> str | None:
    """Return when a run of the job last ended with its work done, as a stored moment."""
    found = fetch_value(
        db,
        "SELECT max(ended_at) FROM job_runs WHERE job = :job AND outcome IN ('done', 'partly')",
        {"job": job},
    )
    return None if found is None else str(found)


def insert_step(db: Database, step: JobStep) -> None:
    """Record what a step answered."""
    execute(
        db,
        f"INSERT INTO job_steps ({_STEP}) VALUES (:run_id, :position, :name, :arguments, :started_at, "
        ":seconds, :exit_code, :attempts, :log_file)",
        vars(step),
    )


def list_steps(db: Database, run_id: int) -> list[JobStep]:
    """Return the steps of a run in order."""
    return fetch(
        db, JobStep, f"SELECT {_STEP} FROM job_steps WHERE run_id = :id ORDER BY position", {"id": run_id}
    )
