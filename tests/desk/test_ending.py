"""Resolving, closing, cancelling and reopening."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aftersales_cli.database.cases import list_case_events
from aftersales_cli.desk.answering import reply_case
from aftersales_cli.desk.assigning import assign_case
from aftersales_cli.desk.ending import cancel_case, close_case, confirm_case, reopen_case, resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.steps import require_case
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.records.cases import Case
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent

Local = Callable[[str], datetime]


def types(shop: Shop, case: Case) -> list[str]:
    return [event.type for event in list_case_events(shop.database, case.number)]


def test_a_cause_is_all_it_takes_to_resolve_a_new_case(shop: Shop) -> None:
    number = open_case(shop, kind="退货", reason="破损").number
    case = resolve_case(shop, number, cause="包装")
    assert (case.status, case.resolution, case.cause, case.fault) == (
        "resolved",
        "returned",
        "packaging",
        "warehouse",
    )
    assert (case.resolved_at, case.resolved_on) == ("2026-11-22T01:00:00Z", "2026-11-22")
    assert case.reason_final == "damaged_transit"
    assert case.assignee_id == shop.agent.id
    assert types(shop, case)[:4] == ["opened", "assigned", "started", "resolved"]


def test_resolution_and_reason_can_be_said(shop: Shop) -> None:
    number = open_case(shop, kind="return", reason="defect").number
    case = resolve_case(shop, number, cause="misuse", resolution="已拒绝", reason="changed mind")
    assert (case.resolution, case.reason_first, case.reason_final) == ("rejected", "defect", "changed_mind")


def test_without_a_cause_a_return_stays_open(shop: Shop) -> None:
    case = open_case(shop, kind="return")
    with pytest.raises(RefusedError, match="cause"):
        resolve_case(shop, case.number)
    assert require_case(shop, case.number) == case
    assert types(shop, case) == ["opened"]


def test_an_inquiry_needs_no_cause(shop: Shop) -> None:
    case = resolve_case(shop, open_case(shop).number)
    assert (case.resolution, case.cause, case.fault) == ("answered", "unknown", "")


def test_the_day_of_resolution_is_the_shops(shop: Shop, local: Local) -> None:
    number = open_case(shop, at=local("2026-11-21 20:00")).number
    case = resolve_case(shop, number, at=local("2026-11-22 06:00"))
    assert (case.resolved_at, case.resolved_on) == ("2026-11-21T22:00:00Z", "2026-11-22")


def test_a_second_resolve_says_it_was_done(shop: Shop) -> None:
    number = open_case(shop).number
    resolve_case(shop, number)
    with pytest.raises(RefusedError, match="already"):
        resolve_case(shop, number)


def test_somebody_who_comes_second_learns_who_was_faster(shop: Shop) -> None:
    lan = add_agent(shop, "lan", name="小兰")
    number = open_case(shop).number
    resolve_case(replace(shop, agent=lan), number)
    with pytest.raises(RefusedError, match="小兰 was faster"):
        resolve_case(shop, number)


def test_closing_needs_a_resolved_case(shop: Shop) -> None:
    number = open_case(shop).number
    with pytest.raises(RefusedError, match="new"):
        close_case(shop, number)
    resolve_case(shop, number)
    case = close_case(shop, number, note="customer is content")
    assert (case.status, case.closed_at) == ("closed", "2026-11-22T01:00:00Z")
    assert list_case_events(shop.database, number)[-1].note == "customer is content"


def test_closing_before_resolving_is_wrong(shop: Shop, local: Local) -> None:
    number = open_case(shop, at=local("2026-11-22 08:00")).number
    resolve_case(shop, number, at=local("2026-11-22 08:30"))
    with pytest.raises(WrongUsageError):
        close_case(shop, number, at=local("2026-11-22 08:29"))


def test_cancelling_keeps_the_reason_and_the_moment(shop: Shop) -> None:
    case = cancel_case(shop, open_case(shop).number, "重复")
    assert (case.status, case.cancel_reason, case.closed_at) == (
        "cancelled",
        "duplicate",
        "2026-11-22T01:00:00Z",
    )


def test_an_unknown_reason_for_cancelling_lists_the_reasons(shop: Shop) -> None:
    case = open_case(shop)
    with pytest.raises(WrongUsageError) as caught:
        cancel_case(shop, case.number, "boredom")
    assert "duplicate" in caught.value.remedy
    assert require_case(shop, case.number) == case


def test_reopening_clears_the_end_and_the_events_keep_it(shop: Shop) -> None:
    number = open_case(shop, kind="return").number
    resolve_case(shop, number, cause="packaging")
    case = reopen_case(shop, number, reason="broken again")
    assert (case.status, case.reopen_count, case.resolution) == ("in_progress", 1, "")
    assert (case.resolved_at, case.resolved_on, case.closed_at) == (None, None, None)
    events = list_case_events(shop.database, number)
    assert [(event.at, event.before) for event in events if event.type == "resolved"] == [
        ("2026-11-22T01:00:00Z", "in_progress")
    ]
    assert [(event.before, event.after) for event in events if event.field == "resolution"] == [
        ("", "returned"),
        ("returned", ""),
    ]
    again = resolve_case(shop, number)
    assert (again.cause, again.fault, again.resolution) == ("packaging", "warehouse", "returned")


def test_a_reopened_case_is_no_longer_confirmed(shop: Shop) -> None:
    number = open_case(shop, kind="complaint", say="It leaks").number
    reply_case(shop, number, "We are sorry")
    resolve_case(shop, number, cause="packaging")
    assert confirm_case(shop, number).confirmed_at
    reopened = reopen_case(shop, number, reason="It leaks again")
    assert (reopened.status, reopened.confirmed_at, reopened.closed_at) == ("in_progress", None, None)
    assert "confirmed" in types(shop, reopened)


def test_a_second_resolution_cannot_lie_before_the_reopening(shop: Shop, local: Local) -> None:
    number = open_case(shop, at=local("2026-11-22 08:00")).number
    resolve_case(shop, number, at=local("2026-11-22 08:10"))
    reopen_case(shop, number, at=local("2026-11-22 08:30"))
    with pytest.raises(WrongUsageError):
        resolve_case(shop, number, at=local("2026-11-22 08:20"))


def closed_case(shop: Shop) -> int:
    number = open_case(shop, kind="return", order="", say="x").number
    resolve_case(shop, number, cause="packaging")
    close_case(shop, number)
    return number


def test_a_closed_case_is_reopened_only_with_a_reason(shop: Shop) -> None:
    number = closed_case(shop)
    with pytest.raises(RefusedError, match="reason"):
        reopen_case(shop, number)
    assert reopen_case(shop, number, reason="broken again").status == "in_progress"


@pytest.mark.parametrize(("days", "possible"), [(30, True), (31, False)])
def test_a_closed_case_is_reopened_only_inside_the_window(shop: Shop, days: int, possible: bool) -> None:
    number = closed_case(shop)
    later = replace(shop, now=shop.now + timedelta(days=days))
    if possible:
        assert reopen_case(later, number, reason="again").reopen_count == 1
        return
    with pytest.raises(RefusedError) as caught:
        reopen_case(later, number, reason="again")
    assert f"aftersales cases reopen {number} --follow-up" in caught.value.remedy


def test_an_open_case_cannot_be_reopened(shop: Shop) -> None:
    with pytest.raises(RefusedError, match="new"):
        reopen_case(shop, open_case(shop).number)


def test_assigning_the_same_employee_twice_leaves_one_event(shop: Shop) -> None:
    lan = add_agent(shop, "lan", name="小兰")
    number = open_case(shop).number
    assign_case(shop, number, "小兰")
    case = assign_case(shop, number, "lan")
    assert case.assignee_id == lan.id
    assert types(shop, case) == ["opened", "assigned"]


def test_a_new_assignee_leaves_the_old_one_in_the_event(shop: Shop) -> None:
    add_agent(shop, "lan")
    number = open_case(shop, assignee="owner").number
    case = assign_case(shop, number, "lan")
    event = list_case_events(shop.database, case.number)[-1]
    assert (event.field, event.before, event.after) == ("assignee", "owner", "lan")


def test_a_viewer_gets_no_case_and_an_unknown_name_is_told(shop: Shop) -> None:
    add_agent(shop, "eye", role="viewer")
    number = open_case(shop).number
    with pytest.raises(RefusedError, match="eye"):
        assign_case(shop, number, "eye")
    with pytest.raises(NotFoundError, match="nobody"):
        assign_case(shop, number, "nobody")


def test_a_resolved_case_gets_no_new_assignee(shop: Shop) -> None:
    number = open_case(shop).number
    resolve_case(shop, number)
    with pytest.raises(RefusedError, match="resolved"):
        assign_case(shop, number, "owner")
