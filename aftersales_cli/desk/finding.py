"""Find the order and the customer somebody means; what is not clear is listed, never guessed."""

from aftersales_cli.clock import local_text
from aftersales_cli.database.case_orders import (
    find_customer_numbered,
    find_customers_called,
    find_customers_like,
    insert_customer,
)
from aftersales_cli.database.customers import get_customer
from aftersales_cli.database.orders import find_orders
from aftersales_cli.database.storefronts import get_storefront
from aftersales_cli.desk.contacts import is_email, is_phone, mask_email, mask_phone, mask_word
from aftersales_cli.errors import NotFoundError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.cases import CustomerMatch
from aftersales_cli.records.orders import Order
from aftersales_cli.records.shops import Storefront
from aftersales_cli.shop import Shop

_MARK = "#"
_LONGEST_NUMBER = 15
"""SQLite's integers end soon after."""
_LISTED = 10
"""How many customers an error lists."""


def find_order(shop: Shop, number: str, storefront: Storefront | None) -> Order | None:
    """Return the order with this own or displayed number, ``#1001`` or ``1001``.

    None if the storefront is given and the order has not arrived yet. Raises NotFoundError if it is unknown
    and no storefront given, WrongUsageError listing the orders if several fit.
    """
    bare = number.strip().lstrip("#")
    if not bare:
        raise WrongUsageError(_("The order number is empty."), remedy=_("Give the number, or no --order."))
    found = find_orders(shop.database, bare, storefront.id if storefront else None)
    if len(found) == 1:
        return found[0]
    if found:
        lines = "\n  ".join(_describe(shop, match) for match in found)
        raise WrongUsageError(
            _("There are {count} orders with the number {number}.", count=len(found), number=number),
            remedy=_(
                "Name the storefront with --storefront, or give the order's own number:\n  {orders}",
                orders=lines,
            ),
        )
    if storefront is None:
        raise NotFoundError(
            _("There is no order {number}.", number=number),
            remedy=_(
                "Check the number. If the order's file is still to come, add --storefront CODE: "
                "the case then waits for the order."
            ),
        )
    return None


def customer_name(shop: Shop, order: Order | None) -> str:
    """Return the name of an order's customer, ``""`` if the order or its customer is not known."""
    if order is None or order.customer_id is None:
        return ""
    found = get_customer(shop.database, order.customer_id)
    return found.name if found else ""


def _describe(shop: Shop, match: Order) -> str:
    shown = f" ({match.display_number})" if match.display_number not in {"", match.external_id} else ""
    placed = local_text(match.placed_at, shop.zone)
    storefront = get_storefront(shop.database, match.storefront_id)
    assert storefront is not None
    return f"{storefront.code} {match.external_id}{shown} {placed} {customer_name(shop, match)}".rstrip()


def find_or_add_customer(
    shop: Shop, word: str, *, part_of_name: bool = False, new_customer: bool = False
) -> int | None:
    """Return the customer with this name, phone or e-mail, made if new; None for no word. Inside ``writing``.

    With ``part_of_name`` the number of a customer will do, and where nothing fits in full a part of the name, or
    the end or beginning of the phone number. Raises WrongUsageError listing the customers if several fit,
    NotFoundError for a number nobody has.
    """
    if not word.strip():
        return None
    if new_customer:
        return _add_customer(shop, word)
    if part_of_name:
        return _find_typed_customer(shop, word)
    found = find_customers_called(shop.database, word)
    return _only(word, found) or _add_customer(shop, word)


def _find_typed_customer(shop: Shop, word: str) -> int:
    """Return the customer a word at the keyboard means; its number, or ``#12``, as lists show it will do as well."""
    numbered = _find_numbered(shop, word)
    if word.strip().startswith(_MARK):
        found = numbered
    else:
        named = find_customers_called(shop.database, word)
        found = numbered + [match for match in named if match not in numbered]
        if not named:
            like = find_customers_like(shop.database, word, limit=_LISTED + 1)
            found += [match for match in like if match not in numbered]
        if len(found) > 1 and not (named and not numbered):
            raise _several_like(word, found)
    if not found and _is_number(word):
        raise NotFoundError(
            _("There is no customer {number}.", number=word.strip()),
            remedy=_(
                "“aftersales customers list” shows their numbers; give a phone number in full, an e-mail address or "
                "a name. --new-customer makes a new one."
            ),
        )
    return _only(word, found) or _add_customer(shop, word)


def _is_number(word: str) -> bool:
    """Return whether a word can only be a customer's number: digits, but too few or too many for a phone."""
    bare = word.strip()
    return bare.removeprefix(_MARK).strip().isdecimal() and (bare.startswith(_MARK) or not is_phone(bare))


def _find_numbered(shop: Shop, word: str) -> list[CustomerMatch]:
    digits = word.strip().removeprefix(_MARK).strip()
    if not digits.isdecimal() or len(digits) > _LONGEST_NUMBER:
        return []
    return find_customer_numbered(shop.database, int(digits))


def _only(word: str, found: list[CustomerMatch]) -> int | None:
    """Return the only one of these customers, None for none; raises WrongUsageError listing several."""
    if len(found) > 1:
        lines = "\n  ".join(_tell_apart(match) for match in found)
        raise WrongUsageError(
            _("There are {count} customers called “{name}”.", count=len(found), name=mask_word(word)),
            remedy=_("Give the phone number or the e-mail address, or the order:\n  {names}", names=lines),
        )
    return found[0].id if found else None


def _several_like(word: str, found: list[CustomerMatch]) -> WrongUsageError:
    lines = [f"{_MARK}{match.id} {_tell_apart(match)}".strip() for match in found[:_LISTED]] + ["…"] * (
        len(found) > _LISTED
    )
    return WrongUsageError(
        _("Several customers fit “{name}”.", name=mask_word(word)),
        remedy=_(
            "Give the number in front, more of the name, the phone number or the order; --new-customer makes a new "
            "one:\n  {names}",
            names="\n  ".join(lines),
        ),
    )


def _tell_apart(match: CustomerMatch) -> str:
    """Return a customer's name with what tells people of one name apart, never in full."""
    contact = mask_phone(match.phone) if match.phone else mask_email(match.email) if match.email else ""
    return f"{mask_word(match.name)} {contact}".strip()


def _add_customer(shop: Shop, word: str) -> int:
    if is_phone(word):
        return insert_customer(shop.database, phone="".join(word.split()), created_at=shop.stamp)
    if is_email(word):
        return insert_customer(shop.database, email=word.strip(), created_at=shop.stamp)
    return insert_customer(shop.database, name=word.strip(), created_at=shop.stamp)


def choose_customer(
    shop: Shop, word: str, order: Order | None, *, part_of_name: bool = False, new_customer: bool = False
) -> int | None:
    """Return the order's customer, else the one the word means. To be used inside ``writing``.

    Raises WrongUsageError if the word names somebody else than the order's customer.
    """
    if order is None or order.customer_id is None:
        return find_or_add_customer(shop, word, part_of_name=part_of_name, new_customer=new_customer)
    named = {match.id for match in find_customers_called(shop.database, word)} if word.strip() else set()
    if part_of_name and word.strip():
        named |= {match.id for match in find_customers_like(shop.database, word)}
        named |= {match.id for match in _find_numbered(shop, word)}
    if word.strip() and order.customer_id not in named:
        raise WrongUsageError(
            _(
                "Order {number} belongs to “{customer}”, not to “{name}”.",
                number=order.external_id,
                customer=customer_name(shop, order),
                name=word,
            ),
            remedy=_("Leave --customer out, or check the order number."),
        )
    return order.customer_id
