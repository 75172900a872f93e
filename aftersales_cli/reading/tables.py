"""Open any file a marketplace or a person may hand in: what it is shows in its bytes, what it means in its header."""

from collections.abc import Callable
from pathlib import Path

from aftersales_cli.reading.content import Content, find_content
from aftersales_cli.reading.fingerprints import FileFingerprint, fingerprint
from aftersales_cli.reading.headers import Recognised
from aftersales_cli.reading.open_tables import OpenTable, Row
from aftersales_cli.reading.preflight import check_workbook
from aftersales_cli.reading.text_files import open_text
from aftersales_cli.reading.workbooks import open_workbook, read_workbook

__all__ = ["FileFingerprint", "OpenTable", "Recognised", "Row", "fingerprint", "open_table", "read_tables"]


def open_table(
    path: Path, recognise: Callable[[list[str]], Recognised | None], *, encoding: str | None = None
) -> OpenTable[Recognised]:
    """Open the first table of the file whose header ``recognise`` accepts.

    ``recognise`` gets normalised header cells (see ``normalise_header``) of one row after another, for the first 20
    rows of each sheet, or of the text under each likely encoding and delimiter, and returns anything but None for
    its header. ``encoding`` forces the encoding of a text file. UnknownFileError (with the best header candidates)
    if nothing is accepted, FileError if the file cannot be read, is damaged or hostile; both may also come while
    the rows stream.
    """
    content = find_content(path)
    if content is Content.TEXT:
        return open_text(path, recognise, encoding=encoding)
    if content is Content.WORKBOOK:
        return open_workbook(path, recognise, check=check_workbook)
    return open_workbook(path, recognise)


def read_tables(
    path: Path, recognise: Callable[[list[str]], Recognised | None]
) -> list[OpenTable[Recognised]]:
    """Return every table of a small file whose header ``recognise`` accepts, one per sheet, in their order.

    The rows are read as a whole. Raises as ``open_table`` does.
    """
    content = find_content(path)
    if content is Content.TEXT:
        with open_text(path, recognise) as table:
            table.rows = iter(list(table.rows))
            return [table]
    if content is Content.WORKBOOK:
        return read_workbook(path, recognise, check=check_workbook)
    return read_workbook(path, recognise)
