"""Figures split up: cases by kind, channel, status and reason, the age of open cases, and products."""

from dataclasses import dataclass

from aftersales_cli.clock import Period, from_text
from aftersales_cli.database.facts import Rows, first_value, group_rows
from aftersales_cli.database.product_facts import cases_by_product, product_sales
from aftersales_cli.insight.catalogue import Breakdown
from aftersales_cli.insight.measures import Reader
from aftersales_cli.insight.measuring import AGE_DAYS, bounds_of
from aftersales_cli.language import _
from aftersales_cli.shop import Shop
from aftersales_cli.statistics import wilson_interval


@dataclass(frozen=True)
class Part:
    """One part of a breakdown."""

    code: str
    label: str
    k: int
    n: int
    """All rows of the breakdown."""
    amount: int | None = None
    """Sum beside the rows, in minor units of the shop's currency."""

    @property
    def share(self) -> float | None:
        """``k`` ÷ ``n``, None if there are no rows."""
        return self.k / self.n if self.n else None


def split(shop: Shop, reader: Reader, breakdown: Breakdown) -> list[Part]:
    """Return the parts of a breakdown, largest first; codes in the current language."""
    found = group_rows(shop.database, breakdown.rows, breakdown.by, reader.bounds, total=breakdown.total)
    taxonomy, size = shop.taxonomy(breakdown.taxonomy), sum(row[1] for row in found)
    return [
        Part(
            code=code,
            label=taxonomy.label(code) if code else _("not stated"),
            k=count,
            n=size,
            amount=amount if breakdown.total else None,
        )
        for code, count, amount in found
    ]


_OPEN = Rows("cases", None, ("open_at",))


def ageing(shop: Shop, reader: Reader) -> list[Part]:
    """Return the open cases by calendar age, all five buckets, youngest first."""
    found = {age: count for age, count, _amount in group_rows(shop.database, _OPEN, "age", reader.bounds)}
    edges = (0, *AGE_DAYS)
    labels = [
        _("{first}–{last} days", first=first, last=last) for first, last in zip(edges, AGE_DAYS, strict=False)
    ]
    labels.append(_("over {days} days", days=AGE_DAYS[-1]))
    size = sum(found.values())
    return [
        Part(code=str(position), label=label, k=found.get(position, 0), n=size)
        for position, label in enumerate(labels)
    ]


def oldest_open_days(shop: Shop, reader: Reader) -> int | None:
    """Return the whole days the longest open case has waited, None if none is open."""
    opened = first_value(shop.database, _OPEN, "opened_at", reader.bounds)
    if opened is None:
        return None
    return (from_text(str(reader.bounds["at"])) - from_text(opened)).days


@dataclass(frozen=True)
class Product:
    """A product in a period: sales and refunds by order cohort, cases by the day they were opened."""

    title: str
    orders: int
    units: int
    refunded: int
    """Paid orders with this product that were refunded."""
    cases: int
    low: float | None
    high: float | None

    @property
    def refund_rate(self) -> float | None:
        """Refunded ÷ paid orders, None without paid orders."""
        return self.refunded / self.orders if self.orders else None


def products(shop: Shop, period: Period) -> list[Product]:
    """Return the products sold or complained about, most refunded orders first, then cases, then orders."""
    bounds = bounds_of(shop, period)
    cases = dict(cases_by_product(shop.database, bounds))
    cases.pop("", None)
    listed = []
    for sold in product_sales(shop.database, bounds):
        low, high = wilson_interval(sold.refunded, sold.orders) or (None, None)
        listed.append(
            Product(
                title=sold.title,
                orders=sold.orders,
                units=sold.units,
                refunded=sold.refunded,
                cases=cases.pop(sold.title, 0),
                low=low,
                high=high,
            )
        )
    listed += [Product(title, 0, 0, 0, count, None, None) for title, count in cases.items()]
    return sorted(listed, key=lambda row: (-row.refunded, -row.cases, -row.orders, row.title))
