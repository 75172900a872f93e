"""Import one file: read, stage without a lock, merge in one short transaction."""

from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from aftersales_cli.clock import local_day
from aftersales_cli.database.case_orders import join_waiting_cases
from aftersales_cli.database.imports import complete_import, find_import, insert_import, insert_rejects
from aftersales_cli.database.merging import (
    Context,
    Merged,
    join_orders,
    merge_lines,
    merge_orders,
    settle_refunds,
)
from aftersales_cli.database.merging_cases import merge_aftersales
from aftersales_cli.database.staging import finish_staging, stage, staging
from aftersales_cli.database.storefronts import get_storefront
from aftersales_cli.errors import UnknownFileError
from aftersales_cli.intake.formats import Format, load_formats, nearest, recognise
from aftersales_cli.intake.rows import RowReader, Staged, Surroundings
from aftersales_cli.language import _
from aftersales_cli.reading.headers import normalise_header
from aftersales_cli.reading.tables import OpenTable, fingerprint, open_table
from aftersales_cli.records.orders import Import
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import resolve_storefront

_BATCH = 2000


@dataclass(frozen=True)
class Warned:
    """Something about a file that did not stop it but that the owner should know."""

    code: str
    """``unknown_word``, ``rounded``, ``duplicate_header`` or ``encoding``."""
    field: str
    value: str
    count: int

    def text(self) -> str:
        """Return the warning as a sentence."""
        if self.code == "unknown_word":
            return _(
                "{count} × unknown word “{value}” in {field}",
                count=self.count,
                value=self.value,
                field=self.field,
            )
        if self.code == "rounded":
            return _("{count} amounts were finer than the currency and were rounded", count=self.count)
        if self.code == "encoding":
            return _("The text was read as {value}; check that names look right", value=self.value)
        return _("Column “{value}” occurs twice; the first one is used", value=self.value)


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
    rejected: int
    warnings: tuple[Warned, ...] = ()
    already_at: str | None = None
    """When the same bytes were imported before; nothing was done then."""
    samples: tuple[tuple[int, str, str], ...] = field(default=())
    """The first rejected rows: row number, column, reason."""


def import_file(
    shop: Shop,
    path: Path,
    *,
    storefront: str | None = None,
    encoding: str | None = None,
    only_format: Format | None = None,
    formats: list[Format] | None = None,
) -> ImportResult:
    """Take in one file: wholly, or not at all.

    ``storefront`` says whose file it is where the file does not; ``only_format`` is a mapping the user gave.
    Raises FileError for a file that cannot be read, UnknownFileError (naming the nearest formats) for one
    nobody knows, RefusedError, BusyError.
    """
    mark = fingerprint(path)
    if seen := find_import(shop.database, mark.sha256):
        return _repeated(shop, path, seen)
    known = [only_format] if only_format else (formats or load_formats(shop.folder))
    table = _open(path, known, encoding)
    try:
        fmt = table.match
        if fmt.not_orders:
            raise UnknownFileError(
                _("{file} is a {kind} file ({name}), not an order file.", file=path.name, kind=fmt.not_orders,
                  name=fmt.name),
                remedy=_("Export the order list or the after-sales list instead."),
            )  # fmt: skip
        reader = RowReader(fmt, table.header, _surroundings(shop, fmt))
        with staging(shop.database):
            filled = _fill(shop, table, reader)
            return _merge(shop, path, mark.sha256, table, reader, filled, storefront)
    finally:
        table.close()


def _open(path: Path, formats: list[Format], encoding: str | None) -> "OpenTable[Format]":
    try:
        return open_table(path, lambda header: recognise(formats, header), encoding=encoding)
    except UnknownFileError as error:
        if not error.headers:
            raise
        raise _unknown(path, formats, error) from error


def _unknown(path: Path, formats: list[Format], error: UnknownFileError) -> UnknownFileError:
    """Explain which header was found, which formats come near and what they miss."""
    header = max(error.headers, key=lambda cells: sum(bool(cell.strip()) for cell in cells))
    shown = ", ".join(cell.strip() for cell in header if cell.strip())[:400]
    lines = [
        _(
            "{file} is no file this program knows. Its columns: {columns}",
            file=path.name,
            columns=shown or "–",
        )
    ]
    lines += [
        _("Nearest: {name} ({code}); missing: {missing}", name=fmt.name, code=fmt.code,
          missing=", ".join(missing) or "–")
        for fmt, missing in nearest(formats, header)
    ]  # fmt: skip
    return UnknownFileError(
        "\n  ".join(lines),
        remedy=_(
            "Name the columns yourself: --map COLUMN=order.external_id --map COLUMN=order.paid …, and keep that "
            "with --save-format NAME."
        ),
        headers=error.headers,
    )


def _surroundings(shop: Shop, fmt: Format) -> Surroundings:
    zone = shop.zone
    return Surroundings(
        zone=ZoneInfo(fmt.timezone) if fmt.timezone else zone,
        day_of=lambda moment: local_day(moment, zone).isoformat(),
        currency=fmt.currency or shop.settings.shop.currency,
        reasons=shop.taxonomy("reasons"),
        now=shop.stamp,
    )


@dataclass
class _Filled:
    """What went into the staging tables."""

    rows: int = 0
    rejects: list[tuple[int, str, str, str]] = field(default_factory=list)
    records: dict[str, int] = field(default_factory=lambda: {"orders": 0, "lines": 0, "aftersales": 0})
    repeated: dict[str, int] = field(default_factory=dict)
    """Records that occurred again in the same file."""


def _fill(shop: Shop, table: "OpenTable[Format]", reader: RowReader) -> _Filled:
    filled, batch = _Filled(), Staged()
    for row_number, cells in table.rows:
        filled.rows += 1
        reader.read(row_number, cells, batch)
        if filled.rows % _BATCH == 0:
            _flush(shop, batch, filled)
            batch = Staged()
    _flush(shop, batch, filled)
    distinct = finish_staging(shop.database)
    filled.repeated = {kind: number - distinct[f"stage_{kind}"] for kind, number in filled.records.items()}
    return filled


def _flush(shop: Shop, batch: Staged, filled: _Filled) -> None:
    stage(shop.database, batch.orders, batch.lines, batch.aftersales)
    filled.rejects += batch.rejects
    for kind in filled.records:
        filled.records[kind] += len(getattr(batch, kind))


def _merge(
    shop: Shop,
    path: Path,
    sha256: str,
    table: "OpenTable[Format]",
    reader: RowReader,
    filled: _Filled,
    storefront: str | None,
) -> ImportResult:
    fmt = table.match
    warnings = _warnings(reader, table)
    with shop.writing("orders.import") as writing:
        if seen := find_import(shop.database, sha256):
            return _repeated(shop, path, seen)
        owner = resolve_storefront(
            shop,
            platform=fmt.platform,
            named=storefront,
            shop_name=reader.shop_name,
            currency=fmt.currency,
            timezone=fmt.timezone,
        )
        import_id = insert_import(
            shop.database,
            file_name=path.name,
            sha256=sha256,
            fmt=fmt.code,
            version=fmt.version,
            platform=fmt.platform,
            encoding=table.encoding,
            storefront_id=owner.id,
            stamp=shop.stamp,
            agent=shop.agent.code,
        )
        context = Context(import_id, owner.id, shop.stamp, shop.agent.code)
        orders = _with_repeated(merge_orders(shop.database, context), filled.repeated["orders"])
        lines = merge_lines(shop.database, context)
        aftersales = _with_repeated(merge_aftersales(shop.database, context), filled.repeated["aftersales"])
        join_waiting_cases(shop.database, owner.id, at=shop.stamp, actor=shop.agent.code)
        join_orders(shop.database, context)
        settle_refunds(shop.database, context)
        insert_rejects(shop.database, import_id, table.sheet, filled.rejects)
        counts = _counts(orders=orders, lines=lines, aftersales=aftersales)
        complete_import(
            shop.database,
            import_id,
            rows_read=filled.rows,
            rejected=len(filled.rejects),
            counts=counts,
            warnings=[vars(entry) for entry in warnings],
        )
        writing.touch("import", import_id)
        writing.count(rows=filled.rows, rejected=len(filled.rejects), **counts)
    return ImportResult(
        file=str(path),
        format=fmt.code,
        platform=fmt.platform,
        encoding=table.encoding,
        import_id=import_id,
        storefront=owner.code,
        rows=filled.rows,
        orders=orders,
        lines=lines,
        aftersales=aftersales,
        rejected=len(filled.rejects),
        warnings=tuple(warnings),
        samples=tuple((reject[0], reject[1], reject[2]) for reject in filled.rejects[:5]),
    )


def _with_repeated(merged: Merged, repeated: int) -> Merged:
    """Count records that a file holds twice as unchanged, so that read = stored + unchanged + rejected."""
    return merged._replace(unchanged=merged.unchanged + repeated)


def _counts(**merged: Merged) -> dict[str, int]:
    return {
        f"{kind}_{name}": number
        for kind, counts in merged.items()
        for name, number in counts._asdict().items()
    }


def _warnings(reader: RowReader, table: "OpenTable[Format]") -> list[Warned]:
    warnings = [
        Warned("unknown_word", field_name, word, count)
        for (field_name, word), count in reader.unknown.most_common()
    ]
    if reader.rounded:
        warnings.append(Warned("rounded", "", "", reader.rounded))
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


def _repeated(shop: Shop, path: Path, seen: Import) -> ImportResult:
    """Describe a file whose very bytes were imported before: everything in it is unchanged."""
    owner = get_storefront(shop.database, seen.storefront_id)
    return ImportResult(
        file=str(path),
        format=seen.format,
        platform=seen.platform,
        encoding=seen.encoding,
        import_id=seen.id,
        storefront=owner.code if owner else "",
        rows=seen.rows_read,
        orders=Merged(0, 0, seen.orders_new + seen.orders_updated + seen.orders_unchanged),
        lines=Merged(0, 0, seen.lines_new + seen.lines_updated + seen.lines_unchanged),
        aftersales=Merged(0, 0, seen.aftersales_new + seen.aftersales_updated + seen.aftersales_unchanged),
        rejected=seen.rejected,
        already_at=seen.imported_at,
    )
