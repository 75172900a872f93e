"""The verb ``cases register``: write the case register, and take a filled one back."""

from pathlib import Path

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _, plural


@click.command("register", cls=Command, writes=True)
@option("--agent", default="", help=N_("Only the sheet of this employee, by code or name."))
@option("--out", type=click.Path(path_type=Path), help=N_("File or folder to write to; default: the outbox."))
@option(
    "--import",
    "filled",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help=N_("Take this filled register back instead of writing one."),
)
def register(run: Run, agent: str, out: Path | None, filled: Path | None) -> None:
    """Write open cases as a workbook for staff to fill in, or take a filled one back.

    Each employee has a sheet with drop-downs and empty rows for new cases; staff need no other program. Dropped into
    the inbox it comes back as well. Rows may be sorted, filtered, deleted, and columns moved; the same file twice
    changes nothing, and an older register never overwrites what came later. What stands on an employee's sheet is
    recorded as said and done by that employee; only the owner, a manager or that employee can bring it in.

    Example: aftersales cases register --import case-register-2026-11-22.xlsx
    """
    if filled is None:
        _write(run, agent, out)
    elif agent or out:
        raise click.UsageError(_("--import goes with neither --agent nor --out."))
    else:
        _take(run, filled)


def _write(run: Run, agent: str, out: Path | None) -> None:
    from aftersales_cli.reports.register_workbook import export_register

    exported = export_register(run.shop, agent, out)
    written = plural(
        "{count} open case: {path}", "{count} open cases: {path}", exported.cases, path=exported.path
    )
    run.out.data(exported, written)
    if not exported.written and not run.shop.dry_run:
        run.out.note(_("This register was there already and was left as it is."))


def _take(run: Run, filled: Path) -> None:
    from aftersales_cli.cli.form_report import tell_form
    from aftersales_cli.desk.register_import import import_register

    result = import_register(run.shop, filled)
    tell_form(run, result, *_opened(result.opened))


def _opened(numbers: list[int]) -> list[str]:
    if not numbers:
        return []
    listed = ", ".join(map(str, numbers))
    return [plural("New case: {numbers}.", "New cases: {numbers}.", len(numbers), numbers=listed)]


COMMANDS = (register,)
"""Registered by ``cases``."""
