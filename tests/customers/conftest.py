"""Cases to call back about, put straight into the database."""

from collections.abc import Callable

import pytest

from aftersales_cli.database.fetch import fetch_value, insert
from aftersales_cli.shop import Shop


@pytest.fixture
def add_agent_row(shop: Shop) -> Callable[..., int]:
    """Return a function that adds an employee and returns the id."""

    def add(code: str, role: str = "agent", *, active: bool = True) -> int:
        with shop.writing("cases.open"):
            return insert(
                shop.database,
                "INSERT INTO agents (code, name, role, active, created_at) VALUES "
                "(:code, :code, :role, :active, :now)",
                {"code": code, "role": role, "active": active, "now": shop.stamp},
            )

    return add


@pytest.fixture
def add_customer(shop: Shop) -> Callable[..., int]:
    """Return a function that adds a customer and returns the id."""

    def add(name: str = "", phone: str = "", email: str = "", *, do_not_contact: bool = False) -> int:
        with shop.writing("cases.open"):
            return insert(
                shop.database,
                "INSERT INTO customers (name, phone, email, do_not_contact, created_at) VALUES "
                "(:name, :phone, :email, :do_not_contact, :now)",
                {
                    "name": name,
                    "phone": phone,
                    "email": email,
                    "do_not_contact": do_not_contact,
                    "now": shop.stamp,
                },
            )

    return add


def _storefront(shop: Shop, platform: str) -> int:
    found = fetch_value(shop.database, "SELECT id FROM storefronts WHERE code = :code", {"code": platform})
    if found is not None:
        return int(found)
    return insert(
        shop.database,
        "INSERT INTO storefronts (code, name, platform, country, timezone, currency, created_at) VALUES "
        "(:code, '', :code, 'CN', 'Asia/Shanghai', 'CNY', :now)",
        {"code": platform, "now": shop.stamp},
    )


@pytest.fixture
def add_case(shop: Shop) -> Callable[..., int]:
    """Return a function that adds a solved case with its order and returns the case's number.

    ``order=""`` makes a case without one.
    """

    def add(
        resolved_on: str | None = "2026-11-20",
        *,
        kind: str = "return",
        severity: str = "normal",
        status: str = "resolved",
        resolution: str = "refunded",
        order: str | None = None,
        platform: str = "taobao",
        customer_id: int | None = None,
        assignee_id: int | None = None,
        title: str = "Handle came off",
        product: str = "Rice cooker",
    ) -> int:
        with shop.writing("cases.open"):
            count = fetch_value(shop.database, "SELECT count(*) FROM cases")
            order_number = f"41030000{count:04}" if order is None else order
            storefront_id = _storefront(shop, platform)
            order_id = None
            if order_number:
                order_id = insert(
                    shop.database,
                    "INSERT INTO orders (storefront_id, external_id, display_number, customer_id, status, "
                    "status_raw, close_reason, currency, paid_basis, refunded_basis, title, buyer_note, "
                    "seller_note, progress, as_of) VALUES (:storefront_id, :number, '', :customer_id, "
                    "'finished', '', '', 'CNY', 'none', 'none', :product, '', '', 0, '')",
                    {
                        "storefront_id": storefront_id,
                        "number": order_number,
                        "customer_id": customer_id,
                        "product": product,
                    },
                )
            return insert(
                shop.database,
                "INSERT INTO cases (kind, channel, origin, storefront_id, customer_id, order_id, "
                "order_external_id, severity, status, assignee_id, title, opened_at, opened_on, resolved_at, "
                "resolved_on, resolution) VALUES (:kind, 'phone', 'own', :storefront_id, :customer_id, "
                ":order_id, :number, :severity, :status, :assignee_id, :title, '2026-11-01T01:00:00Z', "
                "'2026-11-01', :resolved_at, :resolved_on, :resolution)",
                {
                    "kind": kind,
                    "storefront_id": storefront_id,
                    "customer_id": customer_id,
                    "order_id": order_id,
                    "number": order_number,
                    "severity": severity,
                    "status": status,
                    "assignee_id": assignee_id,
                    "title": title,
                    "resolved_at": f"{resolved_on}T01:00:00Z" if resolved_on else None,
                    "resolved_on": resolved_on,
                    "resolution": resolution,
                },
            )

    return add
