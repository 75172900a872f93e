"""One person who bought in several storefronts: found by exact phone number or e-mail, merged on request."""

from collections.abc import Sequence
from dataclasses import dataclass

from aftersales_cli.customers.value.tagging import resolve_tag
from aftersales_cli.database.customer_merging import (
    CustomerRow,
    Duplicates,
    find_customers,
    list_duplicates,
    merge_into,
)
from aftersales_cli.database.customers import get_customer
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class MergedCustomers:
    """What a merge did."""

    customer_id: int
    merged: tuple[int, ...]
    moved: int
    """Keys, orders, cases, callbacks and answers that belong to the kept customer now."""


def customers(shop: Shop, *, words: str | None = None, tag: str = "", limit: int = 50) -> list[CustomerRow]:
    """Return customers with their number of orders, newest first; with ``tag`` those who have it."""
    wanted = resolve_tag(shop, tag.strip()) if tag else ""
    return find_customers(shop.database, words=words, tag=wanted, limit=limit)


def suggestions(shop: Shop) -> list[Duplicates]:
    """Return groups of customers with the very same phone number or e-mail address; masked ones never count."""
    return list_duplicates(shop.database)


def merge_customers(shop: Shop, keep: int, others: Sequence[int]) -> MergedCustomers:
    """Let all that belongs to ``others`` belong to the customer ``keep``, and fill in what was not known of them.

    A wish not to be contacted stays in force. Raises NotFoundError, WrongUsageError, and RefusedError for a
    customer whose personal data was erased.
    """
    chosen = list(dict.fromkeys(others))
    if not chosen or keep in chosen:
        raise WrongUsageError(
            _("Name the customer to keep, then one or more others."),
            remedy=_("For example: aftersales customers merge 12 57"),
        )
    with shop.writing("customers.merge", f"customer:{keep}") as writing:
        for number in (keep, *chosen):
            if get_customer(shop.database, number) is None:
                raise NotFoundError(
                    _("There is no customer {number}.", number=number),
                    remedy=_("“aftersales customers list” shows them."),
                )
        moved = merge_into(shop.database, keep, chosen)
        if moved is None:
            raise RefusedError(
                _("The personal data of one of these customers was erased; they cannot be merged.")
            )
        for number in chosen:
            writing.touch("customer", number)
        writing.count(customers=len(chosen), moved=moved)
    return MergedCustomers(keep, tuple(chosen), moved)
