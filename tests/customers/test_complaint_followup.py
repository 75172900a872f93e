"""A callback with a good score is the customer's word that a complaint is settled."""

from datetime import date

import pytest

from aftersales_cli.customers.answers import Answer
from aftersales_cli.customers.callback_record import record_callback
from aftersales_cli.database.callbacks import insert_callback
from aftersales_cli.database.cases import list_case_events
from aftersales_cli.desk.answering import reply_case
from aftersales_cli.desk.complaints import list_complaints
from aftersales_cli.desk.ending import reopen_case, resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.steps import require_case
from aftersales_cli.shop import Shop


def solved(shop: Shop, kind: str = "complaint") -> int:
    number = open_case(shop, kind=kind, say="Bad").number
    reply_case(shop, number, "Sorry")
    return resolve_case(shop, number, cause="packaging").number


def call(shop: Shop, number: int) -> int:
    with shop.writing("callbacks.plan"):
        return insert_callback(
            shop.database,
            reason="service_followup",
            case_number=number,
            customer_id=None,
            order_id=None,
            due_on=shop.today.isoformat(),
            priority=30,
            assignee_id=None,
            planned_at=shop.stamp,
        )


@pytest.mark.parametrize(("score", "settled"), [(5, True), (4, True), (3, False), (1, False), (None, False)])
def test_a_good_score_settles_a_complaint(shop: Shop, score: int | None, settled: bool) -> None:
    number = solved(shop)
    record_callback(shop, call(shop, number), Answer("reached", score, note="fine"))
    case = require_case(shop, number)
    assert (case.confirmed_at is not None, case.status) == (settled, "closed" if settled else "resolved")
    assert (number in {entry.number for entry in list_complaints(shop)}) is not settled
    if settled:
        assert "confirmed" in {event.type for event in list_case_events(shop.database, number)}


def test_a_bad_score_shows_and_is_called_again(shop: Shop) -> None:
    number = solved(shop)
    recorded = record_callback(shop, call(shop, number), Answer("reached", 1))
    entry = next(entry for entry in list_complaints(shop) if entry.number == number)
    assert (entry.satisfied, entry.callback_on) == ("dissatisfied", recorded.follow_up_on)
    assert recorded.follow_up_on == date(2026, 11, 23).isoformat()


def test_a_second_call_can_settle_it_still(shop: Shop) -> None:
    number = solved(shop)
    recorded = record_callback(shop, call(shop, number), Answer("reached", 2))
    assert recorded.follow_up_id is not None
    record_callback(shop, recorded.follow_up_id, Answer("reached", 5))
    assert require_case(shop, number).confirmed_at is not None


def test_the_same_answer_twice_confirms_once(shop: Shop) -> None:
    number = solved(shop)
    callback = call(shop, number)
    for _time in range(2):
        record_callback(shop, callback, Answer("reached", 5))
    types = [event.type for event in list_case_events(shop.database, number)]
    assert types.count("confirmed") == 1


def test_other_kinds_wait_for_their_time(shop: Shop) -> None:
    number = solved(shop, kind="return")
    record_callback(shop, call(shop, number), Answer("reached", 5))
    assert require_case(shop, number).status == "resolved"


def test_a_case_that_is_open_again_is_not_confirmed(shop: Shop) -> None:
    number = solved(shop)
    callback = call(shop, number)
    reopen_case(shop, number, reason="again")
    record_callback(shop, callback, Answer("reached", 5))
    assert require_case(shop, number).confirmed_at is None
