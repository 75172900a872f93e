"""Take in a platform's report on chat service: each employee's response times by day."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from decimal import Decimal

from aftersales_cli.database.agents import list_agents
from aftersales_cli.database.other_files import CHAT_REPORTS
from aftersales_cli.intake.columns import Cells, Columns, RowError
from aftersales_cli.intake.converters import (
    BAD_INTEGER,
    BAD_TIME,
    CellError,
    convert_integer,
    parse_amount,
    time_converter,
)
from aftersales_cli.intake.other_rows import OtherFile, OtherResult, SkippedRow, column_name, read_rows
from aftersales_cli.language import N_
from aftersales_cli.reading.cells import clean_cell
from aftersales_cli.records.feedback import ChatReport

NO_AGENT = N_("the name of the employee is missing")
SEVERAL_DAYS = N_("this row sums up several days; export the report day by day")
BAD_SECONDS = N_("this is no number of seconds")
BAD_SHARE = N_("this is no share")
NO_FIGURE = N_("the row holds no figure")

_MOST_CHATS = 10**9
_TOTALS = re.compile(
    r"(汇总|合计|总计|小计|均值|平均|全部|全店|(total|average|overall|all)\b).*", re.IGNORECASE
)
_SPAN = re.compile(r"[~～至]|\bto\b|\d\s*[-–—]\s+\d|\d{4}[-/.]\d\d?[-/.]\d\d?\s*[-–—]\s*\d{4}")
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,6}):(\d{1,6}(?:\.\d+)?)")
_SPOKEN = re.compile(
    r"(?:(\d{1,6})(?:小时|时|h))?(?:(\d{1,6})(?:分钟?|m(?:in)?))?(?:(\d{1,9}(?:\.\d+)?)(?:秒钟?|s(?:ec)?)?)?"
)
_FIGURES = {
    "chats": "chats",
    "first_reply": "first_reply_seconds",
    "average_reply": "average_reply_seconds",
    "answered_share": "answered_share",
    "satisfaction": "satisfaction",
}
"""Field of the format → field of the record."""


def take_chats(file: OtherFile) -> OtherResult:
    """Store a chat-service report, one row per employee and day; totals are skipped and spans of days rejected."""
    result, reader = OtherResult(), _ChatReader(file)
    with file.shop.writing("orders.import") as writing:
        reports = list(read_rows(file.table, reader.read, result, needed=reader.needed))
        as_of = max((report.day for report in reports), default="")
        older = file.store(CHAT_REPORTS, (replace(report, as_of=as_of) for report in reports), result)
        writing.count(chat_new=result.new, chat_updated=result.updated)
    result.warn("unknown_agent", reader.unknown)
    result.warn_older(older)
    return result


class _ChatReader:
    """Reads the rows of one report."""

    def __init__(self, file: OtherFile) -> None:
        columns = Columns(file.format, file.header)
        self.needed = frozenset(columns.all_places("chat"))
        self._storefront = file.owner
        self._agent = columns.text("chat", "agent")
        self._agent_column = column_name(file.header, columns.places("chat", "agent"))
        self._day = columns.value("chat", "day", _day_converter(file.format.slashes))
        self._day_column = column_name(file.header, columns.places("chat", "day"))
        convert = {"chats": _convert_count, "first_reply": parse_seconds, "average_reply": parse_seconds}
        self._figures = {
            target: columns.value("chat", name, convert.get(name, parse_share))
            for name, target in _FIGURES.items()
        }
        self._agents = {
            word.casefold(): agent.id
            for agent in list_agents(file.shop.database)
            for word in (agent.code, agent.name)
        }
        self.unknown: Counter[tuple[str, str]] = Counter()

    def read(self, row_number: int, cells: Cells) -> ChatReport:
        """Return a row's report; raises RowError, and SkippedRow for a total."""
        del row_number
        name = self._agent(cells)
        if not name:
            raise RowError(self._agent_column, NO_AGENT)
        if _TOTALS.fullmatch(name):
            raise SkippedRow
        day = self._day(cells)
        if day is None:
            raise RowError(self._day_column, BAD_TIME)
        figures = {target: get(cells) for target, get in self._figures.items()}
        if all(value is None for value in figures.values()):
            raise RowError("", NO_FIGURE)
        return ChatReport(
            storefront_id=self._storefront.id,
            agent_name=name,
            agent_id=self._agent_id(name),
            day=day,
            as_of="",
            **figures,
        )

    def _agent_id(self, name: str) -> int | None:
        """Return the employee: the platform's name is ours, or ours stands behind the shop's name and a colon."""
        short = re.split(r"[::]", name)[-1].strip()
        found = self._agents.get(name.casefold()) or self._agents.get(short.casefold())
        if found is None:
            self.unknown["chat.agent", name] += 1
        return found


def _convert_count(cell: str) -> int | None:
    number: int | None = convert_integer(cell)
    if number is not None and not 0 <= number < _MOST_CHATS:
        raise CellError(BAD_INTEGER)
    return number


def _day_converter(slashes: str) -> Callable[[str], str | None]:
    # A report's day is the platform's own: it is taken as it stands, in no zone.
    moment = time_converter(UTC, slashes)

    def convert(cell: str) -> str | None:
        if _SPAN.search(clean_cell(cell)):
            raise CellError(SEVERAL_DAYS)
        found = moment(cell)
        return None if found is None else str(found)[:10]

    return convert


def parse_seconds(cell: str) -> float | None:
    """Read ``32.5``, ``32秒``, ``1分20秒`` or ``0:01:20``; None for an empty cell. Raises CellError."""
    text = "".join(clean_cell(cell).split()).casefold()
    if text in {"", "-", "--", "—"}:
        return None
    match = _CLOCK.fullmatch(text) or _SPOKEN.fullmatch(text)
    if not match:
        raise CellError(BAD_SECONDS)
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def parse_share(cell: str) -> float | None:
    """Read ``98.5%`` or ``0.985`` as 0.985; None for an empty cell. Raises CellError beyond 0 to 100 %."""
    text = clean_cell(cell)
    try:
        share = parse_amount(text.rstrip("%％"))
    except CellError as error:
        raise CellError(BAD_SHARE) from error
    if share is None:
        return None
    if text.endswith(("%", "％")):
        share /= 100
    if not 0 <= share <= 1:
        raise CellError(BAD_SHARE)
    # Shares are compared by their text form in files: no binary noise.
    return float(share.quantize(Decimal("0.000001")))
