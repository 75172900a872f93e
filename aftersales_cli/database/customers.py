"""Customers."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch_one
from aftersales_cli.records.customers import Customer

_COLUMNS = columns(Customer)


def get_customer(db: Database, customer_id: int) -> Customer | None:
    """Return the customer with this id."""
    return fetch_one(db, Customer, f"SELECT {_COLUMNS} FROM customers WHERE id = :id", {"id": customer_id})


def set_do_not_contact(db: Database, customer_id: int) -> int:
    """Note that a customer must not be contacted any more; returns 1 if that is new, else 0."""
    return execute(
        db,
        "UPDATE customers SET do_not_contact = 1 WHERE id = :id AND do_not_contact = 0",
        {"id": customer_id},
    )
