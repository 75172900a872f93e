"""One invented year, shared by the tests that look at it."""

from dataclasses import dataclass
from random import Random

import pytest

from aftersales_cli.demo.abroad import ShopifyOrder, invent_shopify_orders
from aftersales_cli.demo.orders import TaobaoOrder, invent_taobao_orders
from aftersales_cli.demo.refunds import Refund, invent_refunds


@dataclass(frozen=True)
class Year:
    """What was invented."""

    taobao: list[TaobaoOrder]
    refunds: list[Refund]
    shopify: list[ShopifyOrder]


def invent_year() -> Year:
    """Invent the year with a seed of its own."""
    rng = Random(7)
    taobao = invent_taobao_orders(rng)
    return Year(taobao, invent_refunds(rng, taobao), invent_shopify_orders(rng))


@pytest.fixture(scope="session")
def year() -> Year:
    """Return an invented year."""
    return invent_year()
