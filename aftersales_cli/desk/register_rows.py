"""What a filled row of the register asks for: its cells read, what was taken before left out, and who speaks."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aftersales_cli.access import ALLOWED
from aftersales_cli.database.agents import find_agent
from aftersales_cli.database.register import get_last_event_number, get_taken_row, put_taken_row
from aftersales_cli.desk.register_form import status_choices, step_choices
from aftersales_cli.errors import AftersalesError, NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.reading.form_rows import CellError, FilledRow
from aftersales_cli.reading.forms import TOKEN, Token
from aftersales_cli.reading.whole_rows import WrongCells
from aftersales_cli.records.register import TakenRow
from aftersales_cli.records.shops import Agent
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import require_agent

_MOST_MINUTES = 9999
_COMMAND = re.compile(r"\baftersales |(?<!\w)--\w")
_DIGEST_LENGTH = 12


@dataclass(frozen=True)
class Wanted:
    """What a row asks for, under the names of its columns; ``""`` or None for nothing."""

    kind: str = ""
    reason: str = ""
    assignee: str = ""
    """Code of an employee."""
    heard: str = ""
    """What the customer said further."""
    reply: str = ""
    note: str = ""
    minutes: int | None = None
    status: str = ""
    """A code of ``status_choices``."""
    cause: str = ""
    step: str = ""
    """A code of ``step_choices``."""
    at: datetime | None = None
    """When it was done; None for now."""

    def columns(self) -> list[str]:
        """Return the columns something is asked for in, from left to right."""
        return [name for name, value in vars(self).items() if value and name != "at"]

    def without(self, *columns: str) -> "Wanted":
        """Return what is left when these columns are done or need not be done."""
        return replace(self, **{name: getattr(Wanted(), name) for name in columns})


def read_wanted(shop: Shop, row: FilledRow, wrong: WrongCells) -> Wanted:
    """Read every cell of a row that can be filled in for any case; the wrong ones are noted in ``wrong``."""
    readers: dict[str, Callable[[], object]] = {
        "kind": lambda: row.word("kind", shop.taxonomy("kinds")),
        "reason": lambda: row.word("reason", shop.taxonomy("reasons")),
        "assignee": lambda: _read_agent(shop, row, "assignee"),
        "heard": lambda: row.text("heard"),
        "reply": lambda: row.text("reply"),
        "note": lambda: row.text("note"),
        "minutes": lambda: row.whole("minutes", smallest=0, largest=_MOST_MINUTES),
        "status": lambda: row.word("status", status_choices(shop.folder)),
        "cause": lambda: row.word("cause", shop.taxonomy("causes")),
        "step": lambda: row.word("step", step_choices(shop.folder)),
        "at": lambda: read_moment(shop, row, "at"),
    }
    values: dict[str, Any] = {}
    for name, read in readers.items():
        with wrong.noting():
            values[name] = read()
    return Wanted(**values)


def _read_agent(shop: Shop, row: FilledRow, column: str) -> str:
    text = row.text(column)
    if not text:
        return ""
    with blaming(column):
        return require_agent(shop, text).code


def read_moment(shop: Shop, row: FilledRow, column: str) -> datetime | None:
    """Read a moment of the shop's local time; None for an empty cell."""
    return row.moment(column, shop.now.astimezone(shop.zone))


@contextmanager
def blaming(column: str) -> Iterator[None]:
    """Report what a rule refuses as a fault of this cell, in words for people who see no commands."""
    try:
        yield
    except (WrongUsageError, RefusedError, NotFoundError) as error:
        raise CellError(column, _for_paper(error)) from error


def _for_paper(error: AftersalesError) -> str:
    if not error.remedy or _COMMAND.search(error.remedy):
        return error.message
    return f"{error.message} {error.remedy}"


def speak_as(shop: Shop, column: str, word: str) -> Shop:
    """Return the shop as the employee named in a column acts in it; who hands the form in stays in the audit log.

    ``word`` is a code or name, ``""`` for whoever hands it in. Only the owner or a manager can hand in what others
    wrote; CellError otherwise. An employee who has left speaks no more: then it is whoever hands the form in.
    """
    person = find_agent(shop.database, word) if word else None
    if person is None or not person.active or person.code == shop.agent.code:
        return shop
    if not may_speak_for_others(shop.agent):
        raise CellError(
            column,
            _(
                "This was filled in by {name}, so {name} has to hand it in, or the owner or a manager.",
                name=person.name,
            ),
        )
    return replace(shop, agent=person)


def may_speak_for_others(agent: Agent) -> bool:
    """Tell whether an employee may hand in what others wrote: whoever may enter employees."""
    return agent.role in ALLOWED["team.add"]


@dataclass(frozen=True)
class Memory:
    """What was taken from a row before."""

    code: str
    taken: TakenRow | None

    def fresh(self, cells: Mapping[str, str]) -> list[str]:
        """Return the columns whose content was not taken yet."""
        known = json.loads(self.taken.content) if self.taken else {}
        return [name for name, text in cells.items() if known.get(name) != self._digest(name, text)]

    def revision(self, written: int) -> int:
        """Return the last event of the case the row knows of, for a form that was written after ``written``."""
        return self.taken.revision if self.taken else written

    def keep(self, shop: Shop, number: int, cells: Mapping[str, str], revision: int | None = None) -> None:
        """Remember what the row holds now. To be used inside ``writing``.

        ``revision`` is the state of what the row is about, None for the last event of its case.
        """
        last = get_last_event_number(shop.database, number) if revision is None else revision
        content = {name: self._digest(name, text) for name, text in cells.items()}
        row = TakenRow(self.code, number, last or 0, json.dumps(content, sort_keys=True), shop.stamp)
        put_taken_row(shop.database, row)

    def _digest(self, name: str, text: str) -> str:
        # Digests and not texts: what customers said stands in messages and events only, where it can be erased.
        return hashlib.sha256(f"{self.code}\n{name}\n{text}".encode()).hexdigest()[:_DIGEST_LENGTH]


def recall(shop: Shop, token: Token, kind: str = "") -> Memory:
    """Return what was taken from the row with this code before; ``kind`` tells the codes of other forms apart."""
    code = f"{kind} {token}".strip()
    return Memory(code, get_taken_row(shop.database, code))


def is_repeated(seen: dict[str, FilledRow], row: FilledRow, code: str, cells: Mapping[str, str]) -> bool:
    """Tell whether an earlier row of the file says the very same; CellError if it says something else.

    ``seen`` maps codes to the first row that has them and is added to.
    """
    first = seen.setdefault(code, row)
    if first is row:
        return False
    if first.filled(cells) == cells:
        return True
    raise CellError(
        TOKEN,
        _(
            "Row {row} of “{sheet}” has the same code. Each code belongs to one row only.",
            row=first.number,
            sheet=first.sheet.name,
        ),
    )
