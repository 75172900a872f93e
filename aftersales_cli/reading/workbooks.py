"""Workbooks become rows: after the preflight, a child process reads the sheets and sends text across a pipe."""

import contextlib
import io
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from aftersales_cli.errors import FileError
from aftersales_cli.language import _
from aftersales_cli.reading.archives import unpacked_size
from aftersales_cli.reading.headers import HeaderSearch, Recognised
from aftersales_cli.reading.open_tables import OpenTable, Row, unknown_file

SECONDS_ALLOWED = 120.0
"""How long the parent waits for the child in all; the time the caller takes to use the rows is not counted."""
_LENGTH_BYTES = 4
_LONGEST_MESSAGE = 1 << 25
"""32 MB: a row as wide and as full as Excel itself allows takes 23."""
_PIPE_BYTES = 1 << 20
_PACKAGE_ROOT = Path(__file__).resolve().parents[2]


class _PlainUnpickler(pickle.Unpickler):
    """Accepts lists, tuples, texts and numbers only, whatever happened to the child."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        raise pickle.UnpicklingError(f"{module_name}.{global_name}")


def _environment() -> dict[str, str]:
    paths = [str(_PACKAGE_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": os.pathsep.join(paths)}


class _Child:
    """The reading process, its messages, and the time it may still take."""

    def __init__(self, path: Path, seconds_allowed: float) -> None:
        self._path = path
        self._seconds_left = seconds_allowed
        self._timed_out = False
        module = "aftersales_cli.reading.workbook_child"
        command = [sys.executable, "-P", "-m", module, str(path.absolute()), str(unpacked_size(path))]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # A crash report could quote cells; the exit code says enough.
            stderr=subprocess.DEVNULL,
            env=_environment(),
            # Room for some batches, so that neither process waits for the other's next one; as wide as Linux
            # lets a process ask for, and without effect elsewhere.
            pipesize=_PIPE_BYTES,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._answers, self._output = self._process.stdin, self._process.stdout

    def _stop_late(self) -> None:
        self._timed_out = True
        self._process.kill()

    def _read(self, size: int) -> bytes:
        data = self._output.read(size)
        if len(data) == size:
            return data
        self._process.wait()
        if self._timed_out:
            raise FileError(
                _("The workbook {file} took too long to read and was given up.", file=self._path),
                remedy=_("Save only the sheet with the table as a new xlsx or csv file."),
            )
        raise self._failure()

    def _failure(self, reason: str = "damaged") -> FileError:
        if reason == "password":
            return FileError(
                _("{file} is protected by a password.", file=self._path),
                remedy=_("Open it in Excel or WPS, remove the password, save it and try again."),
            )
        return FileError(
            _("The workbook {file} is damaged or hostile: reading it failed.", file=self._path),
            remedy=_("Export it again, or open it in Excel or WPS and save it as a new xlsx file."),
        )

    def receive(self) -> tuple[Any, ...]:
        """Return the next message; errors.FileError if the child died, failed or ran out of time."""
        started = time.monotonic()
        watchdog = threading.Timer(max(0.0, self._seconds_left), self._stop_late)
        watchdog.daemon = True
        watchdog.start()
        try:
            size = int.from_bytes(self._read(_LENGTH_BYTES), "big")
            if size > _LONGEST_MESSAGE:
                raise self._failure()
            message = _PlainUnpickler(io.BytesIO(self._read(size))).load()
        except pickle.UnpicklingError as error:
            raise self._failure() from error
        finally:
            watchdog.cancel()
            self._seconds_left -= time.monotonic() - started
        if message[0] == "failed":
            raise self._failure(message[1])
        return tuple(message)

    def answer(self, letter: bytes) -> None:
        """Tell the child to take the sheet (``t``) or go on to the next (``n``)."""
        try:
            self._answers.write(letter)
            self._answers.flush()
        except OSError:
            # It died; the next receive says so.
            return

    def close(self) -> None:
        """End the child, whatever it is doing."""
        self._process.kill()
        for pipe in (self._answers, self._output):
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.wait()


def _stream_rows(child: _Child, head: list[Row]) -> Iterator[Row]:
    yield from head
    while (message := child.receive())[0] == "rows":
        yield from message[1]


def _then_close(rows: Iterator[Row], child: _Child) -> Iterator[Row]:
    try:
        yield from rows
    finally:
        child.close()


def _next_table(
    child: _Child, recognise: Callable[[list[str]], Recognised | None], candidates: list[list[str]]
) -> OpenTable[Recognised] | None:
    """Return the next sheet that is recognised, None after the last; ``candidates`` gets headers of the others."""
    while (message := child.receive())[0] == "sheet":
        _kind, sheet, head = message
        search = HeaderSearch(recognise)
        for index, (number, cells) in enumerate(head):
            match = search.try_row(cells)
            if match is not None:
                child.answer(b"t")
                rows = _stream_rows(child, head[index + 1 :])
                return OpenTable(match, cells, number, sheet, "xlsx", rows, child.close)
        candidates.append(search.best)
        child.answer(b"n")
    return None


def _no_check(_path: Path) -> None:
    return


def open_workbook(
    path: Path,
    recognise: Callable[[list[str]], Recognised | None],
    *,
    check: Callable[[Path], None] = _no_check,
    seconds_allowed: float = SECONDS_ALLOWED,
) -> OpenTable[Recognised]:
    """Open the first sheet whose header is recognised.

    ``check`` is the preflight, which looks through the file while the child begins to read: what the child sends
    is not looked at before it has passed, and the child ends at once if it raises. UnknownFileError if no sheet is
    recognised, FileError if the child dies, fails or needs too long, and whatever ``check`` raises.
    """
    child = _Child(path, seconds_allowed)
    candidates: list[list[str]] = []
    try:
        check(path)
        table = _next_table(child, recognise, candidates)
    except BaseException:
        child.close()
        raise
    if table is None:
        child.close()
        raise unknown_file(path, candidates)
    table.rows = _then_close(table.rows, child)
    return table


def read_workbook(
    path: Path,
    recognise: Callable[[list[str]], Recognised | None],
    *,
    check: Callable[[Path], None] = _no_check,
    seconds_allowed: float = SECONDS_ALLOWED,
) -> list[OpenTable[Recognised]]:
    """Return every sheet whose header is recognised, its rows in memory; all else as ``open_workbook`` does."""
    child = _Child(path, seconds_allowed)
    candidates: list[list[str]] = []
    tables: list[OpenTable[Recognised]] = []
    try:
        check(path)
        while (table := _next_table(child, recognise, candidates)) is not None:
            # The next sheet comes through the same pipe, so the rows of this one are taken first.
            table.rows = iter(list(table.rows))
            tables.append(table)
        if not tables:
            raise unknown_file(path, candidates)
    finally:
        child.close()
    return tables
