"""Create and open the shop's database with the safety settings that were measured to hold."""

import sqlite3
import stat
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database

from aftersales_cli.database.migrations import MIGRATIONS, known_migrations
from aftersales_cli.database.search import refresh_search
from aftersales_cli.errors import BusyError, DatabaseError, FileError
from aftersales_cli.language import _
from aftersales_cli.system_texts import explain_fault

MINIMUM_VERSION = (3, 37, 0)
SQLITE_VERSION = sqlite3.sqlite_version_info
"""The version of SQLite this Python brings."""
BUSY_SECONDS = 30

_PRAGMAS = {
    "foreign_keys": 1,
    "busy_timeout": BUSY_SECONDS * 1000,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "secure_delete": 1,
    "recursive_triggers": 1,
    "mmap_size": 0,
    "fullfsync": 1,
    "checkpoint_fullfsync": 1,
}


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Tell whether a SQLite version is free of the WAL-reset fault (3.7.0 to 3.51.2, with back-ports)."""
    if version >= (3, 51, 3):
        return True
    return (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)


def choose_journal(setting: str, version: tuple[int, int, int]) -> tuple[str, str]:
    """Return journal mode and synchronous level that lose no committed write in a power cut.

    ``setting`` is ``auto``, ``wal`` or ``delete``. DELETE needs EXTRA, or the journal's directory entry
    may come back and undo the last commit; WAL needs FULL.
    """
    use_wal = setting == "wal" or (setting == "auto" and wal_is_safe(version))
    return ("wal", "FULL") if use_wal else ("delete", "EXTRA")


def create_database(path: Path, *, journal: str = "auto") -> Database:
    """Make a new database file that only its owner can read, with the current schema."""
    try:
        path.touch(mode=stat.S_IRUSR | stat.S_IWUSR, exist_ok=False)
    except FileExistsError as error:
        raise FileError(_("There is already a database {path}.", path=path)) from error
    except OSError as error:
        raise FileError(
            _("The database {path} cannot be created: {reason}", path=path, reason=explain_fault(error)),
            remedy=_("Choose a folder you may write to, on a disk with free space."),
        ) from error
    return _open(path, journal=journal, read_only=False, is_new=True)


def open_database(path: Path, *, journal: str = "auto", read_only: bool = False) -> Database:
    """Open an existing database and bring its schema up to date.

    Raises DatabaseError if it is missing, empty, damaged, newer than this program, or SQLite is too old;
    BusyError if another process holds it. Nothing is written to a file that is not ours.
    """
    return _open(path, journal=journal, read_only=read_only, is_new=False)


def _open(path: Path, *, journal: str, read_only: bool, is_new: bool) -> Database:
    if sqlite3.sqlite_version_info < MINIMUM_VERSION:
        raise DatabaseError(
            _("SQLite {version} is too old; 3.37 or newer is needed.", version=sqlite3.sqlite_version),
            remedy=_("Install a newer Python, which brings its own SQLite."),
        )
    if not path.is_file():
        raise DatabaseError(
            _("There is no database {path}.", path=path),
            remedy=_("Make a shop with “aftersales init DIR”, or restore a backup."),
        )
    mode = "ro" if read_only else "rw"
    try:
        connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode={mode}", uri=True, isolation_level=None, timeout=BUSY_SECONDS
        )
        database = Database(connection, execute_plugins=False)
        if not is_new:
            _require_ours(database, path)
        _apply_pragmas(database, journal=journal, read_only=read_only)
        if not read_only:
            _migrate(database, path)
    except sqlite3.OperationalError as error:
        raise _explain(error, path) from error
    except sqlite3.ProgrammingError:
        raise  # a bug of ours, not of the file
    except sqlite3.DatabaseError as error:
        raise DatabaseError(
            _("The database {path} is damaged or not a database.", path=path),
            remedy=_("Do not write to it; copy it away and restore the latest backup."),
        ) from error
    return database


def _require_ours(database: Database, path: Path) -> None:
    # SQLite takes a file without content (a failed copy, a full disk) for a new database.
    found = database.conn.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone()
    if found is None:
        database.close()
        raise DatabaseError(
            _("The database {path} is empty or not one of this program.", path=path),
            remedy=_("Do not write to it; copy it away and restore the latest backup."),
        )


def _explain(error: sqlite3.OperationalError, path: Path) -> Exception:
    text = str(error)
    if "locked" in text or "busy" in text:
        return BusyError(
            _("The database {path} is in use by another process.", path=path),
            remedy=_("Wait until the other command or the nightly run has ended, then try again."),
        )
    return FileError(
        _("The database {path} cannot be opened: {reason}", path=path, reason=explain_fault(error)),
        remedy=_("Check the permissions of the file and its folder, and that the disk has free space."),
    )


def _apply_pragmas(database: Database, *, journal: str, read_only: bool) -> None:
    for name, value in _PRAGMAS.items():
        database.conn.execute(f"PRAGMA {name}={value}").fetchall()
    if read_only:
        return
    mode, level = choose_journal(journal, sqlite3.sqlite_version_info)
    current = database.conn.execute("PRAGMA journal_mode").fetchone()[0]
    if current != mode:
        # Another reader may keep the mode from changing just now; both modes are safe with their level.
        current = database.conn.execute(f"PRAGMA journal_mode={mode}").fetchone()[0]
        mode, level = ("wal", "FULL") if current == "wal" else ("delete", "EXTRA")
    database.conn.execute(f"PRAGMA synchronous={level}")
    wanted = {"FULL": 2, "EXTRA": 3}[level]
    if database.conn.execute("PRAGMA synchronous").fetchone()[0] != wanted:
        raise DatabaseError(_("SQLite refused the safe setting “{name}”.", name="synchronous"))
    for name in ("foreign_keys", "recursive_triggers"):
        # These two guard the data itself, and a pragma fails silently.
        if database.conn.execute(f"PRAGMA {name}").fetchone()[0] != 1:
            raise DatabaseError(_("SQLite refused the safe setting “{name}”.", name=name))


def _migrate(database: Database, path: Path) -> None:
    known = known_migrations()
    applied = {migration.name for migration in MIGRATIONS.applied(database)}
    if applied - known:
        raise DatabaseError(
            _("The database {path} was made by a newer version of this program.", path=path),
            remedy=_("Install that version or a later one."),
        )
    if applied == known:
        return
    # One immediate transaction around all of them: two processes starting at once queue up, and a kill
    # leaves either the old or the new schema.
    database.conn.execute("BEGIN IMMEDIATE")
    try:
        MIGRATIONS.apply(database)
        refresh_search(database)
        database.conn.execute("COMMIT")
    except BaseException:
        if database.conn.in_transaction:
            database.conn.execute("ROLLBACK")
        raise
