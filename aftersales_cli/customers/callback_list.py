"""The callback list as a form: its columns in both languages, and the tokens that name its rows."""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from aftersales_cli.reading.headers import normalise_header
from aftersales_cli.resources import data_files

FILE_NAME = "callback_list.toml"
COLUMNS = (
    "position", "reason", "customer", "reach", "storefront", "order", "product", "happened", "ask", "assignee",
    "outcome", "score", "next_on", "note", "token",
)  # fmt: skip
"""The list's columns from left to right."""
FILLED_IN = ("outcome", "score", "next_on", "note")
"""The columns people fill in."""
_NEEDED = frozenset({"token", "outcome"})
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that nobody mistakes for one another."""
_CHECK_LENGTH = 3


@dataclass(frozen=True)
class Token:
    """What a row of a list is about: a callback in one revision."""

    callback_id: int
    revision: int
    check: str

    def __str__(self) -> str:
        return f"{self.callback_id}.{self.revision}.{self.check}"


def make_token(callback_id: int, revision: int, planned_at: str) -> Token:
    """Return the token of a callback; its check digits catch slips and lists of another shop."""
    digest = hashlib.sha256(f"{callback_id}.{revision}.{planned_at}".encode()).digest()
    check = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:_CHECK_LENGTH])
    return Token(callback_id, revision, check)


def parse_token(text: str) -> Token | None:
    """Read a token like ``17.1.K4Q``; None if it cannot be one."""
    parts = normalise_header(text).upper().split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts[:2]):  # noqa: PLR2004
        return None
    if max(map(len, parts[:2])) > 15:  # noqa: PLR2004 - SQLite's integers end soon after
        return None
    return Token(int(parts[0]), int(parts[1]), parts[2])


def list_id(day: str, tokens: Sequence[Token], language: str) -> str:
    """Return what tells two lists apart: the same rows in the same state give the same id."""
    content = "\n".join([language, *sorted(map(str, tokens))])
    return f"callbacks-{day}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"


@cache
def list_words() -> Mapping[str, Any]:
    """Return the list's texts: names in both languages under the keys of ``callback_list.toml``."""
    path = data_files("templates/reports")[FILE_NAME]
    words: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return words


@cache
def _column_names() -> dict[str, str]:
    names: dict[str, str] = {}
    for column, texts in list_words()["columns"].items():
        for title in (texts["zh"], texts["en"], *texts.get("aliases", ())):
            names[normalise_header(title)] = column
    return names


def recognise_callback_list(headers: list[str]) -> dict[str, int] | None:
    """Return column name → position (from 0) if these normalised headers are those of a callback list.

    Columns may stand anywhere and in either language; token and outcome must be there.
    """
    positions: dict[str, int] = {}
    for position, header in enumerate(headers):
        column = _column_names().get(header)
        if column is not None:
            positions.setdefault(column, position)
    return positions if positions.keys() >= _NEEDED else None
