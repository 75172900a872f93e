"""Values kept up to date bit by bit: what a night costs, what is written, and how customers move."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from aftersales_cli.customers.value.movement import movement
from aftersales_cli.customers.value.rules import load_value_rules
from aftersales_cli.customers.value.valuing import (
    overview,
    read_breaks,
    refresh_values,
    valuation,
    value_as_of,
)
from aftersales_cli.database.customer_facts import list_customer_facts
from aftersales_cli.database.customer_values import current_values, get_value, latest_value_run
from aftersales_cli.database.fetch import execute, fetch_rows, fetch_value
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.resources import data_files
from aftersales_cli.shop import Shop, open_shop

Add = Callable[..., int]


def _on(shop: Shop, day: str | date, *, dry_run: bool = False) -> Shop:
    """Return the shop at nine in the morning of a day."""
    moment = datetime.fromisoformat(f"{day}T01:00:00+00:00").astimezone(UTC)
    return replace(shop, now=moment, dry_run=dry_run)


def test_a_second_refresh_of_the_day_does_nothing(shop: Shop, add_order: Add) -> None:
    for number in range(1, 6):
        add_order(number, f"2026-11-0{number}")
    first = refresh_values(shop)
    assert (first.counted, first.valued, first.written, first.customers) == (5, 5, 5, 5)
    again = refresh_values(shop)
    assert (again.counted, again.valued, again.written) == (0, 0, 0)


def test_a_night_looks_only_at_those_who_changed_or_grew_older_than_a_breakpoint(
    shop: Shop, add_order: Add
) -> None:
    for number in range(1, 31):
        add_order(number, f"2026-10-{number:02}")
    refresh_values(_on(shop, "2026-11-22"))
    add_order(7, "2026-11-22")
    # On the 23rd the customer of 24 October is 30 days old, the one of the 23rd is 31: past the limit of R5.
    night = refresh_values(_on(shop, "2026-11-23"))
    assert (night.counted, night.valued, night.written) == (1, 2, 2)
    values = {value.customer_id: value for value in current_values(shop.database)}
    assert (values[23].r, values[24].r, values[7].f) == (4, 5, 2)


def test_a_new_month_writes_only_what_differs_and_renews_the_breakpoints(shop: Shop, add_order: Add) -> None:
    for number in range(1, 11):
        add_order(number, "2026-10-25" if number > 3 else "2026-11-20")
    refresh_values(_on(shop, "2026-11-22"))
    later = refresh_values(_on(shop, "2026-12-01"))
    assert (later.valued, later.written) == (10, 7)
    rows = fetch_rows(shop.database, "SELECT month, COUNT(*) FROM customer_values GROUP BY month")
    assert rows == [("2026-11", 10), ("2026-12", 7)]
    value = get_value(shop.database, 1)
    assert value is not None
    assert value.month == "2026-11"


@pytest.mark.parametrize("seed", range(5))
def test_values_brought_forward_night_by_night_are_those_of_a_fresh_start(
    shop: Shop, add_order: Add, seed: int
) -> None:
    chance, db = random.Random(seed), shop.database
    day = date(2026, 9, 20)
    for number in range(1, 61):
        add_order(number, (day - timedelta(days=chance.randrange(250))).isoformat(), chance.randrange(90_000))
    for _night in range(25):
        day += timedelta(days=chance.choice([1, 1, 1, 2, 9]))
        for _order in range(chance.randrange(4)):
            add_order(chance.randrange(1, 62), day.isoformat(), chance.randrange(90_000))
        with shop.writing("orders.undo"):
            last = fetch_value(db, "SELECT MAX(id) FROM orders")
            if chance.random() < 0.3:
                execute(db, "DELETE FROM orders WHERE id = :id", {"id": last})
            execute(db, "UPDATE orders SET refunded = paid WHERE id = :id", {"id": chance.randrange(1, last)})
        refresh_values(_on(shop, day))
    run, rules = latest_value_run(db), load_value_rules(shop.folder)
    assert run is not None
    fresh = {
        facts.customer_id: rules.value(facts, read_breaks(run), day) for facts in list_customer_facts(db)
    }
    kept = {value.customer_id: value for value in current_values(db)}
    assert kept.keys() == fresh.keys()
    for number, value in kept.items():
        same = replace(value, month="", as_of="", recency_days=0)
        assert same == replace(fresh[number], month="", as_of="", recency_days=0)


def test_a_customer_whose_import_is_undone_was_never_there(shop: Shop, add_order: Add) -> None:
    add_order(1, "2026-11-01")
    add_order(2, "2026-11-01")
    refresh_values(shop)
    with shop.writing("orders.undo"):
        execute(shop.database, "DELETE FROM orders WHERE customer_id = 2")
        execute(shop.database, "DELETE FROM customers WHERE id = 2")
    refresh_values(shop)
    assert [value.customer_id for value in current_values(shop.database)] == [1]
    assert shop.database.conn.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_dry_run_shows_the_values_and_keeps_nothing(shop: Shop, add_order: Add) -> None:
    add_order(1, "2026-11-01")
    shown = valuation(_on(shop, "2026-11-22", dry_run=True), None)
    assert [value.segment for value in shown.values] == ["new"]
    assert fetch_value(shop.database, "SELECT COUNT(*) FROM customer_values") == 0


def test_an_earlier_day_is_told_from_the_orders_up_to_it_and_stores_nothing(
    shop: Shop, add_order: Add
) -> None:
    add_order(1, "2026-05-01", 20_000)
    add_order(1, "2026-11-01", 90_000)
    add_order(2, "2026-11-01")
    made = value_as_of(shop, date(2026, 5, 31))
    assert [(value.customer_id, value.recency_days, value.orders, value.spend) for value in made.values] == [
        (1, 30, 1, 20_000)
    ]
    assert fetch_value(shop.database, "SELECT COUNT(*) FROM customer_values") == 0


def test_the_overview_adds_up_and_says_which_rate_is_missing(shop: Shop, add_order: Add) -> None:
    for number in range(1, 5):
        add_order(number, "2026-11-01", 10_000)
    add_order(5, "2026-01-01", 50_000)
    seen = overview(shop)
    assert [(row.segment, row.customers, row.share, row.spend) for row in seen.segments] == [
        ("new", 4, 0.8, 40_000),
        ("lost", 1, 0.2, 50_000),
    ]
    assert (seen.customers, seen.spend, seen.missing_rates) == (5, 90_000, [])
    add_order(1, "2026-11-02", 100, currency="EUR")
    seen = overview(shop)
    assert (seen.spend, seen.missing_rates) == (None, [("EUR", "2026-11-02")])
    earlier = overview(shop, date(2026, 11, 1))
    assert (earlier.customers, earlier.spend, earlier.missing_rates) == (5, 90_000, [])


def test_changed_rules_value_everybody_anew(shop: Shop, add_order: Add) -> None:
    add_order(1, "2026-11-01")
    refresh_values(shop)
    shipped = load_value_rules(None)
    own = shop.folder / "templates/settings/value.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    text = data_files("templates/settings")["value.toml"].read_text(encoding="utf-8")
    own.write_text(text.replace("[30, 60, 90, 180]", "[3, 6, 9, 18]"), encoding="utf-8")
    assert load_value_rules(shop.folder).digest != shipped.digest
    assert refresh_values(shop).written == 1
    assert current_values(shop.database)[0].r == 1


def test_movement_between_two_months_is_a_matrix_that_adds_up(shop: Shop, add_order: Add) -> None:
    for number in (1, 2, 3):
        add_order(number, "2026-09-10")
    refresh_values(_on(shop, "2026-09-30"))
    for _order in range(4):
        add_order(1, "2026-10-20", 60_000)
    add_order(4, "2026-10-21")
    refresh_values(_on(shop, "2026-10-31"))
    seen = movement(_on(shop, "2026-10-31"), start="2026-09", end="2026-10")
    assert {(row.before, row.after): row.customers for row in seen.moves} == {
        ("new", "champions"): 1,
        ("new", "one_time"): 2,
        ("", "new"): 1,
    }
    assert movement(_on(shop, "2026-10-31")) == seen
    assert seen.reckoned == []


def test_a_month_of_which_nothing_was_kept_is_told_from_its_orders(shop: Shop, add_order: Add) -> None:
    add_order(1, "2026-10-10")
    add_order(2, "2026-11-10")
    seen = movement(shop)
    assert (seen.start, seen.end, seen.reckoned) == ("2026-10", "2026-11", ["2026-10"])
    assert [(move.before, move.after, move.customers) for move in seen.moves] == [
        ("", "new", 1),
        ("new", "one_time", 1),
    ]


@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-11", "2026-10"), ("2026-11", "2026-11"), ("2026-10", "2026-12"), ("2026", "2026-11")],
)
def test_a_movement_needs_an_earlier_and_a_later_month(shop: Shop, start: str, end: str) -> None:
    with pytest.raises(WrongUsageError):
        movement(shop, start=start, end=end)


def test_looking_again_writes_nothing_not_even_into_the_audit_log(shop: Shop, add_order: Add) -> None:
    add_order(1, "2026-11-01")
    overview(shop)
    before = fetch_value(shop.database, "SELECT COUNT(*) FROM audit_log")
    overview(shop)
    valuation(shop, None)
    assert fetch_value(shop.database, "SELECT COUNT(*) FROM audit_log") == before


def test_while_another_process_writes_the_last_values_are_shown(shop: Shop, add_order: Add) -> None:
    add_order(1, "2026-11-01")
    add_order(2, "2026-11-01")
    refresh_values(shop)
    add_order(3, "2026-11-01")
    shop.database.conn.execute("PRAGMA busy_timeout = 0")
    other = open_shop(shop.folder)
    with other.writing("customers.value"):
        assert overview(shop).customers == 2
    other.close()
    assert overview(shop).customers == 3


def test_a_first_look_while_another_process_writes_counts_without_storing(shop: Shop, add_order: Add) -> None:
    add_order(1, "2026-11-01")
    shop.database.conn.execute("PRAGMA busy_timeout = 0")
    other = open_shop(shop.folder)
    with other.writing("customers.value"):
        assert overview(shop).customers == 1
        assert [value.customer_id for value in valuation(shop, None).values] == [1]
    other.close()


def test_a_shop_that_grows_past_the_limit_gets_quantiles_within_the_month(shop: Shop, add_order: Add) -> None:
    for number in range(1, 41):
        add_order(number, "2026-11-01", number * 1_000)
    assert overview(shop).scheme == "breakpoints"
    for number in range(41, 51):
        add_order(number, "2026-11-01", number * 1_000)
    assert overview(shop).scheme == "quantiles"
    counts = fetch_rows(shop.database, "SELECT m, COUNT(*) FROM customer_values GROUP BY m")
    assert counts == [(1, 10), (2, 10), (3, 10), (4, 10), (5, 10)]


def test_who_may_only_look_sees_the_last_values(shop: Shop, add_order: Add) -> None:
    add_order(1, "2026-11-01")
    refresh_values(shop)
    add_order(2, "2026-11-01")
    viewer = replace(shop, agent=replace(shop.agent, role="viewer"))
    assert overview(viewer).customers == 1
    assert overview(shop).customers == 2
