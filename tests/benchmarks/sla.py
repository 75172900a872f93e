"""Working time against the plain loop over days, and what clocks cost a desk with many open cases."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aftersales_cli.database.fetch import execute
from aftersales_cli.desk.calendars import open_calendars
from aftersales_cli.desk.clocks import refresh_clocks
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.sla_checking import check_clocks
from aftersales_cli.shop import Shop
from aftersales_cli.worktime import Calendar, due_moment, elapsed_seconds
from tests.benchmarks.setup import Setup
from tests.benchmarks.timing import Ratio, Table, medians, ratio_table

_SPANS, _FEW_SPANS = 10_000, 500
_CASES, _FEW_CASES = 2_000, 20
_ZONE = ZoneInfo("Asia/Shanghai")
_OPEN, _CLOSE = 9, 18

Span = tuple[datetime, datetime]


def measure(setup: Setup) -> list[Table]:
    """Measure spans of eight days, due times, and the check of many open cases."""
    shop = setup.new_shop()
    try:
        return [_measure_spans(setup, shop), _measure_cases(setup, shop)]
    finally:
        shop.close()


def _measure_spans(setup: Setup, shop: Shop) -> Table:
    import holidays

    first = datetime(2026, 1, 5, 2, tzinfo=UTC)
    count = _FEW_SPANS if setup.quick else _SPANS
    spans = [
        (first + timedelta(minutes=37 * n), first + timedelta(minutes=37 * n, days=8)) for n in range(count)
    ]
    calendar = open_calendars(shop, first_year=2025).get("business")
    china = holidays.country_holidays("CN", years=range(2025, 2029))
    assert _our_seconds(calendar, spans[:200]) == _plain_seconds(china, spans[:200])
    seconds = medians(
        {
            "elapsed": lambda: _our_seconds(calendar, spans),
            "due": lambda: [due_moment(calendar, start, 40 * 3600) for start, _end in spans],
            "plain": lambda: _plain_seconds(china, spans),
        },
        setup.repeats,
    )
    peer = "a loop over the days with holidays.is_working_day"
    ratios = [
        Ratio(f"working seconds of {count:,} spans of 8 days", peer, seconds["elapsed"], seconds["plain"], 1),
        Ratio(f"{count:,} due times, 40 working hours", peer, seconds["due"], seconds["plain"], 1),
    ]
    return ratio_table("Working time", ratios)


def _our_seconds(calendar: Calendar, spans: Sequence[Span]) -> int:
    return sum(elapsed_seconds(calendar, start, end) for start, end in spans)


def _plain_seconds(china: Any, spans: Sequence[Span]) -> int:
    return sum(_plain_span(china, start, end) for start, end in spans)


def _plain_span(china: Any, start: datetime, end: datetime) -> int:
    first, last = start.astimezone(_ZONE), end.astimezone(_ZONE)
    day, total = first.date(), 0.0
    while day <= last.date():
        if china.is_working_day(day):
            opening, closing = (_local(day, hour) for hour in (_OPEN, _CLOSE))
            total += max(0.0, (min(closing, last) - max(opening, first)).total_seconds())
        day += timedelta(days=1)
    return int(total)


def _local(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=_ZONE)


def _measure_cases(setup: Setup, shop: Shop) -> Table:
    count = _FEW_CASES if setup.quick else _CASES
    with shop.writing("cases.open"):
        numbers = [open_case(shop, say="?", channel="email").number for _case in range(count)]

    def refresh() -> None:
        with shop.writing("cases.note"):
            refresh_clocks(shop, numbers)

    def rebuild() -> None:
        with shop.writing("cases.note"):
            execute(shop.database, "DELETE FROM sla_clocks")
            execute(shop.database, "DELETE FROM sla_seen")
        check_clocks(shop)

    seconds = medians(
        {"again": refresh, "anew": rebuild, "check": lambda: check_clocks(shop)}, 1 if setup.quick else 3
    )
    rows = [
        (f"deriving the clocks of {count:,} cases, nothing changed", "again"),
        (f"sla check that makes the clocks of {count:,} open cases", "anew"),
        (f"sla check of {count:,} open cases, all up to date", "check"),
    ]
    cells = [[what, f"{seconds[name]:.3f}", f"{seconds[name] / count * 1000:.2f}"] for what, name in rows]
    return Table("Clocks", ("what", "seconds", "ms a case"), cells)
