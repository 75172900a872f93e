"""What is counted of customers' paid orders, counted anew only for those whose orders changed.

Triggers on ``orders`` fill ``customers_stale``; a new exchange rate does so in ``database/rates.py``.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlite_utils import Database

from aftersales_cli.database.facts import FACTS
from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_rows, fetch_value
from aftersales_cli.database.rates import Rates, load_rates
from aftersales_cli.records.value import CustomerFacts

PAID = FACTS["orders"].conditions["paid"]
NET = "CASE WHEN f.paid > 0 THEN f.paid - COALESCE(f.refunded, 0) ELSE 0 END"
"""What of an order ``f`` stayed with the shop; where the payment is not known, nothing did."""
_COLUMNS = columns(CustomerFacts)
_STALE = "customers_stale AS s CROSS JOIN orders AS f ON f.customer_id = s.customer_id"
"""The few first: SQLite does not know how few they are."""


def refresh_customer_facts(db: Database, currency: str) -> int:
    """Count the customers anew whose orders changed, in the shop's ``currency``; return how many. Inside ``writing``."""
    if fetch_value(db, "SELECT currency FROM customer_facts LIMIT 1") not in {None, currency}:
        mark_all_stale(db)
    found = list(_count(db, _STALE, {"currency": currency}))
    db.conn.executemany(
        """INSERT INTO customer_facts (customer_id, orders, order_days, first_on, last_on, spend, refunded_orders,
            currency, valued) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)
        ON CONFLICT DO UPDATE SET orders = excluded.orders, order_days = excluded.order_days,
            first_on = excluded.first_on, last_on = excluded.last_on, spend = excluded.spend,
            refunded_orders = excluded.refunded_orders, currency = excluded.currency, valued = 0
        WHERE (orders, order_days, first_on, last_on, spend, refunded_orders, currency) IS NOT
            (excluded.orders, excluded.order_days, excluded.first_on, excluded.last_on, excluded.spend,
             excluded.refunded_orders, excluded.currency)""",
        [(*vars(facts).values(), currency) for facts in found],
    )
    _drop_without_orders(db, {facts.customer_id for facts in found})
    return execute(db, "DELETE FROM customers_stale")


def _drop_without_orders(db: Database, counted: set[int]) -> None:
    """Let go of what was known of customers who have no paid order any more: it is as if they never had one."""
    stale = fetch_rows(db, "SELECT customer_id FROM customers_stale")
    gone = [(number,) for (number,) in stale if number not in counted]
    for table in ("customer_facts", "customer_values"):
        db.conn.executemany(f"DELETE FROM {table} WHERE customer_id = ?", gone)


def count_as_of(db: Database, currency: str, day: date) -> list[CustomerFacts]:
    """Return the facts of all customers as if the day were today: orders paid up to it, refunds as known now."""
    params = {"currency": currency, "until": day.isoformat()}
    return list(_count(db, "orders AS f", params, "AND f.customer_id IS NOT NULL AND f.paid_on <= :until"))


def _count(db: Database, source: str, params: dict[str, Any], where: str = "") -> Iterator[CustomerFacts]:
    spends = _spends(db, source, params, where)
    rows = fetch_rows(
        db,
        f"""SELECT f.customer_id, COUNT(*), COUNT(DISTINCT f.paid_on), MIN(f.paid_on), MAX(f.paid_on),
            SUM(f.refunded > 0) FROM {source} WHERE {PAID} {where} GROUP BY f.customer_id""",
        params,
    )
    for customer_id, orders, days, first_on, last_on, refunded in rows:
        yield CustomerFacts(customer_id, orders, days, first_on, last_on, spends[customer_id], refunded or 0)


def _spends(db: Database, source: str, params: dict[str, Any], where: str) -> dict[int, int | None]:
    """Return customer → spend in the shop's currency, None where a rate is missing."""
    currency, rates = params["currency"], load_rates(db)
    rows = fetch_rows(
        db,
        f"""SELECT f.customer_id, f.currency, CASE WHEN f.currency = :currency THEN '' ELSE f.paid_on END AS day,
            SUM({NET}) FROM {source} WHERE {PAID} {where} GROUP BY 1, 2, 3""",
        params,
    )
    spends: dict[int, int | None] = {}
    for customer_id, paid_in, day, amount in rows:
        converted = rates.convert(amount, paid_in, currency, day)
        before = spends.get(customer_id, 0)
        spends[customer_id] = None if before is None or converted is None else before + converted
    return spends


def mark_stale(db: Database, customers: Iterable[int]) -> None:
    """Have these customers counted anew. Inside ``writing``."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO customers_stale VALUES (?)", [(number,) for number in customers]
    )


def mark_all_stale(db: Database) -> None:
    """Have every customer counted anew, e.g. because the shop has another currency. Inside ``writing``."""
    execute(db, "INSERT OR IGNORE INTO customers_stale SELECT customer_id FROM customer_facts")
    execute(
        db,
        "INSERT OR IGNORE INTO customers_stale SELECT customer_id FROM orders WHERE customer_id IS NOT NULL",
    )


def get_customer_facts(db: Database, customer_id: int) -> CustomerFacts | None:
    """Return what was counted of one customer, None without a paid order."""
    sql = f"SELECT {_COLUMNS} FROM customer_facts WHERE customer_id = :id"
    return fetch_one(db, CustomerFacts, sql, {"id": customer_id})


def last_order_days(db: Database, customers: Iterable[int]) -> dict[int, str]:
    """Return customer → local day of the last paid order."""
    marks = ", ".join(str(int(number)) for number in customers)
    return dict(
        fetch_rows(db, f"SELECT customer_id, last_on FROM customer_facts WHERE customer_id IN ({marks})")
    )


def list_customer_facts(db: Database) -> list[CustomerFacts]:
    """Return the facts of all customers, as they were counted last."""
    return fetch(db, CustomerFacts, f"SELECT {_COLUMNS} FROM customer_facts ORDER BY customer_id")


def list_changed_facts(db: Database, crossings: Iterable[tuple[str, str]]) -> list[CustomerFacts]:
    """Return the facts not valued since they changed, and those whose last order lies in one of these spans of days.

    ``crossings`` are (first day, day after the last one).
    """
    found = fetch(db, CustomerFacts, f"SELECT {_COLUMNS} FROM customer_facts WHERE valued = 0")
    for start, stop in crossings:
        found += fetch(
            db,
            CustomerFacts,
            f"SELECT {_COLUMNS} FROM customer_facts WHERE last_on >= :start AND last_on < :stop",
            {"start": start, "stop": stop},
        )
    return list({facts.customer_id: facts for facts in found}.values())


def count_customer_facts(db: Database) -> int:
    """Return how many customers have a paid order."""
    return int(fetch_value(db, "SELECT COUNT(*) FROM customer_facts"))


def has_changes(db: Database) -> bool:
    """Tell whether a customer waits to be counted or valued anew."""
    sql = """SELECT EXISTS (SELECT 1 FROM customers_stale)
        OR EXISTS (SELECT 1 FROM customer_facts WHERE valued = 0)"""
    return bool(fetch_value(db, sql))


def note_valued(db: Database) -> None:
    """Note that all facts have been valued. Inside ``writing``."""
    execute(db, "UPDATE customer_facts SET valued = 1 WHERE valued = 0")


def spend_by_currency(db: Database, customer_id: int) -> list[tuple[str, int, int, int]]:
    """Return (currency, paid orders, paid, refunded) of a customer, most orders first; in minor units."""
    return fetch_rows(
        db,
        f"""SELECT f.currency, COUNT(*), SUM(COALESCE(f.paid, 0)), SUM(COALESCE(f.refunded, 0)) FROM orders AS f
        WHERE f.customer_id = :id AND {PAID} GROUP BY f.currency ORDER BY COUNT(*) DESC, f.currency""",
        {"id": customer_id},
    )


def missing_rates(db: Database, currency: str, customer_id: int | None = None) -> list[tuple[str, str]]:
    """Return (currency, first day) of paid orders for which there is no exchange rate, of one customer or of all."""
    days = fetch_rows(
        db,
        f"""SELECT DISTINCT f.currency, f.paid_on FROM orders AS f
        WHERE f.currency <> :currency AND {PAID} AND f.customer_id IS NOT NULL
          AND (:id IS NULL OR f.customer_id = :id)""",
        {"currency": currency, "id": customer_id},
    )
    rates: Rates = load_rates(db)
    return list(rates.total(((0, paid_in, day) for paid_in, day in days), currency).missing)
