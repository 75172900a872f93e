"""Tags on customers, and what the rules for them look at."""

from collections.abc import Iterable, Mapping, Sequence

from sqlite_utils import Database

from aftersales_cli.database.customer_facts import PAID
from aftersales_cli.database.fetch import columns, execute, fetch, fetch_rows
from aftersales_cli.records.value import CustomerTag

_AT_ONCE = 500
_TAG = columns(CustomerTag)


def list_tags(db: Database, customer_id: int) -> list[CustomerTag]:
    """Return a customer's tags, those by hand first."""
    return fetch(
        db,
        CustomerTag,
        f"SELECT {_TAG} FROM customer_tags WHERE customer_id = :id ORDER BY origin, tag",
        {"id": customer_id},
    )


def add_tag(db: Database, tag: CustomerTag) -> bool:
    """Add a tag by hand, or give it another reason; tell whether that changed anything. Inside ``writing``."""
    return bool(
        execute(
            db,
            f"""INSERT INTO customer_tags ({_TAG}) VALUES (:customer_id, :tag, :origin, :why, :at)
            ON CONFLICT DO UPDATE SET why = excluded.why, at = excluded.at WHERE why <> excluded.why""",
            vars(tag),
        )
    )


def remove_tag(db: Database, customer_id: int, tag: str) -> bool:
    """Remove a tag made by hand; tell whether there was one. Inside ``writing``."""
    sql = "DELETE FROM customer_tags WHERE customer_id = :id AND tag = :tag AND origin = 'hand'"
    return bool(execute(db, sql, {"id": customer_id, "tag": tag}))


def write_rule_tags(
    db: Database,
    customers: Iterable[int],
    found: Mapping[tuple[int, str], str],
    tags: Sequence[str],
    *,
    at: str,
) -> int:
    """Let these customers have, of these tags by rule, exactly those found; return how many rows changed.

    ``found`` maps (customer, tag) to why. Inside ``writing``.
    """
    marks = ", ".join(f"'{tag}'" for tag in tags)
    changed = 0
    for chunk in _chunks(list(customers)):
        stored = fetch_rows(
            db,
            f"""SELECT customer_id, tag, why FROM customer_tags
            WHERE origin = 'rule' AND tag IN ({marks}) AND customer_id IN ({chunk})""",
        )
        gone = [(number, tag) for number, tag, _why in stored if (number, tag) not in found]
        changed += _drop(db, gone)
    for (number, tag), why in found.items():
        changed += add_tag(db, CustomerTag(number, tag, "rule", why, at))
    return changed


def _drop(db: Database, tags: Sequence[tuple[int, str]]) -> int:
    db.conn.executemany(
        "DELETE FROM customer_tags WHERE customer_id = ? AND tag = ? AND origin = 'rule'", tags
    )
    return len(tags)


def _chunks(numbers: Sequence[int]) -> Iterable[str]:
    for start in range(0, len(numbers), _AT_ONCE):
        yield ", ".join(str(int(number)) for number in numbers[start : start + _AT_ONCE])


def drop_other_rule_tags(db: Database, tags: Sequence[str]) -> int:
    """Remove tags of rules that no longer exist; return how many. Inside ``writing``."""
    marks = ", ".join(f"'{tag}'" for tag in tags)
    return execute(db, f"DELETE FROM customer_tags WHERE origin = 'rule' AND tag NOT IN ({marks})")


def drop_rule_tags_of_import(db: Database, import_id: int) -> None:
    """Remove the rules' tags of customers of an import's orders: they follow from what an undo takes away."""
    execute(
        db,
        """DELETE FROM customer_tags WHERE origin = 'rule' AND customer_id IN
            (SELECT customer_id FROM orders WHERE created_by_import = :id)""",
        {"id": import_id},
    )


def customers_with_rule_tag(db: Database, tag: str) -> list[int]:
    """Return the customers who have a tag by rule."""
    sql = "SELECT customer_id FROM customer_tags WHERE tag = :tag AND origin = 'rule'"
    return [number for (number,) in fetch_rows(db, sql, {"tag": tag})]


def customers_with_tag(db: Database, tag: str) -> set[int]:
    """Return the customers who have a tag, by hand or by rule."""
    rows = fetch_rows(db, "SELECT customer_id FROM customer_tags WHERE tag = :tag", {"tag": tag})
    return {number for (number,) in rows}


def count_tags(db: Database) -> list[tuple[str, str, int]]:
    """Return (tag, origin, customers), the most frequent first."""
    return fetch_rows(
        db, "SELECT tag, origin, COUNT(*) FROM customer_tags GROUP BY tag, origin ORDER BY 3 DESC, 1, 2"
    )


def list_waiting_inquiries(db: Database, since: str) -> list[tuple[int, int]]:
    """Return (customer, newest inquiry) of those who asked since a day and have not paid for an order since they asked."""
    return fetch_rows(
        db,
        f"""SELECT c.customer_id, MAX(c.number) FROM cases AS c
        WHERE c.opened_on >= :since AND c.kind = 'inquiry' AND c.customer_id IS NOT NULL
          AND c.customer_id NOT IN (SELECT id FROM customers WHERE erased_at IS NOT NULL)
          AND c.order_id IS NULL AND c.order_external_id = '' AND +c.status NOT IN ('merged', 'cancelled')
          AND NOT EXISTS (SELECT 1 FROM orders AS f
                          WHERE f.customer_id = c.customer_id AND f.paid_on >= c.opened_on AND {PAID})
        GROUP BY c.customer_id""",
        {"since": since},
    )


def list_erased(db: Database) -> list[int]:
    """Return the customers whose personal data was erased: nobody describes them any more."""
    return [number for (number,) in fetch_rows(db, "SELECT id FROM customers WHERE erased_at IS NOT NULL")]


def list_bought(db: Database, customers: Sequence[int]) -> dict[int, dict[int, list[tuple[str, str]]]]:
    """Return customer → paid order → (sku, title) of its products.

    An order without lines is known by its title, in which Taobao joins several products by “，”.
    """
    found: dict[int, dict[int, list[tuple[str, str]]]] = {}
    for chunk in _chunks(customers):
        rows = fetch_rows(
            db,
            f"""SELECT f.customer_id, f.id, COALESCE(l.sku, ''),
                COALESCE(l.title, replace(f.title, '，', char(10)))
            FROM orders AS f LEFT JOIN order_lines AS l ON l.order_id = f.id
            WHERE f.customer_id IN ({chunk}) AND f.paid_on IS NOT NULL AND {PAID} ORDER BY f.id, l.id""",
        )
        for customer_id, order_id, sku, title in rows:
            products = found.setdefault(customer_id, {}).setdefault(order_id, [])
            products += [(sku, name) for name in title.split("\n")]
    return found
