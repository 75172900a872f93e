"""Looking up orders and their lines."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, fetch, fetch_one
from aftersales_cli.records.orders import Order, OrderLine, OrderRow

_LINE_COLUMNS = columns(OrderLine, "l.")


def find_orders(db: Database, number: str, storefront_id: int | None = None) -> list[Order]:
    """Return the orders with this external or display number (with or without ``#``), newest first."""
    return fetch(
        db,
        Order,
        f"""SELECT {columns(Order)} FROM orders
        WHERE (external_id = :number OR display_number IN (:number, '#' || :number))
          AND (:storefront_id IS NULL OR storefront_id = :storefront_id)
        ORDER BY placed_at DESC, id""",
        {"number": number, "storefront_id": storefront_id},
    )


def get_order(db: Database, order_id: int) -> Order | None:
    """Return the order with this id."""
    return fetch_one(db, Order, f"SELECT {columns(Order)} FROM orders WHERE id = :id", {"id": order_id})


def list_lines(db: Database, order_id: int) -> list[OrderLine]:
    """Return the lines of an order in the order of the file."""
    sql = f"SELECT {_LINE_COLUMNS} FROM order_lines AS l WHERE l.order_id = :order_id ORDER BY l.id"
    return fetch(db, OrderLine, sql, {"order_id": order_id})


def list_orders(
    db: Database,
    *,
    start: str | None = None,
    end: str | None = None,
    status: str | None = None,
    storefront_id: int | None = None,
    words: str | None = None,
    limit: int = 50,
) -> list[OrderRow]:
    """Return orders as listings show them, newest first; ``start`` and ``end`` (exclusive) are days placed.

    ``words`` is a part of a title, a line's title or the customer's name, in capitals or not (A to Z only).
    An order without a title has those of its lines.
    """
    return fetch(
        db,
        OrderRow,
        # Titles of lines are gathered for the orders shown only, not for all that are sorted.
        """WITH found AS (
            SELECT o.id FROM orders AS o LEFT JOIN customers AS c ON c.id = o.customer_id
            WHERE (:start IS NULL OR o.placed_on >= :start) AND (:end IS NULL OR o.placed_on < :end)
              AND (:status IS NULL OR o.status = :status)
              AND (:storefront_id IS NULL OR o.storefront_id = :storefront_id)
              AND (:words IS NULL OR instr(lower(o.title), lower(:words)) > 0
                OR instr(lower(c.name), lower(:words)) > 0
                OR EXISTS (SELECT 1 FROM order_lines AS l
                    WHERE l.order_id = o.id AND instr(lower(l.title), lower(:words)) > 0))
            ORDER BY o.placed_at DESC, o.id DESC LIMIT :limit)
        SELECT s.code AS storefront, o.external_id, o.display_number, o.placed_at, o.status, o.currency,
            o.total, o.paid, o.refunded, COALESCE(c.name, '') AS customer,
            CASE WHEN o.title <> '' THEN o.title ELSE COALESCE((
                SELECT group_concat(title, ', ') FROM (
                    SELECT title FROM order_lines WHERE order_id = o.id AND title <> ''
                    GROUP BY title ORDER BY min(id))
            ), '') END AS title
        FROM found JOIN orders AS o ON o.id = found.id JOIN storefronts AS s ON s.id = o.storefront_id
        LEFT JOIN customers AS c ON c.id = o.customer_id
        ORDER BY o.placed_at DESC, o.id DESC""",
        {
            "start": start,
            "end": end,
            "status": status,
            "storefront_id": storefront_id,
            "words": words,
            "limit": limit,
        },
    )
