"""The likely reason why somebody leaves, and the fact that points to it."""

from itertools import pairwise

import pytest

from aftersales_cli.customers.churn.reasons import (
    ORDER,
    add_reason,
    late_refunds,
    long_replies,
    sort_signs,
    stock_and_price_words,
    word_signs,
)
from aftersales_cli.database.churn_signs import Wait
from aftersales_cli.records.churn import ChurnScore, ChurnSign
from aftersales_cli.taxonomy import load_taxonomy

AT = "2026-11-22T01:00:00Z"


def _score(degree: str = "lost", last_on: str = "2026-06-30") -> ChurnScore:
    return ChurnScore(
        customer_id=1,
        method="gaps",
        purchases=3,
        last_on=last_on,
        p_alive=None,
        gap_days=30,
        overdue=4.8,
        degree=degree,
        expected_orders=2,
        value_lost=20_000,
        reason="" if degree == "active" else "no_sign",
    )


def _sign(reason: str, on: str = "2026-07-01", sign: str = "word", case: int = 5) -> ChurnSign:
    return ChurnSign(1, reason, sign, case, on, None)


def _reason(*signs: ChurnSign, score: ChurnScore | None = None) -> str:
    return add_reason(score or _score(), sort_signs(signs)).reason


def test_without_a_fact_no_reason_is_invented() -> None:
    assert _reason() == "no_sign"
    assert _reason(ChurnSign(2, "price", "word", 5, "2026-07-01", None)) == "no_sign"


def test_who_is_active_needs_no_reason() -> None:
    assert _reason(_sign("complaint_open"), score=_score("active")) == ""


@pytest.mark.parametrize(("strong", "weak"), list(pairwise(ORDER)))
def test_of_several_signs_the_strongest_counts(strong: str, weak: str) -> None:
    assert _reason(_sign(weak, "2026-08-01"), _sign(strong)) == strong


def test_what_customers_said_themselves_stands_above_all_signs() -> None:
    assert _reason(_sign("complaint_open"), _sign("competitor", sign="said")) == "competitor"


def test_of_equal_signs_the_newest_is_named_with_its_case() -> None:
    signs = sort_signs([_sign("complaint", "2026-07-01", case=5), _sign("complaint", "2026-08-02", case=4)])
    found = add_reason(_score(), signs)
    assert (found.sign, found.sign_case, found.sign_on) == ("word", 4, "2026-08-02")


@pytest.mark.parametrize(("on", "reason"), [("2026-05-01", "complaint"), ("2026-04-30", "no_sign")])
def test_what_was_more_than_60_days_before_the_last_purchase_was_no_reason(on: str, reason: str) -> None:
    assert _reason(_sign("complaint", on)) == reason


def test_a_complaint_that_is_still_open_counts_however_old() -> None:
    assert _reason(_sign("complaint_open", "2025-01-01")) == "complaint_open"


def test_money_that_comes_after_a_week_or_after_the_promised_moment_is_late() -> None:
    waits = [
        Wait(1, 1, "2026-07-01T00:00:00Z", "2026-07-07T23:59:59Z", None, "2026-07-07"),
        Wait(1, 2, "2026-07-01T00:00:00Z", "2026-07-08T00:00:00Z", None, "2026-07-08"),
        Wait(1, 3, "2026-07-01T00:00:00Z", "2026-07-03T00:00:00Z", "2026-07-02T00:00:00Z", "2026-07-03"),
        Wait(1, 4, "2026-11-01T00:00:00Z", None, "2026-11-30T00:00:00Z", "2026-11-01"),
        Wait(1, 5, "2026-11-01T00:00:00Z", None, "2026-11-20T00:00:00Z", "2026-11-01"),
        Wait(1, 6, "2026-11-01T00:00:00Z", "2026-11-25T00:00:00Z", None, "2026-11-01"),
    ]
    found = [(sign.case, sign.sign, sign.number) for sign in late_refunds(waits, AT)]
    assert found == [(2, "refund", 7), (3, "refund", 2), (5, "unpaid", 21), (6, "unpaid", 21)]


def test_a_day_without_a_reply_is_a_long_wait() -> None:
    waits = [
        Wait(1, 1, "2026-07-01T00:00:00Z", "2026-07-01T23:59:59Z", None, "2026-07-01"),
        Wait(1, 2, "2026-07-01T00:00:00Z", "2026-07-02T00:00:00Z", None, "2026-07-01"),
        Wait(1, 3, "2026-11-20T01:00:00Z", None, None, "2026-11-20"),
    ]
    found = [(sign.case, sign.reason, sign.number) for sign in long_replies(waits, AT)]
    assert found == [(2, "long_wait", 24), (3, "long_wait", 48)]


def test_the_words_for_stock_and_price_are_those_of_the_reasons_without_platform_codes() -> None:
    words = stock_and_price_words(load_taxonomy("reasons"))
    assert {("stock", "缺货"), ("stock", "sold out"), ("price", "买贵了"), ("price", "cheaper")} <= set(words)
    assert ("price", "found_better_price") not in words
    assert all(word == word.lower() for _reason, word in words)


def test_messages_with_such_a_word_are_signs_once_for_each_case() -> None:
    words = [("stock", "sold out"), ("stock", "缺货"), ("price", "保价")]
    messages = [
        (1, 7, "2026-07-01", "Is the red one SOLD OUT?"),
        (1, 7, "2026-07-01", "又缺货,能保价吗"),
        (2, 8, "2026-07-02", "thanks"),
    ]
    found = {(sign.customer_id, sign.case, sign.reason, sign.on) for sign in word_signs(messages, words)}
    assert found == {(1, 7, "stock", "2026-07-01"), (1, 7, "price", "2026-07-01")}
    assert len(word_signs(messages, words)) == 2
    assert word_signs(messages, []) == []


@pytest.mark.parametrize("name", ["churn_degrees", "churn_reasons"])
def test_degrees_and_reasons_have_names_of_their_own_in_both_languages(name: str) -> None:
    terms = list(load_taxonomy(name))
    for language in ("zh", "en"):
        names = [getattr(term, language) for term in terms]
        assert len(set(names)) == len(names)
        assert all(names)
    assert {*ORDER, "no_sign"} <= set(load_taxonomy("churn_reasons").terms)
