"""What a caller should know about customers: value, orders, open cases, the last score."""

from collections.abc import Collection

from sqlite_utils import Database

from aftersales_cli.database.fetch import fetch_one
from aftersales_cli.records.plans import CustomerBrief


def list_briefs(db: Database, customer_ids: Collection[int]) -> dict[int, CustomerBrief]:
    """Return customer id → what is known of these customers; a day's list is short."""
    briefs = (_find_brief(db, customer_id) for customer_id in customer_ids)
    return {brief.customer_id: brief for brief in briefs if brief is not None}


def _find_brief(db: Database, customer_id: int) -> CustomerBrief | None:
    sql = """
        SELECT u.id AS customer_id, COALESCE(v.segment, '') AS segment,
            COALESCE(v.high_value, 0) AS high_value, COALESCE(h.degree, '') AS degree,
            f.orders, f.spend, COALESCE(f.last_on,
                (SELECT max(o.paid_on) FROM orders o WHERE o.customer_id = u.id)) AS last_on,
            (SELECT count(*) FROM cases c WHERE c.customer_id = u.id
                AND c.status NOT IN ('resolved', 'closed', 'merged', 'cancelled')) AS open_cases,
            (SELECT a.score FROM survey_answers a WHERE a.customer_id = u.id
                ORDER BY a.answered_at DESC, a.id DESC LIMIT 1) AS last_score,
            COALESCE((SELECT a.type FROM survey_answers a WHERE a.customer_id = u.id
                ORDER BY a.answered_at DESC, a.id DESC LIMIT 1), '') AS last_survey
        FROM customers u
        LEFT JOIN customer_facts f ON f.customer_id = u.id
        LEFT JOIN churn_scores h ON h.customer_id = u.id
        LEFT JOIN customer_values v ON v.customer_id = u.id
            AND v.month = (SELECT max(month) FROM customer_values m WHERE m.customer_id = u.id)
        WHERE u.id = :id"""
    return fetch_one(db, CustomerBrief, sql, {"id": customer_id})
