"""Read files of rules: ``[[rule]]`` (or another table's name) with names in both languages, every key known and of the right kind."""

import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from aftersales_cli.errors import FileError, WrongUsageError
from aftersales_cli.language import N_, _, pick
from aftersales_cli.resources import data_files

FOLDER = "templates/settings"

Read = TypeVar("Read")

_REMEMBERED = 32

WORDS, WORD, NUMBER, AMOUNTS, FLAG, COUNT = "words", "word", "number", "amounts", "flag", "count"
"""What a key can hold: a list of texts, a text, a whole number from 1, ``{ CNY = 1000 }``, true or false, one from 0."""

_NAMES = {"zh": WORD, "en": WORD}


@dataclass(frozen=True)
class RuleEntry:
    """One rule as it stands in its file, checked."""

    path: Path
    position: int
    """1 for the first rule of the file."""
    values: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name in the current language."""
        return pick({language: self.values[language] for language in _NAMES if language in self.values})

    @property
    def key(self) -> str:
        """The name that is stored: the same in every language."""
        return str(self.values.get("en") or self.values.get("zh"))

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty if the key is missing."""
        return tuple(self.values.get(key, ()))

    def problem(self, key: str, what: str, remedy: str) -> WrongUsageError:
        """Return the error that names file, rule and key."""
        return WrongUsageError(
            _(
                "{path}, rule {position} ({name}): “{key}” {problem}.",
                path=self.path,
                position=self.position,
                name=self.name or "–",
                key=key,
                problem=what,
            ),
            remedy=remedy,
        )

    def check_codes(self, key: str, known: Collection[str]) -> None:
        """Raise WrongUsageError if a text of the key is none of these codes."""
        value = self.values.get(key, ())
        for code in (value,) if isinstance(value, str) else value:
            if code not in known:
                raise self.problem(
                    key, _("knows no “{word}”", word=code), _("Choose from: {names}", names=", ".join(known))
                )


def load_rules(
    file_name: str, keys: Mapping[str, str], shop_folder: Path | None, *, table: str = "rule"
) -> tuple[RuleEntry, ...]:
    """Return the rules of the shop's file of this name, else of the shipped one, in their order.

    ``keys`` maps each key a rule may have to what it holds, ``table`` is the word in ``[[rule]]``. Raises FileError for a file that cannot be read,
    WrongUsageError naming file, rule and key for a wrong entry.
    """
    path = data_files(FOLDER, shop_folder)[file_name]
    document = read_toml(path)
    rules = document.get(table)
    if set(document) != {table} or not isinstance(rules, list):
        raise WrongUsageError(
            _("{path} is not a list of rules.", path=path),
            remedy=_("Begin each rule with [[{table}]].", table=table),
        )
    entries = tuple(RuleEntry(path, position, values) for position, values in enumerate(rules, start=1))
    for entry in entries:
        _check(entry, {**_NAMES, **keys})
    return entries


def remembered(read: Callable[[Path | None], Read], file_name: str, shop_folder: Path | None) -> Read:
    """Return what ``read(shop_folder)`` makes of a file of rules, read again only if the file has changed.

    Another path, size or time of change means another file; what cannot be read is tried again each time.
    """
    path = data_files(FOLDER, shop_folder)[file_name]
    try:
        found = path.stat()
    except OSError:
        return read(shop_folder)
    stamp = (path, found.st_mtime_ns, found.st_size)
    known: Read = _read_as_of(stamp, read, shop_folder)
    return known


@lru_cache(maxsize=_REMEMBERED)
def _read_as_of(
    stamp: tuple[Path, int, int],  # noqa: ARG001 - tells one state of the file from another
    read: Callable[[Path | None], Any],
    shop_folder: Path | None,
) -> Any:
    return read(shop_folder)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file of data; raises FileError naming it if it is no UTF-8 text or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileError(
            _("{path} cannot be read: {reason}", path=path, reason=error),
            remedy=_("Correct that place, or remove the file: the shipped one is used then."),
        ) from error


def _check(entry: RuleEntry, keys: Mapping[str, str]) -> None:
    for key, value in entry.values.items():
        if key not in keys:
            raise entry.problem(key, _("is not known here"), _("Choose from: {names}", names=", ".join(keys)))
        if not _fits(value, keys[key]):
            raise entry.problem(key, _("has the wrong form"), _(_FORMS[keys[key]]))
    if not entry.name:
        raise entry.problem("en", _("is missing"), _("Give the rule a name with zh and en."))


_FORMS = {
    WORDS: N_('Write a list of texts: ["one", "two"].'),
    WORD: N_("Write a text between quotation marks."),
    NUMBER: N_("Write a whole number, 1 or more."),
    AMOUNTS: N_("Write amounts by currency: { CNY = 1000, USD = 150 }."),
    FLAG: N_("Write true or false."),
    COUNT: N_("Write a whole number, 0 or more."),
}


def _fits(value: object, form: str) -> bool:
    if form == WORDS:
        return isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value)
    if form == WORD:
        return isinstance(value, str)
    if form == NUMBER:
        return type(value) is int and value >= 1
    if form == COUNT:
        return type(value) is int and value >= 0
    if form == FLAG:
        return isinstance(value, bool)
    return isinstance(value, dict) and all(
        isinstance(number, int | float) and not isinstance(number, bool) for number in value.values()
    )
