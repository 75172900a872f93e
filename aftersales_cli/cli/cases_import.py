"""The verbs ``cases import`` and ``cases export``: cases from forms and spreadsheets, cases as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.cases_bulk import WHERE
from aftersales_cli.language import N_, _, plural

if TYPE_CHECKING:
    from aftersales_cli.cli.run import Run
    from aftersales_cli.intake.results import ImportResult


@click.command("import", cls=Command, writes=True)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, readable=False))
@option(
    "--map",
    "mappings",
    metavar="COLUMN=FIELD",
    multiple=True,
    help=N_(
        "What a column means: said, order_number, name, phone, email, kind, reason, asked_at, id, storefront or "
        "channel. What is not named: what the headings tell."
    ),
)
@option(
    "--save-format",
    metavar="NAME",
    default="",
    help=N_("Keep the mapping, so that the inbox knows such files."),
)
@option("--storefront", metavar="CODE", help=N_("Whose customers they are, where a row does not say."))
def import_(
    run: Run, path: Path, mappings: tuple[str, ...], save_format: str, storefront: str | None
) -> None:
    """Open a case for each request of a form that customers filled in, or of a spreadsheet.

    Exports of 问卷星 and Google Forms and any table will do. A row that was taken before, from the same or an older
    export, makes no second case. Rows that cannot be taken are listed with their column and kept for correction.

    Example: aftersales cases import requests.xlsx --map 问题描述=said --map 订单号=order_number --save-format requests
    """
    from aftersales_cli.cli.import_report import hand_back_rejects, report_import, report_totals
    from aftersales_cli.errors import WrongUsageError
    from aftersales_cli.intake.loading import import_file
    from aftersales_cli.intake.mapping import own_format_path
    from aftersales_cli.intake.request_files import choose_request_format

    if save_format:
        own_format_path(run.shop, save_format)
    chosen = choose_request_format(run.shop, path, mappings, name=save_format)
    if save_format and chosen.document is None:
        raise WrongUsageError(
            _("This file is known already as “{code}”.", code=chosen.format.code),
            remedy=_("Leave --save-format out, or name the columns anew with --map."),
        )
    for column, field in chosen.columns:
        run.out.note(
            _("Column “{column}” is taken as {field}.", column=column, field=field.partition(".")[2])
        )
    if chosen.left:
        run.out.note(_("Columns kept as a note only: {columns}", columns=", ".join(chosen.left)))
    result = import_file(
        run.shop,
        path,
        storefront=storefront,
        only_format=chosen.format,
        mapping="" if save_format else chosen.mapping,
    )
    _save(run, chosen.document, save_format)
    report_import(run.out, result, run.shop.zone)
    report_totals(run.out, [result])
    hand_back_rejects(run, [result])
    _tell_rest(run, result)


def _save(run: Run, document: dict[str, object] | None, name: str) -> None:
    """Keep the mapping once it has worked."""
    from aftersales_cli.intake.mapping import save_format

    if name and document is not None:
        path = save_format(run.shop, document, name)
        run.out.note(_("Format kept in {path}", path=path))


def _tell_rest(run: Run, result: ImportResult) -> None:
    if result.rejected:
        run.partly()
    if run.shop.dry_run:
        run.out.note(_("Dry run: nothing was changed."))


@click.command("export", cls=Command)
@WHERE
@option(
    "--out", type=click.Path(path_type=Path), help=N_("File to write, .xlsx or .csv; default: the outbox.")
)
@option(
    "--contacts",
    is_flag=True,
    help=N_("Names, phone numbers and e-mail addresses in full; only for the owner and managers."),
)
def export(run: Run, where: tuple[str, ...], out: Path | None, contacts: bool) -> None:
    """Write cases into a spreadsheet: all, or those of --where. Customers are masked.

    Example: aftersales cases export --where "kind=complaint since=2026-11-01" --out complaints.xlsx
    """
    from aftersales_cli.desk.choosing import parse_where
    from aftersales_cli.reports.case_export import export_cases

    wanted = parse_where(run.shop, where, every=True)
    exported = export_cases(run.shop, wanted, out, contacts=contacts)
    run.out.data(
        exported,
        plural("{count} case: {path}", "{count} cases: {path}", exported.cases, path=exported.path),
    )


COMMANDS = (import_, export)
"""In the order in which the help shows them."""
