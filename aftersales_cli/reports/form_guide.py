"""The sheet that tells staff how to fill in a form, and where a form is put without overwriting a filled one."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from aftersales_cli.language import pick
from aftersales_cli.reports.workbook import (
    FONT_NAME,
    add_sheet,
    at,
    display_width,
    print_on_one_page_width,
    text,
)

TITLE_FONT = Font(name=FONT_NAME, bold=True, size=13, color="1F4E78")
_BOLD = Font(name=FONT_NAME, bold=True)
_LINE_HEIGHT = 16.0
_TERM_WIDTH, _MEANING_WIDTH = 26, 84
_MAXIMUM_COPIES = 100

Terms = Sequence[tuple[str, str]]
"""Words with what they mean."""


def write_guide(book: Workbook, words: Mapping[str, Any], terms: Mapping[str, Terms]) -> None:
    """Add the sheet with the entries under ``guide``; one with ``terms`` has those words listed below it."""
    sheet = add_sheet(book, pick(words["guide_sheet"]))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = _TERM_WIDTH, _MEANING_WIDTH
    wrapped = Alignment(wrap_text=True, vertical="top")
    row = 1
    for entry in words["guide"]:
        cell = text(at(sheet, row, 1), pick(entry))
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        cell.alignment = wrapped
        if entry.get("heading"):
            cell.font = TITLE_FONT
        lines = count_lines(pick(entry), _TERM_WIDTH + _MEANING_WIDTH - 10)
        sheet.row_dimensions[row].height = lines * _LINE_HEIGHT + 6
        row += 1
        for name, meaning in terms.get(entry.get("terms", ""), ()):
            named = text(at(sheet, row, 1), name)
            named.font, named.alignment = _BOLD, wrapped
            text(at(sheet, row, 2), meaning).alignment = wrapped
            lines = max(count_lines(name, _TERM_WIDTH), count_lines(meaning, _MEANING_WIDTH))
            sheet.row_dimensions[row].height = lines * _LINE_HEIGHT + 4
            row += 1
    print_on_one_page_width(sheet, landscape=False)


def count_lines(value: str, width: int) -> int:
    """Return how many lines a wrapped cell needs; two columns go to the margins and to wide characters."""
    return sum(max(1, -(-display_width(line) // (width - 2))) for line in value.split("\n"))


def choose_form_path(wanted: Path, identity: str) -> tuple[Path, bool]:
    """Return a free path, or the one that holds this very form already, and whether it does.

    A file that is there is never overwritten, since staff may have filled it in: a different form gets a
    number behind its name.
    """
    for copy in range(1, _MAXIMUM_COPIES):
        path = wanted if copy == 1 else wanted.with_name(f"{wanted.stem} ({copy}){wanted.suffix}")
        if not path.exists():
            return path, False
        if _holds_form(path, identity):
            return path, True
    return wanted.with_name(f"{identity}{wanted.suffix}"), False


def _holds_form(path: Path, identity: str) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(
                identity.encode() in archive.read(name)
                for name in archive.namelist()
                if name.startswith("docProps/")
            )
    except (OSError, zipfile.BadZipFile):
        return False
