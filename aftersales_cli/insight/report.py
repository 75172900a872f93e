"""All figures of a period against targets, the period before and the months before, in one place."""

from dataclasses import dataclass

from aftersales_cli.clock import Period
from aftersales_cli.database.facts import CurrencyTotals, Rows, currency_totals, group_rows, latest_data
from aftersales_cli.insight.breakdowns import Part, ageing, split
from aftersales_cli.insight.catalogue import BREAKDOWNS, BY_CODE, ENTRIES, Entry
from aftersales_cli.insight.measuring import Value, measure, reader_of, target_of
from aftersales_cli.insight.periods import is_over, months_until, previous_period
from aftersales_cli.language import _
from aftersales_cli.shop import Shop

NEAR = 0.10
"""A miss of up to this share of the target is called near."""


@dataclass(frozen=True)
class Figure:
    """One figure with what it is compared to."""

    value: Value
    before: Value
    target: float | None
    light: str
    """``good``, ``near``, ``bad``, ``small`` (sample too small to judge) or ``none``."""
    history: tuple[Value, ...] = ()
    """The same figure in ``KpiReport.months``."""

    @property
    def entry(self) -> Entry:
        """What the figure means."""
        return BY_CODE[self.value.code]


@dataclass(frozen=True)
class KpiReport:
    """Everything the commands and the workbook show about a period."""

    period: Period
    previous: Period
    over: bool
    """Whether the period has ended."""
    figures: tuple[Figure, ...]
    months: tuple[Period, ...]
    breakdowns: dict[str, list[Part]]
    ageing: list[Part]
    currencies: list[CurrencyTotals]
    """Paid orders per currency."""
    void_cases: int
    """Cases opened in the period and left out: merged, or cancelled as spam, test or duplicate."""
    measured_at: str
    latest_paid_on: str | None
    latest_import_at: str | None

    def figure(self, code: str) -> Figure:
        """Return the figure with this code."""
        return next(figure for figure in self.figures if figure.value.code == code)

    @property
    def empty(self) -> bool:
        """Whether neither an order nor a case nor an open case touches the period."""
        codes = ("orders_placed", "orders_paid", "cases_opened", "backlog")
        return not any(self.figure(code).value.value for code in codes)


def judge(entry: Entry, value: Value, target: float | None) -> str:
    """Return the light of a figure; a share of the target (NEAR) lies between good and bad."""
    if target is None or value.value is None or not entry.direction:
        return "none"
    if value.small:
        return "small"
    if entry.direction == "up":
        good, near = value.value >= target, value.value >= target * (1 - NEAR)
    else:
        good, near = value.value <= target, value.value <= target * (1 + NEAR)
    return "good" if good else "near" if near else "bad"


_PAID = Rows("orders", "paid_on", ("paid",))
_VOID = Rows("void_cases", "opened_on")


def make_report(shop: Shop, period: Period, *, months: int = 0) -> KpiReport:
    """Measure a period, the one before, and ``months`` calendar months up to it for trends."""
    reader, previous = reader_of(shop, period), previous_period(period)
    values, before = measure(shop, period), measure(shop, previous)
    trail = tuple(months_until(period, months)) if months else ()
    history = [measure(shop, month) for month in trail]
    paid_on, imported_at = latest_data(shop.database)
    return KpiReport(
        period=period,
        previous=previous,
        over=is_over(period, shop.zone, shop.now),
        figures=tuple(
            Figure(
                value=values[entry.code],
                before=before[entry.code],
                target=(target := target_of(shop, entry)),
                light=judge(entry, values[entry.code], target),
                history=tuple(month[entry.code] for month in history),
            )
            for entry in ENTRIES
        ),
        months=trail,
        breakdowns={entry.code: split(shop, reader, entry) for entry in BREAKDOWNS},
        ageing=ageing(shop, reader),
        currencies=currency_totals(shop.database, _PAID, reader.bounds),
        void_cases=sum(row[1] for row in group_rows(shop.database, _VOID, "status", reader.bounds)),
        measured_at=shop.stamp,
        latest_paid_on=paid_on,
        latest_import_at=imported_at,
    )


def currency_note(shop: Shop, report: KpiReport) -> str:
    """Say which orders the amounts leave out; empty if all are in the shop's currency."""
    others = [row for row in report.currencies if row.currency != shop.settings.shop.currency]
    if not others:
        return ""
    listed = ", ".join(f"{row.currency} {row.orders}" for row in others)
    return _(
        "Amounts and amount rates are in {currency} only; paid orders in other currencies: {list}.",
        currency=shop.settings.shop.currency,
        list=listed,
    )
