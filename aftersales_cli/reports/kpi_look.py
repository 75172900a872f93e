"""How figures look in the workbook: lights, number formats, rows of values."""

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill

from aftersales_cli.insight.catalogue import Entry
from aftersales_cli.insight.wording import HOUR, LIGHT_SIGNS, MINUTE, duration_unit
from aftersales_cli.language import N_, _
from aftersales_cli.money import number_format, to_decimal
from aftersales_cli.reports.workbook import FONT_NAME, number, text

SHARE_FORMAT = "0.0%"
WIDE_FORMAT = "#,##0"
TITLE_FONT = Font(name=FONT_NAME, bold=True, size=16, color="1F4E78")
SUBTITLE_FONT = Font(name=FONT_NAME, bold=True, size=12, color="1F4E78")
NOTE_FONT = Font(name=FONT_NAME, italic=True, size=9, color="595959")
GROUP_FONT = Font(name=FONT_NAME, bold=True, color="1F4E78")
GROUP_FILL = PatternFill("solid", start_color="DDEBF7")
ALERT_FILL = PatternFill("solid", start_color="FFF2CC")

_LIGHT_LOOKS = {
    "good": ("C6EFCE", "006100"),
    "near": ("FFEB9C", "7F6000"),
    "bad": ("FFC7CE", "9C0006"),
    "small": ("E7E6E6", "595959"),
}
_LIGHT_TEXTS = {
    "good": N_("on target"),
    "near": N_("nearly"),
    "bad": N_("missed"),
    "small": N_("sample too small"),
}


def light_cell(cell: Cell, light: str) -> None:
    """Write a light as colour, sign and word; ``none`` leaves the cell empty."""
    if light == "none":
        return
    background, colour = _LIGHT_LOOKS[light]
    text(cell, f"{LIGHT_SIGNS[light]} {_(_LIGHT_TEXTS[light])}")
    cell.fill, cell.font = (
        PatternFill("solid", start_color=background),
        Font(name=FONT_NAME, bold=True, color=colour),
    )
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def value_cell(cell: Cell, entry: Entry, value: float | None, currency: str) -> None:
    """Write a figure as a number in the unit that reads best, e.g. 4.2 with the format ``0.0" h"``."""
    if value is None:
        number(cell, None)
        return
    if entry.unit == "seconds":
        divisor, unit = duration_unit(value)
        digits = "0" if divisor == 1 else "0.0"
        number(cell, round(value / divisor, 3), f'{digits}" {unit}"')
    else:
        number(cell, plain_value(entry, value, currency), plain_format(entry, currency))
    cell.alignment = Alignment(horizontal="right", vertical="center")


def trend_unit(entry: Entry) -> tuple[float, str]:
    """Return divisor and unit in which a row of durations stands; 1 and nothing for other figures."""
    if entry.unit != "seconds":
        return 1, ""
    return (MINUTE, _("min")) if entry.basis == "opened" else (HOUR, _("h"))


def plain_value(entry: Entry, value: float | None, currency: str) -> float | None:
    """Return a figure as the number a cell holds: amounts in major units, durations in the row's unit."""
    if value is None:
        return None
    if entry.unit == "money":
        return float(to_decimal(round(value), currency))
    return value / trend_unit(entry)[0]


def plain_format(entry: Entry, currency: str) -> str:
    """Return the number format that goes with ``plain_value``."""
    formats = {"count": "#,##0", "share": SHARE_FORMAT, "seconds": "#,##0.0", "score": "0.00"}
    return formats.get(entry.unit) or number_format(currency)
