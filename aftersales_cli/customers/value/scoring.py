"""RFM scores from breakpoints, and breakpoints from all customers: pure rules.

Source: the scheme for small shops of Patch Retention's RFM scores (single purchases and lost customers apart,
quartiles of the others, quintiles of spend), with ties by average rank; else limits a shop has set.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import floor

from aftersales_cli.records.value import CustomerFacts

Cuts = tuple[float | None, float | None, float | None, float | None]
"""Where the scores 2, 3, 4 and 5 begin; None if nobody can reach one."""
QUARTERS, FIFTHS = 4, 5
NOBODY: Cuts = (None, None, None, None)


@dataclass(frozen=True)
class Breaks:
    """Where the scores begin."""

    recency: Cuts
    """At most so many days for R2, R3, R4, R5: falling."""
    orders: Cuts
    """At least so many orders for F2 … F5."""
    spend: Cuts
    """At least so many minor units for M2 … M5."""

    def score(self, *, days: int, orders: int, spend: int | None) -> tuple[int, int, int]:
        """Return R, F and M; M is 0 if the spend is not known or has no breakpoints."""
        recency = _score(-days, tuple(None if cut is None else -cut for cut in self.recency))
        money = 0 if spend is None or self.spend == NOBODY else _score(spend, self.spend)
        return recency, _score(orders, self.orders), money


def _score(value: float, cuts: Sequence[float | None]) -> int:
    return 1 + sum(cut is not None and value >= cut for cut in cuts)


def quantile_breaks(facts: Iterable[CustomerFacts], day: date, *, lost_days: int) -> Breaks:
    """Return the breakpoints that split these customers by the scheme for small shops."""
    everyone = list(facts)
    days = [recency_days(entry, day) for entry in everyone]
    active = _cuts([-age for age in days if age <= lost_days], parts=QUARTERS)
    again = _cuts([entry.orders for entry in everyone if entry.orders > 1], parts=QUARTERS)
    spends = [entry.spend for entry in everyone if entry.spend is not None]
    recency = (-float(lost_days), *active[1:])
    return Breaks(
        recency=_cut_tuple([None if cut is None else -cut for cut in recency]),
        orders=_cut_tuple([2, *again[1:]]),
        spend=_cut_tuple(_cuts(spends, parts=FIFTHS)[1:]) if spends else NOBODY,
    )


def fixed_breaks(
    *, recency_days: Sequence[int], orders: Sequence[int], spend: Sequence[int] | None
) -> Breaks:
    """Return breakpoints as a shop has set them, each list for the scores in the order of the settings file.

    ``recency_days`` is for R5, R4, R3, R2; the others for 2 to 5, ``spend`` in minor units.
    """
    return Breaks(
        recency=_cut_tuple(list(reversed(recency_days))),
        orders=_cut_tuple(orders),
        spend=_cut_tuple(spend) if spend else NOBODY,
    )


def _cut_tuple(cuts: Sequence[float | None]) -> Cuts:
    second, third, fourth, fifth = cuts
    return second, third, fourth, fifth


def _cuts(values: Iterable[float], *, parts: int) -> list[float | None]:
    """Return the smallest value of each of so many equal parts; ties get the middle of their ranks.

    A part that ties leave empty begins where the next one does.
    """
    ordered = sorted(values)
    begins: list[float | None] = [None] * parts
    below = 0
    for value, same in groupby(ordered):
        size = len(list(same))
        # Of the ranks below + 1 to below + size the middle one, as a share of all.
        share = (below + size / 2) / len(ordered)
        for place in range(floor(share * parts) + 1):
            if begins[place] is None:
                begins[place] = value
        below += size
    return begins


def recency_days(facts: CustomerFacts, day: date) -> int:
    """Return the days since the last paid order; 0 for one paid after ``day``."""
    return max(0, (day - date.fromisoformat(facts.last_on)).days)


def crossings(breaks: Breaks, before: date, now: date) -> list[tuple[str, str]]:
    """Return the spans of days (first, day after the last) of last orders whose R fell from one day to another.

    A customer keeps a score for as long as the age is at most its limit, so those fall whose age passed it.
    """
    limits = sorted({cut for cut in breaks.recency if cut is not None})
    return [(_days_before(before, limit), _days_before(now, limit)) for limit in limits]


def _days_before(day: date, days: float) -> str:
    return date.fromordinal(max(1, day.toordinal() - floor(days))).isoformat()
