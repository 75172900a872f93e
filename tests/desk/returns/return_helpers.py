"""What the tests of returns share: an order that was sold, paid and delivered."""

from aftersales_cli.database.fetch import execute, fetch_rows, insert
from aftersales_cli.database.storefronts import list_storefronts
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import add_storefront

CUP_AND_LID = (("CUP", "Red cup", 3, 10000), ("LID", "Lid", 1, 1000))
"""Listed at 310.00."""


def sell(
    shop: Shop,
    number: str = "101",
    *,
    paid: int | None = 26100,
    postage: int = 1000,
    products: tuple[tuple[str, str, int, int | None], ...] = CUP_AND_LID,
    delivered_at: str | None = "2026-11-18T02:00:00Z",
    customer: str = "",
    platform: str = "own",
) -> int:
    """Add an order (and its storefront ``tb``) as an import would leave it; return its id.

    ``products`` holds sku, title, quantity and price in minor units.
    """
    if not list_storefronts(shop.database):
        add_storefront(shop, "tb", platform=platform)
    with shop.writing("orders.import"):
        customer_id = _customer(shop, customer) if customer else None
        order_id = insert(
            shop.database,
            "INSERT INTO orders (storefront_id, external_id, display_number, customer_id, placed_at, placed_on, "
            "paid_at, paid_on, delivered_at, status, status_raw, close_reason, currency, postage, total, paid, "
            "paid_basis, refunded_basis, title, buyer_note, seller_note, progress, as_of) VALUES (1, :number, "
            ":number, :customer, '2026-11-10T02:00:00Z', '2026-11-10', '2026-11-10T02:00:00Z', '2026-11-10', "
            ":delivered, 'finished', '', '', 'CNY', :postage, :paid, :paid, :basis, 'none', 'Cup and lid', '', '', "
            "1, '')",
            {
                "number": number,
                "customer": customer_id,
                "delivered": delivered_at,
                "postage": postage,
                "paid": paid,
                "basis": "none" if paid is None else "stated",
            },
        )
        for sku, title, quantity, price in products:
            insert(
                shop.database,
                "INSERT INTO order_lines (storefront_id, order_external_id, order_id, line_key, sku, title, variant, "
                "quantity, unit_price, currency, status_raw) VALUES (1, :number, :order_id, :sku, :sku, :title, '', "
                ":quantity, :price, 'CNY', '')",
                {
                    "number": number,
                    "order_id": order_id,
                    "sku": sku,
                    "title": title,
                    "quantity": quantity,
                    "price": price,
                },
            )
    return order_id


def _customer(shop: Shop, name: str) -> int:
    found = fetch_rows(shop.database, "SELECT id FROM customers WHERE name = :name", {"name": name})
    if found:
        return int(found[0][0])
    return insert(
        shop.database,
        "INSERT INTO customers (name, created_at) VALUES (:name, :at)",
        {"name": name, "at": shop.stamp},
    )


def run_sql(shop: Shop, sql: str, **values: object) -> int:
    """Change the database as another part of the program would."""
    with shop.writing("orders.import"):
        return execute(shop.database, sql, values)
