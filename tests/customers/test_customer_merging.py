"""One person in two storefronts becomes one customer; suggestions come from exact contacts only."""

import pytest

from aftersales_cli.customers.merging import customers, merge_customers, suggestions
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import add_storefront


@pytest.fixture(autouse=True)
def _people(shop: Shop) -> None:
    add_storefront(shop, "one", platform="taobao", name="一店")
    add_storefront(shop, "two", platform="shopify", name="二店")
    people = [
        (1, "小鹿", "13800000001", "", 0),
        (2, "", "138 0000 0001", "deer@example.test", 1),
        (3, "晚风", "138****0001", "Deer@Example.test", 0),
        (4, "云朵", "138****0001", "", 0),
    ]
    with shop.writing("orders.import"):
        shop.database.conn.executemany(
            "INSERT INTO customers (id, name, phone, email, do_not_contact, created_at) "
            "VALUES (?, ?, ?, ?, ?, '2026-11-01T00:00:00Z')",
            people,
        )
        shop.database.conn.executemany(
            "INSERT INTO customer_keys (storefront_id, external_id, customer_id) VALUES (?, ?, ?)",
            [(1, "deer", 1), (2, "deer@example.test", 2)],
        )


def test_suggestions_need_the_very_same_contact_and_never_a_masked_one(shop: Shop) -> None:
    assert [(entry.by, entry.customers) for entry in suggestions(shop)] == [
        ("phone", (1, 2)),
        ("email", (2, 3)),
    ]


def test_all_that_belongs_to_the_others_goes_to_the_one_kept(shop: Shop) -> None:
    result = merge_customers(shop, 1, [2])
    assert (result.merged, result.moved) == ((2,), 1)
    assert [(row.id, row.storefronts) for row in customers(shop, words="deer@")] == [(3, ""), (1, "one, two")]
    row = shop.database.conn.execute(
        "SELECT name, phone, email, do_not_contact FROM customers WHERE id = 1"
    ).fetchone()
    assert row == ("小鹿", "13800000001", "deer@example.test", 1)
    audit = shop.database.conn.execute(
        "SELECT operation, subjects FROM audit_log ORDER BY id DESC"
    ).fetchone()
    assert audit == ("customers.merge", "customer:1 customer:2")
    assert shop.database.conn.execute("PRAGMA foreign_key_check").fetchall() == []


def test_unknown_same_and_erased_customers_are_refused(shop: Shop) -> None:
    with pytest.raises(NotFoundError, match="99"):
        merge_customers(shop, 1, [99])
    with pytest.raises(WrongUsageError):
        merge_customers(shop, 1, [1])
    with shop.writing("orders.import"):
        shop.database.conn.execute("UPDATE customers SET erased_at = '2026-11-02T00:00:00Z' WHERE id = 3")
    with pytest.raises(RefusedError):
        merge_customers(shop, 1, [2, 3])
    assert shop.database.conn.execute("SELECT COUNT(*) FROM customers").fetchone()[0] == 4
