"""Files that are equally new and disagree: the same value stays whatever came first, and the other is listed."""

import itertools
from pathlib import Path

import pytest

from aftersales_cli.database.conflicts import Conflict, list_conflicts
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.mapping import mapped_document, mapped_format
from aftersales_cli.intake.undo import undo
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.founding import found_shop

HEADER = (
    "订单编号,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间 ,退款金额,宝贝总数量,买家应付邮费\n"
)
ROW = "77001,{total},{paid},{state},2026-11-01 10:00:00,2026-11-01 10:01:00,0.00,{count},{postage}\n"
DEFAULTS = {"total": "50.00", "paid": "50.00", "state": "交易成功", "count": "1", "postage": ""}


def order_file(folder: Path, name: str, **cells: str) -> Path:
    path = folder / f"{name}.csv"
    path.write_text(HEADER + ROW.format(**{**DEFAULTS, **cells}), "utf-8")
    return path


def kept(shop: Shop) -> tuple[object, ...]:
    row: tuple[object, ...] = shop.database.conn.execute(
        "SELECT total, paid, paid_basis, status, status_raw, item_count, postage FROM orders"
    ).fetchone()
    return row


def told(conflicts: list[Conflict]) -> set[tuple[str, str, str]]:
    return {(entry.column_name, entry.ours, entry.theirs) for entry in conflicts}


VARIANTS = (
    {"count": "2", "total": "51.00", "paid": "51.00"},
    {"count": "1", "postage": "3.00"},
    {"count": "3", "state": "交易关闭", "total": "49.00", "paid": "49.00"},
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_the_value_kept_does_not_depend_on_what_came_first(order: tuple[int, ...], tmp_path: Path) -> None:
    shop = open_shop(found_shop(tmp_path / "shop").folder)
    for index in order:
        import_file(shop, order_file(tmp_path, str(index), **VARIANTS[index]))
    assert kept(shop) == (5100, 5100, "stated", "finished", "交易成功", 3, 300)
    found = list_conflicts(shop.database)
    assert {entry.column_name for entry in found} == {"total", "paid", "status", "item_count"}
    assert all(entry.ours != entry.theirs and entry.row_key == "77001" for entry in found)
    shop.close()


@pytest.mark.parametrize("turned", [False, True])
def test_a_conflict_reads_the_same_whichever_file_came_first(turned: bool, tmp_path: Path) -> None:
    shop = open_shop(found_shop(tmp_path / "shop").folder)
    for index in (1, 0) if turned else (0, 1):
        import_file(shop, order_file(tmp_path, str(index), **VARIANTS[index]))
    assert told(list_conflicts(shop.database)) == {
        ("total", "5100", "5000"), ("paid", "5100", "5000"), ("item_count", "2", "1"),
    }  # fmt: skip
    shop.close()


def test_an_older_file_with_another_total_is_told_but_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, order_file(tmp_path, "newer"))
    before = kept(shop)
    import_file(
        shop,
        order_file(
            tmp_path, "older", state="卖家已发货，等待买家确认", total="45.00", paid="45.00", count="9"
        ),
    )
    assert kept(shop) == before
    assert told(list_conflicts(shop.database)) == {("total", "5000", "4500"), ("paid", "5000", "4500")}


def test_an_order_that_was_not_paid_yet_is_no_conflict(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, order_file(tmp_path, "newer"))
    import_file(shop, order_file(tmp_path, "older", state="等待买家付款", total="55.00", paid="0.00"))
    assert list_conflicts(shop.database) == []


def test_the_same_conflict_is_listed_once_and_goes_with_its_import(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, order_file(tmp_path, "one"))
    other = import_file(shop, order_file(tmp_path, "two", count="2"))
    again = import_file(shop, order_file(tmp_path, "three", postage=" "))
    assert told(list_conflicts(shop.database)) == {("item_count", "2", "1")}
    undo(shop, again.import_id)
    undo(shop, other.import_id)
    assert list_conflicts(shop.database) == []
    assert kept(shop)[5] == 1


MAPPING = [
    "订单编号=order.external_id", "付款=order.paid_at", "发货=order.shipped_at", "标题=order.title", "卖家备注=order.seller_note",
    "买家留言=order.buyer_note", "总额=order.goods", "实付=order.paid", "退款=order.refunded",
]  # fmt: skip


def end_after(folder: Path, rows: tuple[dict[str, str], ...]) -> list[tuple[object, ...]]:
    """Return the order after files that have only the columns which are given."""
    shop = open_shop(found_shop(folder).folder)
    for number, row in enumerate(rows):
        path = folder / f"{number}.csv"
        cells = {"订单编号": "77001", "付款": "2026-11-01 10:00:00", **row}
        path.write_text(",".join(cells) + "\n" + ",".join(cells.values()) + "\n", "utf-8")
        mapping = [word for word in MAPPING if word.partition("=")[0] in cells]
        import_file(shop, path, only_format=mapped_format(mapped_document(mapping)))
    found = shop.database.conn.execute(
        "SELECT title, seller_note, buyer_note, goods, paid, paid_basis, refunded_stated, refunded, shipped_at FROM orders"
    ).fetchall()
    shop.close()
    return found


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            ({"标题": "抱枕", "卖家备注": "甲", "买家留言": ""}, {"标题": "云朵抱枕", "卖家备注": "乙", "买家留言": "快"}),
            ("抱枕", "甲", "快", None, None, "none", None, None, None),
        ),
        (
            ({"标题": "抱枕", "总额": "9.00", "实付": "8.00", "退款": "2.00"}, {"发货": "2026-11-02 10:00:00", "标题": ""}),
            ("抱枕", "", "", 900, 800, "stated", 200, 200, "2026-11-02T02:00:00Z"),
        ),
        (
            ({"标题": "抱枕", "退款": "2.00"}, {"发货": "2026-11-02 10:00:00", "标题": "新", "退款": "0"}),
            ("新", "", "", None, 200, "inferred", 0, 0, "2026-11-02T02:00:00Z"),
        ),
        (
            ({"付款": "", "实付": "0"}, {"发货": "2026-11-02 10:00:00"}),
            ("", "", "", None, None, "none", None, None, "2026-11-02T02:00:00Z"),
        ),
    ],
    ids=["equally new words", "an older file fills", "a newer file wins", "nothing paid is no amount"],
)  # fmt: skip
def test_two_files_end_the_same_in_either_order(
    rows: tuple[dict[str, str], ...], expected: tuple[object, ...], tmp_path: Path
) -> None:
    assert end_after(tmp_path / "one", rows) == [expected]
    assert end_after(tmp_path / "two", rows[::-1]) == [expected]
