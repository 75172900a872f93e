"""Imports and rejected rows."""

import json
from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_value, insert
from aftersales_cli.records.orders import Import, Reject

_COLUMNS = columns(Import)
_COUNTS = tuple(
    name for name in Import.__dataclass_fields__ if name.endswith(("_new", "_updated", "_unchanged"))
)

Warnings = Sequence[Mapping[str, object]]


def find_import(db: Database, sha256: str) -> Import | None:
    """Return the import of a file with these very bytes, if it was not undone."""
    sql = f"SELECT {_COLUMNS} FROM imports WHERE sha256 = :sha256 AND undone_at IS NULL"
    return fetch_one(db, Import, sql, {"sha256": sha256})


def list_imports(db: Database, limit: int = 50) -> list[Import]:
    """Return the latest imports, newest first."""
    sql = f"SELECT {_COLUMNS} FROM imports ORDER BY id DESC LIMIT :limit"
    return fetch(db, Import, sql, {"limit": limit})


def insert_import(
    db: Database,
    *,
    file_name: str,
    sha256: str,
    fmt: str,
    version: int,
    platform: str,
    encoding: str,
    storefront_id: int,
    stamp: str,
    agent: str,
) -> int:
    """Add an import whose counts are not known yet and return its id."""
    zeros = ", ".join("0" for _name in _COUNTS)
    return insert(
        db,
        f"""INSERT INTO imports (file_name, sha256, format, format_version, platform, encoding, storefront_id,
            imported_at, agent, warnings, rows_read, rejected, {", ".join(_COUNTS)})
        VALUES (:file_name, :sha256, :format, :version, :platform, :encoding, :storefront_id,
            :stamp, :agent, '[]', 0, 0, {zeros})""",
        {
            "file_name": file_name,
            "sha256": sha256,
            "format": fmt,
            "version": version,
            "platform": platform,
            "encoding": encoding,
            "storefront_id": storefront_id,
            "stamp": stamp,
            "agent": agent,
        },
    )


def complete_import(
    db: Database,
    import_id: int,
    *,
    rows_read: int,
    rejected: int,
    counts: Mapping[str, int],
    warnings: Warnings,
) -> None:
    """Set what an import did; ``counts`` has keys like ``orders_new``."""
    assignments = ", ".join(f"{name} = :{name}" for name in _COUNTS)
    execute(
        db,
        f"""UPDATE imports SET rows_read = :rows_read, rejected = :rejected, warnings = :warnings, {assignments}
        WHERE id = :id""",
        {
            "id": import_id,
            "rows_read": rows_read,
            "rejected": rejected,
            "warnings": json.dumps(list(warnings), ensure_ascii=False),
            **{name: counts.get(name, 0) for name in _COUNTS},
        },
    )


def insert_rejects(
    db: Database, import_id: int, sheet: str, rejects: Sequence[tuple[int, str, str, str]]
) -> None:
    """Keep the rows that could not be taken: row number, column, reason, raw cells."""
    assert db.conn.in_transaction, "writes go through Shop.writing"
    db.conn.executemany(
        "INSERT INTO rejects (import_id, sheet, row_number, column_name, reason, raw) VALUES (?, ?, ?, ?, ?, ?)",
        [(import_id, sheet, *reject) for reject in rejects],
    )


def insert_staged_rejects(db: Database, import_id: int, sheet: str) -> None:
    """Keep the rejected rows of the staging table."""
    execute(
        db,
        """INSERT INTO rejects (import_id, sheet, row_number, column_name, reason, raw)
        SELECT :import_id, :sheet, row_number, column_name, reason, raw FROM temp.stage_rejects ORDER BY rowid""",
        {"import_id": import_id, "sheet": sheet},
    )


def list_rejects(db: Database, *, import_id: int | None = None, limit: int = 200) -> list[Reject]:
    """Return rejected rows that were not mended, newest import first, with their file's name."""
    return fetch(
        db,
        Reject,
        f"""SELECT {columns(Reject, "r.").replace("r.file_name", "i.file_name")}
        FROM rejects AS r JOIN imports AS i ON i.id = r.import_id
        WHERE r.fixed_at IS NULL AND i.undone_at IS NULL AND (:import_id IS NULL OR r.import_id = :import_id)
        ORDER BY r.import_id DESC, r.row_number LIMIT :limit""",
        {"import_id": import_id, "limit": limit},
    )


def count_open_rejects(db: Database) -> int:
    """Return how many rejected rows nobody has mended."""
    sql = """SELECT COUNT(*) FROM rejects AS r JOIN imports AS i ON i.id = r.import_id
        WHERE r.fixed_at IS NULL AND i.undone_at IS NULL"""
    return int(fetch_value(db, sql))
