"""Native charts, laid over ranges of cells such as ``F3:M16``."""

from collections.abc import Sequence
from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

COLOURS = ("1F4E78", "C55A11", "548235", "7F7F7F")
_GRID = "E0E0E0"
_TEXT_SIZE = 900
_TITLE_SIZE = 1200


def line_chart(
    sheet: Worksheet, area: str, *, title: str, rows: Sequence[int], columns: tuple[int, int], head: int,
    axis_format: str,
) -> None:  # fmt: skip
    """Draw table rows as lines; column 1 names them, ``head`` is the row of categories."""
    chart = LineChart()
    _add_rows(chart, sheet, rows, columns, head)
    for series, colour in zip(chart.series, COLOURS, strict=False):
        series.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=colour, w=28_000))
        series.marker.symbol = "circle"
        series.marker.size = 5
        series.marker.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.smooth = False
    _finish(chart, title, axis_format)
    _place(sheet, chart, area)


def column_chart(
    sheet: Worksheet, area: str, *, title: str, rows: Sequence[int], columns: tuple[int, int], head: int,
    axis_format: str,
) -> None:  # fmt: skip
    """Draw table rows as columns; arguments as for ``line_chart``."""
    chart = BarChart()
    chart.type, chart.gapWidth = "col", 60
    _add_rows(chart, sheet, rows, columns, head)
    _colour_bars(chart)
    _finish(chart, title, axis_format)
    _place(sheet, chart, area)


def bar_chart(
    sheet: Worksheet, area: str, *, title: str, labels: Reference, values: Reference,
) -> None:  # fmt: skip
    """Draw one column of numbers as horizontal bars, the first on top, with the number at each bar."""
    chart = BarChart()
    chart.type, chart.gapWidth = "bar", 40
    chart.add_data(values, titles_from_data=False)
    chart.set_categories(labels)
    _colour_bars(chart)
    chart.dataLabels = DataLabelList(
        showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False
    )
    _finish(chart, title, "#,##0")
    chart.x_axis.scaling.orientation = "maxMin"
    chart.legend = None
    chart.y_axis.majorGridlines = None
    chart.y_axis.delete = True
    _place(sheet, chart, area)


def pareto_chart(
    sheet: Worksheet, area: str, *, title: str, labels: Reference, values: Reference,
    cumulative: Reference,
) -> None:  # fmt: skip
    """Draw columns with their cumulative share as a line on a second axis; the references hold titles."""
    chart, line = BarChart(), LineChart()
    chart.type, chart.gapWidth = "col", 30
    chart.add_data(values, titles_from_data=True)
    chart.set_categories(labels)
    _colour_bars(chart)
    line.add_data(cumulative, titles_from_data=True)
    line.series[0].graphicalProperties = GraphicalProperties(
        ln=LineProperties(solidFill=COLOURS[1], w=28_000)
    )
    line.series[0].smooth = False
    line.y_axis.axId = 200
    line.y_axis.crosses = "max"
    line.y_axis.number_format = "0%"
    line.y_axis.majorGridlines = None
    line.y_axis.scaling.min, line.y_axis.scaling.max = 0, 1
    line.y_axis.delete = False
    line.y_axis.txPr = _small_text()
    _finish(chart, title, "#,##0")
    chart += line
    _place(sheet, chart, area)


def _add_rows(chart: Any, sheet: Worksheet, rows: Sequence[int], columns: tuple[int, int], head: int) -> None:
    for row in rows:
        chart.add_data(
            Reference(sheet, min_col=1, max_col=columns[1], min_row=row, max_row=row),
            from_rows=True,
            titles_from_data=True,
        )
    chart.set_categories(Reference(sheet, min_col=columns[0], max_col=columns[1], min_row=head, max_row=head))


def _colour_bars(chart: Any) -> None:
    for series, colour in zip(chart.series, COLOURS, strict=False):
        series.graphicalProperties = GraphicalProperties(solidFill=colour)


def _finish(chart: Any, title: str, axis_format: str) -> None:
    chart.title = title
    chart.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=_TITLE_SIZE, b=True))
    chart.title.overlay = False
    chart.legend.position = "b"
    chart.y_axis.number_format = axis_format
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=_GRID))
    chart.y_axis.scaling.min = 0
    chart.display_blanks = "gap"
    for axis in (chart.x_axis, chart.y_axis):
        # Newer openpyxl hides axes unless told otherwise.
        axis.delete = False
        axis.txPr = _small_text()
    chart.x_axis.tickLblPos = "low"


def _small_text() -> RichText:
    properties = CharacterProperties(sz=_TEXT_SIZE)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=properties), endParaRPr=properties)])


def _place(sheet: Worksheet, chart: Any, area: str) -> None:
    """Lay a chart over a range of cells, so that it fits whatever width a program gives the columns."""
    first_column, first_row, last_column, last_row = (part or 1 for part in range_boundaries(area))
    chart.anchor = TwoCellAnchor(
        editAs="oneCell",
        _from=AnchorMarker(col=first_column - 1, row=first_row - 1),
        to=AnchorMarker(col=last_column, row=last_row),
    )
    sheet.add_chart(chart)
