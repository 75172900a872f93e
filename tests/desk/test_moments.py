"""When something can have happened."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from aftersales_cli.desk.moments import check_answer, check_moment
from aftersales_cli.errors import WrongUsageError

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
OPENED = "2026-11-22T00:30:00Z"


def check(given: datetime | None, earliest: str | None = OPENED) -> str:
    return check_moment(given, now=NOW, earliest=earliest, zone=ZONE)


def test_nothing_given_means_now() -> None:
    assert check(None) == "2026-11-22T01:00:00Z"


def test_now_is_never_before_a_platforms_clock_that_is_ahead() -> None:
    assert check(None, "2026-11-22T01:00:05Z") == "2026-11-22T01:00:05Z"


@pytest.mark.parametrize("minutes", [0, 1, 30])
def test_a_moment_between_the_opening_and_now_is_taken(minutes: int) -> None:
    given = NOW - timedelta(minutes=minutes)
    assert check(given) == given.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("seconds", [1, 3600])
def test_the_future_is_wrong_and_told_in_local_time(seconds: int) -> None:
    with pytest.raises(WrongUsageError, match=r"2026-11-22 (09|10):00"):
        check(NOW + timedelta(seconds=seconds))


def test_a_moment_before_the_earliest_possible_one_is_wrong() -> None:
    with pytest.raises(WrongUsageError, match="08:30"):
        check(NOW - timedelta(minutes=31))


def test_an_answer_before_the_opening_names_both_moments_to_correct() -> None:
    with pytest.raises(WrongUsageError, match=r"--answered-at.*08:29.*08:30") as caught:
        check_answer(NOW - timedelta(minutes=31), now=NOW, opened_at=OPENED, zone=ZONE)
    assert "--at" in caught.value.remedy
    assert "later time with --at" not in caught.value.remedy
    assert check_answer(NOW, now=NOW, opened_at=OPENED, zone=ZONE) == "2026-11-22T01:00:00Z"
    with pytest.raises(WrongUsageError, match="future"):
        check_answer(NOW + timedelta(minutes=1), now=NOW, opened_at=OPENED, zone=ZONE)
