"""How the result of an import is told."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from aftersales_cli.cli.output import Output
from aftersales_cli.cli.run import Run
from aftersales_cli.clock import local_text
from aftersales_cli.database.merging import Merged
from aftersales_cli.intake.results import ImportResult
from aftersales_cli.language import _, plural

_SHOWN_WARNINGS = 5


def import_json(result: ImportResult) -> dict[str, object]:
    """Return the promised JSON object of one file (see design: commands)."""
    return {
        "file": result.file,
        "format": result.format,
        "platform": result.platform,
        "storefront": result.storefront,
        "encoding": result.encoding,
        "import_id": result.import_id,
        "rows": result.rows,
        "orders": result.orders._asdict(),
        "lines": result.lines._asdict(),
        "aftersales": result.aftersales._asdict(),
        "others": result.others._asdict(),
        "rejected": result.rejected,
        "skipped": result.skipped,
        "mended": result.mended,
        "dismissed": result.dismissed,
        "opened": list(result.opened),
        "already_imported_at": result.already_at,
        "warnings": [
            {"code": entry.code, "field": entry.field, "value": entry.value, "count": entry.count}
            for entry in result.warnings
        ],
    }


def report_totals(out: Output, results: Sequence[ImportResult]) -> None:
    """Print all files' results as JSON, if JSON was asked for."""
    if out.as_json:
        out.data([import_json(result) for result in results])


def hand_back_rejects(run: Run, results: Sequence[ImportResult]) -> None:
    """Write the workbook of rejected rows, if these imports rejected any, and say where it is."""
    if run.shop.dry_run or not any(result.rejected and not result.already_at for result in results):
        return
    from aftersales_cli.reports.rejects_workbook import export_rejects

    written = export_rejects(run.shop)
    if written.path:
        run.out.note(_("Correct the rejected rows in {path} and drop it into the inbox.", path=written.path))


def report_import(out: Output, result: ImportResult, zone: ZoneInfo) -> None:
    """Tell people what came of one file; times are those of ``zone``, the shop's."""
    if not result.format:
        out.line(_("{file}: rejected rows handed back", file=result.file))
    elif result.already_at:
        out.line(
            _("{file}: already imported at {at} (import {number}); nothing changed.", file=result.file,
              at=local_text(result.already_at, zone), number=result.import_id)
        )  # fmt: skip
    else:
        out.line(
            _("{file}: {format}, storefront {storefront}, {encoding}", file=result.file, format=result.format,
              storefront=result.storefront, encoding=result.encoding)
        )  # fmt: skip
    for title, counts in (
        (_("orders"), result.orders),
        (_("order lines"), result.lines),
        (_("after-sales records"), result.aftersales),
        (_("answers, reports, reviews, parcels, requests"), result.others),
    ):
        if any(counts):
            out.line("  " + _describe(title, counts))
    if result.opened:
        numbers = ", ".join(map(str, result.opened))
        out.line(
            "  "
            + plural("New case: {numbers}.", "New cases: {numbers}.", len(result.opened), numbers=numbers)
        )
    _report_rows_left_out(out, result)
    for warning in result.warnings[:_SHOWN_WARNINGS]:
        out.note("  ! " + warning.text())
    if len(result.warnings) > _SHOWN_WARNINGS:
        rest = len(result.warnings) - _SHOWN_WARNINGS
        out.note("  ! " + plural("{count} more warning", "{count} more warnings", rest))


def _report_rows_left_out(out: Output, result: ImportResult) -> None:
    if result.mended:
        out.line(
            "  " + plural("{count} rejected row settled", "{count} rejected rows settled", result.mended)
        )
    if result.dismissed:
        out.line(
            "  "
            + plural(
                "{count} row dismissed: marked as not wanted, or deleted from the workbook",
                "{count} rows dismissed: marked as not wanted, or deleted from the workbook",
                result.dismissed,
            )
        )
    if result.skipped:
        out.line(
            "  "
            + plural(
                "{count} row skipped: a total or an end note, no data",
                "{count} rows skipped: totals or end notes, no data",
                result.skipped,
            )
        )
    if result.rejected:
        out.note("  " + plural("{count} row rejected:", "{count} rows rejected:", result.rejected))
        for row_number, column, reason in result.samples:
            place = (
                _("row {row}, {column}: {reason}", row=row_number, column=column, reason=reason)
                if column
                else _("row {row}: {reason}", row=row_number, reason=reason)
            )
            out.note("    " + place)
        if result.import_id:
            out.note(
                "    "
                + _("All of them: aftersales orders rejects list --import {number}", number=result.import_id)
            )


def _describe(title: str, counts: Merged) -> str:
    return _("{title}: {new} new, {updated} changed, {unchanged} unchanged", title=title, **counts._asdict())
