"""Forms that people fill in and hand back: their columns in both languages, and the codes that name their rows.

A form is a TOML description read by ``load_form``, something that provides its rows (written by
``reports/form_sheet.py``) and something that takes them back (read by ``reading/form_rows.py``).
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from aftersales_cli.language import pick
from aftersales_cli.reading.headers import normalise_header
from aftersales_cli.resources import data_files

FOLDER = "templates/reports"
TOKEN = "token"  # noqa: S105 - the column's name
"""Name of the column with the codes, which every form has."""
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that nobody mistakes for one another."""
_CHECK_LENGTH = 3
_LONGEST_NUMBER = 15
"""SQLite's integers end soon after."""


@dataclass(frozen=True)
class FormColumn:
    """One column of a form, as its entry in the TOML file says."""

    name: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    """Other headings under which it is recognised, e.g. its former ones."""
    fill: str = ""
    """What people fill in: ``choice``, ``text``, ``whole``, ``day`` or ``moment``; "" for what they only read."""
    choices: tuple[str, ...] = ()
    """A short fixed list of choices, if it is the same in every language."""
    needed: bool = False
    """Whether a table without this heading is no such form."""
    width: int = 12
    align: str = ""
    small: bool = False
    """Grey and small: for the program, not for people."""

    @property
    def title(self) -> str:
        """The heading in the current language."""
        return pick({"zh": self.zh, "en": self.en})


@dataclass(frozen=True, eq=False)
class Form:
    """The description of a form."""

    name: str
    words: Mapping[str, Any]
    """The whole entry: beside the columns e.g. the sheet's name, its title, prompts."""
    columns: Mapping[str, FormColumn]
    """From left to right."""
    _names: Mapping[str, str] = field(repr=False)

    @property
    def filled_in(self) -> tuple[str, ...]:
        """The columns people fill in."""
        return tuple(name for name, column in self.columns.items() if column.fill)

    def recognise(self, headers: list[str]) -> dict[str, int] | None:
        """Return column → position (from 0) if these normalised headers are those of this form.

        Columns may stand anywhere and in either language; the needed ones must be there.
        """
        positions = self.find_columns(headers)
        return None if self.missing(positions) else positions

    def find_columns(self, headers: list[str]) -> dict[str, int]:
        """Return column → position of those there are, whether or not it is a form of this kind."""
        positions: dict[str, int] = {}
        for position, header in enumerate(headers):
            name = self._names.get(header)
            if name is not None:
                positions.setdefault(name, position)
        return positions

    def missing(self, positions: Mapping[str, int]) -> list[FormColumn]:
        """Return the needed columns that are not there."""
        return [column for column in self.columns.values() if column.needed and column.name not in positions]


@cache
def load_words(file_name: str) -> Mapping[str, Any]:
    """Return the texts of a file in ``templates/reports``."""
    path = data_files(FOLDER)[file_name]
    words: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return words


@cache
def load_form(file_name: str, part: str = "") -> Form:
    """Return the form of a file in ``templates/reports``, or one of several under ``[forms.PART]``."""
    words = load_words(file_name)
    if part:
        words = words["forms"][part]
    columns = {name: _column(name, entry) for name, entry in words["columns"].items()}
    names = {
        normalise_header(title): column.name
        for column in columns.values()
        for title in (column.zh, column.en, *column.aliases)
    }
    return Form(part or file_name.removesuffix(".toml"), words, columns, names)


def _column(name: str, entry: Mapping[str, Any]) -> FormColumn:
    lists = {key: tuple(entry.get(key, ())) for key in ("aliases", "choices")}
    return FormColumn(name, **{**entry, **lists})


@dataclass(frozen=True)
class Token:
    """What a row is about: a thing in one revision."""

    id: int
    revision: int
    check: str

    def __str__(self) -> str:
        return f"{self.id}.{self.revision}.{self.check}"


def make_token(identity: int, revision: int, seed: str) -> Token:
    """Return the code of a row; its check digits catch slips and forms of another shop.

    ``seed`` is something of the thing, or of the shop, that never changes and that others do not share.
    """
    digest = hashlib.sha256(f"{identity}.{revision}.{seed}".encode()).digest()
    check = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:_CHECK_LENGTH])
    return Token(identity, revision, check)


def parse_token(text: str) -> Token | None:
    """Read a code like ``17.1.K4Q``; None if it cannot be one. Whether its check digits are right is not looked at."""
    parts = normalise_header(text).upper().split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts[:2]):  # noqa: PLR2004
        return None
    if max(map(len, parts[:2])) > _LONGEST_NUMBER:
        return None
    return Token(int(parts[0]), int(parts[1]), parts[2])


def form_id(kind: str, day: str, tokens: Iterable[Token], language: str) -> str:
    """Return what tells two forms apart: the same rows in the same state give the same id."""
    content = "\n".join([language, *sorted(map(str, tokens))])
    return f"{kind}-{day}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
