"""The ways a figure is computed from facts: counts, shares, sums, ratios, means and durations."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from aftersales_cli.clock import seconds_between
from aftersales_cli.database import facts
from aftersales_cli.database.facts import Rows
from aftersales_cli.shop import Shop
from aftersales_cli.statistics import quantile, wilson_interval

SATISFIED_FROM = 4
"""Lowest score of 1 to 5 that counts as satisfied; 3 counts as bad (as Zendesk and Douyin cut)."""


@dataclass(frozen=True)
class Raw:
    """A measured number before it is compared: None where there is nothing to measure."""

    value: float | None
    k: float | None
    """Numerator: rows, minor units, or the sum of seconds or scores."""
    n: int
    """Denominator: rows or minor units."""
    sample: int
    """Rows the figure rests on; the same as ``n`` unless that is money."""
    low: float | None = None
    high: float | None = None


@dataclass
class Reader:
    """Reads facts within one period and remembers the answers, since figures share them."""

    shop: Shop
    bounds: facts.Bounds
    _known: dict[tuple[object, ...], Any] = field(default_factory=dict)

    def count(self, rows: Rows) -> int:
        """Return how many rows there are."""
        key = ("count", rows)
        if key not in self._known:
            self._known[key] = facts.count_rows(self.shop.database, rows, self.bounds)
        return int(self._known[key])

    def total(self, rows: Rows, column: str) -> int:
        """Return the sum of a column."""
        key = ("total", rows, column)
        if key not in self._known:
            self._known[key] = facts.sum_column(self.shop.database, rows, column, self.bounds)
        return int(self._known[key])

    def seconds(self, rows: Rows, first: str, second: str) -> list[int]:
        """Return the wall-clock seconds between two moments of each row, ascending, never negative."""
        key = ("seconds", rows, first, second)
        if key not in self._known:
            pairs = facts.moment_pairs(self.shop.database, rows, first, second, self.bounds)
            self._known[key] = sorted(max(0, seconds_between(start, end)) for start, end in pairs)
        return list(self._known[key])


class Measure(Protocol):
    """A way to compute a figure."""

    def read(self, reader: Reader) -> Raw:
        """Compute the figure within the reader's period."""


@dataclass(frozen=True)
class Count:
    """How many rows; zero is a number here, not missing data."""

    rows: Rows

    def read(self, reader: Reader) -> Raw:
        """Count the rows."""
        size = reader.count(self.rows)
        return Raw(size, size, size, size)


@dataclass(frozen=True)
class Total:
    """The sum of an amount."""

    rows: Rows
    column: str

    def read(self, reader: Reader) -> Raw:
        """Sum the column; None without rows."""
        size = reader.count(self.rows)
        amount = reader.total(self.rows, self.column)
        return Raw(amount if size else None, amount, size, size)


@dataclass(frozen=True)
class Share:
    """Rows that also meet ``hits`` ÷ rows."""

    rows: Rows
    hits: tuple[str, ...]

    def read(self, reader: Reader) -> Raw:
        """Count both, with the Wilson interval."""
        total = reader.count(self.rows)
        return share_of(reader.count(self.rows.where(*self.hits)), total)


@dataclass(frozen=True)
class Ratio:
    """Rows of one fact ÷ rows of another, of the same period (may exceed 1)."""

    rows: Rows
    over: Rows

    def read(self, reader: Reader) -> Raw:
        """Count both; the interval exists while the events are fewer than what they are counted on."""
        return share_of(reader.count(self.rows), reader.count(self.over))


@dataclass(frozen=True)
class AmountShare:
    """Sum of one amount ÷ sum of another over the same rows, all in one currency."""

    rows: Rows
    part: str
    whole: str

    def read(self, reader: Reader) -> Raw:
        """Sum both; money has no Wilson interval."""
        part, whole = reader.total(self.rows, self.part), reader.total(self.rows, self.whole)
        return Raw(part / whole if whole else None, part, whole, reader.count(self.rows))


@dataclass(frozen=True)
class Mean:
    """The mean of a column."""

    rows: Rows
    column: str

    def read(self, reader: Reader) -> Raw:
        """Sum and divide."""
        size, total = reader.count(self.rows), reader.total(self.rows, self.column)
        return Raw(total / size if size else None, total, size, size)


@dataclass(frozen=True)
class Duration:
    """Mean (``quantile`` None) or quantile of the seconds between two moments."""

    rows: Rows
    first: str
    second: str
    quantile: float | None = None
    smallest: int = 1
    """Fewer values give no figure."""

    def read(self, reader: Reader) -> Raw:
        """Compute from all single durations; quantiles by linear interpolation (type 7)."""
        seconds = reader.seconds(self.rows, self.first, self.second)
        size = len(seconds)
        if size < self.smallest:
            return Raw(None, None, size, size)
        if self.quantile is None:
            return Raw(sum(seconds) / size, sum(seconds), size, size)
        return Raw(quantile(seconds, self.quantile), None, size, size)


@dataclass(frozen=True)
class WithinTarget:
    """Rows whose duration keeps the target ÷ rows that have ended or are overdue."""

    rows: Rows
    """All rows that ended or passed the target."""
    first: str
    second: str
    ended: str
    """Condition of rows that have ended."""
    limit: str
    """Name of the bound that holds the target in seconds."""

    def read(self, reader: Reader) -> Raw:
        """Count the durations up to the target."""
        seconds = reader.seconds(self.rows.where(self.ended), self.first, self.second)
        limit = int(reader.bounds[self.limit])
        return share_of(sum(value <= limit for value in seconds), reader.count(self.rows))


def share_of(part: int, whole: int) -> Raw:
    """Return a share with its Wilson interval; None if there is nothing to divide by."""
    if whole == 0:
        return Raw(None, part, 0, 0)
    low, high = (wilson_interval(part, whole) or (None, None)) if part <= whole else (None, None)
    return Raw(part / whole, part, whole, whole, low, high)
