"""What the database file says about its own state."""

import sqlite3

from sqlite_utils import Database

from aftersales_cli.database.fetch import fetch_rows, fetch_value
from aftersales_cli.database.search import find_search_faults

_MOST_FAULTS = 20

StorageFault = sqlite3.DatabaseError
"""What is raised when the database file turns out to be damaged while it is read."""


def find_damage(db: Database) -> list[str]:
    """Return what SQLite's quick check, the foreign keys and the search index complain about; empty if all is well."""
    try:
        found = [str(row[0]) for row in fetch_rows(db, f"PRAGMA quick_check({_MOST_FAULTS})")]
        orphans = fetch_rows(db, "PRAGMA foreign_key_check")
        searching = find_search_faults(db)
    except sqlite3.DatabaseError as error:
        return [str(error)]
    faults = [] if found == ["ok"] else found
    faults += [f"{table} {row_id} -> {parent}" for table, row_id, parent, _ in orphans[:_MOST_FAULTS]]
    return faults + searching


def journal_mode(db: Database) -> str:
    """Return the journal mode in use, e.g. ``wal`` or ``delete``."""
    return str(fetch_value(db, "PRAGMA journal_mode"))


def founded_at(db: Database) -> str | None:
    """Return the moment of the first entry in the audit log."""
    found = fetch_value(db, "SELECT min(at) FROM audit_log")
    return None if found is None else str(found)


def fold_in_wal(db: Database) -> None:
    """Move what stands in the -wal file into the database file; without effect in other journal modes."""
    fetch_rows(db, "PRAGMA wal_checkpoint(TRUNCATE)")
