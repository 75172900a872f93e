"""Write rejected rows as a workbook to correct and hand back: raw cells under the file's own headers, and the reason."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from openpyxl import Workbook

from aftersales_cli.database.mending import OpenReject, list_open_rejects
from aftersales_cli.intake.rejects import MARKS, own_columns
from aftersales_cli.language import _, pick
from aftersales_cli.reports.workbook import (
    INPUT_FILL,
    add_sheet,
    at,
    fit_columns,
    head_row,
    new_workbook,
    save,
    text,
)
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class ExportedRejects:
    """Where the rejected rows stand."""

    path: Path | None
    """None if there are none; then no file is written."""
    rows: int


def export_rejects(shop: Shop, out: Path | None = None) -> ExportedRejects:
    """Write all rejected rows that nobody has mended into the outbox, or to ``out`` (a file or a folder).

    One sheet per storefront and header. An older workbook of the same name is replaced: rows corrected in it
    must be handed back first. Rows of imports that kept no header cannot be handed back and stay in the list.
    Raises FileError.
    """
    rejects = [entry for entry in list_open_rejects(shop.database) if json.loads(entry.header)]
    if not rejects:
        return ExportedRejects(None, 0)
    book = new_workbook(shop, _("Rejected rows"))
    ordered = sorted(rejects, key=lambda entry: (entry.storefront, entry.format, _own_header(entry)))
    groups = groupby(ordered, key=lambda entry: (entry.storefront, entry.format, _own_header(entry)))
    for number, ((_storefront, fmt, header), entries) in enumerate(groups, start=1):
        _write_sheet(book, f"{number} {fmt}", header, entries)
    return ExportedRejects(save(shop, book, _target(shop, out)), len(rejects))


def _target(shop: Shop, out: Path | None) -> Path:
    name = pick({"zh": "异常行", "en": "rejected-rows"}) + ".xlsx"
    if out is None:
        return shop.folder / "outbox" / name
    return out / name if out.is_dir() else out


def _own_header(entry: OpenReject) -> tuple[str, ...]:
    header: list[str] = json.loads(entry.header)
    return tuple(header[position] for position in own_columns(header))


def _write_sheet(book: Workbook, title: str, header: tuple[str, ...], entries: Iterable[OpenReject]) -> None:
    sheet = add_sheet(book, title)
    marks = [pick({"zh": zh, "en": en}) for zh, en in MARKS.values()]
    head_row(sheet, 1, [*marks, *header])
    for row, entry in enumerate(entries, start=2):
        values = {
            "reason": entry.reason,
            "column": entry.column_name,
            "file": entry.file_name,
            "row": entry.row_number,
            "import": entry.import_id,
            "storefront": entry.storefront,
        }
        for column, key in enumerate(MARKS, start=1):
            text(at(sheet, row, column), values[key])
        cells: list[str] = json.loads(entry.raw)
        places = own_columns(json.loads(entry.header))
        for column, place in enumerate(places, start=len(MARKS) + 1):
            cell = text(at(sheet, row, column), cells[place] if place < len(cells) else "")
            if header[column - len(MARKS) - 1] == entry.column_name:
                cell.fill = INPUT_FILL
    fit_columns(sheet)
    sheet.freeze_panes = at(sheet, 2, 1)
