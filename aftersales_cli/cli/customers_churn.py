"""The verb of ``customers`` about who is leaving: churn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.output import Column
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from aftersales_cli.cli.run import Run
    from aftersales_cli.customers.churn.listing import ChurnList

_MOST_DAYS = 3_650


@click.command("churn", cls=Command, writes=True)
@option(
    "--degree",
    "degrees",
    multiple=True,
    metavar="WORD",
    help=N_("Only this degree: active, due, at_risk or lost; may be repeated. Default: at risk and lost."),
)
@option(
    "--limit",
    type=click.IntRange(min=0),
    default=50,
    show_default=True,
    help=N_("How many at most; 0: only the header."),
)
@option("--refresh", is_flag=True, help=N_("Score all customers anew first, as the nightly run does."))
@option("--backtest", is_flag=True, help=N_("Hide the last days and see what each method makes of them."))
@option(
    "--days",
    type=click.IntRange(1, _MOST_DAYS),
    default=90,
    show_default=True,
    help=N_("How many days the back test hides."),
)
@option("--on", metavar="DATE", help=N_("The day to score as of, e.g. 2026-11-22; default: today."))
def churn(
    run: Run,
    degrees: tuple[str, ...],
    limit: int,
    refresh: bool,
    backtest: bool,
    days: int,
    on: str | None,
) -> None:
    """List who is leaving, those whose leaving costs most first, with the likely reason.

    Large shops are scored by a model of buying (BG/NBD: the chance of still being a customer), small ones and people
    who bought once by a rule: days of silence against the usual gap between two purchases. The header says which and
    why. What leaving costs is what a customer who stays would spend within a year.

    Example: aftersales customers churn --refresh --degree lost --limit 20
    """
    day = _day(run, on, only_with=refresh or backtest)
    if backtest:
        _show_backtest(run, day, days)
        return
    from aftersales_cli.customers.churn.gap_rule import LEAVING
    from aftersales_cli.customers.churn.listing import list_churn
    from aftersales_cli.customers.churn.refreshing import refresh_churn

    words = run.shop.taxonomy("churn_degrees")
    wanted = tuple(words.resolve(word) for word in degrees) or LEAVING
    with run.shop.rehearsal():
        done = refresh_churn(run.shop, day) if refresh else None
        found = list_churn(run.shop, wanted, limit)
    if run.shared.as_json:
        run.out.data({"refresh": done, **vars(found)} if done else found)
        return
    if done and not run.shared.table_format:
        run.out.line(
            _(
                "Scored: {count} customers; {written} scores new or different, {deleted} deleted.",
                count=done.customers,
                written=done.written,
                deleted=done.deleted,
            )
        )
    _show_list(run, found, with_rows=limit > 0)
    if done and run.shop.dry_run:
        run.out.note(_("Dry run: nothing was changed."))


def _day(run: Run, text: str | None, *, only_with: bool) -> date:
    from aftersales_cli.clock import parse_day
    from aftersales_cli.errors import WrongUsageError

    if text and not only_with:
        raise WrongUsageError(
            _("--on says as of which day customers are scored."), remedy=_("Add --refresh or --backtest.")
        )
    return parse_day(text) if text else run.shop.today


def _show_list(run: Run, found: ChurnList, *, with_rows: bool) -> None:
    from aftersales_cli.cli.churn_page import header_lines

    if found.as_of is None:
        run.out.note(_("No customer has been scored yet. “aftersales customers churn --refresh” does it."))
        return
    is_page = not run.shared.table_format
    for line in header_lines(run.shop, found) if is_page else ():
        run.out.line(line)
    if not with_rows:
        return
    if is_page:
        run.out.line()
    run.out.listing(found.rows, _columns(run, found), empty=_("Nobody here."))


def _columns(run: Run, found: ChurnList) -> Sequence[Column]:
    from aftersales_cli.cli.churn_page import sign_text, state_text
    from aftersales_cli.money import format_money

    degrees, reasons = run.shop.taxonomy("churn_degrees"), run.shop.taxonomy("churn_reasons")
    number = Column(_("Customer"), lambda row: row.customer_id, right=True)
    name = Column(_("Name"), lambda row: row.name)
    contact = Column(_("Phone"), lambda row: row.phone)
    columns = [
        Column(_("Degree"), lambda row: degrees.label(row.degree)),
        Column(_("Last bought"), lambda row: row.last_on),
        Column(_("Purchases"), lambda row: row.purchases, right=True),
        Column(_("State"), state_text),
        Column(_("Value lost"), lambda row: format_money(row.value_lost, found.currency), right=True),
    ]
    why = Column(
        _("Likely reason"),
        lambda row: "; ".join(part for part in (reasons.label(row.reason), sign_text(row)) if part),
    )
    if not run.shared.table_format:
        return [number, name, *columns, why]
    segments = run.shop.taxonomy("segments")
    return [
        number,
        name,
        contact,
        Column(_("E-mail"), lambda row: row.email),
        Column(_("Segment"), lambda row: segments.label(row.segment) if row.segment else ""),
        *columns,
        why,
    ]


def _show_backtest(run: Run, on: date, days: int) -> None:
    from aftersales_cli.cli.churn_page import (
        backtest_lines,
        calibration_rows,
        method_name,
        note_lines,
        percent,
        share_text,
    )
    from aftersales_cli.customers.churn.backtest import backtest_churn

    found = backtest_churn(run.shop, on, days)
    if run.shared.as_json:
        run.out.data(found)
        return
    for line in backtest_lines(found):
        run.out.line(line)
    run.out.line()
    run.out.table(
        [_("Method"), _("Precision"), _("Recall"), _("Expected to buy"), _("Bought")],
        [
            [
                method_name(test.method),
                share_text(test.precision),
                share_text(test.recall),
                percent(test.predicted),
                percent(1 - (found.silent.value or 0.0)),
            ]
            for test in found.tests
        ],
        [False, True, True, True, True],
    )
    for test in found.tests:
        run.out.line()
        run.out.line(_("Calibration, {method}: tenths of the customers", method=method_name(test.method)))
        run.out.table(
            [_("Tenth"), _("Customers"), _("Expected to buy"), _("Bought"), _("95 %")],
            calibration_rows(test),
            [True] * 5,
        )
    run.out.line()
    for line in note_lines(found):
        run.out.line(line)


COMMANDS = (churn,)
"""Added to the noun ``customers``."""
