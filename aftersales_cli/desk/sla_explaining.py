"""Show how a deadline came about: the policy, the pauses, and the walk through the opening hours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from aftersales_cli.clock import from_text, to_text
from aftersales_cli.desk.calendars import warn_of_year
from aftersales_cli.desk.clocks import ClockDesk, derive_case, open_clock_desk
from aftersales_cli.desk.sla_deriving import TYPED, clock_state, remaining_seconds, span_pauses
from aftersales_cli.desk.sla_policies import Policy
from aftersales_cli.desk.sla_spans import Span
from aftersales_cli.desk.steps import require_case
from aftersales_cli.language import _
from aftersales_cli.records.desk import SlaClock
from aftersales_cli.shop import Shop
from aftersales_cli.worktime import WALL, Calendar, Pauses, elapsed_seconds, open_stretches


@dataclass(frozen=True)
class WalkStep:
    """One window of the walk; moments in UTC."""

    start: str
    end: str
    open_seconds: int
    paused_seconds: int
    total_seconds: int
    """What has been used up at its end."""


@dataclass(frozen=True)
class ClockStory:
    """One clock with all that decided about it."""

    clock: SlaClock
    state: str
    """``met``, ``missed``, ``near``, ``running``, ``paused`` or ``stopped``."""
    remaining_seconds: int | None
    """Of its calendar, negative if missed; None unless it runs."""
    target: str
    """As the policy has it, e.g. ``3wd``; "" for a typed deadline."""
    at_most_seconds: int | None
    policy_name: str
    match: dict[str, list[str]]
    """What the policy asks of a case; empty if it fits every one."""
    version_since: str
    calendar_name: str
    timezone: str
    source: str
    certainty: str
    pauses: list[tuple[str, str | None]]
    walk: list[WalkStep]
    """From the start to the due time; while paused, to the pause."""
    warnings: list[str]


@dataclass(frozen=True)
class CaseStory:
    """All clocks of a case."""

    case_number: int
    clocks: list[ClockStory]


def explain_case(shop: Shop, number: int) -> CaseStory:
    """Return how each clock of a case came about, in the order they started; raises NotFoundError.

    The clocks are derived anew, so that what is shown is what holds; nothing is stored.
    """
    require_case(shop, number)
    desk = open_clock_desk(shop, store=False)
    derived = derive_case(desk, number)
    assert derived is not None
    spans = {(span.metric, span.cycle, span.turn): span for span in derived.spans}
    order = sorted(derived.clocks, key=lambda clock: (clock.started_at, clock.metric, clock.turn))
    return CaseStory(
        number, [_tell(desk, clock, spans[clock.metric, clock.cycle, clock.turn]) for clock in order]
    )


def _tell(desk: ClockDesk, clock: SlaClock, span: Span) -> ClockStory:
    shop, version = desk.shop, desk.versions[clock.version - 1]
    calendar = desk.calendar(clock.version, clock.calendar, clock.started_at)
    policy = _find_policy(desk, clock)
    promise = policy.promises[clock.metric] if policy else None
    state = clock_state(clock, shop.stamp)
    is_open = clock.met_at is None and clock.stopped_at is None
    pauses = [] if clock.policy == TYPED else span_pauses(span)
    walk = list(_walk(calendar, from_text(clock.started_at), _walk_end(clock, shop), pauses))
    return ClockStory(
        clock=clock,
        state=state,
        remaining_seconds=remaining_seconds(clock, calendar, shop.now) if is_open else None,
        target=promise.target if promise else "",
        at_most_seconds=promise.at_most_seconds if promise else None,
        policy_name=policy.label if policy else "",
        match={key: list(words) for key, words in policy.match.items()} if policy else {},
        version_since=version.since,
        calendar_name=_calendar_name(desk, clock),
        timezone=shop.zone.key if calendar is WALL else calendar.zone.key,
        source=promise.source if promise else "",
        certainty=promise.certainty if promise else "",
        pauses=[(start, end) for start, end in span.pauses] if pauses else [],
        walk=walk,
        warnings=[*_warnings(desk, clock), *_later_calendar(clock, walk)],
    )


def _find_policy(desk: ClockDesk, clock: SlaClock) -> Policy | None:
    policies = desk.rules(clock.version).book.policies
    return next((policy for policy in policies if policy.name == clock.policy), None)


def _calendar_name(desk: ClockDesk, clock: SlaClock) -> str:
    spec = desk.rules(clock.version).specs.get(clock.calendar)
    return spec.label if spec else clock.calendar


def _walk_end(clock: SlaClock, shop: Shop) -> datetime:
    """Return where the walk ends: at the due time, while paused now."""
    return from_text(clock.due_at) if clock.due_at else max(shop.now, from_text(clock.started_at))


def _walk(calendar: Calendar, start: datetime, end: datetime, pauses: Pauses) -> Iterator[WalkStep]:
    total = 0
    for stretch in open_stretches(calendar, start, end):
        counted = elapsed_seconds(calendar, stretch.start, stretch.end, pauses=pauses)
        total += counted
        yield WalkStep(
            start=to_text(stretch.start),
            end=to_text(stretch.end),
            open_seconds=stretch.seconds,
            paused_seconds=stretch.seconds - counted,
            total_seconds=total,
        )


def _warnings(desk: ClockDesk, clock: SlaClock) -> list[str]:
    spec = desk.rules(clock.version).specs.get(clock.calendar)
    if spec is None:
        return []
    years = {int(moment[:4]) for moment in (clock.started_at, clock.due_at) if moment}
    calendars = desk.calendars(clock.version, clock.started_at)
    return [warn_of_year(spec, year) for year in calendars.unconfirmed(clock.calendar, years)]


def _later_calendar(clock: SlaClock, walk: Sequence[WalkStep]) -> list[str]:
    """Say so if the hours shown are not those an ended clock was judged by."""
    total = walk[-1].total_seconds if walk else 0
    if clock.due_at is None or not (clock.met_at or clock.stopped_at) or total == clock.target_seconds:
        return []
    return [
        _("The calendar was changed after this clock had ended; it keeps the due time it had until then.")
    ]
