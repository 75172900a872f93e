"""Show callbacks with all a caller needs to know."""

from dataclasses import dataclass, replace
from datetime import date

from aftersales_cli.clock import from_text
from aftersales_cli.customers.callback_record import missing_callback
from aftersales_cli.customers.contact import Contact, ways_to_reach
from aftersales_cli.customers.plans.briefs import tell_brief
from aftersales_cli.customers.plans.calling_times import CallingTimes
from aftersales_cli.customers.plans.plan_files import Plan, load_plans
from aftersales_cli.customers.plans.reasons_why import tell_why
from aftersales_cli.customers.plans.windows import part_of_day
from aftersales_cli.customers.scripts import Scripts, load_scripts
from aftersales_cli.database.callback_briefs import list_briefs
from aftersales_cli.database.callback_limits import list_prior_attempts
from aftersales_cli.database.callbacks import (
    get_callback_row,
    list_all_callbacks,
    list_callbacks_of_day,
    list_open_callbacks,
)
from aftersales_cli.language import plural
from aftersales_cli.records.customers import CallbackRow
from aftersales_cli.records.plans import PriorAttempt
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class ListedCallback:
    """A callback as lists show it: contacts masked as the settings say."""

    id: int
    reason: str
    due_on: str
    attempt: int
    status: str
    outcome: str
    score: int | None
    note: str
    next_due_on: str | None
    recorded_at: str | None
    revision: int
    planned_at: str
    priority: int
    case_number: int | None
    kind: str
    customer: str
    how_to_reach: list[str]
    storefront: str
    order_number: str
    product: str
    happened: str
    ask: str
    assignee: str
    assignee_code: str
    plan: str
    """Code of the plan, "" if it has none."""
    window: str
    """When to call, in their time and in ours; "" for what is no longer open."""
    why: str
    """What made it due, in the current language."""
    about: str
    """What is known of the customer, in the current language."""
    churn_reason: str


@dataclass(frozen=True)
class CallbackPage:
    """One callback with the attempts before it."""

    callback: ListedCallback
    attempts: list[PriorAttempt]
    """Newest first."""


def list_due_callbacks(shop: Shop, on: date) -> list[ListedCallback]:
    """Return what is open and due on a day or before, most urgent first."""
    return _Lister(shop, on).show_all(list_open_callbacks(shop.database, on.isoformat()))


def list_day(shop: Shop, on: date) -> list[ListedCallback]:
    """Return what is open and due on a day or before, and what was made on that day."""
    return _Lister(shop, on).show_all(list_callbacks_of_day(shop.database, on.isoformat()))


def list_everything(shop: Shop) -> list[ListedCallback]:
    """Return every callback, latest due day first."""
    return _Lister(shop, shop.today).show_all(list_all_callbacks(shop.database))


def load_callback(shop: Shop, callback_id: int, on: date | None = None) -> CallbackPage:
    """Return one callback as it would be made on a day (default: when it is due); raises NotFoundError."""
    row = get_callback_row(shop.database, callback_id)
    if row is None:
        raise missing_callback(callback_id)
    day = on or max(date.fromisoformat(row.due_on), shop.today)
    listed = _Lister(shop, day).show_all([row])[0]
    return CallbackPage(listed, list_prior_attempts(shop.database, callback_id))


class _Lister:
    """Turns rows into what lists show; settings and files are read once."""

    def __init__(self, shop: Shop, on: date) -> None:
        self._shop, self._on = shop, on
        self._full = shop.settings.callbacks.contact == "full"
        self._scripts: Scripts = load_scripts(shop.folder)
        self._plans: dict[str, Plan] = {plan.code: plan for plan in load_plans(shop.folder)}
        self._times = CallingTimes(shop)

    def show_all(self, rows: list[CallbackRow]) -> list[ListedCallback]:
        opened = {row.customer_id for row in rows if row.status == "open" and row.customer_id is not None}
        briefs = list_briefs(self._shop.database, opened)
        listed = [self._show(row) for row in rows]
        return [
            replace(entry, about=tell_brief(self._shop, brief))
            if (brief := briefs.get(row.customer_id or 0)) and row.status == "open"
            else entry
            for entry, row in zip(listed, rows, strict=True)
        ]

    def _show(self, row: CallbackRow) -> ListedCallback:
        plan = self._plans.get(row.plan)
        contact = Contact(row.platform, row.order_number, row.phone, row.email)
        channels = plan.channels if plan else ()
        if row.channel:
            channels = (row.channel, *(channel for channel in channels if channel != row.channel))
        return ListedCallback(
            id=row.id,
            reason=row.reason,
            due_on=row.due_on,
            attempt=row.attempt,
            status=row.status,
            outcome=row.outcome,
            score=row.score,
            note=row.note,
            next_due_on=row.next_due_on,
            recorded_at=row.recorded_at,
            revision=row.revision,
            planned_at=row.planned_at,
            priority=row.priority,
            case_number=row.case_number,
            kind=row.kind,
            customer=row.customer,
            how_to_reach=ways_to_reach(contact, full=self._full, channels=channels),
            storefront=row.storefront,
            order_number=row.order_number,
            product=_first_product(row.products),
            happened=self._happened(row),
            ask=self._ask(row, plan),
            assignee=row.assignee,
            assignee_code=row.assignee_code,
            plan=row.plan,
            window=self._window(row) if row.status == "open" else "",
            why=tell_why(self._shop, row.why, on=self._day_of(row)),
            about="",
            churn_reason=row.churn_reason,
        )

    def _day_of(self, row: CallbackRow) -> date:
        return self._on if row.status == "open" else date.fromisoformat(row.due_on)

    def _ask(self, row: CallbackRow, plan: Plan | None) -> str:
        script = plan.script if plan and plan.reason == row.reason else row.reason
        return self._scripts.text(script, row.kind) or self._scripts.text(row.reason, row.kind)

    def _window(self, row: CallbackRow) -> str:
        place = self._times.place(row.country, row.zone)
        tried = set()
        if row.attempt > 1:
            earlier = list_prior_attempts(self._shop.database, row.id)
            tried = {
                part_of_day(from_text(attempt.recorded_at), place.zones[0])
                for attempt in earlier
                if attempt.outcome == "no_answer"
            }
        window = self._times.window(row.country, row.zone, row.customer_id, self._on, tried=tried)
        return self._times.write(window)

    def _happened(self, row: CallbackRow) -> str:
        """Return what happened in a line, e.g. ``return · screen cracked · refunded · solved 3 days ago``."""
        if row.case_number is None:
            return ""
        parts = [self._shop.taxonomy("kinds").label(row.kind)]
        if row.case_title:
            parts.append(row.case_title)
        elif row.case_reason:
            parts.append(self._shop.taxonomy("reasons").label(row.case_reason))
        if row.resolution:
            parts.append(self._shop.taxonomy("resolutions").label(row.resolution))
        if row.resolved_on:
            days = (self._on - date.fromisoformat(row.resolved_on)).days
            parts.append(plural("solved {count} day ago", "solved {count} days ago", days))
        return " · ".join(parts)


def _first_product(products: str) -> str:
    first, *others = products.split("\n")
    return f"{first} +{len(others)}" if others else first
