"""What callbacks bring: when people are reached, and what they do afterwards compared with those not called."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import NormalDist

from aftersales_cli.clock import from_text
from aftersales_cli.customers.churn.backtest import Share, share_of
from aftersales_cli.customers.plans.calling_times import CallingTimes
from aftersales_cli.database.callback_effect import count_due, list_attempts, list_observed
from aftersales_cli.database.callback_plans import list_plan_versions
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import N_, _
from aftersales_cli.records.effects import CallAttempt, Observed
from aftersales_cli.records.plans import PlanVersion
from aftersales_cli.shop import Shop
from aftersales_cli.statistics import Z_95, newcombe_difference
from aftersales_cli.worktime import parse_hours, write_hours

LEAST = 20
"""Attempts or customers from which on a share is compared with another one."""
START_HOURS = "10:00-12:00 14:00-20:00"
"""Where nothing is known yet: a design choice, no public rule could be verified."""
DAYS = 30
_SATISFIED = 4
REACHED = ("reached", "later", "declined", "do_not_contact", "problem_again", "no_marketing")
"""Outcomes that mean somebody was spoken to."""
_MISSED = ("no_answer",)

NOT_CAUSAL = N_(
    "not causal: who can be reached differs from who cannot, also in what they would have bought anyway"
)
RANDOM = N_("random hold-out: the lot decided, so the difference is what calling does")


@dataclass(frozen=True)
class Compared:
    """A share of one group minus that of another one, with the interval of the difference."""

    measure: str
    """``repurchase`` or ``satisfied`` (4 or 5)."""
    groups: tuple[str, str]
    """Which is compared with which."""
    mine: Share
    theirs: Share
    difference: float | None
    low: float | None
    high: float | None
    random: bool
    enough: bool
    """Whether both groups are large enough to conclude anything."""

    @property
    def label(self) -> str:
        """What the difference may be taken for."""
        return _(RANDOM) if self.random else _(NOT_CAUSAL)


@dataclass(frozen=True)
class PlanEffect:
    """What one version of a plan brought."""

    plan_id: int
    code: str
    version: int
    since: str
    completion: Share
    compared: tuple[Compared, ...]
    immature: int
    """Customers whose days are not over yet: not counted."""


@dataclass(frozen=True)
class CallbackEffect:
    """What callbacks brought in a period."""

    since: str
    until: str
    days: int
    """Days after the call, or after the day it was due, in which a purchase or score counts."""
    contact: Share
    by_hour: dict[int, Share]
    """Hour of the customer's local day → share of attempts in which somebody was reached."""
    by_weekday: dict[int, Share]
    """0 for Monday."""
    by_channel: dict[str, Share]
    best_hours: str
    """Hours to call at, e.g. ``18:00-20:00``."""
    best_hours_known: bool
    """False if too few calls were made and it is the start value."""
    completion: Share
    plans: tuple[PlanEffect, ...]


def measure_effect(
    shop: Shop, *, since: date | None = None, until: date | None = None, plan: str = "", days: int = DAYS
) -> CallbackEffect:
    """Return contact rates, completion and effect of a period, by default the last 365 days.

    Raises WrongUsageError for a plan nobody has called by yet, and for a period that ends before it begins.
    """
    last = until or shop.today
    first = since or last - timedelta(days=365)
    if first > last:
        raise WrongUsageError(
            _("The period ends before it begins."), remedy=_("Give --since before --until.")
        )
    versions = [version for version in list_plan_versions(shop.database) if plan in {"", version.code}]
    if plan and not versions:
        known = sorted({version.code for version in list_plan_versions(shop.database)})
        raise WrongUsageError(
            _("No callback was planned by a plan “{code}” yet.", code=plan),
            remedy=_("Choose from: {names}", names=", ".join(known) or "–"),
        )
    period = {"since": first.isoformat(), "until": last.isoformat(), "code": plan}
    attempts = list_attempts(shop.database, **period)
    by_hour, by_weekday = _by_time(shop, attempts)
    hours = best_hours(by_hour)
    due = count_due(shop.database, **period)
    seen = list_observed(shop.database, **period, days=days, reached=REACHED)
    completed = {entry.plan_id: share_of(entry.done, entry.due) for entry in due}
    return CallbackEffect(
        since=period["since"],
        until=period["until"],
        days=days,
        contact=rate_of(attempts),
        by_hour=by_hour,
        by_weekday=by_weekday,
        by_channel={
            channel: rate_of([entry for entry in attempts if entry.channel == channel])
            for channel in sorted({entry.channel for entry in attempts if entry.channel})
        },
        best_hours=hours or START_HOURS,
        best_hours_known=bool(hours),
        completion=share_of(sum(entry.done for entry in due), sum(entry.due for entry in due)),
        plans=tuple(
            _plan_effect(version, completed.get(version.id, share_of(0, 0)), seen, shop.today, days)
            for version in versions
        ),
    )


def rate_of(attempts: Iterable[CallAttempt]) -> Share:
    """Return in how many of the attempts somebody was reached; wrong numbers tell nothing."""
    outcomes = Counter(entry.outcome for entry in attempts)
    k = sum(outcomes[word] for word in REACHED)
    return share_of(k, k + sum(outcomes[word] for word in _MISSED))


def local_moments(shop: Shop, attempts: Iterable[CallAttempt]) -> Iterator[tuple[datetime, CallAttempt]]:
    """Yield when each attempt was by the customer's own clock, the shop's where it is not known; no wrong numbers."""
    times = CallingTimes(shop)
    for entry in attempts:
        if entry.outcome in (*REACHED, *_MISSED):
            zones = times.place(entry.country, entry.zone).zones
            zone = zones[0] if len(zones) == 1 else shop.zone
            yield from_text(entry.recorded_at).astimezone(zone), entry


def _by_time(shop: Shop, attempts: Sequence[CallAttempt]) -> tuple[dict[int, Share], dict[int, Share]]:
    """Return contact rates by hour and by weekday."""
    hours: dict[int, list[CallAttempt]] = {}
    weekdays: dict[int, list[CallAttempt]] = {}
    for moment, entry in local_moments(shop, attempts):
        hours.setdefault(moment.hour, []).append(entry)
        weekdays.setdefault(moment.weekday(), []).append(entry)
    return (
        {hour: rate_of(hours[hour]) for hour in sorted(hours)},
        {weekday: rate_of(weekdays[weekday]) for weekday in sorted(weekdays)},
    )


def best_hours(by_hour: dict[int, Share]) -> str:
    """Return the hours in which at least as many are reached as on the average of the hours that are known well.

    Only hours with 20 attempts or more count; empty if there is none.
    """
    known = {hour: rate for hour, rate in by_hour.items() if rate.n >= LEAST}
    total = sum(rate.n for rate in known.values())
    if not total:
        return ""
    average = sum(rate.k for rate in known.values()) / total
    good = [hour for hour, rate in known.items() if rate.value is not None and rate.value >= average]
    return write_hours(parse_hours(" ".join(f"{start:02}:00-{end:02}:00" for start, end in _runs(good))))


def _runs(hours: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for hour in sorted(hours):
        if runs and runs[-1][1] == hour:
            runs[-1] = (runs[-1][0], hour + 1)
        else:
            runs.append((hour, hour + 1))
    return runs


def _plan_effect(
    version: PlanVersion, completion: Share, seen: Sequence[Observed], today: date, days: int
) -> PlanEffect:
    own = [entry for entry in seen if entry.plan_id == version.id]
    ripe = [entry for entry in own if is_ripe(entry, today, days)]
    return PlanEffect(
        plan_id=version.id,
        code=version.code,
        version=version.version,
        since=version.since,
        completion=completion,
        compared=tuple(
            compare(ripe, measure, groups, random=groups == ("assigned", "lot"))
            for groups in (("reached", "not_reached"), ("assigned", "lot"))
            for measure in ("repurchase", "satisfied")
        ),
        immature=len({entry.customer_id for entry in own}) - len({entry.customer_id for entry in ripe}),
    )


def is_ripe(entry: Observed, today: date, days: int) -> bool:
    """Tell whether the days in which a customer is observed are over."""
    return date.fromisoformat(entry.since) + timedelta(days=days) < today


def compare(
    seen: Sequence[Observed], measure: str, groups: tuple[str, str], *, random: bool, looks: int = 1
) -> Compared:
    """Compare two groups: how many bought again, or how many of those who gave a score were satisfied."""
    mine, theirs = (_measured([entry for entry in seen if entry.group == name], measure) for name in groups)
    return compare_shares(mine, theirs, measure, groups, random=random, looks=looks)


def compare_shares(
    mine: Share, theirs: Share, measure: str, groups: tuple[str, str], *, random: bool, looks: int = 1
) -> Compared:
    """Compare two shares by Newcombe's interval.

    ``looks``: out of how many comparisons the best is chosen; the interval widens with them (Bonferroni), or chance
    alone would find something.
    """
    z = Z_95 if looks == 1 else NormalDist().inv_cdf(1 - 0.025 / looks)
    found = newcombe_difference(mine.k, mine.n, theirs.k, theirs.n, z)
    difference, low, high = found or (None, None, None)
    enough = min(mine.n, theirs.n) >= LEAST
    return Compared(measure, groups, mine, theirs, difference, low, high, random, enough)


def _measured(seen: Sequence[Observed], measure: str) -> Share:
    if measure == "repurchase":
        return share_of(sum(entry.bought for entry in seen), len(seen))
    scores = [entry.score for entry in seen if entry.score is not None]
    return share_of(sum(score >= _SATISFIED for score in scores), len(scores))


def is_settled(compared: Compared) -> bool:
    """Tell whether a difference is more than chance: enough in both groups, and an interval without 0."""
    if not compared.enough or compared.low is None or compared.high is None:
        return False
    return compared.low > 0 or compared.high < 0
