"""Windows in local days: day 1 is the day after, 24:00 ends it, holidays and clock changes do no harm."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from aftersales_cli.desk.returns.policy_windows import (
    WeekDays,
    WindowSpec,
    add_months,
    find_window,
    midnight,
)

CHINA, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


class NeverOpen:
    """A calendar somebody has filled in wrongly."""

    def is_open_on(self, day: date) -> bool:
        """No day is worked."""
        return day.year < 2000


@pytest.mark.parametrize(
    ("spec", "zone", "begun", "end"),
    [
        (WindowSpec(days=7), CHINA, "2026-03-02T07:00:00Z", "2026-03-09T16:00:00Z"),
        # 23:30 in Shanghai is still 2 March although it is 15:30 in UTC; half an hour later is 3 March.
        (WindowSpec(days=7), CHINA, "2026-03-02T15:59:59Z", "2026-03-09T16:00:00Z"),
        (WindowSpec(days=7), CHINA, "2026-03-02T16:00:00Z", "2026-03-10T16:00:00Z"),
        (WindowSpec(days=7, count="168h"), CHINA, "2026-03-02T07:00:00Z", "2026-03-09T16:00:00Z"),
        # Clocks go forward on 29 March in Berlin: days end at local midnight, 168 hours an hour later by the wall.
        (WindowSpec(days=7), BERLIN, "2026-03-25T09:00:00Z", "2026-04-01T22:00:00Z"),
        (WindowSpec(days=7, count="168h"), BERLIN, "2026-03-25T09:00:00Z", "2026-04-01T23:00:00Z"),
        # And back on 25 October.
        (WindowSpec(days=7), BERLIN, "2026-10-20T09:00:00Z", "2026-10-27T23:00:00Z"),
        (WindowSpec(days=7, count="168h"), BERLIN, "2026-10-20T09:00:00Z", "2026-10-27T22:00:00Z"),
        # Five working days after Thursday 5 March: 6, 9, 10, 11, 12.
        (WindowSpec(days=5, count="business"), CHINA, "2026-03-05T07:00:00Z", "2026-03-12T16:00:00Z"),
        (WindowSpec(days=1, count="business"), CHINA, "2026-03-06T07:00:00Z", "2026-03-09T16:00:00Z"),
        # Saturday 14 March moves to Monday, Monday stays.
        (WindowSpec(days=7, end="next_working_day"), CHINA, "2026-03-07T07:00:00Z", "2026-03-16T16:00:00Z"),
        (WindowSpec(days=7, end="next_working_day"), CHINA, "2026-03-09T07:00:00Z", "2026-03-16T16:00:00Z"),
        (WindowSpec(months=1), CHINA, "2026-01-31T07:00:00Z", "2026-02-28T16:00:00Z"),
        (WindowSpec(months=12), CHINA, "2028-02-29T07:00:00Z", "2029-02-28T16:00:00Z"),
    ],
)
def test_a_window_ends_when_it_should(spec: WindowSpec, zone: ZoneInfo, begun: str, end: str) -> None:
    window = find_window(spec, begun_by=begun, warranty_until=None, zone=zone, calendar=WeekDays())
    assert window.end == end
    assert not window.holds(end)
    assert window.holds(begun)


def test_a_window_without_its_event_has_not_begun_and_is_not_over() -> None:
    window = find_window(
        WindowSpec(days=7), begun_by=None, warranty_until=None, zone=CHINA, calendar=WeekDays()
    )
    assert not window.has_begun
    assert window.start is None
    assert window.holds("2099-01-01T00:00:00Z")


def test_a_warranty_ends_with_its_last_local_day() -> None:
    spec = WindowSpec(start="warranty")
    window = find_window(spec, begun_by=None, warranty_until="2027-03-02", zone=CHINA, calendar=WeekDays())
    assert window.end == "2027-03-02T16:00:00Z"
    unknown = find_window(spec, begun_by=None, warranty_until=None, zone=CHINA, calendar=WeekDays())
    assert not unknown.has_begun


def test_a_calendar_that_never_opens_moves_nothing() -> None:
    spec = WindowSpec(days=7, end="next_working_day")
    window = find_window(
        spec, begun_by="2026-03-02T07:00:00Z", warranty_until=None, zone=CHINA, calendar=NeverOpen()
    )
    assert window.last_day == date(2026, 3, 9)


def test_a_holiday_never_makes_a_window_shorter() -> None:
    for day in range(1, 29):
        begun = f"2026-02-{day:02}T07:00:00Z"
        plain = find_window(
            WindowSpec(days=7), begun_by=begun, warranty_until=None, zone=CHINA, calendar=WeekDays()
        )
        moved = find_window(
            WindowSpec(days=7, end="next_working_day"),
            begun_by=begun,
            warranty_until=None,
            zone=CHINA,
            calendar=WeekDays(),
        )
        assert plain.end is not None
        assert moved.end is not None
        assert moved.end >= plain.end


def test_midnight_exists_where_clocks_change_at_midnight() -> None:
    # In Beirut 00:00 of 29 March 2026 does not exist; the day begins at what is 01:00 by the wall.
    assert midnight(date(2026, 3, 29), ZoneInfo("Asia/Beirut")).isoformat() == "2026-03-28T22:00:00+00:00"


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 2), 24, date(2028, 3, 2)),
    ],
)
def test_months_end_on_the_day_of_the_same_number(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected
