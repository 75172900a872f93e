"""How customers buy and stop buying: BG/NBD for when, Gamma-Gamma for how much. Rules only, standard library.

Sources: Fader, Hardie, Lee 2005, "Counting Your Customers the Easy Way", Marketing Science 24(2), 275-284 (equations by
number below); Fader and Hardie 2013, "The Gamma-Gamma Model of Monetary Value". Moments are counted in weeks, purchases
once a day at most: other units give other parameters, so ``History`` is made from days only.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import exp, expm1, inf, isfinite, lgamma, log, log1p

from aftersales_cli.statistics import minimise

DAYS_PER_WEEK = 7
_TINY = 1e-12
_SERIES_LIMIT = 10_000
_FARTHEST = log(1e5)
"""The logarithm of the largest parameter tried; the smallest is as far on the other side of 1."""
RUN_AWAY = 10_000.0
"""A parameter above it has left for infinity."""
_ONE_SIDE = 40
"""From here on log(1 + exp(x)) is x to the last digit."""


@dataclass(frozen=True)
class History:
    """What one customer did: repeat purchases, and in weeks the time of the last one and of the observation's end."""

    repeats: int
    last: float
    """Weeks from the first to the last purchase, 0 without a repeat."""
    age: float
    """Weeks from the first purchase to the end of the observation."""

    def __post_init__(self) -> None:
        assert self.repeats >= 0
        assert 0 <= self.last <= self.age
        assert (self.repeats == 0) == (self.last == 0)


def make_history(days: Iterable[int], end: int) -> History:
    """Return a customer's history from the ordinal days of purchases up to the day ``end``; one per day counts."""
    distinct = sorted({day for day in days if day <= end})
    first, last = distinct[0], distinct[-1]
    return History(len(distinct) - 1, (last - first) / DAYS_PER_WEEK, (end - first) / DAYS_PER_WEEK)


@dataclass(frozen=True)
class BuyingModel:
    """BG/NBD: purchases come at a gamma-distributed rate (r, alpha); after each one leaves with a beta chance (a, b)."""

    r: float
    alpha: float
    a: float
    b: float

    @property
    def is_sound(self) -> bool:
        """Whether the parameters are finite and the forecasts defined; they are singular at a = 1."""
        return all(isfinite(value) and value > 0 for value in vars(self).values()) and abs(self.a - 1) > 1e-6  # noqa: PLR2004

    def log_likelihood(self, customer: History) -> float:
        """Return the logarithm of equation (6) for one customer."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        x, age = customer.repeats, customer.age
        rate = lgamma(r + x) - lgamma(r) + r * log(alpha)
        leaving = lgamma(a + b) + lgamma(b + x) - lgamma(b) - lgamma(a + b + x)
        staying = -(r + x) * log(alpha + age)
        if x == 0:
            return rate + leaving + staying
        gone = log(a) - log(b + x - 1) - (r + x) * log(alpha + customer.last)
        high, low = max(staying, gone), min(staying, gone)
        return rate + leaving + high + log1p(exp(low - high))

    def alive(self, customer: History) -> float:
        """Return the chance that a customer has not left; 1 for one who bought only once, whatever the age."""
        return 1 / (1 + self._odds_gone(customer))

    def _odds_gone(self, customer: History) -> float:
        x = customer.repeats
        if x == 0:
            return 0.0
        grown = (self.alpha + customer.age) / (self.alpha + customer.last)
        # Long silence after many purchases overflows a float; the chance is 0 then.
        power = (self.r + x) * log(grown)
        return self.a / (self.b + x - 1) * (exp(power) if power < 700 else inf)  # noqa: PLR2004 - exp's limit

    def expected_purchases(self, weeks: float) -> float:
        """Return the purchases expected of a new customer within ``weeks`` (equation 9)."""
        return self._forecast(History(0, 0.0, 0.0), weeks)

    def forecast(self, customer: History, weeks: float) -> float:
        """Return the purchases expected of a customer in the next ``weeks`` (equation 10)."""
        return self._forecast(customer, weeks) / (1 + self._odds_gone(customer))

    def forecast_if_staying(self, customer: History, weeks: float) -> float:
        """Return the purchases expected in the next ``weeks`` of a customer known not to have left yet."""
        return self._forecast(customer, weeks)

    def chance_to_buy(self, customer: History, weeks: float) -> float:
        """Return the chance of at least one purchase in the next ``weeks``.

        Who has not left by now stays until the next purchase, whose rate is gamma(r + x, alpha + T) then.
        """
        r, alpha = self.r + customer.repeats, self.alpha + customer.age
        return self.alive(customer) * -expm1(r * log(alpha / (alpha + weeks)))

    def chance_of(self, purchases: int, weeks: float) -> float:
        """Return the chance that a new customer buys again exactly so often within ``weeks`` (equation 8)."""
        r, a, b, x = self.r, self.a, self.b, purchases
        waited, share = r * log(self.alpha / (self.alpha + weeks)), weeks / (self.alpha + weeks)

        def terms(j: int) -> float:
            return exp(lgamma(r + j) - lgamma(r) - lgamma(j + 1) + waited + (j * log(share) if j else 0.0))

        still = exp(_log_beta(a, b + x) - _log_beta(a, b)) * terms(x)
        if x == 0:
            return still
        left = exp(_log_beta(a + 1, b + x - 1) - _log_beta(a, b))
        return still + left * (1 - sum(terms(j) for j in range(x)))

    def _forecast(self, customer: History, weeks: float) -> float:
        if weeks <= 0:
            return 0.0
        x, horizon = customer.repeats, self.alpha + customer.age + weeks
        whole = self.a + self.b + x - 1
        series = hypergeometric(self.r + x, self.b + x, whole, weeks / horizon)
        kept = exp((self.r + x) * log((self.alpha + customer.age) / horizon))
        return whole / (self.a - 1) * (1 - kept * series)


@dataclass(frozen=True)
class SpendModel:
    """Gamma-Gamma: what a purchase is worth on average, spread over customers; independent of how often they buy."""

    p: float
    q: float
    gamma: float

    def log_likelihood(self, purchases: int, mean: float) -> float:
        """Return the logarithm of the likelihood of ``purchases`` with this mean value."""
        p, q, gamma, x = self.p, self.q, self.gamma, purchases
        return (
            lgamma(p * x + q) - lgamma(p * x) - lgamma(q)
            + q * log(gamma) + (p * x - 1) * log(mean) + p * x * log(x) - (p * x + q) * log(x * mean + gamma)
        )  # fmt: skip

    def expected_value(self, purchases: int, mean: float) -> float:
        """Return the value to be expected of a customer's next purchase; without purchases the shop's mean."""
        return self.p * (self.gamma + purchases * mean) / (self.p * purchases + self.q - 1)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def hypergeometric(a: float, b: float, c: float, z: float) -> float:
    """Return Gauss's hypergeometric function for 0 <= z < 1 by its series."""
    term = total = 1.0
    for n in range(_SERIES_LIMIT):
        term *= (a + n) * (b + n) / ((c + n) * (n + 1)) * z
        total += term
        if abs(term) < _TINY * abs(total):
            break
    return total


class _Sample:
    """Histories in a shape whose likelihood is quickly summed: each moment's logarithm is taken once."""

    def __init__(self, weights: Mapping[History, int]) -> None:
        self.lasts = sorted({history.last for history in weights})
        self.ages = sorted({history.age for history in weights})
        last_at = {last: position for position, last in enumerate(self.lasts)}
        age_at = {age: position for position, age in enumerate(self.ages)}
        self.rows: dict[int, list[tuple[int, int, int]]] = {}
        """Repeats → (position of the last purchase, position of the age, customers)."""
        for history, count in weights.items():
            row = (last_at[history.last], age_at[history.age], count)
            self.rows.setdefault(history.repeats, []).append(row)

    def log_likelihood(self, model: BuyingModel) -> float:
        """Return the sum of ``BuyingModel.log_likelihood`` over all customers."""
        r, alpha, a, b = model.r, model.alpha, model.a, model.b
        lasts = [log(alpha + last) for last in self.lasts]
        ages = [log(alpha + age) for age in self.ages]
        total = 0.0
        for x, rows in self.rows.items():
            rate = lgamma(r + x) - lgamma(r) + r * log(alpha)
            leaving = lgamma(a + b) + lgamma(b + x) - lgamma(b) - lgamma(a + b + x)
            odds = log(a / (b + x - 1)) if x else -inf
            for last, age, count in rows:
                power = (r + x) * (ages[age] - lasts[last])
                more = odds + power
                either = more if more > _ONE_SIDE else log1p(exp(more))
                total += count * (rate + leaving - (r + x) * ages[age] + either)
        return total


class _RanAwayError(Exception):
    """The likelihood is best where a parameter has left for infinity."""


def fit_buying(customers: Iterable[History]) -> tuple[BuyingModel, float]:
    """Return the parameters under which these histories are most likely, and the log-likelihood.

    The search ends as soon as its best parameter is above ``RUN_AWAY``: then there is no such model.
    """
    sample = _Sample(Counter(customers))
    best, least = [0.0] * 4, inf

    def loss(logarithms: Sequence[float]) -> float:
        nonlocal best, least
        if max(map(abs, logarithms)) > _FARTHEST:
            return inf
        value = -sample.log_likelihood(BuyingModel(*map(exp, logarithms)))
        if value < least:
            best, least = list(logarithms), value
            # Where nobody leaves, or all leave alike, the likelihood grows for ever, and the search would follow it.
            if max(best) > log(RUN_AWAY):
                raise _RanAwayError
        return value

    with suppress(_RanAwayError):
        minimise(loss, best)
    return BuyingModel(*map(exp, best)), -least


class _SpendSample:
    """Mean values by the number of purchases, in a shape whose likelihood is quickly summed."""

    def __init__(self, weights: Mapping[tuple[int, float], int], scale: float) -> None:
        self.rows: dict[int, list[tuple[float, float, int]]] = {}
        """Purchases → (mean value, its logarithm, customers), in units of ``scale``."""
        for (x, mean), count in weights.items():
            self.rows.setdefault(x, []).append((mean / scale, log(mean / scale), count))

    def log_likelihood(self, model: SpendModel) -> float:
        """Return the sum of ``SpendModel.log_likelihood`` over all customers."""
        p, q, gamma = model.p, model.q, model.gamma
        total = 0.0
        for x, rows in self.rows.items():
            shape, whole = p * x - 1, p * x + q
            common = lgamma(whole) - lgamma(p * x) - lgamma(q) + q * log(gamma) + p * x * log(x)
            for mean, logarithm, count in rows:
                total += count * (common + shape * logarithm - whole * log(x * mean + gamma))
        return total


def fit_spend(customers: Iterable[tuple[int, float]]) -> tuple[SpendModel, float]:
    """Return the most likely parameters for (repeat purchases, mean value of one) of repeaters; both above 0."""
    weights = Counter(customers)
    number = weights.total()
    # The scale of money must not matter to the search: a shop may count in fen or in euros.
    scale = sum(mean * count for (_x, mean), count in weights.items()) / number
    sample = _SpendSample(weights, scale)

    def loss(logarithms: Sequence[float]) -> float:
        return (
            inf
            if max(map(abs, logarithms)) > _FARTHEST
            else -sample.log_likelihood(SpendModel(*map(exp, logarithms)))
        )

    best, value = minimise(loss, (1.0, 1.0, 0.0))
    p, q, gamma = map(exp, best)
    # A density per unit of money: in smaller units each customer's is smaller.
    return SpendModel(p, q, gamma * scale), -value - number * log(scale)
