"""Import one file: read, stage without a lock, merge in one short transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from aftersales_cli.clock import local_day
from aftersales_cli.database.case_orders import join_waiting_cases
from aftersales_cli.database.imports import (
    drop_staged_rejects,
    find_import,
    insert_rejects,
    insert_staged_rejects,
    sample_staged_rejects,
)
from aftersales_cli.database.merging import Context, Merged, join_orders, merge_orders, settle_refunds
from aftersales_cli.database.merging_cases import merge_aftersales
from aftersales_cli.database.merging_lines import merge_lines
from aftersales_cli.database.other_files import join_other_rows
from aftersales_cli.database.staging import filling, staging
from aftersales_cli.database.storefronts import find_storefront, list_storefronts
from aftersales_cli.desk.assigning import assign_free_cases
from aftersales_cli.desk.refunds.tying import tie_platform_refunds
from aftersales_cli.errors import UnknownFileError
from aftersales_cli.intake.buyer_reviews import take_reviews
from aftersales_cli.intake.chats import take_chats
from aftersales_cli.intake.filling import SAMPLES, Progress, fill_staging
from aftersales_cli.intake.formats import Format, load_formats, recognise
from aftersales_cli.intake.mapping import OTHER_PLATFORM
from aftersales_cli.intake.other_rows import OtherFile, OtherResult
from aftersales_cli.intake.own_words import own_words
from aftersales_cli.intake.recording import Recorder, Taken, repeated_result
from aftersales_cli.intake.request_files import refuse_requests
from aftersales_cli.intake.requests import take_requests
from aftersales_cli.intake.results import ImportResult, collect_warnings
from aftersales_cli.intake.rows import RowReader
from aftersales_cli.intake.surroundings import Surroundings
from aftersales_cli.intake.surveys import names_orders, take_surveys
from aftersales_cli.intake.tracking import take_tracking
from aftersales_cli.intake.trailers import is_trailer
from aftersales_cli.intake.unknown_files import explain_unknown
from aftersales_cli.language import _
from aftersales_cli.reading.cells import clean_cell
from aftersales_cli.reading.headers import normalise_header
from aftersales_cli.reading.tables import OpenTable, fingerprint, open_table
from aftersales_cli.records.shops import Storefront
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import file_storefront, require_or_make, resolve_storefront

WORKBOOKS = frozenset({"xlsx", "xls"})
"""What a table's encoding is called when it comes from a spreadsheet."""


@dataclass(frozen=True)
class HandBack:
    """Rows that were rejected before and come back: how their first file was read, and what becomes of them."""

    settle: Callable[[int, Taken], None]
    """Called with the import's id before the transaction ends."""
    mapping: str = ""
    storefront_named: bool = True


def import_file(
    shop: Shop,
    path: Path,
    *,
    storefront: str | None = None,
    encoding: str | None = None,
    only_format: Format | None = None,
    formats: list[Format] | None = None,
    progress: Progress | None = None,
    name: str | None = None,
    mapping: str = "",
    hand_back: HandBack | None = None,
) -> ImportResult:
    """Take in one file: wholly, or not at all.

    ``storefront`` says whose file it is where the file does not; ``only_format`` is a mapping the user gave.
    Raises FileError for a file that cannot be read, UnknownFileError (naming the nearest formats) for one
    nobody knows, RefusedError, BusyError. ``progress`` is told the rows read so far, and the share of the
    file if that can be estimated. ``name`` is what people call the file, if not by its path (one inside an
    archive). ``mapping`` is the JSON of an ``only_format`` that no file keeps: its rejected rows come back with it.
    """
    mark = fingerprint(path)
    if seen := find_import(shop.database, mark.sha256):
        return repeated_result(
            shop, name or str(path), seen, ignored=only_format is not None or encoding is not None
        )
    known = [only_format] if only_format else (formats or load_formats(shop.folder))
    table = _open(path, known, encoding)
    try:
        fmt = table.match
        if fmt.not_orders:
            raise UnknownFileError(
                _("{file} is known: “{name}”. It holds no orders.", file=path.name, name=fmt.name),
                remedy=_("Export the order list or the after-sales list instead."),
            )
        if hand_back is None:
            refuse_requests(fmt, table.header, path.name)
        record = Recorder(
            shop,
            name or str(path),
            mark.sha256,
            table,
            named=hand_back.storefront_named if hand_back else bool(storefront),
            mapping=hand_back.mapping if hand_back else mapping,
            settle=hand_back.settle if hand_back else None,
        )
        other = next((kind for kind in _OTHERS if kind in fmt.columns), None)
        if other:
            return _take_other(shop, table, other, storefront=storefront, record=record)
        return _take_orders(
            shop, table, storefront=storefront, size=mark.size, progress=progress, record=record
        )
    finally:
        table.close()


def _open(path: Path, formats: list[Format], encoding: str | None) -> "OpenTable[Format]":
    try:
        return open_table(path, lambda header: recognise(formats, header), encoding=encoding)
    except UnknownFileError as error:
        if not error.headers:
            raise
        raise explain_unknown(path, formats, error) from error


def _surroundings(shop: Shop, fmt: Format, storefront: str | None) -> Surroundings:
    """Return what the file leaves open: as its format says, else as its storefront, else as the shop."""
    zone = shop.zone
    owner = find_storefront(shop.database, storefront) if storefront else None
    if not storefront:
        same = [entry for entry in list_storefronts(shop.database) if entry.platform == fmt.platform]
        owner = same[0] if len(same) == 1 else None
    timezone = fmt.timezone or (owner.timezone if owner else None)
    currency = fmt.currency or (owner.currency if owner else None)
    return Surroundings(
        zone=ZoneInfo(timezone) if timezone else zone,
        day_of=lambda moment: local_day(moment, zone).isoformat(),
        currency=currency or shop.settings.shop.currency,
        currency_known=bool(currency) or fmt.platform == OTHER_PLATFORM,
        reasons=shop.taxonomy("reasons"),
        now=shop.stamp,
        own_words=own_words(shop.folder),
    )


def _take_orders(
    shop: Shop,
    table: "OpenTable[Format]",
    *,
    storefront: str | None,
    size: int,
    progress: Progress | None,
    record: Recorder,
) -> ImportResult:
    """Stage orders, lines and after-sales records without a lock, then merge them in one short transaction."""
    fmt = table.match
    text_file = table.encoding not in WORKBOOKS
    reader = RowReader(fmt, table.header, _surroundings(shop, fmt, storefront), text_file=text_file)
    with staging(shop.database):
        with filling(shop.database):
            filled = fill_staging(shop, table, reader, progress=progress, size=size)
            skipped = drop_staged_rejects(shop.database, is_trailer) if filled.rejected else 0
            samples = sample_staged_rejects(shop.database, SAMPLES) if skipped else filled.samples

        def merge(import_id: int, owner: Storefront) -> Taken:
            context = Context(import_id, owner.id, shop.stamp, shop.agent.code)
            orders = _with_repeated(merge_orders(shop.database, context), filled.repeated["orders"])
            lines, unpaired = merge_lines(shop.database, context)
            aftersales = _with_repeated(
                merge_aftersales(shop.database, context), filled.repeated["aftersales"]
            )
            join_waiting_cases(shop.database, owner.id, at=shop.stamp, actor=shop.agent.code)
            join_orders(shop.database, context)
            tie_platform_refunds(shop, import_id)
            settle_refunds(shop.database, context)
            join_other_rows(shop.database)
            if aftersales.new and shop.settings.cases.assign == "rules":
                # While the import is being recorded, so that an undo takes it back, too.
                assign_free_cases(shop, import_id=import_id)
            insert_staged_rejects(shop.database, import_id, table.sheet)
            return Taken(
                filled.rows,
                filled.rejected - skipped,
                skipped,
                samples,
                collect_warnings(reader, table, unpaired=unpaired),
                orders,
                lines,
                aftersales,
            )

        def owner() -> Storefront:
            return resolve_storefront(
                shop,
                platform=fmt.platform,
                named=storefront,
                shop_name=reader.shop_name,
                currency=fmt.currency,
                timezone=fmt.timezone,
            )

        return record(owner, merge)


def _take_other(
    shop: Shop, table: "OpenTable[Format]", kind: str, *, storefront: str | None, record: Recorder
) -> ImportResult:
    """Take in a file that holds no orders: answers, service reports, buyers' reviews or courier tracking."""

    def take(import_id: int, owner: Storefront) -> Taken:
        whose = owner if record.named or kind in _OF_A_STOREFRONT else None
        words = own_words(shop.folder)
        result = _OTHERS[kind](OtherFile(shop, table, whose, import_id, words))
        insert_rejects(shop.database, import_id, table.sheet, result.rejects)
        samples = [reject[:3] for reject in result.rejects[:SAMPLES]]
        others = Merged(result.new, result.updated, result.unchanged)
        return Taken(
            result.rows,
            len(result.rejects),
            result.skipped,
            samples,
            list(result.warnings),
            others=others,
            opened=tuple(result.opened),
        )

    def owner() -> Storefront:
        if storefront:
            return require_or_make(shop, storefront)
        fmt = table.match
        # A courier's file, requests, and a survey that asks for the order's number find the storefront row by row.
        open_to_all = kind in {"tracking", "request"} or (
            kind == "survey" and names_orders(fmt, table.header)
        )
        return file_storefront(
            shop,
            fmt.platform if fmt.platform not in _NO_MARKETPLACES else "",
            shop_name=_first_shop_name(table),
            any_will_do=open_to_all,
        )

    return record(owner, take)


def _first_shop_name(table: "OpenTable[Format]") -> str:
    """Return the shop's name in the first row, if the file has a column for it."""
    places = [
        place for place, cell in enumerate(table.header) if normalise_header(cell) in table.match.shop_name
    ]
    first = next(table.rows, None) if places else None
    if first is None:
        return ""
    table.rows = chain([first], table.rows)
    return next(
        (text for place in places if (text := "".join(map(clean_cell, first[1][place : place + 1])))), ""
    )


_OTHERS: dict[str, Callable[[OtherFile], OtherResult]] = {
    "survey": take_surveys,
    "chat": take_chats,
    "review": take_reviews,
    "tracking": take_tracking,
    "request": take_requests,
}
"""Record kind beside orders → the function that takes its rows in."""

_NO_MARKETPLACES = frozenset({OTHER_PLATFORM, "survey"})
"""What formats say in place of a platform whose files come from none."""

_OF_A_STOREFRONT = frozenset({"chat", "review"})
"""Kinds whose rows do not name an order of a storefront by themselves."""


def _with_repeated(merged: Merged, repeated: int) -> Merged:
    """Count records that a file holds twice as unchanged, so that read = stored + unchanged + rejected."""
    return merged._replace(unchanged=merged.unchanged + repeated)
