"""The first sheet: what an owner sees within a minute, on one printed page."""

from collections.abc import Sequence
from math import ceil

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from aftersales_cli.clock import local_text
from aftersales_cli.insight.catalogue import GROUPS
from aftersales_cli.insight.report import Figure, KpiReport, currency_note
from aftersales_cli.insight.wording import format_target, sparkline
from aftersales_cli.language import _
from aftersales_cli.reports.kpi_look import (
    ALERT_FILL,
    GROUP_FILL,
    GROUP_FONT,
    NOTE_FONT,
    SUBTITLE_FONT,
    TITLE_FONT,
    light_cell,
    value_cell,
)
from aftersales_cli.reports.workbook import (
    BORDER,
    FONT_NAME,
    add_sheet,
    at,
    display_width,
    fit_row,
    head_row,
    print_on_one_page_width,
    text,
)
from aftersales_cli.shop import Shop

_WIDTHS = (28, 14, 12, 19, 14, 17, 24)
_COLUMNS = len(_WIDTHS)
_LINE_HEIGHT = 15.5
_ROW_HEIGHT = 22
_INDENTED = (3, 6, 7)
_INDENT = Alignment(horizontal="left", vertical="center", indent=1)
_TREND_FONT = Font(name=FONT_NAME, color="1F4E78", size=11)
_MIDDLE = Alignment(vertical="center", wrap_text=True)


def add_summary(shop: Shop, book: Workbook, report: KpiReport, findings: Sequence[str]) -> None:
    """Add the sheet: title, the things to look at first, all figures, notes."""
    sheet = add_sheet(book, _("Summary"))
    for position, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFG"[position]].width = width
    row = _write_title(shop, sheet, report)
    row = _write_findings(sheet, row, findings)
    row = _write_figures(shop, sheet, row, report)
    _write_notes(shop, sheet, row + 1, report)
    print_on_one_page_width(sheet, landscape=False)
    sheet.page_setup.fitToHeight = 1
    sheet.print_area = f"A1:G{sheet.max_row}"
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4


def _write_title(shop: Shop, sheet: Worksheet, report: KpiReport) -> int:
    text(at(sheet, 1, 1), shop.settings.shop.name or _("aftersales")).font = TITLE_FONT
    sheet.row_dimensions[1].height = 26
    days = _(
        "Figures of {period}: {first} to {last}",
        period=report.period.label,
        first=report.period.start,
        last=report.period.last,
    )
    text(at(sheet, 2, 1), days if report.over else days + " · " + _("not over yet")).font = SUBTITLE_FONT
    return 4


def _write_findings(sheet: Worksheet, row: int, findings: Sequence[str]) -> int:
    text(at(sheet, row, 1), _("The three things to look at first")).font = SUBTITLE_FONT
    for position, sentence in enumerate(findings, start=1):
        _write_wide(sheet, row + position, f"{position}. {sentence}").fill = ALERT_FILL
    return row + len(findings) + 2


def _write_wide(sheet: Worksheet, row: int, words: str) -> Cell:
    cell = text(at(sheet, row, 1), words)
    cell.alignment = _MIDDLE
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=_COLUMNS)
    # Merged cells do not grow by themselves; the width is that of all columns, with room for breaks.
    lines = ceil(display_width(words) / (sum(_WIDTHS) * 0.97))
    sheet.row_dimensions[row].height = lines * _LINE_HEIGHT + 5
    return cell


def _write_figures(shop: Shop, sheet: Worksheet, row: int, report: KpiReport) -> int:
    titles = [
        _("Figure"), _("Value"), _("Target"), _("Light"), report.previous.label,
        _("Last {count} months", count=len(report.months)), _("Note"),
    ]  # fmt: skip
    head_row(sheet, row, titles, right={2, 5})
    at(sheet, row, 4).alignment = Alignment(horizontal="center", vertical="center")
    for column in _INDENTED:
        at(sheet, row, column).alignment = _INDENT
    fit_row(sheet, row)
    group = ""
    for figure in report.figures:
        if figure.entry.group != group:
            group, row = figure.entry.group, row + 1
            _write_group(sheet, row, _(GROUPS[group]))
        row += 1
        _write_figure(shop, sheet, row, figure)
    return row + 1


def _write_group(sheet: Worksheet, row: int, name: str) -> None:
    text(at(sheet, row, 1), name).alignment = Alignment(vertical="center")
    sheet.row_dimensions[row].height = _ROW_HEIGHT
    for column in range(1, _COLUMNS + 1):
        cell = at(sheet, row, column)
        cell.fill, cell.font = GROUP_FILL, GROUP_FONT


def _write_figure(shop: Shop, sheet: Worksheet, row: int, figure: Figure) -> None:
    entry, currency = figure.entry, shop.settings.shop.currency
    text(at(sheet, row, 1), entry.name)
    value_cell(at(sheet, row, 2), entry, figure.value.value, currency)
    at(sheet, row, 2).font = Font(name=FONT_NAME, bold=True)
    text(at(sheet, row, 3), format_target(entry, figure.target))
    light_cell(at(sheet, row, 4), figure.light)
    value_cell(at(sheet, row, 5), entry, figure.before.value, currency)
    trend = text(at(sheet, row, 6), sparkline([month.value for month in figure.history]))
    trend.font = _TREND_FONT
    text(at(sheet, row, 7), _note(figure)).font = NOTE_FONT
    sheet.row_dimensions[row].height = _ROW_HEIGHT
    for column in range(1, _COLUMNS + 1):
        cell = at(sheet, row, column)
        cell.border = BORDER
        if column in _INDENTED:
            cell.alignment = _INDENT
    at(sheet, row, 1).alignment = Alignment(vertical="center")


def _note(figure: Figure) -> str:
    value = figure.value
    if value.missing:
        return value.missing
    if value.small and value.value is not None:
        return _("sample too small (n = {count})", count=value.sample)
    if figure.entry.unit == "share" and figure.entry.code != "refund_rate_amount" and value.n:
        return _("{k} of {n}", k=f"{value.k or 0:,.0f}", n=f"{value.n:,}")
    return f"n = {value.sample:,}" if figure.entry.unit in {"seconds", "score"} and value.sample else ""


def _write_notes(shop: Shop, sheet: Worksheet, row: int, report: KpiReport) -> None:
    notes = [
        _("Left out: {count} merged, spam, test or duplicate cases.", count=report.void_cases),
        _("– means nothing to measure, not zero. Durations are by the wall clock. A light is yellow up to "
          "10 % beside the target. The sheet Definitions explains every figure."),
        _("Targets are examples of the trade until you set your own in aftersales.toml."),
        currency_note(shop, report),
        _(
            "Data as of {now}; last paid order {day}, last file taken in {imported}.",
            now=local_text(report.measured_at, shop.zone),
            day=report.latest_paid_on or "–",
            imported=local_text(report.latest_import_at, shop.zone),
        ),
    ]  # fmt: skip
    for position, note in enumerate(filter(None, notes)):
        _write_wide(sheet, row + position, note).font = NOTE_FONT
