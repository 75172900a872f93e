"""Fill a day with callbacks."""

from dataclasses import dataclass
from datetime import date, timedelta

from aftersales_cli.customers.selection import (
    Selection,
    choose_assignee,
    find_doubles,
    person_of,
    priority_of,
    select_candidates,
)
from aftersales_cli.database.agents import list_agents
from aftersales_cli.database.callbacks import (
    assign_callback,
    drop_overtaken,
    drop_unwanted,
    insert_callback,
    list_candidates,
    list_standing_callbacks,
    move_callback,
)
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.customers import StandingCallback
from aftersales_cli.shop import Shop, Writing

FURTHEST_DAYS = 60
"""A day further ahead than this is a slip of the keyboard."""


@dataclass(frozen=True)
class CallbackPlan:
    """What planning a day did."""

    on: date
    capacity: int
    planned: int
    """New service follow-ups."""
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

    @property
    def total(self) -> int:
        """The callbacks still to be made on the day."""
        return self.planned + self.carried


def plan_callbacks(shop: Shop, on: date, capacity: int | None = None) -> CallbackPlan:
    """Fill a day up to capacity; doing it again changes nothing.

    What is open and due, or was made on the day, takes its place first; then come cases solved between
    ``window_days`` and ``after_days`` ago. What is overdue is given up by today's clock, whatever day is planned.
    Raises WrongUsageError for a capacity below 0 and a day that is too far ahead.
    """
    settings = shop.settings.callbacks
    capacity = settings.capacity if capacity is None else capacity
    if capacity < 0:
        raise WrongUsageError(
            _("A capacity of {number} makes no sense.", number=capacity), remedy=_("Give 0 or more.")
        )
    _check_day(shop, on)
    window = timedelta(days=settings.window_days)
    with shop.writing("callbacks.plan") as writing:
        dropped = drop_unwanted(shop.database) + drop_overtaken(
            shop.database, due_before=(shop.today - window).isoformat()
        )
        standing, postponed = _clear_doubles(shop, on)
        opened = [entry for entry in standing if entry.status == "open"]
        selection = select_candidates(
            list_candidates(
                shop.database,
                first_day=(on - window).isoformat(),
                last_day=(on - timedelta(days=settings.after_days)).isoformat(),
            ),
            taken={person_of(entry) for entry in standing},
            room=max(capacity - len(standing), 0),
        )
        _assign_and_insert(shop, writing, on, opened, selection)
        writing.count(
            planned=len(selection.chosen), carried=len(opened), postponed=postponed, dropped=dropped
        )
    return CallbackPlan(
        on=on,
        capacity=capacity,
        planned=len(selection.chosen),
        carried=len(opened),
        done=len(standing) - len(opened),
        postponed=postponed,
        dropped=dropped,
        do_not_contact=selection.do_not_contact,
        unreachable=selection.unreachable,
        same_person=selection.same_person,
        over_capacity=selection.over_capacity,
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


def _assign_and_insert(
    shop: Shop, writing: Writing, on: date, opened: list[StandingCallback], selection: Selection
) -> None:
    agents = [agent for agent in list_agents(shop.database) if agent.active]
    active = {agent.id for agent in agents}
    callers = [agent.id for agent in agents if agent.role == "agent"] or [
        agent.id for agent in agents if agent.role == "owner"
    ]
    loads = dict.fromkeys(callers or sorted(active), 0)
    orphans = [entry for entry in opened if entry.assignee_id not in active]
    for entry in opened:
        if entry.assignee_id in loads:
            loads[entry.assignee_id] += 1
    for entry in orphans:
        assign_callback(shop.database, entry.id, assignee_id=choose_assignee(None, loads, active))
    for candidate in selection.chosen:
        callback_id = insert_callback(
            shop.database,
            reason="service_followup",
            case_number=candidate.case_number,
            customer_id=candidate.customer_id,
            order_id=candidate.order_id,
            due_on=on.isoformat(),
            priority=priority_of(candidate.kind, candidate.severity),
            assignee_id=choose_assignee(candidate.assignee_id, loads, active),
            planned_at=shop.stamp,
        )
        writing.touch("callback", callback_id)
