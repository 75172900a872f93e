"""What the buyer really paid: marketplaces state it net of refunds, gross, or not at all."""

from dataclasses import dataclass
from typing import NamedTuple, Self

from aftersales_cli.intake.vocabulary import UNKNOWN


@dataclass(frozen=True)
class Paid:
    """An amount paid before any refund, in minor units, and how it is known."""

    amount: int | None
    basis: str
    """``stated``, ``rebuilt``, ``inferred`` or ``none``."""


class PaidFacts(NamedTuple):
    """What a file says, beside an order's state and total, about what was paid; kept, since words are mapped later."""

    rule: str
    was_paid: bool
    partly: bool
    """Whether only a part was paid."""
    whole: bool
    """Whether all that was paid was refunded."""
    paid: int | None
    outstanding: int | None

    def as_text(self) -> str:
        """Return the facts as they are kept with the order."""
        flags = f"{self.was_paid:d}{self.partly:d}{self.whole:d}"
        return f"{self.rule} {flags} {_amount(self.paid)} {_amount(self.outstanding)}"

    @classmethod
    def of_text(cls, text: str) -> Self:
        """Return the facts of ``as_text``."""
        rule, flags, paid, outstanding = text.split()
        amounts = (None if word == "-" else int(word) for word in (paid, outstanding))
        return cls(rule, *(flag == "1" for flag in flags), *amounts)

    def settle(
        self, status: str, *, paid_at: str | None, refunded: int | None, total: int | None
    ) -> "Settled":
        """Return what counts as paid while the order is in a state; ``refunded`` is ignored if it was the whole."""
        paid, was_paid = self.paid, self.was_paid
        if status == "unpaid" or (status == "closed" and not paid_at and not self.whole and not refunded):
            # What an order nobody paid shows as its amount was never received.
            was_paid, paid = False, 0
        found = rebuild_paid(
            self.rule,
            paid=paid,
            refunded=None if self.whole else refunded,
            total=total,
            was_paid=was_paid,
            outstanding=self.outstanding,
            partly=self.partly,
        )
        if self.rule == "by_status" and status == UNKNOWN and not was_paid:
            found = Paid(None, "none")  # a state nobody knows is no reason to say that nothing was paid
        return Settled(found, was_paid, found.amount if self.whole else refunded)


class Settled(NamedTuple):
    """What counts as paid and refunded of an order in its state."""

    paid: Paid
    was_paid: bool
    refunded: int | None


def _amount(amount: int | None) -> str:
    return "-" if amount is None else str(amount)


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
