"""How much the employees have to do."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import fetch
from aftersales_cli.records.cases import OPEN_STATUSES
from aftersales_cli.records.desk import AgentLoad

_OPEN = ", ".join(f"'{status}'" for status in OPEN_STATUSES)


def list_agent_loads(db: Database) -> list[AgentLoad]:
    """Return the active employees with their number of open cases, in the order they came."""
    return fetch(
        db,
        AgentLoad,
        f"""SELECT a.id, a.code, a.name, a.role, a.department, a.languages,
            (SELECT count(*) FROM cases AS c WHERE c.assignee_id = a.id AND c.status IN ({_OPEN})) AS open_cases
        FROM agents AS a WHERE a.active = 1 ORDER BY a.id""",
    )
