"""The verb ``customers value``: segments, the customers in them, the rules, and movement between months."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from datetime import date

    from aftersales_cli.customers.value.listing import ValuedCustomer, Wanted
    from aftersales_cli.customers.value.movement import Movement
    from aftersales_cli.customers.value.printing import PrintedRules
    from aftersales_cli.customers.value.valuing import Overview

MARKS = {
    "high_value": N_("high value"),
    "potential": N_("potential"),
    "refund_abuse": N_("returns too much"),
}
"""Mark beside the segment → its name."""
_SCHEMES = {"quantiles": N_("quantiles"), "breakpoints": N_("fixed breakpoints")}


@click.command("value", cls=Command, writes=True)
@option("--segment", default="", metavar="WORD", help=N_("List the customers of this segment."))
@option("--high-value", is_flag=True, help=N_("List the high-value customers."))
@option("--potential", is_flag=True, help=N_("List the customers with potential."))
@option("--refund-abuse", is_flag=True, help=N_("List the customers who return too much."))
@option("--rules", is_flag=True, help=N_("Print where each score begins and what each segment asks for."))
@option("--movement", is_flag=True, help=N_("Print who moved between segments from month to month."))
@option("--from", "start", default="", metavar="MONTH", help=N_("Movement: from the end of this month."))
@option("--to", "end", default="", metavar="MONTH", help=N_("Movement: to the end of this month."))
@option(
    "--on",
    "--as-of",
    "on",
    default="",
    metavar="DATE",
    help=N_("As if this day were today, e.g. 2026-10-31."),
)
@option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help=N_("At most so many."))
def value(
    run: Run,
    segment: str,
    high_value: bool,
    potential: bool,
    refund_abuse: bool,
    rules: bool,
    movement: bool,
    start: str,
    end: str,
    on: str,
    limit: int,
) -> None:
    """Show who matters: customers by recency, frequency and spend (RFM), in segments with printed rules.

    Spend is what was paid minus what was refunded, in the shop's currency. Only customers whose orders changed are
    counted again. With --on an earlier day is told from the orders up to it, with refunds as they are known now.

    Example: aftersales customers value --segment champions
    """
    from aftersales_cli.clock import parse_day
    from aftersales_cli.customers.value.listing import Wanted

    day = parse_day(on) if on else None
    code = run.shop.taxonomy("segments").resolve(segment) if segment else ""
    wanted = Wanted(code, high_value, potential, refund_abuse)
    if movement or start or end:
        _show_movement(run, start, end)
    elif rules:
        _show_rules(run, day)
    elif wanted != Wanted():
        _list_customers(run, wanted, day, limit)
    else:
        _show_overview(run, day)


COMMANDS = (value,)
"""The verbs of this module."""


def _show_overview(run: Run, day: date | None) -> None:
    from aftersales_cli.customers.value.valuing import overview
    from aftersales_cli.money import format_money

    seen = overview(run.shop, day)
    if run.out.as_json:
        run.out.data(seen)
        return
    segments = run.shop.taxonomy("segments")
    columns = [
        Column(_("Segment"), lambda row: segments.label(row.segment)),
        Column(_("Customers"), lambda row: row.customers, right=True),
        Column(_("Share"), lambda row: f"{row.share:.1%}", right=True),
        Column(_("Orders"), lambda row: row.orders, right=True),
        Column(_("Spend"), lambda row: format_money(row.spend, seen.currency), right=True),
        Column(_("High value"), lambda row: row.high_value or None, right=True),
        Column(_("Potential"), lambda row: row.potential or None, right=True),
        Column(_("Returns too much"), lambda row: row.refund_abuse or None, right=True),
    ]
    run.out.listing(seen.segments, columns, empty=_("No customer has a paid order yet."))
    _tell_totals(run, seen)


def _tell_totals(run: Run, seen: Overview) -> None:
    from aftersales_cli.money import format_money

    run.out.note(
        _(
            "{count} customers, {spend}, as of {day}, scored by {scheme}. Rules: aftersales customers value --rules",
            count=seen.customers,
            spend=format_money(seen.spend, seen.currency),
            day=seen.as_of,
            scheme=_(_SCHEMES[seen.scheme]),
        )
    )
    for line in missing_lines(seen.missing_rates, seen.currency):
        run.out.note(line)


def missing_lines(missing: list[tuple[str, str]], currency: str) -> list[str]:
    """Say which exchange rates are missing for a total in the shop's currency."""
    return [
        _(
            "No total: the rate from {currency} into {into} on {day} is missing (aftersales rates import FILE).",
            currency=code,
            into=currency,
            day=since,
        )
        for code, since in missing
    ]


def _list_customers(run: Run, wanted: Wanted, day: date | None, limit: int) -> None:
    from aftersales_cli.customers.value.listing import list_valued
    from aftersales_cli.money import format_money

    rows, count = list_valued(run.shop, wanted, day=day, limit=limit)
    segments = run.shop.taxonomy("segments")
    columns = [
        Column(_("Customer"), lambda row: row.customer_id, right=True),
        Column(_("Name"), lambda row: row.name),
        Column(_("Segment"), lambda row: segments.label(row.segment)),
        Column(_("R F M"), lambda row: f"{row.r} {row.f} {row.m or '–'}"),
        Column(_("Last order"), lambda row: row.last_on),
        Column(_("Orders"), lambda row: row.orders, right=True),
        Column(_("Spend"), lambda row: format_money(row.spend, row.currency), right=True),
        Column(_("Marks"), marks_text),
    ]
    run.out.listing(rows, columns, empty=_("No such customers."))
    if count > len(rows):
        run.out.note(_("{shown} of {count} are shown; --limit shows more.", shown=len(rows), count=count))


def marks_text(row: ValuedCustomer) -> str:
    """Return the names of the marks a customer has."""
    return ", ".join(_(name) for mark, name in MARKS.items() if getattr(row, mark))


def _show_rules(run: Run, day: date | None) -> None:
    from aftersales_cli.customers.value.printing import print_rules

    printed = print_rules(run.shop, day)
    run.out.data(printed, *_rule_lines(run, printed))


def _rule_lines(run: Run, printed: PrintedRules) -> list[str]:
    segments = run.shop.taxonomy("segments")
    lines = [
        _("Scores as of {day}, by {scheme}:", day=printed.as_of, scheme=_(_SCHEMES[printed.scheme])),
        *(f"  {rule.score}  {rule.text}" for rule in printed.scores),
        _("  else R1, F1, M1"),
        "",
        _("Segments, the first one that fits counts:"),
    ]
    lines += [f"  {segments.label(rule.code)} ({rule.code}): {rule.text}" for rule in printed.segments]
    lines += ["", _("Marks beside the segment:")]
    lines += [f"  {_(MARKS[rule.code])} ({rule.code}): {rule.text}" for rule in printed.marks]
    return [*lines, "", _("Another shop, other limits: copy value.toml into the shop's templates/settings.")]


def _show_movement(run: Run, start: str, end: str) -> None:
    from aftersales_cli.customers.value.movement import movement

    seen = movement(run.shop, start=start, end=end)
    if run.out.as_json:
        run.out.data(seen)
        return
    _print_matrix(run, seen)


def _print_matrix(run: Run, seen: Movement) -> None:
    from aftersales_cli.customers.value.rules import load_value_rules

    segments = run.shop.taxonomy("segments")
    known = [entry.code for entry in load_value_rules(run.shop.folder).segments]
    counts = {(move.before, move.after): move.customers for move in seen.moves}

    def places(codes: set[str]) -> list[str]:
        return sorted(codes, key=lambda code: known.index(code) if code in known else -1)

    befores, afters = places({before for before, _a in counts}), places({after for _b, after in counts})
    rows = []
    for before in befores:
        cells = [counts.get((before, after)) for after in afters]
        name = segments.label(before) if before else _("not a customer yet")
        rows.append([name, *cells, sum(cell or 0 for cell in cells)])
    totals = [sum(counts.get((before, after), 0) for before in befores) for after in afters]
    rows.append([_("All"), *totals, sum(totals)])
    titles = [f"{seen.start} → {seen.end}", *(segments.label(code) for code in afters), _("All")]
    run.out.table(titles, rows, [False, *[True] * (len(titles) - 1)])
    for month in seen.reckoned:
        run.out.note(
            _(
                "Nothing was kept of {month}: told from the orders up to its end, with refunds as they are known now.",
                month=month,
            )
        )
