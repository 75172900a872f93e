"""Hiding the last days and letting each method predict them."""

import random
from datetime import date

import pytest

from aftersales_cli.customers.churn.backtest import (
    Backtest,
    backtest_churn,
    compare_methods,
    share_of,
)
from aftersales_cli.customers.churn.buyers import Buyer
from aftersales_cli.database.fetch import fetch_value
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.shop import Shop
from tests.benchmarks.churn import buying_days

START = date(2026, 1, 1).toordinal()
END = START + 400
TODAY = date(2026, 11, 22)


def _buyer(number: int, *days: int) -> Buyer:
    return Buyer(number, tuple(START + day for day in days), tuple(1.0 for _day in days))


def _compare(buyers: list[Buyer], cut: int, end: int) -> Backtest:
    found = compare_methods(buyers, START + cut, START + end)
    assert found is not None
    return found


def _crowd(customers: int) -> list[Buyer]:
    rng = random.Random(5)
    crowd = []
    for number in range(customers):
        first = rng.randrange(300)
        days = sorted({first + day for day in buying_days(rng, 400 - first)})
        crowd.append(_buyer(number, *days))
    return crowd


def test_precision_and_recall_are_those_of_who_is_called_at_risk_or_lost() -> None:
    buyers = [
        _buyer(1, 0, 10, 20, 30),  # 70 days of silence after gaps of 10: lost, and bought nothing
        _buyer(2, 0, 10, 20, 30, 120),  # lost, but bought in the hidden days
        _buyer(3, 70, 80, 90, 98),  # active, and bought nothing
        _buyer(4, 70, 80, 90, 98, 130),  # active, and bought
        _buyer(5, 101, 110),  # came later: nobody could know of them
    ]
    found = _compare(buyers, 100, 150)
    assert (found.customers, found.days) == (4, 50)
    assert (found.known_until, found.until) == ("2026-04-11", "2026-05-31")
    assert (found.silent.k, found.silent.n) == (2, 4)
    (test,) = found.tests
    assert test.method == "gaps"
    assert (test.precision.k, test.precision.n) == (1, 2)
    assert (test.recall.k, test.recall.n) == (1, 2)


def test_a_purchase_on_the_last_known_day_is_known_and_one_on_the_next_is_hidden() -> None:
    found = _compare([_buyer(1, 0, 100), _buyer(2, 0, 101), _buyer(3, 0, 151)], 100, 150)
    assert (found.silent.k, found.silent.n) == (1 + 1, 3)


def test_tenths_go_from_least_to_most_expected_and_hold_everybody_once() -> None:
    found = _compare(_crowd(1_003), 310, 400)
    assert [test.method for test in found.tests] == ["bg_nbd", "gaps"]
    for test in found.tests:
        assert [decile.position for decile in test.deciles] == list(range(1, 11))
        assert sum(decile.bought.n for decile in test.deciles) == found.customers
        assert sum(decile.bought.k for decile in test.deciles) == found.silent.n - found.silent.k
        predicted = [decile.predicted for decile in test.deciles]
        assert predicted == sorted(predicted)
        mean = sum(decile.predicted * decile.bought.n for decile in test.deciles) / found.customers
        assert mean == pytest.approx(test.predicted)


def test_in_a_world_like_the_models_its_chances_come_true() -> None:
    found = _compare(_crowd(3_000), 310, 400)
    model, gaps = found.tests
    bought = (found.silent.n - found.silent.k) / found.silent.n
    assert model.predicted == pytest.approx(bought, abs=0.02)
    assert abs(gaps.predicted - bought) > abs(model.predicted - bought)
    inside = sum(
        1
        for decile in model.deciles
        if decile.bought.low is not None and decile.bought.high is not None
        if decile.bought.low - 0.05 <= decile.predicted <= decile.bought.high + 0.05
    )
    assert inside >= 9
    assert found.notes == ()


def test_few_customers_bring_honest_notes_and_fewer_groups_than_ten() -> None:
    found = _compare([_buyer(number, 0, 40 + number) for number in range(4)], 60, 90)
    assert len(found.tests[0].deciles) == 4
    assert set(found.notes) == {
        "small_sample", "few_silent", "few_leaving", "small_deciles", "few_gaps", "no_better", "short",
    }  # fmt: skip


def test_nobody_said_to_be_leaving_has_no_precision() -> None:
    found = _compare([_buyer(1, 0, 30, 59)], 60, 90)
    assert (found.tests[0].precision.n, found.tests[0].precision.value) == (0, None)


def test_a_share_carries_counts_and_interval() -> None:
    share = share_of(81, 263)
    assert share.low == pytest.approx(0.2553, abs=1e-4)
    assert share.high == pytest.approx(0.3662, abs=1e-4)
    assert share_of(0, 0).value is None


def test_before_the_first_purchase_there_is_nothing_to_test() -> None:
    assert compare_methods([_buyer(1, 10)], START + 9, END) is None
    assert compare_methods([], START, END) is None


def test_a_small_shop_is_tested_by_the_rule_alone_with_the_guards_that_do_not_hold(crowd: Shop) -> None:
    large = backtest_churn(crowd, TODAY, 90)
    assert [test.method for test in large.tests] == ["bg_nbd", "gaps"]
    assert {guard.code for guard in large.guards} == {"customers", "repeaters", "history", "parameters"}
    small = backtest_churn(crowd, TODAY, 600)
    assert [test.method for test in small.tests] == ["gaps"]
    assert not small.guards[0].ok
    assert "small_sample" in small.notes
    assert fetch_value(crowd.database, "SELECT COUNT(*) FROM churn_scores") == 0


def test_more_days_than_there_are_is_wrong_usage(shop: Shop) -> None:
    with pytest.raises(WrongUsageError, match="2026-08-24"):
        backtest_churn(shop, TODAY, 90)
