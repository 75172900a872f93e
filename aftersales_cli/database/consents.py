"""The log of what customers allow: appended only, the latest word of a purpose holds."""

from collections.abc import Mapping

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_value
from aftersales_cli.database.rows import insert_row
from aftersales_cli.records.privacy import Consent


def current_consent(db: Database, customer_id: int, purpose: str) -> bool | None:
    """Return what the customer said last about a purpose; None if nothing is known.

    ``purpose`` is ``marketing``, ``survey`` or ``contact``. ``customers.do_not_contact`` stands above all of them.
    """
    said = fetch_value(
        db,
        """SELECT given FROM consents WHERE customer_id = :id AND purpose = :purpose
        ORDER BY said_at DESC, id DESC LIMIT 1""",
        {"id": customer_id, "purpose": purpose},
    )
    return None if said is None else bool(said)


def insert_consent(db: Database, values: Mapping[str, object]) -> int:
    """Append a yes or no; ``values`` maps the columns of a Consent without its id. Returns the id."""
    return insert_row(db, "consents", values)


def list_consents(db: Database, customer_id: int) -> list[Consent]:
    """Return all a customer has said, oldest first."""
    return fetch(
        db,
        Consent,
        f"SELECT {columns(Consent)} FROM consents WHERE customer_id = :id ORDER BY said_at, id",
        {"id": customer_id},
    )


def note_contact_wish(db: Database, customer_id: int, *, do_not_contact: bool) -> int:
    """Let the master switch follow the customer's word; returns 1 if it moved, else 0."""
    return execute(
        db,
        "UPDATE customers SET do_not_contact = :value WHERE id = :id AND do_not_contact <> :value",
        {"id": customer_id, "value": int(do_not_contact)},
    )
