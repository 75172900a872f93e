"""Help from afar before a piece is sent in: texts by words of the product, from ``templates/scripts/guidance.toml``."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aftersales_cli.desk.rule_files import read_toml
from aftersales_cli.errors import FileError
from aftersales_cli.language import _, pick
from aftersales_cli.resources import data_files
from aftersales_cli.taxonomy import fold

FILE_NAME = "guidance.toml"
_KEYS = {"words", "unless", "problems", "title", "zh", "en"}
_LANGUAGES = {"zh", "en"}


@dataclass(frozen=True)
class Guidance:
    """Steps the customer can try at home."""

    words: tuple[str, ...]
    """Words of the product's name it is for."""
    unless: tuple[str, ...]
    problems: tuple[str, ...]
    """Words of the fault it is for; for every fault if there are none."""
    titles: dict[str, str]
    texts: dict[str, str]
    """Language → text."""

    @property
    def title(self) -> str:
        """What it is about, in the current language."""
        return pick(self.titles)


def load_guidance(shop_folder: Path | None) -> list[Guidance]:
    """Return the shop's own texts, then the shipped ones; raises FileError naming file and entry."""
    paths = dict.fromkeys(
        data_files("templates/scripts", folder)[FILE_NAME] for folder in (shop_folder, None)
    )
    return [entry for path in paths for entry in _read(path)]


def choose_guidance(entries: Sequence[Guidance], *, product: str, problem: str) -> list[Guidance]:
    """Return what fits a product; of these, only what fits the fault, if any does."""
    name, said = fold(product), fold(problem)
    fitting = [
        entry
        for entry in entries
        if any(fold(word) in name for word in entry.words)
        and not any(fold(word) in name for word in entry.unless)
    ]
    exact = [entry for entry in fitting if any(fold(word) in said for word in entry.problems)]
    return exact or fitting


def _read(path: Path) -> list[Guidance]:
    document = read_toml(path)
    tables = document.get("guidance")
    if set(document) != {"guidance"} or not isinstance(tables, list):
        raise FileError(
            _("{path} is no list of guidance texts.", path=path),
            remedy=_("Begin each with [[guidance]]."),
        )
    return [_entry(path, position, table) for position, table in enumerate(tables, 1)]


def _entry(path: Path, position: int, table: Any) -> Guidance:
    if not isinstance(table, dict) or table.keys() - _KEYS:
        raise _problem(path, position, _("Keys here: {names}.", names=", ".join(sorted(_KEYS))))
    words = {key: table.get(key, []) for key in ("words", "unless", "problems")}
    for key, value in words.items():
        if not isinstance(value, list) or not all(isinstance(word, str) and fold(word) for word in value):
            raise _problem(path, position, _('“{key}” is written like ["one", "two"].', key=key))
    texts = {key: table[key] for key in table if key in _LANGUAGES}
    titles = table.get("title", {})
    if not words["words"] or not _is_text(texts) or not _is_text(titles):
        raise _problem(
            path,
            position,
            _('Give it words, title = { zh = "…", en = "…" }, zh = "…" and en = "…".'),
        )
    return Guidance(
        tuple(words["words"]), tuple(words["unless"]), tuple(words["problems"]), dict(titles), texts
    )


def _is_text(texts: object) -> bool:
    return (
        isinstance(texts, dict)
        and bool(texts)
        and all(key in _LANGUAGES and isinstance(text, str) and text.strip() for key, text in texts.items())
    )


def _problem(path: Path, position: int, remedy: str) -> FileError:
    return FileError(
        _("{path}: entry {position} is no guidance.", path=path, position=position), remedy=remedy
    )
