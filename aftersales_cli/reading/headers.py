"""Header cells: one spelling for matching, and the search for the header row at the top of a table."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from string import ascii_lowercase, ascii_uppercase
from typing import Generic, TypeVar

Recognised = TypeVar("Recognised")

ROWS_SEARCHED = 20
"""How many rows from the top may hold the header: some exports put a title block above it."""

_MOST_COLUMNS = 16_384
"""As many as a spreadsheet can have; what stands to the right of them is no header."""
_ASCII_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_BYTE_ORDER_MARK = "\ufeff"


def normalise_header(text: str) -> str:
    """Return the spelling under which headers are compared.

    The byte order mark goes, full-width forms become half-width (NFKC), all white space goes (NBSP, U+3000 and
    line ends too), ASCII letters become lower-case: ``'商品 ID'`` → ``'商品id'``, ``'退款（元）'`` → ``'退款(元)'``.
    """
    if not text:
        return text
    folded = unicodedata.normalize("NFKC", text.replace(_BYTE_ORDER_MARK, ""))
    return "".join(folded.split()).translate(_ASCII_LOWER)


def count_texts(cells: list[str]) -> int:
    """Count the cells that look like words rather than numbers, dates or nothing."""
    return sum(1 for cell in cells if any(map(str.isalpha, cell)))


@dataclass
class HeaderSearch(Generic[Recognised]):
    """The search for a header in the first rows of one sheet, remembering the best row for the error message."""

    recognise: Callable[[list[str]], Recognised | None]
    best: list[str] = field(default_factory=list)
    """The row with the most text cells seen so far, as it stands in the file."""
    _texts: int = 0

    def try_row(self, cells: list[str]) -> Recognised | None:
        """Return what ``recognise`` says about these raw cells; None if they are no header it knows."""
        cells = cells[:_MOST_COLUMNS]
        texts = count_texts(cells)
        if texts > self._texts:
            self.best, self._texts = cells, texts
        return self.recognise([normalise_header(cell) for cell in cells])
