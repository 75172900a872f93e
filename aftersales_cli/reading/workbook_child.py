"""The child process that opens a workbook: if hostile bytes kill it, nothing else dies.

Started by ``workbooks.py`` as ``python -m aftersales_cli.reading.workbook_child FILE UNPACKED-SIZE``. It writes pickled
messages, each behind its length, and reads one-letter answers:

    child                                parent
    ("sheet", name, [first rows])   →
                                    ←    b"n" next sheet, b"t" take this one
    ("rows", [rows])  …             →
    ("end",)                        →    of the sheet taken; then the next sheet
    ("end",)                        →    of the workbook
    ("failed", reason)              →    reason: "password" or "damaged"

A row is (number in the sheet, cells as text); wholly blank ones are left out.
"""

import gc
import pickle
import struct
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

import python_calamine

from aftersales_cli.reading.cells import is_blank, value_text
from aftersales_cli.reading.headers import ROWS_SEARCHED

MEMORY_LIMIT = 3 << 29
"""Bytes of address space (1.5 GB) a child may take at most."""
MEMORY_FREE, MEMORY_PER_BYTE = 150 << 20, 24
"""Less for smaller workbooks: so many bytes, and so many for each byte of the workbook unpacked. An honest sheet of
541,909 × 8 cells takes 3 for each; a wide one with few cells filled more, since empty cells take room too."""
BATCH_ROWS = 2000
BATCH_CHARACTERS = 1 << 20
"""A batch ends with the row that passes this: a long text repeated in every cell must not swell the parent."""
LENGTH = struct.Struct(">I")
TAKE, NEXT = b"t", b"n"
_MOST_TEXTS = 50_000
_LONG_TEXT = 100
"""Texts longer than this are not kept in memory: they hardly repeat, and a hostile file can hold huge ones."""

NumberedRow = tuple[int, list[str]]


def _limit_resources(unpacked: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows, where the time limit and the preflight must do
    except ImportError:
        return
    memory = min(MEMORY_LIMIT, MEMORY_FREE + MEMORY_PER_BYTE * unpacked)
    for kind, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(kind, (limit, limit))
        except (ValueError, OSError):
            # macOS refuses an address space limit; the other walls stay.
            continue


def _send(output: BinaryIO, message: tuple[object, ...]) -> None:
    data = pickle.dumps(message, protocol=5)
    output.write(LENGTH.pack(len(data)) + data)
    output.flush()


class _Texts(dict[object, str]):
    """The texts of values of one type, since most repeat; forgets all when it gets large.

    Equal texts become one object, which is pickled once in a batch and quicker for the parent to look up.
    """

    def __missing__(self, value: object) -> str:
        if len(self) > _MOST_TEXTS:
            self.clear()
        text = self[value] = value_text(value)
        return text


def _rows(sheet: python_calamine.CalamineSheet) -> Iterator[NumberedRow]:
    # One memory for each type: 1.0 and True are equal, but their texts are not.
    texts: defaultdict[type, _Texts] = defaultdict(_Texts)
    for number, values in enumerate(sheet.iter_rows(), start=1):
        cells = [
            value if value.__class__ is str and len(value) > _LONG_TEXT else texts[value.__class__][value]
            for value in values
        ]
        if cells and (cells[0].isalnum() or not is_blank(cells)):
            yield number, cells


def _batches(rows: Iterator[NumberedRow]) -> Iterator[list[NumberedRow]]:
    batch: list[NumberedRow] = []
    characters = 0
    for row in rows:
        batch.append(row)
        characters += sum(map(len, row[1]))
        if len(batch) == BATCH_ROWS or characters > BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _offer_sheets(path: str, answers: BinaryIO, output: BinaryIO) -> None:
    with python_calamine.CalamineWorkbook.from_path(path) as workbook:
        for name in workbook.sheet_names:
            rows = _rows(workbook.get_sheet_by_name(name))
            head = list(islice(rows, ROWS_SEARCHED))
            _send(output, ("sheet", name, head))
            if answers.read(1) != TAKE:
                continue
            for batch in _batches(rows):
                _send(output, ("rows", batch))
            _send(output, ("end",))
    _send(output, ("end",))


def main() -> None:
    """Offer the sheets of the workbook named on the command line and send the rows of those taken."""
    _limit_resources(int(sys.argv[2]))
    # Rows are lists of text, never cycles: looking for some among millions of cells takes a third of the time.
    gc.disable()
    answers, output = sys.stdin.buffer, sys.stdout.buffer
    try:
        _offer_sheets(sys.argv[1], answers, output)
    except python_calamine.PasswordError:
        _send(output, ("failed", "password"))
    except BrokenPipeError:
        # The parent has read enough; there is nobody left to tell.
        return
    except (python_calamine.CalamineError, ValueError, OSError, MemoryError):
        _send(output, ("failed", "damaged"))


if __name__ == "__main__":
    main()
