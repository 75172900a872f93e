"""Periods beside the one asked for."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from aftersales_cli.clock import parse_period
from aftersales_cli.insight.periods import end_moment, is_over, months_until, previous_period, twelve_months

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("period", "label", "start", "last"),
    [
        ("2026-03", "2026-02", "2026-02-01", "2026-02-28"),
        ("2026-01", "2025-12", "2025-12-01", "2025-12-31"),
        ("2026Q1", "2025Q4", "2025-10-01", "2025-12-31"),
        ("2025", "2024", "2024-01-01", "2024-12-31"),
        ("2024-03-01..2024-03-10", "2024-02-20..2024-02-29", "2024-02-20", "2024-02-29"),
        ("2026-02-01..2026-03-31", "2025-12..2026-01", "2025-12-01", "2026-01-31"),
    ],
)
def test_the_period_before_has_the_same_length_in_months_or_days(
    period: str, label: str, start: str, last: str
) -> None:
    before = previous_period(parse_period(period))
    assert (before.label, str(before.start), str(before.last)) == (label, start, last)


def test_trend_months_end_with_the_periods_last_month() -> None:
    months = months_until(parse_period("2026Q1"), 3)
    assert [month.label for month in months] == ["2026-01", "2026-02", "2026-03"]
    year = twelve_months(parse_period("2026-02"))
    assert (year.label, str(year.start), str(year.last)) == ("2025-03..2026-02", "2025-03-01", "2026-02-28")


def test_a_period_ends_at_local_midnight_or_now() -> None:
    october, now = parse_period("2026-10"), datetime(2026, 10, 31, 16, 0, tzinfo=UTC)
    assert is_over(october, SHANGHAI, now)
    assert end_moment(october, SHANGHAI, now) == now
    early = datetime(2026, 10, 20, tzinfo=UTC)
    assert not is_over(october, SHANGHAI, early)
    assert end_moment(october, SHANGHAI, early) == early
