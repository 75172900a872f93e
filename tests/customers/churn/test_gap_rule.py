"""Silence against the usual gap between two purchases."""

import pytest

from aftersales_cli.customers.churn.buyers import Buyer, gather_buyers
from aftersales_cli.customers.churn.gap_rule import NO_GAPS_DAYS, GapRule, find_degree, fit_gaps

RULE = GapRule(median=60, late=120, gaps=100, returning=0.25)


def _buyer(*days: int) -> Buyer:
    return Buyer(1, days, tuple(100.0 for _day in days))


def test_after_gaps_of_30_30_and_40_days_75_days_of_silence_are_two_and_a_half_gaps() -> None:
    gaps = _buyer(0, 30, 60, 100).gaps
    assert gaps == [30, 30, 40]
    assert RULE.expected_gap(gaps) == 30
    assert RULE.overdue(gaps, 75) == 2.5
    assert find_degree(2.5) == "at_risk"


@pytest.mark.parametrize(
    ("gaps", "expected"),
    [
        ([], 120),  # bought once: the 75th percentile of all gaps
        ([30], (30 + 3 * 60) / 4),
        ([30, 50], (80 + 3 * 60) / 5),
        ([30, 50, 400], 50),  # three gaps: the own median
        ([10, 20, 30, 40], 25),
    ],
)
def test_few_own_gaps_are_drawn_towards_the_shops(gaps: list[int], expected: float) -> None:
    assert RULE.expected_gap(gaps) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("overdue", "degree"),
    [
        (0, "active"),
        (1, "active"),
        (1.01, "due"),
        (2, "due"),
        (2.01, "at_risk"),
        (3, "at_risk"),
        (3.01, "lost"),
    ],
)
def test_each_degree_ends_with_a_whole_gap(overdue: float, degree: str) -> None:
    assert find_degree(overdue) == degree


def test_a_shops_rule_comes_from_the_gaps_of_all_its_customers() -> None:
    buyers = [_buyer(0, 10, 30), _buyer(0, 30), _buyer(0, 40), _buyer(5), _buyer(90)]
    rule = fit_gaps(buyers, end=100)
    assert (rule.gaps, rule.median) == (4, 25)
    assert rule.late == pytest.approx(32.5)
    # Who first bought on day 90 has not had the time to come back.
    assert rule.returning == 3 / 4


def test_where_nobody_has_come_back_half_a_year_is_the_gap() -> None:
    rule = fit_gaps([_buyer(0), _buyer(5)], end=300)
    assert (rule.median, rule.late, rule.returning) == (NO_GAPS_DAYS, NO_GAPS_DAYS, 0)
    assert rule.overdue([], 300) == pytest.approx(300 / 180)


def test_the_chance_to_buy_is_a_half_within_one_gap_and_falls_with_silence() -> None:
    gaps = [30, 30, 30]
    assert RULE.chance_to_buy(gaps, 0, 30) == pytest.approx(0.5)
    assert RULE.chance_to_buy(gaps, 30, 30) == pytest.approx(0.5)
    assert RULE.chance_to_buy(gaps, 90, 30) == pytest.approx(0.5 / 3)
    assert RULE.chance_to_buy([], 0, 120) == pytest.approx(0.5 * 0.25)


def test_a_few_quick_orders_long_ago_are_no_pace_for_the_year() -> None:
    assert RULE.expected_purchases(3, 340, 365) == pytest.approx(365 * 4 / 400)
    assert RULE.expected_purchases(0, 305, 365) == pytest.approx(365 / 365 * 0.25)


def test_orders_of_one_day_are_one_purchase_and_currencies_are_added_up() -> None:
    rows = [
        (7, "2026-01-01", "CNY", 1_000),
        (7, "2026-01-01", "USD", 200),
        (7, "2026-01-31", "CNY", 500),
        (9, "2026-02-01", "JPY", 300),
    ]
    rates = {"CNY": 1, "USD": 7}
    first, second = gather_buyers(
        rows, lambda amount, currency, _day: amount * rates[currency] if currency in rates else None
    )
    assert (first.customer_id, first.gaps, first.values) == (7, [30], (2_400.0, 500.0))
    assert (first.mean, first.repeat_mean) == (1_450.0, 500.0)
    # Without a rate the days are known, their value is not.
    assert (second.repeats, second.values, second.mean) == (0, None, None)


def test_what_was_refunded_makes_no_purchase_worth_less_than_nothing() -> None:
    assert Buyer(1, (1, 2), (100.0, -300.0)).mean == 0


def test_what_was_known_at_the_end_of_a_day_leaves_out_later_purchases() -> None:
    buyer = Buyer(3, (10, 20, 30), (1.0, 2.0, 3.0))
    assert buyer.until(20) == Buyer(3, (10, 20), (1.0, 2.0))
    assert buyer.until(9) is None
