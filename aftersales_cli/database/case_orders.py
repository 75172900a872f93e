"""Find the customer a case is about, and join cases that waited for their order."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute, fetch, fetch_rows, insert
from aftersales_cli.records.cases import CustomerMatch

_PHONE_PART = 4
"""Digits of which a phone number is recognised."""

_IS_WAITING = """c.order_id IS NULL AND c.storefront_id = :storefront_id AND c.order_external_id <> ''
    AND c.origin = 'own'"""
# Two lookups by index; one join with OR would read all orders for each waiting case. The plus keeps SQLite
# from choosing the storefront's index, which would do the same.
_FOUND = f"""
    SELECT number, min(order_id) FROM (
        SELECT c.number, o.id AS order_id FROM cases AS c JOIN orders AS o
            ON o.storefront_id = c.storefront_id AND o.external_id = c.order_external_id
        WHERE {_IS_WAITING}
        UNION
        SELECT c.number, o.id FROM cases AS c JOIN orders AS o
            ON +o.storefront_id = c.storefront_id
            AND o.display_number IN (ltrim(c.order_external_id, '#'), '#' || ltrim(c.order_external_id, '#'))
        WHERE {_IS_WAITING}
    ) GROUP BY number HAVING count(*) = 1 ORDER BY number
"""


def find_customers_called(db: Database, word: str) -> list[CustomerMatch]:
    """Return the customers with exactly this name, phone number (spaces aside) or e-mail address."""
    return fetch(
        db,
        CustomerMatch,
        "SELECT id, name, phone, email FROM customers WHERE erased_at IS NULL "
        "AND (name = :word OR phone IN (:word, :joined) OR email = :word) ORDER BY id",
        {"word": word.strip(), "joined": "".join(word.split()) or None},
    )


def find_customer_numbered(db: Database, number: int) -> list[CustomerMatch]:
    """Return the customer with this number, if there is one who is not forgotten."""
    sql = "SELECT id, name, phone, email FROM customers WHERE erased_at IS NULL AND id = :number"
    return fetch(db, CustomerMatch, sql, {"number": number})


def find_customers_like(db: Database, word: str, *, limit: int = -1) -> list[CustomerMatch]:
    """Return the customers whose name holds the word, or whose phone number begins or ends with its digits.

    Fewer than four digits are no phone number.
    """
    digits = "".join(character for character in word if character.isdecimal())
    is_number = len(digits) >= _PHONE_PART and not any(character.isalpha() for character in word)
    return fetch(
        db,
        CustomerMatch,
        "SELECT id, name, phone, email FROM customers WHERE erased_at IS NULL AND ("
        "instr(lower(name), lower(:word)) > 0 OR (:digits <> '' AND "
        "(substr(phone, 1, length(:digits)) = :digits OR substr(phone, -length(:digits)) = :digits))) "
        "ORDER BY id LIMIT :limit",
        {"word": word.strip(), "digits": digits if is_number else "", "limit": limit},
    )


def insert_customer(
    db: Database, *, created_at: str, name: str = "", phone: str = "", email: str = ""
) -> int:
    """Add a customer of whom only this is known and return the id."""
    return insert(
        db,
        "INSERT INTO customers (name, phone, email, created_at) VALUES (:name, :phone, :email, :created_at)",
        {"name": name, "phone": phone, "email": email, "created_at": created_at},
    )


def join_waiting_cases(db: Database, storefront_id: int, *, at: str, actor: str) -> list[int]:
    """Connect cases opened here with orders of the storefront that have arrived; return their numbers.

    A number that fits two orders stays unconnected. A customer the case has already is kept.
    """
    found = fetch_rows(db, _FOUND, {"storefront_id": storefront_id})
    for number, order_id in found:
        execute(
            db,
            "UPDATE cases SET order_id = o.id, order_external_id = o.external_id, "
            "customer_id = coalesce(cases.customer_id, o.customer_id) "
            "FROM orders AS o WHERE o.id = :order_id AND cases.number = :number",
            {"order_id": order_id, "number": number},
        )
        execute(
            db,
            "INSERT INTO case_events (case_number, seq, at, recorded_at, actor, type, field, after) "
            "SELECT :number, coalesce(max(seq), 0) + 1, :at, :at, :actor, 'joined', 'order', "
            "(SELECT external_id FROM orders WHERE id = :order_id) FROM case_events WHERE case_number = :number",
            {"number": number, "at": at, "actor": actor, "order_id": order_id},
        )
    return [number for number, _order_id in found]
