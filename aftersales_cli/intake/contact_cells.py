"""Phone and order numbers as people write them into forms."""

import re

from aftersales_cli.intake.converters import DESTROYED, CellError, convert_id
from aftersales_cli.reading.cells import clean_cell

_ORDER_NUMBER = re.compile(r"#?[A-Za-z0-9][A-Za-z0-9-]{3,}", re.ASCII)


def order_number_in(cell: str) -> str:
    """Return the order number of a cell, ``""`` if there is none; CellError if a spreadsheet destroyed it."""
    text = clean_cell(cell)
    try:
        return convert_id(text)
    except CellError as error:
        if error.reason == DESTROYED:
            raise
    # People write “订单 3518… 谢谢”: the longest thing that may be a number.
    candidates = [word for word in _ORDER_NUMBER.findall(text) if any(map(str.isdigit, word))]
    return max(candidates, key=len, default="")


def phone_digits(cell: str) -> str:
    """Return a phone number as orders hold it: digits, without the country code of China; ``""`` for other text."""
    text = clean_cell(cell)
    if not re.fullmatch(r"[+\d\s()-]+", text):
        return ""
    return re.sub(r"\D", "", re.sub(r"^(\+|00)86", "", text))
