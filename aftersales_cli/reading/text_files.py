"""Text files become rows: the encoding and delimiter are those under which the header is recognised."""

import codecs
import io
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from aftersales_cli.errors import FileError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.reading.csv_rows import CsvRows, Layout, quotes_mean_nothing
from aftersales_cli.reading.headers import ROWS_SEARCHED, HeaderSearch, Recognised, count_texts
from aftersales_cli.reading.open_tables import OpenTable, unknown_file
from aftersales_cli.reading.opening import open_binary
from aftersales_cli.reading.text_scan import TextScan, check_decoding, scan_bytes

_DELIMITERS = (",", "\t", ";")
_WRAPPERS = (";", ",")
"""What may stand around records that a spreadsheet took for single cells; the records themselves have commas."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_GUESSES = ("utf-8", "gb18030", "cp1252")
_ASCII_SUPERSETS = (*_GUESSES, "utf-8-sig")
_UNDECODED = re.compile("[\udc80-\udcff]")
_WIDE = ("utf-16", "utf-32")
_SUPERSETS = {
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "ascii": "utf-8",
    "latin-1": "cp1252",
    "iso8859-1": "cp1252",
}
"""An encoding a user names → the larger one that reads the same files and more."""


@dataclass
class _Attempt(Generic[Recognised]):
    """One reading of the file that found its header."""

    table: OpenTable[Recognised]
    layout: Layout


def _candidates(path: Path, encoding: str | None) -> tuple[list[str], bool]:
    """Return the encodings to try in this order, and whether they are guesses."""
    if encoding:
        try:
            found = codecs.lookup(encoding)
        except LookupError:
            found = None
        if found is None or not found._is_text_encoding:  # noqa: SLF001 - the only way to tell rot13 from text
            raise WrongUsageError(
                _("There is no encoding “{name}”.", name=encoding),
                remedy=_("Use utf-8, gb18030, utf-16, cp1252 or another name Python knows."),
            )
        return [_SUPERSETS.get(found.name, found.name)], False
    with open_binary(path) as file:
        head = file.read(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return [name], False
    return list(_GUESSES), True


def _search(
    path: Path, layout: Layout, recognise: Callable[[list[str]], Recognised | None]
) -> tuple[_Attempt[Recognised] | None, list[str]]:
    """Look for the header under one layout; return what was found and the best candidate for a header.

    Bytes that do not decode are kept as surrogates here: they hide no header, and ``check_decoding`` names their
    line. UnicodeDecodeError or FileError if the first rows cannot be read even so.
    """
    file = io.TextIOWrapper(open_binary(path), layout.encoding, errors="surrogateescape", newline="")
    search = HeaderSearch(recognise)
    try:
        rows = CsvRows(path, file, layout)
        for number, cells in rows.first(ROWS_SEARCHED):
            match = search.try_row(cells)
            if match is not None:
                table = OpenTable(match, cells, number, "", layout.encoding, iter(rows), file.close)
                return _Attempt(table, layout), cells
    except BaseException:
        file.close()
        raise
    file.close()
    return None, search.best


@dataclass
class _Outcome:
    """What trying encodings and delimiters has shown so far, for the error message."""

    best: list[str]
    refusal: FileError | None = None

    def remember(self, candidates: list[list[str]]) -> None:
        """Keep the best header row of the first encoding that can read one."""
        decoded = [cells for cells in candidates if not _UNDECODED.search("".join(cells))]
        if decoded and not self.best:
            self.best = max(decoded, key=count_texts)


def _search_wrapped(
    path: Path, encoding: str, scan: TextScan, recognise: Callable[[list[str]], Recognised | None]
) -> _Attempt[Recognised] | None:
    """Look for the header in a copy in which each record has become one cell (Excel with ``;`` as its delimiter)."""
    for wrapper in _WRAPPERS:
        layout = Layout(encoding, ",", mend=scan.formulas, wrapper=wrapper)
        with suppress(FileError):
            attempt, _best = _search(path, layout, recognise)
            if attempt:
                return attempt
    return None


def _unless_wrapped(
    attempt: _Attempt[Recognised],
    path: Path,
    scan: TextScan,
    recognise: Callable[[list[str]], Recognised | None],
) -> _Attempt[Recognised]:
    """Return the attempt, or the better one for a copy whose header needed no quotes but whose records did."""
    if attempt.layout.delimiter != "," or not attempt.table.header[-1].endswith(";"):
        return attempt
    if not _next_is_wrapped(path, attempt):
        return attempt
    better = _search_wrapped(path, attempt.layout.encoding, scan, recognise)
    if better is None:
        return attempt
    attempt.table.close()
    return better


def _next_is_wrapped(path: Path, attempt: _Attempt[Recognised]) -> bool:
    """Tell whether the record after the header ends as wrapped ones do, or is no csv by itself."""
    layout = attempt.layout
    with io.TextIOWrapper(open_binary(path), layout.encoding, errors="surrogateescape", newline="") as file:
        try:
            below = [cells for number, cells in CsvRows(path, file, layout).first(ROWS_SEARCHED + 1)
                     if number > attempt.table.header_row]  # fmt: skip
        except FileError:
            return True
    return bool(below) and below[0][-1].endswith(";")


def _try_encoding(
    path: Path,
    encoding: str,
    scan: TextScan,
    recognise: Callable[[list[str]], Recognised | None],
    outcome: _Outcome,
) -> _Attempt[Recognised] | None:
    broken: list[FileError] = []
    readable: list[list[str]] = []
    for delimiter in _DELIMITERS:
        layout = Layout(encoding, delimiter, mend=scan.formulas)
        try:
            attempt, best = _search(path, layout, recognise)
        except UnicodeDecodeError:
            check_decoding(path, encoding, guessed=False)
            return None
        except FileError as error:
            broken.append(error)
            continue
        if attempt:
            return _unless_wrapped(attempt, path, scan, recognise)
        readable.append(best)
    if attempt := _search_wrapped(path, encoding, scan, recognise):
        return attempt
    outcome.remember(readable)
    if len(broken) == len(_DELIMITERS):
        outcome.refusal = outcome.refusal or broken[0]
    return None


def _is_plausible(table: OpenTable[Recognised], scan: TextScan) -> bool:
    """Tell a guess for gb18030 or cp1252 from its rival: both accept nearly any bytes below an ASCII header."""
    if table.encoding == "cp1252":
        return scan.lone_high_bytes
    latin_header = all(cell.isascii() for cell in table.header)
    return not (table.encoding == "gb18030" and latin_header and scan.lone_high_bytes)


def _accept(
    attempt: _Attempt[Recognised],
    path: Path,
    scan: TextScan,
    recognise: Callable[[list[str]], Recognised | None],
    *,
    guessed: bool,
) -> OpenTable[Recognised] | None:
    """Check the whole file under the layout found; None if another encoding is the likelier one."""
    table, layout = attempt.table, attempt.layout
    try:
        if guessed and not _is_plausible(table, scan):
            table.close()
            return None
        if not (scan.ascii and layout.encoding in _ASCII_SUPERSETS):
            check_decoding(path, layout.encoding, guessed=guessed)
        if layout.delimiter == "\t" and scan.quotes and quotes_mean_nothing(path, layout, len(table.header)):
            # Amazon's reports are never quoted: a quote at the start of a remark is only a quote.
            table.close()
            found, _best = _search(path, Layout(layout.encoding, "\t", mend=False, quoted=False), recognise)
            return found.table if found else None
    except BaseException:
        table.close()
        raise
    return table


def open_text(
    path: Path, recognise: Callable[[list[str]], Recognised | None], *, encoding: str | None = None
) -> OpenTable[Recognised]:
    """Open a csv or tab-separated file whose header is recognised under one of the likely encodings.

    WrongUsageError for an unknown ``encoding``; FileError if the text is damaged; UnknownFileError if no
    encoding and delimiter make the header known. Broken quotes further down raise FileError while rows stream.
    """
    encodings, guessed = _candidates(path, encoding)
    scan = scan_bytes(path, wide=any(name.startswith(_WIDE) for name in encodings))
    outcome = _Outcome([])
    for name in encodings:
        try:
            attempt = _try_encoding(path, name, scan, recognise, outcome)
            table = _accept(attempt, path, scan, recognise, guessed=guessed) if attempt else None
        except FileError as error:
            outcome.refusal = outcome.refusal or error
            continue
        if table:
            return table
    if outcome.refusal:
        raise outcome.refusal
    raise unknown_file(path, [outcome.best])
