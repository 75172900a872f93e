"""Play three months at the desk through its own operations, each step at its moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from aftersales_cli.customers.answers import Answer
from aftersales_cli.customers.callback_plan import plan_callbacks
from aftersales_cli.customers.callback_record import record_callback
from aftersales_cli.customers.callbacks import list_due_callbacks
from aftersales_cli.demo.days import ZONE
from aftersales_cli.demo.desk_cases import DeskCase
from aftersales_cli.desk.answering import reply_case
from aftersales_cli.desk.ending import close_case, resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.steps import require_case
from aftersales_cli.records.shops import Agent
from aftersales_cli.shop import Shop

_FIRST_CALLS = date(2026, 10, 12)
_LAST_CALLS = date(2026, 11, 13)
"""After the great sale nobody found the time."""
_LAST_PLAN = date(2026, 11, 17)
_PROMISED_ON = date(2026, 11, 22)
_A_DAYS_CALLS = 6
_SATURDAY = 5
_NO_ANSWER = 0.12
_SCORES, _HAPPY, _LESS_HAPPY = (5, 4, 3, 2), (60, 34, 4, 2), (42, 30, 16, 12)
_LESS_HAPPY_FROM = date(2026, 11, 1)


@dataclass(frozen=True)
class Step:
    """Something somebody does at a moment."""

    at: datetime
    agent: Agent
    act: Callable[[Shop], None]


@dataclass(frozen=True)
class Team:
    """The two who work at the desk."""

    home: Agent
    abroad: Agent


def play_weeks(shop: Shop, rng: Random, team: Team, cases: Sequence[DeskCase]) -> None:
    """Open, answer, resolve and close the cases, and make the callbacks, in the order of time."""
    steps = _call_steps(rng, team.home)
    for case in cases:
        steps += _case_steps(case, team.abroad if case.storefront == "shopify" else team.home)
    for step in sorted(steps, key=lambda entry: entry.at):
        step.act(replace(shop, now=step.at.astimezone(UTC), agent=step.agent))


def _case_steps(case: DeskCase, agent: Agent) -> list[Step]:
    numbers: list[int] = []
    """The case's number, once it is opened."""
    talk = case.talk

    def open_it(shop: Shop) -> None:
        opened = open_case(
            shop,
            kind=talk.kind,
            say=case.say,
            order=case.order_number,
            storefront=case.storefront,
            reason=talk.reason,
            severity=talk.severity,
        )
        numbers.append(opened.number)

    def answer(shop: Shop) -> None:
        reply_case(shop, numbers[0], talk.answer)

    def resolve(shop: Shop) -> None:
        resolve_case(shop, numbers[0], cause=talk.cause, resolution=talk.resolution)

    def close(shop: Shop) -> None:
        # A complaint whose customer was content on the phone is closed by that already.
        if require_case(shop, numbers[0]).status == "resolved":
            close_case(shop, numbers[0])

    planned = (
        (case.opened_at, open_it),
        (case.answered_at, answer),
        (case.resolved_at, resolve),
        (case.closed_at, close),
    )
    return [Step(at, agent, act) for at, act in planned if at is not None]


def _call_steps(rng: Random, agent: Agent) -> list[Step]:
    steps = []
    for number in range((_LAST_PLAN - _FIRST_CALLS).days + 1):
        day = _FIRST_CALLS + timedelta(days=number)
        steps.append(Step(datetime.combine(day, time(9, 30), ZONE), agent, _plan))
        if day <= _LAST_CALLS and day.weekday() < _SATURDAY:
            steps.append(Step(datetime.combine(day, time(16, 0), ZONE), agent, _caller(rng, day)))
    return steps


def _plan(shop: Shop) -> None:
    plan_callbacks(shop, shop.today, capacity=_A_DAYS_CALLS)


def _caller(rng: Random, day: date) -> Callable[[Shop], None]:
    def call(shop: Shop) -> None:
        for position, callback in enumerate(list_due_callbacks(shop, day)):
            promised = day == _LAST_CALLS and position == 0
            record_callback(shop, callback.id, _promise() if promised else _draw_answer(rng, day))

    return call


def _promise() -> Answer:
    return Answer("later", next_on=_PROMISED_ON, note="出差，22号再打")


def _draw_answer(rng: Random, day: date) -> Answer:
    if rng.random() < _NO_ANSWER:
        return Answer("no_answer")
    weights = _LESS_HAPPY if day >= _LESS_HAPPY_FROM else _HAPPY
    return Answer("reached", score=rng.choices(_SCORES, weights)[0])
