"""Choose how a shop's customers are scored: the model where its guards hold, else the rule of gaps, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import StatisticsError, correlation
from typing import TypeVar

from aftersales_cli.customers.buying_model import RUN_AWAY, BuyingModel, SpendModel, fit_buying, fit_spend
from aftersales_cli.customers.churn.buyers import Buyer
from aftersales_cli.customers.churn.gap_rule import GapRule, fit_gaps

Thing = TypeVar("Thing")

BG_NBD, GAPS = "bg_nbd", "gaps"

LEAST_CUSTOMERS = 200
LEAST_REPEATERS = 50
LEAST_MEDIAN_GAPS = 2
"""The history must be at least as many median gaps long."""
MOST_CORRELATION = 0.3
"""Between how often and how much, above which the spend model does not hold."""
FIT_AT_MOST = 10_000
"""From more customers every n-th is taken for fitting: the parameters' own error is far below a percent then."""
FIT_SPEND_AT_MOST = 4_000


@dataclass(frozen=True)
class Guard:
    """A condition of a model, and whether it holds."""

    code: str
    """``customers``, ``repeaters``, ``history`` (days) and ``parameters`` of BG/NBD; ``spend_repeaters``,
    ``correlation`` and ``spend_parameters`` of Gamma-Gamma."""
    needed: float
    found: float
    ok: bool


@dataclass(frozen=True)
class Method:
    """How customers are scored."""

    gaps: GapRule
    buying: BuyingModel | None
    """None: the rule of gaps serves all."""
    spend: SpendModel | None
    """None: a customer's own mean serves as the value of a purchase."""
    guards: tuple[Guard, ...]
    fitted_on: int
    """Customers whose histories the parameters come from, 0 without a model."""

    @property
    def code(self) -> str:
        """``bg_nbd`` or ``gaps``."""
        return BG_NBD if self.buying else GAPS

    @property
    def parameters(self) -> dict[str, float]:
        """The numbers of the rule and the models, by name."""
        found: dict[str, float] = {f"gap_{name}": value for name, value in asdict(self.gaps).items()}
        if self.buying:
            found |= {"fitted_on": self.fitted_on, **asdict(self.buying)}
        if self.spend:
            found |= asdict(self.spend)
        return {name: float(f"{value:.6g}") for name, value in found.items()}


def choose_method(buyers: Sequence[Buyer], end: int, *, with_spend: bool = True) -> Method:
    """Return the method for these customers, whose purchases end with an ordinal day.

    Source of the guards: 200 customers, 50 of them repeaters, twice the median gap of history, finite parameters
    and a ≠ 1, where BG/NBD's forecasts are singular.
    """
    gaps = fit_gaps(buyers, end)
    guards = _count_guards(buyers, end, gaps)
    if not all(guard.ok for guard in guards):
        return Method(gaps, None, None, guards, 0)
    sample = _every_nth(buyers, FIT_AT_MOST)
    buying, _value = fit_buying(buyer.history(end) for buyer in sample)
    guards += (_judge_parameters(buying),)
    if not guards[-1].ok:
        return Method(gaps, None, None, guards, 0)
    spend, more = _choose_spend(buyers) if with_spend else (None, ())
    return Method(gaps, buying, spend, (*guards, *more), len(sample))


def _count_guards(buyers: Sequence[Buyer], end: int, gaps: GapRule) -> tuple[Guard, ...]:
    repeaters = sum(1 for buyer in buyers if buyer.repeats)
    history = end - min(buyer.days[0] for buyer in buyers) if buyers else 0
    needed = LEAST_MEDIAN_GAPS * gaps.median
    return (
        Guard("customers", LEAST_CUSTOMERS, len(buyers), len(buyers) >= LEAST_CUSTOMERS),
        Guard("repeaters", LEAST_REPEATERS, repeaters, repeaters >= LEAST_REPEATERS),
        Guard("history", needed, history, history >= needed),
    )


def _judge_parameters(model: BuyingModel) -> Guard:
    largest = max(vars(model).values())
    # What the search leaves at an infinite likelihood, and what runs away towards it, says nothing about the shop.
    return Guard("parameters", RUN_AWAY, largest, model.is_sound and largest < RUN_AWAY)


def _choose_spend(buyers: Sequence[Buyer]) -> tuple[SpendModel | None, tuple[Guard, ...]]:
    spenders = [
        (buyer.repeats, buyer.repeat_mean) for buyer in buyers if buyer.repeat_mean and buyer.repeat_mean > 0
    ]
    enough = Guard("spend_repeaters", LEAST_REPEATERS, len(spenders), len(spenders) >= LEAST_REPEATERS)
    if not enough.ok:
        return None, (enough,)
    found = abs(_correlate(spenders))
    independent = Guard("correlation", MOST_CORRELATION, found, found <= MOST_CORRELATION)
    if not independent.ok:
        return None, (enough, independent)
    model, _value = fit_spend(_every_nth(spenders, FIT_SPEND_AT_MOST))
    # The mean value of a shop's customers, p·gamma / (q - 1), exists only for q above 1.
    sound = Guard("spend_parameters", 1, model.q, 1 < model.q < RUN_AWAY and model.p < RUN_AWAY)
    return (model if sound.ok else None), (enough, independent, sound)


def _correlate(pairs: Sequence[tuple[int, float]]) -> float:
    try:
        return correlation([x for x, _mean in pairs], [mean for _x, mean in pairs])
    except StatisticsError:
        # All buy equally often or for equally much: nothing varies together.
        return 0.0


def _every_nth(things: Sequence[Thing], at_most: int) -> Sequence[Thing]:
    step = -(-len(things) // at_most)
    return things[:: max(1, step)]


def explain_guards(guards: Sequence[Guard]) -> list[Mapping[str, float | str | bool]]:
    """Return the guards as plain objects, numbers to six digits."""
    return [
        {**asdict(guard), "needed": float(f"{guard.needed:.6g}"), "found": float(f"{guard.found:.6g}")}
        for guard in guards
    ]
