"""Which method scores a shop's customers, and what it makes of them."""

import random
from dataclasses import replace
from datetime import date

import pytest

from aftersales_cli.customers.buying_model import BuyingModel, SpendModel
from aftersales_cli.customers.churn.buyers import Buyer
from aftersales_cli.customers.churn.gap_rule import GapRule
from aftersales_cli.customers.churn.methods import Method, choose_method
from aftersales_cli.customers.churn.scoring import alive_degree, score_buyers
from tests.benchmarks.churn import buying_days

START = date(2026, 1, 1).toordinal()
END = START + 365
GAPS = GapRule(median=60, late=120, gaps=100, returning=0.25)
MODEL = Method(GAPS, BuyingModel(0.243, 4.414, 0.793, 2.426), None, (), 500)


def _crowd(customers: int, *, spend_grows: bool = False) -> list[Buyer]:
    """Return customers as the model thinks them."""
    rng = random.Random(11)
    crowd = []
    for number in range(customers):
        first = END - rng.randrange(30, 365)
        days = tuple(sorted({first + day for day in buying_days(rng, END - first)}))
        mean = 1_000.0 * len(days) if spend_grows else 6_000 / rng.gammavariate(4, 1)
        values = tuple(rng.gammavariate(6, mean / 6) for _day in days)
        crowd.append(Buyer(number, days, values))
    return crowd


def _ok(method: Method) -> dict[str, bool]:
    return {guard.code: guard.ok for guard in method.guards}


def test_a_large_shop_is_scored_by_the_models() -> None:
    method = choose_method(_crowd(1_000), END)
    assert method.code == "bg_nbd"
    assert set(_ok(method)) == {
        "customers", "repeaters", "history", "parameters", "spend_repeaters", "correlation", "spend_parameters",
    }  # fmt: skip
    assert all(_ok(method).values())
    assert method.fitted_on == 1_000
    assert method.spend is not None
    assert set(method.parameters) > {"r", "alpha", "a", "b", "p", "q", "gamma", "gap_median"}


def test_fewer_than_200_customers_are_scored_by_the_rule_which_says_so() -> None:
    crowd = _crowd(1_000)
    repeaters = [buyer for buyer in crowd if buyer.repeats][:100]
    single = [buyer for buyer in crowd if not buyer.repeats][:99]
    few = choose_method([*repeaters, *single], END)
    assert (few.code, few.buying) == ("gaps", None)
    assert _ok(few) == {"customers": False, "repeaters": True, "history": True}
    assert (few.guards[0].needed, few.guards[0].found) == (200, 199)
    assert choose_method([*repeaters, *single, replace(single[0], customer_id=-1)], END).guards[0].ok


def test_fewer_than_50_who_bought_again_are_too_few() -> None:
    crowd = _crowd(1_000)
    repeaters = [buyer for buyer in crowd if buyer.repeats]
    single = [buyer for buyer in crowd if not buyer.repeats]
    few = choose_method([*repeaters[:49], *single], END)
    assert few.code == "gaps"
    assert _ok(few) == {"customers": True, "repeaters": False, "history": True}
    assert _ok(choose_method([*repeaters[:50], *single], END))["repeaters"]


def test_a_history_shorter_than_two_usual_gaps_is_too_short() -> None:
    buyers = [Buyer(number, (START, START + 40), (1.0, 1.0)) for number in range(300)]
    assert _ok(choose_method(buyers, START + 79)) == {"customers": True, "repeaters": True, "history": False}
    assert _ok(choose_method(buyers, START + 80))["history"]


def test_parameters_that_run_away_are_no_model() -> None:
    # Everybody buys again once after exactly a month and never more: no two rates, nothing to spread.
    buyers = [
        Buyer(number, (START + number % 200, START + number % 200 + 30), (1.0, 1.0)) for number in range(400)
    ]
    method = choose_method(buyers, END)
    assert method.code == "gaps"
    assert _ok(method)["parameters"] is False


def test_spending_that_goes_with_frequency_is_valued_by_each_customers_own_mean() -> None:
    method = choose_method(_crowd(1_000, spend_grows=True), END)
    assert method.code == "bg_nbd"
    assert method.spend is None
    assert _ok(method)["correlation"] is False
    assert "spend_parameters" not in _ok(method)


def test_an_empty_shop_has_a_method_and_no_scores() -> None:
    method = choose_method([], END)
    assert method.code == "gaps"
    assert score_buyers([], END, method) == ([], 0)


def test_the_same_customers_give_the_same_parameters() -> None:
    assert choose_method(_crowd(400), END) == choose_method(_crowd(400), END)


@pytest.mark.parametrize(
    ("p_alive", "degree"),
    [
        (1, "active"),
        (0.75, "active"),
        (0.74, "due"),
        (0.5, "due"),
        (0.49, "at_risk"),
        (0.25, "at_risk"),
        (0.24, "lost"),
    ],
)
def test_the_chance_of_being_a_customer_has_degrees(p_alive: float, degree: str) -> None:
    assert alive_degree(p_alive) == degree


def test_who_bought_again_is_scored_by_the_model_and_who_bought_once_by_the_rule() -> None:
    again = Buyer(1, (END - 270, END - 57), (1_000.0, 3_000.0))
    once = Buyer(2, (END - 300,), (2_000.0,))
    (first, second), evaluations = score_buyers([again, once], END, MODEL)
    assert (first.method, second.method) == ("bg_nbd", "gaps")
    assert (first.gap_days, first.overdue) == (None, None)
    assert first.p_alive is not None
    # The model thinks that the second is still a customer; 300 days are two and a half of the shop's late gaps.
    assert (second.p_alive, second.gap_days, second.overdue, second.degree) == (None, 120, 2.5, "at_risk")
    assert (second.purchases, second.last_on) == (1, date.fromordinal(END - 300).isoformat())
    assert evaluations == 1


def test_customers_with_the_same_history_share_one_evaluation() -> None:
    buyers = [Buyer(number, (END - 100, END - 50), (float(number), 100.0)) for number in range(500)]
    scores, evaluations = score_buyers(buyers, END, MODEL)
    assert evaluations == 1
    assert {(score.p_alive, score.expected_orders) for score in scores} == {
        (scores[0].p_alive, scores[0].expected_orders)
    }


def test_what_leaving_costs_is_a_years_orders_times_the_value_of_one() -> None:
    days = (END - 270, END - 150, END - 57)
    buyer = Buyer(1, days, (9_999.0, 1_000.0, 3_000.0))
    (own,), _evaluations = score_buyers([buyer], END, MODEL)
    assert MODEL.buying is not None
    orders = MODEL.buying.forecast_if_staying(buyer.history(END), 365 / 7)
    assert own.expected_orders == pytest.approx(orders, rel=0.05)
    assert own.value_lost == pytest.approx(orders * (9_999 + 1_000 + 3_000) / 3, rel=0.05)
    spend = SpendModel(6.25, 3.74, 1_544.0)
    (modelled,), _evaluations = score_buyers([buyer], END, replace(MODEL, spend=spend))
    assert modelled.value_lost == pytest.approx(orders * spend.expected_value(2, 2_000), rel=0.05)


def test_people_who_all_spend_alike_are_valued_by_their_own_mean() -> None:
    rng = random.Random(3)
    alike = [
        replace(buyer, values=tuple(rng.uniform(900, 1_100) for _day in buyer.days)) for buyer in _crowd(400)
    ]
    method = choose_method(alike, END)
    assert method.spend is None
    assert _ok(method)["spend_parameters"] is False


def test_without_a_rate_nobody_knows_what_leaving_costs() -> None:
    (score,), _evaluations = score_buyers([Buyer(1, (END - 9, END - 2), None)], END, MODEL)
    assert score.value_lost is None
    assert score.expected_orders > 0
