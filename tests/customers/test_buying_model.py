"""The published numbers of BG/NBD and Gamma-Gamma for the CDNOW sample (2,357 customers, 39 weeks)."""

import csv
from pathlib import Path
from typing import NamedTuple

import pytest

from aftersales_cli.customers.buying_model import (
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


def test_the_chances_add_up_to_one() -> None:
    assert sum(PUBLISHED.chance_of(x, 39) for x in range(400)) == pytest.approx(1, abs=1e-9)


def test_the_holdout_is_forecast_as_well_as_published(
    customers: list[Customer], fitted: tuple[BuyingModel, float]
) -> None:
    forecasts = [fitted[0].forecast(customer.history, 39) for customer in customers]
    actual = [customer.later for customer in customers]
    assert _correlation(forecasts, actual) == pytest.approx(0.626, abs=1e-3)
    error = sum(abs(f - a) for f, a in zip(forecasts, actual, strict=True)) / len(actual)
    naive = sum(abs(c.history.repeats * 39 / c.history.age - c.later) for c in customers) / len(actual)
    assert error == pytest.approx(0.785, abs=1e-3)
    assert naive == pytest.approx(1.024, abs=1e-3)
    silent = [(f, c.later) for f, c in zip(forecasts, customers, strict=True) if c.history.repeats == 0]
    assert len(silent) == 1411
    assert sum(f for f, _later in silent) / len(silent) == pytest.approx(0.225, abs=1e-3)
    assert sum(later for _f, later in silent) == 334


def _correlation(first: list[float], second: list[int]) -> float:
    n, mean_1, mean_2 = len(first), sum(first) / len(first), sum(second) / len(second)
    covariance = sum((v - mean_1) * (w - mean_2) for v, w in zip(first, second, strict=True)) / n
    spread_1 = (sum((v - mean_1) ** 2 for v in first) / n) ** 0.5
    spread_2 = (sum((w - mean_2) ** 2 for w in second) / n) ** 0.5
    return float(covariance / (spread_1 * spread_2))


def test_the_spend_model_finds_the_published_parameters(customers: list[Customer]) -> None:
    repeaters = [(c.history.repeats, c.mean) for c in customers if c.history.repeats]
    assert len(repeaters) == 946
    assert sum(mean for _x, mean in repeaters) / 946 == pytest.approx(35.08, abs=0.01)
    model, log_likelihood = fit_spend(repeaters)
    assert [model.p, model.q, model.gamma] == pytest.approx([6.25, 3.744, 15.445], abs=4e-3)
    assert log_likelihood == pytest.approx(-4055.92, abs=0.01)


def test_the_expected_value_of_a_customer_is_that_of_the_note() -> None:
    model = SpendModel(6.25, 3.74, 15.44)
    assert model.expected_value(2, 22.35) == pytest.approx(24.65, abs=0.02)
    assert model.expected_value(0, 0.0) == pytest.approx(35.17, abs=0.1)


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
