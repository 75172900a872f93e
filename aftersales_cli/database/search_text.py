"""How texts and questions become the words of the search index: pure rules, the same for both sides.

Every Chinese character is a word of its own, so that 退, 退款 and 破损 are found as phrases; letters and digits between
them are words as usual, without case and accents. Punctuation is a word, too: no phrase reaches across it. What
SQLite's tokenizer may take for a separator (its Unicode tables are older than Python's) is written as digits.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

BOUNDARY = "\ue000"
"""Stands for any punctuation: a private letter, which no text of people contains as a word."""
_ESCAPE = "\ue001"
MOST_PHRASES = 32
"""Further words of a question do not count."""
_MOST_WORDS = 64
"""Words of one phrase that count."""

_SPACELESS = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x312F), (0x31A0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
)  # fmt: skip
"""Scripts that put no space between words: Chinese, kana, Thai, Lao, Burmese, Khmer."""
_KNOWN = (
    (0x30, 0x39), (0x61, 0x7A), (0xDF, 0x24F), (0x3AC, 0x3CE), (0x430, 0x45F), (0x3041, 0x3096), (0x30A1, 0x30FA),
    (0x3400, 0x4DB5), (0x4E00, 0x9FCC), (0xAC00, 0xD7A3),
)  # fmt: skip
"""Folded letters and digits that the tokenizer of every SQLite keeps."""
_ACCENTED = ((0xC0, 0x24F), (0x370, 0x52F), (0x1E00, 0x1FFF))
"""Letters whose accents are left out: Latin, Greek, Cyrillic."""

_ASCII_WORD = re.compile(r"[A-Za-z0-9]+")


class Word(NamedTuple):
    """A word of the index and the characters of the text it stands for."""

    text: str
    start: int
    end: int


class Phrase(NamedTuple):
    """Words that must stand side by side."""

    words: tuple[str, ...]
    is_beginning: bool
    """Whether the last word may go on: ``refund`` finds ``refunded``."""


class Query(NamedTuple):
    """What a question asks for."""

    wanted: tuple[Phrase, ...]
    """All of them must be in a case."""
    excluded: tuple[Phrase, ...]
    """None of them may."""


def _within(code: int, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(first <= code <= last for first, last in ranges)


@lru_cache(maxsize=20_000)
def _classify(character: str) -> tuple[str, str]:
    """Return what a character is (letter, single, space, mark, boundary) and how the index writes it."""
    category = unicodedata.category(character)
    if character.isspace():
        return "space", ""
    if category.startswith("M") or category == "Cf":
        return "mark", ""
    if category[0] not in "LN":
        return "boundary", ""
    folded = _fold(character)
    written = "".join(
        letter if _within(ord(letter), _KNOWN) else f"{_ESCAPE}{ord(letter):x}" for letter in folded
    )
    return ("single" if _within(ord(folded[0]), _SPACELESS) else "letter"), written


def _fold(character: str) -> str:
    """Return a letter without case, width and accents."""
    compatible = unicodedata.normalize("NFKC", character)
    if not compatible.isalnum():
        compatible = character
    if any(_within(ord(letter), _ACCENTED) for letter in compatible):
        apart = unicodedata.normalize("NFKD", compatible)
        compatible = "".join(letter for letter in apart if unicodedata.category(letter)[0] in "LN")
    return compatible.casefold() or character


def _pieces(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield what each character is, or each run of plain letters and digits, how it is written, and its place."""
    position = 0
    while position < len(text):
        if plain := _ASCII_WORD.match(text, position):
            yield "letter", plain[0].lower(), position, plain.end()
            position = plain.end()
        else:
            yield *_classify(text[position]), position, position + 1
            position += 1


def split_words(text: str) -> list[Word]:
    """Return the index's words of a text, in order; runs of punctuation are one boundary."""
    words: list[Word] = []
    before = ""
    for kind, written, start, end in _pieces(text):
        if kind == "mark":
            if before in {"letter", "single"}:
                words[-1] = words[-1]._replace(end=end)
            continue
        if kind == "letter" == before:
            words[-1] = Word(words[-1].text + written, words[-1].start, end)
        elif kind in {"letter", "single"}:
            # Between Chinese characters a space is punctuation; beside a Latin word it means nothing.
            if kind == "single" and before == "space after single":
                words.append(Word(BOUNDARY, start, start))
            words.append(Word(written, start, end))
        elif kind == "boundary" and (not words or words[-1].text != BOUNDARY):
            words.append(Word(BOUNDARY, start, end))
        before = "space after single" if kind == "space" and "single" in before else kind
    return words


class _Writing(dict[int, str]):
    """Character code → how ``index_text`` writes it, made when first asked for."""

    def __missing__(self, code: int) -> str:
        kind, written = _classify(chr(code))
        shown = {"single": f"\1{written}\2", "space": " ", "boundary": f" {BOUNDARY} "}.get(kind, written)
        self[code] = shown
        return shown


_WRITING = _Writing()
_SPACED_OUT = re.compile("\2 +\1")
_BETWEEN = str.maketrans("\1\2", "  ")
_BOUNDARIES = re.compile(f"{BOUNDARY}(?: {BOUNDARY})+")


def index_text(texts: Sequence[str]) -> str:
    """Return what the index keeps of a case's texts; no phrase reaches from one text into the next.

    The words are those of ``split_words``, found ten times as fast: an import has many cases.
    """
    written = f" {BOUNDARY} ".join(text.translate(_WRITING) for text in texts)
    apart = _SPACED_OUT.sub(f" {BOUNDARY} ", written).translate(_BETWEEN)
    return _BOUNDARIES.sub(BOUNDARY, " ".join(apart.split()))


_PART = re.compile(r'(?P<minus>[-－]?)(?:["“”„«»](?P<quoted>[^"“”«»]*)(?:["“”«»]|$)|(?P<bare>[^\s"“”„«»]+))')


def read_query(text: str) -> Query:
    """Read a question: words that must all be there, ``"…"`` words side by side, ``-word`` not there.

    Everything else is taken literally: there is no other syntax, and no text is an error.
    """
    wanted: list[Phrase] = []
    excluded: list[Phrase] = []
    for part in _PART.finditer(text):
        quoted = part["quoted"]
        phrase = _phrase(part["bare"] if quoted is None else quoted, is_quoted=quoted is not None)
        chosen = excluded if part["minus"] else wanted
        if phrase.words and phrase not in chosen and len(wanted) + len(excluded) < MOST_PHRASES:
            chosen.append(phrase)
    return Query(tuple(wanted), tuple(excluded))


def _phrase(text: str, *, is_quoted: bool) -> Phrase:
    words = split_words(text)
    while words and words[-1].text == BOUNDARY:
        words.pop()
    while words and words[0].text == BOUNDARY:
        words.pop(0)
    words = words[:_MOST_WORDS]
    # A Chinese character is whole; only what has letters or digits can go on.
    is_beginning = bool(words) and not is_quoted and _classify(text[words[-1].start])[0] != "single"
    return Phrase(tuple(word.text for word in words), is_beginning)


def match_expression(query: Query) -> str:
    """Return a query as FTS5 writes it; every word stands in quotation marks, none can be taken for syntax."""
    wanted = " AND ".join(map(_quote, query.wanted))
    if not query.excluded:
        return wanted
    return f"({wanted}) NOT ({' OR '.join(map(_quote, query.excluded))})"


def _quote(phrase: Phrase) -> str:
    escaped = " ".join(phrase.words).replace('"', '""')
    return f'"{escaped}" *' if phrase.is_beginning else f'"{escaped}"'


def find_hits(words: Sequence[Word], phrase: Phrase) -> Iterator[tuple[int, int]]:
    """Yield where a phrase stands in a text that was split into words: first character, and the one after it."""
    length = len(phrase.words)
    for first in range(len(words) - length + 1):
        last = words[first + length - 1].text
        if not (last.startswith(phrase.words[-1]) if phrase.is_beginning else last == phrase.words[-1]):
            continue
        if all(words[first + offset].text == phrase.words[offset] for offset in range(length - 1)):
            yield words[first].start, words[first + length - 1].end
