"""Rows that stand below or between the data of a file and are none: totals, and the end notes of some exports."""

import re
from collections.abc import Sequence

from aftersales_cli.reading.cells import clean_cell

_LABELS = frozenset(
    {"合计", "总计", "小计", "共计", "总合计", "汇总", "本页合计", "本页小计",
     "total", "totals", "grandtotal", "subtotal", "sum"}
)  # fmt: skip
_AROUND_LABEL = " \t0123456789,.:;：；()（）*-—元单笔件条¥￥$"
_END_NOTE = re.compile(r"seller id\s?:.*|(总)?共\s*\d+\s*(条|笔|单|行|个).*", re.IGNORECASE | re.DOTALL)
_COUNT_NOTE = "record(s) downloaded"


def is_trailer(cells: Sequence[str]) -> bool:
    """Tell whether a row that could not be read is a total or an end note, by its first cells.

    Only to be asked of rows that were refused: a product may be called “Total”.
    """
    first = clean_cell(cells[0]) if cells else ""
    label = "".join(first.strip(_AROUND_LABEL).casefold().split()).replace("-", "")
    if label in _LABELS or _END_NOTE.fullmatch(first):
        return True
    second = clean_cell(cells[1]).casefold() if len(cells) > 1 else ""
    return first.isdigit() and second.startswith(_COUNT_NOTE)
