"""Gather who is due by each plan, with the facts that explain it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aftersales_cli.customers.plans.maintenance import due_spans, open_care_table
from aftersales_cli.customers.plans.plan_files import Plan
from aftersales_cli.customers.plans.reasons_why import Facts
from aftersales_cli.customers.selection import Person, person_of, priority_of
from aftersales_cli.customers.surveys.following import low_scores
from aftersales_cli.database.callback_due import (
    list_delivered_lines,
    list_low_answers,
    list_purchases,
    list_solved_cases,
    list_valued_customers,
)
from aftersales_cli.database.callback_limits import reminded_since
from aftersales_cli.records.plans import DueCustomer
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class Due:
    """Somebody who is due by a plan."""

    plan: Plan
    customer: DueCustomer
    priority: int
    facts: Facts

    @property
    def person(self) -> Person:
        """What tells two people apart."""
        return person_of(self.customer)

    @property
    def order(self) -> tuple[object, ...]:
        """Most urgent first, then who has most to lose, then who has waited longest."""
        customer = self.customer
        lost = -(customer.value_lost or 0)
        return self.priority, lost, customer.since, customer.case_number or 0, customer.customer_id or 0


def gather_due(shop: Shop, plans: Sequence[Plan], on: date) -> list[Due]:
    """Return who is due on a day by these plans, most urgent first; somebody may stand there more than once."""
    found = [due for plan in plans for due in _GATHERERS[plan.event](shop, plan, on)]
    return sorted(found, key=lambda due: due.order)


def plan_days(shop: Shop, plan: Plan, on: date) -> tuple[date, date]:
    """Return the first and last day of an event that makes somebody due on a day."""
    settings = shop.settings.callbacks
    after = settings.after_days if plan.after_days is None else plan.after_days
    window = settings.window_days if plan.window_days is None else plan.window_days
    return on - timedelta(days=max(window, after)), on - timedelta(days=after)


def _days(shop: Shop, plan: Plan, on: date) -> dict[str, str]:
    first, last = plan_days(shop, plan, on)
    return {"first_day": first.isoformat(), "last_day": last.isoformat()}


def _last_interval(plan: Plan, on: date) -> str:
    """Return the day after which a call of the plan is too recent for another one."""
    return (on - timedelta(days=plan.every_days)).isoformat()


def _solved_cases(shop: Shop, plan: Plan, on: date) -> Iterator[Due]:
    for customer in list_solved_cases(shop.database, **_days(shop, plan, on)):
        facts = {"kind": customer.kind, "severity": customer.severity, "solved": customer.since}
        priority = plan.priority + priority_of(customer.kind, customer.severity)
        yield Due(plan, customer, priority, facts)


def _low_answers(shop: Shop, plan: Plan, on: date) -> Iterator[Due]:
    low = low_scores(shop)
    found = list_low_answers(shop.database, csat=low.csat, nps=low.nps, ces=low.ces, **_days(shop, plan, on))
    for customer in found:
        facts = {"survey": customer.survey, "score": customer.score, "answered": customer.since}
        yield Due(plan, customer, plan.priority, facts)


def _maintenance(shop: Shop, plan: Plan, on: date) -> Iterator[Due]:
    table, rules = open_care_table(shop.folder)
    first, last = plan_days(shop, plan, on)
    for span in due_spans(rules, last, (last - first).days):
        lines = list_delivered_lines(
            shop.database, first_day=span.first.isoformat(), last_day=span.last.isoformat()
        )
        for customer in lines:
            rule = table.find(customer.sku, customer.title)
            if rule is None or rule.months != span.months or span.number > rule.times:
                continue
            # One reminder for each interval: what was reminded less than half of it ago is done.
            since = on - timedelta(days=rule.months * 15)
            if reminded_since(shop.database, customer.order_line_id or 0, since.isoformat()):
                continue
            facts = {
                "months": rule.months, "say_zh": rule.say_zh, "say_en": rule.say_en, "bought": customer.since,
            }  # fmt: skip
            yield Due(plan, customer, plan.priority, facts)


def _purchases(shop: Shop, plan: Plan, on: date) -> Iterator[Due]:
    for customer in list_purchases(
        shop.database, **_days(shop, plan, on), called_after=_last_interval(plan, on)
    ):
        yield Due(plan, customer, plan.priority, {"bought": customer.since})


def _valued(shop: Shop, plan: Plan, on: date) -> Iterator[Due]:
    found = list_valued_customers(
        shop.database,
        plan=plan.code,
        segments=plan.segments,
        degrees=plan.degrees,
        high_value=plan.high_value,
        called_after=_last_interval(plan, on),
    )
    for customer in found:
        facts = {
            "high_value": int(plan.high_value), "segment": customer.segment, "degree": customer.degree,
            "value_lost": customer.value_lost, "bought": customer.since,
        }  # fmt: skip
        yield Due(plan, customer, plan.priority, facts)


_GATHERERS: Mapping[str, Callable[[Shop, Plan, date], Iterator[Due]]] = {
    "case_resolved": _solved_cases,
    "survey_low": _low_answers,
    "maintenance_due": _maintenance,
    "purchase": _purchases,
    "": _valued,
}
"""Event of a plan → who is due by it."""
