"""Rejected rows on their way back: handed out under their file's header, and marked once they are mended or dismissed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_rows
from aftersales_cli.database.imports import OPEN_REJECT, REJECT_PLACE, REJECTS

Place = tuple[int, int]
"""Import and row number of the file a rejected row first stood in."""


@dataclass(frozen=True)
class OpenReject:
    """A rejected row that nobody has mended or dismissed, with what is needed to hand it back."""

    id: int
    import_id: int
    file_name: str
    format: str
    storefront: str
    header: str
    """The file's own header as a JSON list."""
    mapping: str
    """The mapping its file was read with, if it is no format's, as JSON."""
    row_number: int
    column_name: str
    reason: str
    raw: str
    """The cells as a JSON list of texts."""

    @property
    def place(self) -> Place:
        """Where the row first stood."""
        return self.import_id, self.row_number


def keep_header(db: Database, import_id: int, header: Sequence[str]) -> None:
    """Keep a file's header with its import, for the rows that were rejected."""
    execute(
        db,
        "UPDATE imports SET header = :header WHERE id = :id",
        {"id": import_id, "header": json.dumps(list(header), ensure_ascii=False)},
    )


def list_open_rejects(db: Database) -> list[OpenReject]:
    """Return the rejected rows nobody has mended or dismissed, by import and row of their first file."""
    elsewhere = {
        **REJECT_PLACE,
        **{name: f"i.{name}" for name in ("format", "header", "mapping")},
        "storefront": "s.code",
    }
    names = ", ".join(
        f"{elsewhere[name]} AS {name}" if name in elsewhere else f"r.{name}"
        for name in columns(OpenReject).split(", ")
    )
    return fetch(
        db,
        OpenReject,
        f"""SELECT {names} FROM {REJECTS} JOIN storefronts AS s ON s.id = i.storefront_id
        WHERE {OPEN_REJECT} ORDER BY {REJECT_PLACE["import_id"]}, {REJECT_PLACE["row_number"]}, r.id""",
    )


@dataclass(frozen=True)
class Source:
    """What a file handed back has to know of the import its rows came from."""

    mapping: str
    storefront_named: bool


def find_source(db: Database, import_id: int) -> Source | None:
    """Return how the file of an import was read, None if there is no such import."""
    rows = fetch_rows(db, "SELECT mapping, storefront_named FROM imports WHERE id = :id", {"id": import_id})
    return Source(rows[0][0], bool(rows[0][1])) if rows else None


def list_rows_rejected_by(db: Database, import_id: int) -> dict[int, int]:
    """Return row number → id of the rows one import rejected."""
    rows = fetch_rows(db, "SELECT row_number, id FROM rejects WHERE import_id = :id", {"id": import_id})
    return dict(rows)


def forget_rejects(db: Database, ids: Iterable[int]) -> None:
    """Delete rejected rows that say the same as ones that are kept already."""
    for number in ids:
        execute(db, "DELETE FROM rejects WHERE id = :id", {"id": number})


def keep_places(db: Database, places: Mapping[int, Place]) -> None:
    """Note for rejected rows (by id) in which import and row they first stood."""
    for number, (import_id, row_number) in places.items():
        execute(
            db,
            "UPDATE rejects SET origin_import = :import_id, origin_row = :row_number WHERE id = :id",
            {"id": number, "import_id": import_id, "row_number": row_number},
        )


_AT_PLACE = """COALESCE(origin_import, import_id) = :import_id AND COALESCE(origin_row, row_number) = :row_number
    AND fixed_at IS NULL AND dismissed_at IS NULL"""


def mark_mended(db: Database, rows: Iterable[Place], *, by_import: int, stamp: str) -> int:
    """Mark rejected rows as mended by an import; returns how many were open until now."""
    return sum(
        execute(
            db,
            f"""UPDATE rejects SET fixed_at = :stamp, fixed_by_import = :by_import
            WHERE {_AT_PLACE} AND import_id <> :by_import""",
            {"stamp": stamp, "by_import": by_import, "import_id": import_id, "row_number": row_number},
        )
        for import_id, row_number in rows
    )


def dismiss_places(db: Database, rows: Iterable[Place], *, by_import: int | None, stamp: str) -> int:
    """Dismiss rejected rows for good, or until ``by_import`` is undone; returns how many were open until now."""
    return sum(
        execute(
            db,
            f"UPDATE rejects SET dismissed_at = :stamp, dismissed_by_import = :by_import WHERE {_AT_PLACE}",
            {"stamp": stamp, "by_import": by_import, "import_id": import_id, "row_number": row_number},
        )
        for import_id, row_number in rows
    )


def dismiss_rejects(db: Database, ids: Iterable[int], *, stamp: str) -> int:
    """Dismiss rejected rows by their ids; returns how many were open until now."""
    return sum(
        execute(
            db,
            "UPDATE rejects SET dismissed_at = :stamp WHERE id = :id AND fixed_at IS NULL AND dismissed_at IS NULL",
            {"id": number, "stamp": stamp},
        )
        for number in ids
    )


def reopen_rejects(db: Database, import_id: int) -> None:
    """Open the rows again that an import, which is taken back, had mended or dismissed.

    Those that it rejected once more and that were settled since stay settled.
    """
    values = {"id": import_id}
    execute(
        db,
        """UPDATE rejects SET fixed_at = later.fixed_at, fixed_by_import = later.fixed_by_import,
            dismissed_at = later.dismissed_at, dismissed_by_import = later.dismissed_by_import
        FROM rejects AS later
        WHERE rejects.fixed_by_import = :id AND later.import_id = :id
          AND later.origin_import = COALESCE(rejects.origin_import, rejects.import_id)
          AND later.origin_row = COALESCE(rejects.origin_row, rejects.row_number)""",
        values,
    )
    execute(
        db, "UPDATE rejects SET fixed_at = NULL, fixed_by_import = NULL WHERE fixed_by_import = :id", values
    )
    execute(
        db,
        "UPDATE rejects SET dismissed_at = NULL, dismissed_by_import = NULL WHERE dismissed_by_import = :id",
        values,
    )
