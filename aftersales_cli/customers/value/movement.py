"""How customers moved between segments from the end of one month to that of another."""

from collections import Counter
from dataclasses import dataclass

from aftersales_cli.clock import Period, month_of, parse_period
from aftersales_cli.customers.value.valuing import bring_up_to_date, value_as_of
from aftersales_cli.database.customer_values import current_values, list_value_months
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class Move:
    """So many customers went from one segment to another, or stayed."""

    before: str
    """Code of the segment; ``""`` for those who were no customers yet."""
    after: str
    customers: int


@dataclass(frozen=True)
class Movement:
    """The movements between the ends of two months; the running month counts as it stands today."""

    start: str
    end: str
    reckoned: list[str]
    """Months of which nothing was kept: told from the orders up to their end, with refunds as they are known now."""
    moves: list[Move]


def movement(shop: Shop, *, start: str = "", end: str = "") -> Movement:
    """Return who moved between two months (``2026-10``); without them from last month to the running one.

    Raises WrongUsageError for what is no month, for one that has not begun, or for months in the wrong order.
    """
    last = _month(shop, end) if end else month_of(shop.today)
    first = _month(shop, start) if start else month_of(last.start, -1)
    if first.start >= last.start:
        raise WrongUsageError(
            _("{first} does not lie before {last}.", first=first.label, last=last.label),
            remedy=_("Give the earlier month with --from, the later one with --to."),
        )
    with shop.rehearsal():
        bring_up_to_date(shop)
        kept = list_value_months(shop.database)
        before, after = (_segments(shop, month, kept) for month in (first, last))
    counts = Counter((before.get(number, ""), segment) for number, segment in after.items())
    moves = [Move(*places, count) for places, count in sorted(counts.items())]
    reckoned = [month.label for month in (first, last) if month.label not in kept]
    return Movement(first.label, last.label, reckoned, moves)


def _segments(shop: Shop, month: Period, kept: list[str]) -> dict[int, str]:
    """Return customer → segment at the end of a month."""
    if month.label in kept:
        values = current_values(shop.database, month=month.label)
    else:
        values = value_as_of(shop, min(month.last, shop.today)).values
    return {value.customer_id: value.segment for value in values}


def _month(shop: Shop, text: str) -> Period:
    period = parse_period(text)
    if period != month_of(period.start) or period.start > shop.today:
        raise WrongUsageError(
            _("“{text}” is no month up to now.", text=text), remedy=_("Write it like 2026-10.")
        )
    return period
