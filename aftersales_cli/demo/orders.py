"""Invent a year of orders on Taobao."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from aftersales_cli.demo.days import DOUBLE_ELEVEN, TAOBAO_SEASONS, after, draw_moments, known
from aftersales_cli.demo.people import Buyer, invent_buyer
from aftersales_cli.demo.products import PRODUCTS, Product

TAOBAO_ORDERS = 4300
_NEVER_PAID, _COMES_AGAIN, _TWO_PRODUCTS = 0.06, 0.27, 0.04
_SALE_FACTOR = 2.0
"""Days this much livelier than others have sale prices."""
_POSTAGE_FEN = 1200


@dataclass(frozen=True)
class Item:
    """A product in an order; the price is what the buyer pays for one piece, in fen."""

    product: Product
    quantity: int
    price_fen: int

    @property
    def amount(self) -> int:
        """The price of all pieces."""
        return self.quantity * self.price_fen


@dataclass(frozen=True)
class TaobaoOrder:
    """An order with its whole course; moments may lie after the files were made."""

    number: str
    buyer: Buyer
    items: tuple[Item, ...]
    postage: int
    """Fen."""
    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime
    delivered_at: datetime
    finished_at: datetime

    @property
    def goods(self) -> int:
        """Fen due for the goods."""
        return sum(item.amount for item in self.items)

    @property
    def total(self) -> int:
        """Fen due in all."""
        return self.goods + self.postage

    @property
    def title(self) -> str:
        """The titles as the marketplace joins them."""
        return "，".join(item.product.title for item in self.items)

    @property
    def paid(self) -> bool:
        """Whether it was ever paid."""
        return known(self.paid_at) is not None


def invent_taobao_orders(rng: Random, count: int = TAOBAO_ORDERS) -> list[TaobaoOrder]:
    """Invent orders, earliest first; about one in four comes from somebody who bought before."""
    buyers: list[Buyer] = []
    orders = []
    for position, placed_at in enumerate(draw_moments(rng, count, TAOBAO_SEASONS)):
        if buyers and rng.random() < _COMES_AGAIN:
            buyer = rng.choice(buyers)
        else:
            buyer = invent_buyer(rng, len(buyers) + 1)
            buyers.append(buyer)
        orders.append(_invent_order(rng, position, buyer, placed_at))
    return orders


def _invent_order(rng: Random, position: int, buyer: Buyer, placed_at: datetime) -> TaobaoOrder:
    paid_at = None if rng.random() < _NEVER_PAID else after(rng, placed_at, 0.003, 0.1)
    busy = in_double_eleven(placed_at.date())
    shipped_at = after(rng, paid_at or placed_at, 5, 80 if busy else 40)
    delivered_at = after(rng, shipped_at, 36, 96)
    return TaobaoOrder(
        # 19 digits, like real ones: longer than a spreadsheet's numbers can be.
        number=f"28{740_000_000 + position * 1_013:09d}{rng.randrange(100, 999)}{position % 100_000:05d}",
        buyer=buyer,
        items=_invent_items(rng, placed_at.date()),
        postage=_POSTAGE_FEN if buyer.remote else 0,
        placed_at=placed_at,
        paid_at=paid_at,
        shipped_at=shipped_at,
        delivered_at=delivered_at,
        finished_at=after(rng, delivered_at, 12, 240),
    )


def in_double_eleven(day: date) -> bool:
    """Tell whether a day belongs to the year's greatest sale."""
    return DOUBLE_ELEVEN[0] <= day <= DOUBLE_ELEVEN[1]


def _invent_items(rng: Random, day: date) -> tuple[Item, ...]:
    count = 2 if rng.random() < _TWO_PRODUCTS else 1
    chosen = _draw_products(rng, count)
    on_sale = any(first <= day <= last and factor >= _SALE_FACTOR for first, last, factor in TAOBAO_SEASONS)
    share = rng.choice((75, 80, 85)) if on_sale else rng.choice((90, 95, 100, 100))
    quantities = rng.choices((1, 2, 3), (85, 12, 3), k=count)
    return tuple(
        Item(product, quantity, product.price_fen * share // 100)
        for product, quantity in zip(chosen, quantities, strict=True)
    )


def _draw_products(rng: Random, count: int, products: Sequence[Product] = PRODUCTS) -> list[Product]:
    """Draw different products, good sellers more often."""
    left, drawn = list(products), []
    for _number in range(count):
        product = rng.choices(left, [entry.weight for entry in left])[0]
        left.remove(product)
        drawn.append(product)
    return drawn
