"""What the page about one customer shows, each part by one query."""

from collections.abc import Sequence

from sqlite_utils import Database

from aftersales_cli.database.customer_facts import PAID
from aftersales_cli.database.fetch import columns, fetch, fetch_rows, fetch_value
from aftersales_cli.records.cases import OPEN_STATUSES, CustomerMatch
from aftersales_cli.records.profile import (
    ProfileCallback,
    ProfileCase,
    ProfileMessage,
    ProfileScore,
)

_OPEN = ", ".join(f"'{status}'" for status in OPEN_STATUSES)


def customer_names(db: Database, customers: Sequence[int]) -> dict[int, str]:
    """Return customer → name, else phone or e-mail address; never to be shown unmasked."""
    marks = ", ".join(str(int(number)) for number in customers)
    rows = fetch_rows(
        db,
        f"SELECT id, COALESCE(NULLIF(name, ''), NULLIF(phone, ''), email) FROM customers WHERE id IN ({marks})",
    )
    return dict(rows)


def find_customers_of_order(db: Database, number: str) -> list[CustomerMatch]:
    """Return the customers of orders with this own or displayed number, with or without #."""
    bare = number.strip().lstrip("#")
    return fetch(
        db,
        CustomerMatch,
        """SELECT id, name, phone, email FROM customers WHERE id IN (
            SELECT customer_id FROM orders WHERE external_id = :bare
            UNION SELECT customer_id FROM orders WHERE display_number IN (:bare, '#' || :bare)) ORDER BY id""",
        {"bare": bare},
    )


def is_erased(db: Database, customer_id: int) -> bool:
    """Tell whether the personal data of a customer was erased."""
    sql = "SELECT erased_at IS NOT NULL FROM customers WHERE id = :id"
    return bool(fetch_value(db, sql, {"id": customer_id}))


def language_and_zone(db: Database, customer_id: int) -> tuple[str, str]:
    """Return the language and the time zone of a customer, each empty if not known."""
    rows = fetch_rows(db, "SELECT language, zone FROM customers WHERE id = :id", {"id": customer_id})
    return rows[0][0], rows[0][1]


def count_keys(db: Database, customer_id: int) -> list[tuple[str, int]]:
    """Return (storefront, accounts there) of a customer."""
    return fetch_rows(
        db,
        """SELECT s.code, COUNT(*) FROM customer_keys AS k JOIN storefronts AS s ON s.id = k.storefront_id
        WHERE k.customer_id = :id GROUP BY s.code ORDER BY s.code""",
        {"id": customer_id},
    )


def count_all_orders(db: Database, customer_id: int) -> int:
    """Return how many orders a customer has, unpaid ones too."""
    return int(fetch_value(db, "SELECT COUNT(*) FROM orders WHERE customer_id = :id", {"id": customer_id}))


def list_paid_moments(db: Database, customer_id: int) -> list[str]:
    """Return when the customer's paid orders were placed, as far as it is known."""
    rows = fetch_rows(
        db,
        f"""SELECT COALESCE(f.placed_at, f.paid_at) AS at FROM orders AS f
        WHERE f.customer_id = :id AND {PAID} AND COALESCE(f.placed_at, f.paid_at) IS NOT NULL ORDER BY at""",
        {"id": customer_id},
    )
    return [at for (at,) in rows]


def list_profile_cases(db: Database, customer_id: int, *, is_open: bool, limit: int) -> list[ProfileCase]:
    """Return open cases, oldest first, or ended ones, newest first; those merged into others left out."""
    which = "IN" if is_open else "NOT IN"
    order = "opened_at" if is_open else "opened_at DESC"
    return fetch(
        db,
        ProfileCase,
        f"""SELECT {columns(ProfileCase)} FROM cases WHERE customer_id = :id AND status {which} ({_OPEN})
            AND status <> 'merged' ORDER BY {order} LIMIT :limit""",
        {"id": customer_id, "limit": limit},
    )


def count_profile_cases(db: Database, customer_id: int) -> tuple[int, int]:
    """Return how many cases are open and how many have ended."""
    rows = fetch_rows(
        db,
        f"""SELECT COALESCE(SUM(status IN ({_OPEN})), 0), COALESCE(SUM(status NOT IN ({_OPEN})), 0) FROM cases
        WHERE customer_id = :id AND status <> 'merged'""",
        {"id": customer_id},
    )
    return rows[0][0], rows[0][1]


def list_profile_scores(db: Database, customer_id: int, limit: int) -> list[ProfileScore]:
    """Return the scores a customer gave, newest first."""
    return fetch(
        db,
        ProfileScore,
        f"""SELECT {columns(ProfileScore)} FROM survey_answers WHERE customer_id = :id
        ORDER BY answered_at DESC, id DESC LIMIT :limit""",
        {"id": customer_id, "limit": limit},
    )


def list_profile_messages(db: Database, customer_id: int, limit: int) -> list[ProfileMessage]:
    """Return the last messages of a customer's cases, newest first."""
    return fetch(
        db,
        ProfileMessage,
        f"""SELECT {columns(ProfileMessage, "m.")} FROM cases AS c JOIN case_messages AS m ON m.case_number = c.number
        WHERE c.customer_id = :id ORDER BY m.sent_at DESC, m.id DESC LIMIT :limit""",
        {"id": customer_id, "limit": limit},
    )


def list_profile_callbacks(db: Database, customer_id: int, limit: int) -> list[ProfileCallback]:
    """Return callbacks to a customer, also those about the customer's cases, newest first; dropped ones left out."""
    return fetch(
        db,
        ProfileCallback,
        f"""SELECT {columns(ProfileCallback)} FROM callbacks
        WHERE status <> 'dropped' AND (customer_id = :id
            OR (customer_id IS NULL AND case_number IN (SELECT number FROM cases WHERE customer_id = :id)))
        ORDER BY due_on DESC, id DESC LIMIT :limit""",
        {"id": customer_id, "limit": limit},
    )
