"""How new each cell of a row is, so that files may come in any order.

A file that is silent about a cell makes its row newer, but not the cell. Where that happens, the row keeps the
cell's own age in ``cell_ages`` (JSON: column → age); a cell that is not named there is as new as its row.
"""

from collections.abc import Iterable
from typing import NamedTuple

COLUMN = "cell_ages"


class Age(NamedTuple):
    """SQL that says how new a row is: what happened last, its time, and what was refunded by then."""

    progress: str
    as_of: str
    refunded: str

    def row_value(self) -> str:
        """Return the age to be compared with that of another row."""
        return f"({', '.join(self)})"

    def text(self) -> str:
        """Return the age as it is kept; texts compare as row values do."""
        return f"printf('%d %s %015d', {', '.join(self)})"


class Cell(NamedTuple):
    """A column that two rows about one thing may say differently; NULL means that a row is silent."""

    name: str
    new: str
    known: str
    ours_is_better: str = "0"
    """Which of two values stays that are equally new."""
    age_of: str = ""
    """The column whose age this one shares, if not its own."""
    unsaid: str = "NULL"
    """What stands in place of an age as long as no file has said anything."""


class Ages(NamedTuple):
    """Compares the cells of a row that comes with those of the row that is known."""

    new: Age
    known: Age
    kept: str
    """The known row's ``cell_ages``."""

    def is_(self, operator: str) -> str:
        """Return SQL that compares the ages of the rows."""
        return f"{self.new.row_value()} {operator} {self.known.row_value()}"

    def compare(self, name: str, operator: str) -> str:
        """Return SQL that compares the age of the row that comes with that of one known cell."""
        kept = f"{self.kept} ->> '{name}'"
        return f"IIF({kept} IS NULL, {self.is_(operator)}, {self.new.text()} {operator} {kept})"

    def settled(self, cell: Cell) -> str:
        """Return the SQL of the value that stays: the newer one, of equally new ones the better."""
        name, new, known = cell.age_of or cell.name, cell.new, cell.known
        return f"""CASE WHEN {new} IS NULL THEN {known} WHEN {known} IS NULL OR {self.compare(name, ">")} THEN {new}
            WHEN {cell.ours_is_better} OR NOT {self.compare(name, "=")} THEN {known} ELSE {new} END"""

    def moved(self, cell: Cell) -> str:
        """Return the SQL of the age of the value that stays, NULL if it is as new as its row then is."""
        name, new, known = cell.name, cell.new, cell.known
        kept = f"{self.kept} ->> '{name}'"
        return f"""CASE
            WHEN {new} IS NULL AND {known} IS NULL THEN {cell.unsaid}
            WHEN {new} IS NULL THEN COALESCE({kept}, IIF({self.is_(">")}, {self.known.text()}, NULL))
            WHEN NOT ({self.is_("<")}) THEN NULL
            WHEN {known} IS NULL THEN {self.new.text()}
            WHEN {kept} IS NOT NULL THEN MAX({self.new.text()}, {kept}) END"""

    def all_moved(self, cells: Iterable[Cell]) -> str:
        """Return the SQL of the row's new ``cell_ages``, NULL if every cell is as new as the row."""
        pairs = ", ".join(f"'{cell.name}', {self.moved(cell)}" for cell in cells)
        # A patch leaves out what is NULL.
        return f"NULLIF(json_patch('{{}}', json_object({pairs})), '{{}}')"
