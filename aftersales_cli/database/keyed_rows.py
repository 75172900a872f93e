"""Rows of files that are not orders: stored once by their key, changed only by a file that is not older."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, insert

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True)
class KeyedTable:
    """A table whose columns are a record's fields, beside ``id`` and the import columns."""

    name: str
    key: tuple[str, ...]
    """The fields that tell a row from others."""
    derived: tuple[str, ...] = ()
    """Fields found by joining: another value alone makes no change."""
    kept: tuple[str, ...] = ()
    """Fields that an empty value does not overwrite: not every file has the column."""


NEW, UPDATED, UNCHANGED, OLDER = "new", "updated", "unchanged", "older"
_NEVER_COMPARED = ("as_of",)


class KeyedRows:
    """Stores the rows of one import; only inside ``Shop.writing``."""

    def __init__(self, db: Database, import_id: int | None) -> None:
        self._db = db
        self._import_id = import_id
        self._met: set[int] = set()
        """Earlier imports whose rows this one holds again: they cannot be undone before it."""

    def store(self, table: KeyedTable, record: "DataclassInstance") -> str:
        """Insert or update one record; returns ``new``, ``updated``, ``unchanged`` or ``older``.

        ``older`` means that it says something else, but its ``as_of`` lies before that of the stored row,
        which stays.
        """
        values = asdict(record)
        match = " AND ".join(f"{name} = :{name}" for name in table.key)
        row = self._db.conn.execute(
            f"SELECT {columns(type(record))}, id, created_by_import, changed_by_import FROM {table.name} WHERE {match}",
            values,
        ).fetchone()
        if row is None:
            names = [*values, "created_by_import", "changed_by_import"]
            marks = ", ".join(f":{name}" for name in names)
            sql = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"
            insert(
                self._db,
                sql,
                {**values, "created_by_import": self._import_id, "changed_by_import": self._import_id},
            )
            return NEW
        self._meet(row[-2:])
        stored: dict[str, Any] = dict(zip(values, row, strict=False))
        ignored = {*_NEVER_COMPARED, *table.derived}
        ignored.update(name for name in table.kept if not values[name])
        changed = [name for name in values if name not in ignored and values[name] != stored[name]]
        if not changed:
            return UNCHANGED
        if values["as_of"] < stored["as_of"]:
            return OLDER
        self._update(table, row[-3], changed, values)
        return UPDATED

    def _update(self, table: KeyedTable, row_id: int, changed: list[str], values: dict[str, Any]) -> None:
        setting = ", ".join(f"{name} = :{name}" for name in [*changed, "as_of", "changed_by_import"])
        if "order_external_id" in changed:
            setting += ", order_id = NULL"  # found anew by join_other_rows
        parameters = {**values, "id": row_id, "changed_by_import": self._import_id}
        execute(self._db, f"UPDATE {table.name} SET {setting} WHERE id = :id", parameters)

    def _meet(self, imports: tuple[int | None, ...]) -> None:
        for earlier in {*imports} - self._met - {None, self._import_id}:
            if earlier is None or self._import_id is None:
                continue
            self._met.add(earlier)
            execute(
                self._db,
                "INSERT OR IGNORE INTO import_overlaps (later_import, earlier_import) VALUES (:later, :earlier)",
                {"later": self._import_id, "earlier": earlier},
            )
