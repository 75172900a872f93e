"""The people a walk through the personal data is about: their rows, their words, and what is still open with them."""

from collections.abc import Iterator, Sequence

from sqlite_utils import Database

from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.database.history import table_columns
from aftersales_cli.database.personal_data import CASES, ORDERS, PEOPLE, TABLES
from aftersales_cli.database.tombstones import PLACEHOLDER

_OWN_TEXTS = f"""SELECT buyer_note FROM orders WHERE id IN ({ORDERS})
    UNION SELECT body FROM case_messages WHERE direction = 'in' AND case_number IN ({CASES})
    UNION SELECT reason_raw FROM cases WHERE number IN ({CASES})
    UNION SELECT comment FROM survey_answers WHERE customer_id IN ({PEOPLE}) OR case_number IN ({CASES})
    UNION SELECT body FROM reviews_received WHERE order_id IN ({ORDERS})
    UNION SELECT title FROM invoices WHERE case_number IN ({CASES}) OR order_id IN ({ORDERS})"""
_ERASED = "SELECT id FROM customers WHERE erased_at IS NOT NULL"


def choose_people(db: Database, customer_id: int | None) -> None:
    """Fill the temporary tables of people, orders and cases that a walk is about; None means all who are forgotten."""
    for name, key in (("people", "id"), ("orders", "id"), ("cases", "number")):
        db.conn.execute(f"DROP TABLE IF EXISTS temp.forgotten_{name}")
        db.conn.execute(f"CREATE TEMP TABLE forgotten_{name} ({key} INTEGER PRIMARY KEY)")
    people = _ERASED if customer_id is None else "SELECT :id"
    values = {} if customer_id is None else {"id": customer_id}
    db.conn.execute(f"INSERT INTO temp.forgotten_people {people}", values)
    db.conn.execute(
        f"INSERT INTO temp.forgotten_orders SELECT id FROM orders WHERE customer_id IN ({PEOPLE})"
    )
    db.conn.execute(
        f"""INSERT INTO temp.forgotten_cases SELECT number FROM cases WHERE customer_id IN ({PEOPLE})
        UNION SELECT number FROM cases WHERE order_id IN ({ORDERS})"""
    )


def personal_rows(db: Database) -> Iterator[tuple[str, list[str], list[tuple[object, ...]]]]:
    """Yield table, columns and rows of all that is stored about the chosen people."""
    for name, table in TABLES.items():
        if table.whose:
            names = table_columns(db, name)[0]
            rows = fetch_rows(
                db, f"SELECT {', '.join(names)} FROM {name} WHERE {table.whose} ORDER BY {names[0]}"
            )
            if rows:
                yield name, names, rows


def open_ends(db: Database, customer_id: int) -> tuple[list[int], list[int]]:
    """Return the customer's open cases, and their refunds that are still to be paid."""
    choose_people(db, customer_id)
    cases = fetch_rows(
        db,
        f"""SELECT number FROM cases WHERE number IN ({CASES})
        AND status NOT IN ('resolved', 'closed', 'merged', 'cancelled') ORDER BY number""",
    )
    refunds = fetch_rows(
        db,
        f"""SELECT id FROM refund_plans WHERE (case_number IN ({CASES}) OR order_id IN ({ORDERS}))
        AND status IN ('planned', 'approved', 'requested', 'failed') ORDER BY id""",
    )
    return [number for (number,) in cases], [number for (number,) in refunds]


def evidence_of_people(db: Database) -> list[tuple[str, str]]:
    """Return hash and type of evidence that belongs to the chosen people's cases and to no other."""
    rows = fetch_rows(
        db,
        f"""SELECT DISTINCT sha256, media_type FROM evidence WHERE case_number IN ({CASES}) AND sha256 NOT IN (
            SELECT sha256 FROM evidence WHERE case_number NOT IN ({CASES}))""",
    )
    return [(digest, kind) for digest, kind in rows]


def same_contact(db: Database, customer_id: int) -> list[int]:
    """Return other customers with the very same phone number or e-mail address."""
    rows = fetch_rows(
        db,
        """SELECT DISTINCT o.id FROM customers AS c JOIN customers AS o ON o.id <> c.id AND o.erased_at IS NULL
        AND ((c.phone <> '' AND o.phone = c.phone) OR (c.email <> '' AND lower(o.email) = lower(c.email)))
        WHERE c.id = :id ORDER BY 1""",
        {"id": customer_id},
    )
    return [number for (number,) in rows]


def words_of_people(db: Database) -> dict[str, Sequence[str]]:
    """Return what the chosen people are called and what they have written.

    ``names``; ``contacts``: phone numbers and e-mails; ``accounts``: of marketplaces, tax numbers; ``numbers``: of
    orders and platform cases; ``texts``: messages, notes, comments, reviews, invoice titles in their own words;
    ``shared``: names and contacts that somebody else has, too; ``common``: such texts, e.g. a reason out of a
    marketplace's list.
    """
    queries = {
        "names": f"""SELECT name FROM customers WHERE id IN ({PEOPLE})
            UNION SELECT author FROM case_messages WHERE author_type = 'customer' AND case_number IN ({CASES})""",
        "contacts": f"""SELECT phone FROM customers WHERE id IN ({PEOPLE})
            UNION SELECT email FROM customers WHERE id IN ({PEOPLE})""",
        "accounts": f"""SELECT external_id FROM customer_keys WHERE customer_id IN ({PEOPLE})
            UNION SELECT tax_id FROM invoices WHERE case_number IN ({CASES}) OR order_id IN ({ORDERS})""",
        "numbers": f"""SELECT external_id FROM orders WHERE id IN ({ORDERS})
            UNION SELECT display_number FROM orders WHERE id IN ({ORDERS})
            UNION SELECT external_id FROM cases WHERE number IN ({CASES})""",
        "texts": _OWN_TEXTS,
        "common": f"""SELECT reason_raw FROM cases WHERE number NOT IN ({CASES}) AND reason_raw IN ({_OWN_TEXTS})
            UNION SELECT title FROM cases WHERE number NOT IN ({CASES}) AND title IN ({_OWN_TEXTS})
            UNION SELECT body FROM case_messages WHERE case_number NOT IN ({CASES}) AND body IN ({_OWN_TEXTS})
            UNION SELECT buyer_note FROM orders WHERE id NOT IN ({ORDERS}) AND buyer_note IN ({_OWN_TEXTS})
            UNION SELECT comment FROM survey_answers WHERE comment IN ({_OWN_TEXTS})
                AND COALESCE(customer_id, 0) NOT IN ({PEOPLE}) AND COALESCE(case_number, 0) NOT IN ({CASES})
            UNION SELECT body FROM reviews_received WHERE COALESCE(order_id, 0) NOT IN ({ORDERS})
                AND body IN ({_OWN_TEXTS})""",
        "shared": f"""SELECT o.name FROM customers AS o JOIN customers AS c ON o.name = c.name
            WHERE c.id IN ({PEOPLE}) AND o.id NOT IN ({PEOPLE})
            UNION SELECT o.phone FROM customers AS o JOIN customers AS c ON o.phone = c.phone
            WHERE c.id IN ({PEOPLE}) AND o.id NOT IN ({PEOPLE})
            UNION SELECT o.email FROM customers AS o JOIN customers AS c ON lower(o.email) = lower(c.email)
            WHERE c.id IN ({PEOPLE}) AND o.id NOT IN ({PEOPLE})""",
    }
    return {
        name: [text for (text,) in fetch_rows(db, sql) if text and not text.startswith(PLACEHOLDER)]
        for name, sql in queries.items()
    }


def is_erased(db: Database, customer_id: int) -> bool:
    """Tell whether a customer was forgotten."""
    sql = "SELECT 1 FROM customers WHERE id = :id AND erased_at IS NOT NULL"
    return bool(fetch_rows(db, sql, {"id": customer_id}))
