"""What customers bought on which days: the rows of the database as one small record for each of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby, pairwise
from operator import itemgetter

from aftersales_cli.customers.buying_model import History, make_history


@dataclass(frozen=True)
class Buyer:
    """A customer with at least one purchase."""

    customer_id: int
    days: tuple[int, ...]
    """Ordinal numbers of the local days with a paid order, each once, ascending."""
    values: tuple[float, ...] | None
    """What each of these days brought, in minor units of the shop's currency; None if a rate is missing."""

    @cached_property
    def gaps(self) -> list[int]:
        """Days between one purchase and the next."""
        return [later - earlier for earlier, later in pairwise(self.days)]

    @property
    def repeats(self) -> int:
        """Purchases after the first."""
        return len(self.days) - 1

    @property
    def repeat_mean(self) -> float | None:
        """The mean value of the purchases after the first; None without one or without values."""
        if self.values is None or not self.repeats:
            return None
        return sum(self.values[1:]) / self.repeats

    @property
    def mean(self) -> float | None:
        """The mean value of all purchases, at least 0; None without values."""
        return None if self.values is None else max(0.0, sum(self.values) / len(self.values))

    def history(self, end: int) -> History:
        """Return the history in weeks up to an ordinal day; purchases of one local day count once."""
        return make_history(self.days, end)

    def until(self, end: int) -> "Buyer | None":
        """Return what was known at the end of a day, None if it was before the first purchase."""
        days = tuple(day for day in self.days if day <= end)
        if not days:
            return None
        return Buyer(self.customer_id, days, None if self.values is None else self.values[: len(days)])


Value = Callable[[int, str, str], int | None]
"""Turns (minor units, currency, day) into the shop's currency; None if there is no rate."""


def gather_buyers(rows: Iterable[tuple[int, str, str, int]], value: Value) -> list[Buyer]:
    """Return the buyers of rows (customer, local day, currency, minor units), which come sorted by customer and day."""
    ordinals: dict[str, int] = {}
    buyers = []
    for customer_id, group in groupby(rows, itemgetter(0)):
        days: dict[int, float] = {}
        is_known = True
        for _customer, text, currency, amount in group:
            day = ordinals.get(text)
            if day is None:
                day = ordinals[text] = date.fromisoformat(text).toordinal()
            own = value(amount, currency, text)
            is_known = is_known and own is not None
            days[day] = days.get(day, 0.0) + (own or 0)
        buyers.append(Buyer(customer_id, tuple(days), tuple(days.values()) if is_known else None))
    return buyers
