"""Clocks of cases, and the versions of the policies they go by."""

from collections.abc import Sequence
from dataclasses import fields

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_rows
from aftersales_cli.records.cases import OPEN_STATUSES
from aftersales_cli.records.desk import DueClock, SlaClock, SlaSeen, SlaVersion

_NAMES = tuple(entry.name for entry in fields(SlaClock))
_OPEN_CASE = ", ".join(f"'{status}'" for status in OPEN_STATUSES)
_PUT = (
    f"INSERT OR REPLACE INTO sla_clocks ({', '.join(_NAMES)}) "
    f"VALUES ({', '.join(f':{name}' for name in _NAMES)})"
)
_RUNS = "k.met_at IS NULL AND k.stopped_at IS NULL"


def list_sla_versions(db: Database) -> list[SlaVersion]:
    """Return the versions of the policies, oldest first."""
    return fetch(db, SlaVersion, f"SELECT {columns(SlaVersion)} FROM sla_versions ORDER BY version")


def insert_sla_version(db: Database, version: SlaVersion) -> None:
    """Keep the policies as they are now."""
    execute(
        db,
        "INSERT INTO sla_versions (version, digest, document, since) VALUES (:version, :digest, :document, :since)",
        vars(version),
    )


def list_case_clocks(db: Database, number: int) -> list[SlaClock]:
    """Return the clocks of a case in the order they started."""
    sql = (
        f"SELECT {columns(SlaClock)} FROM sla_clocks WHERE case_number = :number "
        "ORDER BY started_at, metric, cycle, turn"
    )
    return fetch(db, SlaClock, sql, {"number": number})


def replace_clocks(db: Database, number: int, stored: Sequence[SlaClock], clocks: Sequence[SlaClock]) -> None:
    """Make the stored clocks of a case these; rows that are the same already are left alone."""
    keys = {(clock.metric, clock.cycle, clock.turn) for clock in clocks}
    for clock in stored:
        if (clock.metric, clock.cycle, clock.turn) not in keys:
            execute(
                db,
                "DELETE FROM sla_clocks WHERE case_number = :number AND (metric, cycle, turn) = (:metric, :cycle, :turn)",
                {"number": number, "metric": clock.metric, "cycle": clock.cycle, "turn": clock.turn},
            )
    known = set(stored)
    for clock in clocks:
        if clock not in known:
            execute(db, _PUT, vars(clock))


def get_seen(db: Database, number: int) -> SlaSeen | None:
    """Return up to where the clocks of a case were derived."""
    sql = f"SELECT {columns(SlaSeen)} FROM sla_seen WHERE case_number = :number"
    return fetch_one(db, SlaSeen, sql, {"number": number})


def put_seen(db: Database, number: int, *, seq: int, days: str, version: int, known: SlaSeen | None) -> None:
    """Note up to where the clocks of a case were derived."""
    entry = SlaSeen(number, seq, days, version)
    if entry != known:
        execute(
            db,
            "INSERT OR REPLACE INTO sla_seen (case_number, seq, days, version) "
            "VALUES (:case_number, :seq, :days, :version)",
            vars(entry),
        )


def list_stale_cases(db: Database, *, days: str) -> list[int]:
    """Return open cases whose clocks are missing or behind, and cases with clocks that an import has ended."""
    rows = fetch_rows(
        db,
        f"""SELECT c.number FROM cases AS c LEFT JOIN sla_seen AS s ON s.case_number = c.number
        WHERE (c.status IN ({_OPEN_CASE}) AND (s.case_number IS NULL OR s.days <> :days))
           OR (s.case_number IS NOT NULL AND s.seq <>
               (SELECT coalesce(max(e.seq), 0) FROM case_events AS e WHERE e.case_number = c.number))
        ORDER BY c.number""",
        {"days": days},
    )
    return [number for (number,) in rows]


def list_cases_with_open_clocks(db: Database, *, other_than_version: int | None = None) -> list[int]:
    """Return the cases with a clock that still runs, or with one of another version."""
    rows = fetch_rows(
        db,
        f"""SELECT DISTINCT k.case_number FROM sla_clocks AS k
        WHERE {_RUNS} AND (:version IS NULL OR k.version <> :version) ORDER BY 1""",
        {"version": other_than_version},
    )
    return [number for (number,) in rows]


def list_open_cases(db: Database) -> list[int]:
    """Return the numbers of all cases with something left to do."""
    return [
        number for (number,) in fetch_rows(db, f"SELECT number FROM cases WHERE status IN ({_OPEN_CASE})")
    ]


_DUE = f"""
    SELECT {columns(SlaClock, "k.")}, c.kind, c.severity, c.status, c.title, c.escalation,
        coalesce(a.name, '') AS assignee,
        c.origin = 'own' OR EXISTS (
            SELECT 1 FROM case_events AS e WHERE e.case_number = c.number AND e.type <> 'imported'
        ) AS is_ours
    FROM sla_clocks AS k JOIN cases AS c ON c.number = k.case_number
    LEFT JOIN agents AS a ON a.id = c.assignee_id
"""


def list_due_clocks(
    db: Database, *, now: str, near_too: bool = True, assignee_id: int | None = None, limit: int = -1
) -> list[DueClock]:
    """Return open clocks that are missed, and with ``near_too`` those that are near, the earliest due first."""
    near = "OR k.warn_at <= :now" if near_too else ""
    return fetch(
        db,
        DueClock,
        f"""{_DUE} WHERE {_RUNS} AND (k.due_at < :now {near})
            AND (:assignee_id IS NULL OR c.assignee_id = :assignee_id)
        ORDER BY k.due_at, k.case_number, k.metric LIMIT :limit""",
        {"now": now, "assignee_id": assignee_id, "limit": limit},
    )


def list_running_clocks(db: Database, *, assignee_id: int | None = None, limit: int = -1) -> list[DueClock]:
    """Return all open clocks, the earliest due first and paused ones last."""
    return fetch(
        db,
        DueClock,
        f"""{_DUE} WHERE {_RUNS} AND (:assignee_id IS NULL OR c.assignee_id = :assignee_id)
        ORDER BY k.due_at IS NULL, k.due_at, k.case_number, k.metric LIMIT :limit""",
        {"assignee_id": assignee_id, "limit": limit},
    )


def mark_clock(db: Database, clock: DueClock, *, warned_at: str | None, escalated_at: str | None) -> None:
    """Note when people were warned and told of a clock; None leaves what is there."""
    execute(
        db,
        """UPDATE sla_clocks SET warned_at = coalesce(:warned_at, warned_at),
            escalated_at = coalesce(:escalated_at, escalated_at)
        WHERE case_number = :number AND (metric, cycle, turn) = (:metric, :cycle, :turn)""",
        {
            "warned_at": warned_at,
            "escalated_at": escalated_at,
            "number": clock.case_number,
            "metric": clock.metric,
            "cycle": clock.cycle,
            "turn": clock.turn,
        },
    )
