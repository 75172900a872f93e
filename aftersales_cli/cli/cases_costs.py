"""The verb of ``cases`` about what a case cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.amounts import AMOUNT
from aftersales_cli.cli.base import option
from aftersales_cli.cli.cases_steps import case_verb, read_moment, tell
from aftersales_cli.cli.output import Column
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from decimal import Decimal

    from aftersales_cli.cli.run import Run
    from aftersales_cli.desk.refunds.costs import CaseCostSheet, CostLine


@case_verb("cost")
@option(
    "--add",
    "added",
    type=(str, AMOUNT),
    metavar="TYPE AMOUNT",
    help=N_("Note a cost: postage, goodwill, write_off, repair, replacement or other."),
)
@option(
    "--entry", type=int, metavar="ID", help=N_("The entry of which something came back (with --recovered).")
)
@option("--recover-from", default="", help=N_("Who has to bear it: supplier, carrier or insurance."))
@option("--recovered", type=AMOUNT, help=N_("What of it came back, all in all."))
@option("--currency", default="", help=N_("Currency of the amount; default: the order's."))
@option("--note", "remark", default="", help=N_("What it was for."))
def cost(
    run: Run,
    number: int,
    added: tuple[str, Decimal] | None,
    entry: int | None,
    recover_from: str,
    recovered: Decimal | None,
    currency: str,
    remark: str,
    at: str | None,
) -> None:
    """Show what a case cost, and what somebody else has to bear; with --add, note a cost.

    Refunds less what is in stock again, replacements, repairs and minutes of work (costs.hour_rate in the settings)
    are counted by themselves. Nothing is paid by this command.

    Example: aftersales cases cost 17 --add postage 12 --recover-from carrier
    """
    from aftersales_cli.desk.refunds.costs import add_cost, case_cost, note_recovered
    from aftersales_cli.settings import check_currency

    if added and entry is not None:
        raise click.UsageError(_("Give either --add or --entry."))
    if not added and (entry is None) != (recovered is None):
        raise click.UsageError(_("--entry and --recovered go together."))
    if not added and entry is None and (recover_from or currency or remark or at):
        raise click.UsageError(_("These options need --add TYPE AMOUNT."))
    with run.shop.rehearsal():
        if added:
            add_cost(
                run.shop,
                number,
                *added,
                note=remark,
                recover_from=recover_from,
                recovered=recovered,
                currency=check_currency(currency) if currency else "",
                at=read_moment(run, at),
            )
        elif entry is not None and recovered is not None:
            note_recovered(run.shop, number, entry, recovered, recover_from=recover_from)
        sheet = case_cost(run.shop, number)
    _show(run, sheet)


def _show(run: Run, sheet: CaseCostSheet) -> None:
    from aftersales_cli.desk.refunds.costs import SOURCES

    if run.shared.as_json:
        totals = [{**vars(total), "net": total.net} for total in sheet.totals]
        tell(run, {**vars(sheet), "totals": totals})
        return
    run.out.listing(
        sheet.lines, _columns(), empty=_("Case {number} cost nothing so far.", number=sheet.case_number)
    )
    tell(run, sheet, *_total_lines(sheet))
    if sheet.minutes and not run.shop.settings.costs.hour_rate:
        run.out.note(
            _(
                "{count} minutes of work are not counted: set costs.hour_rate in aftersales.toml.",
                count=sheet.minutes,
            )
        )
    if sheet.party and not any(total.claimable for total in sheet.totals) and sheet.lines:
        run.out.note(
            _(
                "By its cause the {party} is at fault: note what can be claimed with --add … --recover-from {code}.",
                party=_(SOURCES[sheet.party]),
                code=sheet.party,
            )
        )


def _total_lines(sheet: CaseCostSheet) -> list[str]:
    from aftersales_cli.money import format_money

    lines = []
    for total in sheet.totals:
        lines.append(
            _(
                "Cost {amount}, came back {recovered}: the case cost {net}.",
                amount=format_money(total.amount, total.currency),
                recovered=format_money(total.recovered, total.currency),
                net=format_money(total.net, total.currency),
            )
        )
        if total.claimable:
            amount = format_money(total.claimable, total.currency)
            lines.append(_("Of this {amount} can still be claimed from others.", amount=amount))
    return lines


def _columns() -> list[Column]:
    from aftersales_cli.desk.refunds.costs import SOURCES, TYPES
    from aftersales_cli.money import format_money

    def source(line: CostLine) -> str:
        return _(SOURCES[line.recover_from]) if line.recover_from else ""

    return [
        Column(_("Entry"), lambda line: line.entry, right=True),
        Column(_("Cost"), lambda line: _(TYPES[line.type])),
        Column(_("Amount"), lambda line: format_money(line.amount, line.currency), right=True),
        Column(_("Came back"), lambda line: format_money(line.recovered, line.currency), right=True),
        Column(_("Borne by"), source),
        Column(_("Note"), lambda line: line.note),
    ]


COMMANDS = (cost,)
"""In the order in which the help shows them."""
