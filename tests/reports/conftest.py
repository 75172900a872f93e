"""Callbacks to write lists of."""

from datetime import date

import pytest

from aftersales_cli.customers.callback_plan import plan_callbacks
from aftersales_cli.database.fetch import insert
from aftersales_cli.shop import Shop

TODAY = date(2026, 11, 22)
HOSTILE = '=HYPERLINK("http://example.com","Tea pot")'


@pytest.fixture
def planned(shop: Shop) -> Shop:
    """Return the shop with three callbacks planned for today."""
    db = shop.database
    with shop.writing("cases.open"):
        insert(
            db,
            "INSERT INTO storefronts (code, name, platform, country, timezone, currency, created_at) VALUES "
            "('taobao', '棉花糖旗舰店', 'taobao', 'CN', 'Asia/Shanghai', 'CNY', :now)",
            {"now": shop.stamp},
        )
        for number, name in enumerate(("林小雨", "=1+1", "Zhao"), start=1):
            insert(
                db,
                "INSERT INTO customers (name, phone, created_at) VALUES (:name, '13800000000', :now)",
                {"name": name, "now": shop.stamp},
            )
            insert(
                db,
                "INSERT INTO orders (storefront_id, external_id, display_number, customer_id, status, status_raw, "
                "close_reason, currency, paid_basis, refunded_basis, title, buyer_note, seller_note, progress, "
                "as_of) VALUES (1, :order, '', :id, 'finished', '', '', 'CNY', 'none', 'none', :title, '', '', "
                "0, '')",
                {"order": f"410300012345678901{number}", "id": number, "title": HOSTILE},
            )
            insert(
                db,
                "INSERT INTO cases (kind, channel, origin, storefront_id, customer_id, order_id, status, title, "
                "opened_at, opened_on, resolved_at, resolved_on, resolution) VALUES ('return', 'phone', 'own', 1, "
                ":id, :id, 'resolved', '手柄掉了', :now, '2026-11-18', :now, :day, 'refunded')",
                {"id": number, "now": shop.stamp, "day": f"2026-11-1{number}"},
            )
    plan_callbacks(shop, TODAY)
    return shop
