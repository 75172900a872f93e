"""The verb ``cases search``: find cases by what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _, plural

if TYPE_CHECKING:
    from aftersales_cli.desk.searching import Found

SOURCE_NAMES = {
    "title": N_("title"),
    "reason": N_("reason on the platform"),
    "number": N_("number"),
    "product": N_("product"),
    "message": N_("message"),
    "note": N_("note"),
    "handoff": N_("hand-off"),
    "comment": N_("survey answer"),
}


# What begins with one minus is a word to leave out, not an option: all options of this verb have two.
@click.command("search", cls=Command, context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, required=True)
@option(
    "--limit",
    type=click.IntRange(min=1, max=1000),
    default=20,
    show_default=True,
    help=N_("At most so many."),
)
@option("--kind", default="", help=N_("Only this kind."))
@option("--since", help=N_("Only cases opened on this day or later, e.g. 2026-11-01."))
@option("--archived", is_flag=True, help=N_("Only archived cases."))
@option("--all", "every", is_flag=True, help=N_("Merged, cancelled and archived cases too."))
def search(
    run: Run, words: tuple[str, ...], limit: int, kind: str, since: str | None, archived: bool, every: bool
) -> None:
    """Find cases by words in messages, notes, hand-offs, titles, products and numbers; the best come first.

    All words must be in the case. A Latin word also finds longer ones (refund: refunded). “not working” in
    quotation marks of its own ('"not working"') are words side by side, -word leaves cases with it out.

    Example: aftersales cases search 杯子 破损 -退款
    """
    from aftersales_cli.clock import local_text, parse_day
    from aftersales_cli.desk.searching import search_cases

    if mistyped := [word for word in words if word.startswith("--")]:
        raise click.NoSuchOption(mistyped[0])
    if archived and every:
        raise click.UsageError(_("Give only one of --archived and --all."))
    found = search_cases(
        run.shop,
        " ".join(words),
        limit=limit,
        kind=kind,
        since=parse_day(since) if since else None,
        archived=archived,
        every=every,
    )
    _require_words(found)
    kinds, statuses = (run.shop.taxonomy(name) for name in ("kinds", "case_statuses"))
    listed = [
        Column(_("Case"), lambda row: row.number, right=True),
        Column(_("Kind"), lambda row: kinds.label(row.kind)),
        Column(_("Status"), lambda row: statuses.label(row.status)),
        Column(_("Opened"), lambda row: local_text(row.opened_at, run.shop.zone)),
        Column(_("Customer"), lambda row: row.customer),
        Column(_("Found in"), lambda row: _(SOURCE_NAMES[row.source])),
        Column(_("Text"), lambda row: row.snippet),
    ]
    run.out.listing(found.cases, listed, empty=_empty(every=every, archived=archived))
    _tell_rest(run, found)


def _require_words(found: Found) -> None:
    from aftersales_cli.errors import WrongUsageError

    if found.query.wanted:
        return
    if found.query.excluded:
        remedy = _("A word with a minus only leaves cases out; add a word to look for.")
    else:
        remedy = _("Write letters, digits or Chinese characters; punctuation alone is not found.")
    raise WrongUsageError(_("There is no word to look for."), remedy=remedy)


def _empty(*, every: bool, archived: bool) -> str:
    if every:
        return _("No case has these words.")
    if archived:
        return _("No archived case has these words.")
    return _("No case has these words; --all also looks at merged, cancelled and archived cases.")


def _tell_rest(run: Run, found: Found) -> None:
    from aftersales_cli.database.search import MOST_RANKED

    if found.is_cut:
        run.out.note(
            _("Very many cases have these words; only the newest {count} were ranked.", count=MOST_RANKED)
        )
    elif rest := found.count - len(found.cases):
        run.out.note(
            plural(
                "{count} more case is not shown; --limit shows more.",
                "{count} more cases are not shown; --limit shows more.",
                rest,
            )
        )
    if found.archived:
        run.out.note(
            plural("--archived also has {count} case.", "--archived also has {count} cases.", found.archived)
        )


COMMANDS = (search,)
"""In the order in which the help shows them."""
