"""Any file becomes rows: encodings, delimiters, workbooks behind a preflight and a child process, header search."""

from aftersales_cli.reading.cells import clean_cell
from aftersales_cli.reading.headers import normalise_header
from aftersales_cli.reading.tables import FileFingerprint, OpenTable, Row, fingerprint, open_table

__all__ = [
    "FileFingerprint",
    "OpenTable",
    "Row",
    "clean_cell",
    "fingerprint",
    "normalise_header",
    "open_table",
]
