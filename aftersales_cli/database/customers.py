"""Customers."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, fetch_one
from aftersales_cli.records.customers import Customer

_COLUMNS = columns(Customer)


def get_customer(db: Database, customer_id: int) -> Customer | None:
    """Return the customer with this id."""
    return fetch_one(db, Customer, f"SELECT {_COLUMNS} FROM customers WHERE id = :id", {"id": customer_id})
