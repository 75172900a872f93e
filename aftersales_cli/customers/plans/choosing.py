"""Choose whom to call on a day from all who are due: what forbids a call, what puts it off, and who makes it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from aftersales_cli.customers.contact import Contact, usable_ways
from aftersales_cli.customers.plans.calling_times import CallingTimes
from aftersales_cli.customers.plans.due import Due
from aftersales_cli.customers.plans.lots import is_held_out, period_start
from aftersales_cli.customers.plans.roster import Roster
from aftersales_cli.customers.selection import Person
from aftersales_cli.database.callback_limits import called_since
from aftersales_cli.database.consents import current_consent
from aftersales_cli.records.plans import PlanVersion
from aftersales_cli.shop import Shop

_NOTED = {
    "no_consent": "consent", "unreachable": "unreachable", "held_out": "lot", "quiet": "quiet",
    "over_capacity": "capacity",
}  # fmt: skip
"""Why somebody is not called → the word under which that is kept, to compare with those who are."""


@dataclass(frozen=True)
class Chosen:
    """Somebody who is called."""

    due: Due
    channel: str
    assignee_id: int


@dataclass
class Choice:
    """Who is called, and who is not and why."""

    chosen: list[Chosen] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    leftovers: list[tuple[int, int, str]] = field(default_factory=list)
    """Plan version, customer and why, for those to compare with."""


class Chooser:
    """Takes those who are due one by one; ``taken`` is called already, ``counts`` are calls by plan so far."""

    def __init__(
        self,
        shop: Shop,
        on: date,
        versions: Mapping[str, PlanVersion],
        roster: Roster,
        *,
        taken: set[Person],
        counts: Mapping[str, int],
        room: int,
    ) -> None:
        self._shop, self._on, self._versions, self._roster = shop, on, versions, roster
        self._taken, self._room = set(taken), room
        self._counts = Counter(counts)
        self._times = CallingTimes(shop)
        self._held: set[Person] = set()
        self._rested = (on - timedelta(days=shop.settings.callbacks.rest_days)).isoformat()
        self._choice = Choice()

    def choose(self, due: Iterable[Due]) -> Choice:
        """Return who of these, most urgent first, is called."""
        for entry in due:
            channel = ""
            why = self._forbidden(entry)
            if not why:
                channel, why = self._way(entry)
            why = why or self._put_off(entry)
            assignee = None if why else self._caller(entry)
            if assignee is None:
                self._leave(entry, why or "over_capacity")
                continue
            self._choice.chosen.append(Chosen(entry, channel, assignee))
            self._taken.add(entry.person)
            self._counts[entry.plan.code] += 1
        return self._choice

    def _forbidden(self, due: Due) -> str:
        if due.customer.do_not_contact:
            return "do_not_contact"
        if due.plan.contact_basis == "consent" and not self._agreed(due):
            return "no_consent"
        return ""

    def _agreed(self, due: Due) -> bool:
        customer_id = due.customer.customer_id
        return (
            customer_id is not None and current_consent(self._shop.database, customer_id, "marketing") is True
        )

    def _way(self, due: Due) -> tuple[str, str]:
        """Return the first channel of the plan that leads there today, or why there is none."""
        customer = due.customer
        ways = usable_ways(Contact(customer.platform, customer.order_number, customer.phone, customer.email))
        channels = [channel for channel in due.plan.channels if channel in ways]
        if not channels:
            return "", "unreachable"
        if due.person in self._taken:
            return "", "same_person"
        if self._rests(due):
            return "", "resting"
        window = self._times.window(customer.country, customer.zone, customer.customer_id, self._on)
        if self._times.is_paused(window.rule, customer.customer_id, self._on):
            return "", "quiet"
        if not window.spans:
            # Hours of the law are those of calls; a message may be written on a holiday, too.
            channels = [channel for channel in channels if channel != "phone"]
        return (channels[0], "") if channels else ("", "quiet")

    def _rests(self, due: Due) -> bool:
        customer = due.customer
        if customer.case_number is not None or customer.customer_id is None:
            return False
        return called_since(self._shop.database, customer.customer_id, self._rested)

    def _put_off(self, due: Due) -> str:
        plan, customer_id = due.plan, due.customer.customer_id
        if plan.contact_basis == "consent" and due.person in self._held:
            # Called for something else of the kind, who is held out would be no comparison.
            return "held_out_elsewhere"
        if customer_id is not None and is_held_out(
            plan.holdout,
            plan=plan.code,
            version=self._versions[plan.code].version,
            customer_id=customer_id,
            period=period_start(self._on, plan.every_days),
        ):
            self._held.add(due.person)
            return "held_out"
        full = plan.capacity and self._counts[plan.code] >= plan.capacity
        return "over_capacity" if full or len(self._choice.chosen) >= self._room else ""

    def _caller(self, due: Due) -> int | None:
        return self._roster.choose(preferred=due.customer.assignee_id, plan=due.plan)

    def _leave(self, due: Due, why: str) -> None:
        self._choice.left[why] += 1
        if why in _NOTED and due.customer.customer_id is not None:
            plan_id = self._versions[due.plan.code].id
            self._choice.leftovers.append((plan_id, due.customer.customer_id, _NOTED[why]))
