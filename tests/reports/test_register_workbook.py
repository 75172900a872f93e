"""The case register as a workbook: what is in it, and that it comes back whole."""

import shutil
import stat
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from aftersales_cli.database.cases import list_case_events, list_case_messages
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.desk.answering import note_case
from aftersales_cli.desk.handing_off import hand_off
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.register_form import CASES
from aftersales_cli.desk.register_import import import_register
from aftersales_cli.errors import NotFoundError, WrongUsageError
from aftersales_cli.language import use_language
from aftersales_cli.reports.register_workbook import export_register
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.agents import add_agent

HOSTILE = '=HYPERLINK("http://example.com","Tea pot")'
COLUMNS = list(CASES.columns)


@pytest.fixture
def desk(shop: Shop) -> Shop:
    """Return a shop with cases of Lan, of Mei/Chen and of nobody, and questions to two departments."""
    add_agent(shop, "lan", name="Lan")
    add_agent(shop, "mei", name="Mei/Chen [1]", department="purchasing")
    open_case(shop, kind="return", say=HOSTILE, customer="13800138000", assignee="lan", channel="phone")
    open_case(shop, kind="complaint", say="Too slow", customer="=1+1", assignee="lan")
    open_case(shop, say="Since when?\nAnd why?", customer="林小雨", assignee="mei")
    open_case(shop, kind="repair", say="x" * 900)
    hand_off(shop, 1, "warehouse", ask="Was the box damaged?")
    hand_off(shop, 2, "purchasing", ask="=2+2")
    return shop


def _open(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def _find(sheet: Worksheet, number: int) -> int:
    """Return the row of a case."""
    return next(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, 1).value == number)


def _cell(sheet: Worksheet, row: int, column: str) -> object:
    return sheet.cell(row, COLUMNS.index(column) + 1).value


def test_who_has_no_case_yet_has_a_sheet_for_new_ones_unless_gone_or_only_reading(desk: Shop) -> None:
    before = export_register(desk).register_id
    add_agent(desk, "new", name="Newcomer")
    add_agent(desk, "eyes", name="Eyes", role="viewer")
    exported = export_register(desk)
    assert exported.register_id != before
    book = _open(exported.path)
    assert "Newcomer" in book.sheetnames
    assert "Eyes" not in book.sheetnames
    assert {_cell(book["Newcomer"], row, "case") for row in range(3, 18)} == {"new"}
    assert {_cell(book["Newcomer"], row, "staff") for row in range(3, 18)} == {"new"}


def test_each_employee_with_cases_has_a_sheet_and_so_have_the_cases_of_nobody(desk: Shop) -> None:
    exported = export_register(desk)
    assert exported.path == desk.folder / "outbox" / "case-register-2026-11-22.xlsx"
    assert (exported.cases, exported.handoffs, exported.written) == (4, 2, True)
    book = _open(exported.path)
    assert book.sheetnames == [
        "Lan", "Mei Chen  1", "shop owner", "Nobody yet", "Hand-offs", "How to fill it in", "aftersales",
    ]  # fmt: skip
    lan = book["Lan"]
    assert lan["A1"].value == (
        "Lan · 2026-11-22 · 2 open · fill in the yellow cells, save, and drop the file into the inbox folder"
    )
    row = _find(lan, 1)
    assert [_cell(lan, row, name) for name in COLUMNS[:10]] == [
        1, "138****8000", "return", "waiting internally", "normal", None, None, None, HOSTILE,
        "2026-11-22 09:00",
    ]  # fmt: skip
    assert [_cell(lan, row, "case") for row in (3, 4, 5, 19)] == [2, 1, "new", "new"], "due first on top"
    assert [_cell(lan, row, "due") for row in (3, 4)] == sorted(str(_cell(lan, row, "due")) for row in (3, 4))
    assert lan.max_row == 19
    assert {_cell(lan, row, "staff") for row in range(3, 20)} == {"lan"}
    assert len(str(_cell(book["Nobody yet"], 3, "said"))) == 300
    asked = [[cell.value for cell in row[:4]] for row in book["Hand-offs"].iter_rows(min_row=3)]
    assert asked == [
        [1, "warehouse", "Was the box damaged?", HOSTILE],
        [2, "purchasing", "=2+2", "Too slow"],
    ]


def test_nothing_a_customer_typed_is_a_formula(desk: Shop) -> None:
    book = _open(export_register(desk).path)
    for sheet in book.worksheets:
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {
            "s",
            "n",
        }
    assert _cell(book["Lan"], _find(book["Lan"], 2), "customer") == "=1+1"
    assert "13800138000" not in str([cell.value for row in book["Lan"].iter_rows() for cell in row])


def test_the_sheet_helps_to_fill_it_in_and_forbids_nothing(desk: Shop) -> None:
    book = _open(export_register(desk).path)
    lan = book["Lan"]
    rules = {str(rule.sqref): rule for rule in lan.data_validations.dataValidation}
    assert rules["L3:L19"].formula1.startswith("'aftersales'!$")
    assert (rules["V3:V19"].type, rules["N5:N19"].type) == ("whole", "list")
    assert "I3:I19" not in rules
    assert all(len(rule.prompt or "") <= 255 for rule in rules.values())
    hidden = book["aftersales"]
    lists = [[cell.value for cell in column if cell.value] for column in hidden.iter_cols(min_col=2)]
    assert next(names for names in lists if "resolved" in names)[:2] == [
        "in progress",
        "waiting for customer",
    ]
    assert any("ask warehouse" in names for names in lists)
    assert ["shop owner", "Lan", "Mei/Chen [1]"] in lists
    assert hidden.sheet_state == "hidden"
    assert not lan.protection.sheet
    assert (lan.freeze_panes, lan.auto_filter.ref) == ("C3", "A2:Y19")
    assert lan["L3"].fill.start_color.rgb == "00FFF8DC"
    assert (lan["I3"].fill.fill_type, lan["I5"].fill.start_color.rgb) == (None, "00FFF8DC")
    assert {lan[f"{letter}5"].number_format for letter in "GIJW"} == {"@"}


def test_a_chinese_register_is_chinese_all_over(desk: Shop) -> None:
    use_language("zh")
    path = export_register(desk).path
    assert path.name == "售后登记表-2026-11-22.xlsx"
    book = _open(path)
    assert book.sheetnames[3:6] == ["无人负责", "部门协作", "填写说明"]
    assert [cell.value for cell in book["Lan"][2]][:5] == ["工单", "客户", "现类型", "现状态", "级别"]
    row = _find(book["Lan"], 1)
    assert [_cell(book["Lan"], row, name) for name in ("kind_now", "status_now")] == [
        "退货退款",
        "待内部处理",
    ]
    guide = [str(row[0].value) for row in book["填写说明"].iter_rows()]
    assert "已取消：重复" in guide
    assert any("转仓库" in line for line in guide)


def test_a_register_that_may_be_filled_in_is_never_overwritten(desk: Shop) -> None:
    first = export_register(desk)
    book = _open(first.path)
    book["Lan"]["P3"] = "Hello"
    book.save(first.path)
    again = export_register(desk)
    assert (again.path, again.written) == (first.path, False)
    note_case(desk, 1, "something happened")
    after = export_register(desk)
    assert (after.path.name, after.written) == ("case-register-2026-11-22 (2).xlsx", True)
    assert _open(first.path)["Lan"]["P3"].value == "Hello"


def test_one_employee_gets_one_sheet_and_the_questions_to_the_department(desk: Shop) -> None:
    exported = export_register(desk, "mei")
    assert exported.path.name == "case-register-2026-11-22-mei.xlsx"
    book = _open(exported.path)
    assert book.sheetnames[:2] == ["Mei Chen  1", "Hand-offs"]
    assert [row[0].value for row in book["Hand-offs"].iter_rows(min_row=3)] == [2]
    assert _open(export_register(desk, "owner").path).worksheets[0].max_row == 17
    with pytest.raises(NotFoundError):
        export_register(desk, "nobody")


def test_a_shop_without_cases_gets_empty_rows_for_new_ones(shop: Shop) -> None:
    book = _open(export_register(shop).path)
    assert book.sheetnames == ["shop owner", "Nobody yet", "How to fill it in", "aftersales"]
    book["Nobody yet"]["I3"] = "Hello"
    book.save(shop.folder / "filled.xlsx")
    assert import_register(shop, shop.folder / "filled.xlsx").opened == [1]


def test_a_register_with_personal_data_is_for_its_owner_only(desk: Shop) -> None:
    assert stat.S_IMODE(export_register(desk).path.stat().st_mode) & 0o077 == 0


def test_a_dry_run_writes_no_file_and_other_names_are_refused(desk: Shop) -> None:
    trying = open_shop(desk.folder, dry_run=True)
    assert export_register(trying).written is False
    trying.close()
    assert list((desk.folder / "outbox").iterdir()) == []
    with pytest.raises(WrongUsageError, match="no name for a workbook"):
        export_register(desk, out=desk.folder / "register.csv")


@pytest.mark.system
def test_the_register_survives_being_saved_by_libreoffice(desk: Shop, tmp_path: Path) -> None:
    office = shutil.which("libreoffice") or shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    use_language("zh")
    path = export_register(desk).path
    book = _open(path)
    untouched = {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets[:4]
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    lan, asked = book["Lan"], book["部门协作"]
    row = _find(lan, 2)
    filled: dict[str, Any] = {
        f"P{row}": "马上补发", f"Q{row}": "待客户回复", f"V{row}": 12, f"W{row}": datetime(2026, 11, 22, 9, 0),
        "B5": "王大明", "I5": "锅盖破了", "L5": "换货", "J5": "8:30",
    }  # fmt: skip
    for address, value in filled.items():
        lan[address] = value
    asked["H3"] = "箱子完好"
    book.save(path)
    subprocess.run(
        [
            office, "--headless", f"-env:UserInstallation={(tmp_path / 'office').as_uri()}",
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "saved"), str(path),
        ],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    back = _open(tmp_path / "saved" / path.name)
    for (name, address), value in untouched.items():
        assert back[name][address].value == value, (name, address)
    assert back["aftersales"].sheet_state == "hidden"
    assert {rule.type for rule in back["Lan"].data_validations.dataValidation} >= {"list", "whole"}
    result = import_register(desk, tmp_path / "saved" / path.name)
    assert (result.recorded, result.rejected, result.opened) == (3, [], [5])
    assert list_case_messages(desk.database, 2)[-1].body == "马上补发"
    assert {event.type for event in list_case_events(desk.database, 1)} >= {"handoff_answered"}
    opened = fetch_rows(desk.database, "SELECT kind, opened_at FROM cases WHERE number = 5")
    assert opened == [("exchange", "2026-11-22T00:30:00Z")]
