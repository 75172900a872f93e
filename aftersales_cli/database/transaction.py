"""Transactions that take the write lock at once and nest as savepoints."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database

from aftersales_cli.errors import BusyError
from aftersales_cli.language import _


@contextmanager
def immediate(db: Database, *, keep: bool = True) -> Iterator[bool]:
    """Run a block inside ``BEGIN IMMEDIATE``, or inside a savepoint if a transaction is open already.

    Yields whether this is the outermost block. With ``keep`` false the outermost block is rolled back at
    the end (a dry run). Raises BusyError if another process holds the lock for longer than the time-out.
    """
    connection = db.conn
    if connection.in_transaction:
        connection.execute("SAVEPOINT nested")
        try:
            yield False
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK TO nested")
                connection.execute("RELEASE nested")
            raise
        connection.execute("RELEASE nested")
        return
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        raise BusyError(
            _("Another command is writing to the database."),
            remedy=_("Wait until it has ended, then try again."),
        ) from error
    try:
        yield True
        connection.execute("COMMIT" if keep else "ROLLBACK")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
