"""Cases that were passed up, as those see them who were told."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import fetch, fetch_value
from aftersales_cli.records.cases import OPEN_STATUSES
from aftersales_cli.records.desk_rows import EscalatedCase

_OPEN = ", ".join(f"'{status}'" for status in OPEN_STATUSES)


def list_escalated(db: Database, agent_code: str, role: str) -> list[EscalatedCase]:
    """Return the open cases this employee was told of and has not passed on, the gravest complaints first."""
    sql = f"""
        SELECT c.number, c.kind, c.severity, c.title, e.at AS escalated_at, e.actor, e.note
        FROM case_events AS e JOIN cases AS c ON c.number = e.case_number
        WHERE c.escalation > 0 AND c.status IN ({_OPEN}) AND e.type = 'escalated'
            AND ((e.field = 'agent' AND e.after = :code) OR (e.field = 'role' AND e.after = :role))
            AND e.seq = (SELECT max(x.seq) FROM case_events AS x WHERE x.case_number = c.number
                AND x.type = 'escalated' AND ((x.field = 'agent' AND x.after = :code)
                    OR (x.field = 'role' AND x.after = :role)))
            AND NOT EXISTS (SELECT 1 FROM case_events AS y WHERE y.case_number = c.number
                AND y.type = 'escalated' AND y.actor = :code AND y.seq > e.seq)
        ORDER BY c.severity <> 'L4', e.at, c.number"""
    return fetch(db, EscalatedCase, sql, {"code": agent_code, "role": role})


def was_told(db: Database, number: int, *, field: str, target: str) -> bool:
    """Return whether a case was passed to this role or employee before; ``field`` is ``role`` or ``agent``."""
    sql = (
        "SELECT count(*) FROM case_events WHERE case_number = :number AND type = 'escalated' "
        "AND field = :field AND after = :target"
    )
    return bool(fetch_value(db, sql, {"number": number, "field": field, "target": target}))
