"""The published numbers of BG/NBD and Gamma-Gamma for the CDNOW sample (2,357 customers, 39 weeks)."""

import csv
from pathlib import Path
from statistics import correlation
from typing import NamedTuple

import pytest

from aftersales_cli.customers.buying_model import (
    RUN_AWAY,
    BuyingModel,
    History,
    SpendModel,
    fit_buying,
    fit_spend,
    make_history,
)

PUBLISHED = BuyingModel(0.243, 4.414, 0.793, 2.426)
FADER = History(2, 30.43, 38.86)
"""The customer of Fader and Hardie's worked example."""
SUMMARY = Path(__file__).parent / "cdnow_summary.csv"
"""Repeat purchases, days to the last one and to the end, purchases of the 39 weeks after, mean of the repeats."""
WEEKS = Path(__file__).parent / "cdnow_weeks.csv"
"""The same purchases counted once a week: repeats, weeks to the last and to the end, how many customers."""


class Customer(NamedTuple):
    history: History
    later: int
    """Purchases in the 39 weeks after."""
    mean: float
    """Mean value of the repeat purchases."""


@pytest.fixture(scope="module")
def customers() -> list[Customer]:
    with SUMMARY.open(encoding="utf-8", newline="") as file:
        rows = [list(map(float, row)) for row in csv.reader(file)]
    return [
        Customer(History(int(x), last / 7, age / 7), int(later), mean) for x, last, age, later, mean in rows
    ]


@pytest.fixture(scope="module")
def fitted(customers: list[Customer]) -> tuple[BuyingModel, float]:
    return fit_buying(customer.history for customer in customers)


def test_the_fit_finds_the_published_parameters(fitted: tuple[BuyingModel, float]) -> None:
    model, log_likelihood = fitted
    assert [model.r, model.alpha, model.a, model.b] == pytest.approx(
        [0.2426, 4.4136, 0.7929, 2.4259], abs=2e-4
    )
    assert log_likelihood == pytest.approx(-9582.4292, abs=1e-3)
    assert model.is_sound


def test_the_forecast_for_one_customer_is_that_of_the_paper(fitted: tuple[BuyingModel, float]) -> None:
    assert PUBLISHED.forecast(FADER, 39) == pytest.approx(1.22603, abs=1e-5)
    assert fitted[0].forecast(FADER, 39) == pytest.approx(1.2259, abs=1e-4)
    assert fitted[0].alive(FADER) == pytest.approx(0.72661, abs=1e-5)


@pytest.mark.parametrize(
    ("weeks", "purchases"),
    [(0.1429, 0.00782), (1, 0.05318), (3, 0.15063), (31.8571, 1.04049), (32, 1.04374), (78, 1.85797)],
)
def test_a_new_customer_buys_as_often_as_published(
    fitted: tuple[BuyingModel, float], weeks: float, purchases: float
) -> None:
    assert fitted[0].expected_purchases(weeks) == pytest.approx(purchases, abs=2e-5)


def test_the_chances_of_none_and_of_ten_purchases_are_those_of_the_r_package() -> None:
    model = BuyingModel(0.243, 4.414, 0.793, 2.426)
    assert model.chance_of(0, 39) == pytest.approx(0.5737864, abs=1e-7)
    assert model.chance_of(10, 2) == pytest.approx(1.07869e-07, rel=1e-4)


def test_the_chance_to_buy_again_is_the_other_side_of_buying_nothing() -> None:
    assert PUBLISHED.chance_to_buy(History(0, 0.0, 0.0), 39) == pytest.approx(1 - 0.5737864, abs=1e-7)
    assert PUBLISHED.chance_to_buy(FADER, 0) == 0
    assert PUBLISHED.chance_to_buy(FADER, 1e9) == pytest.approx(PUBLISHED.alive(FADER), abs=1e-9)


def test_who_has_not_left_is_forecast_without_the_doubt() -> None:
    staying = PUBLISHED.forecast_if_staying(FADER, 39)
    assert staying * PUBLISHED.alive(FADER) == pytest.approx(1.22603, abs=1e-5)


def test_the_chances_add_up_to_one() -> None:
    assert sum(PUBLISHED.chance_of(x, 39) for x in range(400)) == pytest.approx(1, abs=1e-9)


def test_the_holdout_is_forecast_as_well_as_published(
    customers: list[Customer], fitted: tuple[BuyingModel, float]
) -> None:
    forecasts = [fitted[0].forecast(customer.history, 39) for customer in customers]
    actual = [customer.later for customer in customers]
    assert correlation(forecasts, actual) == pytest.approx(0.6256, abs=1e-4)
    error = sum(abs(f - a) for f, a in zip(forecasts, actual, strict=True)) / len(actual)
    naive = sum(abs(c.history.repeats * 39 / c.history.age - c.later) for c in customers) / len(actual)
    assert error == pytest.approx(0.785, abs=1e-3)
    assert naive == pytest.approx(1.024, abs=1e-3)
    silent = [(f, c.later) for f, c in zip(forecasts, customers, strict=True) if c.history.repeats == 0]
    assert len(silent) == 1411
    assert sum(f for f, _later in silent) / len(silent) == pytest.approx(0.225, abs=1e-3)
    assert sum(later for _f, later in silent) == 334


def test_the_sales_up_to_week_78_are_under_by_four_percent(
    customers: list[Customer], fitted: tuple[BuyingModel, float]
) -> None:
    forecast = sum(fitted[0].expected_purchases(customer.history.age + 39) for customer in customers)
    actual = sum(customer.history.repeats + customer.later for customer in customers)
    assert forecast / actual == pytest.approx(0.959, abs=5e-4)


def test_purchases_counted_once_a_week_give_other_parameters(fitted: tuple[BuyingModel, float]) -> None:
    with WEEKS.open(encoding="utf-8", newline="") as file:
        rows = [list(map(int, row)) for row in csv.reader(file)]
    assert sum(count for *_history, count in rows) == 2357
    by_week, _value = fit_buying(History(x, last, age) for x, last, age, n in rows for _customer in range(n))
    assert [by_week.r, by_week.alpha, by_week.a, by_week.b] == pytest.approx(
        [0.285, 6.50, 0.686, 2.30], abs=6e-3
    )
    assert by_week.alpha > 1.4 * fitted[0].alpha


def test_the_spend_model_finds_the_published_parameters(customers: list[Customer]) -> None:
    repeaters = [(c.history.repeats, c.mean) for c in customers if c.history.repeats]
    assert len(repeaters) == 946
    assert sum(mean for _x, mean in repeaters) / 946 == pytest.approx(35.078, abs=2e-3)
    assert correlation([x for x, _mean in repeaters], [mean for _x, mean in repeaters]) == pytest.approx(
        0.114, abs=5e-4
    )
    model, log_likelihood = fit_spend(repeaters)
    assert [model.p, model.q, model.gamma] == pytest.approx([6.25, 3.744, 15.445], abs=4e-3)
    assert log_likelihood == pytest.approx(-4055.92, abs=0.01)


def test_the_expected_value_of_a_customer_is_that_of_the_note() -> None:
    model = SpendModel(6.25, 3.74, 15.44)
    assert model.expected_value(2, 22.35) == pytest.approx(24.65, abs=0.02)
    assert model.expected_value(0, 0.0) == pytest.approx(35.17, abs=0.1)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (
            SpendModel(6.2488, 3.7446, 15.4477),
            [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17],
        ),
        (
            SpendModel(6.25, 3.74, 15.44),
            [24.66, 18.92, 35.22, 35.22, 35.22, 71.47, 18.92, 35.22, 27.29, 35.22],
        ),
    ],
)
def test_the_first_ten_customers_are_worth_what_is_published(
    customers: list[Customer], model: SpendModel, values: list[float]
) -> None:
    found = [model.expected_value(customer.history.repeats, customer.mean) for customer in customers[:10]]
    assert found == pytest.approx(values, abs=5e-3)


def test_the_likelihood_of_many_is_the_sum_of_that_of_each(customers: list[Customer]) -> None:
    some = [customer for customer in customers if customer.history.repeats][:50]
    buying, value = fit_buying(customer.history for customer in some)
    assert value == pytest.approx(sum(buying.log_likelihood(customer.history) for customer in some))
    pairs = [(customer.history.repeats, customer.mean) for customer in some]
    spend, value = fit_spend(pairs)
    assert value == pytest.approx(sum(spend.log_likelihood(x, mean) for x, mean in pairs))


def test_the_search_ends_where_all_leave_alike_and_the_likelihood_grows_for_ever() -> None:
    histories = [History(x, float(x) * 2, 30.0) for x in (1, 2, 3, 4)] * 30 + [History(0, 0.0, 30.0)] * 120
    model, _value = fit_buying(histories)
    # It ends where that is clear, not at the far wall (100,000): getting there took thousands of further steps.
    assert RUN_AWAY < max(model.r, model.alpha, model.a, model.b) < 5 * RUN_AWAY


def test_money_in_minor_units_gives_the_same_shape(customers: list[Customer]) -> None:
    in_cents, _value = fit_spend((c.history.repeats, c.mean * 100) for c in customers if c.history.repeats)
    assert [in_cents.p, in_cents.q, in_cents.gamma / 100] == pytest.approx([6.25, 3.744, 15.445], abs=4e-3)


def test_purchases_of_one_day_count_once_and_time_is_counted_in_weeks() -> None:
    assert make_history([100, 100, 114, 114, 128], end=135) == History(2, 4.0, 5.0)
    assert make_history([100, 200], end=135) == History(0, 0.0, 5.0)


def test_who_bought_once_counts_as_alive_for_ever() -> None:
    assert PUBLISHED.alive(History(0, 0.0, 500.0)) == 1


def test_long_silence_after_many_purchases_is_no_overflow() -> None:
    assert PUBLISHED.alive(History(500, 10.0, 4000.0)) == 0


def test_parameters_at_the_singular_point_are_not_sound() -> None:
    assert not BuyingModel(0.2, 4.0, 1.0, 2.0).is_sound
    assert not BuyingModel(0.2, float("inf"), 0.8, 2.0).is_sound
