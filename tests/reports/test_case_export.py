"""Cases as a spreadsheet: masked, safe to open, and only what was asked for."""

import csv
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from aftersales_cli.database.audit import list_audit
from aftersales_cli.desk.answering import note_case
from aftersales_cli.desk.choosing import parse_where
from aftersales_cli.desk.ending import resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.errors import FileError, RefusedError, WrongUsageError
from aftersales_cli.reports.case_export import export_cases
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent
from tests.conftest import RunCli


@pytest.fixture
def desk(shop: Shop) -> Shop:
    """Return a shop with a resolved return and an open complaint."""
    open_case(shop, kind="return", say="=1+1", customer="13800138000")
    note_case(shop, 1, "looked", minutes=12)
    resolve_case(shop, 1, cause="packaging")
    open_case(shop, kind="complaint", say="Call me at 13900139000", customer="kim@example.com")
    return shop


def read(path: Path) -> list[dict[str, object]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_every_case_stands_there_masked_with_local_times(desk: Shop) -> None:
    exported = export_cases(desk, parse_where(desk, (), every=True))
    assert (exported.cases, exported.path.parent.name) == (2, "outbox")
    first, second = read(exported.path)
    assert {key: first[key] for key in ("Case", "Kind", "Status", "Title", "Customer", "Minutes", "Resolved")} == {
        "Case": 1, "Kind": "return", "Status": "resolved", "Title": "=1+1", "Customer": "138****8000",
        "Minutes": 12, "Resolved": "2026-11-22 09:00",
    }  # fmt: skip
    assert second["Title"] == "Call me at 139****9000"
    assert "kim@example.com" not in str(second)
    sheet = openpyxl.load_workbook(exported.path).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value} == {"s", "n"}


def test_a_text_file_opens_in_excel_and_runs_nothing(desk: Shop, tmp_path: Path) -> None:
    path = export_cases(desk, parse_where(desk, ["status=all"]), tmp_path / "cases.csv").path
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig", newline="")))
    assert [row["Title"] for row in rows] == ["'=1+1", "Call me at 139****9000"]


def test_only_what_was_asked_for(desk: Shop, tmp_path: Path) -> None:
    exported = export_cases(desk, parse_where(desk, ["kind=complaint"], every=True), tmp_path / "x.xlsx")
    assert [row["Case"] for row in read(exported.path)] == [2]
    with pytest.raises(WrongUsageError, match="no name for a spreadsheet"):
        export_cases(desk, parse_where(desk, ()), tmp_path / "x.pdf")


def test_contacts_in_full_are_for_those_in_charge_and_audited(desk: Shop, tmp_path: Path) -> None:
    agent = replace(desk, agent=add_agent(desk, "lan"))
    with pytest.raises(RefusedError, match="cases export contacts"):
        export_cases(agent, parse_where(desk, ()), tmp_path / "x.xlsx", contacts=True)
    assert not (tmp_path / "x.xlsx").exists()
    exported = export_cases(desk, parse_where(desk, (), every=True), tmp_path / "x.xlsx", contacts=True)
    assert [(row["Phone"], row["E-mail"]) for row in read(exported.path)] == [
        ("13800138000", None), (None, "kim@example.com"),
    ]  # fmt: skip
    entry = list_audit(desk.database, limit=1)[0]
    assert (entry.operation, entry.counts) == ("cases.export", '{"cases": 2, "contacts": 1}')


def test_names_are_masked_unless_contacts_are_asked_for(desk: Shop, tmp_path: Path) -> None:
    open_case(desk, say="Hello", customer="王小芳", new_customer=True)
    exported = export_cases(desk, parse_where(desk, (), every=True), tmp_path / "x.xlsx")
    assert read(exported.path)[2]["Customer"] == "王**"


def test_another_file_is_never_overwritten_and_no_folder_is_made(desk: Shop, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("precious")
    exported = export_cases(desk, parse_where(desk, ()), mine)
    assert (mine.read_text(), exported.path) == ("precious", tmp_path / "mine (2).csv")
    assert export_cases(desk, parse_where(desk, ()), mine).path == tmp_path / "mine (3).csv"
    with pytest.raises(FileError, match="There is no folder"):
        export_cases(desk, parse_where(desk, ()), tmp_path / "nowhere" / "x.csv")
    assert not (tmp_path / "nowhere").exists()


def test_the_command_says_where_the_file_stands(desk: Shop, run_cli: RunCli, tmp_path: Path) -> None:
    result = run_cli(
        "cases", "export", "--where", "status=resolved", "--out", tmp_path / "x.csv", cwd=desk.folder
    )
    assert (result.returncode, result.stdout) == (0, f"1 case: {tmp_path / 'x.csv'}\n")
