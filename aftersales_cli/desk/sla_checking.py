"""Look after all promises: make missing clocks, warn of what is near, pass up what is missed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from aftersales_cli.database.sla import (
    list_case_clocks,
    list_due_clocks,
    list_open_cases,
    list_running_clocks,
    list_stale_cases,
    mark_clock,
)
from aftersales_cli.desk.calendar_specs import DEFAULT
from aftersales_cli.desk.calendars import open_calendars, warn_of_year
from aftersales_cli.desk.clocks import ClockDesk, list_due_years, open_clock_desk, refresh_case
from aftersales_cli.desk.escalating import escalate_case
from aftersales_cli.desk.refunds.promises import RefundPromise, list_refund_promises
from aftersales_cli.desk.steps import record_event
from aftersales_cli.desk.system import as_system
from aftersales_cli.errors import AftersalesError
from aftersales_cli.records.desk import DueClock, SlaClock
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class ClockChange:
    """An open clock that newer policies give another target; None where there is no clock."""

    case_number: int
    metric: str
    cycle: int
    turn: int
    policy_before: str | None
    policy_after: str | None
    due_before: str | None
    due_after: str | None


@dataclass
class SlaCheck:
    """What a check found and did."""

    near: list[DueClock] = field(default_factory=list)
    missed: list[DueClock] = field(default_factory=list)
    refreshed: int = 0
    """Cases whose clocks were missing or behind."""
    warned: int = 0
    """Clocks that became near since the last check."""
    escalated: list[int] = field(default_factory=list)
    """Cases that were passed up by this check."""
    recomputed: list[ClockChange] = field(default_factory=list)
    version: int = 1
    """The newest version of the policies."""
    older: int = 0
    """Open clocks that still go by an older version."""
    refunds: list[RefundPromise] = field(default_factory=list)
    """Refunds whose last day is near or over."""
    warnings: list[str] = field(default_factory=list)


def check_clocks(shop: Shop, *, recompute: bool = False) -> SlaCheck:
    """Bring all clocks up to date, warn once of each that is near, and pass up each case that missed one, once.

    ``recompute`` lets open clocks go over to the policies as they are now. Doing it twice or late changes
    nothing. Raises FileError and WrongUsageError for broken policies or calendars.
    """
    with shop.writing("sla.check") as writing:
        desk = open_clock_desk(shop, strict=True)
        result = SlaCheck(version=desk.newest)
        for number in list_stale_cases(shop.database, days=desk.days):
            refresh_case(desk, number)
            result.refreshed += 1
        if recompute:
            result.recomputed = _recompute(desk)
        _tell(desk, list_due_clocks(shop.database, now=shop.stamp), result)
        due = list_due_clocks(shop.database, now=shop.stamp)
        result.missed = [clock for clock in due if _is_missed(clock, shop.stamp)]
        result.near = [clock for clock in due if not _is_missed(clock, shop.stamp)]
        running = list_running_clocks(shop.database)
        result.older = sum(clock.version != desk.newest for clock in running)
        result.refunds = list_refund_promises(shop)
        result.warnings = list_year_warnings(shop, running)
        for number in result.escalated:
            writing.touch("case", number)
        writing.count(refreshed=result.refreshed, warned=result.warned, escalated=len(result.escalated))
    return result


def list_year_warnings(shop: Shop, clocks: Iterable[SlaClock] = ()) -> list[str]:
    """Return a warning for this year and each in which a clock is due, if its official days are not known."""
    clocks = list(clocks)
    calendars = open_calendars(shop)
    names = {clock.calendar for clock in clocks if clock.calendar in calendars.specs} | {DEFAULT}
    found = []
    for name in sorted(names):
        years = list_due_years(clock for clock in clocks if clock.calendar == name) | {shop.today.year}
        found += [warn_of_year(calendars.spec(name), year) for year in calendars.unconfirmed(name, years)]
    return found


def _is_missed(clock: SlaClock, now: str) -> bool:
    return clock.due_at is not None and clock.due_at < now


def _tell(desk: ClockDesk, clocks: Sequence[DueClock], result: SlaCheck) -> None:
    """Warn of near clocks and pass up the cases of missed ones.

    A platform's case that nobody here has touched is only listed: its history arrives by file, often long after
    the fact, and an event of ours on it would keep the import from being undone.
    """
    shop, missed = as_system(desk.shop), dict[int, list[DueClock]]()
    for clock in clocks:
        if not clock.is_ours:
            continue
        if _is_missed(clock, shop.stamp):
            if clock.escalated_at is None:
                missed.setdefault(clock.case_number, []).append(clock)
        elif clock.warned_at is None:
            mark_clock(shop.database, clock, warned_at=shop.stamp, escalated_at=None)
            record_event(
                shop,
                clock.case_number,
                "sla_warned",
                at=shop.stamp,
                field=clock.metric,
                after=clock.due_at or "",
            )
            result.warned += 1
            # The event is no news about the case: without this the next check would take it for behind.
            refresh_case(desk, clock.case_number)
    for number, late in missed.items():
        _pass_up(desk, number, late)
        result.escalated.append(number)


def _pass_up(desk: ClockDesk, number: int, late: Sequence[DueClock]) -> None:
    """Pass a case up once, however many of its clocks are late, to whom the policy of the first one names."""
    # It is the clock that tells, so that who runs the check may be told, too.
    shop, to = as_system(desk.shop), _escalate_to(desk, late[0])
    metrics = [clock.metric for clock in late]
    try:
        escalate_case(shop, number, to=to, late=metrics)
    except AftersalesError:
        if not to:
            raise
        # Whoever the policy names is not there any more: the chain knows somebody.
        escalate_case(shop, number, late=metrics)
    for clock in late:
        mark_clock(shop.database, clock, warned_at=clock.warned_at or shop.stamp, escalated_at=shop.stamp)


def _escalate_to(desk: ClockDesk, clock: DueClock) -> str:
    for policy in desk.rules(clock.version).book.policies:
        if policy.name == clock.policy and clock.metric in policy.promises:
            return policy.promises[clock.metric].escalate_to
    return ""


def _recompute(desk: ClockDesk) -> list[ClockChange]:
    """Let the clocks of all open cases go over to the newest policies and return what that changes."""
    changes = []
    for number in list_open_cases(desk.shop.database):
        before = {
            _key(clock): clock for clock in list_case_clocks(desk.shop.database, number) if _runs(clock)
        }
        after = {_key(clock): clock for clock in refresh_case(desk, number, newest=True) if _runs(clock)}
        for key in sorted(before.keys() | after.keys()):
            old, new = before.get(key), after.get(key)
            if _shown(old) != _shown(new):
                changes.append(ClockChange(number, *key, *_pair(old, new)))
    return changes


def _key(clock: SlaClock) -> tuple[str, int, int]:
    return clock.metric, clock.cycle, clock.turn


def _runs(clock: SlaClock) -> bool:
    return clock.met_at is None and clock.stopped_at is None


def _shown(clock: SlaClock | None) -> tuple[str, int, str | None] | None:
    return (clock.policy, clock.target_seconds, clock.due_at) if clock else None


def _pair(
    old: SlaClock | None, new: SlaClock | None
) -> tuple[str | None, str | None, str | None, str | None]:
    return (
        old.policy if old else None,
        new.policy if new else None,
        old.due_at if old else None,
        new.due_at if new else None,
    )
