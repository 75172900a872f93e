"""Hand-offs: questions to other departments and their answers."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_value, insert
from aftersales_cli.records.desk import Handoff
from aftersales_cli.records.desk_rows import HandoffRow

_COLUMNS = columns(Handoff)
_ROWS = """
    SELECT h.id, h.case_number, c.title AS case_title, h.department, coalesce(a.name, '') AS assignee,
        h.question, h.asked_at, coalesce(b.name, h.asked_by) AS asked_by, h.due_at, h.done_at,
        coalesce(d.name, h.done_by) AS done_by, h.answer, h.withdrawn, h.revision
    FROM handoffs AS h
    JOIN cases AS c ON c.number = h.case_number
    LEFT JOIN agents AS a ON a.id = h.assignee_id
    LEFT JOIN agents AS b ON b.code = h.asked_by
    LEFT JOIN agents AS d ON d.code = h.done_by"""


def insert_handoff(
    db: Database,
    number: int,
    *,
    department: str,
    assignee_id: int | None,
    question: str,
    asked_at: str,
    asked_by: str,
    due_at: str,
) -> int:
    """Add an open question to a department and return its id."""
    return insert(
        db,
        "INSERT INTO handoffs (case_number, department, assignee_id, question, asked_at, asked_by, due_at) "
        "VALUES (:number, :department, :assignee_id, :question, :asked_at, :asked_by, :due_at)",
        {
            "number": number,
            "department": department,
            "assignee_id": assignee_id,
            "question": question,
            "asked_at": asked_at,
            "asked_by": asked_by,
            "due_at": due_at,
        },
    )


def get_handoff(db: Database, handoff_id: int) -> Handoff | None:
    """Return the hand-off with this id."""
    return fetch_one(db, Handoff, f"SELECT {_COLUMNS} FROM handoffs WHERE id = :id", {"id": handoff_id})


def list_case_handoffs(db: Database, number: int) -> list[Handoff]:
    """Return the hand-offs of a case, earliest question first."""
    sql = f"SELECT {_COLUMNS} FROM handoffs WHERE case_number = :number ORDER BY asked_at, id"
    return fetch(db, Handoff, sql, {"number": number})


def end_handoff(
    db: Database, handoff_id: int, *, revision: int, done_at: str, done_by: str, answer: str, withdrawn: bool
) -> bool:
    """Answer or withdraw a hand-off if it is open and still of this revision; tell whether it was."""
    changed = execute(
        db,
        "UPDATE handoffs SET done_at = :done_at, done_by = :done_by, answer = :answer, withdrawn = :withdrawn, "
        "revision = revision + 1 WHERE id = :id AND revision = :revision AND done_at IS NULL",
        {
            "id": handoff_id,
            "revision": revision,
            "done_at": done_at,
            "done_by": done_by,
            "answer": answer,
            "withdrawn": int(withdrawn),
        },
    )
    return changed == 1


def move_handoff(db: Database, handoff_id: int, *, case_number: int) -> None:
    """Let a hand-off go on with another case; lists that were written before stay good."""
    execute(
        db,
        "UPDATE handoffs SET case_number = :case_number WHERE id = :id",
        {"id": handoff_id, "case_number": case_number},
    )


def list_handoffs(
    db: Database,
    *,
    only_open: bool = False,
    overdue_at: str = "",
    department: str = "",
    case_number: int | None = None,
) -> list[HandoffRow]:
    """Return hand-offs, the one due first on top.

    ``overdue_at`` is a stored moment: only those still open whose time was over by then.
    """
    conditions = ["1 = 1"]
    if only_open or overdue_at:
        conditions.append("h.done_at IS NULL")
    if overdue_at:
        conditions.append("h.due_at < :overdue_at")
    if department:
        conditions.append("h.department = :department")
    if case_number is not None:
        conditions.append("h.case_number = :case_number")
    params = {"overdue_at": overdue_at, "department": department, "case_number": case_number}
    return fetch(db, HandoffRow, f"{_ROWS} WHERE {' AND '.join(conditions)} ORDER BY h.due_at, h.id", params)


def count_overdue_handoffs(db: Database, now: str) -> int:
    """Return how many hand-offs are still open though their time is over."""
    sql = "SELECT count(*) FROM handoffs WHERE done_at IS NULL AND due_at < :now"
    return int(fetch_value(db, sql, {"now": now}))
