"""Merge staged records into the shop's tables, set by set, and count what was new, changed or the same."""

from typing import NamedTuple

from sqlite_utils import Database

from aftersales_cli.database.conflicts import note_order_conflicts, settled_columns
from aftersales_cli.database.contact_keys import key_by_contact
from aftersales_cli.database.fetch import execute, fetch_value
from aftersales_cli.database.tombstones import drop_forgotten_buyers


class Merged(NamedTuple):
    """What merging one kind of record did."""

    new: int
    updated: int
    unchanged: int


class Context(NamedTuple):
    """What every merge statement needs."""

    import_id: int
    storefront_id: int
    stamp: str
    """The moment of the import."""
    actor: str


_ORDER_TEXTS = ("status_raw", "close_reason", "title", "buyer_note", "seller_note")
_ORDER_FACTS = (
    "placed_at", "placed_on", "paid_at", "paid_on", "shipped_at", "delivered_at", "finished_at", "goods", "postage",
    "discount", "total", "paid", "refunded_stated", "item_count", "customer_id",
)  # fmt: skip
_ORDER_STATES = ("display_number", "status", "currency", "paid_basis", "progress", "as_of", "paid_facts")


def merge_customers(db: Database, context: Context) -> int:
    """Make a customer for each new buyer key and add what was missing to known ones; return how many are new.

    Leaves ``temp.stage_buyers`` (buyer_key, customer_id, known) for merge_orders.
    """
    values = context._asdict()
    key_by_contact(db, context.storefront_id)
    drop_forgotten_buyers(db, context.storefront_id)
    db.conn.execute("DROP TABLE IF EXISTS temp.stage_buyers")
    db.conn.execute(
        """CREATE TEMP TABLE stage_buyers (buyer_key PRIMARY KEY, customer_id, known, name, phone, email, country)"""
    )
    db.conn.execute(
        """INSERT INTO temp.stage_buyers
        SELECT s.buyer_key, k.customer_id, k.customer_id IS NOT NULL,
               MAX(COALESCE(s.buyer_name, '')), MAX(COALESCE(s.buyer_phone, '')),
               MAX(COALESCE(s.buyer_email, '')), MAX(COALESCE(s.buyer_country, ''))
        FROM temp.stage_orders AS s
        LEFT JOIN customer_keys AS k ON k.storefront_id = :storefront_id AND k.external_id = s.buyer_key
        WHERE s.buyer_key IS NOT NULL GROUP BY s.buyer_key""",
        values,
    )
    base = fetch_value(db, "SELECT COALESCE(MAX(id), 0) FROM customers")
    db.conn.execute(
        """UPDATE temp.stage_buyers SET customer_id = :base + numbered.n
        FROM (SELECT buyer_key AS key, ROW_NUMBER() OVER (ORDER BY buyer_key) AS n
              FROM temp.stage_buyers WHERE NOT known) AS numbered
        WHERE numbered.key = stage_buyers.buyer_key""",
        {"base": base},
    )
    new = execute(
        db,
        """INSERT INTO customers (id, name, phone, email, country, created_at)
        SELECT customer_id, name, phone, email, country, :stamp FROM temp.stage_buyers WHERE NOT known
        ORDER BY customer_id""",
        values,
    )
    execute(
        db,
        """INSERT INTO customer_keys (storefront_id, external_id, customer_id)
        SELECT :storefront_id, buyer_key, customer_id FROM temp.stage_buyers WHERE NOT known""",
        values,
    )
    execute(
        db,
        """UPDATE customers SET
            name = CASE WHEN customers.name = '' THEN b.name ELSE customers.name END,
            phone = CASE WHEN b.phone <> '' THEN b.phone ELSE customers.phone END,
            email = CASE WHEN b.email <> '' THEN b.email ELSE customers.email END,
            country = CASE WHEN b.country <> '' THEN b.country ELSE customers.country END
        FROM temp.stage_buyers AS b
        WHERE b.known AND customers.id = b.customer_id AND customers.erased_at IS NULL""",
    )
    return new


def merge_orders(db: Database, context: Context) -> Merged:
    """Insert new orders and update known ones with what is newer; a blank never erases a known value.

    An older file only fills blanks, and what files before it had filled that are older still.
    """
    values = context._asdict()
    staged = fetch_value(db, "SELECT COUNT(*) FROM temp.stage_orders")
    if not staged:
        return Merged(0, 0, 0)
    merge_customers(db, context)
    fresh = settled_columns()
    note_order_conflicts(db, context.import_id, context.storefront_id, context.stamp)
    # Cheap to ask, and not so for nearly all orders of a file that comes again.
    said = [
        f"s.{name} IS NOT orders.{name} AND s.{name} IS NOT NULL"
        for name in fresh
        if name not in ("customer_id", "cell_ages")
    ]
    said.append("b.customer_id IS NOT orders.customer_id AND b.customer_id IS NOT NULL")
    said.append("orders.cell_ages IS NOT NULL")
    # Progress and times decide which of two states of an order is newer, not the order of arrival.
    updated = execute(
        db,
        f"""UPDATE orders SET {", ".join(f"{name} = {value}" for name, value in fresh.items())},
            changed_by_import = :import_id
        FROM temp.stage_orders AS s LEFT JOIN temp.stage_buyers AS b ON b.buyer_key = s.buyer_key
        WHERE orders.storefront_id = :storefront_id AND orders.external_id = s.external_id
          AND ({" OR ".join(said)})
          AND ({" OR ".join(f"orders.{name} IS NOT {value}" for name, value in fresh.items())})""",
        values,
    )
    names = (
        *_ORDER_STATES,
        "refunded_stated_basis",
        *(name for name in _ORDER_FACTS if name != "customer_id"),
    )
    new = execute(
        db,
        f"""INSERT INTO orders (storefront_id, external_id, customer_id, {", ".join(names)},
            {", ".join(_ORDER_TEXTS)}, refunded, refunded_basis, created_by_import)
        SELECT :storefront_id, s.external_id, b.customer_id, {", ".join(f"s.{name}" for name in names)},
            {", ".join(f"COALESCE(s.{name}, '')" for name in _ORDER_TEXTS)}, s.refunded_stated,
            CASE WHEN s.refunded_stated IS NULL THEN 'none' ELSE s.refunded_stated_basis END, :import_id
        FROM temp.stage_orders AS s LEFT JOIN temp.stage_buyers AS b ON b.buyer_key = s.buyer_key
        WHERE NOT EXISTS (SELECT 1 FROM orders AS o
                          WHERE o.storefront_id = :storefront_id AND o.external_id = s.external_id)
        ORDER BY s.row_number""",
        values,
    )
    return Merged(new, updated, staged - new - updated)


def join_orders(db: Database, context: Context) -> None:
    """Give lines and cases that waited for their order the order, and its customer to the cases."""
    values = context._asdict()
    execute(
        db,
        """UPDATE order_lines SET order_id = o.id FROM orders AS o
        WHERE order_lines.order_id IS NULL AND order_lines.storefront_id = :storefront_id
          AND o.storefront_id = :storefront_id AND o.external_id = order_lines.order_external_id""",
        values,
    )
    execute(
        db,
        """UPDATE cases SET order_id = o.id FROM orders AS o
        WHERE cases.order_id IS NULL AND cases.storefront_id = :storefront_id AND cases.order_external_id <> ''
          AND o.storefront_id = :storefront_id AND o.external_id = cases.order_external_id""",
        values,
    )
    execute(
        db,
        """UPDATE cases SET customer_id = o.customer_id FROM orders AS o
        WHERE cases.customer_id IS NULL AND o.id = cases.order_id AND o.customer_id IS NOT NULL
          AND o.storefront_id = :storefront_id""",
        values,
    )


def settle_refunds(db: Database, context: Context) -> None:
    """Set what was refunded on every order the file touched.

    Succeeded refund records win, and our own paid refunds that belong to none of them come on top. Without
    records it is the order file's figure; our refunds through the marketplace are in it, others come on top.
    """
    amount = """CASE
        WHEN r.total IS NOT NULL THEN r.total + coalesce(own.via, 0) + coalesce(own.aside, 0)
        WHEN orders.refunded_stated IS NULL AND own.via IS NULL THEN NULL
        ELSE max(coalesce(orders.refunded_stated, 0), coalesce(own.via, 0)) + coalesce(own.aside, 0) END"""
    basis = """CASE
        WHEN r.total IS NOT NULL THEN 'records'
        WHEN own.via + own.aside > 0 AND coalesce(orders.refunded_stated, 0) < own.via + own.aside THEN 'own'
        WHEN orders.refunded_stated IS NOT NULL THEN orders.refunded_stated_basis
        WHEN own.via IS NOT NULL THEN 'own'
        ELSE 'none' END"""
    execute(
        db,
        f"""UPDATE orders SET refunded = {amount}, refunded_basis = {basis}
        FROM (SELECT external_id FROM temp.stage_orders UNION
              SELECT order_external_id FROM temp.stage_aftersales) AS touched
        LEFT JOIN (SELECT order_external_id, SUM(to_buyer) AS total FROM refunds
                   WHERE storefront_id = :storefront_id AND status = 'succeeded' AND amount > 0
                   GROUP BY order_external_id) AS r ON r.order_external_id = touched.external_id
        LEFT JOIN (SELECT o.external_id,
                       SUM(CASE WHEN p.route IN ('original', 'platform') THEN s.amount ELSE 0 END) AS via,
                       SUM(CASE WHEN p.route IN ('original', 'platform') THEN 0 ELSE s.amount END) AS aside
                   FROM refund_plans AS p JOIN refund_parts AS s ON s.plan_id = p.id
                   JOIN orders AS o ON o.id = p.order_id
                   WHERE o.storefront_id = :storefront_id AND p.status = 'succeeded'
                     AND NOT EXISTS (SELECT 1 FROM refunds AS f
                                     WHERE f.id = p.refund_id AND f.status = 'succeeded' AND f.amount > 0)
                   GROUP BY o.external_id) AS own ON own.external_id = touched.external_id
        WHERE orders.storefront_id = :storefront_id AND orders.external_id = touched.external_id
          AND (orders.refunded IS NOT {amount} OR orders.refunded_basis IS NOT {basis})""",
        context._asdict(),
    )
