"""Turn the line columns of a row into a staged order line."""

from typing import Any

from aftersales_cli.database.staging import LINE_HEAD, LineRow
from aftersales_cli.intake.columns import Cells, Columns, Getter, RowError
from aftersales_cli.intake.converters import convert_integer, time_converter
from aftersales_cli.intake.fields import LINE_FIELDS, PROGRESS
from aftersales_cli.intake.order_rows import STATUS_WORDS, Amounts
from aftersales_cli.intake.surroundings import Remarks, Surroundings
from aftersales_cli.intake.vocabulary import UNKNOWN, Words
from aftersales_cli.language import N_

EMPTY_LINE = N_("the row has neither product nor quantity")
_TEXTS = ("line_id", "sku", "title", "variant")
_MONEY = ("unit_price", "paid", "refunded")


class LineReader:
    """Reads order lines of one file, and numbers equal lines of an order while its rows stand together.

    Only the fields that the file has are read and staged: ``columns`` names them.
    """

    def __init__(self, columns: Columns, around: Surroundings, remarks: Remarks) -> None:
        self.identity = columns.identity("line", "order_external_id")
        has = {name: columns.has("line", name) for name in LINE_FIELDS}
        plain: dict[str, Getter] = {name: columns.text("line", name) for name in _TEXTS if has[name]}
        if has["quantity"]:
            plain["quantity"] = columns.value("line", "quantity", convert_integer)
        if has["status"]:
            plain["status_raw"] = columns.words("line", "status")
        money = tuple(name for name in _MONEY if has[name])
        self._plain = list(plain.values())
        self._amounts = Amounts(columns, "line", money, remarks)
        self._getters: dict[str, list[Getter]] = {}
        names = [*plain, *money]
        self._age = _age_getters(columns, around, remarks)
        self.columns = (*LINE_HEAD, *names, *self._age)
        self._id = names.index("line_id") if has["line_id"] else None
        self._name = [names.index(name) for name in ("sku", "title") if has[name]]
        self._naming = [
            names.index(name) + len(LINE_HEAD) for name in ("sku", "title", "line_id") if has[name]
        ]
        self._variant = names.index("variant") if has["variant"] else None
        self._signed = [names.index(name) for name in ("quantity", "unit_price") if has[name]]
        self._order: str | None = None
        self._seen: dict[Any, int] = {}
        self.runs = 0
        """How often a new order began; more runs than orders means that rows of an order stand apart."""

    def _base_key(self, values: list[Any]) -> tuple[Any, Any]:
        """Return what equal lines share: sku (else title) and variant, as in staging's LINE_KEY."""
        variant = None if self._variant is None else values[self._variant]
        for place in self._name:
            if name := values[place]:
                return name, variant
        return None, variant

    def read(self, row_number: int, cells: Cells, order_id: str, currency: str) -> tuple[LineRow, bool]:
        """Return the line of a row in the order of ``columns``, and whether its quantity or price is negative."""
        getters = self._getters.get(currency)
        if getters is None:
            getters = self._getters[currency] = [*self._plain, *self._amounts.getters(currency).values()]
        values = [get(cells) for get in getters]
        if not any(values):
            raise RowError("", EMPTY_LINE)
        if self._age:
            values += [get(cells) for get in self._age.values()]
        for place in self._signed:
            if (values[place] or 0) < 0:
                return (row_number, order_id, 0, currency, *values), True
        if order_id != self._order:
            self._order, self._seen = order_id, {}
            self.runs += 1
        occurrence = 0
        if self._id is None or values[self._id] is None:
            key = self._base_key(values)
            occurrence = self._seen[key] = self._seen.get(key, 0) + 1
        return (row_number, order_id, occurrence, currency, *values), False

    def is_named(self, line: LineRow) -> bool:
        """Tell whether a line has an id, a sku or a title; a row without them only sums an order up (eBay)."""
        for place in self._naming:  # noqa: SIM110 - asked of every line, and a generator takes three times as long
            if line[place]:
                return True
        return False


def _age_getters(columns: Columns, around: Surroundings, remarks: Remarks) -> dict[str, Getter]:
    """Return the getters that tell how new a line is, for a file that holds no orders: progress, newest time, word."""
    getters: dict[str, Getter] = {}
    if "order" in columns.format.columns:
        return getters  # its orders tell
    if columns.has("line", "order_status"):
        raw = columns.words("line", "order_status")
        words = Words(STATUS_WORDS, columns.format.vocabulary, around.own_words, remarks.unknown)
        getters["progress"] = lambda cells: PROGRESS[words.code(raw(cells)) or UNKNOWN]
        getters["order_word"] = raw
    if columns.has("line", "order_time"):
        moment = columns.value("line", "order_time", time_converter(around.zone, columns.format.slashes))
        getters["as_of"] = lambda cells: moment(cells) or ""
    return getters
