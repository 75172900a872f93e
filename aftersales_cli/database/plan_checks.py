"""What else went back of a plan's order, and whose a payment's number is."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import fetch_rows, fetch_value


def sum_other_plans(db: Database, order_id: int, besides: int) -> int:
    """Return the money of an order in other plans that are paid or handed over, goodwill left out."""
    return int(
        fetch_value(
            db,
            """SELECT coalesce(sum(s.amount), 0) FROM refund_plans AS p JOIN refund_parts AS s ON s.plan_id = p.id
            WHERE p.order_id = :order_id AND p.id <> :besides AND p.status IN ('requested', 'succeeded')
              AND s.type <> 'goodwill'""",
            {"order_id": order_id, "besides": besides},
        )
    )


def has_platform_refunds(db: Database, order_id: int) -> bool:
    """Tell whether the marketplace's own records of refunds name an order, not only the order's own figure."""
    return bool(
        fetch_value(
            db,
            """SELECT EXISTS (SELECT 1 FROM orders AS o JOIN refunds AS f ON f.storefront_id = o.storefront_id
              AND f.order_external_id = o.external_id WHERE o.id = :order_id AND f.status = 'succeeded')""",
            {"order_id": order_id},
        )
    )


def list_beside_marketplace(db: Database) -> set[int]:
    """Return the plans of orders of which the marketplace paid something back that may be other money."""
    rows = fetch_rows(
        db,
        """SELECT p.id FROM refund_plans AS p JOIN orders AS o ON o.id = p.order_id
        WHERE p.status <> 'void' AND p.refund_id IS NULL AND (o.refunded_stated > 0 OR EXISTS (
            SELECT 1 FROM refunds AS f WHERE f.storefront_id = o.storefront_id
              AND f.order_external_id = o.external_id AND f.status = 'succeeded'))""",
    )
    return {plan_id for (plan_id,) in rows}


def find_plan_paid_with(db: Database, reference: str, besides: int) -> int | None:
    """Return another refund that was paid under the same number, None if there is none."""
    found = fetch_value(
        db,
        "SELECT min(id) FROM refund_plans WHERE reference = :reference AND reference <> '' AND id <> :besides "
        "AND status = 'succeeded'",
        {"reference": reference, "besides": besides},
    )
    return None if found is None else int(found)
