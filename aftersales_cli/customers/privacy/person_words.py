"""What a person is recognised by in texts and files: names, numbers, accounts, and what they have written themselves."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

from aftersales_cli.database.tombstones import normal_phone

MARK = "…"
"""What stands where a name or number was taken out."""
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "big5")
_PLAIN_NAME, _CHINESE_NAME = 5, 3
_SHORTEST_NUMBER = 8
_PLAIN_TEXT, _CHINESE_TEXT = 15, 8
"""Characters from which on a text is nobody else's, too: politeness is shorter."""
_SHORTEST_ACCOUNT = 4
_LONGEST_NEEDLE = 120
_CUT = re.compile(r"[\"'&<>\\\r\n\t\v\f]")
"""Characters that files write in several ways: a text is searched for by its longest part without them."""


@dataclass(frozen=True)
class PersonWords:
    """The words of one person; empty if nothing is left of them."""

    calls: tuple[str, ...]
    """Names, accounts, phone numbers and addresses that can be nobody else's."""
    short_names: tuple[str, ...]
    """Names so short that they are ordinary words elsewhere, and what somebody else is called, too."""
    numbers: tuple[str, ...]
    """Numbers of their orders and platform cases."""
    texts: tuple[str, ...]
    """Pieces of what they wrote."""

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        forms = {
            form
            for word in (*self.calls, *self.texts)
            for form in (word, escape(word), json.dumps(word)[1:-1])
        }
        if not forms:
            return None
        return re.compile("|".join(sorted(map(_whole, forms), key=len, reverse=True)), re.IGNORECASE)

    def scrub(self, text: str) -> str:
        """Return a text without what the person is called, and without their own sentences."""
        return self._pattern.sub(MARK, text) if self._pattern else text

    def names_person(self, text: str) -> bool:
        """Tell whether a text (or the cells of a row as JSON) is about the person."""
        if self._pattern and self._pattern.search(text):
            return True
        if any(word in text for word in (*self.numbers, *self.texts)):
            return True
        return any(f'"{name}"' in text for name in self.short_names)

    def finder(self, *, short_names: bool = False) -> Callable[[bytes], bool]:
        """Return a function that tells whether bytes of any usual encoding hold the person.

        ``short_names`` counts names of two characters, too: where a needless hit costs nothing.
        """
        words = {*self.calls, *self.numbers, *self.texts, *(self.short_names if short_names else ())}
        needles = [*_needles(words)]

        def holds(content: bytes) -> bool:
            lowered = content.lower()
            return any(needle in lowered for needle in needles)

        return holds


def _whole(word: str) -> str:
    # A Latin name inside a longer word, or digits inside a longer number, are something else.
    before = r"(?<![A-Za-z0-9])" if word[0].isascii() and word[0].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if word[-1].isascii() and word[-1].isalnum() else ""
    return f"{before}{re.escape(word)}{after}"


def _needles(words: Iterable[str]) -> Iterator[bytes]:
    for word in sorted(words):
        for form in {word, escape(word), json.dumps(word)[1:-1]}:
            for encoding in _ENCODINGS:
                try:
                    yield form.encode(encoding).lower()
                except UnicodeEncodeError:
                    continue


def person_words(found: Mapping[str, Sequence[str]]) -> PersonWords:
    """Sort what ``words_of_people`` found; masked names and numbers, which are nobody's, are left out."""
    clear = {kind: [text.strip() for text in texts if "*" not in text] for kind, texts in found.items()}
    shared = {text for text in clear.get("shared", ()) if text}
    names = {name for name in clear["names"] if name} | shared
    long_names = {
        name for name in names - shared if len(name) >= (_PLAIN_NAME if name.isascii() else _CHINESE_NAME)
    }
    common = {_piece(text) for text in clear.get("common", ())}
    own = [contact for contact in clear["contacts"] if contact and contact not in shared]
    calls = {form for contact in own for form in _forms(contact)}
    calls |= {
        form for account in clear["accounts"] for form in _forms(account) if len(form) >= _SHORTEST_ACCOUNT
    }
    return PersonWords(
        calls=tuple(sorted(long_names | calls)),
        short_names=tuple(sorted(name for name in names - long_names if len(name) > 1)),
        numbers=tuple(sorted({n for n in clear["numbers"] if len(n) >= _SHORTEST_NUMBER})),
        # What others have written, too, tells nobody, and must stay where they wrote it.
        texts=tuple(sorted({piece for text in clear["texts"] if (piece := _piece(text))} - common)),
    )


def _forms(contact: str) -> Iterator[str]:
    """Yield the ways a number or an address is written."""
    yield contact
    digits = normal_phone(contact)
    if digits:
        yield digits
        if len(digits) == len("13800138000"):
            yield from (f"{digits[:3]}{sign}{digits[3:7]}{sign}{digits[7:]}" for sign in " -")


def _piece(text: str) -> str:
    longest = max((part.strip() for part in _CUT.split(text)), key=len, default="")[:_LONGEST_NEEDLE]
    return longest if len(longest) >= (_PLAIN_TEXT if longest.isascii() else _CHINESE_TEXT) else ""
