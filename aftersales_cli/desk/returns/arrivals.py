"""What a receipt of goods means for each line of a request: rules only, values in, values out.

Nothing that came is lost: what is more than expected, or belongs to no line, is told as extra.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.returns import ReturnLine
from aftersales_cli.taxonomy import fold

FIGURES = ("accepted", "damaged", "wrong", "short", "rejected")
"""What an expected piece can turn out to be."""


@dataclass(frozen=True)
class Counted:
    """What somebody says about a receipt; each maps a line's id to pieces."""

    pieces: Mapping[int, int | None] = field(default_factory=dict)
    """Pieces that came; None are all that are expected. Empty: all lines as expected."""
    damaged: Mapping[int, int] = field(default_factory=dict)
    wrong: Mapping[int, int] = field(default_factory=dict)
    rejected: Mapping[int, int] = field(default_factory=dict)
    short: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Arrival:
    """What came of one line, and what it turned out to be."""

    line: ReturnLine
    pieces: int
    """All that came, also what is more than expected."""
    accepted: int
    damaged: int
    wrong: int
    short: int
    rejected: int
    extra: int
    """Pieces more than expected."""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is said about the line."""
        return not (self.pieces or self.short)


def expected_pieces(line: ReturnLine, *, granted: bool, goods_due: bool) -> int:
    """Return how many pieces of a line are still to come; before a decision all that were asked."""
    if not goods_due:
        return 0
    whole = (line.approved if granted else line.asked) - line.short
    return max(0, whole - line.received)


def is_complete(line: ReturnLine) -> bool:
    """Whether every approved piece came or is known to be missing."""
    return line.received + line.short >= line.approved


def judge_arrival(
    lines: Sequence[ReturnLine], counted: Counted, *, granted: bool, goods_due: bool, inspect_later: bool
) -> list[Arrival]:
    """Return what came of each line that is spoken of; before a decision pieces are counted, not inspected.

    Raises WrongUsageError if more is missing or faulty than can be.
    """
    named = counted.pieces or None
    arrivals = []
    for line in lines:
        due = expected_pieces(line, granted=granted, goods_due=goods_due)
        faulty = {
            name: getattr(counted, name).get(line.id, 0) for name in ("damaged", "wrong", "rejected", "short")
        }
        short = faulty.pop("short")
        if short > due:
            raise _too_many(line, _("missing"), short, due)
        found = sum(faulty.values())
        if named is None:
            pieces = max(due - short, found)
        else:
            said = named.get(line.id, 0)
            pieces = max(due - short, found) if said is None else said or found
        if found > pieces:
            raise _too_many(line, _("damaged, wrong or rejected"), found, pieces)
        inside = min(pieces, due - short)
        arrivals.append(_arrival(line, pieces, inside, faulty, short, granted=granted, later=inspect_later))
    return [arrival for arrival in arrivals if not arrival.is_nothing]


def _arrival(
    line: ReturnLine,
    pieces: int,
    inside: int,
    faulty: Mapping[str, int],
    short: int,
    *,
    granted: bool,
    later: bool,
) -> Arrival:
    """Divide what came; ``inside`` are the pieces that were expected."""
    if not granted:
        return Arrival(line, pieces, 0, 0, 0, 0, 0, pieces - inside)
    left, kept = inside, {}
    for name, number in faulty.items():
        kept[name] = min(number, left)
        left -= kept[name]
    return Arrival(
        line,
        pieces,
        accepted=0 if later else left,
        damaged=kept["damaged"],
        wrong=kept["wrong"],
        rejected=kept["rejected"],
        short=short,
        extra=pieces - inside,
    )


def needs_disposition(line: ReturnLine) -> bool:
    """Whether pieces of a line are here and somebody has to say what becomes of them."""
    return not line.disposition and bool(line.accepted + line.damaged + line.wrong + line.rejected)


def read_pieces(lines: Sequence[ReturnLine], words: Iterable[str]) -> dict[int, int | None]:
    """Return line → pieces for words like ``CUP=2``, ``CUP``, ``#1=2`` or a part of a title.

    Without a number the pieces are None. Raises WrongUsageError.
    """
    found: dict[int, int | None] = {}
    for word in words:
        line, pieces = find_line(lines, word), None
        if line is None:
            name, mark, number = word.rpartition("=")
            line = find_line(lines, name) if mark else None
            if line is None:
                raise unknown_line(
                    lines, name if mark else word, remedy=_("What came beside them is noted with --extra.")
                )
            pieces = _read_number(number, word)
        if line.id in found:
            raise WrongUsageError(
                _("{title} is named twice.", title=line.title or line.sku),
                remedy=_("Name each product once, with the number of pieces behind =."),
            )
        found[line.id] = pieces
    return found


def read_faults(lines: Sequence[ReturnLine], words: Iterable[str]) -> dict[int, int]:
    """Return line → pieces as ``read_pieces``; a word without a number is one piece."""
    return {line: 1 if pieces is None else pieces for line, pieces in read_pieces(lines, words).items()}


def find_line(lines: Sequence[ReturnLine], name: str) -> ReturnLine | None:
    """Return the line with this SKU, title, place (``#1``) or the only one whose title has this part."""
    wanted = fold(name)
    if not wanted:
        return None
    if wanted.startswith("#") and wanted[1:].isdecimal():
        place = int(wanted[1:])
        return lines[place - 1] if 1 <= place <= len(lines) else None
    exact = [line for line in lines if wanted in (fold(line.sku), fold(line.title))]
    fits = exact or [line for line in lines if wanted in fold(line.title)]
    return fits[0] if len(fits) == 1 else None


def _read_number(number: str, word: str) -> int:
    if number.strip().isdecimal() and int(number) < 10**6:
        return int(number)
    raise WrongUsageError(
        _("“{word}”: “{number}” is no number of pieces.", word=word, number=number),
        remedy=_("Write a whole number behind =, e.g. {example}.", example="CUP=1"),
    )


def unknown_line(lines: Sequence[ReturnLine], name: str, *, remedy: str = "") -> WrongUsageError:
    """Return the error for a word that names no product of a request, or several; it lists the products."""
    listed = "; ".join(
        f"#{place} {' '.join(part for part in (line.sku, line.title) if part)} – "
        + _("asked {asked}, approved {approved}, received {received}",
            asked=line.asked, approved=line.approved, received=line.received)
        for place, line in enumerate(lines, start=1)
    )  # fmt: skip
    wanted = fold(name)
    several = bool(wanted) and sum(wanted in fold(line.title) for line in lines) > 1
    return WrongUsageError(
        _("“{word}” names several products of this request.", word=name)
        if several
        else _("“{word}” names no product of this request.", word=name),
        remedy=_("Its products: {lines}.", lines=listed) + (f" {remedy}" if remedy else ""),
    )


def _too_many(line: ReturnLine, what: str, number: int, limit: int) -> WrongUsageError:
    return WrongUsageError(
        _("{title}: {number} pieces {what}, but only {limit} can be.", title=line.title or line.sku,
          number=number, what=what, limit=limit),
        remedy=_("Correct the numbers; “aftersales returns show” says what is still expected."),
    )  # fmt: skip
