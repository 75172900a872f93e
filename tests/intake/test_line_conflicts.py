"""Lines of an order in several files: the same end whatever came first, disagreements listed, lines never doubled."""

import itertools
from pathlib import Path

import pytest

from aftersales_cli.database.conflicts import list_conflicts
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.mapping import mapped_document, mapped_format
from aftersales_cli.intake.undo import undo
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.founding import found_shop

from .test_undo import dump

MAPPING = [
    "单号=order.external_id", "付款=order.paid_at", "发货=order.shipped_at", "行号=line.line_id", "品名=line.title",
    "规格=line.variant", "件数=line.quantity", "单价=line.unit_price", "实付=line.paid", "备注=line.status",
]  # fmt: skip
CELLS = {
    "单号": "77001", "付款": "2026-11-01 10:00:00", "发货": "", "行号": "L1", "品名": "云朵抱枕", "规格": "米白", "件数": "1",
    "单价": "50.00", "实付": "50.00", "备注": "",
}  # fmt: skip

OLD = "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码\n"
OLD_LINE = '="10000000000000401",云朵抱枕,50.28,{count},YDBZ,颜色分类：米白,,,交易成功,YDBZ\n'
NEW = (
    "子订单编号,主订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码,买家实际支付金额,"
    "退款状态,退款金额,订单创建时间,订单付款时间\n"
)
NEW_LINE = (
    "{line},10000000000000401,云朵抱枕,50.28,{count},YDBZ,颜色分类：米白,,,{state},YDBZ,{paid},没有申请退款,无退款申请,"
    "2021-11-01 00:10:00,2021-11-01 00:10:20\n"
)
NEW_DEFAULTS = {"line": "601", "count": "2", "state": "交易成功", "paid": "100.56"}


def line_file(folder: Path, name: str, **cells: str) -> Path:
    path = folder / f"{name}.csv"
    row = {**CELLS, **cells}
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", "utf-8")
    return path


def take(shop: Shop, path: Path) -> int:
    known = [name for name in path.read_text("utf-8").splitlines()[0].split(",") if name in CELLS]
    mapping = [word for word in MAPPING if word.partition("=")[0] in known]
    return import_file(shop, path, only_format=mapped_format(mapped_document(mapping))).import_id


def old_file(folder: Path, *counts: str) -> Path:
    path = folder / f"old{''.join(counts)}.csv"
    path.write_text(OLD + "".join(OLD_LINE.format(count=count) for count in counts), "utf-8")
    return path


def new_file(folder: Path, name: str, *lines: dict[str, str]) -> Path:
    path = folder / f"{name}.csv"
    path.write_text(NEW + "".join(NEW_LINE.format(**NEW_DEFAULTS | line) for line in lines), "utf-8")
    return path


def lines(shop: Shop) -> list[tuple[object, ...]]:
    return shop.database.conn.execute(
        "SELECT line_key, title, variant, quantity, unit_price, paid, status_raw FROM order_lines ORDER BY line_key"
    ).fetchall()


def told(shop: Shop) -> set[tuple[str, str, str, str, str]]:
    return {
        (entry.row_key, entry.line, entry.column_name, entry.ours, entry.theirs)
        for entry in list_conflicts(shop.database)
    }


EQUALLY_NEW = (
    {"件数": "2", "单价": "51.00", "备注": "乙"},
    {"件数": "1", "规格": "米白 大", "实付": "48.00"},
    {"件数": "3", "品名": "云朵 抱枕", "实付": ""},
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_equally_new_lines_end_the_same_whatever_came_first(order: tuple[int, ...], tmp_path: Path) -> None:
    shop = open_shop(found_shop(tmp_path / "shop").folder)
    for index in order:
        take(shop, line_file(tmp_path, str(index), **EQUALLY_NEW[index]))
    assert lines(shop) == [("L1", "云朵抱枕", "米白 大", 3, 5100, 5000, "乙")]
    assert {(number, line, name) for number, line, name, _ours, _theirs in told(shop)} == {
        ("77001", "L1", "quantity"), ("77001", "L1", "unit_price"), ("77001", "L1", "paid"),
    }  # fmt: skip
    shop.close()


@pytest.mark.parametrize("turned", [False, True])
def test_a_disagreement_about_a_line_reads_the_same_both_ways(turned: bool, tmp_path: Path) -> None:
    shop = open_shop(found_shop(tmp_path / "shop").folder)
    for index in (1, 0) if turned else (0, 1):
        take(shop, line_file(tmp_path, str(index), **EQUALLY_NEW[index]))
    assert told(shop) == {
        ("77001", "L1", "quantity", "2", "1"),
        ("77001", "L1", "unit_price", "5100", "5000"),
        ("77001", "L1", "paid", "5000", "4800"),
    }
    shop.close()


@pytest.mark.parametrize("turned", [False, True])
def test_the_newer_files_line_wins_and_the_older_fills_its_blanks(turned: bool, tmp_path: Path) -> None:
    shop = open_shop(found_shop(tmp_path / "shop").folder)
    newer = line_file(tmp_path, "newer", 发货="2026-11-02 10:00:00", 件数="1", 实付="")
    older = line_file(tmp_path, "older", 件数="2", 品名="抱枕", 实付="47.00")
    for path in (newer, older) if turned else (older, newer):
        take(shop, path)
    assert lines(shop) == [("L1", "云朵抱枕", "米白", 1, 5000, 4700, "")]
    shop.close()


def test_an_older_file_with_another_quantity_is_told_but_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    take(shop, line_file(tmp_path, "newer", 发货="2026-11-02 10:00:00"))
    before = lines(shop)
    take(shop, line_file(tmp_path, "older", 件数="2", 品名="抱枕"))
    assert lines(shop) == before
    assert told(shop) == {("77001", "L1", "quantity", "1", "2")}


def test_conflicts_of_lines_go_with_their_import(shop: Shop, tmp_path: Path) -> None:
    take(shop, line_file(tmp_path, "one"))
    before = dump(shop)
    other = take(shop, line_file(tmp_path, "two", 件数="2"))
    assert told(shop) == {("77001", "L1", "quantity", "2", "1")}
    undo(shop, other)
    assert dump(shop) == before


def test_a_file_without_quantities_does_not_say_one(shop: Shop, tmp_path: Path) -> None:
    take(shop, line_file(tmp_path, "one", 件数="2"))
    path = tmp_path / "two.csv"
    path.write_text("单号,付款,行号,品名\n77001,2026-11-01 10:00:00,L1,云朵抱枕\n", "utf-8")
    take(shop, path)
    assert (lines(shop)[0][3], told(shop)) == (2, set())


def generations(folder: Path) -> list[Path]:
    return [
        old_file(folder, "2", "2"),
        new_file(folder, "sent", {"line": "602", "state": "卖家已发货，等待买家确认"}, {"line": "601", "state": "卖家已发货，等待买家确认"}),
        new_file(folder, "done", {"line": "601", "paid": "90.00"}, {"line": "602"}),
    ]  # fmt: skip


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_lines_with_and_without_a_number_of_their_own_are_the_same(
    order: tuple[int, ...], tmp_path: Path
) -> None:
    """The lines export of Taobao until 2021 numbers no lines, the later ones do."""
    shop = open_shop(found_shop(tmp_path / "shop").folder)
    paths = generations(tmp_path)
    for index in order:
        import_file(shop, paths[index])
    assert [(key, quantity, paid) for key, _t, _v, quantity, _p, paid, _s in lines(shop)] == [
        ("601", 2, 9000), ("602", 2, 10056),
    ]  # fmt: skip
    shop.close()


@pytest.mark.parametrize("turned", [False, True])
def test_more_lines_without_a_number_than_with_one_are_kept(turned: bool, tmp_path: Path) -> None:
    shop = open_shop(found_shop(tmp_path / "shop").folder)
    paths = [old_file(tmp_path, "2", "2", "2"), new_file(tmp_path, "new", {"line": "601"})]
    for path in reversed(paths) if turned else paths:
        import_file(shop, path)
    base = "YDBZ\x1f颜色分类：米白"
    assert [row[0] for row in lines(shop)] == ["601", f"{base}#2", f"{base}#3"]
    again = tmp_path / "again.csv"
    again.write_text(paths[0].read_text("utf-8") + "\n", "utf-8")
    assert import_file(shop, again).lines == (0, 0, 3)
    later = import_file(shop, new_file(tmp_path, "later", {"line": "603"}, {"line": "602"}))
    assert later.lines == (0, 2, 0)
    assert [row[0] for row in lines(shop)] == ["601", "602", "603"]
    shop.close()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_an_adopted_number_is_given_back_by_an_undo(order: tuple[int, ...], tmp_path: Path) -> None:
    shop = open_shop(found_shop(tmp_path / "shop").folder)
    paths, states, numbers = generations(tmp_path), [], []
    # The storefront is a setting of the shop that an undo leaves.
    undo(shop, import_file(shop, paths[order[0]]).import_id)
    for index in order:
        states.append(dump(shop))
        numbers.append(import_file(shop, paths[index]).import_id)
    for number, state in zip(reversed(numbers), reversed(states), strict=True):
        undo(shop, number)
        assert dump(shop) == state
    shop.close()


def test_numbered_and_unnumbered_lines_of_one_file_are_different_lines(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_text(
        "单号,付款,行号,品名,件数\n77001,2026-11-01 10:00:00,L1,云朵抱枕,1\n77001,2026-11-01 10:00:00,,云朵抱枕,2\n",
        "utf-8",
    )
    take(shop, path)
    assert [(row[0], row[3]) for row in lines(shop)] == [("L1", 1), ("云朵抱枕\x1f#1", 2)]
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    take(shop, path)
    assert [(row[0], row[3]) for row in lines(shop)] == [("L1", 1), ("云朵抱枕\x1f#1", 2)]


def unlike(folder: Path, *rows: tuple[str, str, str, str, str], numbered: bool) -> Path:
    """Write lines (title, sku, variant, quantity, price) as Taobao did until 2021, or as it does since."""
    lines = [
        f"60{place},10000000000000401,{title},{price},{count},{sku},{variant},,,交易成功,{sku},1.00,没有申请退款,无退款申请,,\n"
        if numbered
        else f'="10000000000000401",{title},{price},{count},{sku},{variant},,,交易成功,{sku}\n'
        for place, (title, sku, variant, count, price) in enumerate(rows, 1)
    ]
    path = folder / f"{'new' if numbered else 'old'}{len(list(folder.glob('*.csv')))}.csv"
    path.write_text((NEW if numbered else OLD) + "".join(lines), "utf-8")
    return path


@pytest.mark.parametrize("turned", [False, True])
def test_lines_whose_titles_are_spelled_differently_are_paired_by_all_else(
    turned: bool, tmp_path: Path
) -> None:
    shop = open_shop(found_shop(tmp_path / "shop").folder)
    paths = [
        unlike(tmp_path, ("云朵抱枕", "", "米白", "1", "50.00"), ("棉拖鞋", "", "38", "2", "20.00"), ("毛毯", "MT", "大", "1", "9.00"), numbered=False),
        unlike(tmp_path, ("云朵 抱枕（新）", "", "米白", "1", "50.00"), ("拖鞋", "", "38", "2", "20.00"), ("毯子", "MT", "大号", "1", "9.00"), numbered=True),
    ]  # fmt: skip
    results = [import_file(shop, path) for path in (paths[::-1] if turned else paths)]
    assert [row[0] for row in lines(shop)] == ["601", "602", "603"]
    assert "unpaired_lines" not in [entry.code for entry in results[1].warnings]
    again = unlike(tmp_path, ("云朵抱枕！", "", "米白", "1", "50.00"), numbered=False)
    assert import_file(shop, again).lines.new == 0
    shop.close()


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("variant", "price"),
    [("米白", "50.00"), ("", "50.00"), ("米白", "49.00")],
    ids=["two fit", "nothing to go by", "price"],
)
def test_lines_that_cannot_be_paired_are_all_kept_and_counted(
    variant: str, price: str, turned: bool, tmp_path: Path
) -> None:
    shop = open_shop(found_shop(tmp_path / "shop").folder)
    old = [("抱枕甲", "", variant, "1", "50.00"), ("抱枕乙", "", variant, "1", "50.00")]
    new = [("抱枕丙", "", variant, "1", price), ("抱枕丁", "", variant, "1", price)]
    paths = [unlike(tmp_path, *old, numbered=False), unlike(tmp_path, *new, numbered=True)]
    results = [import_file(shop, path) for path in (paths[::-1] if turned else paths)]
    assert len(lines(shop)) == 4
    assert [(entry.code, entry.count) for entry in results[1].warnings] == [("unpaired_lines", 2)]
    shop.close()
