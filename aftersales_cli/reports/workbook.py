"""How every workbook is written: text that stays text, widths for wide characters, one look."""

import gc
import sys
import traceback
from collections.abc import Container, Sequence
from datetime import date
from math import ceil
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from wcwidth import wcswidth

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.publishing import publish
from aftersales_cli.shop import Shop

MAXIMUM_TEXT = 32_767
_CUT_MARK = "…"
_FIRST_PRINTABLE = 0x20
_SURROGATES = range(0xD800, 0xE000)
_NONCHARACTERS = (0xFFFE, 0xFFFF)
_HEAD_FILL = PatternFill("solid", start_color="1F4E78")
FONT_NAME = "Calibri"
"""Named in every font: one without a name becomes a serif one in LibreOffice."""
_HEAD_FONT = Font(name=FONT_NAME, bold=True, color="FFFFFF")
_LINE = Side(style="thin", color="D9D9D9")
BORDER = Border(bottom=_LINE)
INPUT_FILL = PatternFill("solid", start_color="FFF8DC")
"""Background of the cells people are meant to fill in."""


def clean_text(value: str) -> str:
    """Return text without what Excel refuses: control characters, lone surrogates, U+FFFE, U+FFFF; cut to fit."""
    if not value.isprintable():
        value = "".join(character if _allowed(character) else "�" for character in value)
    if len(value) > MAXIMUM_TEXT:
        value = value[: MAXIMUM_TEXT - len(_CUT_MARK)] + _CUT_MARK
    return value


def _allowed(character: str) -> bool:
    code = ord(character)
    if code < _FIRST_PRINTABLE:
        return character in "\t\n\r"
    return code not in _SURROGATES and code not in _NONCHARACTERS


def text(cell: Cell, value: object) -> Cell:
    """Write a text that can never become a formula or a number; None leaves the cell empty.

    Type text, quotePrefix and number format ``@``: LibreOffice drops quotePrefix on saving, ``@`` survives.
    """
    if value is None or value == "":
        return cell
    cell.value = "x"
    cell.value = clean_text(str(value))
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = True
    return cell


def number(cell: Cell, value: float | None, number_format: str = "#,##0") -> Cell:
    """Write a number; None prints an en dash, since no data is not zero."""
    if value is None:
        text(cell, "–").alignment = Alignment(horizontal="right")
        return cell
    cell.value = value
    cell.number_format = number_format
    return cell


def day(cell: Cell, value: date | None) -> Cell:
    """Write a day as a real date; None leaves the cell empty."""
    if value is not None:
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
        cell.alignment = Alignment(horizontal="left")
    return cell


def at(sheet: Worksheet, row: int, column: int) -> Cell:
    """Return a cell that can be written to (row and column count from 1)."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def head_row(sheet: Worksheet, row: int, titles: Sequence[str], *, right: Container[int] = ()) -> None:
    """Write column headings in the house style; the columns numbered in ``right`` hold numbers."""
    for column, title in enumerate(titles, start=1):
        cell = text(at(sheet, row, column), title)
        cell.fill, cell.font = _HEAD_FILL, _HEAD_FONT
        side = "right" if column in right else None
        cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)


def fit_columns(sheet: Worksheet, *, first_row: int = 1, smallest: int = 6, largest: int = 44) -> None:
    """Set each column's width by its widest line, counting Chinese characters as two columns."""
    widths: dict[int, int] = {}
    for row in sheet.iter_rows(min_row=first_row):
        for cell in row:
            if cell.value is not None:
                shown = _shown(cell.value, str(cell.number_format))
                widest = max((display_width(line) for line in shown.split("\n")), default=0)
                widths[cell.column] = max(widths.get(cell.column, 0), widest)
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = min(max(width + 2, smallest), largest)


def _shown(value: object, number_format: str) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if number_format.endswith("%"):
            return f"{value:.1%}"
        return f"{value:,.2f}" if "." in number_format else f"{value:,.0f}"
    return str(value)


def display_width(line: str) -> int:
    """Return how many columns a line takes; unprintable characters count one."""
    width = wcswidth(line)
    return width if width >= 0 else len(line)


def fit_row(sheet: Worksheet, row: int, *, line_height: float = 15.0) -> None:
    """Set a row's height by its longest wrapped text, since not every program does so by itself."""
    lines = 1
    for cell in sheet[row]:
        if isinstance(cell.value, str):
            width = sheet.column_dimensions[get_column_letter(cell.column)].width or 8
            # Words do not fill a line to its end, so a part of the width is lost.
            lines = max(lines, ceil(display_width(cell.value) / max(width * 0.92, 1)))
    sheet.row_dimensions[row].height = lines * line_height + 3


def print_on_one_page_width(sheet: Worksheet, *, landscape: bool = True) -> None:
    """Set A4, fit to one page in width, page numbers, and headings repeated."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    footer = sheet.oddFooter
    assert footer is not None
    footer.center.text = "&P / &N"


def new_workbook(shop: Shop, title: str) -> Workbook:
    """Return an empty workbook with its properties set and no sheet yet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = title
    book.properties.creator = shop.settings.shop.name or _("aftersales")
    book.properties.created = book.properties.modified = shop.now.replace(tzinfo=None)
    return book


def add_sheet(book: Workbook, title: str) -> Worksheet:
    """Add a sheet without grid lines."""
    sheet: Worksheet = book.create_sheet(title[:31])
    sheet.sheet_view.showGridLines = False
    return sheet


def require_workbook_name(path: Path) -> None:
    """Refuse a name under which no program would open a workbook; raises WrongUsageError."""
    if path.suffix.lower() != ".xlsx":
        raise WrongUsageError(
            _("{path} is no name for a workbook.", path=path), remedy=_("Give a name that ends in .xlsx.")
        )


def save(shop: Shop, book: Workbook, path: Path) -> Path:
    """Save through ``publish`` and return where the workbook stands; raises FileError."""
    return publish(shop, path, lambda temporary: write_book(book, temporary))


def write_book(book: Workbook, path: Path) -> None:
    """Write a workbook to a path; raises OSError, e.g. for a full disk."""
    try:
        book.save(path)
    except OSError as error:
        # openpyxl leaves its half-written files open. Closing them fails a second time when they are thrown
        # away, which Python tells with a traceback of its own; so they are thrown away here, silently.
        told, sys.unraisablehook = sys.unraisablehook, lambda _fault: None
        try:
            traceback.clear_frames(error.__traceback__)
            gc.collect()
        finally:
            sys.unraisablehook = told
        raise
