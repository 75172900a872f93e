"""What a row of the workbook of returns is about, and how a sheet's rows are taken."""

from dataclasses import dataclass
from typing import Protocol

from aftersales_cli.language import _
from aftersales_cli.reading.form_rows import CellError, FilledRow
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class Subject:
    """A thing a row is about, as it is now."""

    id: int
    case_number: int
    state: str
    """Changes with everything that makes a row written before too old."""
    request_id: int | None = None
    code: str = ""
    """Which problem it is, on the last sheet."""


class SheetTaker(Protocol):
    """How the rows of one sheet are taken."""

    def find(self, shop: Shop, identity: int) -> Subject | None:
        """Return what the row with this number is about, None if there is no such thing."""

    def take(self, shop: Shop, row: FilledRow, subject: Subject, fresh: list[str], *, is_new: bool) -> bool:
        """Do what the ``fresh`` cells ask for and tell whether anything was to be done; raises CellError.

        ``shop`` is the shop as the person named by the row acts in it; ``is_new`` tells whether nothing changed
        since the row was written.
        """


def too_old(column: str) -> CellError:
    """Return the refusal of a row whose thing has moved on since the workbook was written."""
    return CellError(
        column,
        _(
            "This has changed since the workbook was written, so nothing was overwritten. Look at a fresh one."
        ),
    )
