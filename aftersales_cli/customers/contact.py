"""Decide how a customer can be reached."""

import re
from dataclasses import dataclass

from aftersales_cli.desk.contacts import is_email, mask_email, mask_phone
from aftersales_cli.language import N_, _

_CHATS = {
    "taobao": N_("Qianniu chat (千牛)"),
    "tmall": N_("Qianniu chat (千牛)"),
    "jd": N_("Dongdong chat (咚咚)"),
    "pdd": N_("Pinduoduo merchant chat (拼多多商家后台)"),
    "douyin": N_("Feige chat (飞鸽)"),
    "amazon": N_("Buyer-Seller Messaging"),
}
_OTHER_CHAT = N_("platform chat")
_WITHOUT_CHAT = frozenset({"shopify"})
"""Platforms where an order number alone opens no conversation."""


@dataclass(frozen=True)
class Contact:
    """What is known about reaching somebody; any part may be empty."""

    platform: str
    order_number: str
    phone: str
    email: str


def usable_phone(phone: str) -> bool:
    """Return whether this is a number one can dial, not one the marketplace has already masked."""
    return "*" not in phone and len(re.sub(r"\D", "", phone)) >= 5  # noqa: PLR2004 - short service numbers


def usable_email(email: str) -> bool:
    """Return whether mail can be sent there, not an address the marketplace has already masked."""
    return "*" not in email and is_email(email)


def ways_to_reach(contact: Contact, *, full: bool = False) -> list[str]:
    """Return the ways to reach somebody, best first; none if there is no way.

    The marketplace's chat comes first, since an order number always leads there and costs the customer
    nothing. ``full`` shows numbers and addresses unmasked.
    """
    ways = []
    if contact.order_number and contact.platform not in _WITHOUT_CHAT:
        place = _(_CHATS.get(contact.platform, _OTHER_CHAT))
        ways.append(_("{place}: order {number}", place=place, number=contact.order_number))
    if usable_email(contact.email):
        shown = contact.email.strip() if full else mask_email(contact.email)
        ways.append(_("e-mail: {address}", address=shown))
    if usable_phone(contact.phone):
        ways.append(_("phone: {number}", number=contact.phone.strip() if full else mask_phone(contact.phone)))
    return ways
