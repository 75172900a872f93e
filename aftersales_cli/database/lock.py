"""A lock between processes: a second SQLite file held by an exclusive transaction, free again after a kill."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

INBOX_LOCK = "inbox.lock.db"
"""Held while files are taken in from the inbox, or removed."""
_WAIT_SECONDS = 1.0
"""Two processes that start in the same instant block each other for moments; one of them must win."""


@contextmanager
def hold_lock(path: Path) -> Iterator[bool]:
    """Hold the lock file for a block; yields False, without holding anything, if another process has it."""
    if not path.exists():
        # Only when it is missing: closing a second handle would drop a lock this process holds already.
        path.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw", uri=True, isolation_level=None, timeout=_WAIT_SECONDS
    )
    try:
        yield _take(connection)
    finally:
        connection.close()


def _take(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        return False
    return True
