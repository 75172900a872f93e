"""Which nights are due: time zones, missed nights, jumps of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from aftersales_cli.runner.slots import DueSlots, again_slot, due_slots, latest_slot, slot_moment

ZONES = ("America/New_York", "Europe/Berlin", "Asia/Shanghai", "Australia/Lord_Howe")
SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = time(2, 30)


def days(*texts: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(text) for text in texts)


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("Asia/Shanghai", "2026-11-22", "02:30", "2026-11-21T18:30"),
        ("America/New_York", "2026-03-07", "02:30", "2026-03-07T07:30"),
        ("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:30"),  # jumped over: 03:30 summer time
        ("America/New_York", "2026-03-09", "02:30", "2026-03-09T06:30"),
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30"),  # twice: the first one
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30"),
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45"),  # a jump of half an hour
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45"),
    ],
)
def test_a_slot_starts_at_the_shops_own_time_of_day(zone: str, day: str, at: str, expected: str) -> None:
    moment = slot_moment(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(zone))
    assert moment == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize("zone_name", ZONES)
@pytest.mark.parametrize("at", [time(2, 30), time(0, 0), time(23, 30), time(1, 45), time(3, 0)])
def test_each_local_day_of_four_years_runs_exactly_once(zone_name: str, at: time) -> None:
    zone, tick = ZoneInfo(zone_name), timedelta(minutes=60)
    now, end = datetime(2024, 1, 1, 12, tzinfo=UTC), datetime(2028, 1, 1, 12, tzinfo=UTC)
    ran: list[date] = []
    known: list[str] = []
    while now < end:
        due = due_slots(now, zone, at, "latest", known[-20:])
        assert due.skip == ()
        for day in due.run:
            assert now - slot_moment(day, at, zone) < tick or not ran
            ran.append(day)
            known.append(day.isoformat())
        now += tick
    assert ran == [ran[0] + timedelta(days=number) for number in range(len(ran))]
    assert len(ran) in {1461, 1462}


# The last night that ran is 11-10; the computer comes back at 09:00 after so many nights.
@pytest.mark.parametrize(
    ("nights", "catch_up", "expected"),
    [
        (1, "latest", DueSlots(run=days("2026-11-11"))),
        (1, "all", DueSlots(run=days("2026-11-11"))),
        (1, "skip", DueSlots(skip=days("2026-11-11"))),
        (3, "latest", DueSlots(run=days("2026-11-13"), skip=days("2026-11-11", "2026-11-12"))),
        (3, "all", DueSlots(run=days("2026-11-11", "2026-11-12", "2026-11-13"))),
        (3, "skip", DueSlots(skip=days("2026-11-11", "2026-11-12", "2026-11-13"))),
        (10, "latest", DueSlots(run=days("2026-11-20"), skip=days(*(f"2026-11-{n}" for n in range(14, 20))))),
        (10, "all", DueSlots(run=days(*(f"2026-11-{n}" for n in range(14, 21))))),
        (10, "skip", DueSlots(skip=days(*(f"2026-11-{n}" for n in range(14, 21))))),
    ],
)
def test_missed_nights_are_caught_up_as_the_job_says(nights: int, catch_up: str, expected: DueSlots) -> None:
    known = {f"2026-11-{number:02}" for number in range(1, 11)}
    now = datetime(2026, 11, 10 + nights, 9, tzinfo=SHANGHAI)
    assert due_slots(now, SHANGHAI, AT, catch_up, known) == expected


def test_a_job_that_skips_still_runs_when_it_is_less_than_an_hour_late() -> None:
    now = datetime(2026, 11, 22, 3, 29, tzinfo=SHANGHAI)
    assert due_slots(now, SHANGHAI, AT, "skip", {"2026-11-21"}) == DueSlots(run=days("2026-11-22"))


def test_a_new_shop_has_missed_nothing_before_its_first_night() -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
    for catch_up in ("latest", "all"):
        assert due_slots(now, SHANGHAI, AT, catch_up, ()) == DueSlots(run=days("2026-11-22"))
    assert due_slots(now, SHANGHAI, AT, "all", {"2026-11-21"}) == DueSlots(run=days("2026-11-22"))


def test_before_todays_time_the_latest_slot_is_yesterdays() -> None:
    assert latest_slot(datetime(2026, 11, 22, 2, 29, tzinfo=SHANGHAI), SHANGHAI, AT) == date(2026, 11, 21)
    assert latest_slot(datetime(2026, 11, 22, 2, 30, tzinfo=SHANGHAI), SHANGHAI, AT) == date(2026, 11, 22)


def test_an_interrupted_night_is_due_again_and_one_made_again_is_not() -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
    assert due_slots(now, SHANGHAI, AT, "latest", {"2026-11-22~1"}) == DueSlots(run=days("2026-11-22"))
    assert due_slots(now, SHANGHAI, AT, "latest", {"2026-11-22", "2026-11-22#2"}) == DueSlots()


@pytest.mark.parametrize(
    "jump",
    [timedelta(hours=-1), timedelta(hours=1), timedelta(days=-2), timedelta(days=2), timedelta(days=3653)],
    ids=["1 h back", "1 h ahead", "2 d back", "2 d ahead", "10 y ahead"],
)
@pytest.mark.parametrize("hour", [1, 2, 3, 12, 23])
def test_after_a_jump_of_the_clock_each_night_still_runs_once(jump: timedelta, hour: int) -> None:
    """The clock is wrong for five hours, five days after the start."""
    start = datetime(2026, 11, 1, 12, tzinfo=SHANGHAI)
    wrong_from = datetime(2026, 11, 6, hour, tzinfo=SHANGHAI)
    ran: list[str] = []
    known: set[str] = set()
    for minutes in range(0, 14 * 24 * 60, 10):
        true_now = start + timedelta(minutes=minutes)
        is_wrong = wrong_from <= true_now < wrong_from + timedelta(hours=5)
        due = due_slots(true_now + jump if is_wrong else true_now, SHANGHAI, AT, "latest", known)
        ran += [day.isoformat() for day in due.run]
        known.update(day.isoformat() for day in (*due.run, *due.skip))
    assert len(ran) == len(set(ran))
    assert {f"2026-11-{number:02}" for number in range(1, 16)} <= known
    # Only a jump ahead can turn a night into a skipped one: the one that was still to come.
    assert {f"2026-11-{number:02}" for number in range(9, 16)} <= set(ran)


def test_a_first_run_under_a_clock_ten_years_ahead_does_not_stop_the_nights() -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
    assert due_slots(now, SHANGHAI, AT, "latest", {"2036-11-22"}) == DueSlots(run=days("2026-11-22"))


def test_runs_made_again_are_numbered() -> None:
    assert again_slot(date(2026, 11, 22), {"2026-11-22"}) == "2026-11-22#2"
    assert again_slot(date(2026, 11, 22), {"2026-11-22", "2026-11-22#2"}) == "2026-11-22#3"
