"""Rejected rows: handed out under their own header, corrected, taken in, and settled."""

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from aftersales_cli.database.imports import count_open_rejects, list_imports, list_rejects
from aftersales_cli.errors import UnknownFileError
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.mapping import mapped_document, mapped_format
from aftersales_cli.intake.own_words import map_words
from aftersales_cli.intake.rejects import import_rejects, summed
from aftersales_cli.intake.rejects_sheets import is_rejects_workbook
from aftersales_cli.intake.undo import undo
from aftersales_cli.language import use_language
from aftersales_cli.reports.rejects_workbook import export_rejects
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.storefronts import add_storefront
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
    assert rows[0][7:] == HEADER
    assert [row[7:] for row in rows[1:]] == ROWS[1:]
    assert [row[2:7] for row in rows[1:]] == [
        ["订单编号", "orders.csv", "3", "1", "taobao"],
        ["总金额", "orders.csv", "4", "1", "taobao"],
        ["订单创建时间", "orders.csv", "6", "1", "taobao"],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    found = import_rejects(shop, correct(exported.path, {"H2": "1002", "I3": "20.00"}))
    assert [(entry.rows, entry.rejected, entry.mended) for entry in found] == [(3, 1, 2)]
    assert orders(shop) == [("1001", 1000), ("1002", 1000), ("1003", 2000)]
    assert count_open_rejects(shop.database) == 1
    again = export_rejects(shop)
    assert again.path is not None
    assert load_workbook(again.path).worksheets[0]["F2"].value == "1"
    import_rejects(shop, correct(again.path, {"K2": "2026-11-02"}))
    assert count_open_rejects(shop.database) == 0
    assert export_rejects(shop).path is None
    assert len(orders(shop)) == 4


def test_undoing_the_corrected_rows_opens_the_rejected_ones_again(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, rejected_file(tmp_path))
    exported = export_rejects(shop)
    assert exported.path is not None
    found = import_rejects(shop, correct(exported.path, {"H2": "1002", "I3": "20.00", "K4": "2026-11-02"}))
    assert count_open_rejects(shop.database) == 0
    undo(shop, found[0].import_id)
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
    assert [sheet.max_row for sheet in book.worksheets] == [4, 3, 6]
    book.worksheets[1]["I2"] = "7.00"
    book.save(exported.path)
    found = import_rejects(shop, exported.path)
    assert [(entry.storefront, entry.rejected) for entry in found] == [("one", 3), ("two", 1)]
    whole = summed(exported.path, found)
    assert (whole.rows, whole.orders, whole.rejected, whole.storefront) == (5, (1, 0, 0), 4, "one, two")
    assert is_rejects_workbook(exported.path)
    assert not is_rejects_workbook(other)
    assert ("91003", 700) in orders(shop)


def test_handing_the_same_workbook_in_twice_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, rejected_file(tmp_path))
    exported = export_rejects(shop)
    assert exported.path is not None
    correct(exported.path, {"H2": "1002"})
    import_rejects(shop, exported.path)
    left = count_open_rejects(shop.database)
    found = import_rejects(shop, exported.path)
    assert [(entry.mended, entry.already_at is None) for entry in found] == [(0, False)]
    assert count_open_rejects(shop.database) == left == 2


def test_a_dry_run_settles_nothing(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, rejected_file(tmp_path))
    exported = export_rejects(shop)
    assert exported.path is not None
    dry = open_shop(shop.folder, dry_run=True)
    import_rejects(dry, correct(exported.path, {"H2": "1002"}))
    dry.close()
    assert count_open_rejects(shop.database) == 3
    assert len(orders(shop)) == 1


def test_another_file_is_no_workbook_of_rejected_rows(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(UnknownFileError, match="no rejected rows"):
        import_rejects(shop, marketplace_file(tmp_path, "taobao_orders_o7", "xlsx"))


def places(shop: Shop) -> list[tuple[int, str, int]]:
    return [
        (entry.import_id, entry.file_name, entry.row_number) for entry in list_rejects(shop.database, limit=9)
    ]


def exported(shop: Shop) -> Path:
    path = export_rejects(shop).path
    assert path is not None
    return path


def test_an_unchanged_workbook_leaves_every_row_where_it_was(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, rejected_file(tmp_path))
    before = places(shop)
    found = import_rejects(shop, exported(shop))
    assert [(entry.mended, entry.dismissed, entry.rows, entry.rejected) for entry in found] == [(0, 0, 3, 3)]
    assert found[0].samples[0][0] == 3
    assert places(shop) == before == [(1, "orders.csv", 3), (1, "orders.csv", 4), (1, "orders.csv", 6)]
    assert [entry.id for entry in list_imports(shop.database)] == [1]


def test_a_row_corrected_in_vain_keeps_its_file_and_row(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, rejected_file(tmp_path))
    before = places(shop)
    import_rejects(shop, correct(exported(shop), {"I3": "elf"}))
    assert sorted(places(shop)) == before
    assert count_open_rejects(shop.database) == 3
    import_rejects(shop, correct(exported(shop), {"I3": "12.00"}))
    assert sorted(places(shop)) == [before[0], before[2]]
    undo(shop, 3)
    assert sorted(places(shop)) == before
    undo(shop, 2)
    assert places(shop) == before


def test_undoing_a_vain_correction_keeps_what_was_corrected_after_it(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, rejected_file(tmp_path))
    import_rejects(shop, correct(exported(shop), {"I3": "elf"}))
    import_rejects(shop, correct(exported(shop), {"I3": "12.00"}))
    undo(shop, 2)
    assert [place[2] for place in places(shop)] == [3, 6]


def test_deleted_and_marked_rows_are_dismissed_for_good(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, rejected_file(tmp_path))
    path = exported(shop)
    book = load_workbook(path)
    book.worksheets[0].delete_rows(2)
    book.worksheets[0]["A3"] = "不要了"
    book.worksheets[0]["I2"] = "20.00"
    book.save(path)
    found = import_rejects(shop, path)
    assert [(entry.mended, entry.dismissed, entry.rejected) for entry in found] == [(1, 2, 0)]
    assert count_open_rejects(shop.database) == 0
    assert export_rejects(shop).path is None
    stamps = shop.database.conn.execute(
        "SELECT row_number, dismissed_at, dismissed_by_import FROM rejects WHERE dismissed_at IS NOT NULL"
    ).fetchall()
    assert stamps == [(3, "2026-11-22T01:00:00Z", 2), (6, "2026-11-22T01:00:00Z", 2)]
    undo(shop, 2)
    assert count_open_rejects(shop.database) == 3


def test_a_workbook_of_which_all_rows_are_deleted_dismisses_only_its_own(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, rejected_file(tmp_path))
    path = exported(shop)
    later = tmp_path / "later.csv"
    later.write_text(",".join(HEADER) + "\n" + ",".join(["77", *ROWS[2][1:6], "x"]) + "\n", "utf-8")
    import_file(shop, later)
    book = load_workbook(path)
    book.worksheets[0].delete_rows(2, 9)
    book.save(path)
    assert is_rejects_workbook(path)
    found = import_rejects(shop, path)
    assert [(entry.mended, entry.dismissed) for entry in found] == [(0, 3)]
    assert places(shop) == [(2, "later.csv", 2)]


def test_rows_of_a_mapping_that_was_not_saved_come_back_through_it(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("nr,paid now\nA1001,3.00\nA1002,drei\n", "utf-8")
    document = mapped_document(["nr=order.external_id", "paid now=order.paid"])
    import_file(shop, path, only_format=mapped_format(document), mapping=json.dumps(document))
    found = import_rejects(shop, correct(exported(shop), {"I2": "vier"}))
    assert (found[0].format, found[0].rejected) == ("mapped", 1)
    found = import_rejects(shop, correct(exported(shop), {"I2": "4.00"}))
    assert (found[0].mended, found[0].orders) == (1, (1, 0, 0))
    assert count_open_rejects(shop.database) == 0


def test_unchanged_rows_are_taken_in_once_their_format_can_read_them(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "stars.csv"
    path.write_text("订单编号,给几颗,说了啥\n1001,棒,好\n1002,5,好\n", "utf-8")
    words = ["订单编号=review.order_number", "给几颗=review.stars", "说了啥=review.body"]
    document = mapped_document(words)
    import_file(shop, path, only_format=mapped_format(document), mapping=json.dumps(document))
    assert places(shop) == [(1, "stars.csv", 2)]
    map_words(shop, ["review.stars:棒=5"])
    found = import_rejects(shop, exported(shop))
    assert (found[0].mended, found[0].others) == (1, (1, 0, 0))


def test_a_rejected_row_of_a_chat_report_can_be_corrected(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "chats.csv"
    path.write_text("旺旺昵称,日期,买家昵称,平均响应时长(秒)\n棉花糖:小美,bald,小云,30\n", "utf-8")
    import_file(shop, path)
    [entry] = list_rejects(shop.database)
    assert json.loads(entry.raw) == ["棉花糖:小美", "bald", "", "30"]
    found = import_rejects(shop, correct(exported(shop), {"I2": "2026-11-20"}))
    assert found[0].mended == 1
    rows = shop.database.conn.execute("SELECT agent_name, day, average_reply_seconds FROM chat_reports")
    assert rows.fetchall() == [("棉花糖:小美", "2026-11-20", 30.0)]


def test_a_survey_of_no_storefront_in_particular_stays_so(shop: Shop, tmp_path: Path) -> None:
    add_storefront(shop, "one")
    add_storefront(shop, "two")
    path = tmp_path / "survey.csv"
    path.write_text(
        "Timestamp,How satisfied are you?,Order number\n2026/11/20 10:00:00,9,\n2026/11/20 10:01:00,5,\n",
        "utf-8",
    )
    import_file(shop, path)
    import_rejects(shop, correct(exported(shop), {"I2": "4"}))
    stored = shop.database.conn.execute("SELECT score, storefront_id FROM survey_answers ORDER BY score")
    assert stored.fetchall() == [(4, None), (5, None)]
