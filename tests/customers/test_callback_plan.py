"""Filling a day with callbacks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from aftersales_cli.customers.answers import Answer
from aftersales_cli.customers.callback_plan import plan_callbacks
from aftersales_cli.customers.callback_record import record_callback
from aftersales_cli.customers.callbacks import list_day, list_due_callbacks
from aftersales_cli.database.callbacks import count_callbacks
from aftersales_cli.database.fetch import execute, fetch_rows
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.shop import Shop

Add = Callable[..., int]
TODAY = date(2026, 11, 22)
TOMORROW = date(2026, 11, 23)


def _cases_on_list(shop: Shop, on: date = TODAY) -> list[int | None]:
    return [entry.case_number for entry in list_due_callbacks(shop, on)]


def _snapshot(shop: Shop) -> list[tuple[object, ...]]:
    return fetch_rows(shop.database, "SELECT * FROM callbacks ORDER BY id")


def test_solved_cases_are_planned_oldest_first_and_only_once(shop: Shop, add_case: Add) -> None:
    later, earlier = add_case("2026-11-21"), add_case("2026-11-10")
    first = plan_callbacks(shop, TODAY)
    assert (first.planned, first.total) == (2, 2)
    assert _cases_on_list(shop) == [earlier, later]
    before = _snapshot(shop)
    again = plan_callbacks(shop, TODAY)
    assert (again.planned, again.carried, again.total) == (0, 2, 2)
    assert _snapshot(shop) == before


@pytest.mark.parametrize(
    ("resolved_on", "planned"),
    [("2026-11-22", 0), ("2026-11-21", 1), ("2026-11-08", 1), ("2026-11-07", 0), (None, 0)],
)
def test_a_case_is_called_back_between_one_and_fourteen_days_after(
    shop: Shop, add_case: Add, resolved_on: str | None, planned: int
) -> None:
    add_case(resolved_on)
    assert plan_callbacks(shop, TODAY).planned == planned


def test_praise_unsolved_cancelled_merged_and_withdrawn_cases_are_left_alone(
    shop: Shop, add_case: Add
) -> None:
    add_case(kind="praise")
    add_case(kind="suggestion")
    add_case(status="in_progress")
    add_case(status="cancelled")
    add_case(status="merged")
    add_case(resolution="withdrawn")
    wanted = add_case(status="closed")
    plan_callbacks(shop, TODAY)
    assert _cases_on_list(shop) == [wanted]


def test_complaints_and_urgent_cases_win_the_last_places(shop: Shop, add_case: Add) -> None:
    ordinary = add_case("2026-11-09")
    urgent = add_case("2026-11-20", severity="urgent")
    high = add_case("2026-11-20", severity="high")
    complaint = add_case("2026-11-20", kind="complaint", severity="L1")
    grave = add_case("2026-11-21", kind="complaint", severity="L4")
    result = plan_callbacks(shop, TODAY, capacity=4)
    assert _cases_on_list(shop) == [grave, complaint, urgent, high]
    assert (result.planned, result.over_capacity) == (4, 1)
    assert ordinary not in _cases_on_list(shop)


def test_calls_made_today_keep_their_place_so_that_planning_again_adds_none(
    shop: Shop, add_case: Add
) -> None:
    for _number in range(3):
        add_case()
    plan_callbacks(shop, TODAY, capacity=2)
    record_callback(shop, list_due_callbacks(shop, TODAY)[0].id, Answer("reached", 5))
    result = plan_callbacks(shop, TODAY, capacity=2)
    assert (result.planned, result.carried, result.done) == (0, 1, 1)


def test_what_was_not_done_rolls_over_and_counts_towards_capacity(shop: Shop, add_case: Add) -> None:
    cases = [add_case() for _number in range(3)]
    plan_callbacks(shop, TODAY, capacity=2)
    result = plan_callbacks(shop, TOMORROW, capacity=2)
    assert (result.planned, result.carried) == (0, 2)
    assert _cases_on_list(shop, TOMORROW) == cases[:2]


def test_promises_and_second_calls_come_before_everything_else(shop: Shop, add_case: Add) -> None:
    promised, low, other = (add_case(title=name) for name in ("promised", "low", "other"))
    plan_callbacks(shop, TODAY)
    ids = {entry.case_number: entry.id for entry in list_due_callbacks(shop, TODAY)}
    record_callback(shop, ids[low], Answer("reached", 1))
    record_callback(shop, ids[promised], Answer("later", next_on=TOMORROW))
    complaint = add_case("2026-11-21", kind="complaint")
    plan_callbacks(shop, TOMORROW)
    listed = list_due_callbacks(shop, TOMORROW)
    assert [entry.case_number for entry in listed] == [promised, low, complaint, other]
    assert [entry.reason for entry in listed[:2]] == ["promised", "low_score"]


def test_who_must_not_or_cannot_be_contacted_is_counted_and_left_out(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    add_case(customer_id=add_customer("Lin", do_not_contact=True))
    add_case(order="")
    add_case(order="", customer_id=add_customer("Chen", phone="138****0000"))
    reachable = add_case(order="", customer_id=add_customer("Zhao", phone="13800000000"))
    result = plan_callbacks(shop, TODAY)
    assert (result.do_not_contact, result.unreachable, result.planned) == (1, 2, 1)
    assert _cases_on_list(shop) == [reachable]


def test_a_person_with_two_cases_is_called_once_a_day(shop: Shop, add_case: Add, add_customer: Add) -> None:
    customer_id = add_customer("Lin")
    first, second = add_case(customer_id=customer_id), add_case(customer_id=customer_id)
    result = plan_callbacks(shop, TODAY)
    assert (result.planned, result.same_person) == (1, 1)
    assert _cases_on_list(shop) == [first]
    record_callback(shop, list_due_callbacks(shop, TODAY)[0].id, Answer("reached", 5))
    assert plan_callbacks(shop, TODAY).planned == 0
    assert plan_callbacks(shop, TOMORROW).planned == 1
    assert _cases_on_list(shop, TOMORROW) == [second]


def test_an_open_call_waits_when_the_same_person_is_promised_one(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    customer_id = add_customer("Lin")
    first = add_case(customer_id=customer_id)
    plan_callbacks(shop, TODAY)
    record_callback(shop, list_due_callbacks(shop, TODAY)[0].id, Answer("later", next_on=date(2026, 11, 24)))
    second = add_case(customer_id=customer_id)
    plan_callbacks(shop, TOMORROW)
    assert _cases_on_list(shop, TOMORROW) == [second]
    result = plan_callbacks(shop, date(2026, 11, 24))
    assert result.postponed == 1
    assert _cases_on_list(shop, date(2026, 11, 24)) == [first]
    before = _snapshot(shop)
    plan_callbacks(shop, date(2026, 11, 24))
    assert _snapshot(shop) == before


def test_a_case_that_is_open_again_leaves_the_list_and_comes_back_once_solved(
    shop: Shop, add_case: Add
) -> None:
    number = add_case()
    plan_callbacks(shop, TODAY)
    with shop.writing("cases.open"):
        execute(shop.database, "UPDATE cases SET status = 'in_progress' WHERE number = :n", {"n": number})
    assert plan_callbacks(shop, TODAY).dropped == 1
    assert _cases_on_list(shop) == []
    with shop.writing("cases.open"):
        execute(shop.database, "UPDATE cases SET status = 'resolved' WHERE number = :n", {"n": number})
    plan_callbacks(shop, TODAY)
    assert _cases_on_list(shop) == [number]


def test_a_follow_up_overdue_for_longer_than_the_window_is_given_up(shop: Shop, add_case: Add) -> None:
    add_case()
    plan_callbacks(shop, TODAY)
    for days, carried, dropped in ((14, 1, 0), (15, 0, 1)):
        later = replace(shop, now=shop.now + timedelta(days=days))
        result = plan_callbacks(later, later.today)
        assert (result.carried, result.dropped) == (carried, dropped)


def test_planning_a_later_day_gives_nothing_up(shop: Shop, add_case: Add) -> None:
    number = add_case()
    plan_callbacks(shop, TODAY)
    assert plan_callbacks(shop, TODAY + timedelta(days=60)).dropped == 0
    assert _cases_on_list(shop) == [number]


def test_a_day_with_a_slip_in_the_year_is_refused(shop: Shop, add_case: Add) -> None:
    add_case()
    plan_callbacks(shop, TODAY)
    before = _snapshot(shop)
    for day in (TODAY + timedelta(days=61), date(2027, 11, 23)):
        with pytest.raises(WrongUsageError, match="too far ahead"):
            plan_callbacks(shop, day)
    assert _snapshot(shop) == before


def test_calls_go_to_the_cases_assignee_else_are_spread_evenly_over_the_agents(
    shop: Shop, add_case: Add, add_agent_row: Add
) -> None:
    lan, mei = add_agent_row("lan"), add_agent_row("mei")
    gone = add_agent_row("gone", active=False)
    warehouse = add_agent_row("wu", "warehouse")
    for assignee_id in (lan, gone, warehouse, None, None, None):
        add_case(assignee_id=assignee_id)
    plan_callbacks(shop, TODAY)
    assert [entry.assignee for entry in list_due_callbacks(shop, TODAY)] == [
        "lan", "mei", "wu", "lan", "mei", "lan",
    ]  # fmt: skip
    with shop.writing("team.add"):
        execute(shop.database, "UPDATE agents SET active = 0 WHERE id = :id", {"id": mei})
    plan_callbacks(shop, TOMORROW)
    assert {entry.assignee for entry in list_due_callbacks(shop, TOMORROW)} == {"lan", "wu"}


def test_without_agents_the_owner_calls(shop: Shop, add_case: Add) -> None:
    add_case()
    plan_callbacks(shop, TODAY)
    assert list_due_callbacks(shop, TODAY)[0].assignee == "shop owner"


def test_a_day_is_counted_as_due_done_and_open(shop: Shop, add_case: Add) -> None:
    for _number in range(3):
        add_case()
    plan_callbacks(shop, TODAY)
    record_callback(shop, list_due_callbacks(shop, TODAY)[0].id, Answer("reached", 4))
    counts = count_callbacks(shop.database, "2026-11-22")
    assert (counts.due, counts.done, counts.open) == (3, 1, 2)
    assert len(list_day(shop, TODAY)) == 3


def test_a_negative_capacity_is_wrong_usage(shop: Shop) -> None:
    with pytest.raises(WrongUsageError, match="-1"):
        plan_callbacks(shop, TODAY, capacity=-1)


def test_a_listed_callback_says_what_happened_and_what_to_ask_without_showing_numbers(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    add_case("2026-11-19", customer_id=add_customer("Lin", "13800000000", "lin@example.com"))
    plan_callbacks(shop, TODAY)
    entry = list_due_callbacks(shop, TODAY)[0]
    assert entry.happened == "return · Handle came off · refunded · solved 3 days ago"
    assert "How satisfied are you" in entry.ask
    assert entry.how_to_reach[1:] == ["e-mail: l***@example.com", "phone: 138****0000"]
    assert "13800000000" not in repr(entry)


def test_the_shop_may_say_what_to_ask_in_its_own_words(shop: Shop, add_case: Add) -> None:
    folder = shop.folder / "templates" / "scripts"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "callbacks.toml").write_text('[service_followup.return]\nen = "All well?"\n', encoding="utf-8")
    add_case()
    add_case(kind="exchange")
    plan_callbacks(shop, TODAY)
    own, shipped = (entry.ask for entry in list_due_callbacks(shop, TODAY))
    assert own == "All well?"
    assert "replacement" in shipped
