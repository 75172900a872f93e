"""Which answers make sense, and what follows from them."""

from datetime import date

import pytest

from aftersales_cli.customers.answers import Answer, AnswerError, FollowUp, check_answer, next_step
from aftersales_cli.records.customers import Callback

DAY = date(2026, 11, 22)
FRIDAY = date(2026, 11, 27)


def _callback(*, reason: str = "service_followup", attempt: int = 1) -> Callback:
    return Callback(
        id=1, reason=reason, case_number=1, customer_id=None, order_id=None, due_on="2026-11-22", priority=60,
        assignee_id=None, attempt=attempt, status="open", outcome="", score=None, note="", next_due_on=None,
        planned_at="2026-11-22T01:00:00Z", recorded_at=None, revision=1, follows_id=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "column"),
    [
        (Answer("later"), "next_on"),
        (Answer("later", next_on=date(2026, 11, 21)), "next_on"),
        (Answer("later", next_on=date(2062, 11, 25)), "next_on"),
        (Answer("declined", next_on=FRIDAY), "next_on"),
        (Answer("do_not_contact", next_on=FRIDAY), "next_on"),
        (Answer("no_answer", score=3), "score"),
        (Answer("wrong_contact", score=3), "score"),
        (Answer("reached", score=6), "score"),
        (Answer("reached", score=0), "score"),
    ],
)
def test_an_answer_that_contradicts_itself_is_refused_with_its_column(answer: Answer, column: str) -> None:
    with pytest.raises(AnswerError) as caught:
        check_answer(answer, day=DAY, attempt=1, max_attempts=3)
    assert caught.value.column == column
    assert caught.value.exit_code == 2
    assert caught.value.remedy


@pytest.mark.parametrize(
    "answer",
    [
        Answer("reached"),
        Answer("reached", 5),
        Answer("later", next_on=DAY),
        Answer("no_answer", next_on=FRIDAY),
    ],
)
def test_an_answer_that_makes_sense_is_taken(answer: Answer) -> None:
    check_answer(answer, day=DAY, attempt=1, max_attempts=3)


def test_a_date_for_an_attempt_beyond_the_last_is_refused() -> None:
    with pytest.raises(AnswerError, match="attempt 3 of 3"):
        check_answer(Answer("no_answer", next_on=FRIDAY), day=DAY, attempt=3, max_attempts=3)


@pytest.mark.parametrize(
    ("answer", "attempt", "made", "step"),
    [
        (Answer("reached", 5), 1, False, None),
        (Answer("reached", 3), 1, False, None),
        (Answer("reached", 2), 1, False, FollowUp("low_score", date(2026, 11, 23), 1, 20)),
        (Answer("reached", 1), 1, True, None),
        (Answer("reached", 1, FRIDAY), 1, False, FollowUp("promised", FRIDAY, 1, 10)),
        (Answer("later", None, FRIDAY), 2, False, FollowUp("promised", FRIDAY, 1, 10)),
        (Answer("no_answer"), 1, False, FollowUp("service_followup", date(2026, 11, 23), 2, 60)),
        (Answer("no_answer", None, FRIDAY), 2, False, FollowUp("service_followup", FRIDAY, 3, 60)),
        (Answer("no_answer"), 3, False, None),
        (Answer("declined", 1), 1, False, None),
        (Answer("do_not_contact", 1), 1, False, None),
        (Answer("wrong_contact"), 1, False, None),
    ],
)
def test_what_follows_from_an_answer(answer: Answer, attempt: int, made: bool, step: FollowUp | None) -> None:
    found = next_step(
        _callback(attempt=attempt), answer, day=DAY, max_attempts=3, low_score=2, second_call_made=made
    )
    assert found == step
