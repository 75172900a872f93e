"""Customers with value, churn, consent and orders, put straight into the database."""

from collections.abc import Callable

import pytest

from aftersales_cli.customers.privacy.consenting import record_consent
from aftersales_cli.database.fetch import execute, fetch_value, insert
from aftersales_cli.database.rows import insert_row
from aftersales_cli.shop import Shop

Add = Callable[..., int]


@pytest.fixture
def add_order(shop: Shop) -> Add:
    """Return a function that adds a paid and delivered order with its products and returns its id."""

    def add(
        customer_id: int,
        *titles: str,
        on: str = "2026-11-01",
        platform: str = "taobao",
        country: str = "CN",
        refunded: int = 0,
    ) -> int:
        with shop.writing("cases.open"):
            found = fetch_value(
                shop.database, "SELECT id FROM storefronts WHERE code = :code", {"code": platform}
            )
            storefront_id = found or insert(
                shop.database,
                "INSERT INTO storefronts (code, name, platform, country, timezone, currency, created_at) "
                "VALUES (:code, '', :code, :country, 'Asia/Shanghai', 'CNY', :now)",
                {"code": platform, "country": country, "now": shop.stamp},
            )
            number = f"8800{fetch_value(shop.database, 'SELECT count(*) FROM orders'):04}"
            order_id = insert_row(
                shop.database,
                "orders",
                {
                    "storefront_id": storefront_id, "external_id": number, "display_number": "",
                    "customer_id": customer_id, "status": "finished", "status_raw": "", "close_reason": "",
                    "currency": "CNY", "paid": 5000, "paid_basis": "stated", "refunded": refunded,
                    "refunded_basis": "stated", "title": "", "buyer_note": "", "seller_note": "", "progress": 0,
                    "as_of": "", "paid_on": on, "delivered_at": f"{on}T04:00:00Z",
                },
            )  # fmt: skip
            for position, title in enumerate(titles):
                insert_row(
                    shop.database,
                    "order_lines",
                    {
                        "storefront_id": storefront_id, "order_external_id": number, "order_id": order_id,
                        "line_key": str(position), "sku": f"SKU-{position}", "title": title, "variant": "",
                        "quantity": 1, "paid": 5000, "refunded": refunded, "currency": "CNY", "status_raw": "",
                    },
                )  # fmt: skip
        return order_id

    return add


@pytest.fixture
def add_valued(shop: Shop, add_customer: Add, add_order: Add) -> Add:
    """Return a function that adds a customer of a churn degree who says yes to marketing, and returns the id."""

    def add(
        name: str = "",
        *,
        degree: str = "lost",
        value_lost: int | None = 100,
        high_value: bool = False,
        consent: bool | None = True,
        phone: str = "",
        order: bool = True,
        country: str = "",
        platform: str = "taobao",
    ) -> int:
        customer_id = add_customer(name, phone)
        if order:
            add_order(customer_id, "Rice cooker", on="2026-03-01", platform=platform)
        with shop.writing("cases.open"):
            execute(
                shop.database,
                "UPDATE customers SET country = :country WHERE id = :id",
                {"country": country, "id": customer_id},
            )
            insert_row(
                shop.database,
                "churn_scores",
                {
                    "customer_id": customer_id, "as_of": "2026-11-22", "method": "gaps", "purchases": 1, "degree": degree,
                    "last_on": "2026-03-01", "expected_orders": 0.1,
                    "value_lost": value_lost,
                },
            )  # fmt: skip
            insert_row(
                shop.database,
                "customer_values",
                {
                    "month": "2026-11", "customer_id": customer_id, "as_of": "2026-11-22", "recency_days": 200,
                    "orders": 1, "spend": 5000, "r": 1, "f": 1, "m": 1, "segment": "lost",
                    "high_value": int(high_value),
                },
            )  # fmt: skip
        if consent is not None:
            record_consent(
                shop, customer_id, purpose="marketing", given=consent, channel="phone", proof="said so"
            )
        return customer_id

    return add


@pytest.fixture
def write_plan(shop: Shop) -> Callable[..., None]:
    """Return a function that makes one plan the shop's only one."""

    def write(**keys: object) -> None:
        values = {
            "code": '"win"', "en": '"win-back"', "degrees": '["lost"]', "every_days": 90,
            "channels": '["chat", "phone", "email"]', "script": '"win_back"', "contact_basis": '"consent"',
            "priority": 70, **keys,
        }  # fmt: skip
        path = shop.folder / "templates" / "settings" / "callback_plans.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{name} = {value}" for name, value in values.items() if value is not None]
        path.write_text("\n".join(["[[plan]]", *lines, ""]), encoding="utf-8")

    return write
