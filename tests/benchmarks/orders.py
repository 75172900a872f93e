"""A plain order list of a marketplace: one row an order, many columns an order."""

from pathlib import Path

HEADER = "订单编号,总金额,买家实际支付金额,收货地址 ,订单创建时间,订单付款时间 ,退款金额"


def write_orders(path: Path, rows: int) -> None:
    """Write a Taobao order list of invented orders: ids of 19 digits, hardly two moments alike."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(HEADER + "\n")
        for number in range(1, rows + 1):
            day = f"2026-{number % 12 + 1:02d}-{number // 12 % 28 + 1:02d}"
            minute = f"{number * 7 % 24:02d}:{number // 24 % 60:02d}"
            placed, paid = (f"{day} {minute}:{second:02d}" for second in (number * 17 % 59, 59))
            total, refund = number * 37 % 9000 / 100 + 10.5, 10.5 if number % 5 == 0 else 0
            identity = 3_000_000_000_000_000_000 + number * 7919
            stream.write(f"{identity},{total:.2f},{total - refund:.2f},上海,{placed},{paid},{refund}\n")
