"""Add rows, and change rows that have a status: only while they still have the one somebody saw."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute, field_names, insert


@dataclass(frozen=True)
class StatusTable:
    """A table whose columns are a record's fields; one of them is its status."""

    name: str
    record: type
    fixed: Collection[str]
    """Fields that stay as they were when the row was added, beside the key."""
    key: str = "id"

    @cached_property
    def changeable(self) -> frozenset[str]:
        """The columns that may be set."""
        return frozenset(field_names(self.record)) - {self.key, *self.fixed}


def insert_row(db: Database, table: str, values: Mapping[str, object]) -> int:
    """Add a row and return its id; ``values`` maps columns to what they hold, others take their defaults."""
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    return insert(db, f"INSERT INTO {table} ({names}) VALUES ({marks})", dict(values))


def change_guarded(
    db: Database, table: StatusTable, key: int, *, expected: str, changes: Mapping[str, object]
) -> bool:
    """Set columns if the row still has the expected status; tell whether it had."""
    assert changes.keys() <= table.changeable, (
        f"not to be changed: {sorted(changes.keys() - table.changeable)}"
    )
    # A row without changes is still checked: "nothing to change" must not hide a lost race.
    assignments = ", ".join(f"{name} = :{name}" for name in changes) or f"{table.key} = {table.key}"
    sql = f"UPDATE {table.name} SET {assignments} WHERE {table.key} = :row_key AND status = :expected_status"
    return execute(db, sql, {**changes, "row_key": key, "expected_status": expected}) == 1
