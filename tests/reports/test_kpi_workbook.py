"""The KPI workbook, opened again and read."""

import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from aftersales_cli.clock import parse_period
from aftersales_cli.database.fetch import fetch_value
from aftersales_cli.errors import RefusedError
from aftersales_cli.language import use_language
from aftersales_cli.reports.kpi_workbook import export_kpi_workbook
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.agents import add_agent
from tests.kpi_shop import PRODUCTS, Filler, fill_year

OCTOBER = parse_period("2026-10")


@pytest.fixture
def book(shop: Shop) -> Workbook:
    fill_year(shop, orders=900)
    path = export_kpi_workbook(shop, OCTOBER)
    assert path == shop.folder / "outbox" / "KPI-2026-10.xlsx"
    return load_workbook(path)


def count_charts(sheet: object) -> int:
    return len(getattr(sheet, "_charts"))  # noqa: B009 - openpyxl's stubs leave it out


def rows_of(sheet: Worksheet) -> dict[str, list[object]]:
    return {str(row[0]): list(row[1:]) for row in sheet.iter_rows(values_only=True) if row[0] is not None}


def test_the_workbook_has_its_sheets_in_order(book: Workbook) -> None:
    assert book.sheetnames == ["Summary", "Trends", "Cases", "Products", "Definitions"]


def test_nothing_in_it_is_a_formula_even_with_hostile_titles(book: Workbook) -> None:
    titles = {cell.value for row in book["Products"].iter_rows() for cell in row}
    assert "=1+1 特价手机壳" in titles
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row), sheet.title


def test_every_sheet_prints_and_charts_are_native(book: Workbook) -> None:
    charts = {sheet.title: count_charts(sheet) for sheet in book.worksheets}
    assert charts == {"Summary": 0, "Trends": 6, "Cases": 5, "Products": 1, "Definitions": 0}
    for sheet in book.worksheets:
        assert sheet.print_area, sheet.title
        assert sheet.page_setup.fitToWidth == 1
    assert book["Summary"].page_setup.fitToHeight == 1
    assert book["Trends"].freeze_panes == "B4"
    assert book["Products"].auto_filter.ref.startswith("A4:K")
    assert book["Definitions"].auto_filter.ref == "A3:M23"


def test_the_summary_holds_the_figures_as_numbers_with_lights(shop: Shop) -> None:
    fill = Filler(shop)
    with shop.writing("orders.import"):
        for position in range(40):
            fill.order(paid=12_345, refunded=12_345 if position < 10 else 0, title="lamp")
        for _count in range(4):
            fill.order("2026-09-05", paid=100)
        fill.case(replied="2026-10-05T02:00:25Z", status="cancelled", cancel_reason="withdrawn")
        fill.case(status="merged")
    rows = rows_of(load_workbook(export_kpi_workbook(shop, OCTOBER))["Summary"])
    assert rows["Paid orders"][0] == 40
    assert rows["Paid amount"][0] == 4_938.0
    assert rows["Refund rate, orders"] == [0.25, "≤ 10 %", "✗ missed", 0, "··········▁▇", "10 of 40"]
    assert rows["First reply, average"][:3] == [25, "≤ 30 s", "? sample too small"]
    assert rows["First reply, average"][-1] == "sample too small (n = 1)"
    assert rows["Return rate, orders"][0] == "–"
    assert rows["Return rate, orders"][-1] == "no return data"
    assert rows["Satisfied customers"][:2] == ["–", "≥ 85 %"]
    assert "Left out: 1 merged, spam, test or duplicate cases." in rows
    assert any(line.startswith("1. Refund rate, orders: 25.0 % (10 of 40)") for line in rows)


def test_trends_leave_months_without_data_empty(shop: Shop) -> None:
    fill = Filler(shop)
    fill.order(refunded=5)
    fill.order()
    sheet = load_workbook(export_kpi_workbook(shop, OCTOBER))["Trends"]
    rows = rows_of(sheet)
    assert rows["Figure"][0] == "2025-11"
    assert rows["Figure"][11] == "2026-10"
    assert rows["Refund rate, orders"] == [None] * 11 + [0.5]
    assert rows["Paid orders"] == [0] * 11 + [2]


def test_products_come_with_intervals_and_pareto_shares(shop: Shop) -> None:
    fill = Filler(shop)
    for title, refunded in (("lamp", 300), ("lamp", 0), ("cup", 100), ("cup", 0), ("rug", 0), ("lamp", 1)):
        fill.order(title=title, refunded=refunded)
    sheet = load_workbook(export_kpi_workbook(shop, OCTOBER))["Products"]
    table = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=7)]
    assert table[0][:6] == [1, "lamp", 3, 3, 0, 2]
    assert table[0][6] == pytest.approx(2 / 3)
    assert table[0][7] == pytest.approx(0.2077, abs=1e-4)
    assert table[0][9:] == [pytest.approx(2 / 3), pytest.approx(2 / 3)]
    assert table[1][1] == "cup"
    assert table[1][10] == 1
    assert table[2][1:6] == ["rug", 1, 1, 0, 0]


def test_an_empty_shop_gets_a_workbook_too(shop: Shop) -> None:
    book = load_workbook(export_kpi_workbook(shop, OCTOBER))
    assert rows_of(book["Summary"])["Refund rate, orders"][0] == "–"
    assert count_charts(book["Products"]) == 0


def test_definitions_show_what_each_figure_came_from(book: Workbook) -> None:
    for row in book["Definitions"].iter_rows(min_row=4, values_only=True):
        name, formula, basis, value, numerator, size = row[0], row[1], row[2], row[5], row[6], row[7]
        assert name
        assert formula
        assert basis
        assert value is not None
        assert numerator is not None
        assert isinstance(size, int | float)


def test_a_dry_run_writes_nothing(shop_folder: Path) -> None:
    shop = open_shop(shop_folder, dry_run=True)
    path = export_kpi_workbook(shop, OCTOBER)
    shop.close()
    assert not path.exists()


def test_an_export_is_audited_and_not_for_every_role(shop: Shop, shop_folder: Path) -> None:
    export_kpi_workbook(shop, OCTOBER)
    sql = "SELECT subjects FROM audit_log WHERE operation = 'kpi.export'"
    assert "period:2026-10" in fetch_value(shop.database, sql)
    add_agent(shop, "wang", name="Wang", role="viewer")
    other = open_shop(shop_folder, agent="wang")
    with pytest.raises(RefusedError):
        export_kpi_workbook(other, OCTOBER, path=shop_folder / "other.xlsx")
    other.close()
    assert not (shop_folder / "other.xlsx").exists()


@pytest.mark.system
@pytest.mark.parametrize("language", ["en", "zh"])
def test_libreoffice_prints_the_summary_on_one_page(shop: Shop, tmp_path: Path, language: str) -> None:
    office, info, words = (shutil.which(name) for name in ("libreoffice", "pdfinfo", "pdftotext"))
    if not (office and info and words):
        pytest.skip("LibreOffice or poppler is not installed")
    use_language(language)
    fill_year(shop, orders=600)
    path = export_kpi_workbook(shop, OCTOBER, path=tmp_path / "book.xlsx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, path],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    pdf = tmp_path / "book.pdf"
    pages = subprocess.run([info, pdf], check=True, capture_output=True, encoding="utf-8").stdout
    assert "Pages:           5" in pages
    printed = subprocess.run([words, pdf, "-"], check=True, capture_output=True, encoding="utf-8").stdout
    assert "###" not in printed
    assert PRODUCTS[1].split()[0] in printed
