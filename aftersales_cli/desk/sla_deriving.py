"""Make clocks of spans and promises: when each is near, when it is due, how long it paused. Rules only."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aftersales_cli.clock import from_text, local_day, seconds_between, to_text
from aftersales_cli.desk.sla_policies import Promise
from aftersales_cli.desk.sla_spans import Span
from aftersales_cli.records.cases import Case
from aftersales_cli.records.desk import SlaClock
from aftersales_cli.records.shops import Storefront
from aftersales_cli.worktime import (
    WALL,
    Calendar,
    Pauses,
    add_working_days,
    due_moment,
    elapsed_seconds,
    end_of_day,
)

TYPED = "platform-due"
"""Name of the "policy" of a deadline that somebody typed in."""

_TYPED_WARN_PERCENT = 75


def describe_case(case: Case, storefront: Storefront | None, country: str) -> dict[str, str]:
    """Return what policies can ask about a case; the country is the storefront's, else the shop's."""
    return {
        "kind": case.kind,
        "severity": case.severity,
        "complexity": case.complexity,
        "channel": case.channel,
        "platform": storefront.platform if storefront else "",
        "storefront": storefront.code if storefront else "",
        "country": (storefront.country if storefront else "") or country,
    }


def span_pauses(span: Span) -> Pauses:
    """Return the pauses of a span as moments."""
    return [(from_text(start), from_text(end) if end else None) for start, end in span.pauses]


def target_seconds(promise: Promise, calendar: Calendar, start: datetime) -> int:
    """Return the target in seconds of its calendar, counted from the start of the clock.

    Working days last until the end of the so-manieth open day after the day of the start.
    """
    if not promise.working_days:
        return promise.seconds
    day = add_working_days(calendar, local_day(start, calendar.zone), promise.working_days)
    return elapsed_seconds(calendar, start, end_of_day(calendar, day))


def derive_clock(
    number: int, span: Span, promise: Promise, calendar: Calendar, *, version: int, zone: ZoneInfo
) -> SlaClock:
    """Return the clock of a span. It depends on what happened only, not on the moment of asking."""
    start, pauses = from_text(span.started_at), span_pauses(span)
    seconds = target_seconds(promise, calendar, start)
    due = due_moment(calendar, start, seconds, pauses=pauses)
    warn = due_moment(calendar, start, seconds * promise.warn_percent // 100, pauses=pauses)
    most = promise.at_most_seconds
    if most is not None and due is not None and start + timedelta(seconds=most) < due:
        # The limit comes first, so that the clock is one of wall time.
        return _wall_clock(
            number,
            span,
            version=version,
            zone=zone,
            seconds=most,
            warn=promise.warn_percent,
            policy=promise.policy,
        )
    return SlaClock(
        case_number=number,
        metric=span.metric,
        cycle=span.cycle,
        turn=span.turn,
        version=version,
        policy=promise.policy,
        calendar=promise.calendar,
        target_seconds=seconds,
        started_at=span.started_at,
        warn_at=to_text(warn) if warn and due else None,
        due_at=to_text(due) if due else None,
        due_on=local_day(due, zone).isoformat() if due else None,
        met_at=span.met_at,
        paused_seconds=_paused(calendar, start, pauses),
        is_paused=due is None,
        stopped_at=span.stopped_at,
        pauses=_pauses_text(span),
        warned_at=None,
        escalated_at=None,
    )


def typed_clock(number: int, span: Span, *, version: int, zone: ZoneInfo) -> SlaClock:
    """Return the clock of a marketplace's deadline that somebody typed in."""
    assert span.due_at is not None
    seconds = max(0, seconds_between(span.started_at, span.due_at))
    return _wall_clock(
        number, span, version=version, zone=zone, seconds=seconds, warn=_TYPED_WARN_PERCENT, policy=TYPED
    )


def _wall_clock(
    number: int, span: Span, *, version: int, zone: ZoneInfo, seconds: int, warn: int, policy: str
) -> SlaClock:
    """Return a clock of wall time, which nothing pauses."""
    start = from_text(span.started_at)
    due = start + timedelta(seconds=seconds)
    return SlaClock(
        case_number=number,
        metric=span.metric,
        cycle=span.cycle,
        turn=span.turn,
        version=version,
        policy=policy,
        calendar=WALL.name,
        target_seconds=seconds,
        started_at=span.started_at,
        warn_at=to_text(start + timedelta(seconds=seconds * warn // 100)),
        due_at=to_text(due),
        due_on=local_day(due, zone).isoformat(),
        met_at=span.met_at,
        paused_seconds=0,
        is_paused=False,
        stopped_at=span.stopped_at,
        pauses=_pauses_text(span),
        warned_at=None,
        escalated_at=None,
    )


def _pauses_text(span: Span) -> str:
    return " ".join(f"{start}/{end or ''}" for start, end in span.pauses)


def _paused(calendar: Calendar, start: datetime, pauses: Pauses) -> int:
    """Return the working seconds of the pauses that are over; an open one is not counted before its end."""
    ended: Pauses = [(first, last) for first, last in pauses if last is not None]
    last = max((last for _first, last in ended if last is not None), default=start)
    return elapsed_seconds(calendar, start, last) - elapsed_seconds(calendar, start, last, pauses=ended)


def clock_state(clock: SlaClock, now: str) -> str:
    """Return ``met``, ``missed``, ``stopped``, ``paused``, ``near`` or ``running``; from its moments alone."""
    end = clock.met_at or clock.stopped_at
    if clock.due_at is not None and (end or now) > clock.due_at:
        return "missed"
    if clock.met_at is not None:
        return "met"
    if clock.stopped_at is not None:
        return "stopped"
    if clock.due_at is None:
        return "paused"
    return "near" if clock.warn_at is not None and now >= clock.warn_at else "running"


def remaining_seconds(clock: SlaClock, calendar: Calendar, now: datetime) -> int | None:
    """Return the seconds of its calendar until an open clock is due, negative past that; None while it is paused."""
    if clock.due_at is None:
        return None
    due = from_text(clock.due_at)
    return elapsed_seconds(calendar, now, due) - elapsed_seconds(calendar, due, now)


def keep_ended(clock: SlaClock, stored: SlaClock | None) -> SlaClock:
    """Keep what a clock was due when it ended, unless its history has changed since.

    What the shop learns later about its opening hours does not judge anew what is over.
    """
    if stored is None or stored.policy == TYPED or not (stored.met_at or stored.stopped_at):
        return clock
    if _history(clock) != _history(stored):
        return clock
    return replace(
        clock,
        calendar=stored.calendar,
        target_seconds=stored.target_seconds,
        warn_at=stored.warn_at,
        due_at=stored.due_at,
        due_on=stored.due_on,
        paused_seconds=stored.paused_seconds,
    )


def _history(clock: SlaClock) -> tuple[object, ...]:
    return (
        clock.version,
        clock.policy,
        clock.started_at,
        clock.met_at,
        clock.stopped_at,
        clock.pauses,
    )


def keep_marks(clock: SlaClock, stored: SlaClock | None) -> SlaClock:
    """Keep when people were warned and told of a clock; what has moved behind that is to be told again."""
    if stored is None:
        return clock
    warned, escalated = stored.warned_at, stored.escalated_at
    if warned and clock.warn_at and clock.warn_at > warned:
        warned = None
    if escalated and clock.due_at and clock.due_at > escalated:
        escalated = None
    return replace(clock, warned_at=warned, escalated_at=escalated)
