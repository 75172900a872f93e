"""The next product a customer may like: what buyers of the same product bought as well."""

from collections import defaultdict
from datetime import date, timedelta

from aftersales_cli.customers.plans.reasons_why import Facts
from aftersales_cli.database.co_purchase import list_bought, list_pairs
from aftersales_cli.records.plans import ProductPair
from aftersales_cli.shop import Shop

DAYS = 365
"""So far back purchases count."""
SUPPORT = 5
"""Fewer common buyers are chance."""
_LEAST_LIFT = 1.2
"""Bought together no more often than this by chance anyhow is no hint."""
_MOST_PAIRS = 5000


def find_pairs(
    shop: Shop, *, support: int = SUPPORT, limit: int, on: date | None = None
) -> list[ProductPair]:
    """Return pairs of products with at least ``support`` common buyers in the last year, highest lift first."""
    since = (on or shop.today) - timedelta(days=DAYS)
    return list_pairs(shop.database, since=since.isoformat(), support=support, limit=limit)


class Hints:
    """Finds a hint for a customer; the pairs are counted once, when the first one is asked for."""

    def __init__(self, shop: Shop, on: date) -> None:
        self._shop, self._on = shop, on
        self._pairs: dict[str, list[ProductPair]] | None = None

    def facts(self, customer_id: int) -> Facts:
        """Return the best product that the customer does not have yet as facts, none if there is no good one."""
        owned = list_bought(self._shop.database, customer_id)
        pairs = self._all()
        fitting = [
            pair
            for title in owned
            for pair in pairs.get(title, ())
            if pair.next_product not in owned and pair.lift >= _LEAST_LIFT
        ]
        if not fitting:
            return {}
        best = max(fitting, key=lambda pair: (pair.lift, pair.both, pair.next_product))
        return {"next": best.next_product, "both": best.both, "lift": f"{best.lift:.1f}"}

    def _all(self) -> dict[str, list[ProductPair]]:
        if self._pairs is None:
            self._pairs = defaultdict(list)
            for pair in find_pairs(self._shop, limit=_MOST_PAIRS, on=self._on):
                self._pairs[pair.bought].append(pair)
        return self._pairs
