"""Take a row of a form as a whole or not at all, and then say everything that is wrong with it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from aftersales_cli.reading.form_rows import CellError
from aftersales_cli.shop import Writing


class WrongCells:
    """Collects the wrong cells of a row, so that people learn of all of them at once."""

    def __init__(self) -> None:
        self._found: list[CellError] = []

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Go on after a CellError and remember it."""
        try:
            yield
        except CellError as error:
            self._found += [error, *error.others]

    def tell(self) -> None:
        """Raise what was found as one CellError, if anything was."""
        if self._found:
            first, *others = self._found
            first.others = tuple(others)
            raise first


def take_whole(savepoint: AbstractContextManager[Writing], take: Callable[[], bool | None]) -> bool | None:
    """Take a row in a ``shop.writing`` of its own, so that a refused one leaves nothing behind; raises CellError."""
    with savepoint as writing:
        subjects = list(writing.subjects)
        try:
            return take()
        except CellError:
            writing.subjects[:] = subjects
            raise
