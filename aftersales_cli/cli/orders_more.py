"""Verbs of ``orders`` beside importing and looking up: undo, conflicts, vocabulary, rejected rows, new formats."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import option
from aftersales_cli.cli.numbers import WholeNumber
from aftersales_cli.cli.orders import formats, orders, rejects
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _, plural

if TYPE_CHECKING:
    from aftersales_cli.intake.own_words import MappedWord


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
    lines = [
        _("Import {number} ({file}) undone. Rows deleted: {deleted}; changes taken back: {restored}.",
          number=result.import_id, file=result.file, deleted=result.deleted, restored=result.restored)
    ]  # fmt: skip
    if result.unmerged:
        lines.append(
            plural(
                "{count} merged customer went with it. After importing the file again, merge anew: "
                "aftersales customers list --duplicates",
                "{count} merged customers went with it. After importing the file again, merge anew: "
                "aftersales customers list --duplicates",
                result.unmerged,
            )
        )
    run.out.data(result, *lines)


@orders.command("conflicts")
@option("--limit", type=WholeNumber(minimum=1), default=200, show_default=True, help=N_("How many at most."))
def conflicts(run: Run, limit: int) -> None:
    """List where two equally new files say different things, and which value is kept.

    Also where an older file has another amount or quantity, which nothing later can change.

    Example: aftersales orders conflicts
    """
    from aftersales_cli.clock import local_text
    from aftersales_cli.database.conflicts import Conflict, list_conflicts
    from aftersales_cli.intake.fields import CONFLICT_RECORDS, FIELD_NAMES, RECORDS
    from aftersales_cli.money import format_money

    shop = run.shop

    def field(row: Conflict) -> str:
        return f"{CONFLICT_RECORDS[row.table_name]}.{row.column_name}"

    def shown(row: Conflict, value: str) -> str:
        kind = RECORDS[CONFLICT_RECORDS[row.table_name]][row.column_name]
        if kind == "money":
            return format_money(int(value), row.currency)
        if kind == "time":
            return local_text(value, shop.zone)
        return shop.taxonomy("order_statuses").label(value) if field(row) == "order.status" else value

    columns = [
        Column(_("Order or record"), lambda row: row.row_key),
        Column(_("Line"), lambda row: row.line),
        Column(_("Storefront"), lambda row: row.storefront),
        Column(_("Field"), lambda row: _(FIELD_NAMES[field(row)])),
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
    taken on by orders, refunds, reasons and parcels that have the word. A word mapped again is corrected. Words for
    which only the meaning is kept, such as those of scores, hold for files to come.

    Example: aftersales orders vocabulary

    Example: aftersales orders vocabulary --map aftersales.reason:颜色太像月光=not_as_described
    """
    from aftersales_cli.intake.own_words import field_name, map_words, unknown_words

    if mappings:
        found = map_words(run.shop, mappings)
        run.out.data(found, *(line for entry in found for line in _tell_mapped(run, entry)))
        return
    columns = [
        Column(_("Field"), lambda row: field_name(row.field)),
        Column(_("Word"), lambda row: row.word),
        Column(_("Rows"), lambda row: row.count, right=True),
        Column(_("Imports"), lambda row: row.imports, right=True),
        Column(_("Platform"), lambda row: row.platform),
        Column(_("To give it a meaning"), lambda row: f"--map {row.field}:{row.word}=…"),
    ]
    run.out.listing(unknown_words(run.shop), columns, empty=_("Every word is known."))


def _tell_mapped(run: Run, entry: "MappedWord") -> Iterator[str]:
    from aftersales_cli.intake.own_words import code_name, field_name

    words = {
        "field": field_name(entry.field),
        "word": entry.word,
        "code": code_name(run.shop, entry.field, entry.code),
    }
    if entry.later_only:
        yield _(
            "{field}: “{word}” now means {code} in files imported from now on. For files imported before: undo the "
            "import and import the file again.",
            **words,
        )
        return
    yield plural(
        "{field}: “{word}” now means {code}; {count} row changed.",
        "{field}: “{word}” now means {code}; {count} rows changed.",
        entry.rows,
        **words,
    )
    if entry.amounts:
        yield "  " + _(
            "What counts as paid was set when the files came in; to have it follow the new meaning, undo their "
            "imports and import them again."
        )


@rejects.command("dismiss", writes=True)
@click.argument("numbers", metavar="NUMBERS…", type=WholeNumber(minimum=1), nargs=-1)
@option(
    "--import", "import_id", type=WholeNumber(minimum=1), metavar="N", help=N_("All those of one import.")
)
def dismiss(run: Run, numbers: tuple[int, ...], import_id: int | None) -> None:
    """Dismiss rejected rows that nobody needs; they are not counted and not handed out again.

    The numbers are those of “aftersales orders rejects list”.

    Example: aftersales orders rejects dismiss 12 13

    Example: aftersales orders rejects dismiss --import 3
    """
    from aftersales_cli.intake.dismissing import dismiss_rejects

    result = dismiss_rejects(run.shop, numbers, import_id=import_id)
    run.out.data(
        result,
        plural("{count} rejected row dismissed.", "{count} rejected rows dismissed.", result.dismissed),
    )
    if run.shop.dry_run:
        run.out.note(_("Dry run: nothing was changed."))


@rejects.command("export", writes=True)
@option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help=N_("Another file or folder than the outbox."),
)
def export(run: Run, out: Path | None) -> None:
    """Write the rejected rows as a workbook: correct them there and drop it into the inbox.

    A row deleted from it, or marked “drop” in its first column, is dismissed when the workbook comes back.

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
    from aftersales_cli.cli.import_report import hand_back_rejects, report_import, report_totals
    from aftersales_cli.intake.rejects import import_rejects

    found = import_rejects(run.shop, path)
    for result in found:
        report_import(run.out, result, run.shop.zone)
    report_totals(run.out, found)
    hand_back_rejects(run, found)
    if any(result.rejected for result in found):
        run.partly()


@formats.command("new", writes=True)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, readable=False))
@option("--name", metavar="NAME", help=N_("Name of the format; default: the file's name."))
@option(
    "--anyway", is_flag=True, help=N_("Draft one although a known format reads the file; yours is used then.")
)
def new_format(run: Run, file: Path, name: str | None, *, anyway: bool) -> None:
    """Draft a format for an unknown file, with the best guesses filled in, to be edited.

    Orders, refunds, buyers' reviews, parcel tracking, survey answers and chat reports are told apart by the header.

    Example: aftersales orders formats new export.csv --name wholesale
    """
    from aftersales_cli.intake.format_guess import guess_format

    result = guess_format(run.shop, file, name, anyway=anyway)
    lines = [_("{column} → {field}", column=column, field=field) for column, field in result.fields]
    lines.append(_("Not used: {columns}", columns=", ".join(result.unused) or "–"))
    run.out.data(
        result, *lines, _("Format drafted in {path}: check it, then import the file.", path=result.path)
    )
