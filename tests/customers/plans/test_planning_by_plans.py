"""Filling a day by plans: consent, lot, rest, limits, capacity, owners, and why each row is there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from aftersales_cli.customers.answers import Answer
from aftersales_cli.customers.callback_plan import CallbackPlan, plan_callbacks
from aftersales_cli.customers.callback_record import record_callback
from aftersales_cli.customers.callbacks import ListedCallback, list_due_callbacks, load_callback
from aftersales_cli.customers.plans.lots import is_held_out, period_start
from aftersales_cli.customers.privacy.consenting import record_consent
from aftersales_cli.customers.surveys.following import follow_up_low_scores
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.database.rows import insert_row
from aftersales_cli.errors import NotFoundError
from aftersales_cli.language import use_language
from aftersales_cli.shop import Shop

Add = Callable[..., int]
Write = Callable[..., None]
TODAY = date(2026, 11, 22)


def _customers(shop: Shop, on: date = TODAY) -> list[str]:
    return [entry.customer for entry in list_due_callbacks(shop, on)]


def _leftovers(shop: Shop) -> list[tuple[object, ...]]:
    return fetch_rows(
        shop.database, "SELECT customer_id, due_on, why FROM callback_holdouts ORDER BY customer_id, due_on"
    )


def _plan_later(shop: Shop, days: int) -> tuple[Shop, CallbackPlan]:
    later = replace(shop, now=shop.now + timedelta(days=days))
    return later, plan_callbacks(later, later.today)


def test_only_who_says_yes_to_marketing_is_won_back(shop: Shop, add_valued: Add) -> None:
    add_valued("Yes")
    no, unknown = add_valued("No", consent=False), add_valued("Unknown", consent=None)
    result = plan_callbacks(shop, TODAY)
    left = [(row[0], row[2]) for row in _leftovers(shop)]
    assert result.no_consent == 2
    assert {(no, "consent"), (unknown, "consent")} <= set(left)
    assert _customers(shop) == (["Yes"] if result.held_out == 0 else [])


def test_those_with_most_to_lose_come_first_up_to_the_plans_capacity(
    shop: Shop, add_valued: Add, write_plan: Write
) -> None:
    write_plan(capacity=2)
    for name, lost in (("small", 10), ("large", 900), ("middle", 500)):
        add_valued(name, value_lost=lost)
    for _twice in range(2):
        result = plan_callbacks(shop, TODAY)
        assert _customers(shop) == ["large", "middle"]
        assert result.over_capacity == 1
        assert [row[2] for row in _leftovers(shop)] == ["capacity"]


def test_who_was_left_over_and_is_called_later_is_no_comparison(
    shop: Shop, add_valued: Add, write_plan: Write
) -> None:
    write_plan(capacity=1)
    add_valued("first", value_lost=9)
    add_valued("second", value_lost=5)
    plan_callbacks(shop, TODAY)
    assert len(_leftovers(shop)) == 1
    write_plan(capacity=5)
    plan_callbacks(shop, TODAY)
    assert _customers(shop) == ["first", "second"]


def test_the_lot_holds_out_about_its_share_and_always_the_same(
    shop: Shop, add_valued: Add, write_plan: Write
) -> None:
    write_plan(holdout=50)
    ids = [add_valued(f"c{number}") for number in range(20)]
    result = plan_callbacks(shop, TODAY, capacity=50)
    held = [row for row in _leftovers(shop) if row[2] == "lot"]
    expected = {
        customer
        for customer in ids
        if is_held_out(50, plan="win", version=1, customer_id=customer, period=period_start(TODAY, 90))
    }
    assert {row[0] for row in held} == expected
    assert (result.planned, result.held_out) == (20 - len(expected), len(expected))
    again = plan_callbacks(shop, TODAY, capacity=50)
    assert (again.planned, again.held_out) == (0, len(expected))
    _later, next_day = _plan_later(shop, 1)
    assert next_day.held_out == len(expected)
    assert [row for row in _leftovers(shop) if row[2] == "lot"] == held


def test_the_lot_is_fair_and_drawn_anew_for_each_version_and_period() -> None:
    def drawn(version: int, day: date) -> set[int]:
        return {
            number
            for number in range(10_000)
            if is_held_out(10, plan="win", version=version, customer_id=number, period=day)
        }

    first = drawn(1, TODAY)
    assert 900 < len(first) < 1100
    assert len(first & drawn(2, TODAY)) < 200
    assert len(first & drawn(1, date(2027, 2, 20))) < 200
    assert not any(
        is_held_out(0, plan="win", version=1, customer_id=number, period=TODAY) for number in range(100)
    )


@pytest.mark.parametrize("days", [1, 30, 90])
def test_periods_follow_one_another_without_a_gap(days: int) -> None:
    for offset in range(200):
        day = TODAY + timedelta(days=offset)
        start = period_start(day, days)
        assert start <= day < start + timedelta(days=days)
        assert period_start(start, days) == start


def test_nobody_is_called_again_within_two_weeks_without_a_case(
    shop: Shop, add_valued: Add, write_plan: Write
) -> None:
    write_plan(every_days=1)
    add_valued("Lin")
    plan_callbacks(shop, TODAY)
    record_callback(shop, list_due_callbacks(shop, TODAY)[0].id, Answer("reached"))
    for days, planned, resting in ((13, 0, 1), (14, 1, 0)):
        _later, result = _plan_later(shop, days)
        assert (result.planned, result.resting) == (planned, resting)


def test_a_plan_calls_a_customer_once_in_its_interval(shop: Shop, add_valued: Add, write_plan: Write) -> None:
    write_plan(every_days=60)
    add_valued("Lin")
    plan_callbacks(shop, TODAY)
    record_callback(shop, list_due_callbacks(shop, TODAY)[0].id, Answer("reached"))
    assert [_plan_later(shop, days)[1].planned for days in (59, 60)] == [0, 1]


def test_a_case_comes_before_marketing_and_one_call_a_day_is_enough(
    shop: Shop, add_valued: Add, add_case: Add
) -> None:
    customer = add_valued("Lin")
    add_case(customer_id=customer)
    result = plan_callbacks(shop, TODAY)
    assert [entry.plan for entry in list_due_callbacks(shop, TODAY)] == ["service"]
    assert result.same_person == 1


def test_a_withdrawn_yes_takes_the_open_call_off_the_list(
    shop: Shop, add_valued: Add, write_plan: Write
) -> None:
    write_plan()
    customer = add_valued("Lin")
    plan_callbacks(shop, TODAY)
    record_consent(shop, customer, purpose="marketing", given=False)
    assert plan_callbacks(shop, TODAY).dropped == 1
    assert _customers(shop) == []


def _low_answer(shop: Shop, customer: int, score: int, kind: str = "nps", day: str = "2026-11-20") -> None:
    with shop.writing("surveys.record"):
        insert_row(
            shop.database,
            "survey_answers",
            {
                "type": kind, "customer_id": customer, "score": score, "source": "file",
                "answered_at": f"{day}T01:00:00Z", "answered_on": day,
            },
        )  # fmt: skip


def test_low_answers_come_before_cases_and_only_low_ones(
    shop: Shop, add_customer: Add, add_case: Add
) -> None:
    for name, kind, score in (
        ("detractor", "nps", 6), ("passive", "nps", 7), ("hard", "ces", 3), ("bad", "csat", 2), ("fine", "csat", 3),
    ):  # fmt: skip
        _low_answer(shop, add_customer(name, "13800000000"), score, kind)
    add_case(customer_id=add_customer("complainer"), kind="complaint", severity="L4")
    plan_callbacks(shop, TODAY)
    listed = list_due_callbacks(shop, TODAY)
    assert [entry.customer for entry in listed] == ["detractor", "hard", "bad", "complainer"]
    assert listed[0].why == "would recommend us: 6 of 10 · answered 2 days ago"
    record_callback(shop, listed[0].id, Answer("reached"))
    _later, result = _plan_later(shop, 1)
    assert result.planned == 0


def test_a_call_that_a_low_answer_brought_at_once_belongs_to_the_plan_for_such_answers(
    shop: Shop, add_customer: Add
) -> None:
    _low_answer(shop, add_customer("Lin", "13800000000"), 3)
    with shop.writing("surveys.record"):
        assert follow_up_low_scores(shop) == 1
    result = plan_callbacks(shop, TODAY)
    assert (result.planned, result.carried) == (0, 1)
    entry = list_due_callbacks(shop, TODAY)[0]
    assert (entry.plan, entry.why) == ("survey_low", "would recommend us: 3 of 10 · answered 2 days ago")
    assert (entry.assignee, entry.revision) == ("shop owner", 1)


def test_why_is_told_in_the_language_of_who_looks(shop: Shop, add_valued: Add, write_plan: Write) -> None:
    write_plan(high_value="true")
    add_valued("Lin", high_value=True, value_lost=123_400)
    plan_callbacks(shop, TODAY)
    why = list_due_callbacks(shop, TODAY)[0].why
    assert why.startswith("high value · ")
    assert "expected loss CN¥1,234.00" in why
    assert "bought 266 days ago" in why
    use_language("zh")
    assert "流失" in list_due_callbacks(shop, TODAY)[0].why


def test_a_further_attempt_proposes_another_part_of_the_day(
    shop: Shop, add_valued: Add, write_plan: Write
) -> None:
    write_plan()
    add_valued("Lin")
    plan_callbacks(shop, TODAY)
    first = list_due_callbacks(shop, TODAY)[0]
    assert first.window == "09:00–21:00"
    record_callback(shop, first.id, Answer("no_answer"))
    tomorrow = TODAY + timedelta(days=1)
    second = list_due_callbacks(shop, tomorrow)[0]
    assert (second.attempt, second.window, second.plan) == (2, "12:00–21:00", "win")
    evening = replace(shop, now=shop.now + timedelta(days=1, hours=9))
    record_callback(evening, second.id, Answer("no_answer"))
    third: ListedCallback = list_due_callbacks(evening, tomorrow + timedelta(days=1))[0]
    assert third.window == "12:00–17:00"
    page = load_callback(evening, third.id)
    assert [attempt.callback_id for attempt in page.attempts] == [second.id, first.id]


def test_a_promise_and_a_low_score_say_so(shop: Shop, add_valued: Add, write_plan: Write) -> None:
    write_plan()
    add_valued("Lin")
    add_valued("Mei")
    plan_callbacks(shop, TODAY)
    first, second = list_due_callbacks(shop, TODAY)
    friday = date(2026, 11, 27)
    record_callback(shop, first.id, Answer("later", next_on=friday))
    record_callback(shop, second.id, Answer("reached", 1))
    why = {entry.reason: entry.why for entry in list_due_callbacks(shop, friday)}
    assert why["promised"].startswith("promised for 2026-11-27")
    assert why["low_score"].startswith("satisfaction 1 on the last call")


def test_a_callback_that_does_not_exist_is_not_found(shop: Shop) -> None:
    with pytest.raises(NotFoundError, match="no callback 9"):
        load_callback(shop, 9)
