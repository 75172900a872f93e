"""How the result of reading a filled form back is told."""

from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _
from aftersales_cli.reading.form_rows import FormImport, RejectedRow

_FILES = {
    "callbacks": N_("{file}: callback list, {recorded} recorded, {unchanged} unchanged"),
    "register": N_("{file}: case register, {recorded} recorded, {unchanged} unchanged"),
    "return_exceptions": N_("{file}: workbook of returns, {recorded} recorded, {unchanged} unchanged"),
}
"""Kind of a form → what the inbox says of one."""


def tell_form(run: Run, result: FormImport, *more: str, with_sheet: bool = True) -> None:
    """Tell what a filled form brought, then ``more``, then each rejected cell; some rejected is exit code 5.

    ``with_sheet`` names the sheet of a cell, for forms of several sheets.
    """
    counts = _(
        "{recorded} recorded, {unchanged} known already, {blank} not filled in, {rejected} rejected.",
        **result.counts(),
    )
    run.out.data(result, counts, *more)
    for entry in result.rejected:
        cell = _place(entry) if with_sheet else entry.cell
        run.out.note(_("{cell} ({column}): {reason}", cell=cell, column=entry.column, reason=entry.reason))
    if result.rejected:
        run.partly()


def tell_form_file(run: Run, file: str, result: FormImport) -> None:
    """Tell what a filled form brought that lay in the inbox."""
    run.out.line(_(_FILES[result.kind], file=file, recorded=result.recorded, unchanged=result.unchanged))
    for entry in result.rejected:
        run.out.note(
            "  "
            + _("{cell}, {column}: {reason}", cell=_place(entry), column=entry.column, reason=entry.reason)
        )


def _place(entry: RejectedRow) -> str:
    return f"{entry.sheet}!{entry.cell}" if entry.sheet else entry.cell
