"""Decide how a customer can be reached."""

import re
from collections.abc import Sequence
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


def usable_ways(contact: Contact) -> list[str]:
    """Return the codes of the ways that lead to somebody, best first: ``chat``, ``email``, ``phone``.

    The marketplace's chat comes first, since an order number always leads there and costs the customer nothing.
    """
    ways = []
    if contact.order_number and contact.platform not in _WITHOUT_CHAT:
        ways.append("chat")
    if usable_email(contact.email):
        ways.append("email")
    if usable_phone(contact.phone):
        ways.append("phone")
    return ways


def ways_to_reach(contact: Contact, *, full: bool = False, channels: Sequence[str] = ()) -> list[str]:
    """Return the ways to reach somebody in words, best first; none if there is no way.

    ``channels`` are those of the plan, in its order: they come first. ``full`` shows numbers and addresses unmasked.
    """
    ways = usable_ways(contact)
    chosen = [channel for channel in channels if channel in ways]
    return [
        _tell_way(way, contact, full=full) for way in [*chosen, *(way for way in ways if way not in chosen)]
    ]


def _tell_way(way: str, contact: Contact, *, full: bool) -> str:
    if way == "chat":
        place = _(_CHATS.get(contact.platform, _OTHER_CHAT))
        return _("{place}: order {number}", place=place, number=contact.order_number)
    if way == "email":
        shown = contact.email.strip() if full else mask_email(contact.email)
        return _("e-mail: {address}", address=shown)
    return _("phone: {number}", number=contact.phone.strip() if full else mask_phone(contact.phone))
