"""Verbs of ``orders`` beside importing and looking up: undo, conflicts, vocabulary, rejected rows, new formats."""

from pathlib import Path

import click

from aftersales_cli.cli.base import option
from aftersales_cli.cli.numbers import WholeNumber
from aftersales_cli.cli.orders import formats, orders, rejects
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _, plural


@orders.command("undo", writes=True)
@click.argument("import_id", metavar="IMPORT", type=int)
def undo(run: Run, import_id: int) -> None:
    """Take a whole import back, as if the file had never come.

    Later imports of the same rows, and what people have done on them, are named and keep it from happening:
    undo the later imports first. The file can be imported again afterwards.

    Example: aftersales orders undo 12
    """
    from aftersales_cli.intake.undo import undo as take_back

    result = take_back(run.shop, import_id)
    run.out.data(
        result,
        _("Import {number} ({file}) undone: {deleted} rows deleted, {restored} changes taken back.",
          number=result.import_id, file=result.file, deleted=result.deleted, restored=result.restored),
    )  # fmt: skip


@orders.command("conflicts")
@option("--limit", type=WholeNumber(minimum=1), default=200, show_default=True, help=N_("How many at most."))
def conflicts(run: Run, limit: int) -> None:
    """List where two equally new files say different things, and which value is kept.

    Example: aftersales orders conflicts
    """
    from aftersales_cli.clock import local_text
    from aftersales_cli.database.conflicts import Conflict, list_conflicts
    from aftersales_cli.money import format_money

    shop = run.shop
    amounts = {"goods", "postage", "discount", "total", "paid", "amount"}

    def shown(row: Conflict, value: str) -> str:
        return format_money(int(value), row.currency) if row.column_name in amounts else value

    columns = [
        Column(_("Order or record"), lambda row: row.row_key),
        Column(_("Storefront"), lambda row: row.storefront),
        Column(_("Field"), lambda row: row.column_name),
        Column(_("Kept"), lambda row: shown(row, row.ours)),
        Column(_("Other"), lambda row: shown(row, row.theirs)),
        Column(_("Import"), lambda row: row.import_id, right=True),
        Column(_("File"), lambda row: row.file_name),
        Column(_("Seen"), lambda row: local_text(row.seen_at, shop.zone)),
    ]
    run.out.listing(list_conflicts(shop.database, limit=limit), columns, empty=_("No conflicts."))


@orders.command("vocabulary", writes=True)
@option("--map", "mappings", metavar="FIELD:WORD=CODE", multiple=True, help=N_("Give a word a meaning."))
def vocabulary(run: Run, mappings: tuple[str, ...]) -> None:
    """List words of the marketplaces that are not known, or give them a meaning.

    A meaning is kept in the shop's folder (templates/vocabularies/own.toml), used for files to come, and
    taken on by orders and cases that have the word.

    Example: aftersales orders vocabulary

    Example: aftersales orders vocabulary --map aftersales.reason:颜色太像月光=not_as_described
    """
    from aftersales_cli.intake.own_words import map_words, unknown_words

    if mappings:
        found = map_words(run.shop, mappings)
        lines = [
            _("{field}: “{word}” now means {code}; {rows} rows changed.", field=entry.field, word=entry.word,
              code=entry.code, rows=entry.rows)
            for entry in found
        ]  # fmt: skip
        run.out.data(found, *lines)
        return
    columns = [
        Column(_("Field"), lambda row: row.field),
        Column(_("Word"), lambda row: row.word),
        Column(_("Rows"), lambda row: row.count, right=True),
        Column(_("Imports"), lambda row: row.imports, right=True),
        Column(_("Platform"), lambda row: row.platform),
    ]
    run.out.listing(unknown_words(run.shop), columns, empty=_("Every word is known."))


@rejects.command("export", writes=True)
@option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help=N_("Another file or folder than the outbox."),
)
def export(run: Run, out: Path | None) -> None:
    """Write the rejected rows as a workbook: correct them there and drop it into the inbox.

    Example: aftersales orders rejects export
    """
    from aftersales_cli.reports.rejects_workbook import export_rejects

    result = export_rejects(run.shop, out)
    text = (
        plural(
            "{count} rejected row in {path}", "{count} rejected rows in {path}", result.rows, path=result.path
        )
        if result.path
        else _("No rejected rows.")
    )
    run.out.data(result, text)


@rejects.command("import", writes=True)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, readable=False))
def import_rejected(run: Run, path: Path) -> None:
    """Take in the corrected rows of the workbook that “export” wrote.

    Example: aftersales orders rejects import outbox/rejected-rows.xlsx
    """
    from aftersales_cli.cli.import_report import import_json, report_import
    from aftersales_cli.intake.rejects import import_rejects

    found = import_rejects(run.shop, path)
    for entry in found:
        report_import(run.out, entry.result, run.shop.zone)
        run.out.line(
            "  " + plural("{count} rejected row settled", "{count} rejected rows settled", entry.mended)
        )
    if run.out.as_json:
        run.out.data([{**import_json(entry.result), "mended": entry.mended} for entry in found])
    if any(entry.result.rejected for entry in found):
        run.partly()


@formats.command("new", writes=True)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, readable=False))
@option("--name", metavar="NAME", help=N_("Name of the format; default: the file's name."))
def new_format(run: Run, file: Path, name: str | None) -> None:
    """Draft a format for an unknown file, with the best guesses filled in, to be edited.

    Example: aftersales orders formats new export.csv --name wholesale
    """
    from aftersales_cli.intake.format_guess import guess_format

    result = guess_format(run.shop, file, name)
    lines = [_("{column} → {field}", column=column, field=field) for column, field in result.fields]
    lines.append(_("Not used: {columns}", columns=", ".join(result.unused) or "–"))
    run.out.data(
        result, *lines, _("Format drafted in {path}: check it, then import the file.", path=result.path)
    )
