"""Lists of codes with names in both languages: kinds, channels, reasons, causes, outcomes and the like."""

import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _, pick
from aftersales_cli.resources import data_files


@dataclass(frozen=True)
class Term:
    """One code of a taxonomy."""

    code: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    """Other words people and platforms use for it, in any language."""
    group: str = ""
    """What it belongs to, e.g. the party at fault for a cause."""

    @property
    def name(self) -> str:
        """The name in the current language."""
        return pick({"zh": self.zh, "en": self.en})


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """An ordered list of terms, as ``templates/taxonomies/NAME.toml`` and the shop's overlay give it."""

    name: str
    terms: dict[str, Term]

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms.values())

    def label(self, code: str | None) -> str:
        """Return the name of a code in the current language; the code itself if it is not listed."""
        if not code:
            return "–"
        term = self.terms.get(code)
        return term.name if term else code

    def find(self, word: str) -> Term | None:
        """Return the term whose code, name or alias is ``word`` (case and width do not matter)."""
        return _index(self).get(fold(word))

    def resolve(self, word: str) -> str:
        """Return the code for a code, a name in either language or a unique beginning of one.

        Raises WrongUsageError that lists the choices.
        """
        if exact := self.find(word):
            return exact.code
        folded = fold(word)
        found = {term.code for key, term in _index(self).items() if folded and key.startswith(folded)}
        if len(found) == 1:
            return found.pop()
        shown = [self.terms[code] for code in self.terms if code in found] or list(self)
        choices = ", ".join(_choice(term) for term in shown)
        message = (
            _("“{word}” can mean several things here.", word=word)
            if found
            else _("“{word}” is not known here.", word=word)
        )
        raise WrongUsageError(message, remedy=_("Choose one of: {choices}", choices=choices))


def _choice(term: Term) -> str:
    """Return a code, with its name where that says something else."""
    return term.code if fold(term.code) == fold(term.name) else f"{term.code} ({term.name})"


def fold(word: str) -> str:
    """Return a word as it is compared: NFKC, without white space, underscores or hyphens, lower case."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(folded.split()).replace("_", "").replace("-", "")


@cache
def _index(taxonomy: Taxonomy) -> dict[str, Term]:
    words: dict[str, Term] = {}
    for term in taxonomy:
        for word in (term.code, term.zh, term.en, *term.aliases):
            words.setdefault(fold(word), term)
    return words


@cache
def load_taxonomy(name: str, shop_folder: Path | None = None) -> Taxonomy:
    """Read a taxonomy; terms of the shop's file of the same name are added to or replace the shipped ones."""
    terms: dict[str, Term] = {}
    for folder in (None, shop_folder):
        path = data_files("templates/taxonomies", folder).get(f"{name}.toml")
        if path is None:
            continue
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        for code, entry in document.items():
            terms[code] = Term(
                code,
                entry["zh"],
                entry["en"],
                tuple(entry.get("aliases", ())),
                entry.get("group", ""),
            )
    return Taxonomy(name, terms)
