"""What a file does not say itself, and what reading it leaves to be told."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from aftersales_cli.taxonomy import Taxonomy


@dataclass(frozen=True)
class Surroundings:
    """What converting a row needs beside the row."""

    zone: tzinfo
    """Where moments without an offset belong."""
    day_of: Callable[[str], str]
    """From a UTC moment to the shop's local day."""
    currency: str
    currency_known: bool
    """Whether the format or the storefront says it; else it is the shop's, as a guess."""
    reasons: Taxonomy
    now: str
    own_words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Field such as ``aftersales.reason`` → the platform's word → our code, as the owner mapped them."""


@dataclass
class Remarks:
    """Counted while the rows are read."""

    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(field, word) → how often the platform used a word nobody listed."""
    rounded: set[str] = field(default_factory=set)
    """Amounts that were finer than their currency."""
    dated_by_number: int = 0
    """Orders without any time that got the day their number begins with."""
