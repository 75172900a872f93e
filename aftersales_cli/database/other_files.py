"""The tables of files that are not orders, and joining their rows to orders and cases."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute, fetch_rows
from aftersales_cli.database.keyed_rows import KeyedTable
from aftersales_cli.database.surveys import agent_at_resolution
from aftersales_cli.database.tombstones import Tombstones, has_tombstones

SURVEY_ANSWERS = KeyedTable(
    "survey_answers",
    ("row_key", "type"),
    derived=("storefront_id", "case_number", "customer_id", "agent_id", "linked_by", "invite_id"),
)
CHAT_REPORTS = KeyedTable("chat_reports", ("storefront_id", "agent_name", "day"), derived=("agent_id",))
REVIEWS_RECEIVED = KeyedTable("reviews_received", ("storefront_id", "row_key"))
PARCELS = KeyedTable(
    "parcels", ("carrier", "number"), derived=("storefront_id",), kept=("order_external_id",)
)
OTHER_TABLES = (SURVEY_ANSWERS, CHAT_REPORTS, REVIEWS_RECEIVED, PARCELS)


def _order_of(table: str) -> str:
    """Return SQL for the order a row names: the storefront's own, else the only one with this number."""
    number = f"{table}.order_external_id"
    named = (
        f"(SELECT min(id) AS id, count(*) AS found FROM orders AS o WHERE %s(o.external_id = {number} "
        f"OR o.display_number = {number} OR o.display_number = '#' || {number}))"
    )
    own = named % f"o.storefront_id = {table}.storefront_id AND "
    anywhere = named % ""
    return f"COALESCE((SELECT id FROM {own} WHERE found = 1), (SELECT id FROM {anywhere} WHERE found = 1))"


def join_other_rows(db: Database) -> int:
    """Join answers, reviews and parcels to orders that are there now; returns how many found theirs.

    To be called after every merge: the order of files does not matter. Only inside ``Shop.writing``.
    """
    joined = 0
    for table in ("survey_answers", "parcels", "reviews_received"):
        joined += execute(
            db,
            f"UPDATE {table} SET order_id = {_order_of(table)} WHERE order_id IS NULL "
            f"AND order_external_id <> '' AND {_order_of(table)} IS NOT NULL",
        )
    for table in ("survey_answers", "parcels"):
        execute(
            db,
            f"UPDATE {table} SET storefront_id = (SELECT storefront_id FROM orders WHERE id = order_id) "
            "WHERE storefront_id IS NULL AND order_id IS NOT NULL",
        )
    _link_answers(db)
    return joined


# The case of an order that an answer is about: the last one opened before it.
_CASE = """(SELECT c.number FROM cases AS c
    WHERE c.order_id = survey_answers.order_id AND c.opened_at <= survey_answers.answered_at
        AND c.status NOT IN ('merged', 'cancelled')
    ORDER BY c.opened_at DESC, c.number DESC LIMIT 1)"""
_CUSTOMER = "(SELECT o.customer_id FROM orders AS o WHERE o.id = survey_answers.order_id)"


def _link_answers(db: Database) -> None:
    """Give answers that name an order its customer and case; an answer's own case number wins."""
    execute(
        db,
        # The order was taken back by an undo: what came from it goes, too.
        "UPDATE survey_answers SET linked_by = '', case_number = NULL, customer_id = NULL, agent_id = NULL "
        "WHERE linked_by = 'order' AND order_id IS NULL",
    )
    execute(
        db,
        f"UPDATE survey_answers SET linked_by = 'order', case_number = {_CASE}, "
        f"agent_id = {agent_at_resolution(_CASE)} "
        "WHERE order_id IS NOT NULL AND row_key IS NOT NULL AND linked_by <> 'case' AND invite_id IS NULL "
        # An agent stays the one who had the case when it was resolved: only another case changes it.
        f"AND (linked_by <> 'order' OR case_number IS NOT {_CASE})",
    )
    execute(
        db,
        f"UPDATE survey_answers SET customer_id = {_CUSTOMER} "
        f"WHERE linked_by = 'order' AND {_CUSTOMER} IS NOT NULL AND customer_id IS NOT {_CUSTOMER}",
    )


def find_case_link(db: Database, number: int) -> tuple[int | None, int | None] | None:
    """Return the customer of a case and who had it when it was resolved, None if there is no such case."""
    rows = fetch_rows(
        db,
        f"SELECT COALESCE(c.customer_id, o.customer_id), {agent_at_resolution('c.number')} FROM cases AS c "
        "LEFT JOIN orders AS o ON o.id = c.order_id WHERE c.number = :number",
        {"number": number},
    )
    return rows[0] if rows else None


def find_customer_by_contact(db: Database, *, phone: str, email: str, said_at: str = "") -> int | None:
    """Return the only customer with this phone number or e-mail address (in lower case), else None.

    What a forgotten person said before they were forgotten belongs to their emptied customer.
    """
    rows = fetch_rows(
        db,
        "SELECT id FROM customers WHERE phone <> '' AND phone = :phone "
        "UNION SELECT id FROM customers WHERE email <> '' AND lower(email) = :email LIMIT 2",
        {"phone": phone, "email": email},
    )
    if not rows and has_tombstones(db):
        return Tombstones(db).find_contact(phone, email, said_at)
    return int(rows[0][0]) if len(rows) == 1 else None
