"""Read the rows of one file in one format: staged orders, lines and after-sales records, or a reject."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from aftersales_cli.database.staging import LineRow, StagedAftersales, StagedOrder
from aftersales_cli.intake.aftersales_rows import AftersalesReader
from aftersales_cli.intake.columns import Cells, Columns, RowError
from aftersales_cli.intake.converters import EMPTY_TIME, describe
from aftersales_cli.intake.fields import CORE
from aftersales_cli.intake.formats import Format
from aftersales_cli.intake.line_rows import LineReader
from aftersales_cli.intake.order_rows import OrderReader
from aftersales_cli.intake.surroundings import Remarks, Surroundings
from aftersales_cli.language import N_
from aftersales_cli.reading.cells import clean_cell
from aftersales_cli.reading.headers import normalise_header

CUT_OFF = N_("the row ends before this column: was the download cut off?")
DELETED = N_("the platform marks this row as deleted")
NEGATIVE = N_("a negative quantity needs the time of its order in the same row")
NO_PRODUCT = N_("the row belongs to the order before it, but has no product")
_PRIVATE = re.compile(
    r"身份证|支付宝账号|来自ip|访客ip|银行账号|开户银行|idnumber|idname|^ip$|nationalregistration|taxcode|cpf|taxidentifier|buyername|buyeraddress"
)
"""Headers of personal data nobody needs; their cells are not even kept with a rejected row."""


@dataclass
class Staged:
    """Records of a batch of rows, and what could not be taken."""

    orders: list[StagedOrder] = field(default_factory=list)
    lines: list[LineRow] = field(default_factory=list)
    """In the columns of the file's LineReader."""
    negative_lines: list[LineRow] = field(default_factory=list)
    """The same with moment and local day behind."""
    aftersales: list[StagedAftersales] = field(default_factory=list)
    rejects: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Row number, column, reason, cells as a JSON list."""
    repeated_orders: int = 0
    """Rows whose order columns said the same as the row before."""


@dataclass
class _Current:
    """The order that the row before belonged to."""

    group: str
    order_id: str
    currency: str
    cells: Any = None
    """Its order columns, to see that the next row repeats them."""


class RowReader:
    """Reads the rows of one file in one format."""

    def __init__(
        self, fmt: Format, header: Sequence[str], around: Surroundings, *, text_file: bool = False
    ) -> None:
        self.format = fmt
        # A workbook leaves trailing empty cells out; in a text file a short row was cut off.
        self._text_file = text_file
        self.remarks = Remarks()
        self.shop_name = ""
        self._columns = columns = Columns(fmt, header)
        self._width = len(header)
        self._orders = OrderReader(columns, around, self.remarks) if "order" in fmt.columns else None
        self.lines = LineReader(columns, around, self.remarks) if "line" in fmt.columns else None
        self._aftersales = (
            AftersalesReader(columns, around, self.remarks) if "aftersales" in fmt.columns else None
        )
        self._currency = around.currency
        says_currency = any(columns.places(kind, "currency") for kind in ("order", "aftersales"))
        self.assumed_currency = "" if around.currency_known or says_currency else around.currency
        """The shop's currency, if it had to be assumed for a marketplace's file."""
        self._group, self._marker = columns.place(fmt.group_by), columns.place(fmt.order_marker)
        self._drop = (columns.place(fmt.drop_when[0]), fmt.drop_when[1]) if fmt.drop_when else None
        self._shop_names = [place for name in fmt.shop_name if (place := columns.place(name)) is not None]
        self._private = [
            place for place, name in enumerate(header) if _PRIVATE.search(normalise_header(name))
        ]
        self._last_needed = max(
            (place for kind in fmt.columns for place in columns.all_places(kind)), default=0
        )
        places = columns.all_places("order")
        # Equal order columns mean a repeated order, unless amounts of the rows add up.
        self._order_cells = itemgetter(*places) if places and self.lines and not fmt.sum else None
        self._current: _Current | None = None

    def duplicate_headers(self) -> list[str]:
        """Return headers that occur twice after normalising; the first one is used."""
        counts = Counter(normalise_header(name) for name in self._columns.header if name.strip())
        return [name for name, count in counts.items() if count > 1]

    def missing_core(self) -> list[tuple[str, str]]:
        """Return (record kind, field) of core fields that the format knows but this file has no column for."""
        return [
            (kind, name)
            for kind, names in CORE.items()
            for name in names
            if self.format.columns.get(kind, {}).get(name)
            and not self._columns.places(kind, name)
            and f"{kind}.{name}" not in self.format.constant
        ]

    def read(self, row_number: int, cells: Cells, staged: Staged) -> None:
        """Add what one row holds to ``staged``; a row that cannot be read becomes a reject."""
        short = self._width - len(cells)
        if short > 0:
            cells += [""] * short
        try:
            if short > 0 and self._text_file and not self.format.pad_rows:
                self._check_identity(cells)
                self._refuse_cut_off(self._width - short)
            if not self.shop_name and self._shop_names:
                self.shop_name = next(
                    (text for place in self._shop_names if (text := clean_cell(cells[place]))), ""
                )
            self._read(row_number, cells, staged)
        except RowError as error:
            for place in self._private:
                cells[place] = ""
            raw = json.dumps(cells, ensure_ascii=False)
            staged.rejects.append((row_number, error.column, describe(error.reason), raw))

    def _read(self, row_number: int, cells: Cells, staged: Staged) -> None:
        if self._drop:
            self._refuse_deleted(cells)
        if self._aftersales:
            staged.aftersales.append(self._aftersales.read(row_number, cells))
        if self.lines:
            self._line(row_number, cells, staged)
        elif self._orders:
            staged.orders.append(self._orders.read(row_number, cells, self._orders.identity(cells)))

    def _check_identity(self, cells: Cells) -> None:
        """Refuse a total or a note below the rows for what it is, rather than for its few cells."""
        if reader := self._orders or self.lines:
            reader.identity(cells)

    def _refuse_cut_off(self, cells: int) -> None:
        if cells <= self._last_needed:
            raise RowError(self._columns.header[cells], CUT_OFF)

    def _refuse_deleted(self, cells: Cells) -> None:
        if (
            self._drop
            and self._drop[0] is not None
            and clean_cell(cells[self._drop[0]]).startswith(self._drop[1])
        ):
            raise RowError(self._columns.header[self._drop[0]], DELETED)

    def _line(self, row_number: int, cells: Cells, staged: Staged) -> None:
        """Stage the row's line, and its order before it, unless the row only goes on with one."""
        assert self.lines is not None
        current = self._current
        if not self._orders:
            line = self._only_line(row_number, cells, self.lines.identity(cells), self._currency)
        elif self._group is not None and current is not None and self._continues(cells, current):
            line = self._only_line(row_number, cells, current.order_id, current.currency)
        else:
            order_cells = self._order_cells(cells) if self._order_cells else None
            if current is not None and order_cells is not None and order_cells == current.cells:
                line, negative = self.lines.read(row_number, cells, current.order_id, current.currency)
                staged.repeated_orders += not negative
            else:
                order_id, currency = self._orders.identity(cells), self._orders.currency(cells)
                line, negative = self.lines.read(row_number, cells, order_id, currency)
                if not negative:
                    self._new_order(row_number, cells, staged, _Current("", order_id, currency, order_cells))
            if negative:
                staged.negative_lines.append((*line, *self._moment(cells)))
                return
        if self.lines.is_named(line):
            staged.lines.append(line)

    def _only_line(self, row_number: int, cells: Cells, order_id: str, currency: str) -> LineRow:
        """Return the line of a row that holds nothing else; without a product it says nothing at all."""
        assert self.lines is not None
        line, negative = self.lines.read(row_number, cells, order_id, currency)
        if negative:
            raise RowError("", NEGATIVE)
        if not self.lines.is_named(line):
            raise RowError("", NO_PRODUCT)
        return line

    def _new_order(self, row_number: int, cells: Cells, staged: Staged, current: _Current) -> None:
        assert self._orders is not None
        staged.orders.append(self._orders.read(row_number, cells, current.order_id))
        if self._group is not None:
            current.group = clean_cell(cells[self._group])
        self._current = current

    def _moment(self, cells: Cells) -> tuple[str, str]:
        """Return when a negative line happened: it becomes an after-sales record."""
        assert self._orders is not None
        moment = self._orders.moment(cells)
        if moment is None:
            raise RowError("", EMPTY_TIME)
        return moment

    def _continues(self, cells: Cells, current: _Current) -> bool:
        """Tell whether the order columns are blank because the row goes on with the order before."""
        if self._group is None or self._marker is None:
            return False
        return not clean_cell(cells[self._marker]) and clean_cell(cells[self._group]) in {"", current.group}
