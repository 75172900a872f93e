"""What somebody who leaves was to do, beside the cases: planned callbacks and open questions."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute, fetch
from aftersales_cli.records.desk_rows import LeftCallback, LeftHandoff


def list_left_callbacks(db: Database, agent_id: int) -> list[LeftCallback]:
    """Return an employee's open callbacks, the next one first."""
    return fetch(
        db,
        LeftCallback,
        "SELECT id, due_on, case_number FROM callbacks WHERE assignee_id = :agent AND status = 'open' "
        "ORDER BY due_on, id",
        {"agent": agent_id},
    )


def list_left_handoffs(db: Database, agent_id: int) -> list[LeftHandoff]:
    """Return the open questions an employee was asked, the one due first on top."""
    return fetch(
        db,
        LeftHandoff,
        "SELECT id, case_number, department, question, due_at FROM handoffs WHERE assignee_id = :agent "
        "AND done_at IS NULL ORDER BY due_at, id",
        {"agent": agent_id},
    )


def pass_on_handoff(db: Database, handoff_id: int, *, assignee_id: int | None) -> None:
    """Ask somebody else, or with None the whole department; lists that were written before stay good."""
    execute(
        db,
        "UPDATE handoffs SET assignee_id = :assignee_id WHERE id = :id",
        {"id": handoff_id, "assignee_id": assignee_id},
    )
