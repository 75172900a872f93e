"""What else happened around a case: the customer's other contacts, the product's other cases."""

from sqlite_utils import Database

from aftersales_cli.database.case_products import products_of
from aftersales_cli.database.fetch import fetch_rows


def list_contacts(db: Database, number: int, since: str) -> list[tuple[int, str]]:
    """Return (case, moment) of everything the customer of a case began or said from a moment on.

    That is by customer or order; what was cancelled was none.
    """
    return [
        (case, moment)
        for case, moment in fetch_rows(
            db,
            # Three lookups by index, since one join with OR reads all cases; CROSS keeps SQLite from reading all messages.
            """WITH near AS (
                SELECT number, opened_at, status FROM cases WHERE number = :number
                UNION
                SELECT number, opened_at, status FROM cases
                WHERE customer_id = (SELECT customer_id FROM cases WHERE number = :number)
                    AND customer_id IS NOT NULL
                UNION
                SELECT number, opened_at, status FROM cases
                WHERE order_id = (SELECT order_id FROM cases WHERE number = :number)
            )
            SELECT number, opened_at FROM near WHERE opened_at >= :since AND status <> 'cancelled'
            UNION
            SELECT m.case_number, m.sent_at FROM near CROSS JOIN case_messages AS m ON m.case_number = near.number
            WHERE near.status <> 'cancelled' AND m.direction = 'in' AND m.sent_at >= :since ORDER BY 1, 2""",
            {"number": number, "since": since},
        )
    ]


def list_similar_cases(db: Database, number: int, first: str) -> list[tuple[str, str]]:
    """Return (reason, day) of the other problem cases about a case's products opened from a day on."""
    return [
        (reason, day)
        for _number, reason, day in fetch_rows(
            db,
            f"""WITH this AS (SELECT number, order_id FROM cases WHERE number = :number),
            own AS ({products_of("this")}),
            others AS (
                SELECT number, order_id, coalesce(nullif(reason_final, ''), reason_first) AS reason, opened_on
                FROM cases
                WHERE opened_on >= :first AND number <> :number AND status NOT IN ('merged', 'cancelled')
                    AND kind IN ('complaint', 'return', 'refund_only', 'exchange', 'repair', 'damage_claim')
            ), about AS ({products_of("others")})
            SELECT DISTINCT c.number, c.reason, c.opened_on
            FROM own JOIN about ON coalesce(nullif(about.sku, ''), about.title)
                = coalesce(nullif(own.sku, ''), own.title)
            JOIN others AS c ON c.number = about.number
            WHERE own.sku <> '' OR own.title <> '' ORDER BY 3, 1""",
            {"number": number, "first": first},
        )
    ]
