"""An import is undone although callbacks were planned, or not planned, for what it brought."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aftersales_cli.customers.answers import Answer
from aftersales_cli.customers.callback_plan import plan_callbacks
from aftersales_cli.customers.callback_record import record_callback
from aftersales_cli.database.fetch import fetch_value
from aftersales_cli.desk.ending import resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.undo import undo
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import add_storefront

GOLDEN = Path(__file__).parents[2] / "intake" / "golden" / "youzan_orders.csv"
ORDERS = (
    "订单编号,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间 ,退款金额,宝贝总数量,买家会员名\n"
    "2874,10,10,交易成功,2026-10-30 10:00:00,2026-10-30 10:00:05,0,1,小雨的买家号\n"
)


def _count(shop: Shop, table: str) -> int:
    return int(fetch_value(shop.database, f"SELECT count(*) FROM {table}"))


def test_reminders_about_its_products_go_with_it(shop: Shop) -> None:
    rules = shop.folder / "templates" / "settings" / "maintenance.toml"
    rules.parent.mkdir(parents=True, exist_ok=True)
    rules.write_text('[[rule]]\nen = "cushion"\nwords = ["云朵抱枕"]\nmonths = 1\n', encoding="utf-8")
    result = import_file(shop, GOLDEN)
    later = replace(shop, now=shop.now + timedelta(days=11))
    # Where the marketplace hides the buyer, the chat leads there by the order's number.
    assert plan_callbacks(later, later.today).plans == {"maintenance": 2}
    undo(later, result.import_id)
    assert (_count(shop, "callbacks"), _count(shop, "order_lines")) == (0, 0)


@pytest.mark.parametrize("table", ["customers", "callback_holdouts"])
def test_customers_left_over_by_a_plan_go_with_it(shop: Shop, tmp_path: Path, table: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    result = import_file(shop, path)
    assert plan_callbacks(shop, shop.today).no_consent == 1
    assert _count(shop, table) == 1
    undo(shop, result.import_id)
    assert _count(shop, table) == 0


@pytest.mark.parametrize("is_answered", [False, True])
def test_a_callback_that_knew_its_customer_by_the_import_alone_stays_without_one(
    shop: Shop, tmp_path: Path, *, is_answered: bool
) -> None:
    add_storefront(shop, "taobao", platform="taobao")
    number = open_case(
        shop, kind="inquiry", say="late", order="2874", storefront="taobao", channel="phone"
    ).number
    resolve_case(shop, number, resolution="answered")
    later = replace(shop, now=shop.now + timedelta(days=3))
    plan_callbacks(later, later.today)
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    result = import_file(later, path)
    plan_callbacks(later, later.today)
    named = "SELECT count(*) FROM callbacks WHERE customer_id IS NOT NULL"
    assert fetch_value(shop.database, named) == 1
    if is_answered:
        record_callback(later, 1, Answer("reached", 5))
    undo(later, result.import_id)
    assert (_count(shop, "callbacks"), fetch_value(shop.database, named), _count(shop, "customers")) == (
        1,
        0,
        0,
    )
