"""What the buyer really paid: marketplaces state it net of refunds, gross, or not at all."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Paid:
    """An amount paid before any refund, in minor units, and how it is known."""

    amount: int | None
    basis: str
    """``stated``, ``rebuilt``, ``inferred`` or ``none``."""


def rebuild_paid(
    rule: str,
    *,
    paid: int | None,
    refunded: int | None,
    total: int | None,
    was_paid: bool,
    outstanding: int | None = None,
    partly: bool = False,
) -> Paid:
    """Return what was paid before refunds, all amounts in minor units.

    ``net``: the stated figure is what is left after refunds (Taobao order lists: paid + refund = total on
    5,646 of 5,646 refunded rows of a real file), so the refund is added back, at most up to the total.
    ``stated``: the figure is taken as it is. ``by_status``: there is no figure; an order that was paid was
    paid in full but for what is outstanding. ``partly`` says that only a part was paid: without what is
    outstanding nobody knows how much.
    """
    if not was_paid and not paid and not refunded:
        return Paid(0, "stated" if rule != "by_status" else "inferred")
    if rule == "by_status" or paid is None:
        return _inferred(
            None if partly and outstanding is None else total, refunded, outstanding, was_paid=was_paid
        )
    if rule == "net" and refunded:
        gross = paid + refunded
        # Newer exports may already be gross; the total is the bound either way.
        return Paid(gross if total is None else max(paid, min(gross, total)), "rebuilt")
    if rule == "net" and paid == 0 and refunded is None and total is not None:
        # Paid, nothing left, and the file has no refund column: the rest was refunded.
        return Paid(total, "inferred")
    return Paid(paid, "stated")


def _inferred(total: int | None, refunded: int | None, outstanding: int | None, *, was_paid: bool) -> Paid:
    if was_paid and total is not None:
        return Paid(total - (outstanding or 0), "inferred")
    return Paid(refunded, "inferred") if refunded else Paid(None, "none")
