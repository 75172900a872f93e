"""The command ``today``."""

import click

from aftersales_cli.cli.base import Command
from aftersales_cli.cli.run import Run
from aftersales_cli.language import _


@click.command("today", cls=Command, writes=True)
def today(run: Run) -> None:
    """Take in the inbox, plan the day's callbacks, write list and workbook, say what to do now.

    Running it twice changes nothing the second time.

    Example: aftersales today
    """
    from aftersales_cli.cli.inbox_report import outcome_json, take_inbox
    from aftersales_cli.cli.today_page import prepare_day, print_day

    outcomes = take_inbox(run)
    day = prepare_day(run.shop)
    if day.workbook is None:
        run.out.note(
            _("The workbook of figures was left out: only the shop owner and a manager may make it.")
        )
    if run.out.as_json:
        run.out.data({"inbox": [outcome_json(outcome) for outcome in outcomes], "day": day})
    else:
        print_day(run, day)
