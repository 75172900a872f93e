"""The open promises as a board: missed ones first, then those that are near, each with the time that is left."""

from dataclasses import dataclass

from aftersales_cli.clock import from_text
from aftersales_cli.database.sla import list_running_clocks
from aftersales_cli.desk.clocks import ClockDesk, open_clock_desk
from aftersales_cli.desk.refunds.promises import RefundPromise, list_refund_promises
from aftersales_cli.desk.sla_deriving import clock_state, remaining_seconds
from aftersales_cli.desk.sla_policies import METRICS, Promise
from aftersales_cli.desk.sla_versions import policies_path, read_rules
from aftersales_cli.records.desk import DueClock, SlaClock
from aftersales_cli.shop import Shop

_ORDER = ("missed", "near", "running", "paused")


@dataclass(frozen=True)
class BoardRow(DueClock):
    """An open clock with its state and the seconds of its calendar until it is due, negative once it is missed."""

    state: str
    """``missed``, ``near``, ``running`` or ``paused``."""
    remaining_seconds: int | None
    """None while it is paused."""


@dataclass(frozen=True)
class PolicyRow:
    """One promise of the file in use."""

    policy: str
    name: str
    match: dict[str, list[str]]
    metric: str
    target: str
    calendar: str
    warn_percent: int
    at_most_seconds: int | None
    escalate_to: str
    source: str
    certainty: str


@dataclass(frozen=True)
class PolicyTable:
    """All promises in their order, and where they stand."""

    file: str
    is_own: bool
    """Whether it is the shop's own file, not the shipped one."""
    version: int
    policies: list[PolicyRow]


def list_board(
    shop: Shop, *, assignee_id: int | None = None, everything: bool = False
) -> list[BoardRow | RefundPromise]:
    """Return open clocks and refunds to be paid, missed ones first, then near ones, each by what is due first.

    ``everything`` adds those that run or pause.
    """
    desk = open_clock_desk(shop, store=False)
    rows = [make_row(desk, clock) for clock in list_running_clocks(shop.database, assignee_id=assignee_id)]
    shown = [row for row in rows if everything or row.state in {"missed", "near"}]
    promised = list_refund_promises(shop, assignee_id=assignee_id, everything=everything)
    return sorted(
        [*shown, *promised], key=lambda row: (_ORDER.index(row.state), row.due_at is None, row.due_at or "")
    )


def make_row(desk: ClockDesk, clock: DueClock) -> BoardRow:
    """Return an open clock with its state and what is left of its time."""
    calendar = desk.calendar(clock.version, clock.calendar, clock.started_at)
    now = desk.shop.now
    return BoardRow(
        **vars(clock),
        state=clock_state(clock, desk.shop.stamp),
        remaining_seconds=remaining_seconds(clock, calendar, now),
    )


def measure_left(shop: Shop, clock: SlaClock) -> tuple[str, int | None]:
    """Return state and remaining seconds of one clock, for a page about its case: of an ended one at its end."""
    desk = open_clock_desk(shop, store=False)
    calendar = desk.calendar(clock.version, clock.calendar, clock.started_at)
    ended_at = clock.met_at or clock.stopped_at
    moment = from_text(ended_at) if ended_at else shop.now
    return clock_state(clock, shop.stamp), remaining_seconds(clock, calendar, moment)


def list_policies(shop: Shop) -> PolicyTable:
    """Return the promises of the file in use; raises FileError and WrongUsageError naming what is wrong in it."""
    path = policies_path(shop.folder)
    desk = open_clock_desk(shop, strict=True, store=False)
    book = read_rules(desk.versions[-1].document).book
    rows = [
        _policy_row(
            policy.label, {key: list(words) for key, words in policy.match.items()}, policy.promises[metric]
        )
        for policy in book.policies
        for metric in METRICS
        if metric in policy.promises
    ]
    return PolicyTable(str(path), path.is_relative_to(shop.folder), desk.newest, rows)


def _policy_row(name: str, match: dict[str, list[str]], promise: Promise) -> PolicyRow:
    return PolicyRow(
        policy=promise.policy,
        name=name,
        match=match,
        metric=promise.metric,
        target=promise.target,
        calendar=promise.calendar,
        warn_percent=promise.warn_percent,
        at_most_seconds=promise.at_most_seconds,
        escalate_to=promise.escalate_to,
        source=promise.source,
        certainty=promise.certainty,
    )
