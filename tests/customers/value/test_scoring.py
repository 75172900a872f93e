"""Scores and segments of twenty customers worked by hand, under both schemes, and what the rules promise."""

from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest

from aftersales_cli.customers.value.rules import ValueRules, load_value_rules
from aftersales_cli.customers.value.scoring import Breaks, fixed_breaks, quantile_breaks
from aftersales_cli.errors import FileError, WrongUsageError
from aftersales_cli.records.value import CustomerFacts
from aftersales_cli.taxonomy import load_taxonomy

DAY = date(2026, 11, 22)

HAND = [
    # days ago, orders, spend | by quantiles: R F M, segment | by breakpoints: R F M, segment
    (1, 12, 5000, (5, 5, 5), "champions", (5, 5, 5), "champions"),
    (2, 1, 99, (5, 1, 2), "new", (5, 1, 1), "new"),
    (3, 2, 300, (5, 2, 3), "promising", (5, 2, 3), "promising"),
    (5, 5, 80, (5, 5, 1), "loyal", (5, 4, 1), "loyal"),
    (8, 3, 1500, (4, 4, 5), "loyal", (5, 3, 4), "promising"),
    (10, 1, 400, (4, 1, 4), "one_time", (5, 1, 3), "new"),
    (12, 2, 100, (4, 2, 2), "promising", (5, 2, 2), "promising"),
    (20, 4, 800, (4, 4, 4), "loyal", (5, 3, 4), "promising"),
    (30, 1, 0, (3, 1, 1), "one_time", (5, 1, 1), "new"),
    (30, 2, 250, (3, 2, 3), "promising", (5, 2, 2), "promising"),
    (45, 8, 2000, (3, 5, 5), "loyal", (4, 4, 5), "loyal"),
    (60, 1, 50, (3, 1, 1), "one_time", (4, 1, 1), "one_time"),
    (90, 3, 500, (2, 4, 4), "at_risk", (3, 3, 3), "promising"),
    (100, 1, 1000, (2, 1, 5), "at_risk", (2, 1, 4), "at_risk"),
    (120, 2, 200, (2, 2, 3), "fading", (2, 2, 2), "fading"),
    (180, 1, 20, (2, 1, 1), "one_time", (2, 1, 1), "one_time"),
    (181, 1, 100, (1, 1, 2), "hibernating", (1, 1, 2), "hibernating"),
    (200, 1, 299, (1, 1, 3), "lost", (1, 1, 2), "hibernating"),
    (300, 1, 799, (1, 1, 4), "at_risk", (1, 1, 3), "lost"),
    (400, 1, 150, (1, 1, 2), "hibernating", (1, 1, 2), "hibernating"),
]


def facts_of(number: int, days: int, orders: int, spend: int | None, refunded: int = 0) -> CustomerFacts:
    """Return the facts of a customer who bought so many days before DAY; ``spend`` in yuan."""
    last_on = (DAY - timedelta(days=days)).isoformat()
    minor = None if spend is None else spend * 100
    return CustomerFacts(number, orders, orders, "2024-01-01", last_on, minor, refunded)


FACTS = [facts_of(number, *row[:3]) for number, row in enumerate(HAND, start=1)]
RULES = load_value_rules(None)


def _scored(breaks: Breaks) -> list[tuple[tuple[int, int, int], str]]:
    values = [RULES.value(facts, breaks, DAY) for facts in FACTS]
    return [((value.r, value.f, value.m), value.segment) for value in values]


def test_twenty_customers_get_by_quantiles_what_was_worked_by_hand() -> None:
    breaks = quantile_breaks(FACTS, DAY, lost_days=180)
    assert _scored(breaks) == [(row[3], row[4]) for row in HAND]
    assert breaks.recency == (180, 60, 20, 5)
    assert breaks.orders == (2, 3, 3, 5)
    assert breaks.spend == (9_900, 20_000, 40_000, 100_000)


def test_twenty_customers_get_by_breakpoints_what_was_worked_by_hand() -> None:
    # Fewer than fifty: breakpoints are what the shipped rules choose.
    breaks = RULES.make_breaks(FACTS, DAY, "CNY")
    assert _scored(breaks) == [(row[5], row[6]) for row in HAND]


@pytest.mark.parametrize(
    ("breaks", "high", "potential"),
    [
        (quantile_breaks(FACTS, DAY, lost_days=180), {1, 5, 8, 11, 13, 14}, {3, 6}),
        (RULES.make_breaks(FACTS, DAY, "CNY"), {1, 11}, {3, 5, 8}),
    ],
    ids=["quantiles", "breakpoints"],
)
def test_high_value_and_potential_customers_are_those_worked_by_hand(
    breaks: Breaks, high: set[int], potential: set[int]
) -> None:
    values = [RULES.value(facts, breaks, DAY) for facts in FACTS]
    assert {value.customer_id for value in values if value.high_value} == high
    assert {value.customer_id for value in values if value.potential} == potential


def test_all_with_the_same_figure_get_the_middle_score() -> None:
    alike = [facts_of(number, 10, 1, 100) for number in range(60)]
    breaks = quantile_breaks(alike, DAY, lost_days=180)
    # Middle of four quarters: the third; middle of five fifths: the third; single purchases are F1 whatever happens.
    assert breaks.score(days=10, orders=1, spend=10_000) == (4, 1, 3)
    assert breaks.score(days=10, orders=2, spend=10_000)[1] == 2


def test_nobody_active_and_nobody_twice_and_nobody_at_all_can_be_scored() -> None:
    gone = quantile_breaks([facts_of(1, 500, 1, 10)], DAY, lost_days=180)
    assert gone.score(days=500, orders=1, spend=1_000)[:2] == (1, 1)
    assert gone.score(days=5, orders=3, spend=1_000)[:2] == (2, 2)
    empty = quantile_breaks([], DAY, lost_days=180)
    assert empty.score(days=5, orders=1, spend=1_000) == (2, 1, 0)


def test_an_unknown_spend_is_not_scored() -> None:
    breaks = quantile_breaks(FACTS, DAY, lost_days=180)
    value = RULES.value(facts_of(99, 5, 12, None), breaks, DAY)
    assert (value.r, value.f, value.m, value.segment) == (5, 5, 0, "loyal")
    no_limits = fixed_breaks(recency_days=[30, 60, 90, 180], orders=[2, 3, 5, 10], spend=None)
    assert no_limits.score(days=5, orders=12, spend=500)[2] == 0


def test_quantiles_need_so_many_customers_as_the_rules_say() -> None:
    assert [RULES.choose_scheme(count) for count in (0, 49, 50)] == [
        "breakpoints",
        "breakpoints",
        "quantiles",
    ]


def test_every_combination_of_scores_has_a_segment_with_a_name() -> None:
    names = load_taxonomy("segments").terms
    for scores in product(range(1, 6), range(1, 6), range(6)):
        assert RULES.find_segment(scores) in names, scores


@pytest.mark.parametrize(
    ("scores", "segment"),
    [
        ((5, 5, 5), "champions"), ((5, 5, 4), "champions"), ((5, 4, 5), "champions"), ((4, 4, 1), "loyal"),
        ((3, 5, 5), "loyal"), ((5, 1, 5), "new"), ((2, 4, 1), "at_risk"), ((1, 1, 5), "at_risk"),
        ((1, 1, 1), "hibernating"), ((1, 1, 2), "hibernating"), ((1, 1, 3), "lost"),
    ],
)  # fmt: skip
def test_segments_are_those_the_convention_names(scores: tuple[int, int, int], segment: str) -> None:
    assert RULES.find_segment(scores) == segment


@pytest.mark.parametrize(
    ("orders", "refunded", "abuse"),
    [(2, 2, False), (3, 1, False), (3, 2, True), (4, 2, True), (5, 2, False)],
)
def test_half_of_three_orders_or_more_coming_back_is_abuse(
    orders: int, refunded: int, *, abuse: bool
) -> None:
    breaks = quantile_breaks(FACTS, DAY, lost_days=180)
    value = RULES.value(facts_of(1, 5, orders, 9_000, refunded), breaks, DAY)
    assert value.refund_abuse is abuse
    assert not (abuse and (value.high_value or value.potential))


def _own(tmp_path: Path, old: str, new: str) -> ValueRules:
    shipped = Path(__file__).parents[3] / "templates/settings/value.toml"
    text = shipped.read_text(encoding="utf-8")
    assert old in text
    own = tmp_path / "templates/settings/value.toml"
    own.parent.mkdir(parents=True)
    own.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_value_rules(tmp_path)


def test_a_shop_may_set_its_own_breakpoints(tmp_path: Path) -> None:
    rules = _own(tmp_path, "recency_days = [30, 60, 90, 180]", "recency_days = [7, 14, 21, 28]")
    breaks = rules.make_breaks([facts_of(1, 10, 1, 100)], DAY, "CNY")
    assert breaks.score(days=10, orders=1, spend=10_000) == (4, 1, 2)
    assert rules.digest != RULES.digest


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('scheme = "auto"', 'scheme = "best"', "scheme"),
        ("lost_days = 180", "lost_days = 0", "lost_days"),
        ("recency_days = [30, 60, 90, 180]", "recency_days = [90, 60, 30, 10]", "breakpoints.recency_days"),
        ("CNY = [100, 300, 800, 2000]", "CNY = [100, 300, 800]", "breakpoints.spend.CNY"),
        ("CNY = [", "RMB = [", "breakpoints.spend.RMB"),
        ("share = 0.5", "share = 50", "refund_abuse.share"),
        ("r = [5, 5], f = [4, 5], m = [4, 5]", "r = [5, 5], x = [4, 5]", "segment.any"),
        ("lost_days", "lose_days", "lost_days"),
        ('code = "champions"', 'kode = "champions"', "segment.code"),
    ],
)
def test_a_slip_in_the_file_is_told_with_its_key(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(WrongUsageError, match=named) as caught:
        _own(tmp_path, old, new)
    assert "value.toml" in caught.value.message


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"value\.toml"):
        _own(tmp_path, 'scheme = "auto"', "scheme = auto")
