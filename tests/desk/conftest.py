"""What the desk's tests share: orders and customers as an import would have left them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from aftersales_cli.clock import parse_moment
from aftersales_cli.database.fetch import insert
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import add_storefront

AddOrder = Callable[..., int]


@pytest.fixture
def add_order(shop: Shop) -> AddOrder:
    """Return a function that adds an order (and its storefront, customer and products) and returns its id."""
    storefronts: dict[str, int] = {}

    def add(
        external_id: str,
        *,
        display: str = "",
        storefront: str = "taobao",
        customer: str = "",
        products: tuple[str, ...] = (),
    ) -> int:
        if storefront not in storefronts:
            storefronts[storefront] = add_storefront(shop, storefront, platform=storefront).id
        with shop.writing("orders.import"):
            customer_id = None
            if customer:
                customer_id = insert(
                    shop.database,
                    "INSERT INTO customers (name, created_at) VALUES (:name, :at)",
                    {"name": customer, "at": shop.stamp},
                )
            order_id = insert(
                shop.database,
                "INSERT INTO orders (storefront_id, external_id, display_number, customer_id, placed_at, "
                "placed_on, status, status_raw, close_reason, currency, total, paid, paid_basis, refunded_basis, "
                "title, buyer_note, seller_note, progress, as_of) VALUES (:storefront, :external_id, :display, "
                ":customer, '2026-11-10T02:00:00Z', '2026-11-10', 'shipped', '', '', 'CNY', 9900, 9900, 'stated', "
                "'none', 'Cup', '', '', 1, '')",
                {
                    "storefront": storefronts[storefront],
                    "external_id": external_id,
                    "display": display or external_id,
                    "customer": customer_id,
                },
            )
            for position, title in enumerate(products):
                insert(
                    shop.database,
                    "INSERT INTO order_lines (storefront_id, order_external_id, order_id, line_key, sku, title, "
                    "variant, quantity, currency, status_raw) "
                    "VALUES (:storefront, :external_id, :order_id, :key, :key, :title, '', 2, 'CNY', '')",
                    {
                        "storefront": storefronts[storefront],
                        "external_id": external_id,
                        "order_id": order_id,
                        "key": f"SKU{position}",
                        "title": title,
                    },
                )
        return order_id

    return add


@pytest.fixture
def local(shop: Shop) -> Callable[[str], datetime]:
    """Return a function that reads a moment of the shop's local time."""

    def read(text: str) -> datetime:
        return parse_moment(text, shop.zone).astimezone(UTC)

    return read
