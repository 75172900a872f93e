"""The code of an invitation, by which its answer is known: made, recognised in a text, checked for slips."""

import re
import unicodedata
from collections.abc import Callable, Sequence

_MARK = "Q"
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that nobody mistakes for one another."""
_DRAWN = 6
_CODE = re.compile(rf"(?<![A-Z0-9]){_MARK}[{ALPHABET}]{{{_DRAWN + 1}}}(?![A-Z0-9])")


def make_code(choose: Callable[[Sequence[str]], str]) -> str:
    """Return a code such as ``Q7K3M9FX``; ``choose`` picks one of several characters at random."""
    drawn = "".join(choose(ALPHABET) for _place in range(_DRAWN))
    return _MARK + drawn + _check_character(drawn)


def find_codes(text: str) -> list[str]:
    """Return the codes a text holds, in any case and width; what has one wrong character is none."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return [code for code in _CODE.findall(folded) if _check_character(code[1:-1]) == code[-1]]


def _check_character(drawn: str) -> str:
    # Odd weights have inverses modulo 32: no change of a single character goes unnoticed.
    total = sum((2 * place + 1) * ALPHABET.index(letter) for place, letter in enumerate(drawn))
    return ALPHABET[total % len(ALPHABET)]
