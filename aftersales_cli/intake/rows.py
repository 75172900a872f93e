"""Compile a format against a file's header, and turn each row into staged records or a reject."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from aftersales_cli.database.staging import StagedAftersales, StagedLine, StagedOrder
from aftersales_cli.desk.platform_cases import platform_status
from aftersales_cli.intake.converters import (
    BAD_TIME,
    CellError,
    cached,
    convert_id,
    convert_integer,
    describe,
    money_converter,
    time_converter,
)
from aftersales_cli.intake.fields import PROGRESS, RECORDS, REFUND_PROGRESS
from aftersales_cli.intake.formats import Format
from aftersales_cli.intake.paid import rebuild_paid
from aftersales_cli.intake.vocabulary import UNKNOWN, Words, reason_finder
from aftersales_cli.reading.cells import clean_cell
from aftersales_cli.reading.headers import normalise_header
from aftersales_cli.taxonomy import Taxonomy

ROUNDED = "rounded"
_LINE_KEY_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Surroundings:
    """What a file does not say itself."""

    zone: tzinfo
    """Where moments without an offset belong."""
    day_of: Callable[[str], str]
    """From a UTC moment to the shop's local day."""
    currency: str
    reasons: Taxonomy
    now: str


@dataclass
class Staged:
    """Records of a batch of rows, and what could not be taken."""

    orders: list[StagedOrder] = field(default_factory=list)
    lines: list[StagedLine] = field(default_factory=list)
    aftersales: list[StagedAftersales] = field(default_factory=list)
    rejects: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Row number, column, reason, cells as a JSON list."""


class RowReader:
    """Reads the rows of one file in one format."""

    def __init__(self, fmt: Format, header: Sequence[str], surroundings: Surroundings) -> None:
        self.format = fmt
        self.unknown: Counter[tuple[str, str]] = Counter()
        """(field, word) → how often the platform used a word we do not know."""
        self.rounded = 0
        self._header = list(header)
        self._around = surroundings
        self._positions: dict[str, int] = {}
        for position, name in enumerate(header):
            self._positions.setdefault(normalise_header(name), position)
        self._time = time_converter(surroundings.zone, fmt.slashes)
        self._day = cached(surroundings.day_of)
        self._money: dict[str, Callable[[str], Any]] = {}
        self._columns = {kind: self._compile(kind) for kind in RECORDS if kind in fmt.columns}
        self._words = {
            name: Words(name, fmt.vocabulary.get(name, {}), self.unknown)
            for name in (
                "order.status",
                "aftersales.kind",
                "aftersales.status",
                "aftersales.platform_involved",
            )
        }
        self._fault = Words("aftersales.fault", fmt.vocabulary.get("aftersales.fault", {}), Counter())
        self._reason = reason_finder(surroundings.reasons, self.unknown)
        self._group = self._position(fmt.group_by)
        self._marker = self._position(fmt.order_marker)
        self._shop_name = [self._positions[name] for name in fmt.shop_name if name in self._positions]
        self._current: tuple[str, str, str] | None = None
        """Group value, order number and currency of the order the row before belonged to."""
        self.shop_name = ""

    def duplicate_headers(self) -> list[str]:
        """Return raw headers that occur twice after normalising; the first one is used."""
        counts = Counter(normalise_header(name) for name in self._header if name.strip())
        return [name for name, count in counts.items() if count > 1]

    def _position(self, name: str | None) -> int | None:
        return self._positions.get(name) if name else None

    def _compile(self, kind: str) -> dict[str, list[int]]:
        found = {}
        for name, aliases in self.format.columns[kind].items():
            positions = [self._positions[alias] for alias in aliases if alias in self._positions]
            if positions:
                found[name] = positions
        return found

    def read(self, row_number: int, cells: list[str], staged: Staged) -> None:
        """Add what one row holds to ``staged``; a row that cannot be read becomes a reject."""
        if len(cells) < len(self._header):
            cells = cells + [""] * (len(self._header) - len(cells))
        try:
            if not self.shop_name:
                self.shop_name = self._first_text(cells, self._shop_name)
            orders, lines, aftersales = self._records(row_number, cells)
        except _RowError as error:
            reason = describe(error.reason)
            staged.rejects.append((row_number, error.column, reason, json.dumps(cells, ensure_ascii=False)))
            return
        staged.orders += orders
        staged.lines += lines
        staged.aftersales += aftersales

    def _records(
        self, row_number: int, cells: list[str]
    ) -> tuple[list[StagedOrder], list[StagedLine], list[StagedAftersales]]:
        orders, lines, aftersales = [], [], []
        continued = self._continued(cells)
        if "order" in self._columns and continued is None:
            orders.append(self._order(row_number, cells))
        if "line" in self._columns:
            lines.append(self._line(row_number, cells, continued))
        if "aftersales" in self._columns:
            aftersales.append(self._aftersales(row_number, cells))
        return orders, lines, aftersales

    def _continued(self, cells: list[str]) -> tuple[str, str, str] | None:
        """Return the order a row continues, whose own order cells are blank."""
        if self._group is None or self._marker is None or self._current is None:
            return None
        value = clean_cell(cells[self._group])
        blank = not clean_cell(cells[self._marker])
        return self._current if blank and value in {"", self._current[0]} else None

    # Cells of one field

    def _first_text(self, cells: list[str], positions: Sequence[int]) -> str:
        return next((text for position in positions if (text := clean_cell(cells[position]))), "")

    def _text(self, kind: str, name: str, cells: list[str]) -> str | None:
        return self._first_text(cells, self._columns[kind].get(name, ())) or None

    def _raw_words(self, kind: str, name: str, cells: list[str]) -> str:
        texts = (clean_cell(cells[position]) for position in self._columns[kind].get(name, ()))
        return " / ".join(text for text in texts if text)

    def _value(self, kind: str, name: str, cells: list[str], convert: Callable[[str], Any]) -> Any:
        """Convert the first filled cell of a field; an id's empty cell is refused by its converter."""
        positions = self._columns[kind].get(name, [])
        last = len(positions) - 1
        for place, position in enumerate(positions):
            cell = cells[position]
            if cell or (place == last and convert is convert_id):
                try:
                    value = convert(cell)
                except CellError as error:
                    raise _RowError(self._header[position], error.reason) from error
                if value is not None:
                    return value
        return None

    def _amounts(self, currency: str) -> Callable[[str], Any]:
        converter = self._money.get(currency)
        if converter is None:
            converter = self._money[currency] = money_converter(currency, self._note_rounding)
        return converter

    def _note_rounding(self) -> None:
        self.rounded += 1

    # Records

    def _order(self, row_number: int, cells: list[str]) -> StagedOrder:
        order_id = self._value("order", "external_id", cells, convert_id)
        currency = (self._text("order", "currency", cells) or self._around.currency).upper()
        group = clean_cell(cells[self._group]) if self._group is not None else ""
        self._current = (group, order_id, currency)
        amounts = self._amounts(currency)
        money = {
            name: self._value("order", name, cells, amounts)
            for name in ("goods", "postage", "discount", "total", "paid", "outstanding", "refunded")
        }
        times = {
            name: self._value("order", name, cells, self._time)
            for name in ("placed_at", "paid_at", "shipped_at", "delivered_at", "finished_at", "cancelled_at")
        }
        status_raw = self._raw_words("order", "status", cells)
        was_paid = self._was_paid(status_raw, times["paid_at"], money["paid"], money["refunded"])
        paid = rebuild_paid(
            self.format.paid,
            paid=money["paid"],
            refunded=money["refunded"],
            total=money["total"],
            was_paid=was_paid,
            outstanding=money["outstanding"],
        )
        status = self._status(status_raw, times, was_paid=was_paid)
        placed_on = self._day(times["placed_at"]) if times["placed_at"] else None
        paid_on = self._day(times["paid_at"]) if times["paid_at"] else None
        buyer_key, phone = self._buyer(cells)
        return StagedOrder(
            row_number=row_number,
            external_id=order_id,
            display_number=self._text("order", "display_number", cells) or order_id,
            buyer_key=buyer_key,
            buyer_name=self._text("order", "buyer_name", cells),
            buyer_phone=phone,
            buyer_email=_unmasked(self._text("order", "buyer_email", cells)),
            buyer_country=self._text("order", "buyer_country", cells),
            placed_at=times["placed_at"],
            placed_on=placed_on,
            paid_at=times["paid_at"],
            # A file without a payment time still says that it was paid; the day it was placed is the best guess.
            paid_on=paid_on or (placed_on if was_paid else None),
            shipped_at=times["shipped_at"],
            delivered_at=times["delivered_at"],
            finished_at=times["finished_at"],
            status=status,
            status_raw=status_raw or None,
            close_reason=self._text("order", "close_reason", cells),
            currency=currency,
            goods=money["goods"],
            postage=money["postage"],
            discount=money["discount"],
            total=money["total"],
            paid=paid.amount,
            paid_basis=paid.basis,
            refunded_stated=money["refunded"],
            item_count=self._value("order", "item_count", cells, convert_integer),
            title=self._text("order", "title", cells),
            buyer_note=self._text("order", "buyer_note", cells),
            seller_note=self._text("order", "seller_note", cells),
            progress=PROGRESS[status],
            as_of=max((moment for moment in times.values() if moment), default=""),
        )

    def _was_paid(self, status_raw: str, paid_at: str | None, paid: int | None, refunded: int | None) -> bool:
        if self.format.paid_statuses:
            words = {word.strip().casefold() for word in status_raw.split(" / ")}
            return bool(words.intersection(self.format.paid_statuses))
        return bool(paid_at or paid or refunded)

    def _status(self, raw: str, times: dict[str, str | None], *, was_paid: bool) -> str:
        if times["cancelled_at"]:
            return "closed"
        if raw:
            return self._words["order.status"].code(raw) or UNKNOWN
        if "status" in self._columns["order"]:
            return UNKNOWN
        # The file has no status column: its times tell how far the order is.
        for name, status in (("finished_at", "finished"), ("shipped_at", "shipped")):
            if times[name]:
                return status
        return "paid" if was_paid else "unpaid"

    def _buyer(self, cells: list[str]) -> tuple[str | None, str | None]:
        key = _unmasked(self._text("order", "buyer_key", cells))
        phone = _unmasked(self._text("order", "buyer_phone", cells))
        expires = self._value("order", "phone_expires_at", cells, self._time)
        if expires and expires <= self._around.now:
            phone = None  # a virtual number that nobody answers any more
        return key, phone

    def _line(self, row_number: int, cells: list[str], continued: tuple[str, str, str] | None) -> StagedLine:
        if continued:
            order_id, currency = continued[1], continued[2]
        else:
            order_id = self._value("line", "order_external_id", cells, convert_id)
            currency = self._current[2] if self._current else self._around.currency
        amounts = self._amounts(currency)
        sku = self._text("line", "sku", cells)
        title = self._text("line", "title", cells)
        variant = self._text("line", "variant", cells)
        line_id = self._text("line", "line_id", cells)
        quantity = self._value("line", "quantity", cells, convert_integer)
        return StagedLine(
            row_number=row_number,
            order_external_id=order_id,
            base_key=line_id or _LINE_KEY_SEPARATOR.join((sku or title or "", variant or "")),
            has_line_id=bool(line_id),
            sku=sku,
            title=title,
            variant=variant,
            quantity=1 if quantity is None else quantity,
            unit_price=self._value("line", "unit_price", cells, amounts),
            paid=self._value("line", "paid", cells, amounts),
            refunded=self._value("line", "refunded", cells, amounts),
            currency=currency,
            status_raw=self._raw_words("line", "status", cells) or None,
        )

    def _aftersales(self, row_number: int, cells: list[str]) -> StagedAftersales:
        record_id = self._value("aftersales", "external_id", cells, convert_id)
        order_id = self._value("aftersales", "order_external_id", cells, convert_id)
        amounts = self._amounts(self._around.currency)
        amount = self._value("aftersales", "amount", cells, amounts)
        to_buyer = self._value("aftersales", "to_buyer", cells, amounts)
        requested = self._value("aftersales", "requested_at", cells, self._time)
        finished = self._value("aftersales", "finished_at", cells, self._time)
        opened = requested or finished
        if opened is None:
            positions = self._columns["aftersales"].get("requested_at", [0])
            raise _RowError(self._header[positions[0]], BAD_TIME)
        kind = self._words["aftersales.kind"].code(self._raw_words("aftersales", "kind", cells)) or UNKNOWN
        kind = "other" if kind == UNKNOWN else kind
        status_raw = self._raw_words("aftersales", "status", cells)
        status = self._words["aftersales.status"].code(status_raw) or UNKNOWN
        desk = platform_status(status, kind)
        reason_raw = self._raw_words("aftersales", "reason", cells)
        involved = self._raw_words("aftersales", "platform_involved", cells)
        fault_raw = self._raw_words("aftersales", "fault", cells)
        ended = finished if desk.status in {"closed", "resolved", "cancelled"} else None
        solved = ended if desk.status in {"closed", "resolved"} else None
        return StagedAftersales(
            row_number=row_number,
            external_id=record_id,
            order_external_id=order_id,
            kind=kind,
            severity="high"
            if self._words["aftersales.platform_involved"].code(involved) == "yes"
            else "normal",
            status=desk.status,
            resolution=desk.resolution,
            cancel_reason=desk.cancel_reason,
            refund_status=status,
            status_raw=status_raw,
            reason=self._reason(reason_raw),
            reason_raw=reason_raw,
            fault=(self._fault.code(fault_raw) or "") if fault_raw else "",
            currency=self._around.currency,
            amount=amount or to_buyer or 0,
            to_buyer=to_buyer or 0 if to_buyer is not None else amount or 0,
            opened_at=opened,
            opened_on=self._day(opened),
            resolved_at=solved,
            resolved_on=self._day(solved) if solved else None,
            closed_at=ended,
            succeeded_at=finished if status == "succeeded" else None,
            succeeded_on=self._day(finished) if status == "succeeded" and finished else None,
            title=self._text("aftersales", "title", cells) or "",
            sku=self._text("aftersales", "sku", cells) or "",
            quantity=self._value("aftersales", "quantity", cells, convert_integer),
            buyer_words=self._text("aftersales", "buyer_words", cells) or "",
            progress=REFUND_PROGRESS[status],
            as_of=max(opened, finished or ""),
        )


class _RowError(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def _unmasked(text: str | None) -> str | None:
    """Return None for a value the platform has masked: it can reach and tell apart nobody."""
    return None if text is None or "*" in text else text
