"""The command ``orders``."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.numbers import WholeNumber
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.errors import AftersalesError, FileError, NotFoundError
from aftersales_cli.language import N_, _, plural

if TYPE_CHECKING:
    from aftersales_cli.intake.formats import Format
    from aftersales_cli.intake.results import ImportResult


@click.group(cls=Noun, help=N_("Import and look up orders."))
def orders() -> None:
    """Group of verbs."""


@orders.command("import", writes=True)
@click.argument(
    "paths", metavar="FILES…", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False)
)
@option(
    "--storefront", metavar="CODE", help=N_("Whose files these are, where a file does not say; made if new.")
)
@option("--encoding", metavar="NAME", help=N_("Text encoding, if it is not found by itself, e.g. gb18030."))
@option(
    "--map",
    "mappings",
    metavar="COLUMN=FIELD",
    multiple=True,
    help=N_("What a column of an unknown file means."),
)
@option("--save-format", metavar="NAME", help=N_("Keep the mapping as the shop's own format."))
def import_(
    run: Run,
    paths: tuple[Path, ...],
    storefront: str | None,
    encoding: str | None,
    mappings: tuple[str, ...],
    save_format: str | None,
) -> None:
    """Import order, line and refund files, or all files of folders.

    What a file is, is found by its content. The same file twice changes nothing; a file is taken in wholly
    or not at all. Rows that cannot be read are kept and listed by “aftersales orders rejects”; the workbook of
    them is taken back like any other file.

    Example: aftersales orders import ExportOrderList.csv refunds.xlsx

    Example: aftersales orders import shop.csv --map 单号=order.external_id --map 实付=order.paid
    """
    from aftersales_cli.cli.import_report import hand_back_rejects, report_import, report_totals
    from aftersales_cli.intake.rejects_sheets import is_rejects_workbook
    from aftersales_cli.reading.zipped import unpacked

    only = _mapping(run, mappings, save_format)
    results: list[ImportResult] = []
    failures: list[AftersalesError] = []
    for path in _files(paths):
        try:
            with unpacked(path) as inside:
                for file in inside:
                    name = str(path) if file == path else f"{path}/{file.name}"
                    if only is None and is_rejects_workbook(file):
                        results += _take_back(run, file)
                        continue
                    result = _import_one(run, file, name, storefront, encoding, only)
                    results.append(result)
                    report_import(run.out, result, run.shop.zone)
        except AftersalesError as error:
            failures.append(error)
            run.out.note(_("Not imported: {path}", path=path))
            run.out.note("  " + error.message)
            if error.remedy:
                run.out.note("  " + error.remedy)
    report_totals(run.out, results)
    hand_back_rejects(run, results)
    if failures and not results:
        run.exit_code = failures[0].exit_code
    elif failures or any(result.rejected for result in results):
        run.partly()


def _import_one(
    run: Run,
    file: Path,
    name: str,
    storefront: str | None,
    encoding: str | None,
    only: "tuple[Format, str] | None",
) -> "ImportResult":
    from aftersales_cli.cli.progress import RowProgress
    from aftersales_cli.intake.loading import import_file

    fmt, mapping = only or (None, "")
    progress = RowProgress(Path(name).name)
    try:
        return import_file(
            run.shop,
            file,
            storefront=storefront,
            encoding=encoding,
            only_format=fmt,
            progress=progress,
            name=name,
            mapping=mapping,
        )
    finally:
        progress.end()


def _take_back(run: Run, file: Path) -> "list[ImportResult]":
    """Take in a workbook of rejected rows, as the inbox does."""
    from aftersales_cli.cli.import_report import report_import
    from aftersales_cli.intake.rejects import import_rejects

    found = import_rejects(run.shop, file)
    for result in found:
        report_import(run.out, result, run.shop.zone)
    return found


def _mapping(run: Run, mappings: tuple[str, ...], save_as: str | None) -> "tuple[Format, str] | None":
    """Return the format the user described, and its JSON where no file keeps it."""
    from aftersales_cli.errors import WrongUsageError
    from aftersales_cli.intake.mapping import mapped_document, mapped_format, save_format

    if not mappings:
        if save_as:
            raise WrongUsageError(
                _("--save-format needs a mapping."), remedy=_("Add --map COLUMN=FIELD for each column.")
            )
        return None
    document = mapped_document(mappings, name=save_as or "")
    fmt = mapped_format(document)
    if save_as:
        path = save_format(run.shop, document, save_as)
        run.out.note(_("Format kept in {path}", path=path))
    return fmt, "" if save_as else json.dumps(document, ensure_ascii=False)


def _files(paths: tuple[Path, ...]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                entry for entry in path.iterdir() if entry.is_file() and entry.name[0] not in ".~"
            )
            if not inside:
                raise FileError(_("The folder {path} holds no files.", path=path))
            found += inside
        else:
            found.append(path)
    return found


@orders.command("list")
@option("--on", "period", metavar="PERIOD", help=N_("Placed in 2026-02, 2026Q1 or 2026-02-01..2026-02-14."))
@option("--status", metavar="WORD", help=N_("Only orders in this state."))
@option("--storefront", metavar="CODE", help=N_("Only this storefront."))
@option("--words", help=N_("Part of the product's or customer's name."))
@option("--limit", type=WholeNumber(minimum=1), default=50, show_default=True, help=N_("How many at most."))
def list_(
    run: Run, period: str | None, status: str | None, storefront: str | None, words: str | None, limit: int
) -> None:
    """List orders, newest first.

    Example: aftersales orders list --on 2026-02 --status 已发货
    """
    from aftersales_cli.clock import local_text, parse_period
    from aftersales_cli.database.orders import list_orders
    from aftersales_cli.money import format_money
    from aftersales_cli.team.storefronts import require_storefront

    shop = run.shop
    chosen = parse_period(period) if period else None
    statuses = shop.taxonomy("order_statuses")
    rows = list_orders(
        shop.database,
        start=chosen.start.isoformat() if chosen else None,
        end=chosen.end.isoformat() if chosen else None,
        status=statuses.resolve(status) if status else None,
        storefront_id=require_storefront(shop, storefront).id if storefront else None,
        words=words,
        limit=limit,
    )
    columns = [
        Column(_("Order"), lambda row: row.display_number),
        Column(_("Storefront"), lambda row: row.storefront),
        Column(_("Placed"), lambda row: local_text(row.placed_at, shop.zone)),
        Column(_("State"), lambda row: statuses.label(row.status)),
        Column(_("Paid"), lambda row: format_money(row.paid, row.currency), right=True),
        Column(_("Refunded"), lambda row: format_money(row.refunded, row.currency), right=True),
        Column(_("Product"), lambda row: row.title[:24]),
    ]
    run.out.listing(rows, columns, empty=_("No orders found."))


@orders.command("show")
@click.argument("number")
@option("--storefront", metavar="CODE", help=N_("Only this storefront."))
def show(run: Run, number: str, storefront: str | None) -> None:
    """Show one order with its lines and cases.

    Example: aftersales orders show 1001
    """
    from aftersales_cli.cli.order_page import print_order
    from aftersales_cli.database.orders import find_orders
    from aftersales_cli.team.storefronts import require_storefront

    storefront_id = require_storefront(run.shop, storefront).id if storefront else None
    found = find_orders(run.shop.database, number, storefront_id)
    if not found:
        raise NotFoundError(
            _("There is no order {number}.", number=number),
            remedy=_("Check the number; “aftersales orders list” shows the latest orders."),
        )
    print_order(run, found)


@orders.command("imports")
@option("--limit", type=WholeNumber(minimum=1), default=50, show_default=True, help=N_("How many at most."))
def imports(run: Run, limit: int) -> None:
    """List what was imported, newest first.

    Example: aftersales orders imports
    """
    from aftersales_cli.clock import local_text
    from aftersales_cli.database.imports import count_imports, list_imports

    shop = run.shop
    columns = [
        Column(_("Import"), lambda row: row.id, right=True),
        Column(_("At"), lambda row: local_text(row.imported_at, shop.zone)),
        Column(_("File"), lambda row: row.file_name),
        Column(_("Format"), lambda row: row.format),
        Column(_("Rows"), lambda row: row.rows_read, right=True),
        Column(
            _("New"),
            lambda row: row.orders_new + row.lines_new + row.aftersales_new + row.others_new,
            right=True,
        ),
        Column(
            _("Changed"),
            lambda row: row.orders_updated + row.lines_updated + row.aftersales_updated + row.others_updated,
            right=True,
        ),
        Column(_("Rejected"), lambda row: row.rejected, right=True),
        Column(_("Skipped"), lambda row: row.skipped, right=True),
        Column(_("Undone"), lambda row: local_text(row.undone_at, shop.zone)),
    ]
    found = list_imports(shop.database, limit)
    run.out.listing(found, columns, empty=_("Nothing was imported yet."))
    if rest := count_imports(shop.database) - len(found):
        run.out.note(
            plural(
                "{count} more import is not shown; --limit shows more.",
                "{count} more imports are not shown; --limit shows more.",
                rest,
            )
        )


@orders.group("formats", cls=Noun, default_verb="list", help=N_("The file formats this shop can read."))
def formats() -> None:
    """Group of verbs; called bare it lists."""


@formats.command("list")
def list_formats(run: Run) -> None:
    """List the file formats this shop can read.

    Example: aftersales orders formats
    """
    from aftersales_cli.intake.formats import load_formats

    columns = [
        Column(_("Code"), lambda row: row.code),
        Column(_("Name"), lambda row: row.name),
        Column(_("Platform"), lambda row: row.platform),
        Column(_("Version"), lambda row: row.version, right=True),
        Column(
            _("Remark"),
            lambda row: _("holds no orders") if row.not_orders else _("preview") if row.preview else "",
        ),
    ]
    run.out.listing(load_formats(run.folder), columns, empty=_("No formats."))


@orders.group("rejects", cls=Noun, default_verb="list", help=N_("Rows that could not be taken in."))
def rejects() -> None:
    """Group of verbs; called bare it lists."""


@rejects.command("list")
@option("--import", "import_id", type=int, metavar="N", help=N_("Only those of one import."))
@option("--limit", type=WholeNumber(minimum=1), default=200, show_default=True, help=N_("How many at most."))
@option("--raw", is_flag=True, help=N_("Show the row's cells, too."))
def list_rejects(run: Run, import_id: int | None, limit: int, *, raw: bool) -> None:
    """List rows that could not be taken in, with file, row, column and reason.

    Example: aftersales orders rejects list --import 3 --raw
    """
    from aftersales_cli.database.imports import count_open_rejects
    from aftersales_cli.database.imports import list_rejects as find_rejects

    columns = [
        Column(_("Number"), lambda row: row.id, right=True),
        Column(_("Import"), lambda row: row.import_id, right=True),
        Column(_("File"), lambda row: row.file_name),
        Column(_("Row"), lambda row: row.row_number, right=True),
        Column(_("Column"), lambda row: row.column_name),
        Column(_("Reason"), lambda row: row.reason),
    ]
    if raw:
        columns.append(Column(_("Cells"), lambda row: " | ".join(json.loads(row.raw))))
    found = find_rejects(run.shop.database, import_id=import_id, limit=limit)
    run.out.listing(found, columns, empty=_("No rejected rows."))
    if rest := count_open_rejects(run.shop.database, import_id=import_id) - len(found):
        run.out.note(
            plural(
                "{count} more rejected row is not shown; --limit shows more.",
                "{count} more rejected rows are not shown; --limit shows more.",
                rest,
            )
        )


# At the end, since its verbs join the groups above.
import aftersales_cli.cli.orders_more  # noqa: E402, F401
