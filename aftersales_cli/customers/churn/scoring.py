"""Score customers by the chosen method: degree, purchases to be expected, and what leaving costs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from aftersales_cli.customers.buying_model import DAYS_PER_WEEK, BuyingModel, History
from aftersales_cli.customers.churn.buyers import Buyer
from aftersales_cli.customers.churn.gap_rule import DEGREES, find_degree
from aftersales_cli.customers.churn.methods import BG_NBD, GAPS, Method
from aftersales_cli.records.churn import ChurnScore

HORIZON_DAYS = 365
"""What leaving costs is counted over so many days."""
NO_SIGN = "no_sign"
"""The likely reason as long as no fact points to one."""
ALIVE_LIMITS = (0.25, 0.5, 0.75)
"""Chance of still being a customer: below the first lost, below the second at risk, below the third due."""


def alive_degree(p_alive: float) -> str:
    """Return the degree for a chance of still being a customer."""
    return DEGREES[sum(p_alive < limit for limit in ALIVE_LIMITS)]


@dataclass
class ModelAnswers:
    """The model's answers, each asked for once: many customers have the same history."""

    model: BuyingModel
    days: float
    """The horizon of the expected purchases."""
    _alive: dict[History, float] = field(default_factory=dict)
    _expected: dict[tuple[int, float], float] = field(default_factory=dict)

    @property
    def evaluations(self) -> int:
        """How many different histories were asked for."""
        return len(self._alive)

    def alive(self, history: History) -> float:
        """Return the chance that the customer still is one."""
        found = self._alive.get(history)
        if found is None:
            found = self._alive[history] = self.model.alive(history)
        return found

    def expected(self, history: History) -> float:
        """Return the purchases within the horizon of who has not left; when the last one was does not matter."""
        key = (history.repeats, history.age)
        found = self._expected.get(key)
        if found is None:
            weeks = self.days / DAYS_PER_WEEK
            found = self._expected[key] = self.model.forecast_if_staying(history, weeks)
        return found


def score_buyers(
    buyers: Iterable[Buyer], end: int, method: Method, *, days: float = HORIZON_DAYS
) -> tuple[list[ChurnScore], int]:
    """Return a score for each customer as of an ordinal day, and how many histories the model was asked about.

    One who bought once is scored by the rule of gaps even under the model, which thinks such people alive for ever.
    """
    answers = ModelAnswers(method.buying, days) if method.buying else None
    scores = [
        _score_by_model(buyer, end, method, answers)
        if answers and buyer.repeats
        else _score_by_gaps(buyer, end, method, answers, days)
        for buyer in buyers
    ]
    return scores, answers.evaluations if answers else 0


def _score_by_model(buyer: Buyer, end: int, method: Method, answers: ModelAnswers) -> ChurnScore:
    history = buyer.history(end)
    alive = answers.alive(history)
    return _make_score(
        buyer, method, BG_NBD, alive_degree(alive), answers.expected(history), p_alive=round(alive, 2)
    )


def _score_by_gaps(
    buyer: Buyer, end: int, method: Method, answers: ModelAnswers | None, days: float
) -> ChurnScore:
    overdue = method.gaps.overdue(buyer.gaps, end - buyer.days[-1])
    expected = (
        answers.expected(buyer.history(end))
        if answers
        else method.gaps.expected_purchases(buyer.repeats, end - buyer.days[0], days)
    )
    return _make_score(
        buyer,
        method,
        GAPS,
        find_degree(overdue),
        expected,
        gap_days=round(method.gaps.expected_gap(buyer.gaps), 1),
        overdue=round(overdue, 1),
    )


def _make_score(
    buyer: Buyer,
    method: Method,
    code: str,
    degree: str,
    expected: float,
    *,
    p_alive: float | None = None,
    gap_days: float | None = None,
    overdue: float | None = None,
) -> ChurnScore:
    value = _value_of_one(buyer, method)
    # Forecasts are not exact to more than two digits, and shorter numbers change on fewer days.
    return ChurnScore(
        customer_id=buyer.customer_id,
        method=code,
        purchases=len(buyer.days),
        last_on=date.fromordinal(buyer.days[-1]).isoformat(),
        p_alive=p_alive,
        gap_days=gap_days,
        overdue=overdue,
        degree=degree,
        expected_orders=float(f"{expected:.2g}"),
        value_lost=None if value is None else int(float(f"{expected * value:.2g}")),
        reason="" if degree == "active" else NO_SIGN,
    )


def _value_of_one(buyer: Buyer, method: Method) -> float | None:
    """Return what one purchase of the customer is worth: by the spend model of who bought again, else the own mean."""
    mean = buyer.repeat_mean
    if method.spend is None or mean is None or mean <= 0:
        return buyer.mean
    return method.spend.expected_value(buyer.repeats, mean)
