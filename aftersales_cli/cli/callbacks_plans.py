"""The verbs of ``callbacks`` that show plans, one callback, and products bought together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.numbers import RecordNumber
from aftersales_cli.cli.output import Column
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aftersales_cli.cli.run import Run
    from aftersales_cli.customers.callbacks import CallbackPage
    from aftersales_cli.errors import NotFoundError
    from aftersales_cli.shop import Shop


def missing(number: int) -> NotFoundError:
    """Return the error for a callback that does not exist."""
    from aftersales_cli.customers.callback_record import missing_callback

    return missing_callback(number)


@click.command("plans", cls=Command)
def plans(run: Run) -> None:
    """List the callback plans with their rules.

    They stand in templates/settings/callback_plans.toml; a file of that name in the shop's own folder replaces it.
    A changed plan becomes a new version as soon as callbacks are planned by it.

    Example: aftersales callbacks plans
    """
    from aftersales_cli.customers.plans.plan_list import list_plans

    columns = [
        Column(_("Plan"), lambda row: row.code),
        Column(_("Name"), lambda row: row.name),
        Column(_("Version"), lambda row: f"{row.version}{'*' if row.changed else ''}", right=True),
        Column(_("Who"), lambda row: row.who),
        Column(_("When"), lambda row: row.when),
        Column(_("How"), lambda row: row.channels),
        Column(_("Script"), lambda row: row.script),
        Column(_("A day"), lambda row: row.capacity or _("any"), right=True),
        Column(_("Who calls"), lambda row: row.owner),
        Column(_("Contact basis"), lambda row: row.contact_basis),
        Column(_("Held out"), lambda row: f"{row.holdout} %", right=True),
        Column(_("Priority"), lambda row: row.priority, right=True),
    ]
    listed = list_plans(run.shop)
    run.out.listing(listed, columns, empty=_("There are no callback plans."))
    if any(row.changed for row in listed):
        run.out.note(_("* not planned by yet in this form: “callbacks plan” keeps it as a new version."))


@click.command("show", cls=Command)
@click.argument("callback", metavar="CALLBACK", type=RecordNumber(missing))
@option("--on", metavar="DATE", help=N_("The day it is to be made; default: when it is due."))
def show(run: Run, callback: int, on: str | None) -> None:
    """Show one callback: whom, when, why, what to ask, and earlier attempts.

    Example: aftersales callbacks show 17
    """
    from aftersales_cli.clock import parse_day
    from aftersales_cli.customers.callbacks import load_callback

    page = load_callback(run.shop, callback, parse_day(on) if on else None)
    facts = [_("{name}: {value}", name=name, value=value) for name, value in _facts(run.shop, page) if value]
    reason = run.shop.taxonomy("callback_reasons").label(page.callback.reason)
    title = _("Callback {id}: {reason}", id=page.callback.id, reason=reason)
    run.out.data(page, title, *facts)


def _facts(shop: Shop, page: CallbackPage) -> Iterator[tuple[str, str]]:
    from aftersales_cli.clock import local_text

    entry, outcomes = page.callback, shop.taxonomy("callback_outcomes")
    yield _("To be called on"), entry.due_on
    yield _("When to call"), entry.window
    yield _("Plan"), entry.plan
    yield _("Why"), entry.why
    yield _("Priority"), str(entry.priority)
    yield _("Customer"), entry.customer
    yield _("About the customer"), entry.about
    yield _("How to reach"), "; ".join(entry.how_to_reach)
    yield _("Case"), str(entry.case_number or "")
    yield _("What happened"), entry.happened
    yield (
        _("Order"),
        " · ".join(part for part in (entry.storefront, entry.order_number, entry.product) if part),
    )
    yield _("What to ask"), entry.ask
    yield _("Who calls"), entry.assignee
    yield _("Attempt"), str(entry.attempt) if entry.attempt > 1 else ""
    for attempt in page.attempts:
        said = f"{local_text(attempt.recorded_at, shop.zone)} {outcomes.label(attempt.outcome)}"
        yield _("Before (callback {id})", id=attempt.callback_id), said
    yield _("Outcome"), outcomes.label(entry.outcome) if entry.outcome else ""
    yield _("Satisfaction"), str(entry.score or "")
    yield (
        _("Reason for leaving"),
        shop.taxonomy("churn_reasons").label(entry.churn_reason) if entry.churn_reason else "",
    )
    yield _("Next date"), entry.next_due_on or ""
    yield _("Note"), entry.note


@click.command("hints", cls=Command)
@option(
    "--support", type=click.IntRange(min=2), default=5, help=N_("Common buyers a pair needs; default: 5.")
)
@option("--limit", type=click.IntRange(min=1), default=20, help=N_("Pairs to show; default: 20."))
def hints(run: Run, support: int, limit: int) -> None:
    """List products that the same customers bought in the last year.

    Care calls name the next product only to customers with a yes to marketing. A lift of 2 means: bought together
    twice as often as by chance.

    Example: aftersales callbacks hints --support 10
    """
    from aftersales_cli.customers.plans.hints import find_pairs

    columns = [
        Column(_("Who bought"), lambda row: row.bought),
        Column(_("also bought"), lambda row: row.next_product),
        Column(_("Both"), lambda row: row.both, right=True),
        Column(_("Share of buyers"), lambda row: f"{row.share:.0%}", right=True),
        Column(_("Lift"), lambda row: f"{row.lift:.1f}", right=True),
    ]
    empty = _("No two products have {support} common buyers in the last year.", support=support)
    run.out.listing(find_pairs(run.shop, support=support, limit=limit), columns, empty=empty)


COMMANDS = (plans, show, hints)
