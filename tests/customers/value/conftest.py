"""Customers and their orders, put straight into the database."""

from collections.abc import Callable

import pytest

from aftersales_cli.database.fetch import execute, fetch_value, insert
from aftersales_cli.shop import Shop


@pytest.fixture
def add_order(shop: Shop) -> Callable[..., int]:
    """Return a function that adds a paid order (amounts in minor units) of a customer, made if need be."""

    def add(
        customer_id: int | None,
        paid_on: str | None,
        paid: int | None = 10_000,
        *,
        refunded: int | None = None,
        currency: str = "CNY",
        number: str = "",
        paid_at: str | None = None,
        title: str = "",
    ) -> int:
        db = shop.database
        with shop.writing("orders.import"):
            if not fetch_value(db, "SELECT 1 FROM storefronts"):
                insert(
                    db,
                    "INSERT INTO storefronts (code, platform, country, timezone, currency, created_at) "
                    "VALUES ('taobao', 'taobao', 'CN', 'Asia/Shanghai', 'CNY', :now)",
                    {"now": shop.stamp},
                )
            if customer_id is not None:
                execute(
                    db,
                    "INSERT OR IGNORE INTO customers (id, name, created_at) VALUES (:id, 'Guest ' || :id, :now)",
                    {"id": customer_id, "now": shop.stamp},
                )
            count = fetch_value(db, "SELECT COALESCE(MAX(id), 0) + 1 FROM orders")
            return insert(
                db,
                "INSERT INTO orders (storefront_id, external_id, display_number, customer_id, placed_on, paid_on, "
                "paid_at, status, status_raw, close_reason, currency, paid, refunded, paid_basis, refunded_basis, "
                "title, buyer_note, seller_note, progress, as_of) VALUES (1, :number, '', :customer_id, :paid_on, "
                ":paid_on, :paid_at, 'finished', '', '', :currency, :paid, :refunded, 'stated', 'none', :title, '', "
                "'', 0, '')",
                {
                    "number": number or f"52{count:08}",
                    "customer_id": customer_id,
                    "paid_on": paid_on,
                    "paid_at": paid_at,
                    "currency": currency,
                    "paid": paid,
                    "refunded": refunded,
                    "title": title,
                },
            )

    return add
