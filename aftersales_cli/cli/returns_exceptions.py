"""The verb ``returns exceptions``: write what needs a person as a workbook, take it back, or list it."""

from __future__ import annotations

from pathlib import Path

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _


@click.command("exceptions", cls=Command, writes=True)
@option("--list", "on_screen", is_flag=True, help=N_("Only list on the screen what needs a person."))
@option("--out", type=click.Path(path_type=Path), help=N_("File or folder to write to; default: the outbox."))
@option(
    "--import",
    "filled",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help=N_("Take this filled workbook back instead of writing one."),
)
def exceptions(run: Run, out: Path | None, filled: Path | None, *, on_screen: bool) -> None:
    """Write what returns need a person for as one workbook to fill in, or take a filled one back.

    It holds the review queue, the goods the warehouse waits for, and what is overdue or does not fit; with nothing to
    do none is written. Dropped into the inbox it comes back as well. The same file twice changes nothing, and what
    came after it is never overwritten. Nothing is paid or sent by it.

    Example: aftersales returns exceptions --import return-exceptions-2026-11-22.xlsx
    """
    if sum((on_screen, out is not None, filled is not None)) > 1:
        raise click.UsageError(_("Give only one of --list, --out and --import."))
    if on_screen:
        _list(run)
    elif filled is None:
        _write(run, out)
    else:
        _take(run, filled)


def _write(run: Run, out: Path | None) -> None:
    from aftersales_cli.reports.exceptions_workbook import export_exceptions

    exported = export_exceptions(run.shop, out)
    if exported.path is None:
        run.out.data(exported)
        run.out.note(_("No return needs a person; no workbook was written."))
        return
    run.out.data(
        exported,
        _(
            "To decide: {reviews}, for the warehouse: {receipts}, overdue or not fitting: {problems}: {path}",
            reviews=exported.reviews,
            receipts=exported.receipts,
            problems=exported.problems,
            path=exported.path,
        ),
    )
    if not exported.written and not run.shop.dry_run:
        run.out.note(_("This workbook was there already and was left as it is."))


def _take(run: Run, filled: Path) -> None:
    from aftersales_cli.cli.form_report import tell_form
    from aftersales_cli.desk.returns.exception_import import import_exceptions

    tell_form(run, import_exceptions(run.shop, filled))


def _list(run: Run) -> None:
    from aftersales_cli.desk.returns.exceptions import list_exceptions

    columns = [
        Column(_("Request"), lambda entry: entry.row.request_id, right=True),
        Column(_("Case"), lambda entry: entry.row.case_number, right=True),
        Column(_("Order"), lambda entry: entry.row.order_number),
        Column(_("Product"), lambda entry: entry.row.product),
        Column(_("What"), lambda entry: entry.what),
        Column(_("Until"), lambda entry: _moment(run, entry.row.due)),
        Column(_("Command"), lambda entry: entry.command),
    ]
    run.out.listing(list_exceptions(run.shop), columns, empty=_("No return needs a person."))


def _moment(run: Run, text: str) -> str:
    from aftersales_cli.clock import local_text

    return local_text(text, run.shop.zone) if "T" in text else text
