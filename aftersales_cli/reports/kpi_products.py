"""The products sheet: which products are refunded, how surely, and how few make up most of it."""

from collections.abc import Sequence

from openpyxl.chart import Reference
from openpyxl.styles import Alignment
from openpyxl.workbook import Workbook
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from aftersales_cli.insight.breakdowns import Product
from aftersales_cli.insight.report import KpiReport
from aftersales_cli.insight.wording import format_share
from aftersales_cli.language import _
from aftersales_cli.reports.kpi_charts import pareto_chart
from aftersales_cli.reports.kpi_look import ALERT_FILL, NOTE_FONT, SHARE_FORMAT, TITLE_FONT
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

_TOP = 30
_CHARTED = 15
_ROWS_ABOVE_CHART = 8
"""More products than this, and the chart goes to a page of its own."""
_HEAD = 4
_WIDTHS = (5, 48, 10, 10, 10, 12, 11, 11, 11, 13, 11)
_MIDDLE = Alignment(horizontal="right", vertical="center")
_RANK, _TITLE, _REFUNDED, _CUMULATIVE = 1, 2, 6, 11


def add_products(book: Workbook, report: KpiReport, listed: Sequence[Product]) -> None:
    """Add the sheet: the products with most refunded orders, with intervals and Pareto shares."""
    sheet = add_sheet(book, _("Products"))
    for column, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGHIJK"[column]].width = width
    rate = report.figure("refund_rate").value.value
    text(at(sheet, 1, 1), _("Products of {period}", period=report.period.label)).font = TITLE_FONT
    text(at(sheet, 2, 1), _explanation(rate, len(listed))).font = NOTE_FONT
    titles = [
        "#", _("Product"), _("Paid orders"), _("Units"), _("Cases opened"), _("Refunded orders"),
        _("Refund rate"), _("Lowest (95 %)"), _("Highest (95 %)"), _("Part of all refunds"),
        _("Added up"),
    ]  # fmt: skip
    head_row(sheet, _HEAD, titles, right=range(_TITLE + 1, len(titles) + 1))
    sheet.row_dimensions[_HEAD].height = 32
    total, running = sum(row.refunded for row in listed), 0
    for position, product in enumerate(listed[:_TOP], start=1):
        running += product.refunded
        shares = (product.refunded / total, running / total) if total else (None, None)
        _write_product(sheet, _HEAD + position, product, shares, rate)
        rank = number(at(sheet, _HEAD + position, _RANK), position)
        rank.alignment = Alignment(horizontal="left", vertical="center")
        fit_row(sheet, _HEAD + position)
    _finish(sheet, min(len(listed), _TOP), charted=total > 0)


def _explanation(rate: float | None, count: int) -> str:
    shown = "–" if rate is None else format_share(rate)
    return _(
        "{shown} of {count} products, most refunded orders first. The shop's refund rate is {rate}; a yellow "
        "row lies above it with its whole interval.",
        shown=min(count, _TOP),
        count=count,
        rate=shown,
    )


def _write_product(
    sheet: Worksheet,
    row: int,
    product: Product,
    shares: tuple[float | None, float | None],
    rate: float | None,
) -> None:
    text(at(sheet, row, _TITLE), product.title).alignment = Alignment(wrap_text=True, vertical="center")
    counts = (product.orders, product.units, product.cases, product.refunded)
    for column, count in enumerate(counts, start=_TITLE + 1):
        number(at(sheet, row, column), count).alignment = _MIDDLE
    rates = (product.refund_rate, product.low, product.high, *shares)
    for column, share in enumerate(rates, start=_REFUNDED + 1):
        number(at(sheet, row, column), share, SHARE_FORMAT).alignment = _MIDDLE
    suspect = rate is not None and product.low is not None and product.low > rate
    for column in range(1, len(_WIDTHS) + 1):
        cell = at(sheet, row, column)
        cell.border = BORDER
        if suspect:
            cell.fill = ALERT_FILL


def _finish(sheet: Worksheet, count: int, *, charted: bool) -> None:
    last = _HEAD + max(count, 1)
    sheet.freeze_panes = at(sheet, _HEAD + 1, _TITLE + 1)
    sheet.auto_filter.ref = f"A{_HEAD}:K{last}"
    end = last
    if charted:
        bottom = _HEAD + min(count, _CHARTED)
        pareto_chart(
            sheet,
            f"A{last + 2}:K{last + 20}",
            title=_("Refunded orders by product, by rank in the table"),
            labels=Reference(sheet, min_col=_RANK, min_row=_HEAD + 1, max_row=bottom),
            values=Reference(sheet, min_col=_REFUNDED, min_row=_HEAD, max_row=bottom),
            cumulative=Reference(sheet, min_col=_CUMULATIVE, min_row=_HEAD, max_row=bottom),
        )
        end = last + 22
        if count > _ROWS_ABOVE_CHART:
            # A chart cut by a page's edge cannot be read.
            sheet.row_breaks.append(Break(id=last + 1))
    print_on_one_page_width(sheet)
    sheet.print_title_rows = f"{_HEAD}:{_HEAD}"
    sheet.print_area = f"A1:K{end}"
