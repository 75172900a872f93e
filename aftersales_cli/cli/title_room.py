"""How wide the last column of a listing may be, so that a row stays on its line."""

from collections.abc import Sequence
from typing import Any

from aftersales_cli.cli.output import Column

LINE_COLUMNS = 100
"""A row should not be wider than this."""

_LEAST = 12
_GAP = 2


def title_room(records: Sequence[Any], columns: Sequence[Column], *, line: int = LINE_COLUMNS) -> int:
    """Return how many columns are left beside these ones, at least 12; Chinese characters count two."""
    from wcwidth import wcswidth

    used = 0
    for column in columns:
        cells = (str(value) if (value := column.value(record)) is not None else "" for record in records)
        used += max(wcswidth(text) for text in (column.title, *cells)) + _GAP
    return max(_LEAST, line - used)
