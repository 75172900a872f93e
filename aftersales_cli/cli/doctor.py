"""The command ``doctor``."""

from pathlib import Path

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.run import Run
from aftersales_cli.errors import NotFoundError
from aftersales_cli.language import N_, _

STATES = {"ok": N_("ok"), "warn": N_("warning"), "fail": N_("FAULT")}


@click.command("doctor", cls=Command)
@option(
    "--database", "only_database", is_flag=True, help=N_("Check the database only (the nightly run does).")
)
def doctor(run: Run, only_database: bool) -> None:
    """Check the set-up and the database; exit code 5 if something needs attention.

    Changes nothing. Outside a shop it checks the program alone.

    Example: aftersales doctor
    """
    from aftersales_cli.runner.doctor import check_database, check_program, check_shop

    folder = _folder(run, needed=only_database)
    if only_database:
        assert folder is not None
        checks = check_database(folder)
    elif folder is None:
        checks = check_program()
    else:
        checks = [*check_program(), *check_shop(folder)]
    lines = []
    for check in checks:
        lines.append(_("{state}: {text}", state=_(STATES[check.state]), text=check.text))
        if check.remedy:
            lines.append("    " + check.remedy)
    run.out.data(checks, *lines)
    if any(check.state != "ok" for check in checks):
        run.partly()


def _folder(run: Run, *, needed: bool) -> Path | None:
    try:
        return run.folder
    except NotFoundError:
        if needed or run.shared.shop_folder:
            raise
        return None
