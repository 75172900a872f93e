"""Rejected rows come back: the sheets of a corrected workbook are imported as files of their own."""

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from aftersales_cli.database.mending import mark_mended
from aftersales_cli.database.merging import Merged
from aftersales_cli.errors import UnknownFileError
from aftersales_cli.intake.formats import Format, load_formats
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.results import ImportResult
from aftersales_cli.language import _
from aftersales_cli.reading.cells import clean_cell
from aftersales_cli.reading.headers import normalise_header
from aftersales_cli.reading.tables import open_table
from aftersales_cli.shop import Shop

MARKS = {
    "reason": ("异常原因", "Rejected: reason"),
    "column": ("异常列", "Rejected: column"),
    "file": ("异常文件", "Rejected: file"),
    "row": ("异常行号", "Rejected: row"),
    "import": ("异常导入号", "Rejected: import"),
    "storefront": ("异常店铺", "Rejected: storefront"),
}
"""Column added to a rejected row → its Chinese and English heading; in this order, before the file's own columns."""

_KEYS = {normalise_header(title): key for key, titles in MARKS.items() for title in titles}
_NEEDED = {"row", "import"}


@dataclass
class _Sheet:
    """One sheet of a workbook of rejected rows, without the added columns."""

    header: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    """Row number in the sheet, cells."""
    sources: list[tuple[int, int]] = field(default_factory=list)
    """Import and row number each row came from; rows people added have none."""
    storefront: str | None = None


@dataclass(frozen=True)
class Mended:
    """What came of one sheet."""

    result: ImportResult
    mended: int
    """Rejected rows that are settled now: taken in, or rejected anew with their new cells."""


def recognise_rejects(header: Sequence[str]) -> bool:
    """Tell whether a row of normalised headers is that of a workbook of rejected rows."""
    return {_KEYS[name] for name in header if name in _KEYS} >= _NEEDED


def own_columns(header: Sequence[str]) -> list[int]:
    """Return the positions of a header's columns that are the file's own, not added by an export."""
    return [position for position, name in enumerate(header) if normalise_header(name) not in _KEYS]


def import_rejects(shop: Shop, path: Path, *, formats: list[Format] | None = None) -> list[Mended]:
    """Import the corrected rows of a workbook that ``orders rejects export`` wrote.

    Each sheet is taken in as a file of its own, wholly or not at all; its rows count as mended, and those still
    wrong stand as rejected rows of the new import. Raises UnknownFileError for another file, or for rows whose
    format this shop does not know any more, FileError, RefusedError, BusyError.
    """
    known = formats or load_formats(shop.folder)
    sheets: list[_Sheet] = []
    while (sheet := _read_sheet(path, len(sheets))) is not None:
        sheets.append(sheet)
    if not any(sheet.rows for sheet in sheets):
        raise UnknownFileError(
            _("{file} holds no rejected rows.", file=path.name),
            remedy=_(
                "Correct the workbook that “aftersales orders rejects export” wrote, and keep its first columns."
            ),
        )
    with tempfile.TemporaryDirectory(prefix="aftersales-") as folder:
        return [
            _import_sheet(shop, path, number, sheet, Path(folder), known)
            for number, sheet in enumerate(sheets, start=1)
            if sheet.rows
        ]


def is_rejects_workbook(path: Path) -> bool:
    """Tell whether a file is a workbook of rejected rows; to be asked before the formats, which would match it, too.

    Raises FileError.
    """
    try:
        open_table(path, lambda header: recognise_rejects(header) or None).close()
    except UnknownFileError:
        return False
    return True


def summed(path: Path, found: Sequence[Mended]) -> ImportResult:
    """Return what came of all sheets as one result, the way one file is told of."""
    results = [entry.result for entry in found]

    def added(kind: str) -> Merged:
        return Merged(*map(sum, zip(*(getattr(result, kind) for result in results), strict=True)))

    return replace(
        results[-1],
        file=str(path),
        format=", ".join(dict.fromkeys(result.format for result in results)),
        storefront=", ".join(dict.fromkeys(result.storefront for result in results)),
        encoding="xlsx",
        rows=sum(result.rows for result in results),
        orders=added("orders"),
        lines=added("lines"),
        aftersales=added("aftersales"),
        rejected=sum(result.rejected for result in results),
        warnings=tuple(warning for result in results for warning in result.warnings),
        already_at=results[0].already_at if all(result.already_at for result in results) else None,
        samples=tuple(sample for result in results for sample in result.samples)[:5],
    )


def _read_sheet(path: Path, index: int) -> _Sheet | None:
    """Read the ``index``-th sheet (from 0) whose header is that of rejected rows; None if there is no such sheet."""
    seen = -1

    def wanted(header: list[str]) -> dict[str, int] | None:
        nonlocal seen
        if not recognise_rejects(header):
            return None
        seen += 1
        if seen < index:
            return None
        return {_KEYS[name]: position for position, name in enumerate(header) if name in _KEYS}

    try:
        table = open_table(path, wanted)
    except UnknownFileError:
        return None
    with table:
        own = own_columns(table.header)
        sheet = _Sheet([table.header[position] for position in own])
        for row_number, cells in table.rows:
            filled = cells + [""] * (len(table.header) - len(cells))
            # A line end inside a cell would move all rows below it.
            sheet.rows.append((row_number, [" ".join(filled[position].splitlines()) for position in own]))
            source = tuple(
                clean_cell(filled[table.match[key]]).partition(".")[0] for key in ("import", "row")
            )
            if all(number.isascii() and number.isdigit() for number in source):
                sheet.sources.append((int(source[0]), int(source[1])))
            if "storefront" in table.match and not sheet.storefront:
                sheet.storefront = clean_cell(filled[table.match["storefront"]]) or None
    return sheet


def _import_sheet(
    shop: Shop, path: Path, number: int, sheet: _Sheet, folder: Path, formats: list[Format]
) -> Mended:
    name = path.stem if number == 1 else f"{path.stem} ({number})"
    file = folder / f"{name}.csv"
    _write_csv(file, sheet, formats)
    result = import_file(shop, file, storefront=sheet.storefront, formats=formats)
    if shop.dry_run:
        return Mended(result, len(sheet.sources))
    # A kill between the two leaves rows marked as open; dropping the workbook in again settles them.
    with shop.writing("orders.import", f"import:{result.import_id}") as writing:
        mended = mark_mended(shop.database, sheet.sources, by_import=result.import_id, stamp=shop.stamp)
        writing.count(mended=mended)
    return Mended(result, mended)


def _write_csv(file: Path, sheet: _Sheet, formats: list[Format]) -> None:
    """Write a sheet as its marketplace's file, each row on the line it has in the workbook."""
    names = frozenset(normalise_header(name) for name in sheet.header)
    match = next((entry for entry in formats if entry.must and entry.matches(names)), None)
    skipped = match.skip_rows if match else 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(sheet.header)
        for _row in range(skipped):
            writer.writerow(["-"] * len(sheet.header))
        line = 1 + skipped
        for row_number, cells in sheet.rows:
            stream.write("\r\n" * (row_number + skipped - 1 - line))
            writer.writerow(cells)
            line = row_number + skipped
