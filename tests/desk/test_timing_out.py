"""What time alone does, and which cases are stuck."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.fetch import execute
from aftersales_cli.desk.answering import hear_customer, note_case, reply_case
from aftersales_cli.desk.ending import close_case, confirm_case, reopen_case, resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.sla_checking import check_clocks
from aftersales_cli.desk.steps import require_case
from aftersales_cli.desk.timing_out import expire_cases, explain_stuck, find_stuck, judge_expiry
from aftersales_cli.desk.waiting import wait_case
from aftersales_cli.errors import RefusedError
from aftersales_cli.records.cases import QuietCase
from aftersales_cli.setting_sections import CaseSettings
from aftersales_cli.shop import Shop

Local = Callable[[str], datetime]

QUIET = QuietCase(
    number=1,
    kind="return",
    origin="own",
    status="waiting_customer",
    since="2026-11-01T00:00:00Z",
    last_at="2026-11-01T00:00:00Z",
    last_out_at=None,
    until="",
    confirmed_at=None,
)


def quiet(changes: Mapping[str, Any]) -> QuietCase:
    return replace(QUIET, **changes)


def later(shop: Shop, **span: float) -> Shop:
    return replace(shop, now=shop.now + timedelta(**span))


@pytest.mark.parametrize(
    ("changes", "now", "expected"),
    [
        ({}, "2026-11-07T23:59:59Z", ""),
        ({}, "2026-11-08T00:00:00Z", "remind"),
        ({}, "2026-11-14T23:59:59Z", "remind"),
        ({}, "2026-11-15T00:00:00Z", "resolved"),
        # Reminded on the 10th, the customer has seven days from then.
        ({"last_out_at": "2026-11-10T00:00:00Z"}, "2026-11-16T23:59:59Z", ""),
        ({"last_out_at": "2026-11-10T00:00:00Z"}, "2026-11-17T00:00:00Z", "resolved"),
        # What was said before the waiting began is no reminder.
        ({"last_out_at": "2026-11-01T00:00:00Z"}, "2026-11-15T00:00:00Z", "resolved"),
        ({"until": "2026-11-20T00:00:00Z"}, "2026-11-19T23:59:59Z", ""),
        ({"until": "2026-11-20T00:00:00Z"}, "2026-11-20T00:00:00Z", "resolved"),
        ({"kind": "complaint"}, "2026-12-24T00:00:00Z", "remind"),
        ({"origin": "platform"}, "2026-12-24T00:00:00Z", ""),
        ({"status": "waiting_internal"}, "2026-12-24T00:00:00Z", ""),
        ({"status": "waiting_platform"}, "2026-12-24T00:00:00Z", ""),
        ({"status": "in_progress"}, "2026-12-24T00:00:00Z", ""),
        ({"status": "resolved"}, "2026-11-07T23:59:59Z", ""),
        ({"status": "resolved"}, "2026-11-08T00:00:00Z", "closed"),
        ({"status": "resolved", "kind": "complaint"}, "2026-11-07T23:59:59Z", ""),
        ({"status": "resolved", "kind": "complaint"}, "2026-12-24T00:00:00Z", "confirm"),
        (
            {"status": "resolved", "kind": "complaint", "confirmed_at": "2026-11-02T00:00:00Z"},
            "2026-11-08T00:00:00Z",
            "closed",
        ),
    ],
)
def test_what_time_demands(changes: dict[str, str], now: str, expected: str) -> None:
    assert judge_expiry(quiet(changes), CaseSettings(), now) == expected


@pytest.mark.parametrize(
    ("changes", "now", "expected"),
    [
        ({"status": "new"}, "2026-11-03T23:59:59Z", ""),
        ({"status": "new"}, "2026-11-04T00:00:00Z", "quiet"),
        ({"status": "in_progress"}, "2026-11-04T00:00:00Z", "quiet"),
        ({"status": "in_progress", "last_at": "2026-11-03T00:00:00Z"}, "2026-11-05T00:00:00Z", ""),
        ({"status": "waiting_internal"}, "2026-11-04T00:00:00Z", "waiting"),
        ({}, "2026-11-07T23:59:59Z", ""),
        ({}, "2026-11-08T00:00:00Z", "waiting"),
        ({"until": "2026-11-02T00:00:00Z"}, "2026-11-02T00:00:00Z", "until"),
        ({"until": "2026-11-20T00:00:00Z"}, "2026-11-19T00:00:00Z", ""),
        ({"status": "resolved"}, "2026-12-24T00:00:00Z", ""),
        ({"status": "resolved", "kind": "complaint"}, "2026-11-01T00:00:01Z", "unconfirmed"),
    ],
)
def test_why_a_case_counts_as_stuck(changes: dict[str, str], now: str, expected: str) -> None:
    assert explain_stuck(quiet(changes), CaseSettings(), now) == expected


def test_a_solved_case_is_closed_after_its_days_and_a_second_run_does_nothing(shop: Shop) -> None:
    number = open_case(shop).number
    resolve_case(shop, number)
    assert expire_cases(later(shop, days=6, hours=23)) == []
    week = later(shop, days=7)
    assert [(entry.number, entry.done) for entry in expire_cases(week)] == [(number, "closed")]
    case = require_case(shop, number)
    assert (case.status, case.closed_at, case.confirmed_at) == ("closed", week.stamp, None)
    event = list_case_events(shop.database, number)[-1]
    assert (event.type, event.actor, event.before, event.after) == (
        "timed_out",
        "system",
        "resolved",
        "closed",
    )
    assert expire_cases(week) == []
    assert len(list_case_events(shop.database, number)) == event.seq


def test_a_customer_who_never_answers_ends_the_case_after_a_reminder_was_proposed(shop: Shop) -> None:
    number = open_case(shop, kind="return", reason="defect").number
    wait_case(shop, number, "customer")
    assert [entry.done for entry in expire_cases(later(shop, days=7))] == ["remind"]
    assert require_case(shop, number).status == "waiting_customer"
    end = later(shop, days=14)
    assert [entry.done for entry in expire_cases(end)] == ["resolved"]
    case = require_case(shop, number)
    assert (case.status, case.resolution, case.cause, case.reason_final) == (
        "resolved",
        "no_answer",
        "unknown",
        "defect",
    )
    assert (case.resolved_at, case.resolved_on) == (end.stamp, "2026-12-06")
    assert [entry.done for entry in expire_cases(later(shop, days=21))] == ["closed"]


def test_an_answer_in_time_keeps_the_case_open(shop: Shop) -> None:
    number = open_case(shop).number
    wait_case(shop, number, "customer")
    assert hear_customer(later(shop, days=13), number, "Here I am").case.status == "in_progress"
    assert expire_cases(later(shop, days=14)) == []


def test_a_complaint_ends_only_by_the_customers_word(shop: Shop) -> None:
    number = open_case(shop, kind="complaint").number
    reply_case(shop, number, "We apologise")
    resolve_case(shop, number, cause="packaging")
    month = later(shop, days=40)
    assert [(entry.number, entry.done) for entry in expire_cases(month)] == [(number, "confirm")]
    assert [(case.number, case.code) for case in find_stuck(month)] == [(number, "unconfirmed")]
    case = confirm_case(month, number, note="all good")
    assert (case.status, case.confirmed_at, case.closed_at) == ("closed", month.stamp, month.stamp)
    assert find_stuck(month) == []


def test_confirming_a_closed_case_keeps_the_first_word_and_changes_no_state(shop: Shop) -> None:
    number = open_case(shop).number
    resolve_case(shop, number)
    close_case(shop, number)
    first = later(shop, hours=1)
    case = confirm_case(first, number)
    assert (case.status, case.confirmed_at, case.closed_at) == ("closed", first.stamp, shop.stamp)
    with pytest.raises(RefusedError, match="You did this already"):
        confirm_case(later(shop, hours=2), number)
    assert confirm_case(later(shop, hours=2), number, repeat=True) == case
    types = [event.type for event in list_case_events(shop.database, number)]
    assert types.count("confirmed") == 1


def test_an_open_case_cannot_be_confirmed_and_reopening_takes_the_word_back(shop: Shop) -> None:
    number = open_case(shop).number
    with pytest.raises(RefusedError, match="confirm"):
        confirm_case(shop, number)
    resolve_case(shop, number)
    confirm_case(shop, number)
    assert reopen_case(shop, number, reason="not solved").confirmed_at is None


def test_a_platforms_case_waits_as_long_as_the_platform_says(shop: Shop) -> None:
    number = open_case(shop).number
    wait_case(shop, number, "customer")
    with shop.writing("orders.import"):
        execute(shop.database, "UPDATE cases SET origin = 'platform' WHERE number = :n", {"n": number})
    assert expire_cases(later(shop, days=90)) == []


def test_a_dry_run_says_what_it_would_close_and_closes_nothing(shop: Shop) -> None:
    number = open_case(shop).number
    resolve_case(shop, number)
    rehearsing = replace(later(shop, days=8), dry_run=True)
    assert [entry.done for entry in expire_cases(rehearsing)] == ["closed"]
    assert require_case(shop, number).status == "resolved"


def test_a_viewer_ends_nothing(shop: Shop) -> None:
    number = open_case(shop).number
    resolve_case(shop, number)
    eye = replace(later(shop, days=8), agent=replace(shop.agent, role="viewer"))
    with pytest.raises(RefusedError):
        expire_cases(eye)
    assert require_case(shop, number).status == "resolved"


def test_the_days_are_the_settings(shop: Shop) -> None:
    number = open_case(shop).number
    resolve_case(shop, number)
    cases = replace(shop.settings.cases, close_days=2)
    hasty = replace(later(shop, days=2), settings=replace(shop.settings, cases=cases))
    assert [entry.done for entry in expire_cases(hasty)] == ["closed"]


def test_stuck_cases_are_told_with_the_reason_in_words_the_longest_quiet_first(
    shop: Shop, local: Local
) -> None:
    forgotten = open_case(shop).number
    internal = open_case(shop).number
    wait_case(shop, internal, "internal")
    dated = open_case(shop).number
    wait_case(shop, dated, "platform", until=local("2026-11-24 12:00"))
    busy = open_case(shop).number
    five = later(shop, days=5)
    note_case(five, busy, "looking")
    assert [(case.number, case.reason) for case in find_stuck(five)] == [
        (forgotten, "nothing happened for 5 days"),
        (internal, "“waiting internally” for 5 days"),
        (dated, "was to wait until 2026-11-24 12:00"),
    ]


def test_a_reminder_makes_a_waiting_case_unstuck(shop: Shop) -> None:
    number = open_case(shop).number
    wait_case(shop, number, "customer")
    week = later(shop, days=8)
    assert [case.number for case in find_stuck(week)] == [number]
    reply_case(week, number, "Do you still need help?")
    assert find_stuck(week) == []


def test_an_until_of_an_earlier_waiting_counts_no_more(shop: Shop, local: Local) -> None:
    number = open_case(shop).number
    wait_case(shop, number, "platform", until=local("2026-11-23"))
    wait_case(later(shop, hours=1), number, "internal")
    assert find_stuck(later(shop, days=2)) == []


def test_warnings_and_escalations_by_the_clock_are_no_step(shop: Shop) -> None:
    number = open_case(shop, kind="complaint", say="Broken").number
    check_clocks(later(shop, days=2))
    types = {event.type for event in list_case_events(shop.database, number) if event.actor == "system"}
    assert types & {"sla_warned", "escalated"}
    assert [(case.number, case.code) for case in find_stuck(later(shop, days=3))] == [(number, "quiet")]
