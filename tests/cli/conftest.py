"""What several tests of commands begin with."""

from pathlib import Path

import pytest

from aftersales_cli.database.fetch import insert
from aftersales_cli.shop import open_shop


@pytest.fixture
def desk(shop_folder: Path) -> Path:
    """Return the folder of a shop with two solved cases of reachable customers and one of nobody's."""
    shop = open_shop(shop_folder)
    with shop.writing("cases.open"):
        for number, phone in enumerate(("13800000000", "13900000000", ""), start=1):
            insert(
                shop.database,
                "INSERT INTO customers (name, phone, created_at) VALUES (:name, :phone, :now)",
                {"name": f"Customer {number}", "phone": phone, "now": shop.stamp},
            )
            insert(
                shop.database,
                "INSERT INTO cases (kind, channel, origin, customer_id, status, title, opened_at, opened_on, "
                "resolved_at, resolved_on, resolution, assignee_id) VALUES ('repair', 'phone', 'own', :id, 'closed', "
                "'No heat', :now, '2026-11-18', :now, '2026-11-20', 'repaired', 1)",
                {"id": number, "now": shop.stamp},
            )
    shop.close()
    return shop_folder
