"""The definitions sheet: what every figure means and what it was computed from."""

from openpyxl.styles import Alignment
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from aftersales_cli.insight.catalogue import BASES, CLOCKS
from aftersales_cli.insight.report import Figure, KpiReport
from aftersales_cli.insight.wording import format_target
from aftersales_cli.language import _
from aftersales_cli.money import number_format, to_decimal
from aftersales_cli.reports.kpi_look import SHARE_FORMAT, TITLE_FONT, value_cell
from aftersales_cli.reports.workbook import (
    BORDER,
    add_sheet,
    at,
    fit_row,
    head_row,
    number,
    print_on_one_page_width,
    text,
)
from aftersales_cli.shop import Shop

_HEAD = 3
_WIDTHS = (24, 52, 28, 18, 9, 13, 13, 13, 8, 8, 9, 30, 20)
_LAST = "M"
_NUMBERS = range(6, 12)
_WRAPPED = Alignment(horizontal="left", indent=1, wrap_text=True, vertical="top")


def add_definitions(shop: Shop, book: Workbook, report: KpiReport) -> None:
    """Add the sheet: one row per figure."""
    sheet = add_sheet(book, _("Definitions"))
    for column, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGHIJKLM"[column]].width = width
    title = _("Definitions, with the figures of {period}", period=report.period.label)
    text(at(sheet, 1, 1), title).font = TITLE_FONT
    titles = [
        _("Figure"), _("Formula"), _("Basis"), _("Clock"), _("Target"), _("Value"), "k", "n",
        _("Low (95 %)"), _("High (95 %)"), _("Smallest n"), _("Source"), _("Code"),
    ]  # fmt: skip
    head_row(sheet, _HEAD, titles, right=_NUMBERS)
    sheet.row_dimensions[_HEAD].height = 32
    for row, figure in enumerate(report.figures, start=_HEAD + 1):
        _write_figure(shop, sheet, row, figure)
    last = _HEAD + len(report.figures)
    sheet.freeze_panes = at(sheet, _HEAD + 1, 2)
    sheet.auto_filter.ref = f"A{_HEAD}:{_LAST}{last}"
    print_on_one_page_width(sheet)
    sheet.page_setup.fitToHeight = 1
    sheet.print_title_rows = f"{_HEAD}:{_HEAD}"
    sheet.print_area = f"A1:{_LAST}{last}"


def _write_figure(shop: Shop, sheet: Worksheet, row: int, figure: Figure) -> None:
    entry, value, currency = figure.entry, figure.value, shop.settings.shop.currency
    words = {
        1: entry.name, 2: entry.formula, 3: _(BASES[entry.basis]), 4: _(CLOCKS[entry.clock]),
        5: format_target(entry, figure.target), 12: _(entry.source), 13: entry.code,
    }  # fmt: skip
    for column, word in words.items():
        text(at(sheet, row, column), word)
    if value.missing:
        text(at(sheet, row, 6), value.missing)
    else:
        value_cell(at(sheet, row, 6), entry, value.value, currency)
    money = entry.code == "refund_rate_amount"
    for column, count in ((7, value.k), (8, value.n)):
        if (money or (entry.unit == "money" and column == 7)) and count is not None:  # noqa: PLR2004 - k
            number(at(sheet, row, column), float(to_decimal(round(count), currency)), number_format(currency))
        else:
            number(at(sheet, row, column), count)
    number(at(sheet, row, 9), value.low, SHARE_FORMAT)
    number(at(sheet, row, 10), value.high, SHARE_FORMAT)
    number(at(sheet, row, 11), entry.minimum or None)
    for column in range(1, len(_WIDTHS) + 1):
        cell = at(sheet, row, column)
        cell.border = BORDER
        right = column in _NUMBERS
        cell.alignment = Alignment(horizontal="right", vertical="top", wrap_text=True) if right else _WRAPPED
    fit_row(sheet, row, line_height=13.5)
