"""Rows of forms that customers filled in, and the cases they became."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute, fetch_value


def find_request_case(db: Database, code: str) -> int | None:
    """Return the case a row became before, None for a new row."""
    found: int | None = fetch_value(
        db, "SELECT case_number FROM request_rows WHERE code = :code", {"code": code}
    )
    return found


def insert_request(db: Database, code: str, case_number: int, *, taken_at: str) -> None:
    """Remember which case a row became."""
    execute(
        db,
        "INSERT INTO request_rows (code, case_number, taken_at) VALUES (:code, :number, :taken_at)",
        {"code": code, "number": case_number, "taken_at": taken_at},
    )
