"""Compile a format's fields against a header: one fast function per field, each remembering its cells."""

import html
import re
from collections.abc import Callable, Sequence
from typing import Any

from aftersales_cli.intake.converters import DESTROYED, EMPTY_ID, CellError, Memory, convert_id
from aftersales_cli.intake.formats import Format
from aftersales_cli.reading.cells import clean_cell
from aftersales_cli.reading.headers import normalise_header

Cells = list[str]
Getter = Callable[[Cells], Any]

_DASHES = frozenset({"-", "--", "—", "–", "/"})
_ROUNDED = re.compile(r"\d(\.\d+)?[Ee]\+\d+")
"""As Excel writes a long number it has rounded, always with a plus: ``1E5`` may be a product's code."""


class RowError(Exception):
    """A row that cannot be taken: the column's raw header, and a reason for the catalogue."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


class Columns:
    """Where a format's fields stand in one file."""

    def __init__(self, fmt: Format, header: Sequence[str]) -> None:
        self.header = list(header)
        self.format = fmt
        self._places: dict[str, int] = {}
        for place, name in enumerate(header):
            self._places.setdefault(normalise_header(name), place)

    def place(self, name: str | None) -> int | None:
        """Return where a header name stands, None if the file has no such column."""
        return self._places.get(name) if name else None

    def places(self, kind: str, field: str) -> list[int]:
        """Return the columns of a field in the order its names are tried."""
        return self._known(self.format.columns.get(kind, {}).get(field, ()))

    def has(self, kind: str, field: str) -> bool:
        """Tell whether the file can say anything about a field."""
        target = f"{kind}.{field}"
        more = self.format.add.get(target)
        if more and len(self._known(more.needs)) < len(more.needs):
            return False
        parts = (*self.format.join.get(target, ()), (*more.plus, *more.minus) if more else ())
        return bool(self.places(kind, field)) or any(self._known(names) for names in parts)

    def _known(self, names: Sequence[str]) -> list[int]:
        return [self._places[name] for name in names if name in self._places]

    def all_places(self, kind: str) -> list[int]:
        """Return every column a record kind reads."""
        found = {place for field in self.format.columns.get(kind, {}) for place in self.places(kind, field)}
        found.update(
            place for name in self.format.joined.get(kind, ()) if (place := self.place(name)) is not None
        )
        return sorted(found)

    def value(self, kind: str, field: str, convert: Callable[[str], Any]) -> Getter:
        """Return a getter of the first filled cell of a field, converted; None where there is no column.

        An amount the format adds up is the sum of all its cells.
        """
        own = self._first([self._column(place, convert) for place in self.places(kind, field)])
        more = self.format.add.get(f"{kind}.{field}")
        if not more:
            return own
        if not self.has(kind, field):
            return _nothing
        plus, minus, needs = (
            [self._column(place, convert) for place in self._known(names)]
            for names in (more.plus, more.minus, more.needs)
        )
        return _adding([own, *plus], minus, needs)

    def identity(self, kind: str, field: str) -> Getter:
        """Return a getter of an id: a column's, or the one put together from several; never remembered."""
        if joined := [
            place for names in self.format.join.get(f"{kind}.{field}", ()) for place in self._known(names)
        ]:
            return self._joined_id(joined)
        places = self.places(kind, field)
        filled = [self._checked(place, convert_id) for place in places]
        if len(filled) == 1:
            return filled[0]

        def get(cells: Cells) -> Any:
            chosen = next(
                (step for step, place in enumerate(places) if cells[place].strip()), len(places) - 1
            )
            return filled[chosen](cells)

        return get

    def text(self, kind: str, field: str) -> Getter:
        """Return a getter of a field's text, None if it is empty."""
        target = f"{kind}.{field}"
        convert = _unescaped if target in self.format.unescape else _said
        own = self.value(kind, field, convert)
        groups = [
            [self._column(place, convert) for place in self._known(names)]
            for names in self.format.join.get(target, ())
        ]
        return self._first([*(_spaced(parts) for parts in groups if parts), own]) if groups else own

    def words(self, kind: str, field: str) -> Getter:
        """Return a getter of all words of a field, joined by `` / ``; an empty text if there are none."""
        places = self.places(kind, field)
        if not places:
            return _empty
        if len(places) == 1:
            memory, only = Memory(lambda cell: _said(cell) or ""), places[0]
            return lambda cells: memory[cells[only]]
        return lambda cells: " / ".join(text for place in places if (text := _said(cells[place])))

    def _joined_id(self, places: list[int]) -> Getter:
        """Return a getter of an id put together; a part may be any text, but not a number Excel has destroyed."""
        header = self.header

        def get(cells: Cells) -> str:
            parts = [clean_cell(cells[place]) for place in places]
            for place, part in zip(places, parts, strict=True):
                if _ROUNDED.fullmatch(part):
                    raise RowError(header[place], DESTROYED)
            if not any(parts):
                raise RowError(header[places[0]], EMPTY_ID)
            return "|".join(parts)

        return get

    def _column(self, place: int, convert: Callable[[str], Any]) -> Getter:
        column = self.header[place]
        memory = convert if isinstance(convert, Memory) else Memory(convert)

        def get(cells: Cells) -> Any:
            try:
                return memory[cells[place]]
            except CellError as error:
                raise RowError(column, error.reason) from error

        return get

    def _checked(self, place: int, convert: Callable[[str], Any]) -> Getter:
        column = self.header[place]

        def get(cells: Cells) -> Any:
            try:
                return convert(cells[place])
            except CellError as error:
                raise RowError(column, error.reason) from error

        return get

    @staticmethod
    def _first(getters: list[Getter]) -> Getter:
        if not getters:
            return _nothing
        if len(getters) == 1:
            return getters[0]

        def get(cells: Cells) -> Any:
            for getter in getters:
                if (value := getter(cells)) is not None:
                    return value
            return None

        return get


def _said(cell: str) -> str | None:
    """Return a cell's text, None if it is empty or only a dash."""
    text = clean_cell(cell)
    return None if not text or text in _DASHES else text


def _unescaped(cell: str) -> str | None:
    """Return the text of a cell the platform has written as HTML."""
    text = _said(cell)
    return text if text is None or "&" not in text else _said(html.unescape(text))


def _spaced(parts: list[Getter]) -> Getter:
    """Return a getter of the filled ones of several texts with spaces between; None if there are none."""
    return lambda cells: " ".join(text for part in parts if (text := part(cells))) or None


def _adding(plus: list[Getter], minus: list[Getter], needs: list[Getter]) -> Getter:
    """Return a getter of a sum; None if no cell that adds to it is filled, or one that it needs is empty or 0."""

    def get(cells: Cells) -> int | None:
        if needs and not all(needed(cells) for needed in needs):
            return None
        amounts = [amount for part in plus if (amount := part(cells)) is not None]
        return sum(amounts) - sum(abs(part(cells) or 0) for part in minus) if amounts else None

    return get


def _nothing(cells: Cells) -> None:
    del cells


def _empty(cells: Cells) -> str:
    del cells
    return ""
