"""Fill a day with callbacks."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from aftersales_cli.customers.plans.choosing import Choice, Chooser, Chosen
from aftersales_cli.customers.plans.due import gather_due
from aftersales_cli.customers.plans.hints import Hints
from aftersales_cli.customers.plans.lots import period_start
from aftersales_cli.customers.plans.plan_files import Plan, load_plans
from aftersales_cli.customers.plans.plan_versions import adopt_answers, consent_versions, keep_plans
from aftersales_cli.customers.plans.reasons_why import pack_facts
from aftersales_cli.customers.plans.roster import Roster
from aftersales_cli.customers.selection import find_doubles, person_of
from aftersales_cli.database.agents import list_agents
from aftersales_cli.database.callback_limits import drop_without_consent
from aftersales_cli.database.callback_plans import (
    clear_leftover,
    forget_leftovers,
    insert_leftovers,
)
from aftersales_cli.database.callbacks import (
    assign_callback,
    drop_overtaken,
    drop_unwanted,
    insert_callback,
    list_standing_callbacks,
    move_callback,
    name_customers,
)
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.customers import StandingCallback
from aftersales_cli.records.plans import PlanVersion
from aftersales_cli.shop import Shop, Writing

FURTHEST_DAYS = 60
"""A day further ahead than this is a slip of the keyboard."""


@dataclass(frozen=True)
class CallbackPlan:
    """What planning a day did."""

    on: date
    capacity: int
    planned: int
    """New ones."""
    carried: int
    """Open before: promised, second calls, further attempts, and what was left from earlier days."""
    done: int
    """Already made on this day."""
    postponed: int
    """Moved to the next day, since the same person is called today anyhow."""
    dropped: int
    """Given up: not to be contacted, case open again, or overdue for longer than the window."""
    do_not_contact: int
    unreachable: int
    same_person: int
    over_capacity: int
    """Left for other days."""
    resting: int = 0
    """Left in peace, since somebody called not long ago."""
    quiet: int = 0
    """Not to be called on this day by the hours or limits of their country."""
    no_consent: int = 0
    held_out: int = 0
    """By lot not called, to compare with those who are."""
    plans: dict[str, int] = field(default_factory=dict)
    """Code of a plan → new callbacks by it."""

    @property
    def total(self) -> int:
        """The callbacks still to be made on the day."""
        return self.planned + self.carried


def plan_callbacks(shop: Shop, on: date, capacity: int | None = None) -> CallbackPlan:
    """Fill a day up to capacity; doing it again changes nothing.

    What is open and due, or was made on the day, takes its place first; then come those who are due by the plans,
    most urgent first. What is overdue is given up by today's clock, whatever day is planned. Raises WrongUsageError
    for a capacity below 0, a day that is too far ahead and a wrong entry of the plans, FileError for broken files.
    """
    settings = shop.settings.callbacks
    capacity = settings.capacity if capacity is None else capacity
    if capacity < 0:
        raise WrongUsageError(
            _("A capacity of {number} makes no sense.", number=capacity), remedy=_("Give 0 or more.")
        )
    _check_day(shop, on)
    plans = load_plans(shop.folder)
    with shop.writing("callbacks.plan") as writing:
        versions = keep_plans(shop, plans)
        adopt_answers(shop, plans, versions)
        name_customers(shop.database)
        dropped = _drop(shop)
        standing, postponed = _clear_doubles(shop, on)
        opened = [entry for entry in standing if entry.status == "open"]
        roster = _make_roster(shop, standing)
        choice = Chooser(
            shop,
            on,
            versions,
            roster,
            taken={person_of(entry) for entry in standing},
            counts=Counter(entry.plan for entry in standing),
            room=max(capacity - len(standing), 0),
        ).choose(gather_due(shop, plans, on))
        _note_leftovers(shop, on, plans, versions, choice)
        hints = Hints(shop, on)
        for chosen in choice.chosen:
            _insert(shop, writing, on, chosen, versions[chosen.due.plan.code], hints)
        writing.count(
            planned=len(choice.chosen),
            carried=len(opened),
            postponed=postponed,
            dropped=dropped,
            held_out=choice.left["held_out"],
        )
    return CallbackPlan(
        on=on,
        capacity=capacity,
        planned=len(choice.chosen),
        carried=len(opened),
        done=len(standing) - len(opened),
        postponed=postponed,
        dropped=dropped,
        plans=dict(Counter(chosen.due.plan.code for chosen in choice.chosen)),
        **{name: choice.left[name] for name in _LEFT},
    )


_LEFT = (
    "do_not_contact", "unreachable", "same_person", "over_capacity", "resting", "quiet", "no_consent", "held_out",
)  # fmt: skip


def _drop(shop: Shop) -> int:
    window = timedelta(days=shop.settings.callbacks.window_days)
    return (
        drop_unwanted(shop.database)
        + drop_without_consent(shop.database, consent_versions(shop))
        + drop_overtaken(shop.database, due_before=(shop.today - window).isoformat())
    )


def _check_day(shop: Shop, on: date) -> None:
    last = shop.today + timedelta(days=FURTHEST_DAYS)
    if on > last:
        raise WrongUsageError(
            _("{day} is too far ahead to plan callbacks for.", day=on),
            remedy=_("Check the year, or give a day until {last}.", last=last),
        )


def _clear_doubles(shop: Shop, on: date) -> tuple[list[StandingCallback], int]:
    """Move second callbacks to one person to the next day; return what stands, and how many moved."""
    standing = list_standing_callbacks(shop.database, on.isoformat())
    doubles = find_doubles(standing)
    for entry in doubles:
        move_callback(shop.database, entry.id, due_on=(on + timedelta(days=1)).isoformat())
    return [entry for entry in standing if entry not in doubles], len(doubles)


def _make_roster(shop: Shop, standing: list[StandingCallback]) -> Roster:
    """Count in what everybody has to do already, and give what is of nobody any more to others."""
    roster = Roster(list_agents(shop.database), most=shop.settings.callbacks.per_agent)
    orphans = []
    for entry in standing:
        roster.count_in(entry.assignee_id)
        if entry.status == "open" and not roster.is_active(entry.assignee_id):
            orphans.append(entry.id)
    for callback_id in orphans:
        if (assignee_id := roster.choose()) is not None:
            assign_callback(shop.database, callback_id, assignee_id=assignee_id)
    return roster


def _note_leftovers(
    shop: Shop, on: date, plans: tuple[Plan, ...], versions: dict[str, PlanVersion], choice: Choice
) -> None:
    """Keep who was due and is not called, once in each period of a plan."""
    forget_leftovers(shop.database, on=on.isoformat())
    since = {versions[plan.code].id: period_start(on, plan.every_days).isoformat() for plan in plans}
    insert_leftovers(shop.database, choice.leftovers, on=on.isoformat(), since=since)


def _insert(
    shop: Shop, writing: Writing, on: date, chosen: Chosen, version: PlanVersion, hints: Hints
) -> None:
    due, customer = chosen.due, chosen.due.customer
    facts = dict(due.facts)
    if due.plan.event == "purchase" and customer.customer_id is not None:
        facts |= hints.facts(customer.customer_id)
    callback_id = insert_callback(
        shop.database,
        reason=due.plan.reason,
        case_number=customer.case_number,
        customer_id=customer.customer_id,
        order_id=customer.order_id,
        due_on=on.isoformat(),
        priority=due.priority,
        assignee_id=chosen.assignee_id,
        planned_at=shop.stamp,
        plan_id=version.id,
        order_line_id=customer.order_line_id,
        why=pack_facts(facts),
        channel=chosen.channel,
    )
    if customer.customer_id is not None:
        period = period_start(on, due.plan.every_days).isoformat()
        clear_leftover(shop.database, plan_id=version.id, customer_id=customer.customer_id, since=period)
    writing.touch("callback", callback_id)
