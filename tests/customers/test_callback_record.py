"""Recording what came of a callback."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from aftersales_cli.customers.answers import Answer, AnswerError
from aftersales_cli.customers.callback_plan import plan_callbacks
from aftersales_cli.customers.callback_record import record_callback
from aftersales_cli.customers.callbacks import list_due_callbacks
from aftersales_cli.database.callbacks import get_callback, get_follow_up
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.shop import Shop

Add = Callable[..., int]
TODAY = date(2026, 11, 22)
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def callback_id(shop: Shop, add_case: Add, add_customer: Add, add_agent_row: Add) -> int:
    add_case(customer_id=add_customer("Lin", "13800000000"), assignee_id=add_agent_row("lan"))
    plan_callbacks(shop, TODAY)
    return list_due_callbacks(shop, TODAY)[0].id


def test_an_answer_is_stored_with_its_satisfaction_and_the_cases_agent(shop: Shop, callback_id: int) -> None:
    result = record_callback(shop, callback_id, Answer("reached", 5, note=" very kind \r\n"))
    assert (result.changed, result.follow_up_id) == (True, None)
    stored = get_callback(shop.database, callback_id)
    assert stored is not None
    assert (stored.status, stored.outcome, stored.score, stored.note) == ("done", "reached", 5, "very kind")
    assert stored.revision == 2
    answers = fetch_rows(
        shop.database,
        "SELECT type, case_number, score, comment, source, answered_on, a.code FROM survey_answers s "
        "JOIN agents a ON a.id = s.agent_id",
    )
    assert answers == [("csat", 1, 5, "very kind", "callback", "2026-11-22", "lan")]


def test_the_same_answer_twice_changes_nothing_and_another_is_refused(shop: Shop, callback_id: int) -> None:
    record_callback(shop, callback_id, Answer("reached", 5))
    assert record_callback(shop, callback_id, Answer("reached", 5)).changed is False
    with pytest.raises(RefusedError, match="already has an answer: “reached”"):
        record_callback(shop, callback_id, Answer("declined"))
    stored = get_callback(shop.database, callback_id)
    assert stored is not None
    assert (stored.outcome, stored.revision) == ("reached", 2)


def test_nobody_reached_brings_two_more_attempts_on_the_following_days(shop: Shop, callback_id: int) -> None:
    second = record_callback(shop, callback_id, Answer("no_answer"))
    assert second.follow_up_on == "2026-11-23"
    assert second.follow_up_id is not None
    third = record_callback(shop, second.follow_up_id, Answer("no_answer", next_on=FRIDAY))
    assert third.follow_up_on == "2026-11-27"
    assert third.follow_up_id is not None
    assert record_callback(shop, third.follow_up_id, Answer("no_answer")).follow_up_id is None
    last = get_callback(shop.database, third.follow_up_id)
    assert last is not None
    assert (last.attempt, last.reason) == (3, "service_followup")


def test_a_low_score_brings_one_second_call_and_no_third(shop: Shop, callback_id: int) -> None:
    second = record_callback(shop, callback_id, Answer("reached", 2))
    assert second.follow_up_id is not None
    follow_up = get_follow_up(shop.database, callback_id)
    assert follow_up is not None
    assert (follow_up.reason, follow_up.due_on) == ("low_score", "2026-11-23")
    promised = record_callback(shop, second.follow_up_id, Answer("later", next_on=FRIDAY))
    assert promised.follow_up_id is not None
    assert record_callback(shop, promised.follow_up_id, Answer("reached", 1)).follow_up_id is None


def test_an_agreed_day_needs_that_day_and_nothing_is_stored_without_it(shop: Shop, callback_id: int) -> None:
    with pytest.raises(AnswerError, match="needs the day"):
        record_callback(shop, callback_id, Answer("later"))
    stored = get_callback(shop.database, callback_id)
    assert stored is not None
    assert stored.status == "open"


def test_who_asks_not_to_be_contacted_is_never_planned_again(
    shop: Shop, callback_id: int, add_case: Add
) -> None:
    record_callback(shop, callback_id, Answer("do_not_contact"))
    assert fetch_rows(shop.database, "SELECT do_not_contact FROM customers") == [(1,)]
    add_case(customer_id=1)
    result = plan_callbacks(shop, date(2026, 11, 23))
    assert (result.planned, result.do_not_contact) == (0, 1)


def test_their_other_open_calls_are_dropped_at_once(shop: Shop, callback_id: int, add_case: Add) -> None:
    promised = record_callback(shop, callback_id, Answer("later", next_on=FRIDAY)).follow_up_id
    add_case(customer_id=1)
    plan_callbacks(shop, date(2026, 11, 23))
    other = list_due_callbacks(shop, date(2026, 11, 23))[0].id
    record_callback(shop, other, Answer("do_not_contact"))
    assert promised is not None
    dropped = get_callback(shop.database, promised)
    assert dropped is not None
    assert dropped.status == "dropped"


@pytest.fixture
def dropped_id(shop: Shop, callback_id: int) -> int:
    """Drop the callback, as the plan of a day two weeks later does."""
    later = replace(shop, now=shop.now + timedelta(days=15))
    assert plan_callbacks(later, later.today).dropped == 1
    return callback_id


def _statuses(shop: Shop) -> list[tuple[object, ...]]:
    return fetch_rows(shop.database, "SELECT id, status, outcome FROM callbacks ORDER BY id")


def test_a_call_that_was_made_although_it_left_the_list_is_recorded(shop: Shop, dropped_id: int) -> None:
    assert record_callback(shop, dropped_id, Answer("reached", 5), expected_revision=1).changed
    assert not record_callback(shop, dropped_id, Answer("reached", 5), expected_revision=1).changed
    assert _statuses(shop) == [(1, "done", "reached")]
    with pytest.raises(RefusedError, match="already has an answer"):
        record_callback(shop, dropped_id, Answer("declined"))


def test_its_answer_takes_the_place_of_the_call_planned_instead(shop: Shop, dropped_id: int) -> None:
    plan_callbacks(shop, TODAY)
    assert _statuses(shop) == [(1, "dropped", ""), (2, "open", "")]
    record_callback(shop, dropped_id, Answer("reached"))
    assert _statuses(shop) == [(1, "done", "reached"), (2, "dropped", "")]


def test_the_call_made_instead_keeps_its_answer(shop: Shop, dropped_id: int) -> None:
    plan_callbacks(shop, TODAY)
    record_callback(shop, 2, Answer("reached"))
    with pytest.raises(RefusedError, match="Callback 2 already has an answer"):
        record_callback(shop, dropped_id, Answer("declined"))
    assert _statuses(shop) == [(1, "dropped", ""), (2, "done", "reached")]


def test_a_further_attempt_that_left_the_list_is_recorded_beside_the_first(
    shop: Shop, callback_id: int
) -> None:
    second = record_callback(shop, callback_id, Answer("no_answer")).follow_up_id
    assert second is not None
    later = replace(shop, now=shop.now + timedelta(days=30))
    assert plan_callbacks(later, later.today).dropped == 1
    record_callback(shop, second, Answer("reached"))
    assert _statuses(shop) == [(1, "done", "no_answer"), (2, "done", "reached")]


def test_an_order_whose_buyer_is_hidden_is_remembered_as_not_to_be_contacted(
    shop: Shop, add_case: Add
) -> None:
    add_case()
    plan_callbacks(shop, TODAY)
    record_callback(shop, list_due_callbacks(shop, TODAY)[0].id, Answer("do_not_contact"))
    with shop.writing("cases.open"):
        shop.database.conn.execute(
            "INSERT INTO cases (kind, channel, origin, storefront_id, order_id, status, opened_at, opened_on, "
            "resolved_at, resolved_on) SELECT kind, channel, origin, storefront_id, order_id, status, opened_at, "
            "opened_on, resolved_at, resolved_on FROM cases"
        )
    result = plan_callbacks(shop, date(2026, 11, 23))
    assert (result.planned, result.do_not_contact) == (0, 1)


def test_a_call_made_earlier_is_recorded_for_that_day(shop: Shop, callback_id: int) -> None:
    at = datetime(2026, 11, 21, 7, 20, tzinfo=UTC)
    assert record_callback(shop, callback_id, Answer("no_answer"), at=at).follow_up_on == "2026-11-22"
    stored = get_callback(shop.database, callback_id)
    assert stored is not None
    assert stored.recorded_at == "2026-11-21T07:20:00Z"


def test_a_call_in_the_future_is_wrong_usage(shop: Shop, callback_id: int) -> None:
    with pytest.raises(WrongUsageError, match="future"):
        record_callback(shop, callback_id, Answer("reached"), at=datetime(2026, 11, 23, tzinfo=UTC))


def test_an_answer_for_an_older_revision_is_refused(shop: Shop, callback_id: int) -> None:
    with pytest.raises(RefusedError):
        record_callback(shop, callback_id, Answer("reached"), expected_revision=0)


def test_an_unknown_callback_is_not_found(shop: Shop) -> None:
    with pytest.raises(NotFoundError, match="99"):
        record_callback(shop, 99, Answer("reached"))
