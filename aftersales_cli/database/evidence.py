"""Files kept as evidence of a case."""

from collections.abc import Mapping

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, fetch, fetch_one
from aftersales_cli.database.rows import insert_row
from aftersales_cli.records.returns import Evidence

_EVIDENCE = columns(Evidence)


def find_evidence(db: Database, case_number: int, sha256: str) -> Evidence | None:
    """Return the file of a case with this content."""
    return fetch_one(
        db,
        Evidence,
        f"SELECT {_EVIDENCE} FROM evidence WHERE case_number = :number AND sha256 = :sha256",
        {"number": case_number, "sha256": sha256},
    )


def insert_evidence(db: Database, values: Mapping[str, object]) -> int:
    """Add a file; ``values`` maps all columns but the id to what they hold."""
    return insert_row(db, "evidence", values)


def list_evidence(db: Database, case_number: int) -> list[Evidence]:
    """Return the files of a case, earliest first."""
    sql = f"SELECT {_EVIDENCE} FROM evidence WHERE case_number = :number ORDER BY id"
    return fetch(db, Evidence, sql, {"number": case_number})
