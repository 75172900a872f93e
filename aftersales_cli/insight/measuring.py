"""Measure the catalogue's figures in one period."""

from dataclasses import dataclass
from datetime import timedelta

from aftersales_cli.clock import Period, local_day, to_text
from aftersales_cli.database.facts import Rows, first_value
from aftersales_cli.insight.catalogue import ENTRIES, Entry
from aftersales_cli.insight.measures import SATISFIED_FROM, Raw, Reader
from aftersales_cli.insight.periods import end_moment, is_over, moment_before
from aftersales_cli.language import N_, _
from aftersales_cli.shop import Shop

AGE_DAYS = (1, 3, 7, 15)
"""Where the ageing buckets end; over 15 days is the legal line for delayed handling in China."""

NO_RETURNS = N_("no return data")
NO_REFUNDS = N_("no refund data")
NO_CASES = N_("no case data")


@dataclass(frozen=True)
class Value:
    """One figure of one period; ``value`` is None where there is nothing to measure."""

    code: str
    period: str
    value: float | None
    k: float | None
    """Numerator: rows, minor units, or a sum of seconds or scores."""
    n: int
    """Denominator: rows, or minor units where the figure is a share of an amount."""
    low: float | None
    high: float | None
    """Wilson 95 % interval of a share of rows."""
    sample: int
    """Rows the figure rests on."""
    small: bool
    """Fewer rows than the figure's minimum."""
    missing: str
    """What data is missing, translated; empty if none is."""


def bounds_of(shop: Shop, period: Period) -> dict[str, str | int]:
    """Return what the facts' conditions refer to; moments in UTC, days local to the shop."""
    at = end_moment(period, shop.zone, shop.now)
    limit = shop.settings.targets.first_reply_seconds
    return {
        "start": period.start.isoformat(),
        "stop": period.end.isoformat(),
        "today": shop.today.isoformat(),
        "at": to_text(at),
        "at_on": local_day(at, shop.zone).isoformat(),
        "overdue": to_text(shop.now - timedelta(seconds=limit)),
        "reply_limit": limit,
        "currency": shop.settings.shop.currency,
        "score": SATISFIED_FROM,
        **{f"age_{days}": moment_before(at, days=days) for days in AGE_DAYS},
    }


def reader_of(shop: Shop, period: Period) -> Reader:
    """Return a reader of the facts within a period."""
    return Reader(shop, bounds_of(shop, period))


def measure(shop: Shop, period: Period, entries: tuple[Entry, ...] = ENTRIES) -> dict[str, Value]:
    """Return every figure of a period by its code."""
    reader = reader_of(shop, period)
    over = is_over(period, shop.zone, shop.now)
    return {entry.code: _measure_entry(entry, reader, period, over=over) for entry in entries}


def _measure_entry(entry: Entry, reader: Reader, period: Period, *, over: bool) -> Value:
    raw = entry.measure.read(reader)
    missing = _missing_data(entry, reader, raw)
    if entry.basis == "snapshot" and not over and str(reader.bounds["start"]) > str(reader.bounds["at_on"]):
        raw = Raw(None, None, 0, 0)
    return Value(
        code=entry.code,
        period=period.label,
        value=None if missing else raw.value,
        k=None if missing else raw.k,
        n=raw.n,
        low=None if missing else raw.low,
        high=None if missing else raw.high,
        sample=raw.sample,
        small=0 < raw.sample < entry.minimum,
        missing=missing,
    )


def _missing_data(entry: Entry, reader: Reader, raw: Raw) -> str:
    """Say what is missing where a zero would only mean that nobody wrote it down."""
    if raw.n == 0 or raw.k:
        return ""
    if entry.needs in _FIRST_NEEDED:
        rows, missing = _FIRST_NEEDED[entry.needs]
        first = first_value(reader.shop.database, rows, "opened_on", reader.bounds)
        return _(missing) if first is None or first >= reader.bounds["stop"] else ""
    if entry.needs == "refunds" and not reader.count(_REFUND_KNOWN):
        return _(NO_REFUNDS)
    return ""


_FIRST_NEEDED = {
    "returns": (Rows("cases", None, ("return",)), NO_RETURNS),
    "cases": (Rows("cases", None), NO_CASES),
}
"""What a figure needs → the rows of which there must be one before the period ends, and what is said if not."""
_REFUND_KNOWN = Rows("orders", "paid_on", ("paid", "refund_known"))


def target_of(shop: Shop, entry: Entry) -> float | None:
    """Return the shop's target in the figure's unit, None if there is none."""
    if not entry.target:
        return None
    return float(getattr(shop.settings.targets, entry.target)) * entry.target_factor
