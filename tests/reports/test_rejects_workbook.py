"""Rejected rows: handed out under their own header, corrected, taken in, and settled."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from aftersales_cli.database.imports import count_open_rejects
from aftersales_cli.errors import UnknownFileError
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.rejects import import_rejects, is_rejects_workbook, summed
from aftersales_cli.intake.undo import undo
from aftersales_cli.language import use_language
from aftersales_cli.reports.rejects_workbook import export_rejects
from aftersales_cli.shop import Shop, open_shop
from tests.intake.test_golden_files import marketplace_file

HEADER = ["订单编号", "总金额", "买家实际支付金额", "订单创建时间", "订单付款时间 ", "退款金额", "宝贝标题"]
ROWS = [
    ["1001", "10.00", "10.00", "2026-11-01 10:00:00", "2026-11-01 10:01:00", "0", "云朵抱枕"],
    ["1.23457E+17", "10.00", "10.00", "2026-11-01 10:00:00", "2026-11-01 10:01:00", "0", "=1+1"],
    ["1003", "zehn", "10.00", "2026-11-01 10:00:00", "2026-11-01 10:01:00", "0", "小熊\n毛毯"],
    ["1004", "10.00", "10.00", "bald", "2026-11-01 10:01:00", "0", "007"],
]


def rejected_file(folder: Path) -> Path:
    path = folder / "orders.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *ROWS])
    return path


def correct(path: Path, cells: dict[str, str]) -> Path:
    """Type values into the first sheet, the way a person would."""
    book = load_workbook(path)
    for address, value in cells.items():
        book.worksheets[0][address] = value
    book.save(path)
    return path


def orders(shop: Shop) -> list[tuple[str, int]]:
    return shop.database.conn.execute("SELECT external_id, total FROM orders ORDER BY external_id").fetchall()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rejected_rows_are_corrected_and_taken_in(shop: Shop, tmp_path: Path, language: str) -> None:
    import_file(shop, rejected_file(tmp_path))
    use_language(language)
    exported = export_rejects(shop)
    assert (
        exported.path == shop.folder / "outbox" / {"en": "rejected-rows.xlsx", "zh": "异常行.xlsx"}[language]
    )
    assert exported.rows == count_open_rejects(shop.database) == 3
    sheet = load_workbook(exported.path).worksheets[0]
    rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert rows[0][6:] == HEADER
    assert [row[6:] for row in rows[1:]] == ROWS[1:]
    assert [row[1:6] for row in rows[1:]] == [
        ["订单编号", "orders.csv", "3", "1", "taobao"],
        ["总金额", "orders.csv", "4", "1", "taobao"],
        ["订单创建时间", "orders.csv", "6", "1", "taobao"],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    found = import_rejects(shop, correct(exported.path, {"G2": "1002", "H3": "20.00"}))
    assert [(entry.result.rows, entry.result.rejected, entry.mended) for entry in found] == [(3, 1, 3)]
    assert orders(shop) == [("1001", 1000), ("1002", 1000), ("1003", 2000)]
    assert count_open_rejects(shop.database) == 1
    again = export_rejects(shop)
    assert again.path is not None
    assert load_workbook(again.path).worksheets[0]["E2"].value == "2"
    import_rejects(shop, correct(again.path, {"J2": "2026-11-02"}))
    assert count_open_rejects(shop.database) == 0
    assert export_rejects(shop).path is None
    assert len(orders(shop)) == 4


def test_undoing_the_corrected_rows_opens_the_rejected_ones_again(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, rejected_file(tmp_path))
    exported = export_rejects(shop)
    assert exported.path is not None
    found = import_rejects(shop, correct(exported.path, {"G2": "1002", "H3": "20.00", "J4": "2026-11-02"}))
    assert count_open_rejects(shop.database) == 0
    undo(shop, found[0].result.import_id)
    assert count_open_rejects(shop.database) == 3
    assert orders(shop) == [("1001", 1000)]


def test_each_storefront_and_header_has_a_sheet_and_comes_back_to_its_storefront(
    shop: Shop, tmp_path: Path
) -> None:
    import_file(shop, rejected_file(tmp_path), storefront="one")
    other = tmp_path / "other.csv"
    with other.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *(["9" + row[0], *row[1:]] for row in ROWS[2:])])
    import_file(shop, other, storefront="two")
    exported = export_rejects(shop)
    assert exported.path is not None
    book = load_workbook(exported.path)
    assert [sheet.max_row for sheet in book.worksheets] == [4, 3]
    book.worksheets[1]["H2"] = "7.00"
    book.save(exported.path)
    found = import_rejects(shop, exported.path)
    assert [(entry.result.storefront, entry.result.rejected) for entry in found] == [("one", 3), ("two", 1)]
    whole = summed(exported.path, found)
    assert (whole.rows, whole.orders, whole.rejected, whole.storefront) == (5, (1, 0, 0), 4, "one, two")
    assert is_rejects_workbook(exported.path)
    assert not is_rejects_workbook(other)
    assert ("91003", 700) in orders(shop)


def test_handing_the_same_workbook_in_twice_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, rejected_file(tmp_path))
    exported = export_rejects(shop)
    assert exported.path is not None
    correct(exported.path, {"G2": "1002"})
    import_rejects(shop, exported.path)
    left = count_open_rejects(shop.database)
    found = import_rejects(shop, exported.path)
    assert [(entry.mended, entry.result.already_at is None) for entry in found] == [(0, False)]
    assert count_open_rejects(shop.database) == left == 2


def test_a_dry_run_settles_nothing(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, rejected_file(tmp_path))
    exported = export_rejects(shop)
    assert exported.path is not None
    dry = open_shop(shop.folder, dry_run=True)
    import_rejects(dry, correct(exported.path, {"G2": "1002"}))
    dry.close()
    assert count_open_rejects(shop.database) == 3
    assert len(orders(shop)) == 1


def test_another_file_is_no_workbook_of_rejected_rows(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(UnknownFileError, match="no rejected rows"):
        import_rejects(shop, marketplace_file(tmp_path, "taobao_orders_o7", "xlsx"))
