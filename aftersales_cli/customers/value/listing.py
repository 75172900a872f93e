"""Valued customers as lists show them: contacts never in full."""

from dataclasses import dataclass
from datetime import date, timedelta

from aftersales_cli.customers.value.valuing import valuation
from aftersales_cli.database.customer_facts import last_order_days
from aftersales_cli.database.customer_profile import customer_names
from aftersales_cli.desk.contacts import mask_word
from aftersales_cli.records.value import CustomerValue
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class ValuedCustomer:
    """One customer's line in a list."""

    customer_id: int
    name: str
    segment: str
    r: int
    f: int
    m: int
    recency_days: int
    """Days since the last paid order, as of the day of the list."""
    last_on: str
    orders: int
    spend: int | None
    currency: str
    high_value: bool
    potential: bool
    refund_abuse: bool


@dataclass(frozen=True)
class Wanted:
    """Which customers to list; all of these must hold."""

    segment: str = ""
    high_value: bool = False
    potential: bool = False
    refund_abuse: bool = False

    def admits(self, value: CustomerValue) -> bool:
        """Tell whether a customer is wanted."""
        flags = ("high_value", "potential", "refund_abuse")
        return self.segment in {"", value.segment} and all(
            getattr(value, flag) for flag in flags if getattr(self, flag)
        )


def list_valued(
    shop: Shop, wanted: Wanted, *, day: date | None = None, limit: int = 50
) -> tuple[list[ValuedCustomer], int]:
    """Return the customers wanted, the highest spend first, and how many there are beyond the limit as well."""
    on = day or shop.today
    made = valuation(shop, day, segment=wanted.segment)
    found = [value for value in made.values if wanted.admits(value)]
    shown = found[:limit]
    lasts = last_order_days(shop.database, [value.customer_id for value in shown]) if on == shop.today else {}
    names = customer_names(shop.database, [value.customer_id for value in shown])
    rows = []
    for value in shown:
        last_on = lasts.get(value.customer_id) or (on - timedelta(days=value.recency_days)).isoformat()
        rows.append(
            ValuedCustomer(
                value.customer_id,
                mask_word(names.get(value.customer_id, "")),
                value.segment,
                value.r,
                value.f,
                value.m,
                (on - date.fromisoformat(last_on)).days,
                last_on,
                value.orders,
                value.spend,
                shop.settings.shop.currency,
                value.high_value,
                value.potential,
                value.refund_abuse,
            )
        )
    return rows, len(found)
