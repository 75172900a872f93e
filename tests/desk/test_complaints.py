"""Following complaints up until the customer says that all is well."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aftersales_cli.database.fetch import insert
from aftersales_cli.desk.answering import reply_case
from aftersales_cli.desk.complaints import Complaint, list_complaints
from aftersales_cli.desk.ending import cancel_case, close_case, confirm_case, resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.steps import require_case
from aftersales_cli.errors import RefusedError
from aftersales_cli.shop import Shop

Local = Callable[[str], datetime]


def complain(shop: Shop, severity: str = "L1", **words: str) -> int:
    return open_case(shop, kind="complaint", severity=severity, say="Bad", **words).number  # type: ignore[arg-type] # words only


def solve(shop: Shop, number: int) -> None:
    reply_case(shop, number, "Sorry")
    resolve_case(shop, number, cause="packaging")


def listed(shop: Shop) -> dict[int, Complaint]:
    return {entry.number: entry for entry in list_complaints(shop)}


def rate(shop: Shop, number: int, score: int, at: str = "2026-11-22T01:00:00Z") -> None:
    with shop.writing("callbacks.record"):
        insert(
            shop.database,
            "INSERT INTO survey_answers (type, case_number, score, source, answered_at, answered_on) "
            "VALUES ('csat', :number, :score, 'callback', :at, '2026-11-22')",
            {"number": number, "score": score, "at": at},
        )


def test_a_complaint_is_not_solved_without_an_answer(shop: Shop) -> None:
    number = complain(shop)
    with pytest.raises(RefusedError, match="no answer") as caught:
        resolve_case(shop, number, cause="packaging")
    assert f"cases reply {number}" in caught.value.remedy
    reply_case(shop, number, "Sorry", author_type="bot")
    with pytest.raises(RefusedError, match="no answer"):
        resolve_case(shop, number, cause="packaging")
    reply_case(shop, number, "Sorry")
    with pytest.raises(RefusedError, match="cause"):
        resolve_case(shop, number)
    assert resolve_case(shop, number, cause="packaging").status == "resolved"


def test_an_answer_given_outside_counts(shop: Shop, local: Local) -> None:
    number = open_case(
        shop,
        kind="complaint",
        say="Bad",
        channel="phone",
        at=local("2026-11-22 08:00"),
        answered_at=local("2026-11-22 08:00"),
    ).number
    assert resolve_case(shop, number, cause="packaging").status == "resolved"


def test_other_kinds_need_no_answer(shop: Shop) -> None:
    assert resolve_case(shop, open_case(shop, kind="return").number, cause="packaging").status == "resolved"


def test_the_gravest_open_complaint_stands_on_top(shop: Shop) -> None:
    first, grave, major = complain(shop), complain(shop, "L4"), complain(shop, "L2")
    assert list(listed(shop)) == [grave, major, first]


def test_it_is_acknowledged_when_somebody_answered(shop: Shop, local: Local) -> None:
    number = open_case(shop, kind="complaint", say="Bad", at=local("2026-11-22 08:00")).number
    assert listed(shop)[number].acknowledged_at is None
    reply_case(shop, number, "We look into it", author_type="bot")
    assert listed(shop)[number].acknowledged_at is None
    reply_case(shop, number, "Sorry", at=local("2026-11-22 08:30"))
    assert listed(shop)[number].acknowledged_at == "2026-11-22T00:30:00Z"


def test_who_complains_by_phone_is_heard_at_once(shop: Shop) -> None:
    number = complain(shop, channel="phone")
    assert listed(shop)[number].acknowledged_at == require_case(shop, number).opened_at


def test_a_solved_complaint_stays_until_its_customer_confirms_it(shop: Shop) -> None:
    number = complain(shop)
    assert listed(shop)[number].satisfied == ""
    solve(shop, number)
    assert listed(shop)[number].satisfied == "to_ask"
    confirm_case(shop, number)
    assert number not in listed(shop)
    assert [entry.satisfied for entry in list_complaints(shop, everything=True)] == ["confirmed"]


def test_closing_is_not_confirming(shop: Shop) -> None:
    number = complain(shop)
    solve(shop, number)
    close_case(shop, number)
    assert number in listed(shop)


@pytest.mark.parametrize(
    ("score", "word"),
    [(1, "dissatisfied"), (2, "dissatisfied"), (3, "neutral"), (4, "satisfied"), (5, "satisfied")],
)
def test_the_last_score_tells_how_satisfied_they_are(shop: Shop, score: int, word: str) -> None:
    number = complain(shop)
    solve(shop, number)
    rate(shop, number, 6 - score, at="2026-11-22T00:30:00Z")
    rate(shop, number, score)
    assert listed(shop)[number].satisfied == word


def test_a_complaint_nobody_confirms_leaves_the_list_at_last(shop: Shop) -> None:
    number = complain(shop)
    solve(shop, number)
    days = shop.settings.complaints.follow_up_days
    assert number in listed(replace(shop, now=shop.now + timedelta(days=days)))
    late = replace(shop, now=shop.now + timedelta(days=days + 1))
    assert number not in listed(late)
    assert [entry.number for entry in list_complaints(late, everything=True)] == [number]


def test_what_was_no_complaint_is_not_listed(shop: Shop) -> None:
    cancel_case(shop, complain(shop), "spam")
    open_case(shop, kind="return")
    assert listed(shop) == {}


def test_the_list_masks_who_complains(shop: Shop) -> None:
    number = complain(shop, customer="13800138000")
    assert listed(shop)[number].customer == "138****8000"
