"""How BG/NBD forecasts buyers who follow other rules: Pareto/NBD worlds, as in Fader, Hardie and Lee (2005).

Their report: over 81 worlds of 4,000 customers, fitted to 52 weeks, the forecasts of cumulative purchases in weeks
53 to 104 are off by 2.68 % on average and by 6.97 % in the worst world.
"""

from itertools import product
from random import Random
from statistics import mean

import pytest

from aftersales_cli.customers.buying_model import History, fit_buying

CUSTOMERS, FITTED, WEEKS = 4_000, 52, 104
WORLDS = list(product((0.25, 0.5, 0.75), (5.0, 10.0, 15.0), (0.25, 0.5, 0.75), (5.0, 10.0, 15.0)))
"""r, alpha of the purchase rates and s, beta of the rates of leaving, in weeks."""


def live(rng: Random, world: tuple[float, float, float, float]) -> list[float]:
    """Return the weeks in which one customer buys again within WEEKS."""
    r, alpha, s, beta = world
    rate, leaving = rng.gammavariate(r, 1 / alpha), rng.gammavariate(s, 1 / beta)
    end = min(WEEKS, rng.expovariate(leaving)) if leaving > 0 else WEEKS
    weeks, week = [], 0.0
    while rate > 0 and (week := week + rng.expovariate(rate)) < end:
        weeks.append(week)
    return weeks


def error_in(world: tuple[float, float, float, float]) -> float:
    """Return the mean share by which the forecasts of cumulative purchases are off in the weeks after FITTED."""
    rng = Random(repr(world))
    lives = [live(rng, world) for _customer in range(CUSTOMERS)]
    seen = [[week for week in weeks if week <= FITTED] for weeks in lives]
    model, _value = fit_buying(
        History(len(weeks), weeks[-1] if weeks else 0.0, float(FITTED)) for weeks in seen
    )
    bought = sorted(week for weeks in lives for week in weeks)
    off = []
    for week in range(FITTED + 1, WEEKS + 1):
        actual = sum(1 for moment in bought if moment <= week)
        off.append(abs(CUSTOMERS * model.expected_purchases(week) - actual) / actual)
    return mean(off)


@pytest.mark.parametrize("world", WORLDS[::40])
def test_a_world_is_forecast_about_as_well_as_was_reported(world: tuple[float, float, float, float]) -> None:
    assert error_in(world) < 0.07


@pytest.mark.slow
def test_all_worlds_are_forecast_as_well_as_was_reported() -> None:
    errors = [error_in(world) for world in WORLDS]
    # Measured: 1.99 % and 6.89 %; other customers are drawn than in the paper.
    assert mean(errors) < 0.0268
    assert max(errors) < 0.0697
