"""Compile a format's fields against a header: one fast function per field, each remembering its cells."""

from collections.abc import Callable, Sequence
from typing import Any

from aftersales_cli.intake.converters import CellError, convert_id
from aftersales_cli.intake.formats import Format
from aftersales_cli.reading.cells import clean_cell
from aftersales_cli.reading.headers import normalise_header

Cells = list[str]
Getter = Callable[[Cells], Any]

_DASHES = frozenset({"-", "--", "—", "–", "/"})
_MEMORY_LIMIT = 50_000


class RowError(Exception):
    """A row that cannot be taken: the column's raw header, and a reason for the catalogue."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


class Memory(dict[str, Any]):
    """Results by cell text, since most columns repeat; forgets all when it gets large."""

    def __init__(self, convert: Callable[[str], Any]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, cell: str) -> Any:
        if len(self) > _MEMORY_LIMIT:
            self.clear()
        value = self[cell] = self._convert(cell)
        return value


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
        names = self.format.columns.get(kind, {}).get(field, ())
        return [self._places[name] for name in names if name in self._places]

    def all_places(self, kind: str) -> list[int]:
        """Return every column a record kind reads."""
        found = {place for field in self.format.columns.get(kind, {}) for place in self.places(kind, field)}
        found.update(
            place for name in self.format.joined.get(kind, ()) if (place := self.place(name)) is not None
        )
        return sorted(found)

    def value(self, kind: str, field: str, convert: Callable[[str], Any]) -> Getter:
        """Return a getter of the first filled cell of a field, converted; None where there is no column."""
        return self._first([self._column(place, convert) for place in self.places(kind, field)])

    def identity(self, kind: str, field: str) -> Getter:
        """Return a getter of an id: a column's, or the one put together from several; never remembered."""
        joined = [
            self._places[name] for name in self.format.join.get(f"{kind}.{field}", ()) if name in self._places
        ]
        if joined:
            return lambda cells: "|".join(clean_cell(cells[place]) for place in joined)
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
        return self.value(kind, field, _said)

    def words(self, kind: str, field: str) -> Getter:
        """Return a getter of all words of a field, joined by `` / ``; an empty text if there are none."""
        places = self.places(kind, field)
        if not places:
            return _empty
        if len(places) == 1:
            memory, only = Memory(lambda cell: _said(cell) or ""), places[0]
            return lambda cells: memory[cells[only]]
        return lambda cells: " / ".join(text for place in places if (text := _said(cells[place])))

    def _column(self, place: int, convert: Callable[[str], Any]) -> Getter:
        column = self.header[place]

        def convert_or_name(cell: str) -> Any:
            try:
                return convert(cell)
            except CellError as error:
                raise RowError(column, error.reason) from error

        memory = Memory(convert_or_name)
        return lambda cells: memory[cells[place]]

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


def _nothing(cells: Cells) -> None:
    del cells


def _empty(cells: Cells) -> str:
    del cells
    return ""
