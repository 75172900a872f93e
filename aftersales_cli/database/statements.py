"""Payments out as banks and payment services state them, and the refunds they should be."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_rows
from aftersales_cli.records.payouts import Payable, StatementRow


class _PayableRow(NamedTuple):
    plan_id: int | None
    refund_id: int | None
    case_number: int
    external_id: str
    display_number: str
    currency: str
    amount: int
    reference: str
    platform_number: str
    status: str
    at: str | None


# A plan that is tied to a marketplace's record is one payment, not two.
_PAYABLES = """SELECT p.id, p.refund_id, p.case_number, coalesce(o.external_id, k.order_external_id),
        coalesce(o.display_number, ''), p.currency,
        (SELECT coalesce(sum(s.amount), 0) FROM refund_parts AS s WHERE s.plan_id = p.id),
        p.reference, coalesce(f.external_id, ''), p.status, p.succeeded_at
    FROM refund_plans AS p JOIN cases AS k ON k.number = p.case_number
    LEFT JOIN orders AS o ON o.id = p.order_id LEFT JOIN refunds AS f ON f.id = p.refund_id
    WHERE p.status <> 'void'
    UNION ALL
    SELECT NULL, f.id, f.case_number, f.order_external_id, '', f.currency, f.to_buyer, '', f.external_id, f.status,
        f.succeeded_at
    FROM refunds AS f WHERE f.status = 'succeeded' AND f.to_buyer > 0
        AND NOT EXISTS (SELECT 1 FROM refund_plans AS p WHERE p.refund_id = f.id AND p.status <> 'void')
    ORDER BY 1, 2"""


def insert_statement_row(db: Database, values: Mapping[str, object]) -> None:
    """Keep a payment that is not known yet."""
    execute(
        db,
        "INSERT INTO statement_rows (code, source, at, currency, amount, reference, order_external_id, read_at) "
        "VALUES (:code, :source, :at, :currency, :amount, :reference, :order_external_id, :read_at)",
        values,
    )


def fill_statement_row(db: Database, values: Mapping[str, object]) -> None:
    """Add to a payment what a later reading knows; money that belongs to a plan already stays as it is."""
    execute(
        db,
        """UPDATE statement_rows SET at = coalesce(:at, at),
            reference = coalesce(nullif(:reference, ''), reference),
            order_external_id = coalesce(nullif(:order_external_id, ''), order_external_id),
            currency = CASE WHEN plan_id IS NULL THEN :currency ELSE currency END,
            amount = CASE WHEN plan_id IS NULL THEN :amount ELSE amount END
        WHERE code = :code""",
        values,
    )


def list_statement_rows(db: Database) -> list[StatementRow]:
    """Return all payments that were ever read, in the order they came."""
    return fetch(db, StatementRow, f"SELECT {columns(StatementRow)} FROM statement_rows ORDER BY id")


def assign_statement_row(db: Database, row_id: int, plan_id: int) -> None:
    """Note which plan a payment is."""
    execute(
        db,
        "UPDATE statement_rows SET plan_id = :plan_id WHERE id = :id AND plan_id IS NULL",
        {"id": row_id, "plan_id": plan_id},
    )


def release_statement_rows(db: Database, plan_id: int) -> None:
    """Let payments that were taken for a plan look for another one."""
    execute(db, "UPDATE statement_rows SET plan_id = NULL WHERE plan_id = :plan_id", {"plan_id": plan_id})


def list_payables(db: Database) -> list[Payable]:
    """Return refunds that are or should be paid: plans, and marketplaces' records that belong to none."""
    rows = [_PayableRow(*row) for row in fetch_rows(db, _PAYABLES)]
    return [
        Payable(
            row.plan_id,
            row.refund_id,
            row.case_number,
            tuple(dict.fromkeys(number for number in (row.external_id, row.display_number) if number)),
            row.currency,
            row.amount,
            tuple(dict.fromkeys(number for number in (row.reference, row.platform_number) if number)),
            row.status,
            row.at,
        )
        for row in rows
    ]
