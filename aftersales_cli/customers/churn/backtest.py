"""Test both methods against the past: hide the last days, predict them, compare."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aftersales_cli.customers.buying_model import DAYS_PER_WEEK, BuyingModel
from aftersales_cli.customers.churn.buyers import Buyer
from aftersales_cli.customers.churn.gap_rule import LEAVING, GapRule, find_degree
from aftersales_cli.customers.churn.methods import BG_NBD, GAPS, Guard, Method, choose_method
from aftersales_cli.customers.churn.refreshing import read_buyers
from aftersales_cli.customers.churn.scoring import alive_degree
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.shop import Shop
from aftersales_cli.statistics import wilson_interval

DEFAULT_DAYS = 90
PARTS = 10
SMALL_SAMPLE, SMALL_GROUP = 200, 30
"""Below so many customers, or customers a share is of, a result is chance as much as skill."""


@dataclass(frozen=True)
class Share:
    """A share with its Wilson 95 % interval; None without a sample."""

    k: int
    n: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Decile:
    """A tenth of the customers, by their predicted chance of a purchase in the hidden days."""

    position: int
    """1 for those least expected to buy."""
    predicted: float
    """The mean of their chances."""
    bought: Share


@dataclass(frozen=True)
class MethodTest:
    """How one method did."""

    method: str
    precision: Share
    """Of those said to be leaving, who really bought nothing."""
    recall: Share
    """Of those who bought nothing, who was said to be leaving."""
    predicted: float
    """The mean chance of a purchase over all customers."""
    deciles: tuple[Decile, ...]


@dataclass(frozen=True)
class Backtest:
    """A test of both methods; a method whose guards do not hold is not there."""

    known_until: str
    until: str
    days: int
    customers: int
    """Who had bought by ``known_until``."""
    silent: Share
    """Who bought nothing in the hidden days: what a guess would get right."""
    median_gap: float
    fitted_on: int
    guards: tuple[Guard, ...]
    """The guards of the model, as of ``known_until``."""
    tests: tuple[MethodTest, ...]
    notes: tuple[str, ...]
    """Codes: ``small_sample``, ``few_leaving``, ``few_silent``, ``small_deciles``, ``few_gaps``, ``no_better``, ``short``."""


def backtest_churn(shop: Shop, on: date, days: int = DEFAULT_DAYS) -> Backtest:
    """Hide the last days up to ``on`` and let each method predict them.

    Raises WrongUsageError if nobody had bought before them.
    """
    known_until = on - timedelta(days=days)
    result = compare_methods(read_buyers(shop, on), known_until.toordinal(), on.toordinal())
    if result is None:
        raise WrongUsageError(
            _("Nobody had bought anything by {day}.", day=known_until.isoformat()),
            remedy=_("Hide fewer days with --days, or import older orders."),
        )
    return result


def compare_methods(buyers: Sequence[Buyer], cut: int, end: int) -> Backtest | None:
    """Return how both methods predict the days after ``cut`` up to ``end`` (ordinal days); None without customers."""
    pairs = [
        (past, any(cut < day <= end for day in buyer.days)) for buyer in buyers if (past := buyer.until(cut))
    ]
    if not pairs:
        return None
    known = [buyer for buyer, _bought in pairs]
    bought = [flag for _buyer, flag in pairs]
    method = choose_method(known, cut, with_spend=False)
    tests = [_test(code, rule, known, bought) for code, rule in _predictors(method, cut, end - cut)]
    silent = share_of(bought.count(False), len(bought))
    return Backtest(
        known_until=date.fromordinal(cut).isoformat(),
        until=date.fromordinal(end).isoformat(),
        days=end - cut,
        customers=len(pairs),
        silent=silent,
        median_gap=method.gaps.median,
        fitted_on=method.fitted_on,
        guards=method.guards,
        tests=tuple(tests),
        notes=tuple(_notes(method.gaps, end - cut, silent, tests)),
    )


Predictor = Callable[[Buyer], tuple[bool, float]]
"""Returns whether a customer is said to be leaving, and the chance of a purchase in the hidden days."""


def _predictors(method: Method, cut: int, days: int) -> list[tuple[str, Predictor]]:
    gaps = _by_gaps(method.gaps, cut, days)
    found = [(GAPS, gaps)]
    if method.buying:
        found.insert(0, (BG_NBD, _by_model(method.buying, gaps, cut, days)))
    return found


def _by_gaps(rule: GapRule, cut: int, days: int) -> Predictor:
    def predict(buyer: Buyer) -> tuple[bool, float]:
        silent = cut - buyer.days[-1]
        degree = find_degree(rule.overdue(buyer.gaps, silent))
        return degree in LEAVING, rule.chance_to_buy(buyer.gaps, silent, days)

    return predict


def _by_model(model: BuyingModel, gaps: Predictor, cut: int, days: int) -> Predictor:
    def predict(buyer: Buyer) -> tuple[bool, float]:
        history = buyer.history(cut)
        chance = model.chance_to_buy(history, days / DAYS_PER_WEEK)
        # Who bought once is called leaving by the rule of gaps, just as in the scores.
        leaves = alive_degree(model.alive(history)) in LEAVING if buyer.repeats else gaps(buyer)[0]
        return leaves, chance

    return predict


def _test(code: str, predict: Predictor, known: Sequence[Buyer], bought: Sequence[bool]) -> MethodTest:
    answers = [predict(buyer) for buyer in known]
    right = sum(1 for (leaves, _chance), flag in zip(answers, bought, strict=True) if leaves and not flag)
    leaving = sum(1 for leaves, _chance in answers if leaves)
    ranked = sorted(
        (chance, buyer.customer_id, flag)
        for (_leaves, chance), buyer, flag in zip(answers, known, bought, strict=True)
    )
    return MethodTest(
        method=code,
        precision=share_of(right, leaving),
        recall=share_of(right, bought.count(False)),
        predicted=sum(chance for _leaves, chance in answers) / len(answers),
        deciles=tuple(_deciles([(chance, flag) for chance, _customer, flag in ranked])),
    )


def _deciles(ranked: Sequence[tuple[float, bool]]) -> list[Decile]:
    parts = min(PARTS, len(ranked))
    edges = [position * len(ranked) // parts for position in range(parts + 1)]
    found = []
    for position in range(parts):
        part = ranked[edges[position] : edges[position + 1]]
        predicted = sum(chance for chance, _flag in part) / len(part)
        found.append(Decile(position + 1, predicted, share_of(sum(flag for _c, flag in part), len(part))))
    return found


def share_of(k: int, n: int) -> Share:
    """Return a share with its interval, without values for an empty sample."""
    low, high = wilson_interval(k, n) or (None, None)
    return Share(k, n, k / n if n else None, low, high)


def _notes(rule: GapRule, days: int, silent: Share, tests: Sequence[MethodTest]) -> list[str]:
    checks = {
        "small_sample": silent.n < SMALL_SAMPLE,
        "few_silent": silent.k < SMALL_GROUP,
        "few_leaving": any(test.precision.n < SMALL_GROUP for test in tests),
        "small_deciles": any(decile.bought.n < SMALL_GROUP for test in tests for decile in test.deciles),
        "few_gaps": rule.gaps < SMALL_GROUP,
        "no_better": any((test.precision.low or 0.0) <= (silent.value or 0.0) for test in tests),
        "short": days < rule.median,
    }
    return [code for code, holds in checks.items() if holds]
