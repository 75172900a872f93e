"""Opening: the safe journal for each SQLite, migrations from every earlier state, nothing by accident."""

import os
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from aftersales_cli.database.migrations import MIGRATIONS, known_migrations
from aftersales_cli.database.opening import choose_journal, create_database, open_database, wal_is_safe
from aftersales_cli.errors import DatabaseError, FileError


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 4), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 1), True),
    ],
)
def test_wal_is_used_only_where_the_reset_fault_is_mended(version: tuple[int, int, int], safe: bool) -> None:
    assert wal_is_safe(version) is safe
    assert choose_journal("auto", version) == (("wal", "FULL") if safe else ("delete", "EXTRA"))
    assert choose_journal("wal", version) == ("wal", "FULL")
    assert choose_journal("delete", version) == ("delete", "EXTRA")


def test_a_new_database_is_private_strict_and_guarded(tmp_path: Path) -> None:
    database = create_database(tmp_path / "a.db")
    if os.name != "nt":
        assert (tmp_path / "a.db").stat().st_mode & 0o777 == 0o600
    pragmas = {
        name: database.conn.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("foreign_keys", "recursive_triggers", "trusted_schema", "synchronous", "busy_timeout")
    }
    assert pragmas["foreign_keys"] == pragmas["recursive_triggers"] == 1
    assert pragmas["trusted_schema"] == 0
    assert pragmas["synchronous"] in {2, 3}
    assert pragmas["busy_timeout"] == 30000
    loose = database.conn.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 "
        "AND name NOT LIKE 'sqlite_%' AND name <> '_sqlite_migrations'"
    ).fetchall()
    assert loose == []
    database.close()


def test_a_mistyped_path_makes_no_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError):
        open_database(tmp_path / "nowhere.db")
    assert list(tmp_path.iterdir()) == []


def test_a_database_is_never_made_over_another(tmp_path: Path) -> None:
    create_database(tmp_path / "a.db").close()
    with pytest.raises(FileError):
        create_database(tmp_path / "a.db")


@pytest.mark.parametrize("stop", [*sorted(known_migrations()), None])
def test_a_database_of_every_earlier_version_is_brought_up_to_date(stop: str | None, tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path, isolation_level=None)
    MIGRATIONS.apply(Database(connection, execute_plugins=False), stop_before=stop)
    connection.close()
    database = open_database(path)
    applied = {migration.name for migration in MIGRATIONS.applied(database)}
    assert applied == known_migrations()
    assert database.conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    database.close()


def test_the_first_schema_is_never_edited() -> None:
    """Its digest is fixed once released; later changes are further migrations."""
    import hashlib

    from aftersales_cli.database.schema_1 import STATEMENTS

    digest = hashlib.sha256(
        "\n".join(" ".join(statement.split()) for statement in STATEMENTS).encode()
    ).hexdigest()
    assert digest == (Path(__file__).parent / "schema_1.sha256").read_text("utf-8").strip()


@pytest.mark.parametrize("table", ["audit_log", "case_events"])
@pytest.mark.parametrize("statement", ["UPDATE {0} SET actor = 'x'", "DELETE FROM {0}"])
def test_logs_are_append_only(table: str, statement: str, tmp_path: Path) -> None:
    database = create_database(tmp_path / "a.db")
    if table == "audit_log":
        database.conn.execute("INSERT INTO audit_log VALUES (1, '2026-11-22T01:00:00Z', 'a', 'b', '', '{}')")
    else:
        database.conn.execute(
            "INSERT INTO cases (number, kind, channel, origin, status, opened_at, opened_on) "
            "VALUES (1, 'other', 'phone', 'own', 'new', '2026-11-22T01:00:00Z', '2026-11-22')"
        )
        database.conn.execute(
            "INSERT INTO case_events (case_number, seq, at, recorded_at, actor, type) "
            "VALUES (1, 1, '2026-11-22T01:00:00Z', '2026-11-22T01:00:00Z', 'a', 'opened')"
        )
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        database.conn.execute(statement.format(table))
    database.close()


@pytest.mark.parametrize("foreign", [False, True])
@pytest.mark.parametrize("read_only", [False, True])
def test_an_empty_or_foreign_file_is_never_made_a_shop(
    foreign: bool, read_only: bool, tmp_path: Path
) -> None:
    path = tmp_path / "a.db"
    path.touch()
    if foreign:
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE recipes (name)")
        connection.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseError) as caught:
        open_database(path, read_only=read_only)
    assert "empty" in caught.value.message
    assert "backup" in caught.value.remedy
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.db"]
