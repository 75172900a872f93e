"""Propose another hour, channel, segment or script for a plan, where its own figures speak for it clearly."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aftersales_cli.customers.churn.backtest import Share, share_of
from aftersales_cli.customers.plans.effect import (
    DAYS,
    REACHED,
    Compared,
    compare,
    compare_shares,
    is_ripe,
    is_settled,
    local_moments,
    rate_of,
)
from aftersales_cli.customers.plans.plan_files import Plan, load_plans
from aftersales_cli.customers.plans.plan_versions import read_version
from aftersales_cli.database.callback_effect import (
    insert_proposal,
    list_attempts,
    list_observed,
    list_proposals,
)
from aftersales_cli.database.callback_plans import list_plan_versions
from aftersales_cli.records.effects import CallAttempt, Observed, Proposal
from aftersales_cli.records.plans import PlanVersion
from aftersales_cli.shop import Shop

_SPAN_HOURS = 2
"""Hours are proposed in pieces of two: one hour alone is too small a plan for a day's work."""


@dataclass(frozen=True)
class Found:
    """A change that figures speak for, before it has a number."""

    plan_id: int
    subject: str
    now_value: str
    proposed: str
    compared: Compared


def propose(
    shop: Shop, *, since: date | None = None, until: date | None = None, plan: str = "", days: int = DAYS
) -> list[Found]:
    """Return what the figures of a period speak for; only for versions that are in force.

    Nothing is proposed without at least 20 on both sides and an interval of the difference that leaves out 0.
    """
    last = until or shop.today
    period = {"since": (since or last - timedelta(days=365)).isoformat(), "until": last.isoformat()}
    versions = list_plan_versions(shop.database)
    newest = {version.code: version for version in versions}
    attempts = list_attempts(shop.database, **period)
    observed = list_observed(shop.database, **period, days=days, reached=REACHED)
    seen = [entry for entry in observed if is_ripe(entry, shop.today, days)]
    current = {entry.code for entry in load_plans(shop.folder)}
    found: list[Found] = []
    for code, version in newest.items():
        if code not in current or plan not in {"", code}:
            continue
        entry = read_version(version)
        own = [attempt for attempt in attempts if attempt.plan_id == version.id]
        found += _hours(shop, version, own)
        found += _channels(version, entry, own)
        found += _segments(version, entry, [one for one in seen if one.plan_id == version.id])
        found += _scripts(version, entry, versions, seen)
    return found


def keep_proposals(shop: Shop, found: Sequence[Found]) -> list[Proposal]:
    """Give new proposals a number and return those that are open; what was declined is not proposed again."""
    known = {(entry.plan_id, entry.subject, entry.proposed) for entry in list_proposals(shop.database)}
    new = [entry for entry in found if (entry.plan_id, entry.subject, entry.proposed) not in known]
    if new:
        with shop.writing("callbacks.propose") as writing:
            for entry in new:
                insert_proposal(
                    shop.database,
                    plan_id=entry.plan_id,
                    subject=entry.subject,
                    now_value=entry.now_value,
                    proposed=entry.proposed,
                    why=_why(entry.compared),
                    made_at=shop.stamp,
                )
            writing.count(proposals=len(new))
            return open_proposals(shop)
    return open_proposals(shop)


def open_proposals(shop: Shop) -> list[Proposal]:
    """Return the proposals nobody has decided on, of versions that are still in force."""
    newest = {version.code: version.id for version in list_plan_versions(shop.database)}
    return [
        entry
        for entry in list_proposals(shop.database)
        if entry.status == "open" and entry.plan_id in newest.values()
    ]


def _why(compared: Compared) -> str:
    facts = {
        "measure": compared.measure,
        "mine": [compared.mine.k, compared.mine.n],
        "theirs": [compared.theirs.k, compared.theirs.n],
        "difference": compared.difference,
        "low": compared.low,
        "high": compared.high,
        "random": compared.random,
    }
    return json.dumps(facts)


def _hours(shop: Shop, version: PlanVersion, attempts: Sequence[CallAttempt]) -> Iterator[Found]:
    """Yield the two hours in which clearly more are reached than in all others."""
    by_span: dict[int, list[CallAttempt]] = {}
    for moment, attempt in local_moments(shop, attempts):
        by_span.setdefault(moment.hour // _SPAN_HOURS * _SPAN_HOURS, []).append(attempt)
    best: tuple[float, int, Compared] | None = None
    for start, inside in by_span.items():
        outside = [attempt for other, rest in by_span.items() if other != start for attempt in rest]
        compared = compare_shares(
            rate_of(inside),
            rate_of(outside),
            "contact",
            ("hours", "other_hours"),
            random=False,
            looks=len(by_span),
        )
        if is_settled(compared) and compared.low is not None and compared.low > 0:
            best = max(best or (0.0, 0, compared), (compared.low, start, compared), key=lambda one: one[0])
    if best:
        start = best[1]
        yield Found(version.id, "hour", "", f"{start:02}:00-{start + _SPAN_HOURS:02}:00", best[2])


def _channels(version: PlanVersion, plan: Plan, attempts: Sequence[CallAttempt]) -> Iterator[Found]:
    """Yield another first channel if clearly more are reached that way."""
    first = plan.channels[0]
    rates = {
        channel: rate_of([attempt for attempt in attempts if attempt.channel == channel])
        for channel in plan.channels
    }
    better = [
        (compared.low, channel, compared)
        for channel in plan.channels[1:]
        if is_settled(compared := compare_shares(rates[channel], rates[first], "contact", (channel, first), random=False, looks=len(plan.channels) - 1))
        and compared.low is not None and compared.low > 0
    ]  # fmt: skip
    if better:
        _low, channel, compared = max(better, key=lambda one: one[0])
        order = (channel, *(name for name in plan.channels if name != channel))
        yield Found(version.id, "channel", _listed(plan.channels), _listed(order), compared)


def _segments(version: PlanVersion, plan: Plan, seen: Sequence[Observed]) -> Iterator[Found]:
    """Yield the plan without a segment in which calling clearly makes fewer buy again; only the lot can tell."""
    segments = plan.segments if len(plan.segments) > 1 else ()
    for segment in segments:
        own = [entry for entry in seen if entry.segment == segment]
        compared = compare(own, "repurchase", ("assigned", "lot"), random=True, looks=len(segments))
        if is_settled(compared) and compared.high is not None and compared.high < 0:
            rest = tuple(name for name in plan.segments if name != segment)
            yield Found(version.id, "segment", _listed(plan.segments), _listed(rest), compared)
            return


def _scripts(
    version: PlanVersion, plan: Plan, versions: Sequence[PlanVersion], seen: Sequence[Observed]
) -> Iterator[Found]:
    """Yield the script of an earlier version if clearly more of those reached bought again with it."""
    now = _bought(seen, version.id)
    for earlier in reversed(versions):
        if earlier.code != version.code or earlier.id == version.id:
            continue
        script = read_version(earlier).script
        if script == plan.script:
            continue
        compared = compare_shares(
            _bought(seen, earlier.id), now, "repurchase", ("earlier_script", "script"), random=False
        )
        if is_settled(compared) and compared.low is not None and compared.low > 0:
            yield Found(version.id, "script", plan.script, script, compared)
            return


def _bought(seen: Sequence[Observed], plan_id: int) -> Share:
    own = [entry for entry in seen if entry.plan_id == plan_id and entry.group == "reached"]
    return share_of(sum(entry.bought for entry in own), len(own))


def _listed(words: Sequence[str]) -> str:
    return " ".join(words)


def plan_codes(shop: Shop) -> dict[int, str]:
    """Return the id of each version of a plan → the plan's code."""
    return {version.id: version.code for version in list_plan_versions(shop.database)}
