"""What reading files that are not orders has in common: rows in, records or rejects out, and the sums."""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from aftersales_cli.database.keyed_rows import NEW, OLDER, UNCHANGED, UPDATED, KeyedRows, KeyedTable
from aftersales_cli.intake.columns import Cells, RowError
from aftersales_cli.intake.converters import CellError, convert_id, describe
from aftersales_cli.intake.other_fields import OTHER_FIELD_NAMES
from aftersales_cli.intake.trailers import is_trailer
from aftersales_cli.language import _
from aftersales_cli.reading.cells import clean_cell
from aftersales_cli.reading.headers import normalise_header

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from aftersales_cli.intake.formats import Format
    from aftersales_cli.reading.tables import OpenTable
    from aftersales_cli.records.shops import Storefront
    from aftersales_cli.shop import Shop

_LONGEST_WORD = 30

Taken = TypeVar("Taken")
OwnWords = Mapping[str, Mapping[str, str]]
"""Field such as ``tracking.status`` → the file's word → our code, as the owner mapped them."""

PRIVATE = re.compile(
    r"姓名|称呼|昵称|身份证|地址|微信|支付宝|银行|(来自|访客)ip|^qq|yourname|fullname|firstname|lastname|^name$|(shipping|home|street|your)address|^address|^ip$"
    r"|idnumber|username|wechat"
)
"""Headers of personal data; their cells are not even kept with a rejected row, unless the format reads them."""


@dataclass(frozen=True)
class OtherWarning:
    """Something about a file that did not stop it but that the owner should know."""

    code: str
    """``unknown_word``, ``unknown_agent``, ``option_numbers``, ``no_score_question``, ``order_not_found`` or ``older``."""
    field: str
    value: str
    count: int

    def text(self) -> str:
        """Return the warning as a sentence."""
        if self.code == "unknown_agent":
            return _(
                "{count} × “{value}” is no employee of this shop; “aftersales team add” adds one",
                count=self.count,
                value=self.value,
            )
        if self.code == "option_numbers":
            return _(
                "The answers to “{value}” are numbers only; if they are numbers of options, download the answers "
                "again as option texts (按选项文本)",
                value=self.value,
            )
        if self.code == "no_score_question":
            return _(
                "No question asks for a score; name it with --map QUESTION=survey.csat. If customers ask for help in "
                "it, undo the import, then: aftersales cases import FILE"
            )
        if self.code == "order_not_found":
            return _(
                "{count} × an order number that is not known; it stands in the case's text", count=self.count
            )
        if self.code == "older":
            return _("{count} rows are older than what is stored and changed nothing", count=self.count)
        return _(
            "{count} × unknown word “{value}” in {field}",
            count=self.count,
            value=self.value,
            field=_(OTHER_FIELD_NAMES.get(self.field, self.field)),
        )


@dataclass(frozen=True)
class OtherFile:
    """A file that holds no orders, and what there is to know about it."""

    shop: "Shop"
    table: "OpenTable[Format]"
    storefront: "Storefront | None"
    """Whose it is; None where the user named none and its rows may be anybody's."""
    import_id: int | None = None
    own_words: OwnWords = field(default_factory=dict)

    @property
    def format(self) -> "Format":
        """How the file is read."""
        return self.table.match

    @property
    def header(self) -> list[str]:
        """The names of its columns."""
        return self.table.header

    @property
    def owner(self) -> "Storefront":
        """The storefront, for a kind of file that always has one."""
        assert self.storefront is not None, "loading finds the owner of such files"
        return self.storefront

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its times: the format's, else the shop's."""
        return ZoneInfo(self.format.timezone) if self.format.timezone else self.shop.zone

    def store(self, table: KeyedTable, records: "Iterable[DataclassInstance]", result: "OtherResult") -> int:
        """Store the rows' records and count them; returns how many were older than what is stored."""
        rows, older = KeyedRows(self.shop.database, self.import_id), 0
        for record in records:
            outcome = rows.store(table, record)
            older += outcome == OLDER
            result.count(outcome)
        return older


class SkippedRow(Exception):  # noqa: N818 - no error: the row is known to be no data
    """A row that is a total, neither taken in nor rejected."""


@dataclass
class OtherResult:
    """What came of a file that holds no orders; rows = new + updated + unchanged + rejected + skipped."""

    rows: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    """Totals and end notes."""
    rejects: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Row number, column, reason, cells as a JSON list."""
    warnings: list[OtherWarning] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    """Numbers of the cases that rows became."""

    def count(self, outcome: str) -> None:
        """Count what ``store_row`` said about one row."""
        self.new += outcome == NEW
        self.updated += outcome == UPDATED
        self.unchanged += outcome in {UNCHANGED, OLDER}

    def warn(self, code: str, words: Counter[tuple[str, str]]) -> None:
        """Add a warning for each (field, word), most frequent first.

        Long words are counted together: sentences may name people.
        """
        told = Counter[tuple[str, str]]()
        for (name, word), count in words.items():
            told[name, word if len(word) <= _LONGEST_WORD else "…"] += count
        self.warnings += [OtherWarning(code, name, word, count) for (name, word), count in told.most_common()]

    def warn_older(self, count: int) -> None:
        """Add the warning about rows that were older than what is stored."""
        if count:
            self.warnings.append(OtherWarning("older", "", "", count))


def read_rows(
    table: "OpenTable[Format]",
    read: Callable[[int, Cells], Taken],
    result: OtherResult,
    *,
    needed: Collection[int],
) -> Iterator[Taken]:
    """Yield what ``read`` makes of each row; a row it refuses with RowError goes to ``result.rejects``.

    ``needed`` are the places ``read`` looks at: they are kept with a rejected row, since nobody could correct it
    without them. Other personal data is not.
    """
    width = len(table.header)
    private = [
        place
        for place, name in enumerate(table.header)
        if place not in needed and PRIVATE.search(normalise_header(name))
    ]
    for position, (row_number, cells) in enumerate(table.rows):
        if position < table.match.skip_rows:
            continue
        result.rows += 1
        cells.extend([""] * (width - len(cells)))
        try:
            taken = read(row_number, cells)
        except SkippedRow:
            result.skipped += 1
        except RowError as error:
            if is_trailer(cells):
                result.skipped += 1
                continue
            for place in private:
                cells[place] = ""
            raw = json.dumps(cells, ensure_ascii=False)
            result.rejects.append((row_number, error.column, describe(error.reason), raw))
        else:
            yield taken


def optional_id(cell: str) -> str | None:
    """Return an id, None for an empty cell; CellError if it is no id or destroyed by Excel."""
    return convert_id(cell) if clean_cell(cell) else None


def in_column(column: str, convert: Callable[[str], Taken]) -> Callable[[str], Taken]:
    """Return a converter whose CellErrors name the column."""

    def convert_or_name(cell: str) -> Taken:
        try:
            return convert(cell)
        except CellError as error:
            raise RowError(column, error.reason) from error

    return convert_or_name


def column_name(header: Sequence[str], places: Sequence[int]) -> str:
    """Return the raw header of the first of these places, ``""`` if there is none."""
    return header[places[0]].strip() if places else ""
