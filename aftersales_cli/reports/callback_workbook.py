"""Write the day's callbacks as a workbook that staff fill in and hand back."""

import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from aftersales_cli.customers.callback_list import (
    COLUMNS,
    FILLED_IN,
    Token,
    list_id,
    list_words,
    make_token,
)
from aftersales_cli.customers.callbacks import ListedCallback, list_due_callbacks
from aftersales_cli.language import _, current_language, pick
from aftersales_cli.reports.workbook import (
    BORDER,
    INPUT_FILL,
    add_sheet,
    at,
    display_width,
    head_row,
    new_workbook,
    number,
    print_on_one_page_width,
    require_workbook_name,
    save,
    text,
)
from aftersales_cli.shop import Shop

_TITLE_ROW, _HEAD_ROW, _FIRST_ROW = 1, 2, 3
_ID_PROPERTY = "aftersales_list"
_HIDDEN_SHEET = "aftersales"
_WIDTHS = {
    "position": 6, "reason": 13, "customer": 13, "reach": 23, "storefront": 13, "order": 21, "product": 22,
    "happened": 24, "ask": 34, "assignee": 10, "outcome": 16, "score": 13, "next_on": 14, "note": 26, "token": 12,
}  # fmt: skip
# A font without a name becomes a serif one in LibreOffice.
_TITLE_FONT = Font(name="Calibri", bold=True, size=13, color="1F4E78")
_BOLD = Font(name="Calibri", bold=True)
_TOKEN_FONT = Font(name="Calibri", size=8, color="A6A6A6")
_CENTRED = frozenset({"position", "score", "next_on"})
_LINE_HEIGHT = 16.0
_MAXIMUM_LINES = 12
_MAXIMUM_COPIES = 100
_LAST_DAY_AHEAD = 366
_EDGE = Side(style="thin", color="BFBFBF")
_INPUT_BORDER = Border(left=_EDGE, right=_EDGE, bottom=_EDGE)
_SCORE_LIST = '"1,2,3,4,5"'


@dataclass(frozen=True)
class ExportedList:
    """Where the list of a day stands."""

    path: Path | None
    """None if there is nobody to call; then no file is written."""
    callbacks: int
    list_id: str
    written: bool
    """False if a file with this very list was there already."""


def export_callbacks(shop: Shop, on: date, out: Path | None = None) -> ExportedList:
    """Write the open callbacks of a day into the outbox, or to ``out`` (a file or a folder).

    A file that is there is never overwritten, since staff may have filled it in: the same list is left as
    it is, a different one gets a number behind its name. Raises FileError, WrongUsageError for a name that is
    not that of a workbook.
    """
    wanted = _wanted_path(shop, on, out)
    require_workbook_name(wanted)
    with shop.writing("callbacks.export") as writing:
        callbacks = list_due_callbacks(shop, on)
        identity = list_id(on.isoformat(), [_token(entry) for entry in callbacks], current_language())
        # Full numbers and addresses leave the database here, so the audit log says how many.
        full = len(callbacks) if shop.settings.callbacks.contact == "full" else 0
        writing.count(callbacks=len(callbacks), full_contacts=full)
    if not callbacks:
        return ExportedList(None, 0, identity, written=False)
    path, standing = _choose_path(wanted, identity)
    if standing:
        return ExportedList(path, len(callbacks), identity, written=False)
    stands_at = save(shop, _make_book(shop, on, callbacks, identity), path)
    return ExportedList(stands_at, len(callbacks), identity, written=not shop.dry_run)


def _token(entry: ListedCallback) -> Token:
    return make_token(entry.id, entry.revision, entry.planned_at)


def _wanted_path(shop: Shop, on: date, out: Path | None) -> Path:
    name = pick(list_words()["file"]).format(day=on.isoformat())
    if out is None:
        return shop.folder / "outbox" / name
    return out / name if out.is_dir() else out


def _choose_path(wanted: Path, identity: str) -> tuple[Path, bool]:
    """Return a free path, or the one that holds this list already, and whether it does."""
    for copy in range(1, _MAXIMUM_COPIES):
        path = wanted if copy == 1 else wanted.with_name(f"{wanted.stem} ({copy}){wanted.suffix}")
        if not path.exists():
            return path, False
        if _holds_list(path, identity):
            return path, True
    return wanted.with_name(f"{identity}{wanted.suffix}"), False


def _holds_list(path: Path, identity: str) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(
                identity.encode() in archive.read(name)
                for name in archive.namelist()
                if name.startswith("docProps/")
            )
    except (OSError, zipfile.BadZipFile):
        return False


def _make_book(shop: Shop, on: date, callbacks: list[ListedCallback], identity: str) -> Workbook:
    words = list_words()
    title = pick(words["title"]).format(day=on.isoformat(), count=len(callbacks))
    book = new_workbook(shop, title)
    book.properties.keywords = identity
    properties = book.custom_doc_props  # type: ignore[attr-defined] # openpyxl's stubs leave it out
    properties.append(StringProperty(name=_ID_PROPERTY, value=identity))
    sheet = add_sheet(book, pick(words["sheet"]))
    _write_heads(sheet, title, words)
    for position, entry in enumerate(callbacks, start=1):
        _write_row(sheet, _HEAD_ROW + position, position, entry, shop)
    _lay_out(sheet, len(callbacks))
    _write_guide(book, shop, words)
    outcomes = _write_hidden(book, shop, identity)
    _add_validations(sheet, words, on, outcomes, last_row=_HEAD_ROW + len(callbacks))
    return book


def _column(name: str) -> int:
    return COLUMNS.index(name) + 1


def _write_heads(sheet: Worksheet, title: str, words: Any) -> None:
    text(at(sheet, _TITLE_ROW, 1), title).font = _TITLE_FONT
    sheet.row_dimensions[_TITLE_ROW].height = 24
    head_row(sheet, _HEAD_ROW, [pick(words["columns"][name]) for name in COLUMNS])
    sheet.row_dimensions[_HEAD_ROW].height = 2 * _LINE_HEIGHT + 2


def _write_row(sheet: Worksheet, row: int, position: int, entry: ListedCallback, shop: Shop) -> None:
    values = {
        "reason": _reason(shop, entry),
        "customer": entry.customer or "–",
        "reach": "\n".join(entry.how_to_reach) or "–",
        "storefront": entry.storefront,
        "order": entry.order_number,
        "product": entry.product,
        "happened": entry.happened,
        "ask": entry.ask,
        "assignee": entry.assignee,
        "token": _token(entry),
    }
    number(at(sheet, row, 1), position, "0")
    for name, value in values.items():
        text(at(sheet, row, _column(name)), value)
    for name in COLUMNS:
        cell = at(sheet, row, _column(name))
        cell.alignment = Alignment(
            horizontal="center" if name in _CENTRED else None, vertical="top", wrap_text=name != "token"
        )
        cell.border = BORDER
    for name in FILLED_IN:
        cell = at(sheet, row, _column(name))
        cell.fill, cell.border = INPUT_FILL, _INPUT_BORDER
        cell.number_format = {"score": "0", "next_on": "yyyy-mm-dd"}.get(name, "@")
    at(sheet, row, _column("token")).font = _TOKEN_FONT
    lines = max(_lines(str(value), _WIDTHS[name]) for name, value in values.items() if name != "token")
    sheet.row_dimensions[row].height = min(lines, _MAXIMUM_LINES) * _LINE_HEIGHT + 4


def _reason(shop: Shop, entry: ListedCallback) -> str:
    name = shop.taxonomy("callback_reasons").label(entry.reason)
    if entry.attempt == 1:
        return name
    return _("{reason} (attempt {attempt})", reason=name, attempt=entry.attempt)


def _lines(value: str, width: int) -> int:
    """Return how many lines a wrapped cell needs; two columns go to the margins and to wide characters."""
    return sum(max(1, -(-display_width(line) // (width - 2))) for line in value.split("\n"))


def _lay_out(sheet: Worksheet, rows: int) -> None:
    for name, width in _WIDTHS.items():
        sheet.column_dimensions[get_column_letter(_column(name))].width = width
    last = get_column_letter(len(COLUMNS))
    sheet.freeze_panes = f"{get_column_letter(_column('reach'))}{_FIRST_ROW}"
    sheet.auto_filter.ref = f"A{_HEAD_ROW}:{last}{_HEAD_ROW + rows}"
    print_on_one_page_width(sheet)
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
    # Fifteen columns fit an ordinary screen a little smaller than life.
    sheet.sheet_view.zoomScale = 85
    margins = sheet.page_margins
    margins.left = margins.right = 0.3
    margins.top = margins.bottom = 0.5


def _write_hidden(book: Workbook, shop: Shop, identity: str) -> str:
    """Keep the list's id and the outcomes' names on a hidden sheet; return the range of the names.

    A range and not a list in the validation itself, which may hold neither commas nor 255 characters.
    """
    sheet = add_sheet(book, _HIDDEN_SHEET)
    sheet.sheet_state = "hidden"
    text(at(sheet, 1, 1), identity)
    names = [term.name for term in shop.taxonomy("callback_outcomes")]
    for row, name in enumerate(names, start=1):
        text(at(sheet, row, 2), name)
    return f"{quote_sheetname(_HIDDEN_SHEET)}!$B$1:$B${len(names)}"


def _add_validations(sheet: Worksheet, words: Any, on: date, outcomes: str, *, last_row: int) -> None:
    first, last = _excel_day(on), _excel_day(on + timedelta(days=_LAST_DAY_AHEAD))
    rules = {
        "outcome": DataValidation(type="list", formula1=outcomes),
        "score": DataValidation(type="list", formula1=_SCORE_LIST),
        "next_on": DataValidation(type="date", operator="between", formula1=str(first), formula2=str(last)),
    }
    for name, rule in rules.items():
        rule.allow_blank = True
        rule.showErrorMessage = rule.showInputMessage = True
        rule.promptTitle = rule.errorTitle = pick(words["columns"][name])
        rule.prompt = rule.error = pick(words["prompts"][name]).format(
            day=(on + timedelta(days=1)).isoformat()
        )
        letter = get_column_letter(_column(name))
        rule.add(f"{letter}{_FIRST_ROW}:{letter}{last_row}")
        sheet.add_data_validation(rule)


def _excel_day(value: date) -> int:
    """Return a day as spreadsheets count it (from 1900, with a 29 February that never was)."""
    return (value - date(1899, 12, 30)).days


def _write_guide(book: Workbook, shop: Shop, words: Any) -> None:
    sheet = add_sheet(book, pick(words["guide_sheet"]))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 84
    row = 1
    for entry in words["guide"]:
        cell = text(at(sheet, row, 1), pick(entry))
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if entry.get("heading"):
            cell.font = _TITLE_FONT
        sheet.row_dimensions[row].height = _lines(pick(entry), 100) * _LINE_HEIGHT + 6
        row += 1
    for term in shop.taxonomy("callback_outcomes"):
        meaning = pick(words["meanings"].get(term.code, {}))
        text(at(sheet, row, 1), term.name).font = _BOLD
        text(at(sheet, row, 2), meaning).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = _lines(meaning, 84) * _LINE_HEIGHT + 4
        row += 1
    print_on_one_page_width(sheet, landscape=False)
