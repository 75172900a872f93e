"""The callback list as a workbook: what is in it, and that it comes back whole."""

import shutil
import stat
import subprocess
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from aftersales_cli.customers.callback_import import import_callbacks
from aftersales_cli.customers.callback_list import COLUMNS
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.language import use_language
from aftersales_cli.reports.callback_workbook import export_callbacks
from aftersales_cli.shop import Shop, open_shop

TODAY = date(2026, 11, 22)
HOSTILE = '=HYPERLINK("http://example.com","Tea pot")'


def _export(shop: Shop, out: Path | None = None) -> Path:
    path = export_callbacks(shop, TODAY, out).path
    assert path is not None
    return path


def _open(path: Path) -> tuple[Workbook, Worksheet]:
    book = openpyxl.load_workbook(path)
    return book, book.worksheets[0]


def _fill(path: Path, row: int, **values: object) -> None:
    book, sheet = _open(path)
    for name, value in values.items():
        sheet.cell(row, COLUMNS.index(name) + 1).value = value  # type: ignore[assignment]
    book.save(path)


def test_each_open_callback_has_a_row_with_all_one_needs_to_know(planned: Shop) -> None:
    path = _export(planned)
    assert path == planned.folder / "outbox" / "callbacks-2026-11-22.xlsx"
    sheet = _open(path)[1]
    assert [cell.value for cell in sheet[2]] == [
        "#", "Reason", "Customer", "How to reach", "When to call", "Storefront", "Order number", "Product",
        "What happened", "About the customer", "Why", "What to ask", "Who calls", "Outcome",
        "Satisfaction (1-5)", "Next date", "Reason for leaving", "Note", "Code (keep)",
    ]  # fmt: skip
    row = [cell.value for cell in sheet[3]]
    assert row[:9] == [
        1, "service follow-up", "林小雨", "Qianniu chat (千牛): order 4103000123456789011\nphone: 138****0000",
        "09:00–21:00", "棉花糖旗舰店", "4103000123456789011", HOSTILE,
        "return · 手柄掉了 · refunded · solved 11 days ago",
    ]  # fmt: skip
    assert row[10] == "return · normal · solved 11 days ago"
    assert row[12:18] == ["shop owner", None, None, None, None, None]
    assert sheet.max_row == 5


def test_nothing_a_customer_typed_is_a_formula_and_ids_are_text(planned: Shop) -> None:
    sheet = _open(_export(planned))[1]
    for row in sheet.iter_rows(min_row=3):
        assert [cell.data_type for cell in row if cell.value is not None][1:] == ["s"] * 12
        assert row[6].number_format == "@"
    assert sheet.cell(4, 3).value == "=1+1"


def test_the_full_number_stays_out_unless_the_owner_wants_it(planned: Shop) -> None:
    with ZipFile(_export(planned)) as archive:
        assert not any(b"13800000000" in archive.read(name) for name in archive.namelist())
    settings = planned.folder / "aftersales.toml"
    text = settings.read_text(encoding="utf-8").replace('# contact = "masked"', 'contact = "full"')
    settings.write_text(text, encoding="utf-8")
    with_full = open_shop(planned.folder)
    sheet = _open(_export(with_full, planned.folder / "full.xlsx"))[1]
    assert "13800000000" in str(sheet.cell(3, 4).value)
    audited = fetch_rows(
        with_full.database, "SELECT counts FROM audit_log WHERE operation = 'callbacks.export'"
    )
    with_full.close()
    assert '"full_contacts": 3' in str(audited[-1][0])


def test_a_chinese_list_has_chinese_names_and_drop_downs(planned: Shop) -> None:
    use_language("zh")
    path = _export(planned)
    assert path.name == "回访名单-2026-11-22.xlsx"
    book, sheet = _open(path)
    assert book.sheetnames[:2] == ["回访名单", "填写说明"]
    assert [sheet["A2"].value, sheet["N2"].value, sheet["S2"].value] == ["序号", "回访结果", "编号(勿改)"]
    assert [cell.value for cell in book["aftersales"]["B"]][:3] == ["已接通", "未接通", "约定再联系"]
    assert sheet["B3"].value == "售后回访"


def test_the_sheet_helps_to_fill_it_in_and_forbids_nothing(planned: Shop) -> None:
    book, sheet = _open(_export(planned))
    rules = {str(rule.sqref): (rule.type, rule.formula1) for rule in sheet.data_validations.dataValidation}
    assert rules == {
        "N3:N5": ("list", "'aftersales'!$B$1:$B$8"),
        "O3:O5": ("list", '"1,2,3,4,5"'),
        "P3:P5": ("date", "46348"),
        "Q3:Q5": ("list", f"'aftersales'!$C$1:$C${len(list(planned.taxonomy('churn_reasons')))}"),
    }
    assert not sheet.protection.sheet
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("D3", "A2:S5")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
    assert sheet["N3"].fill.start_color.rgb == "00FFF8DC"
    assert sheet["C3"].fill.fill_type is None
    assert book["aftersales"].sheet_state == "hidden"
    assert len(list(book["How to fill it in"].rows)) > 10


def test_the_lists_id_is_a_property_and_a_hidden_cell(planned: Shop) -> None:
    exported = export_callbacks(planned, TODAY)
    assert exported.path is not None
    book = _open(exported.path)[0]
    assert book.properties.keywords == book["aftersales"]["A1"].value == exported.list_id


def test_a_list_that_may_be_filled_in_is_never_overwritten(planned: Shop) -> None:
    path = _export(planned)
    _fill(path, 3, outcome="reached", score=5)
    again = export_callbacks(planned, TODAY)
    assert (again.path, again.written) == (path, False)
    import_callbacks(planned, path)
    after = export_callbacks(planned, TODAY)
    assert (after.path, after.callbacks, after.written) == (
        path.with_name("callbacks-2026-11-22 (2).xlsx"), 2, True,
    )  # fmt: skip
    assert _open(path)[1]["N3"].value == "reached"


def test_without_anybody_to_call_no_file_is_written(shop: Shop) -> None:
    exported = export_callbacks(shop, TODAY)
    assert (exported.path, exported.callbacks) == (None, 0)
    assert list((shop.folder / "outbox").iterdir()) == []


def test_a_dry_run_writes_no_file(planned: Shop) -> None:
    trying = open_shop(planned.folder, dry_run=True)
    assert export_callbacks(trying, TODAY).written is False
    trying.close()
    assert list((planned.folder / "outbox").iterdir()) == []


def test_a_list_with_personal_data_is_for_its_owner_only(planned: Shop) -> None:
    mode = stat.S_IMODE(_export(planned).stat().st_mode)
    assert mode & 0o077 == 0


def test_the_filled_workbook_comes_back(planned: Shop) -> None:
    path = _export(planned)
    _fill(path, 3, outcome="reached", score=5, note="great")
    _fill(path, 4, outcome="call again later", next_on=datetime(2026, 11, 27))
    result = import_callbacks(planned, path)
    assert (result.recorded, result.blank, result.rejected) == (2, 1, [])


def test_the_filled_workbook_brings_reasons_consent_and_cases(planned: Shop) -> None:
    path = _export(planned)
    reason = next(iter(planned.taxonomy("churn_reasons")))
    _fill(path, 3, outcome="reached", score=3, churn_reason=reason.zh)
    _fill(path, 4, outcome="no marketing")
    _fill(path, 5, outcome="problem again", note="off again")
    assert (import_callbacks(planned, path).recorded, import_callbacks(planned, path).unchanged) == (3, 3)
    assert fetch_rows(planned.database, "SELECT churn_reason FROM callbacks WHERE score = 3") == [
        (reason.code,)
    ]
    assert fetch_rows(planned.database, "SELECT purpose, given FROM consents") == [("marketing", 0)]
    assert fetch_rows(planned.database, "SELECT status FROM cases ORDER BY number") == [
        ("resolved",), ("resolved",), ("in_progress",),
    ]  # fmt: skip


def test_a_wrong_reason_for_leaving_is_named_by_its_cell(planned: Shop) -> None:
    path = _export(planned)
    _fill(path, 3, outcome="reached", churn_reason="bad weather")
    _fill(path, 4, outcome="no answer", churn_reason=next(iter(planned.taxonomy("churn_reasons"))).en)
    result = import_callbacks(planned, path)
    assert [entry.cell for entry in result.rejected] == ["Q3", "Q4"]
    assert "Choose one of" in result.rejected[0].reason


def test_a_list_of_the_former_columns_is_still_taken(planned: Shop) -> None:
    path = _export(planned)
    book, sheet = _open(path)
    for name in ("churn_reason", "why", "about", "window"):
        sheet.delete_cols(COLUMNS.index(name) + 1)
    sheet["K3"].value = "reached"
    book.save(path)
    assert import_callbacks(planned, path).recorded == 1


@pytest.mark.system
def test_the_list_survives_being_saved_by_libreoffice(planned: Shop, tmp_path: Path) -> None:
    office = shutil.which("libreoffice") or shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    use_language("zh")
    path = _export(planned)
    untouched = {
        (row, column): cell.value
        for row, cells in enumerate(_open(path)[1].iter_rows(min_row=2), start=2)
        for column, cell in enumerate(cells, start=1)
    }
    reason = next(iter(planned.taxonomy("churn_reasons")))
    _fill(path, 3, outcome="已接通", score=1, churn_reason=reason.zh, note="不满意：锅盖还是松")
    _fill(path, 4, outcome="约定再联系", next_on=datetime(2026, 11, 27))
    saved = tmp_path / "saved"
    subprocess.run(
        [
            office, "--headless", f"-env:UserInstallation={(tmp_path / 'office').as_uri()}",
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(saved), str(path),
        ],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    back = saved / path.name
    book, sheet = _open(back)
    filled = {(3, 14), (3, 15), (3, 17), (3, 18), (4, 14), (4, 16)}
    for place, value in untouched.items():
        if place not in filled:
            assert sheet.cell(*place).value == value, place
    assert sheet["C4"].value == "=1+1"
    assert sheet["C4"].data_type == "s"
    assert book["aftersales"].sheet_state == "hidden"
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"list", "date"}
    result = import_callbacks(planned, back)
    assert (result.recorded, result.blank, result.rejected) == (2, 1, [])
    stored = fetch_rows(
        planned.database,
        "SELECT outcome, score, next_due_on, churn_reason, note FROM callbacks WHERE status = 'done' ORDER BY id",
    )
    assert stored == [
        ("reached", 1, None, reason.code, "不满意：锅盖还是松"),
        ("later", None, "2026-11-27", "", ""),
    ]
    again = export_callbacks(planned, TODAY)
    assert again.callbacks == 1
