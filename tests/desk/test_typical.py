"""Examples for the monthly review, and the archive."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from aftersales_cli.clock import month_of
from aftersales_cli.database.case_listings import count_matching_cases
from aftersales_cli.database.cases import list_case_events
from aftersales_cli.desk.ending import cancel_case, close_case, reopen_case, resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.steps import require_case
from aftersales_cli.desk.typical import (
    archive_case,
    archive_cases,
    list_typical,
    mark_typical,
    unmark_typical,
)
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.records.cases import CaseFilter
from aftersales_cli.shop import Shop


def closed(shop: Shop) -> int:
    number = open_case(shop).number
    resolve_case(shop, number)
    return close_case(shop, number).number


def test_examples_are_collected_by_the_month_they_were_marked_in(shop: Shop) -> None:
    number = open_case(shop, say="Broken cup").number
    mark_typical(shop, number, "box too large")
    mark_typical(shop, number, "box too large")
    december = replace(shop, now=shop.now + timedelta(days=15))
    other = open_case(december).number
    mark_typical(december, other, "late parcel")
    found = list_typical(shop, month_of(date(2026, 11, 1)))
    assert [(case.number, case.typical_note, case.typical_on) for case in found] == [
        (number, "box too large", "2026-11-22")
    ]
    assert [case.number for case in list_typical(shop, month_of(date(2026, 12, 1)))] == [other]
    assert [event.type for event in list_case_events(shop.database, number)] == ["opened", "typical"]


def test_a_mark_needs_a_note_and_can_be_taken_back(shop: Shop) -> None:
    number = open_case(shop).number
    with pytest.raises(WrongUsageError, match="example"):
        mark_typical(shop, number, " ")
    mark_typical(shop, number, "slip")
    case = unmark_typical(shop, number)
    assert (case.typical_note, case.typical_on) == ("", None)
    assert list_typical(shop, month_of(shop.today)) == []


def test_only_ended_cases_go_into_the_archive_and_out_of_the_lists(shop: Shop) -> None:
    number, open_one = closed(shop), open_case(shop).number
    assert archive_case(shop, number).numbers == [number]
    assert archive_case(shop, number).numbers == []
    assert require_case(shop, number).archived_at == shop.stamp
    with pytest.raises(RefusedError, match="new"):
        archive_case(shop, open_one)
    assert count_matching_cases(shop.database, CaseFilter(archived=False)) == 1
    assert count_matching_cases(shop.database, CaseFilter(archived=True)) == 1
    assert count_matching_cases(shop.database, CaseFilter()) == 2


def test_all_that_ended_before_a_day_of_the_shop_is_archived_at_once(shop: Shop) -> None:
    old = closed(shop)
    cancelled = open_case(shop).number
    cancel_case(shop, cancelled, "spam")
    # 16:30 UTC is half past midnight of the next day in Shanghai.
    night = replace(shop, now=shop.now.replace(hour=16, minute=30))
    younger = closed(night)
    open_case(shop)
    assert archive_cases(night, date(2026, 11, 23)).numbers == [old, cancelled]
    assert archive_cases(night, date(2026, 11, 23)).numbers == []
    assert require_case(shop, younger).archived_at is None


def test_reopening_takes_a_case_out_of_the_archive(shop: Shop) -> None:
    number = closed(shop)
    archive_case(shop, number)
    assert reopen_case(shop, number, reason="again").archived_at is None
