"""The cases sheet: cases by kind, channel, status and reason, and how old the open ones are."""

from collections.abc import Sequence

from openpyxl.chart import Reference
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from aftersales_cli.insight.breakdowns import Part
from aftersales_cli.insight.catalogue import BREAKDOWNS
from aftersales_cli.insight.report import KpiReport
from aftersales_cli.language import _
from aftersales_cli.money import number_format, to_decimal
from aftersales_cli.reports.kpi_charts import bar_chart
from aftersales_cli.reports.kpi_look import NOTE_FONT, SHARE_FORMAT, TITLE_FONT
from aftersales_cli.reports.workbook import (
    BORDER,
    add_sheet,
    at,
    head_row,
    number,
    print_on_one_page_width,
    text,
)
from aftersales_cli.shop import Shop

_WIDTHS = {"A": 34, "B": 10, "C": 10, "D": 16, "E": 3}
_BLOCK_ROWS = 15


def add_cases(shop: Shop, book: Workbook, report: KpiReport) -> None:
    """Add the sheet: a block of table and chart for each breakdown."""
    sheet = add_sheet(book, _("Cases"))
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    text(at(sheet, 1, 1), _("Cases of {period}", period=report.period.label)).font = TITLE_FONT
    blocks = [(entry.name, report.breakdowns[entry.code]) for entry in BREAKDOWNS]
    blocks.insert(3, (_("Open cases by age"), report.ageing))
    row = 3
    for title, parts in blocks:
        row = _write_block(shop, sheet, row, title, parts)
    sheet.freeze_panes = "A3"
    print_on_one_page_width(sheet, landscape=False)
    sheet.print_area = f"A1:M{row}"


def _write_block(shop: Shop, sheet: Worksheet, row: int, title: str, parts: Sequence[Part]) -> int:
    titles = [title, _("Cases"), _("Share")]
    if parts and parts[0].amount is not None:
        titles.append(_("Refunded ({currency})", currency=shop.settings.shop.currency))
    head_row(sheet, row, titles, right=range(2, 9))
    if not sum(part.k for part in parts):
        text(at(sheet, row + 1, 1), _("no cases")).font = NOTE_FONT
        return row + 4
    for position, part in enumerate(parts, start=row + 1):
        _write_part(sheet, position, part, shop.settings.shop.currency)
    last = row + len(parts)
    bar_chart(
        sheet,
        f"F{row}:M{row + _BLOCK_ROWS - 2}",
        title=title,
        labels=Reference(sheet, min_col=1, min_row=row + 1, max_row=last),
        values=Reference(sheet, min_col=2, min_row=row + 1, max_row=last),
    )
    return max(last + 3, row + _BLOCK_ROWS)


def _write_part(sheet: Worksheet, row: int, part: Part, currency: str) -> None:
    text(at(sheet, row, 1), part.label)
    number(at(sheet, row, 2), part.k)
    number(at(sheet, row, 3), part.share, SHARE_FORMAT)
    if part.amount is not None:
        number(at(sheet, row, 4), float(to_decimal(part.amount, currency)), number_format(currency))
    for column in range(1, 4 if part.amount is None else 5):
        at(sheet, row, column).border = BORDER
