"""The simple rule for each customer: days of silence against the gap that is usual between two purchases."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp2
from statistics import median

from aftersales_cli.customers.churn.buyers import Buyer
from aftersales_cli.statistics import quantile

OWN_GAPS = 3
"""From so many gaps on a customer's own median is trusted."""
SHRINK = 3
"""As how many gaps the shop's median counts beside fewer own ones."""
LATE_SHARE = 0.75
"""The quantile of all gaps after which a second purchase is late."""
NO_GAPS_DAYS = 180.0
"""The gap assumed while nobody in the shop has bought twice."""
DEGREES = ("active", "due", "at_risk", "lost")
"""From near to gone."""
LEAVING = ("at_risk", "lost")


@dataclass(frozen=True)
class GapRule:
    """What is usual in a shop."""

    median: float
    """The median of all gaps, in days."""
    late: float
    """Their 75th percentile: the gap expected of who bought once."""
    gaps: int
    """How many gaps there are."""
    returning: float
    """Share of the customers who came back, of those who had the time to."""

    def expected_gap(self, gaps: Sequence[int]) -> float:
        """Return the gap to be expected of a customer with these gaps, in days."""
        if not gaps:
            return self.late
        if len(gaps) >= OWN_GAPS:
            return float(median(gaps))
        return (sum(gaps) + SHRINK * self.median) / (len(gaps) + SHRINK)

    def overdue(self, gaps: Sequence[int], silent_days: int) -> float:
        """Return the days of silence in expected gaps."""
        return silent_days / self.expected_gap(gaps)

    def expected_purchases(self, repeats: int, age_days: int, days: float) -> float:
        """Return the purchases of the coming days at the customer's own pace since the first one, silence included.

        One usual gap with one purchase is added, lest a few quick orders count as a pace. Of who bought once, few
        ever come back.
        """
        pace = (repeats + 1) / (age_days + self.median)
        return days * pace * (1.0 if repeats else self.returning)

    def chance_to_buy(self, gaps: Sequence[int], silent_days: int, days: float) -> float:
        """Return a rough chance of a purchase in the coming days: the rule itself knows none.

        Half buy within one gap; after two gaps of silence the chance is a half of that, after three a third.
        """
        chance = 1 - exp2(-days / self.expected_gap(gaps))
        chance /= max(1.0, self.overdue(gaps, silent_days))
        return chance if gaps else chance * self.returning


def find_degree(overdue: float) -> str:
    """Return the degree for so many expected gaps of silence: to 1 active, to 2 due, to 3 at risk, then lost."""
    return DEGREES[sum(overdue > limit for limit in (1, 2, 3))]


def fit_gaps(buyers: Sequence[Buyer], end: int) -> GapRule:
    """Return what is usual among these customers, up to an ordinal day."""
    gaps = sorted(gap for buyer in buyers for gap in buyer.gaps)
    late = quantile(gaps, LATE_SHARE) or NO_GAPS_DAYS
    had_time = [buyer for buyer in buyers if end - buyer.days[0] >= late]
    returned = sum(1 for buyer in had_time if buyer.repeats)
    return GapRule(
        median=float(median(gaps)) if gaps else NO_GAPS_DAYS,
        late=float(late),
        gaps=len(gaps),
        returning=returned / len(had_time) if had_time else 0.0,
    )
