"""What callbacks bring is told with intervals, and as cause and effect only where a lot decided."""

from datetime import date

import pytest

from aftersales_cli.customers.churn.backtest import share_of
from aftersales_cli.customers.plans.effect import (
    START_HOURS,
    CallbackEffect,
    Compared,
    best_hours,
    measure_effect,
)
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.shop import Shop
from aftersales_cli.statistics import newcombe_difference
from tests.customers.plans.callback_story import Story


@pytest.fixture
def story(shop: Shop) -> Story:
    return Story(shop)


@pytest.mark.parametrize(
    ("sample", "published"),
    [((56, 70, 48, 80), (0.2, 0.0524, 0.3339)), ((9, 10, 3, 10), (0.6, 0.1705, 0.8090))],
)
def test_newcombes_interval_gives_the_published_numbers(
    sample: tuple[int, int, int, int], published: tuple[float, float, float]
) -> None:
    assert newcombe_difference(*sample) == pytest.approx(published, abs=5e-5)


def test_newcombes_interval_of_an_empty_sample_is_none() -> None:
    assert newcombe_difference(0, 0, 1, 2) is None


def compared(effect: CallbackEffect, plan: str, measure: str, group: str) -> Compared:
    (found,) = [
        entry
        for version in effect.plans
        if version.code == plan
        for entry in version.compared
        if (entry.measure, entry.groups[0]) == (measure, group)
    ]
    return found


def test_contact_is_counted_by_hour_and_weekday_of_the_customers_clock(story: Story) -> None:
    for outcome in ("reached", "declined", "no_answer", "wrong_contact"):
        story.call(outcome, hour=2)
    story.call("no_answer", hour=11, day="2026-09-02")
    effect = measure_effect(story.shop)
    assert {hour: (rate.k, rate.n) for hour, rate in effect.by_hour.items()} == {10: (2, 3), 19: (0, 1)}
    assert {day: (rate.k, rate.n) for day, rate in effect.by_weekday.items()} == {1: (2, 3), 2: (0, 1)}
    assert (effect.contact.k, effect.contact.n) == (2, 4)
    assert effect.by_channel["phone"].n == 4


def test_best_hours_need_twenty_calls_each_and_are_the_start_value_until_then(story: Story) -> None:
    assert (measure_effect(story.shop).best_hours, measure_effect(story.shop).best_hours_known) == (
        START_HOURS,
        False,
    )
    rates = {10: share_of(5, 20), 11: share_of(19, 19), 18: share_of(15, 20), 19: share_of(14, 20)}
    assert best_hours(rates) == "18:00-20:00"


def test_completion_counts_what_was_due(story: Story) -> None:
    story.call("reached")
    story.call("")
    effect = measure_effect(story.shop)
    assert (effect.completion.k, effect.completion.n) == (1, 2)


def test_reached_against_not_reached_is_not_called_a_cause(story: Story) -> None:
    for number in range(30):
        person = story.call("reached")
        if number < 15:
            story.buy(person)
        story.score(person, 5)
    for number in range(30):
        person = story.call("no_answer") if number < 10 else story.hold_out("capacity")
        if number < 3:
            story.buy(person)
    found = compared(measure_effect(story.shop), "win_back", "repurchase", "reached")
    assert ((found.mine.k, found.mine.n), (found.theirs.k, found.theirs.n)) == ((15, 30), (3, 30))
    assert found.difference == pytest.approx(0.4)
    assert found.label.startswith("not causal")
    assert not found.random
    satisfied = compared(measure_effect(story.shop), "win_back", "satisfied", "reached")
    assert (satisfied.mine.k, satisfied.mine.n, satisfied.theirs.n, satisfied.enough) == (30, 30, 0, False)


def test_the_lot_is_compared_with_all_whom_it_let_be_called(story: Story) -> None:
    """Also with those who did not answer, or the comparison would choose its own winners."""
    people = [story.call("reached"), story.call("no_answer"), story.hold_out("capacity")]
    held = [story.hold_out("lot"), story.hold_out("lot")]
    story.hold_out("unreachable")
    for person in (people[0], held[0]):
        story.buy(person)
    found = compared(measure_effect(story.shop), "win_back", "repurchase", "assigned")
    assert ((found.mine.k, found.mine.n), (found.theirs.k, found.theirs.n)) == ((1, 3), (1, 2))
    assert found.label.startswith("random hold-out")


def test_only_purchases_within_the_days_count_and_only_when_they_are_over(story: Story) -> None:
    story.buy(story.call("reached"), after=30)
    story.buy(story.call("reached"), after=31)
    story.buy(story.call("reached"), after=0)
    story.call("reached", day="2026-11-01")
    effect = measure_effect(story.shop)
    found = compared(effect, "win_back", "repurchase", "reached")
    assert (found.mine.k, found.mine.n) == (1, 3)
    (plan,) = [entry for entry in effect.plans if entry.code == "win_back"]
    assert plan.immature == 1


def test_a_customer_counts_once_in_a_group(story: Story) -> None:
    person = story.call("no_answer")
    story.call("reached", customer=person, day="2026-09-03")
    story.buy(person)
    found = compared(measure_effect(story.shop), "win_back", "repurchase", "reached")
    assert ((found.mine.k, found.mine.n), found.theirs.n) == ((1, 1), 0)


def test_a_plan_nobody_called_by_and_a_turned_period_are_told(shop: Shop) -> None:
    with pytest.raises(WrongUsageError, match="nonsense"):
        measure_effect(shop, plan="nonsense")
    with pytest.raises(WrongUsageError, match="before it begins"):
        measure_effect(shop, since=date(2026, 2, 1), until=date(2026, 1, 1))
