"""Plain sheets without any look: as a marketplace writes them, and filled in as a person would."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from aftersales_cli.reports.workbook import at, write_book


def write_plain_sheet(path: Path, title: str, rows: Iterable[Sequence[str]]) -> None:
    """Write a workbook of one sheet whose cells are all text, empty ones left out."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    for row, cells in enumerate(rows, start=1):
        for column, value in enumerate(cells, start=1):
            if value:
                cell = at(sheet, row, column)
                cell.value = value
                # A text that looks like a formula or a number stays the text it is.
                cell.data_type = "s"
    write_book(book, path)


def fill_cells(path: Path, values: Mapping[str, str | int]) -> None:
    """Type values into the first sheet of a workbook, e.g. ``{"K3": "reached", "L3": 5}``, and save it."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for address, value in values.items():
        cell = sheet[address]
        assert isinstance(cell, Cell)
        cell.value = value
    write_book(book, path)
