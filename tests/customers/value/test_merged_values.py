"""Merging customers takes along all that hangs on them, whatever both of them have."""

from collections.abc import Callable

import pytest

from aftersales_cli.customers.merging import merge_customers
from aftersales_cli.customers.value.tagging import shown_tags, tag_customer
from aftersales_cli.customers.value.valuing import refresh_values
from aftersales_cli.database.consents import current_consent
from aftersales_cli.database.customer_facts import count_as_of, list_customer_facts
from aftersales_cli.database.customer_values import current_values
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.shop import Shop

STAMP = "2026-11-01T00:00:00Z"


@pytest.fixture
def _two_people(shop: Shop, add_order: Callable[..., int]) -> None:
    """Give two customers a row in every table that hangs on customers."""
    for number in (1, 2):
        add_order(number, f"2026-11-0{number}", 30_000)
        tag_customer(shop, number, "vip")
    tag_customer(shop, 2, "friend")
    refresh_values(shop)
    with shop.writing("customers.value"):
        run = shop.database.conn.execute
        run(
            "INSERT INTO callback_plans (id, code, version, digest, document, since) VALUES (1, 'a', 1, '', '', ?)",
            [STAMP],
        )
        for number, purpose, given in ((1, "marketing", 1), (2, "marketing", 0), (2, "survey", 0)):
            run(
                "INSERT INTO consents (customer_id, purpose, given, said_at, recorded_at, recorded_by) "
                "VALUES (?, ?, ?, ?, ?, 'owner')",
                [number, purpose, given, f"2026-11-0{number}T00:00:00Z", STAMP],
            )
        for number in (1, 2):
            run(
                "INSERT INTO callback_holdouts (plan_id, customer_id, due_on, why) "
                "VALUES (1, ?, '2026-11-20', 'lot')",
                [number],
            )
            run(
                "INSERT INTO survey_invites (code, type, customer_id, planned_on, expires_on) "
                "VALUES (?, 'nps', ?, '2026-11-01', '2026-11-20')",
                [f"code{number}", number],
            )
            run(
                "INSERT INTO callbacks (reason, customer_id, due_on, priority, planned_at) "
                "VALUES ('win_back', ?, '2026-11-20', 1, ?)",
                [number, STAMP],
            )
        run("UPDATE customers SET language = 'en', zone = 'Europe/Paris' WHERE id = 2")


@pytest.mark.usefixtures("_two_people")
@pytest.mark.parametrize(("keep", "other"), [(1, 2), (2, 1)])
def test_two_who_have_everything_become_one(shop: Shop, keep: int, other: int) -> None:
    merge_customers(shop, keep, [other])
    db = shop.database
    assert fetch_rows(db, "PRAGMA foreign_key_check") == []
    assert {tag.tag for tag in shown_tags(shop, keep)} >= {"vip", "friend"}
    assert current_consent(db, keep, "marketing") is False
    assert current_consent(db, keep, "survey") is False
    for table, rows in (("callback_holdouts", 1), ("survey_invites", 2), ("callbacks", 2), ("consents", 3)):
        assert fetch_rows(db, f"SELECT customer_id, COUNT(*) FROM {table} GROUP BY 1") == [(keep, rows)]
    assert fetch_rows(db, "SELECT language, zone FROM customers") == [("en", "Europe/Paris")]
    refresh_values(shop)
    assert list_customer_facts(db) == count_as_of(db, "CNY", shop.today)
    assert [(value.customer_id, value.orders, value.spend) for value in current_values(db)] == [
        (keep, 2, 60_000)
    ]


@pytest.mark.usefixtures("_two_people")
def test_somebody_who_bought_nothing_takes_over_value_and_history(shop: Shop) -> None:
    with shop.writing("customers.value"):
        shop.database.conn.execute("INSERT INTO customers (id, name, created_at) VALUES (9, 'x', ?)", [STAMP])
    merge_customers(shop, 9, [2])
    refresh_values(shop)
    assert [(value.customer_id, value.orders) for value in current_values(shop.database)] == [(1, 1), (9, 1)]
    assert list_customer_facts(shop.database) == count_as_of(shop.database, "CNY", shop.today)
