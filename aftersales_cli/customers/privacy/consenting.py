"""What a customer allows: written down with where and when it was said, never changed afterwards."""

from dataclasses import dataclass
from datetime import datetime

from aftersales_cli.database.consents import (
    current_consent,
    insert_consent,
    list_consents,
    note_contact_wish,
)
from aftersales_cli.database.customers import get_customer
from aftersales_cli.database.people_chosen import is_erased
from aftersales_cli.desk.moments import check_moment
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import N_, _
from aftersales_cli.records.customers import Customer
from aftersales_cli.records.privacy import Consent
from aftersales_cli.shop import Shop

PURPOSES = {
    "marketing": N_("marketing (win-back, care, next product)"),
    "survey": N_("surveys"),
    "contact": N_("any contact"),
}
"""Purpose → its name. Service about an order (refund, repair, follow-up of a case) needs no consent."""


@dataclass(frozen=True)
class ConsentLog:
    """What a customer has said, and what holds now."""

    customer_id: int
    do_not_contact: bool
    current: dict[str, bool | None]
    """Purpose → yes, no, or None for never asked."""
    log: list[Consent]


def require_customer(shop: Shop, customer_id: int) -> Customer:
    """Return a customer; raises NotFoundError."""
    found = get_customer(shop.database, customer_id)
    if found is None:
        raise missing_customer(customer_id)
    return found


def missing_customer(customer_id: int) -> NotFoundError:
    """Return the error for a customer who does not exist."""
    return NotFoundError(
        _("There is no customer {number}.", number=customer_id),
        remedy=_("“aftersales customers list” shows them."),
    )


def consent_log(shop: Shop, customer_id: int) -> ConsentLog:
    """Return what a customer has said so far; raises NotFoundError."""
    customer = require_customer(shop, customer_id)
    current = {purpose: current_consent(shop.database, customer_id, purpose) for purpose in PURPOSES}
    log = list_consents(shop.database, customer_id)
    return ConsentLog(customer_id, customer.do_not_contact, current, log)


def record_consent(
    shop: Shop,
    customer_id: int,
    *,
    purpose: str,
    given: bool,
    channel: str = "",
    proof: str = "",
    at: datetime | None = None,
) -> ConsentLog:
    """Append what a customer said; a word about contact moves the master switch, too.

    A yes to marketing needs a channel and a proof: without them it can be shown to nobody. What was said earlier
    than the latest word changes nothing that holds now. Raises NotFoundError, WrongUsageError, RefusedError for
    somebody who was forgotten.
    """
    if given and purpose == "marketing" and not (channel and proof.strip()):
        raise WrongUsageError(
            _("A yes to marketing counts only with how it was said and a proof."),
            remedy=_('Add --channel and --proof, e.g. --channel phone --proof "said so on the call of 21 November".'),
        )  # fmt: skip
    with shop.writing("customers.consent", f"customer:{customer_id}") as writing:
        require_customer(shop, customer_id)
        if is_erased(shop.database, customer_id):
            raise RefusedError(_("Customer {number} was forgotten.", number=customer_id))
        said_at = check_moment(at, now=shop.now, earliest=None, zone=shop.zone)
        values = {
            "customer_id": customer_id,
            "purpose": purpose,
            "given": int(given),
            "channel": shop.taxonomy("channels").resolve(channel) if channel else "",
            "proof": proof.strip(),
            "said_at": said_at,
            "recorded_at": shop.stamp,
            "recorded_by": shop.agent.code,
        }
        insert_consent(shop.database, values)
        if purpose == "contact":
            wanted = current_consent(shop.database, customer_id, "contact")
            note_contact_wish(shop.database, customer_id, do_not_contact=wanted is False)
        writing.count(consents=1)
        return consent_log(shop, customer_id)
