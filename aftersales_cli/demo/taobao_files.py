"""Write invented orders and refunds as the files Taobao lets a seller download."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from aftersales_cli.demo.days import known
from aftersales_cli.demo.orders import TaobaoOrder
from aftersales_cli.demo.refunds import CLOSED, SUCCEEDED, Refund
from aftersales_cli.demo.trouble import UNSHIPPED_STATE

SHOP_NAME = "棉花糖家居店"
_SHOP_ID = "100200300"
_PAYMENT_TIME = timedelta(days=1)
"""Orders not paid by then are closed."""
# The trailing spaces are really in the files.
ORDER_HEADERS = (
    "订单编号", "买家会员名", "买家支付宝账号", "支付单号", "支付详情", "买家应付货款", "买家应付邮费", "买家支付积分",
    "总金额", "返点积分", "买家实际支付金额", "买家实际支付积分", "订单状态", "买家留言", "收货人姓名", "收货地址 ",
    "运送方式", "联系电话 ", "联系手机", "订单创建时间", "订单付款时间 ", "宝贝标题 ", "宝贝种类 ", "物流单号 ",
    "物流公司", "订单备注", "宝贝总数量", "店铺Id", "店铺名称", "订单关闭原因", "卖家服务费", "买家服务费", "发票抬头",
    "是否手机订单", "分阶段订单信息", "特权订金订单id", "是否上传合同照片", "是否上传小票", "是否代付", "定金排名",
    "修改后的sku", "修改后的收货地址", "异常信息", "天猫卡券抵扣", "集分宝抵扣", "是否是O2O交易", "满返红包金额",
    "新零售交易类型", "新零售导购门店名称", "新零售导购门店id", "新零售发货门店名称", "新零售发货门店id", "退款金额",
    "预约门店", "确认收货时间", "打款商家金额", "含应开票给个人的个人红包", "是否信用购", "体验期结束时间", "前N有礼",
    "配送类型", "直播返现状态", "返现金额", "新零售成交门店昵称", "新零售成交门店id", "新零售成交经销商id", "主订单编号",
)  # fmt: skip
"""The order list of 2019 to 2021, 67 columns."""

REFUND_HEADERS = (
    "订单编号", "退款编号", "支付单号", "订单付款时间", "商品id", "商品编码", "退款完结时间", "买家实际支付金额", "宝贝标题",
    "退款总额", "退给买家金额", "退给平台金额", "手工退款/系统退款", "售后类型", "退款申请时间", "超时时间", "退款状态",
    "货物状态", "退货物流信息", "发货物流信息", "客服介入状态", "退货物流单号", "退货物流公司", "买家退款原因", "买家退款说明",
    "买家退货时间", "责任方", "售中或售后", "商家备注", "完结时间", "部分退款/全额退款", "审核操作人", "举证超时",
    "是否零秒响应", "退款操作人", "业务类型",
)  # fmt: skip
"""The refund list of 2026."""

_ID_HEADERS = frozenset({"订单编号", "支付单号", "特权订金订单id", "主订单编号"})


def write_order_file(path: Path, orders: Iterable[TaobaoOrder], refunds: Iterable[Refund]) -> None:
    """Write the order list: GBK, CRLF, every field quoted, ids as ``="…"``; newest order first."""
    given_back = {refund.order.number: refund for refund in refunds if refund.succeeded}
    lines = [",".join(f'"{name}"' for name in ORDER_HEADERS)]
    for order in reversed(list(orders)):
        cells = _order_cells(order, given_back.get(order.number))
        lines.append(",".join(_quote(name, cells.get(name, "")) for name in ORDER_HEADERS))
    path.write_bytes("".join(line + "\r\n" for line in lines).encode("gbk"))


def _quote(header: str, value: str) -> str:
    quoted = '"' + value.replace('"', '""') + '"'
    # The equals sign stands outside the quotation marks, which is what makes these files special.
    return "=" + quoted if header in _ID_HEADERS else quoted


def yuan(fen: int) -> str:
    """Write an amount: 1234 fen is ``12.34``."""
    return f"{fen // 100}.{fen % 100:02d}"


def _moment(value: datetime | None) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S") if value else ""


def _order_cells(order: TaobaoOrder, refund: Refund | None) -> dict[str, str]:
    refunded = refund.amount if refund else 0
    status, close_reason = _order_state(order, refunded)
    left = order.total - refunded if order.paid else 0
    unshipped = refund is not None and refund.goods_state == UNSHIPPED_STATE
    shipped = order.paid and known(order.shipped_at) is not None and not unshipped
    finished = order.finished_at if status == "交易成功" else None
    return {
        "订单编号": order.number,
        "主订单编号": order.number,
        "买家会员名": order.buyer.nick,
        "支付单号": f"2026{order.number[2:]}" if order.paid else "",
        "买家应付货款": yuan(order.goods),
        "买家应付邮费": yuan(order.postage),
        "买家支付积分": "0",
        "总金额": yuan(order.total),
        "返点积分": "0",
        # Net of refunds, as in the real files.
        "买家实际支付金额": yuan(left),
        "买家实际支付积分": "0",
        "订单状态": status,
        "收货人姓名": order.buyer.name,
        "收货地址 ": order.buyer.address,
        "运送方式": "快递",
        "联系手机": "'" + order.buyer.phone,
        "订单创建时间": _moment(order.placed_at),
        "订单付款时间 ": _moment(known(order.paid_at)),
        "宝贝标题 ": order.title,
        "宝贝种类 ": str(len(order.items)),
        "物流单号 ": f"No:YT{order.number[2:15]}" if shipped else "",
        "物流公司": "圆通速递" if shipped else "",
        "宝贝总数量": str(sum(item.quantity for item in order.items)),
        "店铺Id": _SHOP_ID,
        "店铺名称": SHOP_NAME,
        "订单关闭原因": close_reason,
        "卖家服务费": "0",
        "买家服务费": "0元",
        "是否手机订单": "手机订单",
        "是否上传合同照片": "否",
        "是否上传小票": "否",
        "是否代付": "否",
        "退款金额": yuan(refunded),
        "确认收货时间": _moment(finished),
        "打款商家金额": f"{yuan(left)}元" if finished else "0元",
    }


def _order_state(order: TaobaoOrder, refunded: int) -> tuple[str, str]:
    """Return the order's state and why it was closed, in the marketplace's words."""
    still_open = "订单未关闭"
    if not order.paid:
        if known(order.placed_at + _PAYMENT_TIME) is None:
            return "等待买家付款", still_open
        return "交易关闭", "买家未付款"
    if refunded == order.total:
        return "交易关闭", "退款"
    if known(order.finished_at):
        return "交易成功", still_open
    if known(order.shipped_at):
        return "卖家已发货，等待买家确认", still_open
    return "买家已付款，等待卖家发货", still_open


def refund_rows(refunds: Iterable[Refund]) -> list[list[str]]:
    """Return the refund list's rows, headings first, newest request first."""
    rows = [list(REFUND_HEADERS)]
    for refund in sorted(refunds, key=lambda entry: entry.requested_at, reverse=True):
        cells = _refund_cells(refund)
        rows.append([cells.get(name, "") for name in REFUND_HEADERS])
    return rows


def _refund_cells(refund: Refund) -> dict[str, str]:
    order = refund.order
    # A refused request stays open until the buyer or the marketplace ends it.
    ended = _moment(refund.finished_at) if refund.status in {SUCCEEDED, CLOSED} else ""
    return {
        "订单编号": order.number,
        "退款编号": refund.number,
        "支付单号": f"2026{order.number[2:]}",
        "订单付款时间": _moment(order.paid_at),
        "商品id": f"6810000{refund.item.product.sku[-2:]}{len(refund.item.product.title):03d}",
        "商品编码": refund.item.product.sku,
        "退款完结时间": ended,
        "完结时间": ended,
        "买家实际支付金额": yuan(order.total),
        "宝贝标题": refund.item.product.title,
        "退款总额": yuan(refund.amount),
        "退给买家金额": yuan(refund.amount),
        "退给平台金额": "0.00",
        "手工退款/系统退款": "手工退款",
        "售后类型": refund.kind,
        "退款申请时间": _moment(refund.requested_at),
        "退款状态": refund.status,
        "货物状态": refund.goods_state,
        "客服介入状态": "客服介入中" if refund.platform_involved else "无客服介入",
        "买家退款原因": refund.reason,
        "买家退款说明": refund.words,
        "责任方": refund.fault,
        "售中或售后": "售中" if refund.goods_state == UNSHIPPED_STATE else "售后",
        "部分退款/全额退款": "全额退款" if refund.full else "部分退款",
        "审核操作人": SHOP_NAME,
        "是否零秒响应": "否",
    }
