"""Customers as lists show them, and several of them becoming one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from aftersales_cli.database.customer_facts import mark_stale
from aftersales_cli.database.fetch import execute, fetch, fetch_rows, fetch_value


@dataclass(frozen=True)
class CustomerRow:
    """A customer as listings show one."""

    id: int
    name: str
    phone: str
    email: str
    country: str
    storefronts: str
    """Codes of the storefronts where the customer is known."""
    orders: int


@dataclass(frozen=True)
class Duplicates:
    """Customers who share a phone number or an e-mail address."""

    by: str
    """``phone`` or ``email``."""
    value: str
    customers: tuple[int, ...]
    names: str


_DERIVED = ("customer_facts", "customer_values", "churn_scores")
"""Tables that follow from others."""

_ROW = """SELECT c.id, c.name, c.phone, c.email, c.country,
    COALESCE((SELECT group_concat(code, ', ') FROM (
        SELECT DISTINCT s.code FROM customer_keys AS k JOIN storefronts AS s ON s.id = k.storefront_id
        WHERE k.customer_id = c.id ORDER BY s.code)), '') AS storefronts,
    (SELECT COUNT(*) FROM orders AS o WHERE o.customer_id = c.id) AS orders
    FROM customers AS c"""


def find_customers(db: Database, *, words: str | None, limit: int, tag: str = "") -> list[CustomerRow]:
    """Return customers whose name, phone, e-mail or marketplace name holds the words, newest first."""
    return fetch(
        db,
        CustomerRow,
        f"""{_ROW} WHERE c.erased_at IS NULL AND (:words IS NULL OR instr(c.name, :words) OR instr(c.phone, :words)
            OR instr(lower(c.email), lower(:words)) OR EXISTS (SELECT 1 FROM customer_keys AS k
                WHERE k.customer_id = c.id AND instr(k.external_id, :words)))
            AND (:tag = '' OR EXISTS (SELECT 1 FROM customer_tags AS t WHERE t.customer_id = c.id AND t.tag = :tag))
        ORDER BY c.id DESC LIMIT :limit""",
        {"words": words, "tag": tag, "limit": limit},
    )


def list_duplicates(db: Database) -> list[Duplicates]:
    """Return groups with the same phone number (spaces aside) or e-mail address (case aside), largest first."""
    keys = {"phone": "replace(replace(phone, ' ', ''), '-', '')", "email": "lower(trim(email))"}
    found = []
    for by, key in keys.items():
        rows = fetch_rows(
            db,
            f"""SELECT {key} AS value, group_concat(id), group_concat(NULLIF(name, ''), ' / ') FROM (
                SELECT id, name, phone, email FROM customers
                WHERE erased_at IS NULL AND {by} <> '' AND instr({by}, '*') = 0 ORDER BY id)
            GROUP BY value HAVING COUNT(*) > 1 ORDER BY COUNT(*) DESC, value""",
        )
        found += [
            Duplicates(by, value, tuple(int(number) for number in ids.split(",")), names or "")
            for value, ids, names in rows
        ]
    return found


def count_merged_customers(db: Database) -> int:
    """Return how many marketplace names belong to a customer beside that customer's first one."""
    return int(fetch_value(db, "SELECT COUNT(*) - COUNT(DISTINCT customer_id) FROM customer_keys"))


def merge_into(db: Database, keep: int, others: Sequence[int]) -> int | None:
    """Give everything of ``others`` to ``keep`` and delete them; returns how many rows moved, None if one was erased."""
    moved = 0
    links = fetch_rows(
        db,
        """SELECT m.name, f."from", EXISTS (SELECT 1 FROM pragma_table_info(m.name) AS c
            WHERE c.name = f."from" AND c.pk > 0)
        FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f
        WHERE m.type = 'table' AND f."table" = 'customers' ORDER BY 1, 2""",
    )
    for other in others:
        values = {"keep": keep, "other": other}
        erased = "SELECT 1 FROM customers WHERE id IN (:keep, :other) AND erased_at IS NOT NULL"
        if fetch_value(db, erased, values):
            return None
        for table, column, is_key in links:
            conflict = "OR IGNORE " if is_key else ""
            sql = f"UPDATE {conflict}{table} SET {column} = :keep WHERE {column} = :other"
            moved += execute(db, sql, values) * (table not in _DERIVED)
            if is_key:
                # Where both have a row, that of the one kept holds; what is counted is counted anew.
                execute(db, f"DELETE FROM {table} WHERE {column} = :other", values)
        mark_stale(db, [keep])
        execute(db, "DELETE FROM customers_stale WHERE customer_id = :other", values)
        filled = ", ".join(
            f"{name} = CASE WHEN customers.{name} = '' THEN o.{name} ELSE customers.{name} END"
            for name in ("name", "phone", "email", "country", "language", "zone")
        )
        execute(
            db,
            f"""UPDATE customers SET {filled},
                do_not_contact = MAX(customers.do_not_contact, o.do_not_contact),
                created_at = MIN(customers.created_at, o.created_at)
            FROM customers AS o WHERE customers.id = :keep AND o.id = :other""",
            values,
        )
        execute(db, "DELETE FROM customers WHERE id = :other", values)
    return moved
