"""The verb ``callbacks effect``: what calling brings, and changes of plans that the figures speak for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aftersales_cli.customers.churn.backtest import Share
    from aftersales_cli.customers.plans.effect import CallbackEffect, Compared, PlanEffect
    from aftersales_cli.records.effects import Proposal

_WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
_MEASURES = {"repurchase": N_("bought again"), "satisfied": N_("satisfied afterwards (4-5)")}
_GROUPS = {
    "reached": N_("reached"),
    "not_reached": N_("due, not reached"),
    "assigned": N_("to be called"),
    "lot": N_("held out by lot"),
}
_SUBJECTS = {
    "hour": N_("call at another time"),
    "channel": N_("try another way first"),
    "segment": N_("call fewer segments"),
    "script": N_("go back to another script"),
}


@click.command("effect", cls=Command, writes=True)
@option("--since", metavar="DATE", help=N_("First day; default: a year before the last one."))
@option("--until", metavar="DATE", help=N_("Last day; default: today."))
@option("--plan", default="", metavar="CODE", help=N_("Only this plan."))
@option(
    "--within", "days", type=click.IntRange(min=1, max=730), default=30, show_default=True,
    help=N_("Days after a call in which a purchase or score counts."),
)  # fmt: skip
@option("--accept", type=int, metavar="N", help=N_("Accept proposal N: the plan is changed."))
@option("--decline", type=int, metavar="N", help=N_("Decline proposal N."))
def effect(
    run: Run,
    since: str | None,
    until: str | None,
    plan: str,
    days: int,
    accept: int | None,
    decline: int | None,
) -> None:
    """Show what callbacks bring: when people are reached, and what they do afterwards.

    Who is reached differs from who is not, also in what they would have bought anyway; only a plan with a hold-out
    (holdout = 10 in callback_plans.toml) can tell what calling does. Changes of a plan are proposed only where 20 or
    more stand on both sides and the interval of the difference leaves out 0.

    Example: aftersales callbacks effect --plan win_back --since 2026-06-01

    Example: aftersales callbacks effect --accept 3
    """
    from aftersales_cli.clock import parse_day
    from aftersales_cli.customers.plans.effect import measure_effect
    from aftersales_cli.customers.plans.proposals import keep_proposals, open_proposals, propose

    if accept is not None or decline is not None:
        _decide(run, accept, decline)
        return
    first, last = (parse_day(text) if text else None for text in (since, until))
    measured = measure_effect(run.shop, since=first, until=last, plan=plan, days=days)
    found = propose(run.shop, since=first, until=last, plan=plan, days=days)
    kept = keep_proposals(run.shop, found) if _may_propose(run) else open_proposals(run.shop)
    if run.out.as_json:
        run.out.data({**vars(measured), "proposals": kept})
        return
    run.out.data(measured, *_lines(run, measured), *_proposals(run, kept))


def _may_propose(run: Run) -> bool:
    from aftersales_cli.access import ALLOWED

    # Whoever may only look sees what others were shown.
    return run.shop.agent.role in ALLOWED["callbacks.propose"]


def _decide(run: Run, accepted: int | None, declined: int | None) -> None:
    from aftersales_cli.cli.cases_steps import tell
    from aftersales_cli.customers.plans.deciding import accept, decline
    from aftersales_cli.errors import WrongUsageError

    if accepted is not None and declined is not None:
        raise WrongUsageError(_("Accept or decline, not both."), remedy=_("Decide one proposal at a time."))
    if accepted is None:
        assert declined is not None
        done = decline(run.shop, declined)
        tell(run, done, _("Proposal {number} is declined.", number=declined))
        return
    done = accept(run.shop, accepted)
    lines = [_("Proposal {number} is accepted.", number=accepted)]
    if done.path is not None:
        lines.append(_("{path}, plan “{plan}”: {line}", path=done.path, plan=done.plan, line=done.line))
    elif done.subject == "hour":
        lines.append(
            _("Call for the plan “{plan}” at {hours}; tell those who call.", plan=done.plan, hours=done.line)
        )
    else:
        lines.append(
            _(
                "Change it yourself in callback_plans.toml, plan “{plan}”: {line}",
                plan=done.plan,
                line=done.line,
            )
        )
    tell(run, done, *lines)


def _lines(run: Run, measured: CallbackEffect) -> Iterator[str]:
    from aftersales_cli.cli.churn_page import share_text

    yield _("Callbacks from {since} to {until}", since=measured.since, until=measured.until)
    yield _("Reached: {share}", share=share_text(measured.contact))
    yield _("Done of those due: {share}", share=share_text(measured.completion))
    if measured.best_hours_known:
        yield _("Best hours: {hours}", hours=measured.best_hours)
    else:
        yield _(
            "Best hours: too few calls to tell (20 in an hour are needed); start with {hours}",
            hours=measured.best_hours,
        )
    yield from _table(_("By hour"), {f"{hour:02}:00": rate for hour, rate in measured.by_hour.items()})
    yield from _table(_("By weekday"), {_(_WEEKDAYS[day]): rate for day, rate in measured.by_weekday.items()})
    yield from _table(_("By way"), {_way(run, code): rate for code, rate in measured.by_channel.items()})
    for plan in measured.plans:
        yield from _plan_lines(plan, measured.days)


def _way(run: Run, code: str) -> str:
    term = run.shop.taxonomy("channels").find(code)
    return term.name if term else code


def _table(heading: str, rates: dict[str, Share]) -> Iterator[str]:
    from aftersales_cli.cli.churn_page import share_text

    if rates:
        yield ""
        yield heading
        yield from (f"  {name}: {share_text(rate)}" for name, rate in rates.items())


def _plan_lines(plan: PlanEffect, days: int) -> Iterator[str]:
    from aftersales_cli.cli.churn_page import share_text

    yield ""
    yield _(
        "Plan “{code}”, version {version}, since {day}",
        code=plan.code,
        version=plan.version,
        day=plan.since[:10],
    )
    yield _("  done of those due: {share}", share=share_text(plan.completion))
    if plan.immature:
        yield "  " + plural(
            "{count} customer is not counted yet: the {days} days are not over.",
            "{count} customers are not counted yet: the {days} days are not over.",
            plan.immature,
            days=days,
        )
    for compared in plan.compared:
        if compared.mine.n and compared.theirs.n:
            yield from _compared_lines(compared, days)


def _compared_lines(compared: Compared, days: int) -> Iterator[str]:
    from aftersales_cli.cli.churn_page import share_text

    first, second = (_(_GROUPS[name]) for name in compared.groups)
    yield _(
        "  {measure} within {days} days: {first} {mine}, {second} {theirs}",
        measure=_(_MEASURES[compared.measure]),
        days=days,
        first=first,
        mine=share_text(compared.mine),
        second=second,
        theirs=share_text(compared.theirs),
    )
    assert compared.difference is not None
    assert compared.low is not None
    assert compared.high is not None
    yield _(
        "    difference {difference} points ({low} to {high}); {label}",
        difference=_points(compared.difference),
        low=_points(compared.low),
        high=_points(compared.high),
        label=compared.label if compared.enough else _("too few customers to conclude anything"),
    )


def _points(value: float) -> str:
    return f"{value * 100:+.1f}"


def _proposals(run: Run, kept: list[Proposal]) -> Iterator[str]:
    from aftersales_cli.customers.plans.proposals import plan_codes

    codes = plan_codes(run.shop)
    if kept:
        yield ""
        yield _("Proposals")
    for entry in kept:
        change = f"{entry.now_value} → {entry.proposed}" if entry.now_value else entry.proposed
        yield _(
            "  {number}. Plan “{plan}”: {subject}: {change} ({why})",
            number=entry.id,
            plan=codes.get(entry.plan_id, ""),
            subject=_(_SUBJECTS[entry.subject]),
            change=change,
            why=_why(entry.why),
        )
    if kept:
        yield _("Accept or decline: aftersales callbacks effect --accept N, --decline N")


def _why(text: str) -> str:
    import json

    facts = json.loads(text)
    mine, theirs = (f"{k}/{n}" for k, n in (facts["mine"], facts["theirs"]))
    return _(
        "{mine} against {theirs}, {difference} points, {low} to {high}",
        mine=mine,
        theirs=theirs,
        difference=_points(facts["difference"]),
        low=_points(facts["low"]),
        high=_points(facts["high"]),
    )


COMMANDS = (effect,)
