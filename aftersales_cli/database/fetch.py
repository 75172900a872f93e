"""Turn query results into records."""

import sqlite3
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlite_utils import Database

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record")
Parameters = Mapping[str, Any]


@cache
def _shape(record: Hashable) -> tuple[tuple[str, ...], frozenset[str]]:
    entries = fields(cast("type[DataclassInstance]", record))
    return (
        tuple(entry.name for entry in entries),
        frozenset(entry.name for entry in entries if entry.type in (bool, "bool")),
    )


def field_names(record: type[Any]) -> tuple[str, ...]:
    """Return a record's field names."""
    return _shape(cast("Hashable", record))[0]


def columns(record: type[Any], prefix: str = "") -> str:
    """Return a record's field names as a column list, e.g. ``c.number, c.kind`` for prefix ``c.``."""
    return ", ".join(prefix + name for name in field_names(record))


def iterate(
    db: Database, record: type[Record], sql: str, params: Parameters | None = None
) -> Iterator[Record]:
    """Yield a record for each row; the query's columns must be the record's fields, in any order."""
    cursor: sqlite3.Cursor = db.conn.execute(sql, params or {})
    names = [entry[0] for entry in cursor.description]
    flags = _shape(cast("Hashable", record))[1]
    if not flags:
        for row in cursor:
            yield record(**dict(zip(names, row, strict=True)))
        return
    for row in cursor:
        values = dict(zip(names, row, strict=True))
        for name in flags:
            values[name] = bool(values[name])
        yield record(**values)


def fetch(db: Database, record: type[Record], sql: str, params: Parameters | None = None) -> list[Record]:
    """Return all rows as records; the cursor is closed, so that it blocks no writer."""
    return list(iterate(db, record, sql, params))


def fetch_one(
    db: Database, record: type[Record], sql: str, params: Parameters | None = None
) -> Record | None:
    """Return the first row as a record, None if there is none."""
    found = fetch(db, record, sql, params)
    return found[0] if found else None


def fetch_value(db: Database, sql: str, params: Parameters | None = None) -> Any:
    """Return the first column of the first row, None if there is none."""
    row = db.conn.execute(sql, params or {}).fetchone()
    return row[0] if row else None


def fetch_rows(db: Database, sql: str, params: Parameters | None = None) -> list[tuple[Any, ...]]:
    """Return all rows as plain tuples."""
    return db.conn.execute(sql, params or {}).fetchall()


def execute(db: Database, sql: str, params: Parameters | None = None) -> int:
    """Run one writing statement and return the number of rows it changed; only inside ``Shop.writing``."""
    assert db.conn.in_transaction, "writes go through Shop.writing"
    return db.conn.execute(sql, params or {}).rowcount


def insert(db: Database, sql: str, params: Parameters) -> int:
    """Run one INSERT and return the new row's id; only inside ``Shop.writing``."""
    assert db.conn.in_transaction, "writes go through Shop.writing"
    row_id = db.conn.execute(sql, params).lastrowid
    assert row_id is not None
    return row_id
