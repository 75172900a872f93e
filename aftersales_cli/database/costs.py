"""What cases cost: entries made by hand, and what follows from refunds, replacements, repairs and work."""

from collections.abc import Mapping

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_rows, fetch_value
from aftersales_cli.database.rows import insert_row
from aftersales_cli.records.payouts import CaseCost, RefundedGoods, SentGoods


def insert_cost(db: Database, values: Mapping[str, object]) -> int:
    """Add something a case cost; ``values`` maps columns to what they hold."""
    return insert_row(db, "case_costs", values)


def get_cost(db: Database, cost_id: int) -> CaseCost | None:
    """Return the entry with this number."""
    sql = f"SELECT {columns(CaseCost)} FROM case_costs WHERE id = :id"
    return fetch_one(db, CaseCost, sql, {"id": cost_id})


def change_recovered(db: Database, cost_id: int, *, recovered: int, recover_from: str) -> None:
    """Note what of an entry came back, and from whom."""
    execute(
        db,
        "UPDATE case_costs SET recovered = :recovered, recover_from = :recover_from WHERE id = :id",
        {"id": cost_id, "recovered": recovered, "recover_from": recover_from},
    )


def list_costs(db: Database, case_number: int) -> list[CaseCost]:
    """Return the entries of a case, earliest first."""
    sql = f"SELECT {columns(CaseCost)} FROM case_costs WHERE case_number = :number ORDER BY id"
    return fetch(db, CaseCost, sql, {"number": case_number})


def list_refunded(db: Database, case_number: int) -> list[RefundedGoods]:
    """Return the parts of a case's paid refunds, and what became of the goods."""
    return fetch(
        db,
        RefundedGoods,
        """SELECT s.type, p.currency, s.amount, s.quantity, coalesce(l.disposition, '') AS disposition,
            coalesce(l.accepted, 0) AS accepted
        FROM refund_plans AS p JOIN refund_parts AS s ON s.plan_id = p.id
        LEFT JOIN return_lines AS l ON l.id = s.return_line_id
        WHERE p.case_number = :number AND p.status = 'succeeded' ORDER BY p.id, s.position""",
        {"number": case_number},
    )


def find_platform_refund(db: Database, case_number: int) -> tuple[str, int, int, int] | None:
    """Return currency and amount a marketplace paid back for a case by itself, and pieces restocked of those approved."""
    rows = fetch_rows(
        db,
        """SELECT f.currency, f.to_buyer,
            coalesce(sum(CASE WHEN l.disposition = 'restock' THEN l.accepted END), 0), coalesce(sum(l.approved), 0)
        FROM refunds AS f LEFT JOIN return_requests AS r ON r.case_number = f.case_number
            AND r.status IN ('auto_approved', 'approved')
        LEFT JOIN return_lines AS l ON l.request_id = r.id
        WHERE f.case_number = :number AND f.status = 'succeeded' AND f.to_buyer > 0
          AND NOT EXISTS (SELECT 1 FROM refund_plans AS p WHERE p.refund_id = f.id AND p.status <> 'void')
        GROUP BY f.id""",
        {"number": case_number},
    )
    return rows[0] if rows else None


def list_sent(db: Database, case_number: int) -> list[SentGoods]:
    """Return what was sent instead in a case at the price of the line, and what of it came back into stock."""
    return fetch(
        db,
        SentGoods,
        """SELECT r.currency, r.price_difference,
            coalesce(v.goods * r.quantity / v.quantity, l.paid * r.quantity / l.quantity, l.unit_price * r.quantity)
                AS value,
            coalesce((SELECT v.goods * min(r.quantity, sum(b.accepted)) / v.quantity FROM return_lines AS b
                WHERE b.request_id = r.request_id AND b.order_line_id IS r.order_line_id
                  AND b.disposition = 'restock'), 0) AS restocked
        FROM replacements AS r LEFT JOIN line_values AS v ON v.order_line_id = r.order_line_id
        LEFT JOIN order_lines AS l ON l.id = r.order_line_id
        WHERE r.case_number = :number AND r.status IN ('shipped', 'delivered') ORDER BY r.id""",
        {"number": case_number},
    )


def list_repair_costs(db: Database, case_number: int) -> list[tuple[str, int, int]]:
    """Return currency, cost of parts, and what the customer pays for it, of a case's repairs."""
    return fetch_rows(
        db,
        """SELECT currency, coalesce(parts_cost, 0),
            CASE WHEN warranty = 'in' OR status IN ('booked', 'received', 'diagnosed', 'quoted', 'declined',
                'unrepairable', 'solved_remotely') THEN 0 ELSE coalesce(quote, 0) END
        FROM repairs WHERE case_number = :number AND coalesce(parts_cost, 0) > 0 ORDER BY id""",
        {"number": case_number},
    )


def sum_minutes(db: Database, case_number: int) -> int:
    """Return the minutes of work on a case."""
    sql = "SELECT coalesce(sum(minutes), 0) FROM case_work WHERE case_number = :number"
    return int(fetch_value(db, sql, {"number": case_number}))
