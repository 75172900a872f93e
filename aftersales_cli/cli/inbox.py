"""The command ``inbox``."""

import click

from aftersales_cli.cli.base import Noun
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _


@click.group(cls=Noun, help=N_("Files dropped into the inbox."))
def inbox() -> None:
    """Group of verbs."""


@inbox.command("run", writes=True)
def run_(run: Run) -> None:
    """Take in every file of the inbox, whatever it is.

    Order lists, refund lists, filled callback lists: the content tells. A file that was taken in moves to
    inbox/done, one that cannot be used to inbox/rejected with the reason beside it.

    Example: aftersales inbox run
    """
    from aftersales_cli.cli.inbox_report import print_outcomes, take_inbox

    print_outcomes(run, take_inbox(run))


@inbox.command("list")
def list_(run: Run) -> None:
    """List the files that wait in the inbox.

    Example: aftersales inbox list
    """
    from aftersales_cli.intake.inbox import waiting_files

    columns = [
        Column(_("File"), lambda row: row.path.name),
        Column(_("Storefront"), lambda row: row.storefront),
        Column(_("Left alone because"), lambda row: row.waiting_for),
    ]
    run.out.listing(waiting_files(run.shop), columns, empty=_("The inbox is empty."))
