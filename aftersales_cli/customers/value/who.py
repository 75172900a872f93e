"""Find the customer a word at the keyboard means: number, order, phone, e-mail or name; several are listed."""

from aftersales_cli.database.case_orders import (
    find_customer_numbered,
    find_customers_called,
    find_customers_like,
)
from aftersales_cli.database.customer_profile import find_customers_of_order
from aftersales_cli.desk.contacts import mask_email, mask_phone, mask_word
from aftersales_cli.errors import NotFoundError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.cases import CustomerMatch
from aftersales_cli.shop import Shop

_MARK = "#"
_LISTED = 10
_LONGEST_NUMBER = 15


def find_customer(shop: Shop, word: str) -> int:
    """Return the number of the only customer who fits a word.

    ``12`` and ``#12`` are numbers of customers before they are anything else; then come order numbers, names, phone
    numbers and e-mail addresses in full, then parts of names and phone numbers. Raises NotFoundError for nobody,
    WrongUsageError listing them for several.
    """
    found = _numbered(shop, word) or _exact(shop, word)
    if not found:
        found = find_customers_like(shop.database, word, limit=_LISTED + 1)
    if len(found) == 1:
        return found[0].id
    if found:
        lines = [_line(match) for match in found[:_LISTED]] + ["…"] * (len(found) > _LISTED)
        raise WrongUsageError(
            _("Several customers fit “{name}”.", name=mask_word(word)),
            remedy=_("Give the number in front:\n  {names}", names="\n  ".join(lines)),
        )
    raise NotFoundError(
        _("Nobody fits “{name}”.", name=mask_word(word)),
        remedy=_(
            "Give the customer's number, an order number, a name, a phone number or an e-mail address; "
            "“aftersales customers list” shows the customers."
        ),
    )


def _numbered(shop: Shop, word: str) -> list[CustomerMatch]:
    digits = word.strip().removeprefix(_MARK)
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > _LONGEST_NUMBER:
        return []
    return find_customer_numbered(shop.database, int(digits))


def _exact(shop: Shop, word: str) -> list[CustomerMatch]:
    matches = [*find_customers_of_order(shop.database, word), *find_customers_called(shop.database, word)]
    return list({match.id: match for match in matches}.values())


def _line(match: CustomerMatch) -> str:
    contact = mask_phone(match.phone) if match.phone else mask_email(match.email) if match.email else ""
    return f"{_MARK}{match.id} {mask_word(match.name)} {contact}".strip()
