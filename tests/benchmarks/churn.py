"""Scoring 100,000 customers, against the bare SQL read of their order days."""

import random
import time
from datetime import date, timedelta
from functools import partial

from aftersales_cli.customers.churn.refreshing import refresh_churn
from aftersales_cli.database.churn import iterate_order_days
from aftersales_cli.database.fetch import fetch_value
from aftersales_cli.shop import Shop
from tests.benchmarks.setup import Setup
from tests.benchmarks.timing import Table, medians

CUSTOMERS = 100_000
_END = date(2026, 11, 22)
_DAYS = 730
_WANTED_SECONDS = 10
_COMPLAINING, _RETURNING = 0.02, 0.06


def buying_days(rng: random.Random, age: int) -> list[int]:
    """Return the days of purchases since the first one: a rate of one's own, and a chance to leave after each."""
    rate = rng.gammavariate(0.3, 1 / 35)
    leaving = rng.betavariate(0.8, 2.5)
    days, day = [0], 0.0
    while rng.random() > leaving or len(days) == 1:
        day += rng.expovariate(rate) if rate else age + 1.0
        if day > age:
            break
        days.append(int(day))
    return days


def fill(shop: Shop, customers: int, seed: int = 7) -> int:
    """Write customers with their orders and some cases; returns how many orders."""
    rng = random.Random(seed)
    people: list[tuple[int, str, str]] = []
    orders: list[tuple[int, str, int, str, int]] = []
    cases: list[tuple[str, int, str, str]] = []
    for number in range(1, customers + 1):
        people.append((number, f"buyer {number}", shop.stamp))
        age = rng.randrange(1, _DAYS)
        mean = rng.gammavariate(6, 1 / rng.gammavariate(4, 1 / 1_500))
        for day in buying_days(rng, age):
            paid_on = (_END - timedelta(days=age - day)).isoformat()
            orders.append(
                (len(orders) + 1, f"o{len(orders)}", number, paid_on, 1 + int(rng.gammavariate(6, 1) * mean))
            )
        last = _END - timedelta(days=rng.randrange(age))
        drawn = rng.random()
        if drawn < _COMPLAINING + _RETURNING:
            kind = "complaint" if drawn < _COMPLAINING else "return"
            cases.append((kind, number, f"{last}T02:00:00Z", last.isoformat()))
    with shop.writing("orders.import"):
        connection = shop.database.conn
        connection.execute(
            "INSERT INTO storefronts (id, code, country, timezone, currency, created_at) "
            "VALUES (1, 'bench', 'CN', 'Asia/Shanghai', 'CNY', ?)",
            (shop.stamp,),
        )
        connection.executemany("INSERT INTO customers (id, name, created_at) VALUES (?, ?, ?)", people)
        connection.executemany(
            "INSERT INTO orders (id, storefront_id, external_id, display_number, customer_id, paid_on, paid, "
            "refunded, currency, status, status_raw, close_reason, paid_basis, refunded_basis, title, buyer_note, "
            "seller_note, progress, as_of) VALUES (?, 1, ?, '', ?, ?, ?, 0, 'CNY', 'finished', '', '', 'stated', "
            "'stated', '', '', '', 0, '')",
            orders,
        )
        connection.executemany(
            "INSERT INTO cases (kind, channel, origin, customer_id, status, opened_at, opened_on) "
            "VALUES (?, 'phone', 'own', ?, 'closed', ?, ?)",
            cases,
        )
    return len(orders)


def _read(shop: Shop) -> int:
    return sum(1 for _row in iterate_order_days(shop.database, _END.isoformat()))


def _forget_scores(shop: Shop) -> None:
    with shop.writing("customers.churn"):
        shop.database.conn.execute("DELETE FROM churn_scores")
        shop.database.conn.execute("DELETE FROM churn_runs")


def measure(setup: Setup) -> list[Table]:
    """Time scoring everybody for the first time, again on the same day, and on the next one."""
    shop = setup.new_shop()
    orders = fill(shop, 1_000 if setup.quick else CUSTOMERS)
    bare = medians({"bare": partial(_read, shop)}, setup.repeats)["bare"]
    days = _read(shop)
    rows = []
    for what, on, fresh in (
        ("first time, every score written", _END, True),
        ("again on the same day", _END, False),
        ("on the next day", _END + timedelta(days=1), False),
    ):
        if fresh:
            _forget_scores(shop)
        begin = time.perf_counter()
        done = refresh_churn(shop, on)
        seconds = time.perf_counter() - begin
        wanted = "" if seconds < _WANTED_SECONDS else " (missed)"
        rows.append(
            [
                what,
                done.method,
                f"{done.customers:,}",
                f"{done.evaluations:,}",
                f"{done.written:,}",
                f"{seconds:.2f}",
                f"{seconds / bare:.1f}",
                f"< {_WANTED_SECONDS} s{wanted}",
            ]
        )
    repeaters = fetch_value(shop.database, "SELECT repeaters FROM churn_runs ORDER BY id LIMIT 1")
    shop.close()
    return [
        Table(
            f"who is leaving: {orders:,} orders on {days:,} order days, {repeaters:,} customers bought again; "
            f"the bare SQL read of the order days takes {bare:.2f} s",
            (
                "what",
                "method",
                "customers",
                "different histories",
                "written",
                "seconds",
                "ratio to the read",
                "wanted",
            ),
            rows,
        )
    ]
