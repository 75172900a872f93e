"""The state of an order is mapped: its lines and what counts as paid follow, as if the word had been known before."""

from pathlib import Path

import pytest

from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.own_words import map_words
from aftersales_cli.intake.undo import undo
from aftersales_cli.shop import Shop

from .test_golden_files import GOLDEN
from .test_own_words import order_file

STATED = "订单编号,总金额,买家实际支付金额,订单状态,订单创建时间,退款金额\n"
LINES = (
    "子订单编号,主订单编号,标题,价格,购买数量,外部系统编号,商品属性,备注,订单状态,商家编码,买家实际支付金额,"
    "退款状态,退款金额,订单创建时间\n"
)
STATES = (
    """SELECT external_id, status, status_raw, progress, as_of, total, paid, paid_basis, paid_at, paid_on, refunded_stated,
        refunded, refunded_basis FROM orders ORDER BY external_id""",
    "SELECT order_external_id, line_key, status_raw, progress, as_of, paid, quantity FROM order_lines ORDER BY 1, 2",
)
STRANGE = "正在打包中"


def stated_files(folder: Path) -> list[Path]:
    """Write what files say about orders with a state nobody knows: paid or not, refunded or not, with lines."""
    places = folder / "orders.csv", folder / "by_state.csv", folder / "lines.csv"
    rows = ("50.00,50.00,{0},2026-11-01 10:00:00,0.00", "50.00,0.00,{0},2026-11-01 10:00:00,0.00",
            "50.00,10.00,{0},2026-11-01 10:00:00,40.00", "50.00,0.00,{0},2026-11-01 10:00:00,")  # fmt: skip
    places[0].write_text(
        STATED + "".join(f"{number},{row.format(STRANGE)}\n" for number, row in enumerate(rows, 77001)),
        "utf-8",
    )
    header, *lines = (GOLDEN / "jd_orders_j1.csv").read_text("utf-8").splitlines()
    places[1].write_text(
        "\n".join([header, *(line.replace("完成", STRANGE) for line in lines)]) + "\n", "utf-8"
    )
    places[2].write_text(
        LINES
        + f"601,77001,云朵抱枕,50.00,1,A,,,{STRANGE},A,50.00,没有申请退款,无退款申请,2026-11-01 10:00:00\n",
        "utf-8",
    )
    return list(places)


def look(shop: Shop) -> list[object]:
    return [shop.database.conn.execute(sql).fetchall() for sql in STATES]


@pytest.mark.parametrize("code", ["unpaid", "paid", "shipped", "finished", "closed"])
@pytest.mark.parametrize("wrong", ["", "unpaid", "closed", "finished"])
def test_a_mapped_order_state_ends_as_importing_again_with_the_mapped_word(
    code: str, wrong: str, shop: Shop, tmp_path: Path
) -> None:
    paths = stated_files(tmp_path)
    for path in paths:
        import_file(shop, path)
    before = look(shop)
    for meaning in (wrong, code) if wrong else (code,):
        [entry] = map_words(shop, [f"order.status:{STRANGE}={meaning}"])
        assert not entry.amounts
    mapped = look(shop)
    assert mapped != before
    imports = [number for (number,) in shop.database.conn.execute("SELECT id FROM imports ORDER BY id DESC")]
    for number in imports:
        undo(shop, number)
    for path in paths:
        import_file(shop, path)
    assert look(shop) == mapped


def test_a_mapped_order_state_reaches_lines_whose_order_is_not_there(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, stated_files(tmp_path)[2])
    assert map_words(shop, [f"order.status:{STRANGE}=shipped"])[0].rows == 1
    assert shop.database.conn.execute("SELECT progress FROM order_lines").fetchall() == [(4,)]


def test_amounts_of_orders_stored_without_what_decides_them_are_said_to_stay(
    shop: Shop, tmp_path: Path
) -> None:
    import_file(shop, order_file(tmp_path))
    with shop.writing("orders.import"):
        shop.database.conn.execute("UPDATE orders SET paid_facts = NULL")
    assert map_words(shop, ["order.status:正在打包中=unpaid"])[0].amounts
    assert not map_words(shop, ["order.status:正在打包中=paid"])[0].later_only
