"""Imports and rejected rows."""

import json
from collections.abc import Callable, Mapping, Sequence

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_rows, fetch_value, insert
from aftersales_cli.records.orders import Import, Reject

_COLUMNS = columns(Import)
_COUNTS = tuple(
    name for name in Import.__dataclass_fields__ if name.endswith(("_new", "_updated", "_unchanged"))
)

Warnings = Sequence[Mapping[str, object]]

OPEN_REJECT = "r.fixed_at IS NULL AND r.dismissed_at IS NULL AND i.undone_at IS NULL"
"""Condition of a rejected row ``r`` of an import ``i`` that still waits for somebody."""
REJECT_PLACE = {
    "import_id": "COALESCE(r.origin_import, r.import_id)",
    "file_name": "COALESCE(o.file_name, i.file_name)",
    "row_number": "COALESCE(r.origin_row, r.row_number)",
}
"""Where a rejected row first stood; ``o`` is the import of that file, if it was handed back since."""
REJECTS = """rejects AS r JOIN imports AS i ON i.id = r.import_id
        LEFT JOIN imports AS o ON o.id = r.origin_import"""


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
    mapping: str = "",
    storefront_named: bool = True,
) -> int:
    """Add an import whose counts are not known yet and return its id."""
    zeros = ", ".join("0" for _name in _COUNTS)
    return insert(
        db,
        f"""INSERT INTO imports (file_name, sha256, format, format_version, platform, encoding, storefront_id,
            imported_at, agent, mapping, storefront_named, warnings, rows_read, rejected, {", ".join(_COUNTS)})
        VALUES (:file_name, :sha256, :format, :version, :platform, :encoding, :storefront_id,
            :stamp, :agent, :mapping, :storefront_named, '[]', 0, 0, {zeros})""",
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
            "mapping": mapping,
            "storefront_named": storefront_named,
        },
    )


def complete_import(
    db: Database,
    import_id: int,
    *,
    rows_read: int,
    rejected: int,
    skipped: int,
    counts: Mapping[str, int],
    warnings: Warnings,
) -> None:
    """Set what an import did; ``counts`` has keys like ``orders_new``."""
    assignments = ", ".join(f"{name} = :{name}" for name in _COUNTS)
    execute(
        db,
        f"""UPDATE imports SET rows_read = :rows_read, rejected = :rejected, skipped = :skipped,
            warnings = :warnings, {assignments}
        WHERE id = :id""",
        {
            "id": import_id,
            "rows_read": rows_read,
            "rejected": rejected,
            "skipped": skipped,
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


def drop_staged_rejects(db: Database, unwanted: Callable[[list[str]], bool]) -> int:
    """Drop rejected rows of the staging table whose cells are ``unwanted``; returns how many."""
    rows = db.conn.execute("SELECT rowid, raw FROM temp.stage_rejects")
    dropped = [(number,) for number, raw in rows if unwanted(json.loads(raw))]
    db.conn.executemany("DELETE FROM temp.stage_rejects WHERE rowid = ?", dropped)
    return len(dropped)


def sample_staged_rejects(db: Database, limit: int) -> list[tuple[int, str, str]]:
    """Return row number, column and reason of the first rejected rows of the staging table."""
    sql = "SELECT row_number, column_name, reason FROM temp.stage_rejects ORDER BY rowid LIMIT :limit"
    return [(number, column, reason) for number, column, reason in fetch_rows(db, sql, {"limit": limit})]


def list_rejects(db: Database, *, import_id: int | None = None, limit: int = 200) -> list[Reject]:
    """Return rejected rows that nobody mended or dismissed, newest import first, with the file they stood in."""
    names = columns(Reject, "r.")
    for name, place in REJECT_PLACE.items():
        names = names.replace(f"r.{name}", f"{place} AS {name}")
    return fetch(
        db,
        Reject,
        f"""SELECT {names} FROM {REJECTS}
        WHERE {OPEN_REJECT} AND (:import_id IS NULL OR :import_id IN (r.import_id, r.origin_import))
        ORDER BY r.import_id DESC, r.row_number LIMIT :limit""",
        {"import_id": import_id, "limit": limit},
    )


def count_open_rejects(db: Database, *, import_id: int | None = None) -> int:
    """Return how many rejected rows nobody has mended or dismissed, of one import or of all."""
    sql = f"""SELECT COUNT(*) FROM {REJECTS}
        WHERE {OPEN_REJECT} AND (:import_id IS NULL OR :import_id IN (r.import_id, r.origin_import))"""
    return int(fetch_value(db, sql, {"import_id": import_id}))


def count_imports(db: Database) -> int:
    """Return how many imports there were, undone ones included."""
    return int(fetch_value(db, "SELECT COUNT(*) FROM imports"))
