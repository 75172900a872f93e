"""Workbooks: sheets, types, lying dimensions, and the child process that may die."""

import datetime as dt
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from aftersales_cli.errors import FileError, UnknownFileError
from aftersales_cli.reading import OpenTable, Row, open_table
from aftersales_cli.reading.workbooks import open_workbook

HEADER: list[object] = ["订单编号 ", "金额（元）", "下单时间"]
Sheets = dict[str, list[list[object]]]


def recognise(cells: list[str]) -> str | None:
    return "orders" if {"订单编号", "金额(元)"} <= set(cells) else None


def save(path: Path, sheets: Sheets) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)
    return path


def make_rows(count: int) -> list[list[object]]:
    rows: list[list[object]] = [HEADER]
    rows.extend([str(number), number, None] for number in range(count))
    return rows


def patch(path: Path, member: str, change: Callable[[str], str]) -> None:
    """Rewrite one part of a saved workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    before = parts[member].decode()
    parts[member] = change(before).encode()
    assert parts[member] != before.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def read(path: Path) -> tuple[OpenTable[str], list[Row]]:
    with open_table(path, recognise) as table:
        return table, list(table.rows)


def test_rows_come_as_text_with_the_numbers_excel_shows(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        HEADER,
        ["4103876543219876543", 12.5, dt.datetime(2026, 1, 2, 3, 4, 5)],
        [],
        ["  ", None, None],
        [4103876543219876543, 12, dt.date(2026, 1, 2)],
        ["x", True, "=1/0"],
    ]
    table, read_rows = read(save(tmp_path / "orders.xlsx", {"订单": rows}))
    assert (table.match, table.header, table.header_row) == ("orders", HEADER, 1)
    assert (table.sheet, table.encoding) == ("订单", "xlsx")
    assert read_rows[0] == (2, ["4103876543219876543", "12.5", "2026-01-02 03:04:05"])
    number, (order_id, amount, placed) = read_rows[1]
    assert (number, amount, placed) == (5, "12", "2026-01-02")
    assert order_id.startswith("4.10387654321987")
    assert order_id.endswith("e+18")
    assert read_rows[2] == (6, ["x", "TRUE", ""])


def test_equal_values_of_different_types_keep_their_own_texts(tmp_path: Path) -> None:
    day = dt.datetime(2026, 11, 1)
    rows: list[list[object]] = [
        HEADER,
        ["1", True, 1],
        [1.0, "1", True],
        [0, False, 0.0],
        [day, 46327, "2026-11-01"],
    ]
    _table, read_rows = read(save(tmp_path / "orders.xlsx", {"订单": rows}))
    assert [cells for _number, cells in read_rows] == [
        ["1", "TRUE", "1"],
        ["1", "1", "TRUE"],
        ["0", "FALSE", "0"],
        ["2026-11-01", "46327", "2026-11-01"],
    ]


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    path = save(tmp_path / "orders.xlsx", {"a": [HEADER, ["1", 2, None]]}).rename(tmp_path / "orders.csv")
    assert read(path)[1] == [(2, ["1", "2", ""])]


def test_title_rows_and_other_sheets_come_before_the_table(tmp_path: Path) -> None:
    sheets: Sheets = {
        "说明": [["请勿修改"], ["说明", "内容", "备注"]],
        "空": [],
        "订单": [["店铺报表"], [], ["", "申请信息"], HEADER, ["1", 2, None]],
    }
    table, rows = read(save(tmp_path / "orders.xlsx", sheets))
    assert (table.sheet, table.header_row) == ("订单", 4)
    assert [(number, cells[:2]) for number, cells in rows] == [(5, ["1", "2"])]


def test_a_lying_dimension_hides_nothing(tmp_path: Path) -> None:
    path = save(tmp_path / "orders.xlsx", {"a": [HEADER, ["1", 2, None], ["2", 3, None]]})
    patch(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace('ref="A1:C3"', 'ref="A1"'))
    assert [cells[0] for _number, cells in read(path)[1]] == ["1", "2"]


def test_a_table_away_from_the_corner_keeps_its_row_numbers(tmp_path: Path) -> None:
    path = save(tmp_path / "orders.xlsx", {"a": [[], [], [None, *HEADER], [None, "1", 2]]})
    table, rows = read(path)
    assert (table.header, table.header_row) == (HEADER, 3)
    assert rows == [(4, ["1", "2", ""])]


def test_an_unknown_workbook_shows_the_best_row_of_each_sheet(tmp_path: Path) -> None:
    path = save(tmp_path / "x.xlsx", {"a": [["标题"], ["商品", "数量"], [1, 2]], "b": [["name", "x", "y"]]})
    with pytest.raises(UnknownFileError) as caught:
        read(path)
    assert caught.value.headers == (("商品", "数量"), ("name", "x", "y"))
    assert caught.value.exit_code == 8


def test_a_workbook_without_any_cell_holds_no_table(tmp_path: Path) -> None:
    with pytest.raises(UnknownFileError, match="holds no table"):
        read(save(tmp_path / "x.xlsx", {"a": []}))


def test_folders_with_chinese_names_and_spaces_are_ordinary(tmp_path: Path) -> None:
    path = save(tmp_path / "张三" / "桌面" / "我的 店" / "订单 (1).xlsx", {"a": [HEADER, ["1", 2, None]]})
    assert len(read(path)[1]) == 1
    text = path.with_suffix(".csv")
    text.write_text("订单编号,金额(元)\n1,2\n", encoding="utf-8")
    assert len(read(text)[1]) == 1


def test_thousands_of_rows_stream_in_order(tmp_path: Path) -> None:
    rows = make_rows(5000)
    _table, read_rows = read(save(tmp_path / "orders.xlsx", {"a": rows}))
    assert [cells[0] for _number, cells in read_rows] == [str(number) for number in range(5000)]
    assert read_rows[-1][0] == 5001


def test_stopping_early_ends_the_child(tmp_path: Path) -> None:
    rows = make_rows(5000)
    with open_table(save(tmp_path / "orders.xlsx", {"a": rows}), recognise) as table:
        next(table.rows)
    if sys.platform == "linux":
        children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(encoding="ascii")
        commands = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children.split()]
        assert not [command for command in commands if b"workbook_child" in command]


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = save(tmp_path / "orders.xlsx", {"a": [HEADER, ["1", 2, None]]})
    with pytest.raises(FileError, match="too long"):
        open_workbook(path, recognise, seconds_allowed=0.0)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no address space limit on Windows")
def test_a_child_that_dies_is_a_refused_file(tmp_path: Path) -> None:
    path = save(tmp_path / "orders.xlsx", {"a": [HEADER]})
    # Two cells span the whole sheet: past the preflight this aborts the reader, as measured.
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    patch(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("</sheetData>", far))
    with pytest.raises(FileError, match="damaged or hostile"):
        open_workbook(path, recognise)


def test_broken_xml_is_a_refused_file(tmp_path: Path) -> None:
    path = save(tmp_path / "orders.xlsx", {"a": [HEADER, ["1", 2, None]]})
    patch(path, "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2])
    with pytest.raises(FileError):
        read(path)


def test_every_way_of_cutting_a_workbook_is_refused(tmp_path: Path) -> None:
    data = save(tmp_path / "orders.xlsx", {"a": [HEADER, ["1", 2, None]]}).read_bytes()
    cut = tmp_path / "cut.xlsx"
    for size in range(10, len(data) - 22, len(data) // 20):
        cut.write_bytes(data[:size])
        with pytest.raises(FileError):
            read(cut)


def test_the_parent_never_loads_the_workbook_reader(tmp_path: Path) -> None:
    path = save(tmp_path / "orders.xlsx", {"a": [HEADER, ["1", 2, None]]})
    script = (
        "import sys; from pathlib import Path; from aftersales_cli.reading import open_table\n"
        "with open_table(Path(sys.argv[1]), lambda cells: cells) as table: print(len(list(table.rows)))\n"
        "print('python_calamine' in sys.modules, 'openpyxl' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script, path], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1", "False", "False"]
