"""Rejected rows come back: the sheets of a corrected workbook are imported as files of their own."""

import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from aftersales_cli.database.mending import (
    OpenReject,
    Place,
    dismiss_places,
    find_source,
    forget_rejects,
    keep_places,
    list_open_rejects,
    list_rows_rejected_by,
    mark_mended,
)
from aftersales_cli.database.merging import Merged
from aftersales_cli.errors import UnknownFileError
from aftersales_cli.intake.filling import SAMPLES
from aftersales_cli.intake.formats import Format, load_formats
from aftersales_cli.intake.loading import HandBack, import_file
from aftersales_cli.intake.mapping import mapped_format
from aftersales_cli.intake.recording import Taken
from aftersales_cli.intake.rejects_sheets import (
    RejectsSheet,
    one_line,
    own_columns,
    read_ledger,
    read_sheet,
    write_csv,
)
from aftersales_cli.intake.results import ImportResult
from aftersales_cli.language import _
from aftersales_cli.reading.cells import clean_cell
from aftersales_cli.shop import Shop


class _NothingCorrectedError(Exception):
    """Every row is refused as before: there is nothing to write down."""


def import_rejects(shop: Shop, path: Path, *, formats: list[Format] | None = None) -> list[ImportResult]:
    """Import the corrected rows of a workbook that ``orders rejects export`` wrote.

    Each sheet is taken in as a file of its own, wholly or not at all. Rows that are taken in are mended; those
    refused as before stay what they were, with their file and row. Rows marked as not wanted, or deleted from the
    workbook, are dismissed. Returns a result for each sheet. Raises UnknownFileError for another file, or for rows whose format this shop does
    not know any more, FileError, RefusedError, BusyError.
    """
    known = formats or load_formats(shop.folder)
    sheets: list[RejectsSheet] = []
    while (sheet := read_sheet(path, len(sheets))) is not None:
        sheets.append(sheet)
    handed_out = read_ledger(path)
    if not handed_out and not any(sheet.rows for sheet in sheets):
        raise UnknownFileError(
            _("{file} holds no rejected rows.", file=path.name),
            remedy=_(
                "Correct the workbook that “aftersales orders rejects export” wrote, and keep its first columns."
            ),
        )
    found: list[ImportResult] = []
    with tempfile.TemporaryDirectory(prefix="aftersales-") as folder, shop.rehearsal():
        for number, sheet in enumerate(sheets, start=1):
            if sheet.wanted():
                hand_back = _HandBack(shop, sheet)
                found.append(hand_back.take(path, number, Path(folder), known))
            elif sheet.rows:
                found.append(_nothing(path, sheet.storefront))
        there = {row.place for sheet in sheets for row in sheet.rows if not row.dropped}
        marked = {row.place for sheet in sheets for row in sheet.rows if row.dropped and row.place}
        return _dismiss(shop, path, marked | (handed_out - there), found)


def _dismiss(
    shop: Shop, path: Path, places: Iterable[Place], found: list[ImportResult]
) -> list[ImportResult]:
    """Dismiss rows for good, or until what else the workbook brought is taken back."""
    places = sorted(places)
    if not places:
        return found
    by_import = next((result.import_id for result in found if result.import_id), None)
    with shop.writing("orders.dismiss") as writing:
        dismissed = dismiss_places(shop.database, places, by_import=by_import, stamp=shop.stamp)
        writing.count(dismissed=dismissed)
    if not found:
        found = [_nothing(path, None)]
    return [replace(found[0], dismissed=dismissed), *found[1:]]


def summed(path: Path, results: Sequence[ImportResult]) -> ImportResult:
    """Return what came of all sheets as one result, the way one file is told of."""

    def added(kind: str) -> Merged:
        return Merged(*map(sum, zip(*(getattr(result, kind) for result in results), strict=True)))

    return replace(
        results[-1],
        file=str(path),
        format=", ".join(dict.fromkeys(result.format for result in results if result.format)),
        storefront=", ".join(dict.fromkeys(result.storefront for result in results if result.storefront)),
        encoding="xlsx",
        import_id=next((result.import_id for result in results if result.import_id), 0),
        rows=sum(result.rows for result in results),
        orders=added("orders"),
        lines=added("lines"),
        aftersales=added("aftersales"),
        others=added("others"),
        rejected=sum(result.rejected for result in results),
        skipped=sum(result.skipped for result in results),
        mended=sum(result.mended for result in results),
        dismissed=sum(result.dismissed for result in results),
        warnings=tuple(warning for result in results for warning in result.warnings),
        already_at=results[0].already_at if all(result.already_at for result in results) else None,
        samples=tuple(sample for result in results for sample in result.samples)[:SAMPLES],
    )


def _nothing(path: Path, storefront: str | None) -> ImportResult:
    none = Merged(0, 0, 0)
    return ImportResult(
        file=str(path), format="", platform="", encoding="xlsx", import_id=0, storefront=storefront or "", rows=0,
        orders=none, lines=none, aftersales=none, others=none, rejected=0,
    )  # fmt: skip


class _HandBack:
    """Takes one sheet in, and settles what becomes of its rows."""

    def __init__(self, shop: Shop, sheet: RejectsSheet) -> None:
        self._shop, self._sheet, self._rows = shop, sheet, sheet.wanted()
        open_rejects = {entry.place: entry for entry in list_open_rejects(shop.database)}
        self._before = {
            row.number: open_rejects[row.place]
            for row in self._rows
            if row.place in open_rejects and _same_cells(row.cells, open_rejects[row.place])
        }
        """Row in the sheet → the rejected row whose cells nobody has changed."""
        self._mended = 0

    def take(self, path: Path, number: int, folder: Path, formats: list[Format]) -> ImportResult:
        """Import the sheet; what is refused as before changes nothing."""
        first = next((row.place for row in self._rows if row.place), None)
        source = find_source(self._shop.database, first[0]) if first else None
        if source and source.mapping:
            formats = [mapped_format(json.loads(source.mapping)), *formats]
        file = folder / f"{number}.csv"
        write_csv(file, self._sheet.header, self._rows, formats)
        name = path if number == 1 else path.with_stem(f"{path.stem} ({number})")
        try:
            result = import_file(
                self._shop,
                file,
                storefront=self._sheet.storefront,
                formats=formats,
                name=str(name),
                hand_back=HandBack(
                    self.settle,
                    source.mapping if source else "",
                    source.storefront_named if source else bool(self._sheet.storefront),
                ),
            )
        except _NothingCorrectedError:
            left = [self._before[row.number] for row in self._rows]
            result = replace(
                _nothing(name, self._sheet.storefront),
                format=left[0].format,
                rows=len(left),
                rejected=len(left),
                samples=tuple(
                    (entry.row_number, entry.column_name, entry.reason) for entry in left[:SAMPLES]
                ),
            )
        return replace(result, mended=self._mended)

    def settle(self, import_id: int, taken: Taken) -> None:
        """Mark rows as mended; one refused again keeps its place, or stays what it was if nobody has changed it."""
        db = self._shop.database
        rejected = list_rows_rejected_by(db, import_id)
        as_before = {number for number in rejected if number in self._before}
        if len(as_before) == taken.rows:
            raise _NothingCorrectedError
        forget_rejects(db, [rejected[number] for number in as_before])
        places = {row.number: row.place for row in self._rows if row.place}
        keep_places(
            db,
            {
                reject: places[number]
                for number, reject in rejected.items()
                if number in places and number not in as_before
            },
        )
        again = {number for number in rejected if number not in as_before}
        settled = {number: place for number, place in places.items() if number not in as_before}
        mark_mended(
            db,
            [place for number, place in settled.items() if number in again],
            by_import=import_id,
            stamp=self._shop.stamp,
        )
        self._mended = mark_mended(
            db,
            [place for number, place in settled.items() if number not in again],
            by_import=import_id,
            stamp=self._shop.stamp,
        )


def _same_cells(cells: Sequence[str], before: OpenReject) -> bool:
    raw, header = json.loads(before.raw), json.loads(before.header)
    kept = [raw[place] if place < len(raw) else "" for place in own_columns(header)]
    return [clean_cell(one_line(cell)) for cell in cells] == [clean_cell(one_line(cell)) for cell in kept]
