"""The platforms' words become our codes; a word nobody listed becomes ``unknown`` and is counted."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping

from aftersales_cli.taxonomy import Taxonomy, fold

UNKNOWN = "unknown"
Vocabulary = Mapping[str, Mapping[str, str]]
"""Field such as ``order.status`` → the platform's word → our code, in the order to try."""

_QUALITY_SUFFIX = "(商品品质原因)"


def normal(word: str) -> str:
    """Return a word as vocabularies are compared: NFKC, without white space, lower case."""
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())


class Words:
    """Looks up the words of one field and remembers what it did not know."""

    def __init__(
        self, field: str, vocabulary: Vocabulary, own: Vocabulary, unknown: Counter[tuple[str, str]]
    ) -> None:
        self._field = field
        words = {**own.get(field, {}), **vocabulary.get(field, {}), **own.get(field, {})}
        self._entries = [(normal(word), code) for word, code in words.items()]
        self._unknown = unknown
        self._memory: dict[str, str | None] = {}

    def code(self, raw: str) -> str | None:
        """Return the code for a raw cell (parts joined by `` / ``), None for an empty one.

        A whole word or part wins over a word that only contains one of ours; the file's order decides.
        """
        if not raw:
            return None
        if raw not in self._memory:
            self._memory[raw] = self._look_up(raw)
        code = self._memory[raw]
        if code is None:
            self._unknown[self._field, raw] += 1
            return UNKNOWN
        return code

    def _look_up(self, raw: str) -> str | None:
        whole = normal(raw)
        parts = {whole, *(normal(part) for part in raw.split(" / "))}
        for word, code in self._entries:
            if word in parts:
                return code
        for word, code in self._entries:
            # Chinese states are sentences around our word; Latin ones would match by accident (unpaid, paid).
            if not word.isascii() and word in whole:
                return code
        return None


def reason_finder(
    reasons: Taxonomy, own: Vocabulary, unknown: Counter[tuple[str, str]]
) -> Callable[[str], str]:
    """Return a function from a platform's reason text to a reason code, ``unknown`` if nobody listed it."""
    words = sorted(
        ((fold(word), term.code) for term in reasons for word in (term.zh, *term.aliases)),
        key=lambda entry: -len(entry[0]),
    )
    memory: dict[str, str | None] = {}

    mapped = {fold(word): code for word, code in own.get("aftersales.reason", {}).items()}

    def look_up(raw: str) -> str | None:
        if code := mapped.get(fold(raw)):
            return code
        text = unicodedata.normalize("NFKC", raw).replace(_QUALITY_SUFFIX, "")
        if term := reasons.find(text):
            return term.code
        folded = fold(text)
        # The longest of our words inside the platform's sentence.
        return next((code for word, code in words if len(word) > 1 and word in folded), None)

    def find(raw: str) -> str:
        if not raw:
            return ""
        if raw not in memory:
            memory[raw] = look_up(raw)
        code = memory[raw]
        if code is None:
            unknown["aftersales.reason", raw] += 1
            return UNKNOWN
        return code

    return find
