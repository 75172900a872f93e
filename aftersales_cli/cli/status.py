"""The command ``status``."""

import click

from aftersales_cli.cli.base import Command
from aftersales_cli.cli.run import Run


@click.command("status", cls=Command)
def status(run: Run) -> None:
    """Show how the shop stands right now: inbox, cases, callbacks, last night, last import.

    Example: aftersales status
    """
    from aftersales_cli.cli.status_page import print_status

    print_status(run)
