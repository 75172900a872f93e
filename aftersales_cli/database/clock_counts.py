"""How many cases are past a promised time, or near one."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import fetch
from aftersales_cli.records.cases import OPEN_STATUSES
from aftersales_cli.records.desk_rows import ClockCounts

_OPEN = ", ".join(f"'{status}'" for status in OPEN_STATUSES)


def count_clocks(db: Database, now: str) -> ClockCounts:
    """Count open cases by their worst running clock at a stored moment; one that is paused counts as in time."""
    sql = f"""
        SELECT coalesce(sum(late), 0) AS missed, coalesce(sum(soon AND NOT late), 0) AS near FROM (
            SELECT max(k.due_at < :now) AS late, max(coalesce(k.warn_at, k.due_at) <= :now) AS soon
            FROM sla_clocks AS k JOIN cases AS c ON c.number = k.case_number
            WHERE k.met_at IS NULL AND k.stopped_at IS NULL AND k.is_paused = 0 AND k.due_at IS NOT NULL
                AND c.status IN ({_OPEN})
            GROUP BY k.case_number)"""
    return fetch(db, ClockCounts, sql, {"now": now})[0]
