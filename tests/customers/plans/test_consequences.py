"""What an outcome brings: consent withdrawn, a case taken up again or opened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from aftersales_cli.customers.answers import Answer, AnswerError
from aftersales_cli.customers.callback_plan import plan_callbacks
from aftersales_cli.customers.callback_record import record_callback
from aftersales_cli.customers.callbacks import list_due_callbacks, load_callback
from aftersales_cli.customers.privacy.forgetting import forget_customer
from aftersales_cli.database.cases import get_case
from aftersales_cli.database.consents import current_consent, list_consents
from aftersales_cli.database.customers import get_customer
from aftersales_cli.database.fetch import execute, fetch_rows
from aftersales_cli.shop import Shop

Add = Callable[..., int]
TODAY = date(2026, 11, 22)


def _planned(shop: Shop, on: date = TODAY) -> int:
    plan_callbacks(shop, on)
    return list_due_callbacks(shop, on)[0].id


def test_no_marketing_is_kept_as_the_customers_word_and_ends_such_calls(
    shop: Shop, add_valued: Add, write_plan: Callable[..., None]
) -> None:
    write_plan(every_days=1)
    customer = add_valued("Lin")
    record_callback(shop, _planned(shop), Answer("no_marketing"))
    assert current_consent(shop.database, customer, "marketing") is False
    assert list_consents(shop.database, customer)[-1].channel == "platform_chat"
    later = replace(shop, now=shop.now + timedelta(days=100))
    assert plan_callbacks(later, later.today).no_consent == 1


def test_do_not_contact_is_kept_in_the_log_and_moves_the_switch(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    customer = add_customer("Lin")
    add_case(customer_id=customer)
    record_callback(shop, _planned(shop), Answer("do_not_contact"))
    assert current_consent(shop.database, customer, "contact") is False
    found = get_customer(shop.database, customer)
    assert found is not None
    assert found.do_not_contact


def test_a_problem_that_is_back_reopens_its_case_with_the_customers_words(shop: Shop, add_case: Add) -> None:
    number = add_case()
    result = record_callback(shop, _planned(shop), Answer("problem_again", note="The handle is off again"))
    case = get_case(shop.database, number)
    assert case is not None
    assert (result.case_number, case.status, case.reopen_count) == (number, "in_progress", 1)
    notes = fetch_rows(shop.database, "SELECT note FROM case_events WHERE note <> ''")
    assert ("The handle is off again",) in notes


def test_a_case_closed_long_ago_is_followed_by_a_new_one(shop: Shop, add_case: Add) -> None:
    number = add_case("2026-11-20")
    callback_id = _planned(shop)
    with shop.writing("cases.open"):
        execute(
            shop.database,
            "UPDATE cases SET status = 'closed', closed_at = '2026-11-20T02:00:00Z' WHERE number = :n",
            {"n": number},
        )
    later = replace(shop, now=shop.now + timedelta(days=60))
    result = record_callback(later, callback_id, Answer("problem_again"))
    assert result.case_number not in (None, number)
    followed = fetch_rows(shop.database, "SELECT status FROM cases ORDER BY number")
    assert followed == [("closed",), ("new",)]


def test_an_open_case_hears_that_the_problem_is_back(shop: Shop, add_case: Add) -> None:
    number = add_case()
    callback_id = _planned(shop)
    with shop.writing("cases.open"):
        execute(shop.database, "UPDATE cases SET status = 'in_progress' WHERE number = :n", {"n": number})
    record_callback(shop, callback_id, Answer("problem_again", note="Broken once more"))
    assert fetch_rows(shop.database, "SELECT direction, body FROM case_messages") == [
        ("in", "Broken once more")
    ]


def test_without_a_case_one_is_opened_for_the_order(shop: Shop, add_customer: Add, add_order: Add) -> None:
    customer = add_customer("Lin")
    order_id = add_order(customer, "Water purifier X1", on="2026-05-20")
    result = record_callback(shop, _planned(shop), Answer("problem_again", note="It drips"))
    assert result.case_number is not None
    case = get_case(shop.database, result.case_number)
    assert case is not None
    assert (case.order_id, case.customer_id, case.title, case.channel) == (
        order_id, customer, "It drips", "platform_chat",
    )  # fmt: skip
    again = record_callback(shop, 1, Answer("problem_again", note="It drips"))
    assert again.changed is False
    assert fetch_rows(shop.database, "SELECT count(*) FROM cases") == [(1,)]


def test_a_reason_for_leaving_is_stored_and_needs_somebody_who_gave_it(
    shop: Shop, add_valued: Add, write_plan: Callable[..., None]
) -> None:
    write_plan()
    add_valued("Lin")
    callback_id = _planned(shop)
    with pytest.raises(AnswerError) as caught:
        record_callback(shop, callback_id, Answer("no_answer", churn_reason="complaint"))
    assert caught.value.column == "churn_reason"
    record_callback(shop, callback_id, Answer("reached", churn_reason="complaint"))
    assert load_callback(shop, callback_id).callback.churn_reason == "complaint"


def _order_file_arrives(shop: Shop, customer: int) -> None:
    with shop.writing("orders.import"):
        execute(shop.database, "UPDATE cases SET customer_id = :id", {"id": customer})


def test_a_wish_counts_for_a_customer_whom_only_a_later_order_file_named(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    add_case()
    callback_id = _planned(shop)
    customer = add_customer("Lin")
    _order_file_arrives(shop, customer)
    record_callback(shop, callback_id, Answer("do_not_contact"))
    assert current_consent(shop.database, customer, "contact") is False
    assert fetch_rows(shop.database, "SELECT customer_id FROM callbacks") == [(customer,)]


def test_planning_notes_whom_a_callback_is_about_once_it_is_known(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    add_case()
    _planned(shop)
    customer = add_customer("Lin")
    _order_file_arrives(shop, customer)
    plan_callbacks(shop, TODAY)
    assert fetch_rows(shop.database, "SELECT customer_id, revision FROM callbacks") == [(customer, 1)]


@pytest.mark.parametrize("outcome", ["do_not_contact", "no_marketing"])
def test_a_list_with_staff_may_come_back_after_its_customer_was_forgotten(
    shop: Shop, add_case: Add, add_customer: Add, outcome: str
) -> None:
    customer = add_customer("Lin")
    add_case(customer_id=customer)
    callback_id = _planned(shop)
    forget_customer(shop, customer)
    assert record_callback(shop, callback_id, Answer(outcome, note="Lin said no")).changed
    assert list_consents(shop.database, customer) == []
    assert fetch_rows(shop.database, "SELECT outcome, note FROM callbacks") == [(outcome, "")]
