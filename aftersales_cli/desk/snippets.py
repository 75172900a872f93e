"""The piece of a text that shows why it was found: pure rules."""

from collections.abc import Sequence

from aftersales_cli.desk.contacts import find_contacts

WHOLE = 60
"""Texts of at most so many characters are shown whole."""
BEFORE, AFTER = 16, 44
"""Characters of longer ones that are shown before the first hit, and from its beginning on."""
OPENING, CLOSING = "[", "]"
"""Around each hit; characters every terminal has."""
_LONGEST_WORD = 12
"""How far a cut moves so that no Latin word is cut."""

Piece = tuple[int, int, str]
"""Characters of a text and what is shown instead: first, past last, shown."""


def make_snippet(text: str, hits: Sequence[tuple[int, int]], *, masked: bool) -> str:
    """Return the surroundings of the first hit on one line, every hit there in square brackets.

    With ``masked``, phone numbers and e-mail addresses lose their middle, also where they were hit.
    """
    pieces = _mark(text, _join(hits), list(find_contacts(text)) if masked else [])
    begin, end = (0, len(text)) if len(text) <= WHOLE else _cut(text, min(hits, default=(0, 0))[0], pieces)
    shown, position = [], begin
    for start, stop, instead in pieces:
        if begin <= start and stop <= end:
            shown += [text[position:start], instead]
            position = stop
    line = " ".join("".join([*shown, text[position:end]]).split())
    return f"{'…' if text[:begin].strip() else ''}{line}{'…' if text[end:].strip() else ''}"


def _cut(text: str, first: int, pieces: Sequence[Piece]) -> tuple[int, int]:
    """Return where the surroundings of the first hit begin and end."""
    begin = _between_words(text, max(0, first - BEFORE), step=1, limit=first)
    end = _between_words(text, min(len(text), first + AFTER), step=-1, limit=first)
    # What is masked or marked is shown whole or not at all.
    for start, stop, _shown in pieces:
        if start < begin < stop:
            begin = start
        if start < end < stop:
            end = stop
    return begin, end


def _join(hits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return hits in order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(hits):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _mark(text: str, hits: Sequence[tuple[int, int]], contacts: Sequence[Piece]) -> list[Piece]:
    pieces = []
    for start, end, shown in contacts:
        is_hit = any(first < end and start < last for first, last in hits)
        pieces.append((start, end, f"{OPENING}{shown}{CLOSING}" if is_hit else shown))
    for first, last in hits:
        position = first
        for start, end, _shown in contacts:
            if start < last and first < end:
                # Only what stands beside the masked word is marked by itself.
                if position < start:
                    pieces.append((position, start, f"{OPENING}{text[position:start]}{CLOSING}"))
                position = max(position, end)
        if position < last:
            pieces.append((position, last, f"{OPENING}{text[position:last]}{CLOSING}"))
    return sorted(pieces)


def _between_words(text: str, place: int, *, step: int, limit: int) -> int:
    """Return the nearest place, towards ``limit``, that does not cut a Latin word or a number."""
    moved = place
    while 0 < moved < len(text) and moved != limit and text[moved - 1 : moved + 1].isascii():
        if not (text[moved - 1].isalnum() and text[moved].isalnum()):
            return moved
        if abs(moved - place) >= _LONGEST_WORD:
            return place
        moved += step
    return moved
