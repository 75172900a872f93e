"""Answers taken down by people: found by code or case, on their scale, and followed up if low."""

from collections.abc import Callable
from datetime import date

import pytest

from aftersales_cli.clock import from_text, month_of
from aftersales_cli.customers.callback_plan import plan_callbacks
from aftersales_cli.customers.callbacks import list_due_callbacks
from aftersales_cli.customers.surveys.recording import record_answer
from aftersales_cli.customers.surveys.report import survey_report
from aftersales_cli.database.fetch import fetch_rows, fetch_value
from aftersales_cli.errors import NotFoundError, WrongUsageError
from aftersales_cli.shop import Shop
from tests.customers.surveys.conftest import change, with_survey_settings

Add = Callable[..., int]
TODAY = date(2026, 11, 22)


def callbacks(shop: Shop) -> list[tuple[object, ...]]:
    return fetch_rows(
        shop.database, "SELECT reason, case_number, customer_id, due_on, status FROM callbacks ORDER BY id"
    )


def test_an_answer_with_a_code_finds_case_customer_and_agent(shop: Shop, invited: str) -> None:
    done = record_answer(shop, code=invited.lower(), score=4, comment=" Quick ")
    assert (done.type, done.case_number, done.code, done.later) == ("csat", 1, invited, False)
    assert fetch_rows(
        shop.database,
        "SELECT s.type, s.score, s.comment, s.source, s.case_number, s.customer_id, a.code, i.status, i.answered_at "
        "FROM survey_answers s JOIN agents a ON a.id = s.agent_id JOIN survey_invites i ON i.id = s.invite_id",
    ) == [("csat", 4, "Quick", "phone", 1, 1, "lan", "answered", "2026-11-22T01:00:00Z")]


def test_an_answer_about_a_case_belongs_to_its_invitation(shop: Shop, invited: str) -> None:
    assert record_answer(shop, case=1, score=5).code == invited
    assert record_answer(shop, case=1, kind="nps", score=9).code == ""


def test_the_first_answer_stays_and_a_later_one_is_kept_but_not_counted(shop: Shop, invited: str) -> None:
    record_answer(shop, code=invited, score=5)
    later = record_answer(shop, code=invited, score=3)
    assert (later.changed, later.later) == (True, True)
    report = survey_report(shop, month_of(TODAY))
    assert [(figure.value, figure.n) for figure in report.total.figures[:1]] == [(1.0, 1)]
    assert [(entry.code, entry.score, entry.first_score) for entry in report.later] == [(invited, 3, 5)]


def test_which_is_first_follows_from_the_moment_not_from_the_order_of_recording(
    shop: Shop, invited: str
) -> None:
    change(shop, "UPDATE survey_invites SET sent_on = '2026-11-20'")
    record_answer(shop, code=invited, score=5)
    record_answer(shop, code=invited, score=3, at=from_text("2026-11-21T01:00:00Z"))
    assert survey_report(shop, month_of(TODAY)).total.figures[0].value == 0.0
    assert fetch_value(shop.database, "SELECT answered_at FROM survey_invites") == "2026-11-21T01:00:00Z"


def test_the_very_same_answer_again_changes_nothing(shop: Shop, invited: str) -> None:
    record_answer(shop, code=invited, score=1, comment="slow")
    again = record_answer(shop, code=invited, score=1, comment="slow")
    assert (again.changed, again.later, again.follow_up_opened) == (False, False, False)
    assert fetch_value(shop.database, "SELECT count(*) FROM survey_answers") == 1
    assert len(callbacks(shop)) == 1


@pytest.mark.parametrize(("kind", "score"), [("csat", 6), ("csat", 0), ("ces", 8), ("nps", 11)])
def test_a_score_off_the_scale_of_its_type_is_refused(
    shop: Shop, add_case: Add, kind: str, score: int
) -> None:
    add_case()
    with pytest.raises(WrongUsageError, match="not on the scale"):
        record_answer(shop, case=1, kind=kind, score=score)


def test_an_answer_needs_a_known_code_or_a_case(shop: Shop, invited: str) -> None:
    with pytest.raises(NotFoundError, match="no invitation"):
        record_answer(shop, code="Q2222222", score=4)
    with pytest.raises(NotFoundError):
        record_answer(shop, case=99, score=4)
    with pytest.raises(WrongUsageError, match="Which survey"):
        record_answer(shop, code=invited, case=1, score=4)
    with pytest.raises(WrongUsageError, match="future"):
        record_answer(shop, code=invited, score=4, at=from_text("2026-11-22T02:00:00Z"))


@pytest.mark.parametrize(
    ("kind", "score", "opened"),
    [
        ("csat", 2, 1),
        ("csat", 3, 0),
        ("ces", 3, 1),
        ("ces", 4, 0),
        ("nps", 6, 1),
        ("nps", 7, 0),
        ("nps", 0, 1),
    ],
)
def test_a_low_score_opens_a_callback_for_today(
    shop: Shop, add_case: Add, add_customer: Add, kind: str, score: int, opened: int
) -> None:
    add_case(customer_id=add_customer("Lin", "13800000000"))
    done = record_answer(shop, case=1, kind=kind, score=score)
    assert done.follow_up_opened is bool(opened)
    assert callbacks(shop) == [("survey_low", 1, 1, "2026-11-22", "open")] * opened
    if opened:
        listed = list_due_callbacks(shop, TODAY)[0]
        assert listed.ask.startswith("Your answer to our survey")


def test_the_settings_can_switch_the_follow_up_of_recommendation_off(shop: Shop, add_case: Add) -> None:
    add_case()
    record_answer(with_survey_settings(shop, low_nps=-1), case=1, kind="nps", score=0)
    assert callbacks(shop) == []


def test_two_low_scores_about_one_case_open_one_callback(shop: Shop, add_case: Add) -> None:
    add_case()
    record_answer(shop, case=1, kind="csat", score=1)
    record_answer(shop, case=1, kind="nps", score=1)
    assert len(callbacks(shop)) == 1
    noted = "SELECT follow_up, follow_up_id FROM survey_answers ORDER BY id"
    assert fetch_rows(shop.database, noted) == [("opened", 1), ("callback", 1)]


def test_no_callback_is_opened_beside_an_open_one_or_an_open_complaint_or_against_a_wish(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    add_case(customer_id=add_customer("A", "13800000000"))
    plan_callbacks(shop, TODAY)
    record_answer(shop, case=1, score=1)
    add_case(kind="complaint", status="in_progress", resolved_on=None)
    record_answer(shop, case=2, score=1)
    add_case(customer_id=add_customer("B", do_not_contact=True))
    record_answer(shop, case=3, score=1)
    assert [row[0] for row in callbacks(shop)] == ["service_followup"]
    noted = fetch_rows(shop.database, "SELECT follow_up FROM survey_answers ORDER BY id")
    assert noted == [("callback",), ("complaint",), ("unwanted",)]


def test_a_good_satisfaction_confirms_a_solved_complaint(shop: Shop, add_case: Add) -> None:
    add_case(kind="complaint", severity="L1")
    record_answer(shop, case=1, score=5, comment="Well done")
    assert fetch_value(shop.database, "SELECT status FROM cases") == "closed"


@pytest.mark.parametrize("status", ["planned", "sent", "expired", "cancelled"])
def test_an_answer_counts_whatever_had_become_of_its_invitation(
    shop: Shop, invited: str, status: str
) -> None:
    change(shop, "UPDATE survey_invites SET status = :status", status=status)
    assert record_answer(shop, code=invited, score=5).later is False
    assert fetch_value(shop.database, "SELECT status FROM survey_invites") == "answered"
