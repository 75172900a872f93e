"""Invent what went wrong with the orders on Taobao: refunds, returns, exchanges."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from aftersales_cli.demo.days import NEW_BATCH_FROM, after, known
from aftersales_cli.demo.orders import Item, TaobaoOrder
from aftersales_cli.demo.products import TROUBLED_SKU
from aftersales_cli.demo.trouble import NEW_BATCH, ORDINARY, UNSHIPPED, Trouble

SUCCEEDED, CLOSED, REFUSED = "退款成功", "退款关闭", "卖家拒绝退款"
REQUESTED, RETURNING = "买家已经申请退款，等待卖家同意", "卖家已经同意退款，等待买家退货"
_PLATFORM_STEPS_IN, _FREIGHT_SHARE = 0.04, 0.3
_REFUSAL_STANDS = timedelta(days=7)
_REFUSED_SHARE = 0.3
"""Of the requests the shop does not agree to; the buyer takes back the others."""


@dataclass(frozen=True)
class Refund:
    """One record of the marketplace about an order; amounts in fen."""

    number: str
    order: TaobaoOrder
    item: Item
    kind: str
    """The marketplace's word, e.g. ``退货退款``."""
    reason: str
    words: str
    goods_state: str
    amount: int
    status: str
    requested_at: datetime
    finished_at: datetime | None
    fault: str
    platform_involved: bool

    @property
    def succeeded(self) -> bool:
        """Whether money went back."""
        return self.status == SUCCEEDED

    @property
    def full(self) -> bool:
        """Whether it is about all of the order's money."""
        return self.amount == self.order.total


def invent_refunds(rng: Random, orders: Iterable[TaobaoOrder]) -> list[Refund]:
    """Invent at most one record for each paid order, in the order of the requests."""
    drawn = [_maybe_refund(rng, order) for order in orders if order.paid]
    refunds = [refund for refund in drawn if refund is not None]
    return sorted(refunds, key=lambda refund: (refund.requested_at, refund.number))


def _maybe_refund(rng: Random, order: TaobaoOrder) -> Refund | None:
    item = rng.choice(order.items)
    trouble = _draw_trouble(rng, _troubles_of(item, order))
    if trouble is None:
        return None
    assert order.paid_at is not None
    if trouble.before_shipping:
        requested_at = after(rng, order.paid_at, 0.2, 5)
    else:
        requested_at = after(rng, order.delivered_at, 2, 110)
    if known(requested_at) is None:
        return None
    finished_at = after(rng, requested_at, *trouble.hours)
    return _write_down(rng, order, item, trouble, requested_at, known(finished_at))


def _troubles_of(item: Item, order: TaobaoOrder) -> Sequence[Trouble]:
    if item.product.sku == TROUBLED_SKU and order.placed_at.date() >= NEW_BATCH_FROM:
        return (*UNSHIPPED, *NEW_BATCH)
    return (*UNSHIPPED, *ORDINARY)


def _draw_trouble(rng: Random, troubles: Sequence[Trouble]) -> Trouble | None:
    """Draw what goes wrong; most of the time nothing does."""
    left = rng.random()
    for trouble in troubles:
        left -= trouble.probability
        if left < 0:
            return trouble
    return None


def _write_down(
    rng: Random,
    order: TaobaoOrder,
    item: Item,
    trouble: Trouble,
    requested_at: datetime,
    finished_at: datetime | None,
) -> Refund:
    reason, words = rng.choice(trouble.reasons)
    return Refund(
        number=f"19{order.number[2:11]}{rng.randrange(10_000_000):07d}",
        order=order,
        item=item,
        kind=trouble.kind,
        reason=reason,
        words=words,
        goods_state=trouble.goods_state,
        amount=_amount(rng, order, item, trouble),
        status=_status(rng, trouble, finished_at),
        requested_at=requested_at,
        finished_at=finished_at,
        fault=trouble.fault,
        platform_involved=rng.random() < _PLATFORM_STEPS_IN,
    )


def _amount(rng: Random, order: TaobaoOrder, item: Item, trouble: Trouble) -> int:
    if trouble.before_shipping:
        return order.total
    if trouble.part is None:
        return item.amount
    low, high = trouble.part
    return round(item.amount * rng.uniform(low, high) / 100) * 100


def _status(rng: Random, trouble: Trouble, finished_at: datetime | None) -> str:
    if trouble.rejected:
        if finished_at is None:
            return REQUESTED
        # A refusal is no end yet; the marketplace closes it after a while.
        lately = known(finished_at + _REFUSAL_STANDS) is None
        return REFUSED if lately and rng.random() < _REFUSED_SHARE else CLOSED
    if finished_at is not None:
        return SUCCEEDED
    return RETURNING if trouble.goods_go_back else REQUESTED
