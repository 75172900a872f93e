"""What is counted of customers: right, and the same whether counted at once or bit by bit."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from aftersales_cli.customers.value.rates import import_rates
from aftersales_cli.customers.value.valuing import refresh_facts
from aftersales_cli.database.customer_facts import (
    count_as_of,
    get_customer_facts,
    list_customer_facts,
    mark_all_stale,
    missing_rates,
    refresh_customer_facts,
)
from aftersales_cli.database.fetch import execute, fetch_rows, fetch_value
from aftersales_cli.database.migrations import MIGRATIONS
from aftersales_cli.records.value import CustomerFacts
from aftersales_cli.shop import Shop

Add = Callable[..., int]


def test_orders_days_and_spend_net_of_refunds_are_counted(shop: Shop, add_order: Add) -> None:
    add_order(1, "2026-03-01", 10_000, refunded=2_500)
    add_order(1, "2026-03-01", 5_000)
    add_order(1, "2026-05-02", 700, refunded=700)
    add_order(1, None, 9_900)
    add_order(1, "2026-06-01", 0)
    add_order(2, "2026-06-01", None, refunded=300)
    assert refresh_facts(shop) == 2
    assert list_customer_facts(shop.database) == [
        CustomerFacts(1, 3, 2, "2026-03-01", "2026-05-02", 12_500, 2),
        CustomerFacts(2, 1, 1, "2026-06-01", "2026-06-01", 0, 1),
    ]
    assert count_as_of(shop.database, "CNY", date(2026, 4, 1)) == [
        CustomerFacts(1, 2, 1, "2026-03-01", "2026-03-01", 12_500, 1)
    ]


def test_only_customers_whose_orders_changed_are_counted_again(shop: Shop, add_order: Add) -> None:
    first = add_order(1, "2026-03-01")
    add_order(2, "2026-03-01")
    refresh_facts(shop)
    assert refresh_facts(shop) == 0
    with shop.writing("refunds.pay"):
        execute(shop.database, "UPDATE orders SET status_raw = 'x' WHERE id = 1")
        assert fetch_value(shop.database, "SELECT COUNT(*) FROM customers_stale") == 0
        execute(shop.database, f"UPDATE orders SET refunded = 4000 WHERE id = {first}")
    assert refresh_facts(shop) == 1
    facts = get_customer_facts(shop.database, 1)
    assert facts is not None
    assert (facts.spend, facts.refunded_orders) == (6_000, 1)


def test_an_order_that_goes_to_somebody_else_changes_both(shop: Shop, add_order: Add) -> None:
    order = add_order(1, "2026-03-01")
    add_order(2, "2026-03-02")
    refresh_facts(shop)
    with shop.writing("orders.import"):
        execute(shop.database, f"UPDATE orders SET customer_id = 2 WHERE id = {order}")
    assert refresh_facts(shop) == 2
    assert [(facts.customer_id, facts.orders) for facts in list_customer_facts(shop.database)] == [(2, 2)]


def test_spend_needs_every_rate_and_comes_when_the_rate_does(
    shop: Shop, add_order: Add, tmp_path: Path
) -> None:
    add_order(1, "2026-03-01", 10_000)
    add_order(1, "2026-03-05", 1_000, currency="USD")
    add_order(2, "2026-03-09", 1_000, currency="USD")
    refresh_facts(shop)
    assert [facts.spend for facts in list_customer_facts(shop.database)] == [None, None]
    assert missing_rates(shop.database, "CNY") == [("USD", "2026-03-05")]
    assert missing_rates(shop.database, "CNY", 2) == [("USD", "2026-03-09")]
    path = tmp_path / "rates.csv"
    path.write_text("date,from,to,rate\n2026-03-06,USD,CNY,7.1\n", encoding="utf-8")
    import_rates(shop, path)
    assert refresh_facts(shop) == 1
    assert [facts.spend for facts in list_customer_facts(shop.database)] == [None, 7_100]
    path.write_text("date,from,to,rate\n2026-03-01,USD,CNY,7\n", encoding="utf-8")
    import_rates(shop, path)
    assert refresh_facts(shop) == 2
    assert [facts.spend for facts in list_customer_facts(shop.database)] == [17_000, 7_100]
    assert missing_rates(shop.database, "CNY") == []


def test_another_currency_of_the_shop_counts_everybody_anew(shop: Shop, add_order: Add) -> None:
    add_order(1, "2026-03-01", 10_000)
    refresh_facts(shop)
    with shop.writing("customers.value"):
        refresh_customer_facts(shop.database, "EUR")
    assert [facts.spend for facts in list_customer_facts(shop.database)] == [None]


@pytest.mark.parametrize("seed", range(6))
def test_counting_bit_by_bit_is_the_same_as_counting_at_once(shop: Shop, add_order: Add, seed: int) -> None:
    chance = random.Random(seed)
    db = shop.database
    first = date(2026, 1, 1)
    for _round in range(12):
        for _order in range(chance.randrange(6)):
            day = first + timedelta(days=chance.randrange(300))
            add_order(
                chance.choice([None, 1, 2, 3, 4, 5, 6]),
                chance.choice([None, day.isoformat(), day.isoformat()]),
                chance.choice([None, 0, 1_000, 2_000]),
                refunded=chance.choice([None, 0, 500]),
                currency=chance.choice(["CNY", "CNY", "USD"]),
            )
        with shop.writing("orders.undo"):
            for (number,) in fetch_rows(db, "SELECT id FROM orders"):
                what = chance.random()
                values = {
                    "id": number,
                    "other": chance.randrange(1, 7),
                    "amount": chance.choice([None, 0, 700]),
                }
                if what < 0.1:
                    execute(db, "DELETE FROM orders WHERE id = :id", values)
                elif what < 0.2:
                    execute(db, "UPDATE orders SET refunded = :amount WHERE id = :id", values)
                elif what < 0.25:
                    known = "EXISTS (SELECT 1 FROM customers WHERE id = :other)"
                    execute(db, f"UPDATE orders SET customer_id = :other WHERE id = :id AND {known}", values)
        if chance.random() < 0.5:
            refresh_facts(shop)
    refresh_facts(shop)
    bit_by_bit = list_customer_facts(db)
    with shop.writing("customers.value"):
        execute(db, "DELETE FROM customer_facts")
        mark_all_stale(db)
    refresh_facts(shop)
    assert list_customer_facts(db) == bit_by_bit
    assert bit_by_bit


def test_the_orders_of_an_older_version_are_counted_after_the_migration(tmp_path: Path) -> None:
    database = Database(tmp_path / "old.db", execute_plugins=False)
    MIGRATIONS.apply(database, stop_before="m009_customers")
    database.conn.executescript(
        """INSERT INTO storefronts (id, code, country, timezone, currency, created_at)
            VALUES (1, 'a', 'CN', 'Asia/Shanghai', 'CNY', '2026-01-01T00:00:00Z');
        INSERT INTO customers (id, created_at) VALUES (1, '2026-01-01T00:00:00Z'), (2, '2026-01-01T00:00:00Z');
        INSERT INTO orders (storefront_id, external_id, display_number, customer_id, paid_on, status, status_raw,
            close_reason, currency, paid, paid_basis, refunded_basis, title, buyer_note, seller_note, progress, as_of)
            VALUES (1, '1', '', 2, '2026-03-01', 'finished', '', '', 'CNY', 700, 'stated', 'none', '', '', '', 0, '')"""
    )
    database.conn.commit()
    MIGRATIONS.apply(database)
    database.conn.execute("BEGIN")
    refresh_customer_facts(database, "CNY")
    assert [(facts.customer_id, facts.spend) for facts in list_customer_facts(database)] == [(2, 700)]
    database.close()
