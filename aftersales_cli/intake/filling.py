"""Fill the staging tables with the rows of one file."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from aftersales_cli.database.staging import (
    finish_staging,
    stage_aftersales,
    stage_lines,
    stage_orders,
    stage_rejects,
)
from aftersales_cli.intake.collecting import without_collecting
from aftersales_cli.intake.formats import Format
from aftersales_cli.intake.rows import RowReader, Staged
from aftersales_cli.reading.tables import OpenTable
from aftersales_cli.shop import Shop

_BATCH = 2000
SAMPLES = 5
"""Rejected rows that are told at once."""
_CODECS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "gb18030": "gb18030",
    "utf-16": "utf-16-le",
    "cp1252": "cp1252",
}

Progress = Callable[[int, float | None], None]
"""Is told the rows read so far, and the share of the file if that can be estimated."""


@dataclass
class Filled:
    """What went into the staging tables."""

    rows: int = 0
    rejected: int = 0
    samples: list[tuple[int, str, str]] = field(default_factory=list)
    """The first rejected rows: row number, column, reason."""
    records: dict[str, int] = field(default_factory=lambda: {"orders": 0, "lines": 0, "aftersales": 0})
    repeated: dict[str, int] = field(default_factory=dict)
    """Records that occurred again in the same file."""


def fill_staging(
    shop: Shop,
    table: OpenTable[Format],
    reader: RowReader,
    *,
    progress: Progress | None = None,
    size: int = 0,
) -> Filled:
    """Read all rows into the staging tables; to be used inside ``staging``. Raises FileError for a broken file.

    ``size`` is the file's in bytes: with the length of the rows so far it tells what is left of a text file.
    """
    with without_collecting():
        filled = _fill(shop, table, reader, progress, size)
    distinct = finish_staging(shop.database, line_runs=reader.lines.runs if reader.lines else 0)
    filled.repeated = {kind: number - distinct[f"stage_{kind}"] for kind, number in filled.records.items()}
    return filled


def _fill(
    shop: Shop, table: OpenTable[Format], reader: RowReader, progress: Progress | None, size: int
) -> Filled:
    filled, batch, seen = Filled(), Staged(), 0.0
    for row_number, cells in itertools.islice(table.rows, reader.format.skip_rows, None):
        filled.rows += 1
        reader.read(row_number, cells, batch)
        if filled.rows % _BATCH == 0:
            _flush(shop, batch, reader, filled)
            batch = Staged()
            if progress:
                # One row of each batch stands for the others.
                seen += _BATCH * len(",".join(cells).encode(_CODECS.get(table.encoding, "utf-8"), "replace"))
                share = min(seen / size, 1.0) if size and table.encoding in _CODECS else None
                progress(filled.rows, share)
    _flush(shop, batch, reader, filled)
    return filled


def _flush(shop: Shop, batch: Staged, reader: RowReader, filled: Filled) -> None:
    stage_orders(shop.database, batch.orders, reader.format.sum)
    stage_aftersales(shop.database, batch.aftersales)
    if reader.lines:
        stage_lines(shop.database, reader.lines.columns, batch.lines, batch.negative_lines)
    stage_rejects(shop.database, batch.rejects)
    filled.rejected += len(batch.rejects)
    filled.samples += [reject[:3] for reject in batch.rejects[: SAMPLES - len(filled.samples)]]
    filled.records["orders"] += len(batch.orders) + batch.repeated_orders
    filled.records["lines"] += len(batch.lines)
    filled.records["aftersales"] += len(batch.aftersales) + len(batch.negative_lines)
