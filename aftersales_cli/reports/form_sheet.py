"""Write forms that people fill in and hand back: see ``reading/forms.py`` for what a form is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from aftersales_cli.language import pick
from aftersales_cli.reading.forms import Form, FormColumn
from aftersales_cli.reports.form_guide import TITLE_FONT, count_lines
from aftersales_cli.reports.workbook import (
    BORDER,
    FONT_NAME,
    INPUT_FILL,
    add_sheet,
    at,
    day,
    head_row,
    new_workbook,
    number,
    print_on_one_page_width,
    text,
)
from aftersales_cli.shop import Shop

TITLE_ROW, HEAD_ROW = 1, 2
FIRST_ROW = HEAD_ROW + 1
HIDDEN_SHEET = "aftersales"
_ID_PROPERTY = "aftersales_list"
_SMALL_FONT = Font(name=FONT_NAME, size=8, color="A6A6A6")
_LINE_HEIGHT = 16.0
_MAXIMUM_LINES = 12
_EDGE = Side(style="thin", color="BFBFBF")
_INPUT_BORDER = Border(left=_EDGE, right=_EDGE, bottom=_EDGE)
_FILLED_FORMATS = {"whole": "0", "day": "yyyy-mm-dd"}
_MOST_WHOLE = 9999
_INLINE_LENGTH = 255
"""Characters a list of choices may have that stands in the validation itself."""


@dataclass(frozen=True)
class SheetRow:
    """A row to be written."""

    values: Mapping[str, object]
    """Column → text, whole number or day; what is missing stays empty."""
    fill: Sequence[str] | None = None
    """The columns to be filled in on this row; None for all of the form's."""


@dataclass(frozen=True)
class FormSheet:
    """A sheet to be written."""

    form: Form
    tab: str
    title: str
    """The line above the headings."""
    rows: Sequence[SheetRow]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Column → names its drop-down offers."""
    days: tuple[date, date] = (date(2000, 1, 1), date(2099, 12, 31))
    """The days a day to be filled in may be."""
    prompt_values: Mapping[str, str] = field(default_factory=dict)
    """What stands for ``{names}`` in the prompts."""


def new_form_book(shop: Shop, title: str, identity: str) -> Workbook:
    """Return a workbook without sheets that carries the form's id as a property, which survives a renaming."""
    book = new_workbook(shop, title)
    book.properties.keywords = identity
    properties = book.custom_doc_props  # type: ignore[attr-defined] # openpyxl's stubs leave it out
    properties.append(StringProperty(name=_ID_PROPERTY, value=identity))
    return book


def write_form_sheets(book: Workbook, sheets: Iterable[FormSheet], lists: "HiddenLists") -> None:
    """Add the sheets; ``lists`` remembers what their drop-downs offer and is written last."""
    for entry in sheets:
        sheet = add_sheet(book, free_tab(book, entry.tab))
        columns = list(entry.form.columns.values())
        text(at(sheet, TITLE_ROW, 1), entry.title).font = TITLE_FONT
        sheet.row_dimensions[TITLE_ROW].height = 24
        head_row(sheet, HEAD_ROW, [column.title for column in columns])
        sheet.row_dimensions[HEAD_ROW].height = 2 * _LINE_HEIGHT + 2
        for row, content in enumerate(entry.rows, start=FIRST_ROW):
            _write_row(sheet, row, columns, content, entry.form)
        _lay_out(sheet, entry.form, columns, len(entry.rows))
        _add_validations(sheet, entry, lists)


def free_tab(book: Workbook, wanted: str) -> str:
    """Return a name a sheet may have: without forbidden characters, short enough, and not taken."""
    allowed = "".join(" " if character in r"[]:*?/\'" else character for character in wanted).strip()[:25]
    name, count = allowed or "–", 2
    taken = {title.casefold() for title in book.sheetnames}
    while name.casefold() in taken | {HIDDEN_SHEET, "history"}:
        name, count = f"{allowed} ({count})", count + 1
    return name


def _write_row(
    sheet: Worksheet, row: int, columns: Sequence[FormColumn], content: SheetRow, form: Form
) -> None:
    fill = set(form.filled_in if content.fill is None else content.fill)
    lines = 1
    for position, column in enumerate(columns, start=1):
        cell = at(sheet, row, position)
        value = content.values.get(column.name)
        _write_value(cell, value)
        cell.alignment = Alignment(
            horizontal=column.align or None, vertical="top", wrap_text=not column.small
        )
        cell.border = BORDER
        if column.name in fill:
            cell.fill, cell.border = INPUT_FILL, _INPUT_BORDER
            if value is None:
                cell.number_format = "0" if column.choices else _FILLED_FORMATS.get(column.fill, "@")
        if column.small:
            cell.font = _SMALL_FONT
        elif value is not None:
            lines = max(lines, count_lines(str(value), column.width))
    sheet.row_dimensions[row].height = min(lines, _MAXIMUM_LINES) * _LINE_HEIGHT + 4


def _write_value(cell: Cell, value: object) -> None:
    if isinstance(value, int):
        number(cell, value, "0")
    elif isinstance(value, date):
        day(cell, value)
    else:
        text(cell, value)


def _lay_out(sheet: Worksheet, form: Form, columns: Sequence[FormColumn], rows: int) -> None:
    letters = {}
    for position, column in enumerate(columns, start=1):
        letters[column.name] = get_column_letter(position)
        sheet.column_dimensions[letters[column.name]].width = column.width
    if freeze := form.words.get("freeze"):
        sheet.freeze_panes = f"{letters[freeze]}{FIRST_ROW}"
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{get_column_letter(len(columns))}{HEAD_ROW + max(rows, 1)}"
    print_on_one_page_width(sheet)
    if form.words.get("paper") == "A3":
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A3
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    # So many columns fit an ordinary screen a little smaller than life.
    sheet.sheet_view.zoomScale = form.words.get("zoom", 85)
    margins = sheet.page_margins
    margins.left = margins.right = 0.3
    margins.top = margins.bottom = 0.5


class HiddenLists:
    """What drop-downs offer, each list once; kept in the columns of a hidden sheet.

    A range and not a list in the validation itself, which may hold neither commas nor 255 characters.
    """

    def __init__(self) -> None:
        self._lists: list[tuple[str, ...]] = []

    def range_of(self, names: Sequence[str]) -> str:
        """Return the range in which these names will stand, e.g. ``'aftersales'!$B$1:$B$6``."""
        entry = tuple(names)
        if entry not in self._lists:
            self._lists.append(entry)
        letter = get_column_letter(self._lists.index(entry) + 2)
        return f"{quote_sheetname(HIDDEN_SHEET)}!${letter}$1:${letter}${len(entry)}"

    def write(self, book: Workbook, identity: str) -> None:
        """Add the hidden sheet with the form's id and the lists."""
        sheet = add_sheet(book, HIDDEN_SHEET)
        sheet.sheet_state = "hidden"
        text(at(sheet, 1, 1), identity)
        for column, names in enumerate(self._lists, start=2):
            for row, name in enumerate(names, start=1):
                text(at(sheet, row, column), name)


def _add_validations(sheet: Worksheet, entry: FormSheet, lists: HiddenLists) -> None:
    prompts = entry.form.words.get("prompts", {})
    for position, column in enumerate(entry.form.columns.values(), start=1):
        area = _area(entry, column.name, get_column_letter(position))
        rule = _rule(entry, column, lists) if area else None
        if rule is None:
            continue
        rule.allow_blank = True
        rule.showErrorMessage = True
        if column.name in prompts:
            rule.showInputMessage = True
            rule.promptTitle = rule.errorTitle = column.title[:32]
            rule.prompt = rule.error = pick(prompts[column.name]).format(**entry.prompt_values)
        rule.add(area)
        sheet.add_data_validation(rule)


def _area(entry: FormSheet, name: str, letter: str) -> str:
    """Return the cells of a column that are to be filled in, as one range or several."""
    parts: list[list[int]] = []
    for row, content in enumerate(entry.rows, start=FIRST_ROW):
        if name not in (entry.form.filled_in if content.fill is None else content.fill):
            continue
        if parts and parts[-1][1] == row - 1:
            parts[-1][1] = row
        else:
            parts.append([row, row])
    return " ".join(f"{letter}{first}:{letter}{last}" for first, last in parts)


def _rule(entry: FormSheet, column: FormColumn, lists: HiddenLists) -> DataValidation | None:
    if column.choices:
        formula = ",".join(column.choices)
        assert len(formula) <= _INLINE_LENGTH
        return DataValidation(type="list", formula1=f'"{formula}"')
    if column.fill == "choice":
        names = entry.choices.get(column.name)
        return DataValidation(type="list", formula1=lists.range_of(names)) if names else None
    if column.fill == "day":
        first, last = (str(_excel_day(value)) for value in entry.days)
        return DataValidation(type="date", operator="between", formula1=first, formula2=last)
    if column.fill == "whole":
        return DataValidation(type="whole", operator="between", formula1="0", formula2=str(_MOST_WHOLE))
    if column.name in entry.form.words.get("prompts", {}):
        # Anything goes: it is there for its prompt.
        return DataValidation(type="textLength", operator="lessThan", formula1="32768")
    return None


def _excel_day(value: date) -> int:
    """Return a day as spreadsheets count it (from 1900, with a 29 February that never was)."""
    return (value - date(1899, 12, 30)).days
