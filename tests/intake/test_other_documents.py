"""Settlements, account statements and promotion figures are named as such, so that nobody maps them as orders."""

from pathlib import Path

import pytest

from aftersales_cli.errors import UnknownFileError
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.other_documents import other_document
from aftersales_cli.shop import Shop

SETTLEMENTS = {
    "alipay": "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注",
    "pinduoduo": "商户订单号,发生时间,收入金额（+元）,支出金额（-元）,账务类型,备注",
    "douyin": "动账时间,动账方向,动账金额,订单号,子订单号,结算金额,平台服务费,佣金",
    "shopify payouts": "Transaction Date,Type,Order,Card Brand,Payout Status,Payout Date,Amount,Fee,Net",
    "amazon": "settlement-id,settlement-start-date,settlement-end-date,deposit-date,total-amount,currency,transaction-type,order-id,amount-type",
    "ebay": "Transaction creation date,Type,Order number,Net amount,Payout currency,Payout date,Final Value Fee - fixed",
}
PROMOTIONS = {
    "taobao": "日期,计划名称,展现量,点击量,花费,点击率,平均点击花费,总成交金额,投入产出比",
    "pinduoduo": "推广计划,曝光量,点击量,花费(元),交易额(元),投入产出比",
    "amazon": "Date,Campaign Name,Impressions,Clicks,Spend,7 Day Total Sales",
}
OTHERS = [
    "订单编号,商品名称,数量,结算金额,佣金,收货人",
    "Order,Quantity,Commission fee,Net",
    "订单编号,实付金额,下单时间",
    "Order,Feedback left,Total price",
    "单号,客户,备注",
    "",
]


@pytest.mark.parametrize("name", SETTLEMENTS)
def test_a_statement_of_money_is_told_from_orders(name: str) -> None:
    assert other_document(SETTLEMENTS[name].split(",")) == "settlement"


@pytest.mark.parametrize("name", PROMOTIONS)
def test_figures_of_promotion_are_told_from_orders(name: str) -> None:
    assert other_document(PROMOTIONS[name].split(",")) == "promotion"


@pytest.mark.parametrize("header", OTHERS)
def test_a_list_of_orders_is_not_taken_for_one_of_them(header: str) -> None:
    assert other_document(header.split(",")) == ""


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (SETTLEMENTS["alipay"], "It looks like a settlement or an account statement: it holds no orders."),
        (PROMOTIONS["taobao"], "It looks like figures of a promotion: it holds no orders."),
    ],
)
def test_the_import_says_what_the_file_is(header: str, words: str, shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(f"{header}\n" + ",".join("1" for _cell in header.split(",")) + "\n", "utf-8")
    with pytest.raises(UnknownFileError) as caught:
        import_file(shop, path)
    assert words in caught.value.message
    if "settlement" in words:
        assert "aftersales refunds reconcile" in caught.value.remedy
