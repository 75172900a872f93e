"""The command ``rates``: exchange rates from a file."""

from pathlib import Path

import click

from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _


@click.group(
    cls=Noun,
    default_verb="list",
    help=N_("Exchange rates, for totals in the shop's currency. Lists when bare."),
)
def rates() -> None:
    """Group of verbs."""


@rates.command("import", writes=True)
@click.argument("file", type=click.Path(path_type=Path))
def import_(run: Run, file: Path) -> None:
    """Take in exchange rates: a csv file or workbook with the columns date, from, to, rate.

    One of “from” buys “rate” of “to”. For each order the newest rate on or before the day it was paid counts, also
    one given the other way round; two rates are never combined into a third. The same file twice changes nothing.

    Example: aftersales rates import rates.csv
    """
    from aftersales_cli.cli.form_report import tell_form
    from aftersales_cli.customers.value.rates import import_rates

    tell_form(run, import_rates(run.shop, file))


@rates.command("list")
@option("--currency", default="", metavar="CODE", help=N_("Only rates from or into this currency."))
@option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help=N_("At most so many."))
def list_(run: Run, currency: str, limit: int) -> None:
    """List exchange rates, the newest first.

    Example: aftersales rates list --currency USD
    """
    from aftersales_cli.database.rates import list_rates
    from aftersales_cli.settings import check_currency

    wanted = check_currency(currency) if currency else ""
    columns = [
        Column(_("Date"), lambda row: row.on_day),
        Column(_("From"), lambda row: row.currency),
        Column(_("To"), lambda row: row.into_currency),
        Column(_("Exchange rate"), lambda row: row.rate, right=True),
    ]
    run.out.listing(
        list_rates(run.shop.database, currency=wanted, limit=limit),
        columns,
        empty=_("No exchange rates yet. Take some in with “aftersales rates import FILE”."),
    )
