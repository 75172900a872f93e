"""What a night costs for customers' facts, values and tags: in proportion to how many customers changed."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from aftersales_cli.customers.value.valuing import refresh_values
from aftersales_cli.database.customer_facts import mark_all_stale
from aftersales_cli.shop import Shop
from tests.benchmarks.setup import Setup
from tests.benchmarks.timing import Ratio, Table, medians, ratio_table

CUSTOMERS, ORDERS = 100_000, 300_000
_CHANGED = (0, 100, 1_000, 10_000)
_FIRST = date(2024, 11, 10)
_TODAY = date(2026, 11, 10)
_TITLES = ["智能手机 X1", "无线耳机", "纯棉T恤", "保湿面霜", "坚果礼盒", "四件套", "手冲壶", "收纳盒"]
_ORDER = """INSERT INTO orders (storefront_id, external_id, display_number, customer_id, placed_on, paid_on, status,
    status_raw, close_reason, currency, paid, paid_basis, refunded_basis, title, buyer_note, seller_note, progress,
    as_of) VALUES (1, ?, '', ?, ?, ?, 'finished', '', '', 'CNY', ?, 'stated', 'none', ?, '', '', 0, '')"""


def measure(setup: Setup) -> list[Table]:
    """Time the first run, then nights with more and more changed customers, and what triggers cost an insert."""
    customers, orders = (400, 1_200) if setup.quick else (CUSTOMERS, ORDERS)
    chance = random.Random(11)
    shop = setup.new_shop()
    _found(shop, customers)
    bare = medians(
        {"orders": partial(_without_triggers, shop, partial(_buy, shop, chance, customers, orders // 2))}, 1
    )
    counted = medians({"orders": partial(_buy, shop, chance, customers, orders - orders // 2)}, 1)
    whole = medians({"first": partial(_first_run, shop)}, 1)["first"]
    nights = []
    day = _TODAY
    for changed in (count for count in _CHANGED if count < customers):
        times = []
        for _night in range(setup.repeats):
            day += timedelta(days=1) if day.month == (day + timedelta(days=1)).month else timedelta(0)
            _buy(shop, chance, customers, changed, day=day)
            times.append(medians({"night": partial(refresh_values, _on(shop, day))}, 1)["night"])
        seconds = sorted(times)[len(times) // 2]
        nights.append(Ratio(f"a night with {changed:,} changed customers", "all of them", seconds, whole))
    quiet = nights[0].seconds
    cells = [[*ratio.cells()[:5], f"{(ratio.seconds - quiet) / whole:.4f}"] for ratio in nights]
    shop.close()
    return [
        Table(
            f"facts, values and tags of {customers:,} customers with {orders:,} orders",
            ("what", "peer", "seconds", "peer's seconds", "ratio", "ratio above a quiet night"),
            cells,
        ),
        ratio_table(
            "what noting whom to count anew costs",
            [Ratio("inserting orders", "without the triggers", counted["orders"], bare["orders"])],
        ),
    ]


def _on(shop: Shop, day: date) -> Shop:
    return replace(shop, now=datetime(day.year, day.month, day.day, 1, tzinfo=UTC))


def _found(shop: Shop, customers: int) -> None:
    with shop.writing("orders.import"):
        shop.database.conn.execute(
            "INSERT INTO storefronts (code, platform, country, timezone, currency, created_at) "
            "VALUES ('taobao', 'taobao', 'CN', 'Asia/Shanghai', 'CNY', '2024-01-01T00:00:00Z')"
        )
        shop.database.conn.executemany(
            "INSERT INTO customers (id, name, created_at) VALUES (?, ?, '2024-01-01T00:00:00Z')",
            [(number, f"Guest {number}") for number in range(1, customers + 1)],
        )


def _buy(shop: Shop, chance: random.Random, customers: int, count: int, *, day: date | None = None) -> None:
    """Add orders: of different customers on one day, else of any on any day."""
    base = shop.database.conn.execute("SELECT COALESCE(MAX(id), 0) FROM orders").fetchone()[0]
    people = chance.sample(range(1, customers + 1), count) if day else None
    rows = []
    for place in range(count):
        number = people[place] if people else 1 + int(customers * chance.random() ** 2)
        on = day or _FIRST + timedelta(days=chance.randrange((_TODAY - _FIRST).days))
        text, amount = on.isoformat(), chance.randrange(900, 90_000)
        rows.append((f"6{base + place:09}", number, text, text, amount, chance.choice(_TITLES)))
    with shop.writing("orders.import"):
        shop.database.conn.executemany(_ORDER, rows)


def _without_triggers(shop: Shop, work: Callable[[], None]) -> None:
    """Do something with the triggers on orders away, then put them back."""
    connection = shop.database.conn
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'orders_counted_*'"
    ).fetchall()
    for name, _sql in found:
        connection.execute(f"DROP TRIGGER {name}")
    work()
    for _name, sql in found:
        connection.execute(sql)


def _first_run(shop: Shop) -> None:
    with shop.writing("customers.value"):
        mark_all_stale(shop.database)
        refresh_values(_on(shop, _TODAY))
