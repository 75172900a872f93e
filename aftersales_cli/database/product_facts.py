"""Sales, refunds and cases by product, counted in the database."""

from dataclasses import dataclass

from sqlite_utils import Database

from aftersales_cli.database.facts import FACTS, VOID_CASE, Bounds
from aftersales_cli.database.fetch import fetch, fetch_rows

_PAID = FACTS["orders"].conditions["paid"]

# A line that states its own refund is believed; the order's refund counts for a product only if no line of
# that order states one. Orders without lines are known by their title.
_SOLD = f"""
    SELECT l.title AS title, f.id AS order_id, SUM(l.quantity) AS units,
        MAX(CASE WHEN l.refunded > 0 THEN 1
            WHEN f.refunded > 0 AND NOT EXISTS (SELECT 1 FROM order_lines AS other
                WHERE other.order_id = f.id AND other.refunded > 0) THEN 1 ELSE 0 END) AS refunded
    FROM orders AS f JOIN order_lines AS l ON l.order_id = f.id
    WHERE f.paid_on >= :start AND f.paid_on < :stop AND {_PAID}
    GROUP BY f.id, l.title
    UNION ALL
    SELECT f.title, f.id, COALESCE(f.item_count, 1), CASE WHEN f.refunded > 0 THEN 1 ELSE 0 END
    FROM orders AS f
    WHERE f.paid_on >= :start AND f.paid_on < :stop AND {_PAID} AND f.title <> ''
        AND NOT EXISTS (SELECT 1 FROM order_lines AS l WHERE l.order_id = f.id)
"""

# What a case is about: the products it names, else the only product of its order, else the order's title.
_TITLE = """COALESCE(cl.title, (SELECT CASE WHEN MIN(l.title) = MAX(l.title) THEN MIN(l.title) END
    FROM order_lines AS l WHERE l.order_id = f.order_id), o.title, '')"""
_ABOUT = f"""
    SELECT DISTINCT f.number AS number, f.reason_first AS reason, {_TITLE} AS title
    FROM cases AS f
        LEFT JOIN case_lines AS cl ON cl.case_number = f.number AND cl.title <> ''
        LEFT JOIN orders AS o ON o.id = f.order_id
    WHERE f.opened_on >= :start AND f.opened_on < :stop AND NOT {VOID_CASE}
"""


@dataclass(frozen=True)
class ProductSales:
    """A product's paid orders of a period, and how many of them were refunded."""

    title: str
    orders: int
    units: int
    refunded: int


def product_sales(db: Database, bounds: Bounds) -> list[ProductSales]:
    """Return every product sold in the period, most orders first; distinct orders are counted."""
    sql = (
        "SELECT title, COUNT(*) AS orders, SUM(units) AS units, SUM(refunded) AS refunded "
        f"FROM ({_SOLD}) GROUP BY title ORDER BY orders DESC, title"
    )
    return fetch(db, ProductSales, sql, bounds)


def cases_by_product(db: Database, bounds: Bounds) -> list[tuple[str, int]]:
    """Return (title, cases opened in the period); a case naming two products counts for both, '' is unnamed."""
    sql = f"SELECT title, COUNT(*) AS size FROM ({_ABOUT}) GROUP BY title ORDER BY size DESC, title"
    return fetch_rows(db, sql, bounds)


def reasons_of_product(db: Database, title: str, bounds: Bounds) -> list[tuple[str, int]]:
    """Return (first reason, cases) of a product's return and refund cases, most frequent first."""
    sql = (
        f"SELECT reason, COUNT(*) AS size FROM ({_ABOUT} AND f.kind IN ('return', 'refund_only')) "
        "WHERE title = :title AND reason <> '' GROUP BY reason ORDER BY size DESC, reason"
    )
    return fetch_rows(db, sql, {**bounds, "title": title})
