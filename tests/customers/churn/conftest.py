"""Customers with their orders, put straight into the database."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from aftersales_cli.shop import Shop
from tests.benchmarks.churn import fill
from tests.kpi_shop import Filler

TODAY = date(2026, 11, 22)

Buys = Callable[..., int]


@pytest.fixture
def filler(shop: Shop) -> Filler:
    return Filler(shop)


@pytest.fixture
def buys(shop: Shop, filler: Filler) -> Buys:
    """Return a function that adds a customer who bought so many days ago, and returns the number."""

    def add(
        *days_ago: int, paid: int = 10_000, currency: str = "CNY", refunded: int = 0, name: str = "Lin"
    ) -> int:
        customer = filler._insert("customers", name=name, phone="13800001234", created_at=shop.stamp)
        for days in days_ago:
            order = filler.order(
                (TODAY - timedelta(days=days)).isoformat(), paid=paid, currency=currency, refunded=refunded
            )
            with shop.writing("orders.import"):
                shop.database.conn.execute(
                    "UPDATE orders SET customer_id = ? WHERE id = ?", (customer, order)
                )
        return customer

    return add


@pytest.fixture
def crowd(shop: Shop) -> Shop:
    """Return the shop with 500 customers as the model thinks them."""
    fill(shop, 500)
    return shop
