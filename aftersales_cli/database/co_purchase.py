"""Products that the same customers buy, counted in the database."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import fetch, fetch_rows
from aftersales_cli.records.plans import ProductPair

_MOST_PRODUCTS = 200
"""Only so many products, those with most buyers, are paired with one another."""


def list_pairs(
    db: Database, *, since: str, support: int, limit: int, bought: str | None = None
) -> list[ProductPair]:
    """Return pairs of products with at least ``support`` common buyers since a day, highest lift first.

    ``bought`` asks for the pairs of one product only. Products are told apart by their title.
    """
    sql = """
        WITH bought AS MATERIALIZED (
            SELECT DISTINCT o.customer_id, l.title FROM orders o JOIN order_lines l ON l.order_id = o.id
            WHERE o.customer_id IS NOT NULL AND o.paid_on >= :since AND o.status <> 'closed' AND l.title <> ''
                AND COALESCE(l.refunded, 0) < COALESCE(l.paid, 1)),
        popular AS MATERIALIZED (
            SELECT title, count(*) AS buyers FROM bought GROUP BY title HAVING count(*) >= :support
            ORDER BY buyers DESC, title LIMIT :most),
        kept AS MATERIALIZED (
            SELECT b.customer_id, b.title, p.buyers FROM bought b JOIN popular p ON p.title = b.title),
        everybody (customers) AS (SELECT count(DISTINCT customer_id) FROM bought)
        SELECT a.title AS bought, b.title AS next_product, count(*) AS both, a.buyers AS bought_by,
            b.buyers AS next_by, (SELECT customers FROM everybody) AS customers
        FROM kept a JOIN kept b ON b.customer_id = a.customer_id AND b.title <> a.title
        WHERE :bought IS NULL OR a.title = :bought
        GROUP BY a.title, b.title HAVING count(*) >= :support
        ORDER BY 1.0 * count(*) / (a.buyers * b.buyers) DESC, count(*) DESC, a.title, b.title LIMIT :limit"""
    values = {"since": since, "support": support, "limit": limit, "bought": bought, "most": _MOST_PRODUCTS}
    return fetch(db, ProductPair, sql, values)


def list_bought(db: Database, customer_id: int) -> set[str]:
    """Return the titles of all a customer has bought."""
    sql = """SELECT DISTINCT l.title FROM orders o JOIN order_lines l ON l.order_id = o.id
        WHERE o.customer_id = :id AND l.title <> ''"""
    return {row[0] for row in fetch_rows(db, sql, {"id": customer_id})}
