"""Goods sent instead of returned, faulty or missing ones."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, fetch, fetch_one
from aftersales_cli.database.rows import StatusTable, change_guarded, insert_row
from aftersales_cli.records.returns import Replacement

_REPLACEMENT = columns(Replacement)
_TABLE = StatusTable("replacements", Replacement, fixed=("case_number", "request_id"))


@dataclass(frozen=True)
class ReplacementRow(Replacement):
    """A replacement as listings show it."""

    order_number: str


def insert_replacement(db: Database, values: Mapping[str, object]) -> int:
    """Add a replacement; ``values`` maps columns to what they hold, others take their defaults."""
    return insert_row(db, "replacements", values)


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
    return change_guarded(db, _TABLE, seen.id, expected=seen.status, changes={"moved_from": "", **changes})
