"""Write rejected rows as a workbook to correct and hand back: raw cells under the file's own headers, and the reason."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from aftersales_cli.database.mending import OpenReject, list_open_rejects
from aftersales_cli.intake.rejects_sheets import DROP, LEDGER, MARKS, own_columns
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

    One sheet per storefront, header and mapping. An older workbook of the same name is replaced: rows corrected in
    it must be handed back first. Rows of imports that kept no header cannot be handed back and stay in the list.
    A hidden sheet lists all rows, so that one deleted by hand is known as not wanted.
    Raises FileError.
    """
    rejects = [entry for entry in list_open_rejects(shop.database) if json.loads(entry.header)]
    if not rejects:
        return ExportedRejects(None, 0)
    book = new_workbook(shop, _("Rejected rows"))
    groups = groupby(sorted(rejects, key=_group), key=_group)
    for number, ((_storefront, fmt, header, _mapping), entries) in enumerate(groups, start=1):
        _write_sheet(book, f"{number} {fmt}", header, entries)
    _write_ledger(book, rejects)
    return ExportedRejects(save(shop, book, _target(shop, out)), len(rejects))


def _target(shop: Shop, out: Path | None) -> Path:
    name = pick({"zh": "异常行", "en": "rejected-rows"}) + ".xlsx"
    if out is None:
        return shop.folder / "outbox" / name
    return out / name if out.is_dir() else out


def _group(entry: OpenReject) -> tuple[str, str, tuple[str, ...], str]:
    return entry.storefront, entry.format, _own_header(entry), entry.mapping


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
            text(at(sheet, row, column), values.get(key))
        cells: list[str] = json.loads(entry.raw)
        places = own_columns(json.loads(entry.header))
        for column, place in enumerate(places, start=len(MARKS) + 1):
            cell = text(at(sheet, row, column), cells[place] if place < len(cells) else "")
            if header[column - len(MARKS) - 1] == entry.column_name:
                cell.fill = INPUT_FILL
        at(sheet, row, 1).fill = INPUT_FILL
    _offer_dropping(sheet)
    fit_columns(sheet)
    sheet.freeze_panes = at(sheet, 2, 1)


def _offer_dropping(sheet: Worksheet) -> None:
    word = pick(dict(zip(("zh", "en"), DROP, strict=True)))
    rule = DataValidation(type="list", formula1=f'"{word}"', allow_blank=True)
    rule.showErrorMessage = rule.showInputMessage = True
    rule.promptTitle = rule.errorTitle = pick(dict(zip(("zh", "en"), MARKS["drop"], strict=True)))
    rule.prompt = rule.error = _("Choose “{word}” if nobody needs this row; else leave it empty.", word=word)
    rule.add(f"A2:A{sheet.max_row}")
    sheet.add_data_validation(rule)


def _write_ledger(book: Workbook, rejects: Sequence[OpenReject]) -> None:
    sheet = book.create_sheet("_")
    head_row(sheet, 1, [pick({"zh": zh, "en": en}) for zh, en in LEDGER.values()])
    for row, entry in enumerate(rejects, start=2):
        text(at(sheet, row, 1), entry.import_id)
        text(at(sheet, row, 2), entry.row_number)
    sheet.sheet_state = "hidden"
