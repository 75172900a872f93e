"""What comes of importing one file."""

from dataclasses import dataclass, field

from aftersales_cli.database.merging import Merged
from aftersales_cli.intake.fields import FIELD_NAMES
from aftersales_cli.intake.formats import Format
from aftersales_cli.intake.other_rows import OtherWarning
from aftersales_cli.intake.rows import RowReader
from aftersales_cli.language import N_, _
from aftersales_cli.reading.headers import normalise_header
from aftersales_cli.reading.tables import OpenTable


@dataclass(frozen=True)
class Warned:
    """Something about a file that did not stop it but that the owner should know."""

    code: str
    """``unknown_word``, ``missing_column``, ``currency``, ``rounded``, ``dated_by_number``, ``preview``, ``duplicate_header``,
    ``encoding``, ``unpaired_lines``, ``forgotten`` or ``ignored``."""
    field: str
    value: str
    count: int

    def text(self) -> str:
        """Return the warning as a sentence."""
        field_name = _(FIELD_NAMES.get(self.field, self.field)) if self.field else ""
        return _(_WARNINGS[self.code], count=self.count, value=self.value, field=field_name)


_WARNINGS = {
    "unknown_word": N_("{count} × unknown word “{value}” in {field}"),
    "missing_column": N_("There is no column for {field} ({value}); what it would say stays unknown"),
    "ignored": N_(
        "--map and --encoding were not used, since the file was taken in before; to read it anew, first: "
        "aftersales orders undo {value}"
    ),
    "currency": N_(
        "The file names no currency; its amounts are taken as {value}. If that is wrong, undo the import and add the "
        "storefront with its currency first: aftersales storefronts add CODE --platform … --currency …"
    ),
    "rounded": N_("{count} different amounts were finer than the currency and were rounded"),
    "encoding": N_("The text was read as {value}; check that names look right"),
    "unpaired_lines": N_(
        "{count} × an order line that may be stored twice: one file numbers its lines, another does not, and nothing "
        "else tells which are the same. Compare the order's lines: aftersales orders show NUMBER"
    ),
    "forgotten": N_(
        "{count} × names, contacts or words of customers who were forgotten; they were not taken in. Delete the file "
        "when you no longer need it"
    ),
    "dated_by_number": N_("{count} orders had no time; the day their number begins with is used"),
    "preview": N_("“{value}” is a preview: this format was never seen whole; check the figures"),
    "duplicate_header": N_("Column “{value}” occurs twice; the first one is used"),
}
"""Code of a warning → its sentence."""


@dataclass(frozen=True)
class ImportResult:
    """What came of one file; the JSON of ``orders import`` has the same keys."""

    file: str
    format: str
    platform: str
    encoding: str
    import_id: int
    storefront: str
    rows: int
    orders: Merged
    lines: Merged
    aftersales: Merged
    others: Merged
    """Answers, reports, reviews and parcels."""
    rejected: int
    skipped: int = 0
    """Totals and end notes below the rows: rows = stored + unchanged + rejected + skipped."""
    mended: int = 0
    """Rows rejected before, handed back and settled."""
    dismissed: int = 0
    """Rows rejected before that came back marked as not wanted, or were deleted from the workbook."""
    warnings: tuple[Warned | OtherWarning, ...] = ()
    already_at: str | None = None
    """When the same bytes were imported before; nothing was done then."""
    opened: tuple[int, ...] = ()
    """Numbers of the cases that customers' requests became."""
    samples: tuple[tuple[int, str, str], ...] = field(default=())
    """The first rejected rows: row number, column, reason."""


def collect_warnings(reader: RowReader, table: "OpenTable[Format]", *, unpaired: int = 0) -> list[Warned]:
    """Return what should be told about a file that was taken in, unknown words first.

    ``unpaired`` lines may be stored twice.
    """
    warnings = [
        Warned("unknown_word", field_name, word, count)
        for (field_name, word), count in reader.remarks.unknown.most_common()
    ]
    warnings += [
        Warned("missing_column", f"{kind}.{name}", " | ".join(reader.format.spoken[kind][name]), 1)
        for kind, name in reader.missing_core()
    ]
    if unpaired:
        warnings.append(Warned("unpaired_lines", "", "", unpaired))
    if reader.assumed_currency:
        warnings.append(Warned("currency", "", reader.assumed_currency, 1))
    if reader.remarks.rounded:
        warnings.append(Warned("rounded", "", "", len(reader.remarks.rounded)))
    if reader.remarks.dated_by_number:
        warnings.append(Warned("dated_by_number", "", "", reader.remarks.dated_by_number))
    if reader.format.preview:
        warnings.append(Warned("preview", "", reader.format.name, 1))
    if table.encoding == "cp1252":
        warnings.append(Warned("encoding", "", table.encoding, 1))
    used = {
        name for fields in reader.format.columns.values() for aliases in fields.values() for name in aliases
    }
    warnings += [
        Warned("duplicate_header", "", name, 1)
        for name in reader.duplicate_headers()
        if normalise_header(name) in used
    ]
    return warnings
