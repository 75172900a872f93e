"""The verb ``cases register``: write the case register, and take a filled one back."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _, plural

if TYPE_CHECKING:
    from aftersales_cli.desk.register_import import RegisterImport
    from aftersales_cli.reading.form_rows import RejectedRow


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
    from aftersales_cli.desk.register_import import import_register

    result = import_register(run.shop, filled)
    run.out.data(result, *tell_register(result))
    for entry in result.rejected:
        run.out.note(tell_rejected(entry))
    if result.rejected:
        run.partly()


def tell_register(result: "RegisterImport") -> list[str]:
    """Return what came of a filled register, in lines for people."""
    lines = [
        _(
            "{recorded} recorded, {unchanged} known already, {blank} not filled in, {rejected} rejected.",
            recorded=result.recorded,
            unchanged=result.unchanged,
            blank=result.blank,
            rejected=len(result.rejected),
        )
    ]
    if result.opened:
        numbers = ", ".join(map(str, result.opened))
        lines.append(
            plural("New case: {numbers}.", "New cases: {numbers}.", len(result.opened), numbers=numbers)
        )
    return lines


def tell_rejected(entry: "RejectedRow") -> str:
    """Return why a row was not taken, with its cell."""
    place = f"{entry.sheet}!{entry.cell}" if entry.sheet else entry.cell
    return _("{cell} ({column}): {reason}", cell=place, column=entry.column, reason=entry.reason)


COMMANDS = (register,)
"""Registered by ``cases``."""
