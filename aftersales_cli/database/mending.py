"""Rejected rows on their way back: handed out under their file's header, and marked once they are mended."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch


@dataclass(frozen=True)
class OpenReject:
    """A rejected row that nobody has mended, with what is needed to hand it back."""

    import_id: int
    file_name: str
    format: str
    storefront: str
    header: str
    """The file's own header as a JSON list."""
    row_number: int
    column_name: str
    reason: str
    raw: str
    """The cells as a JSON list of texts."""


def keep_header(db: Database, import_id: int, header: Sequence[str]) -> None:
    """Keep a file's header with its import, for the rows that were rejected."""
    execute(
        db,
        "UPDATE imports SET header = :header WHERE id = :id",
        {"id": import_id, "header": json.dumps(list(header), ensure_ascii=False)},
    )


def list_open_rejects(db: Database) -> list[OpenReject]:
    """Return the rejected rows nobody has mended, by import and row."""
    names = columns(OpenReject, "r.")
    for table, names_of_table in {"i": ("file_name", "format", "header"), "s": ("storefront",)}.items():
        for name in names_of_table:
            column = "s.code AS storefront" if table == "s" else f"i.{name}"
            names = names.replace(f"r.{name}", column)
    return fetch(
        db,
        OpenReject,
        f"""SELECT {names} FROM rejects AS r JOIN imports AS i ON i.id = r.import_id
        JOIN storefronts AS s ON s.id = i.storefront_id
        WHERE r.fixed_at IS NULL AND i.undone_at IS NULL ORDER BY r.import_id, r.row_number, r.id""",
    )


def mark_mended(db: Database, rows: Sequence[tuple[int, int]], *, by_import: int, stamp: str) -> int:
    """Mark rejected rows (import, row number) as mended by an import; returns how many were open until now."""
    return sum(
        execute(
            db,
            """UPDATE rejects SET fixed_at = :stamp, fixed_by_import = :by_import
            WHERE import_id = :import_id AND row_number = :row_number AND fixed_at IS NULL
              AND import_id <> :by_import""",
            {"stamp": stamp, "by_import": by_import, "import_id": import_id, "row_number": row_number},
        )
        for import_id, row_number in rows
    )
