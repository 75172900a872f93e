"""The invented files look like those of the marketplaces, with all that is odd about them."""

import csv
import re
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook

from aftersales_cli.demo.abroad import HEADERS, write_shopify_file
from aftersales_cli.demo.taobao_files import ORDER_HEADERS, REFUND_HEADERS, refund_rows, write_order_file
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.results import ImportResult
from aftersales_cli.reports.plain_sheet import write_plain_sheet
from aftersales_cli.shop import Shop
from tests.demo.conftest import Year


def _write_order_file(year: Year, folder: Path) -> Path:
    path = folder / "ExportOrderList.csv"
    write_order_file(path, year.taobao, year.refunds)
    return path


def _order_rows(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("gbk").replace('="', '"')
    return list(csv.DictReader(text.splitlines()))


def test_the_order_file_is_gbk_with_windows_line_ends_and_every_field_quoted(
    year: Year, tmp_path: Path
) -> None:
    lines = _write_order_file(year, tmp_path).read_bytes().decode("gbk").split("\r\n")
    assert lines[0].startswith('"订单编号","买家会员名"')
    assert len(lines) == len(year.taobao) + 2
    assert lines[-1] == ""
    assert not any("\n" in line for line in lines)
    assert all(re.fullmatch(r'="\d{19}",("[^"]*",|="[^"]*",)*="\d{19}"', line) for line in lines[1:-1])


def test_the_order_file_has_67_columns_some_with_a_trailing_space(year: Year, tmp_path: Path) -> None:
    assert len(ORDER_HEADERS) == len(set(ORDER_HEADERS)) == 67
    with _write_order_file(year, tmp_path).open(encoding="gbk") as file:
        header = next(csv.reader(file))
    assert {name for name in header if name.endswith(" ")} == {
        "收货地址 ", "联系电话 ", "订单付款时间 ", "宝贝标题 ", "宝贝种类 ", "物流单号 ",
    }  # fmt: skip


def test_paid_and_refunded_add_up_to_the_total_on_every_refunded_row(year: Year, tmp_path: Path) -> None:
    refunded = [row for row in _order_rows(_write_order_file(year, tmp_path)) if row["退款金额"] != "0.00"]
    assert len(refunded) > 200
    for row in refunded:
        paid, back, total = (Decimal(row[name]) for name in ("买家实际支付金额", "退款金额", "总金额"))
        assert paid + back == total
        assert (row["订单状态"] == "交易关闭") == (paid == 0)


def test_order_states_agree_with_the_other_columns(year: Year, tmp_path: Path) -> None:
    rows = _order_rows(_write_order_file(year, tmp_path))
    states = {row["订单状态"] for row in rows}
    assert states >= {"交易成功", "交易关闭", "卖家已发货，等待买家确认", "买家已付款，等待卖家发货"}
    for row in rows:
        if row["订单关闭原因"] == "买家未付款":
            assert (row["订单状态"], row["订单付款时间 "], row["买家实际支付金额"]) == (
                "交易关闭",
                "",
                "0.00",
            )
        assert bool(row["确认收货时间"]) == (row["订单状态"] == "交易成功")


def test_order_and_refund_file_agree_about_what_went_back(year: Year, tmp_path: Path) -> None:
    stated = {
        row["订单编号"]: row["退款金额"]
        for row in _order_rows(_write_order_file(year, tmp_path))
        if row["退款金额"] != "0.00"
    }
    header, *rows = refund_rows(year.refunds)
    records = [dict(zip(header, row, strict=True)) for row in rows]
    recorded = {
        row["订单编号"]: row["退给买家金额"]
        for row in records
        if row["退款状态"] == "退款成功" and row["退给买家金额"] != "0.00"
    }
    assert recorded == stated
    assert all(bool(row["退款完结时间"]) == (row["退款状态"] in {"退款成功", "退款关闭"}) for row in records)


def test_the_refund_workbook_holds_text_in_every_cell(year: Year, tmp_path: Path) -> None:
    path = tmp_path / "退款管理.xlsx"
    write_plain_sheet(path, "退款", refund_rows(year.refunds))
    sheet = load_workbook(path).worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(REFUND_HEADERS)
    assert sheet.max_row == len(year.refunds) + 1
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}


def test_shopify_orders_add_up_and_fill_their_columns_on_the_first_row_only(
    year: Year, tmp_path: Path
) -> None:
    path = tmp_path / "orders_export_1.csv"
    write_shopify_file(path, year.shopify)
    assert b"\r" not in path.read_bytes()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(HEADERS) == len(set(HEADERS)) == 79
    first_rows = [row for row in rows if row["Financial Status"]]
    assert len(first_rows) == len(year.shopify) < len(rows)
    for row in first_rows:
        goods = sum(
            Decimal(line["Lineitem price"]) * int(line["Lineitem quantity"])
            for line in rows
            if line["Name"] == row["Name"]
        )
        assert Decimal(row["Subtotal"]) == goods - Decimal(row["Discount Amount"])
        assert Decimal(row["Subtotal"]) + Decimal(row["Shipping"]) == Decimal(row["Total"])
        assert Decimal(row["Refunded Amount"]) <= Decimal(row["Total"])


def test_all_three_files_are_taken_in_without_a_reject_or_a_warning(
    year: Year, tmp_path: Path, shop: Shop
) -> None:
    refunds, abroad = tmp_path / "refunds.xlsx", tmp_path / "abroad.csv"
    write_plain_sheet(refunds, "退款", refund_rows(year.refunds))
    write_shopify_file(abroad, year.shopify)
    results: list[ImportResult] = [
        import_file(shop, path) for path in (refunds, _write_order_file(year, tmp_path), abroad)
    ]
    assert [result.format for result in results] == ["taobao.refund", "taobao.orders", "shopify.orders"]
    assert [(result.rejected, result.warnings) for result in results] == [(0, ())] * 3
    assert results[1].encoding == "gb18030"
    assert (results[1].orders.new, results[2].orders.new) == (len(year.taobao), len(year.shopify))
