"""The trends sheet: the last months as a table, and native charts below it."""

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from aftersales_cli.insight.report import Figure, KpiReport
from aftersales_cli.language import _
from aftersales_cli.reports.kpi_charts import column_chart, line_chart
from aftersales_cli.reports.kpi_look import (
    NOTE_FONT,
    TITLE_FONT,
    WIDE_FORMAT,
    plain_format,
    plain_value,
    trend_unit,
)
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

_HEAD = 3
_NAME_WIDTH = 32
_MONTH_WIDTH = 9.5
_CHART_ROWS = 16
_LEFT, _RIGHT = ("A", "E"), ("F", "M")


def add_trends(shop: Shop, book: Workbook, report: KpiReport) -> None:
    """Add the sheet; figures stand in rows, months in columns."""
    sheet = add_sheet(book, _("Trends"))
    text(at(sheet, 1, 1), _("Trends")).font = TITLE_FONT
    head_row(sheet, _HEAD, [_("Figure"), *(month.label for month in report.months)], right=range(2, 99))
    places = {}
    for row, figure in enumerate(report.figures, start=_HEAD + 1):
        places[figure.value.code] = row
        _write_figure(shop, sheet, row, figure)
    last_row = _HEAD + len(report.figures)
    text(
        at(sheet, last_row + 1, 1), _("An empty cell means that there was nothing to measure.")
    ).font = NOTE_FONT
    sheet.column_dimensions["A"].width = _NAME_WIDTH
    for column in range(2, len(report.months) + 2):
        sheet.column_dimensions[get_column_letter(column)].width = _MONTH_WIDTH
    sheet.freeze_panes = at(sheet, _HEAD + 1, 2)
    _add_charts(sheet, report, places, last_row + 3)
    print_on_one_page_width(sheet, landscape=False)
    sheet.page_setup.fitToHeight = 1
    last_column = get_column_letter(len(report.months) + 1)
    sheet.print_area = f"A1:{last_column}{last_row + 3 + 3 * _CHART_ROWS}"


def _write_figure(shop: Shop, sheet: Worksheet, row: int, figure: Figure) -> None:
    entry, currency = figure.entry, shop.settings.shop.currency
    unit = trend_unit(entry)[1]
    text(at(sheet, row, 1), f"{entry.name} ({unit})" if unit else entry.name).border = BORDER
    for column, month in enumerate(figure.history, start=2):
        cell = at(sheet, row, column)
        cell.border = BORDER
        # A dash would be text, and charts draw text as zero.
        if month.value is not None:
            shown = WIDE_FORMAT if entry.unit == "money" else plain_format(entry, currency)
            number(cell, plain_value(entry, month.value, currency), shown)


def _add_charts(sheet: Worksheet, report: KpiReport, places: dict[str, int], top: int) -> None:
    columns = (2, len(report.months) + 1)
    charts = (
        (column_chart, _("Paid orders and cases"), ("orders_paid", "cases_opened"), "#,##0"),
        (line_chart, _("Refunds, returns and complaints"),
         ("refund_rate", "return_rate", "complaint_rate"), "0%"),
        (line_chart, _("First reply in minutes"), ("first_reply", "first_reply_median"), "#,##0"),
        (line_chart, _("Time to solve in hours"), ("resolution", "resolution_median"), "#,##0"),
        (line_chart, _("Solved, satisfied, called back"),
         ("resolution_rate", "satisfaction", "callback_completion"), "0%"),
        (column_chart, _("Open cases at the end of the month"), ("backlog",), "#,##0"),
    )  # fmt: skip
    for position, (draw, title, codes, axis_format) in enumerate(charts):
        first, last = _RIGHT if position % 2 else _LEFT
        row = top + position // 2 * _CHART_ROWS
        draw(
            sheet,
            f"{first}{row}:{last}{row + _CHART_ROWS - 2}",
            title=title,
            rows=[places[code] for code in codes],
            columns=columns,
            head=_HEAD,
            axis_format=axis_format,
        )
