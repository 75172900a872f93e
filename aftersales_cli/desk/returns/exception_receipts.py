"""Take what the warehouse wrote down about goods that came, from the second sheet of the workbook."""

from dataclasses import dataclass
from datetime import datetime

from aftersales_cli.database.returns import get_request, get_return_line, list_return_lines
from aftersales_cli.desk.answering import note_case
from aftersales_cli.desk.register_rows import blaming, read_moment
from aftersales_cli.desk.returns.exception_form import line_state
from aftersales_cli.desk.returns.exception_subjects import Subject, too_old
from aftersales_cli.desk.returns.inspecting import inspect_goods
from aftersales_cli.desk.returns.receiving import Words, receive_goods
from aftersales_cli.language import _
from aftersales_cli.reading.form_rows import CellError, FilledRow
from aftersales_cli.records.returns import ReturnLine
from aftersales_cli.shop import Shop

FOUND = ("accepted", "damaged", "wrong", "rejected")
"""What a piece that is here can turn out to be."""
_FAULTY = ("damaged", "wrong", "rejected")
_MOST_PIECES = 9999


@dataclass(frozen=True)
class _Filled:
    """What a row says; None for an empty cell."""

    received: int | None
    figures: dict[str, int]
    """Only those that were filled in."""
    short: int
    disposition: str
    extra: str
    at: datetime | None

    @property
    def found(self) -> int:
        """How many pieces were looked at."""
        return sum(self.figures.values())


class ReceiptSheet:
    """The sheet of the warehouse; its numbers are those of the requests' products."""

    def find(self, shop: Shop, identity: int) -> Subject | None:
        """Return the product of a request."""
        line = get_return_line(shop.database, identity)
        request = get_request(shop.database, line.request_id) if line else None
        if line is None or request is None:
            return None
        return Subject(line.id, request.case_number, line_state(line), request.id)

    def take(self, shop: Shop, row: FilledRow, subject: Subject, fresh: list[str], *, is_new: bool) -> bool:
        """Record what came and what it turned out to be, and the note."""
        counting = [name for name in fresh if name != "note"]
        if counting:
            line = get_return_line(shop.database, subject.id)
            assert line is not None
            if not is_new:
                raise too_old(counting[0])
            _record(shop, line, _read(shop, row, fresh))
        if "note" in fresh:
            with blaming("note"):
                note_case(shop, subject.case_number, row.text("note"))
        return True


def _read(shop: Shop, row: FilledRow, fresh: list[str]) -> _Filled:
    """Read the cells that were not taken before: pieces written down once are not received again."""

    def count(column: str) -> int | None:
        return row.whole(column, smallest=0, largest=_MOST_PIECES) if column in fresh else None

    figures = {name: number for name in FOUND if (number := count(name)) is not None}
    return _Filled(
        received=count("received"),
        figures=figures,
        short=count("missing") or 0,
        disposition=row.word("disposition", shop.taxonomy("dispositions")),
        extra=row.text("extra") if "extra" in fresh else "",
        at=read_moment(shop, row, "at"),
    )


def _record(shop: Shop, line: ReturnLine, filled: _Filled) -> None:
    waiting = line.received - sum(getattr(line, name) for name in FOUND)
    if filled.received is None and filled.figures and waiting > 0:
        _inspect(shop, line, filled)
        if filled.extra:
            _receive_extra(shop, line, filled)
    elif filled.received is not None or filled.figures or filled.short:
        _receive(shop, line, filled)
    elif filled.extra:
        _receive_extra(shop, line, filled)
    else:
        with blaming("disposition"):
            inspect_goods(
                shop, line.request_id, [_place(shop, line)], disposition=filled.disposition, at=filled.at
            )


def _inspect(shop: Shop, line: ReturnLine, filled: _Filled) -> None:
    """Say what pieces turned out to be that were counted before; the operation wants the whole result."""
    totals = {name: getattr(line, name) + filled.figures.get(name, 0) for name in FOUND}
    totals["short"] = line.short + filled.short
    words = [_place(shop, line), *(f"{name}={number}" for name, number in totals.items())]
    with blaming(next(iter(filled.figures))):
        inspect_goods(shop, line.request_id, words, disposition=filled.disposition, at=filled.at)


def _receive(shop: Shop, line: ReturnLine, filled: _Filled) -> None:
    pieces = filled.found if filled.received is None else filled.received
    if "accepted" in filled.figures and filled.found != pieces:
        raise CellError(
            "accepted",
            _(
                "{pieces} pieces came; accepted, damaged, wrong and refused make {sum}.",
                pieces=pieces,
                sum=filled.found,
            ),
        )
    if not pieces and not filled.short:
        raise CellError(
            "received", _("No piece came: write how many are missing, or leave the row empty and wait.")
        )
    place = _place(shop, line)
    faults = {name: [f"{place}={number}"] for name in _FAULTY if (number := filled.figures.get(name))}
    words = Words(
        pieces=[f"{place}={pieces}"],
        short=[f"{place}={filled.short}"] if filled.short else [],
        extra=[filled.extra] if filled.extra else [],
        **faults,
    )
    with blaming("received" if filled.received is not None else next(iter(filled.figures), "missing")):
        receive_goods(
            shop,
            line.request_id,
            words,
            inspect_later=not filled.figures,
            disposition=filled.disposition,
            at=filled.at,
        )


def _receive_extra(shop: Shop, line: ReturnLine, filled: _Filled) -> None:
    with blaming("extra"):
        receive_goods(shop, line.request_id, Words(extra=[filled.extra]), at=filled.at)


def _place(shop: Shop, line: ReturnLine) -> str:
    """Name a product of a request by its place: titles and SKUs may be shared."""
    ids = [entry.id for entry in list_return_lines(shop.database, line.request_id)]
    return f"#{ids.index(line.id) + 1}"
