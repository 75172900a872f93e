"""Goods sent instead of returned, faulty or missing ones."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, insert
from aftersales_cli.records.returns import Replacement

_REPLACEMENT = columns(Replacement)
_CHANGEABLE = frozenset(entry.name for entry in fields(Replacement)) - {"id", "case_number", "request_id"}


@dataclass(frozen=True)
class ReplacementRow(Replacement):
    """A replacement as listings show it."""

    order_number: str


def insert_replacement(db: Database, values: Mapping[str, object]) -> int:
    """Add a replacement; ``values`` maps columns to what they hold, others take their defaults."""
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    return insert(db, f"INSERT INTO replacements ({names}) VALUES ({marks})", dict(values))


def get_replacement(db: Database, replacement_id: int) -> Replacement | None:
    """Return the replacement with this number."""
    sql = f"SELECT {_REPLACEMENT} FROM replacements WHERE id = :id"
    return fetch_one(db, Replacement, sql, {"id": replacement_id})


def list_replacements(
    db: Database,
    *,
    status: str = "",
    case_number: int | None = None,
    only_open: bool = False,
    limit: int = 50,
) -> list[ReplacementRow]:
    """Return replacements, newest first; ``only_open`` leaves out what is delivered or void."""
    return fetch(
        db,
        ReplacementRow,
        f"""SELECT {columns(Replacement, "p.")}, coalesce(o.external_id, c.order_external_id) AS order_number
        FROM replacements AS p JOIN cases AS c ON c.number = p.case_number
        LEFT JOIN orders AS o ON o.id = c.order_id
        WHERE (:status = '' OR p.status = :status) AND (:number IS NULL OR p.case_number = :number)
          AND (NOT :only_open OR p.status IN ('reserved', 'shipped'))
        ORDER BY p.id DESC LIMIT :limit""",
        {"status": status, "number": case_number, "only_open": only_open, "limit": limit},
    )


def change_replacement(db: Database, seen: Replacement, changes: Mapping[str, object]) -> bool:
    """Set columns if the replacement still has the state of ``seen``; tell whether it had."""
    assert changes.keys() <= _CHANGEABLE, f"not to be changed: {sorted(changes.keys() - _CHANGEABLE)}"
    values = {"moved_from": "", **changes}
    assignments = ", ".join(f"{name} = :{name}" for name in values)
    sql = f"UPDATE replacements SET {assignments} WHERE id = :replacement_id AND status = :seen_status"
    return execute(db, sql, {**values, "replacement_id": seen.id, "seen_status": seen.status}) == 1
