"""Cells that hold what people typed stay text."""

import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from aftersales_cli.reports.workbook import MAXIMUM_TEXT, at, clean_text, display_width, fit_row, number, text
from tests.conftest import ROOT


@pytest.mark.parametrize("typed", ["=1+1", "+86", "-2", "@x", '=HYPERLINK("http://x")', "1.50", "007"])
def test_what_looks_like_a_formula_or_number_stays_text(tmp_path: Path, typed: str) -> None:
    book = Workbook()
    text(at(book.worksheets[0], 1, 1), typed)
    book.save(tmp_path / "book.xlsx")
    cell = load_workbook(tmp_path / "book.xlsx").worksheets[0].cell(1, 1)
    assert (cell.value, cell.data_type, cell.number_format, cell.quotePrefix) == (typed, "s", "@", True)


def test_characters_excel_refuses_are_replaced_and_long_text_is_cut() -> None:
    assert clean_text("a\x00b\ud800c\ufffe") == "a�b�c�"
    assert clean_text("棉\t花\n糖") == "棉\t花\n糖"
    cut = clean_text("长" * 40_000)
    assert (len(cut), cut[-1]) == (MAXIMUM_TEXT, "…")


def test_no_number_is_a_dash() -> None:
    sheet = Workbook().worksheets[0]
    assert number(at(sheet, 1, 1), None).value == "–"
    assert number(at(sheet, 1, 2), 0).value == 0


def test_a_row_grows_with_its_longest_text() -> None:
    sheet = Workbook().worksheets[0]
    sheet.column_dimensions["A"].width = 10
    text(at(sheet, 1, 1), "short")
    text(at(sheet, 2, 1), "棉花糖" * 10)
    for row in (1, 2):
        fit_row(sheet, row, line_height=15)
    assert sheet.row_dimensions[1].height == 18
    assert display_width("棉花糖" * 10) == 60
    assert sheet.row_dimensions[2].height == 7 * 15 + 3


@pytest.mark.parametrize("rows", [1, 3000])  # the archive does not fit, a sheet's temporary file does not fit
def test_a_disk_that_is_full_leaves_an_error_without_traceback(rows: int, shop_folder: Path) -> None:
    pytest.importorskip("resource")
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from aftersales_cli.errors import FileError\n"
        "from aftersales_cli.reports.workbook import add_sheet, at, new_workbook, save, text\n"
        "from aftersales_cli.shop import open_shop\n"
        "folder = Path(sys.argv[1])\n"
        "shop = open_shop(folder)\n"
        "book = new_workbook(shop, 'x')\n"
        "sheet = add_sheet(book, 'x')\n"
        "for row in range(int(sys.argv[2])): text(at(sheet, row + 1, 1), f'x{row}')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        "try: save(shop, book, folder / 'outbox' / 'x.xlsx')\n"
        "except FileError as error: print(error.message)\n"
        "del book\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(shop_folder), str(rows)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=ROOT,
    )
    assert "x.xlsx cannot be written" in done.stdout
    assert done.stderr == ""
    assert list((shop_folder / "outbox").iterdir()) == []
