"""What was said and tried lately with a customer, as far as it forbids or shapes another call."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute, fetch, fetch_value
from aftersales_cli.records.plans import PriorAttempt

_CONTACTED = "COALESCE(x.recorded_on, x.due_on)"


def called_since(db: Database, customer_id: int, day: str) -> bool:
    """Tell whether a call to a customer was made, or stands open, after a day."""
    sql = f"""SELECT 1 FROM callbacks x WHERE x.customer_id = :id AND x.status <> 'dropped'
        AND {_CONTACTED} > :day LIMIT 1"""
    return fetch_value(db, sql, {"id": customer_id, "day": day}) is not None


def count_calls(db: Database, customer_id: int, day: str) -> int:
    """Count the calls to a customer that were made, or stand open, after a day."""
    sql = f"""SELECT count(*) FROM callbacks x WHERE x.customer_id = :id AND x.status <> 'dropped'
        AND {_CONTACTED} > :day"""
    return int(fetch_value(db, sql, {"id": customer_id, "day": day}))


def refused_since(db: Database, customer_id: int, day: str) -> bool:
    """Tell whether a customer refused a call after a day."""
    sql = """SELECT 1 FROM callbacks x WHERE x.customer_id = :id AND x.recorded_on > :day
        AND x.outcome IN ('declined', 'no_marketing', 'do_not_contact') LIMIT 1"""
    return fetch_value(db, sql, {"id": customer_id, "day": day}) is not None


def reminded_since(db: Database, order_line_id: int, day: str) -> bool:
    """Tell whether a reminder about a line of an order was planned for a day or later."""
    sql = """SELECT 1 FROM callbacks x WHERE x.order_line_id = :id AND x.status <> 'dropped'
        AND x.due_on >= :day LIMIT 1"""
    return fetch_value(db, sql, {"id": order_line_id, "day": day}) is not None


def list_prior_attempts(db: Database, callback_id: int) -> list[PriorAttempt]:
    """Return the calls that a callback follows, newest first."""
    sql = """
        WITH RECURSIVE chain (id, outcome, recorded_at, follows_id, step) AS (
            SELECT id, outcome, recorded_at, follows_id, 0 FROM callbacks WHERE id = :id
            UNION ALL
            SELECT b.id, b.outcome, b.recorded_at, b.follows_id, step + 1
            FROM callbacks b JOIN chain ON b.id = chain.follows_id)
        SELECT id AS callback_id, outcome, recorded_at FROM chain
        WHERE step > 0 AND recorded_at IS NOT NULL ORDER BY step"""
    return fetch(db, PriorAttempt, sql, {"id": callback_id})


def drop_without_consent(db: Database, plan_ids: list[int]) -> int:
    """Drop open callbacks of these plan versions to customers who have taken their yes to marketing back.

    What was promised to a customer stays. Returns how many were dropped.
    """
    return sum(
        execute(
            db,
            """UPDATE callbacks SET status = 'dropped', revision = revision + 1
            WHERE status = 'open' AND plan_id = :plan_id AND reason <> 'promised' AND COALESCE((
                SELECT y.given FROM consents y WHERE y.customer_id = callbacks.customer_id
                AND y.purpose = 'marketing' ORDER BY y.said_at DESC, y.id DESC LIMIT 1), 0) = 0""",
            {"plan_id": plan_id},
        )
        for plan_id in plan_ids
    )
