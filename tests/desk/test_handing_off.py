"""Asking another department, and what its answer does to the case."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.handoffs import count_overdue_handoffs, list_handoffs
from aftersales_cli.desk.ending import cancel_case, resolve_case
from aftersales_cli.desk.handing_off import answer_handoff, hand_off, withdraw_handoff
from aftersales_cli.desk.joining import merge_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.steps import require_case
from aftersales_cli.desk.timing_out import expire_cases
from aftersales_cli.desk.waiting import wait_case
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent

Local = Callable[[str], datetime]


def types(shop: Shop, number: int) -> list[str]:
    return [event.type for event in list_case_events(shop.database, number)]


def later(shop: Shop, **span: float) -> Shop:
    return replace(shop, now=shop.now + timedelta(**span))


def test_a_question_to_a_department_makes_the_case_wait(shop: Shop, local: Local) -> None:
    number = open_case(shop, kind="return").number
    handoff = hand_off(shop, number, "物流", ask="Where is it?", due=local("2026-11-23 18:00"))
    assert (handoff.department, handoff.due_at, handoff.asked_by) == (
        "logistics",
        "2026-11-23T10:00:00Z",
        "owner",
    )
    assert require_case(shop, number).status == "waiting_internal"
    event = next(event for event in list_case_events(shop.database, number) if event.type == "handed_off")
    assert (event.field, event.after, event.note) == ("department", "logistics", "Where is it?")


def test_without_a_due_time_the_answer_has_its_hours_of_working_time(shop: Shop) -> None:
    """Nine on a Sunday morning: the eight hours begin with Monday's opening."""
    handoff = hand_off(shop, open_case(shop).number, "finance", ask="Paid?")
    assert handoff.due_at == "2026-11-23T09:00:00Z"


def test_the_last_answer_takes_the_case_up_again(shop: Shop) -> None:
    number = open_case(shop).number
    first = hand_off(shop, number, "logistics", ask="Where is it?")
    second = hand_off(shop, number, "finance", ask="Paid?")
    answer_handoff(shop, number, "At the depot", handoff_id=first.id)
    assert require_case(shop, number).status == "waiting_internal"
    done = answer_handoff(shop, number, "Yes", handoff_id=second.id)
    assert (done.answer, done.done_by, done.withdrawn) == ("Yes", "owner", False)
    assert require_case(shop, number).status == "in_progress"
    assert types(shop, number)[-2:] == ["handoff_answered", "resumed"]


def test_one_open_question_needs_no_number(shop: Shop) -> None:
    number = open_case(shop).number
    handoff = hand_off(shop, number, "logistics", ask="Where is it?")
    assert answer_handoff(shop, number, "Lost").id == handoff.id


def test_of_several_open_questions_none_is_guessed(shop: Shop) -> None:
    number = open_case(shop).number
    hand_off(shop, number, "logistics", ask="Where is it?")
    hand_off(shop, number, "finance", ask="Paid?")
    with pytest.raises(WrongUsageError) as caught:
        answer_handoff(shop, number, "Yes")
    assert "Where is it?" in caught.value.remedy
    assert "Paid?" in caught.value.remedy


def test_the_department_of_who_answers_tells_which_question_is_meant(shop: Shop) -> None:
    number = open_case(shop).number
    hand_off(shop, number, "logistics", ask="Where is it?")
    wanted = hand_off(shop, number, "warehouse", ask="Still there?")
    keeper = add_agent(shop, "wang", role="warehouse")
    assert answer_handoff(replace(shop, agent=keeper), number, "Yes").id == wanted.id


def test_the_second_answer_learns_who_was_faster(shop: Shop) -> None:
    number = open_case(shop).number
    handoff = hand_off(shop, number, "logistics", ask="Where is it?")
    lan = add_agent(shop, "lan", name="小兰")
    answer_handoff(replace(shop, agent=lan), number, "Lost")
    for handoff_id in (handoff.id, None):
        with pytest.raises(RefusedError, match=r"小兰 was faster.*Lost"):
            answer_handoff(shop, number, "At the depot", handoff_id=handoff_id)


def test_an_answer_to_an_older_list_never_overwrites(shop: Shop) -> None:
    number = open_case(shop).number
    handoff = hand_off(shop, number, "logistics", ask="Where is it?")
    with pytest.raises(RefusedError, match="changed"):
        answer_handoff(shop, number, "Lost", handoff_id=handoff.id, expected_revision=handoff.revision + 1)


def test_who_answered_already_is_told_so(shop: Shop) -> None:
    number = open_case(shop).number
    hand_off(shop, number, "logistics", ask="Where is it?")
    answer_handoff(shop, number, "Lost")
    with pytest.raises(RefusedError, match="You answered"):
        answer_handoff(shop, number, "Lost")


def test_the_warehouse_answers_only_what_it_was_asked(shop: Shop) -> None:
    number = open_case(shop).number
    hand_off(shop, number, "logistics", ask="Where is it?")
    keeper = add_agent(shop, "wang", name="老王", role="warehouse")
    with pytest.raises(RefusedError, match="logistics"):
        answer_handoff(replace(shop, agent=keeper), number, "Here")


def test_a_warehouse_employee_named_in_the_question_may_answer_it(shop: Shop) -> None:
    number = open_case(shop).number
    keeper = add_agent(shop, "wang", role="warehouse")
    hand_off(shop, number, "logistics", ask="Where is it?", to="wang")
    assert answer_handoff(replace(shop, agent=keeper), number, "Here").done_by == "wang"


def test_a_withdrawn_question_is_no_longer_open(shop: Shop) -> None:
    number = open_case(shop).number
    hand_off(shop, number, "logistics", ask="Where is it?")
    handoff = withdraw_handoff(shop, number, note="it arrived")
    assert (handoff.withdrawn, handoff.answer) == (True, "it arrived")
    assert require_case(shop, number).status == "in_progress"
    assert "handoff_withdrawn" in types(shop, number)
    with pytest.raises(RefusedError, match="withdrew"):
        answer_handoff(shop, number, "Here")


def test_a_case_with_open_questions_is_not_resolved(shop: Shop) -> None:
    number = open_case(shop).number
    handoff = hand_off(shop, number, "logistics", ask="Where is it?")
    with pytest.raises(RefusedError, match=f"{handoff.id}.*logistics"):
        resolve_case(shop, number)
    answer_handoff(shop, number, "Here")
    assert resolve_case(shop, number).status == "resolved"


def test_a_cancelled_case_takes_its_questions_back(shop: Shop) -> None:
    number = open_case(shop).number
    hand_off(shop, number, "logistics", ask="Where is it?")
    cancel_case(shop, number, "duplicate")
    assert [row.withdrawn for row in list_handoffs(shop.database)] == [True]
    assert require_case(shop, number).status == "cancelled"


def test_a_merged_case_takes_its_questions_along(shop: Shop) -> None:
    number, other = open_case(shop).number, open_case(shop).number
    handoff = hand_off(shop, number, "logistics", ask="Where is it?")
    merge_case(shop, number, other)
    with pytest.raises(RefusedError, match="logistics"):
        resolve_case(shop, other)
    assert answer_handoff(shop, other, "Here").id == handoff.id
    assert "handoff_moved" in types(shop, number)


def test_a_customer_who_never_answers_ends_the_question_too(shop: Shop) -> None:
    number = open_case(shop).number
    hand_off(shop, number, "logistics", ask="Where is it?")
    wait_case(shop, number, "customer")
    expire_cases(later(shop, days=60))
    assert require_case(shop, number).status in {"resolved", "closed"}
    assert [row.withdrawn for row in list_handoffs(shop.database)] == [True]


def test_overdue_questions_are_counted_and_listed(shop: Shop, local: Local) -> None:
    number = open_case(shop, at=local("2026-11-22 08:00")).number
    hand_off(shop, number, "logistics", ask="Where is it?", due=local("2026-11-22 10:00"))
    hand_off(shop, number, "finance", ask="Paid?", due=local("2026-11-23 10:00"))
    assert count_overdue_handoffs(shop.database, shop.stamp) == 0
    evening = later(shop, hours=9)
    assert count_overdue_handoffs(shop.database, evening.stamp) == 1
    overdue = list_handoffs(shop.database, overdue_at=evening.stamp)
    assert [(row.department, row.case_number) for row in overdue] == [("logistics", number)]
    assert [row.department for row in list_handoffs(shop.database, only_open=True)] == [
        "logistics",
        "finance",
    ]
    assert [row.department for row in list_handoffs(shop.database, department="finance")] == ["finance"]


@pytest.mark.parametrize(
    ("words", "match"),
    [
        ({"department": "moon", "ask": "?"}, "moon"),
        ({"department": "finance", "ask": " "}, "empty"),
        ({"department": "finance", "ask": "?", "to": "nobody"}, "nobody"),
    ],
)
def test_wrong_words_are_told(shop: Shop, words: dict[str, str], match: str) -> None:
    number = open_case(shop).number
    with pytest.raises((WrongUsageError, NotFoundError), match=match):
        hand_off(shop, number, words.pop("department"), **words)  # type: ignore[arg-type] # words only
    assert types(shop, number) == ["opened"]


def test_a_due_time_before_the_question_is_wrong(shop: Shop, local: Local) -> None:
    with pytest.raises(WrongUsageError, match="2026-11-20"):
        hand_off(shop, open_case(shop).number, "finance", ask="?", due=local("2026-11-20 18:00"))


def test_a_viewer_is_not_asked(shop: Shop) -> None:
    add_agent(shop, "eye", role="viewer")
    with pytest.raises(RefusedError, match="eye"):
        hand_off(shop, open_case(shop).number, "finance", ask="?", to="eye")


def test_a_resolved_case_is_not_handed_off(shop: Shop) -> None:
    number = open_case(shop).number
    resolve_case(shop, number)
    with pytest.raises(RefusedError, match="resolved"):
        hand_off(shop, number, "finance", ask="Paid?")


def test_a_hand_off_that_is_not_there_is_told(shop: Shop) -> None:
    number = open_case(shop).number
    with pytest.raises(RefusedError, match="no open hand-off"):
        answer_handoff(shop, number, "Yes")
    with pytest.raises(NotFoundError, match="77"):
        answer_handoff(shop, number, "Yes", handoff_id=77)


def test_a_customer_who_is_waited_for_stays_waited_for(shop: Shop, local: Local) -> None:
    """An answer ends only the waiting for departments."""
    number = open_case(shop, at=local("2026-11-22 08:00")).number
    hand_off(shop, number, "logistics", ask="Where is it?", at=local("2026-11-22 08:30"))
    wait_case(shop, number, "customer")
    answer_handoff(shop, number, "Here")
    assert require_case(shop, number).status == "waiting_customer"
