"""Invoices customers ask for, and the red ones that reverse them."""

from collections.abc import Mapping

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one
from aftersales_cli.database.rows import insert_row
from aftersales_cli.records.payouts import Invoice, InvoiceRow

_ROWS = """SELECT i.id, i.case_number, coalesce(o.display_number, '') AS order_number, i.title, i.tax_id, i.currency,
    i.amount, i.asked_at, i.due_at, i.issued_at, i.number, i.reverses_id,
    (SELECT r.id FROM invoices AS r WHERE r.reverses_id = i.id) AS reversed_by
    FROM invoices AS i LEFT JOIN orders AS o ON o.id = i.order_id"""
_STANDING = "i.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM invoices AS r WHERE r.reverses_id = i.id)"


def insert_invoice(db: Database, values: Mapping[str, object]) -> int:
    """Add an invoice; ``values`` maps columns to what they hold."""
    return insert_row(db, "invoices", values)


def get_invoice(db: Database, invoice_id: int) -> Invoice | None:
    """Return the invoice with this number."""
    sql = f"SELECT {columns(Invoice)} FROM invoices WHERE id = :id"
    return fetch_one(db, Invoice, sql, {"id": invoice_id})


def find_reversal(db: Database, invoice_id: int) -> Invoice | None:
    """Return the red invoice that reverses one."""
    sql = f"SELECT {columns(Invoice)} FROM invoices WHERE reverses_id = :id"
    return fetch_one(db, Invoice, sql, {"id": invoice_id})


def find_with_number(db: Database, number: str) -> Invoice | None:
    """Return the issued invoice with this official number."""
    sql = f"SELECT {columns(Invoice)} FROM invoices WHERE number = :number AND number <> ''"
    return fetch_one(db, Invoice, sql, {"number": number})


def issue_invoice(db: Database, invoice_id: int, *, number: str, at: str) -> bool:
    """Note number and moment of an invoice that is not issued yet; tell whether it was not."""
    return (
        execute(
            db,
            "UPDATE invoices SET number = :number, issued_at = :at WHERE id = :id AND issued_at IS NULL",
            {"id": invoice_id, "number": number, "at": at},
        )
        == 1
    )


def list_standing(db: Database, order_id: int) -> list[Invoice]:
    """Return the invoices of an order that are not reversed, earliest first."""
    sql = f"SELECT {columns(Invoice, 'i.')} FROM invoices AS i WHERE i.order_id = :id AND {_STANDING} ORDER BY i.id"
    return fetch(db, Invoice, sql, {"id": order_id})


def list_invoices(
    db: Database, *, only_open: bool = False, overdue_at: str = "", case_number: int | None = None
) -> list[InvoiceRow]:
    """Return invoices as listings show them: those to be issued by what is due first, then the newest."""
    return fetch(
        db,
        InvoiceRow,
        f"""{_ROWS} WHERE (NOT :only_open OR i.issued_at IS NULL)
            AND (:overdue_at = '' OR (i.issued_at IS NULL AND i.due_at <= :overdue_at))
            AND (:case_number IS NULL OR i.case_number = :case_number)
        ORDER BY i.issued_at IS NOT NULL, CASE WHEN i.issued_at IS NULL THEN i.due_at END, i.id DESC""",
        {"only_open": only_open, "overdue_at": overdue_at, "case_number": case_number},
    )
