"""What the tests of marketplaces' returns share: their files as texts, and how one is taken in."""

from collections.abc import Callable
from pathlib import Path

from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.mapping import mapped_document, mapped_format
from aftersales_cli.shop import Shop

ORDERS = (
    "订单编号,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间 ,退款金额,宝贝总数量,买家会员名\n"
    "910001,258.00,258.00,交易成功,2026-11-01 10:00:00,2026-11-01 10:01:00,0.00,2,小鹿\n"
)
ITEMS = "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态\n910001,云朵抱枕,129.00,2,YDBZ-01,,,,交易成功\n"
REFUND = "订单编号,退款编号,商品编码,宝贝标题,买家退款金额,售后类型,退款的申请时间,退款完结时间,退款状态,退货物流单号,退货物流公司\n"
COURIER = "运单号,快递公司,物流状态,更新时间\n"

Files = Callable[..., int]


def refund(
    state: str, *, number: str = "", finished: str = "", kind: str = "退货退款", amount: str = "129.00"
) -> str:
    carrier = "顺丰" if number else ""
    return (
        REFUND
        + f"910001,250001,YDBZ-01,云朵抱枕,{amount},{kind},2026-11-07 10:00:00,{finished},{state},{number},{carrier}\n"
    )


def courier(state: str, at: str, number: str = "SF77") -> str:
    return COURIER + f"{number},顺丰速运,{state},{at}\n"


def take(shop: Shop, text: str, folder: Path) -> int:
    """Import a text as the file of its kind and return the import's number."""
    path = folder / f"{abs(hash(text))}.csv"
    path.write_text(text, encoding="utf-8")
    words = [
        "运单号=tracking.number",
        "快递公司=tracking.carrier",
        "物流状态=tracking.status",
        "更新时间=tracking.status_at",
    ]
    only = mapped_format(mapped_document(words)) if text.startswith(COURIER) else None
    return import_file(shop, path, only_format=only, storefront=None if only else "taobao").import_id


def rows(shop: Shop, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in shop.database.conn.execute(sql).fetchall()]
