"""Working time: worked examples over holidays and make-up days, night shifts, changes of the clock, and laws that always hold."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.worktime import (
    WALL,
    Calendar,
    Hours,
    add_working_days,
    check_calendar,
    due_moment,
    elapsed_seconds,
    end_of_day,
    open_stretches,
    parse_hours,
    working_days,
    write_hours,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = (((540, 1080),),) * 5 + ((), ())
HOUR = 3600


def days(text: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(word) for word in text.split())


HOLIDAYS = days(
    "2025-01-01 2025-01-28 2025-01-29 2025-01-30 2025-01-31 2025-02-03 2025-02-04 2025-04-04 2025-05-01 2025-05-02 "
    "2025-05-05 2025-06-02 2025-10-01 2025-10-02 2025-10-03 2025-10-06 2025-10-07 2025-10-08 2026-01-01 2026-01-02 "
    "2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20 2026-02-23 2026-04-06 2026-05-01 2026-05-04 2026-05-05 "
    "2026-06-19 2026-09-25 2026-10-01 2026-10-02 2026-10-05 2026-10-06 2026-10-07"
)
MAKEUP = days(
    "2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11 2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 "
    "2026-10-10"
)
CHINA = Calendar("business", SHANGHAI, OFFICE, closed=HOLIDAYS, makeup=MAKEUP)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def week(text: str) -> tuple[Hours, ...]:
    return (parse_hours(text),) * 7


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-02-13 17:00", "2026-02-14 10:00", 2),
        ("2026-02-14 17:00", "2026-02-24 10:00", 2),
        ("2026-09-19 12:00", "2026-09-20 12:00", 3),
        ("2025-01-24 17:00", "2025-01-27 10:00", 11),
    ],
)
def test_the_published_spans_count_make_up_days(start: str, end: str, hours: int) -> None:
    assert elapsed_seconds(CHINA, at(start), at(end)) == hours * HOUR


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [("2026-09-30 17:00", 8, "2026-10-08 16:00"), ("2026-10-09 17:30", 3, "2026-10-10 11:30")],
)
def test_the_published_due_times(start: str, hours: int, due: str) -> None:
    assert due_moment(CHINA, at(start), hours * HOUR) == at(due)


@pytest.mark.parametrize(
    ("day", "count", "then"), [("2026-02-13", 1, "2026-02-14"), ("2026-09-30", 3, "2026-10-10")]
)
def test_the_published_working_days_are_added(day: str, count: int, then: str) -> None:
    assert add_working_days(CHINA, date.fromisoformat(day), count) == date.fromisoformat(then)


@pytest.mark.parametrize(("year", "count"), [(2025, 248), (2026, 248)])
def test_the_published_working_days_of_a_year(year: int, count: int) -> None:
    assert len(working_days(CHINA, year)) == count


def test_rule_1_a_date_wins_over_a_make_up_day_that_over_a_holiday_that_over_the_week() -> None:
    day = date(2026, 2, 16)
    plain = Calendar("c", SHANGHAI, OFFICE)
    closed = Calendar("c", SHANGHAI, OFFICE, closed=frozenset({day}))
    made_up = Calendar("c", SHANGHAI, OFFICE, closed=frozenset({day}), makeup=frozenset({day}))
    dated = Calendar(
        "c", SHANGHAI, OFFICE, closed=frozenset({day}), makeup=frozenset({day}), dates={day: ((600, 660),)}
    )
    assert [calendar.hours_of(day) for calendar in (plain, closed, made_up, dated)] == [
        ((540, 1080),), (), ((540, 1080),), ((600, 660),),
    ]  # fmt: skip


def test_make_up_days_use_mondays_hours_unless_configured() -> None:
    sunday = date(2026, 9, 20)
    assert CHINA.hours_of(sunday) == OFFICE[0]
    short = Calendar("c", SHANGHAI, OFFICE, makeup=MAKEUP, makeup_hours=((600, 900),))
    assert short.hours_of(sunday) == ((600, 900),)


def test_several_windows_a_day_leave_out_the_break() -> None:
    calendar = Calendar("c", SHANGHAI, week("09:00-12:00 13:30-18:00"))
    assert elapsed_seconds(calendar, at("2026-03-02 11:00"), at("2026-03-02 14:30")) == 2 * HOUR
    assert due_moment(calendar, at("2026-03-02 11:30"), HOUR) == at("2026-03-02 14:00")


def test_a_night_shift_belongs_to_the_day_it_begins_on_and_ends_on_the_next() -> None:
    friday_night = Calendar("n", SHANGHAI, ((), (), (), (), parse_hours("22:00-02:00"), (), ()))
    assert elapsed_seconds(friday_night, at("2026-03-06 00:00"), at("2026-03-09 00:00")) == 4 * HOUR
    assert due_moment(friday_night, at("2026-03-02 09:00"), 3 * HOUR) == at("2026-03-07 01:00")
    assert end_of_day(friday_night, date(2026, 3, 6)) == at("2026-03-07 02:00")


def test_a_night_shift_that_runs_into_the_next_opening_is_counted_once() -> None:
    calendar = Calendar("n", SHANGHAI, week("00:00-06:00 22:00-02:00"))
    assert elapsed_seconds(calendar, at("2026-03-02 00:00"), at("2026-03-04 00:00")) == 2 * 8 * HOUR


def test_the_night_of_new_year_is_seen_from_both_years() -> None:
    calendar = Calendar("n", SHANGHAI, week("22:00-02:00"))
    assert elapsed_seconds(calendar, at("2026-12-31 23:30"), at("2027-01-01 01:00")) == HOUR * 3 // 2
    assert elapsed_seconds(calendar, at("2027-01-01 00:30"), at("2027-01-01 12:00")) == HOUR * 3 // 2


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-07", 7), ("2026-10-31", 9), ("2026-07-01", 8)],
    ids=["spring", "autumn", "plain"],
)
def test_a_night_with_a_change_of_the_clock_is_an_hour_shorter_or_longer(day: str, hours: int) -> None:
    zone = ZoneInfo("America/New_York")
    calendar = Calendar("n", zone, week("22:00-06:00"))
    start = at(f"{day} 20:00", zone)
    assert elapsed_seconds(calendar, start, start + timedelta(hours=13)) == hours * HOUR
    morning = at(f"{day} 22:00", zone) + timedelta(hours=hours)
    assert due_moment(calendar, start, hours * HOUR) == morning


def test_an_opening_inside_the_hour_that_is_left_out_has_no_second() -> None:
    zone = ZoneInfo("Europe/Berlin")
    calendar = Calendar("n", zone, week("02:10-02:50 09:00-10:00"))
    assert elapsed_seconds(calendar, at("2026-03-29 00:00", zone), at("2026-03-30 00:00", zone)) == HOUR
    half = Calendar("n", zone, week("02:30-04:00"))
    assert elapsed_seconds(half, at("2026-03-29 00:00", zone), at("2026-03-30 00:00", zone)) == HOUR


def test_a_day_that_was_left_out_has_no_opening() -> None:
    zone = ZoneInfo("Pacific/Apia")
    calendar = Calendar("n", zone, week("09:00-18:00"))
    assert elapsed_seconds(calendar, at("2011-12-29 00:00", zone), at("2012-01-01 00:00", zone)) == 18 * HOUR


def test_the_wall_calendar_counts_every_second() -> None:
    start, end = at("2026-02-13 17:00"), at("2026-02-24 10:00:07")
    assert elapsed_seconds(WALL, start, end) == (end - start).total_seconds()
    assert due_moment(WALL, start, 86400 * 3 + 1) == start + timedelta(days=3, seconds=1)


def test_due_comes_at_the_end_of_a_window_not_at_the_next_opening() -> None:
    assert due_moment(CHINA, at("2026-03-06 17:00"), HOUR) == at("2026-03-06 18:00")
    assert due_moment(CHINA, at("2026-03-06 17:00"), HOUR + 1) == at("2026-03-09 09:00:01")


def test_the_walk_names_each_window() -> None:
    walk = list(open_stretches(CHINA, at("2026-02-13 17:00"), at("2026-02-24 10:00")))
    assert [(part.start, part.seconds) for part in walk] == [
        (at("2026-02-13 17:00"), HOUR),
        (at("2026-02-14 09:00"), 9 * HOUR),
        (at("2026-02-24 09:00"), HOUR),
    ]


def test_rule_2_pauses_are_subtracted_where_they_lie() -> None:
    start = at("2026-03-02 09:00")
    pauses = [
        (at("2026-03-02 10:00"), at("2026-03-02 12:00")),
        (at("2026-03-02 11:00"), at("2026-03-02 13:00")),
    ]
    assert elapsed_seconds(CHINA, start, at("2026-03-02 14:00"), pauses=pauses) == 2 * HOUR
    assert due_moment(CHINA, start, 2 * HOUR, pauses=pauses) == at("2026-03-02 14:00")
    # A pause over closed hours costs nothing.
    night = [(at("2026-03-02 18:00"), at("2026-03-03 09:00"))]
    assert due_moment(CHINA, start, 10 * HOUR, pauses=night) == due_moment(CHINA, start, 10 * HOUR)
    assert due_moment(CHINA, start, 2 * HOUR, pauses=[(at("2026-03-02 10:00"), None)]) is None
    # What was due before the pause stays due then.
    assert due_moment(CHINA, start, HOUR, pauses=[(at("2026-03-02 10:00"), None)]) == at("2026-03-02 10:00")


def test_rule_3_a_calendar_without_an_open_second_in_60_days_is_refused() -> None:
    never = Calendar("never", SHANGHAI, ((),) * 7)
    with pytest.raises(WrongUsageError, match="“never” is closed for more than 60 days"):
        due_moment(never, at("2026-03-02 09:00"), 1)
    with pytest.raises(WrongUsageError):
        add_working_days(never, date(2026, 3, 2), 1)
    with pytest.raises(WrongUsageError, match="2026-03-02"):
        check_calendar(never, date(2026, 3, 2), date(2026, 3, 2))
    assert elapsed_seconds(never, at("2026-03-02 09:00"), at("2026-06-02 09:00")) == 0


@pytest.mark.parametrize(("length", "refused"), [(60, False), (62, True)])
def test_a_long_closure_is_refused_only_past_60_days(length: int, refused: bool) -> None:
    first = date(2026, 5, 1)
    closure = frozenset(first + timedelta(days=n) for n in range(length))
    calendar = Calendar("c", SHANGHAI, week("00:00-24:00"), closed=closure)
    if not refused:
        check_calendar(calendar, date(2026, 1, 1), date(2026, 12, 1))
        assert due_moment(calendar, at("2026-05-01 00:00"), 1) is not None
        return
    with pytest.raises(WrongUsageError):
        check_calendar(calendar, date(2026, 1, 1), date(2026, 12, 1))
    with pytest.raises(WrongUsageError):
        due_moment(calendar, at("2026-04-30 12:00"), 86400)
    # A span that does not cross it is fine.
    assert due_moment(calendar, at("2026-04-01 12:00"), 86400) == at("2026-04-02 12:00")


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("09:00-18:00", ((540, 1080),)),
        ("9-12, 13:30-18", ((540, 720), (810, 1080))),
        ("22:00-02:00", ((1320, 1560),)),
        ("00:00-24:00", ((0, 1440),)),
        ("09：00–18：00", ((540, 1080),)),
        ("", ()),
    ],
)
def test_hours_are_read_and_written_alike(text: str, hours: Hours) -> None:
    assert parse_hours(text) == hours
    assert parse_hours(write_hours(hours)) == hours


@pytest.mark.parametrize(
    "text", ["9", "25:00-26:00", "09:70-10:00", "a-b", "09:00-12:00 11:00-13:00", "24:00-25:00", "-9"]
)
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(WrongUsageError):
        parse_hours(text)


ZONES = st.sampled_from(
    ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "UTC"]
).map(ZoneInfo)
WEEKS = st.sampled_from(
    [
        "09:00-18:00",
        "09:00-12:00 13:00-17:30",
        "22:00-02:00",
        "20:00-08:00",
        "00:00-24:00",
        "01:00-03:00 23:00-01:30",
    ]
)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    hours = parse_hours(draw(WEEKS))
    open_days = draw(st.sets(st.integers(0, 6), min_size=1))
    holidays = draw(st.frozensets(st.dates(date(2025, 12, 1), date(2027, 2, 1)), max_size=20))
    extra = draw(st.frozensets(st.dates(date(2025, 12, 1), date(2027, 2, 1)), max_size=5))
    return Calendar(
        "drawn",
        draw(ZONES),
        tuple(hours if day in open_days else () for day in range(7)),
        closed=holidays,
        makeup=extra,
        makeup_hours=hours,
    )


MOMENTS = st.integers(int(at("2026-01-01 00:00").timestamp()), int(at("2026-12-31 00:00").timestamp())).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
LENGTHS = st.integers(0, 40 * 86400)
PAUSES = st.lists(
    st.tuples(MOMENTS, LENGTHS).map(lambda pair: (pair[0], pair[0] + timedelta(seconds=pair[1]))), max_size=4
)


@given(calendars(), MOMENTS, LENGTHS)
def test_what_has_passed_when_it_is_due_is_the_target(
    calendar: Calendar, start: datetime, seconds: int
) -> None:
    due = due_moment(calendar, start, seconds)
    assert due is not None
    assert elapsed_seconds(calendar, start, due) == seconds


@given(calendars(), MOMENTS, LENGTHS)
def test_due_after_what_has_passed_is_never_later_and_exact_in_open_time(
    calendar: Calendar, start: datetime, length: int
) -> None:
    end = start + timedelta(seconds=length)
    passed = elapsed_seconds(calendar, start, end)
    due = due_moment(calendar, start, passed)
    assert due is not None
    assert due <= end
    assert elapsed_seconds(calendar, due, end) == 0
    if passed and elapsed_seconds(calendar, end - timedelta(seconds=1), end):
        assert due == end


@given(calendars(), MOMENTS, LENGTHS, LENGTHS)
def test_two_parts_add_up_to_the_whole(calendar: Calendar, start: datetime, first: int, second: int) -> None:
    middle = start + timedelta(seconds=first)
    end = middle + timedelta(seconds=second)
    parts = elapsed_seconds(calendar, start, middle) + elapsed_seconds(calendar, middle, end)
    assert elapsed_seconds(calendar, start, end) == parts
    assert sum(part.seconds for part in open_stretches(calendar, start, end)) == parts


@given(calendars(), MOMENTS, st.integers(0, 20 * 86400), PAUSES)
def test_pauses_never_make_a_clock_negative_and_due_agrees(
    calendar: Calendar, start: datetime, seconds: int, pauses: Sequence[tuple[datetime, datetime]]
) -> None:
    end = start + timedelta(days=50)
    counted = elapsed_seconds(calendar, start, end, pauses=pauses)
    assert 0 <= counted <= elapsed_seconds(calendar, start, end)
    due = due_moment(calendar, start, seconds, pauses=pauses)
    assert due is not None
    assert due >= start
    assert elapsed_seconds(calendar, start, due, pauses=pauses) == seconds
    assert due >= (due_moment(calendar, start, seconds) or due)


def _minute_by_minute(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Count open minutes the plain way: ask for each what the clock on the wall of the shop shows."""
    total, moment = 0, start
    while moment < end:
        local = moment.astimezone(calendar.zone)
        minute = local.hour * 60 + local.minute
        today, yesterday = (
            calendar.hours_of(local.date()),
            calendar.hours_of(local.date() - timedelta(days=1)),
        )
        is_open = any(a <= minute < b for a, b in today) or any(a <= minute + 1440 < b for a, b in yesterday)
        total += is_open
        moment += timedelta(minutes=1)
    return total


@settings(max_examples=40, deadline=None)
@given(calendars(), MOMENTS, st.integers(0, 5 * 24 * 60))
def test_it_agrees_with_counting_minute_by_minute(calendar: Calendar, start: datetime, minutes: int) -> None:
    start = start.replace(second=0)
    end = start + timedelta(minutes=minutes)
    if calendar.zone.key == "Australia/Lord_Howe":
        return  # its half-hour change needs the rule of the test below
    local = [start.astimezone(calendar.zone), end.astimezone(calendar.zone)]
    if calendar.week[0] and local[0].utcoffset() != local[1].utcoffset():
        return  # a window that begins or ends in the hour that comes twice counts it by its own rule
    assert elapsed_seconds(calendar, start, end) == 60 * _minute_by_minute(calendar, start, end)
