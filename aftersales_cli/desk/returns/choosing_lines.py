"""Find the products of an order somebody means; what is not clear is listed, never guessed. Rules only."""

from collections.abc import Sequence

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.ledger import LineLedger, OrderLedger
from aftersales_cli.taxonomy import fold

_MARK = "#"


def choose_lines(
    ledger: OrderLedger, words: Sequence[str], *, everything: bool = False
) -> dict[int | None, int]:
    """Return line → pieces for words like ``CUP-RED=2``, ``CUP-RED`` (all that is left), ``#1=2`` or a part of a title.

    With ``everything``, or without words if the order has only one line, all that can still be asked back.
    Raises WrongUsageError.
    """
    if everything or (not words and len(ledger.lines) == 1):
        if words:
            raise WrongUsageError(
                _("Name products or take --all, not both."), remedy=_("Leave one of them out.")
            )
        free = {line.order_line_id: line.free for line in ledger.lines if line.free}
        # An order with nothing left is refused by the books, which say why.
        return free or {line.order_line_id: 1 for line in ledger.lines[:1]}
    if not words:
        raise WrongUsageError(
            _("The order has several products; say which are meant."),
            remedy=_("Name them like SKU=2, or take --all:\n  {lines}", lines=_listed(ledger.lines)),
        )
    chosen: dict[int | None, int] = {}
    for word in words:
        line, pieces = _choose(ledger, word)
        if line.order_line_id in chosen:
            raise WrongUsageError(
                _("{title} is named twice.", title=line.title or line.sku),
                remedy=_("Name each product once, with the number of pieces behind =."),
            )
        chosen[line.order_line_id] = pieces
    return chosen


def _choose(ledger: OrderLedger, word: str) -> tuple[LineLedger, int]:
    if whole := _find(ledger, word):
        return whole, max(1, whole.free)
    name, mark, number = word.rpartition("=")
    found = _find(ledger, name) if mark else None
    if found is None:
        raise WrongUsageError(
            _("“{word}” names no product of this order, or several.", word=name if mark else word),
            remedy=_("Products of the order:\n  {lines}", lines=_listed(ledger.lines)),
        )
    if not number.strip().isdecimal() or int(number) < 1:
        raise WrongUsageError(
            _("“{word}”: “{number}” is no number of pieces.", word=word, number=number),
            remedy=_("Write a whole number behind =, e.g. {example}.", example=f"{name}=1"),
        )
    return found, int(number)


def _find(ledger: OrderLedger, name: str) -> LineLedger | None:
    wanted = fold(name)
    if not wanted:
        return None
    if wanted.startswith(_MARK):
        place = wanted.removeprefix(_MARK)
        inside = place.isdecimal() and 1 <= int(place) <= len(ledger.lines)
        return ledger.lines[int(place) - 1] if inside else None
    for fits in (
        [line for line in ledger.lines if wanted in (fold(line.sku), fold(line.title))],
        [line for line in ledger.lines if wanted in fold(line.title)],
    ):
        # The same product may stand in an order twice, once as a gift: only its place tells them apart.
        if fits:
            return fits[0] if len(fits) == 1 else None
    return None


def _listed(lines: Sequence[LineLedger]) -> str:
    return "\n  ".join(
        f"#{position} {' '.join(part for part in (line.sku, line.title) if part)} ({line.free}/{line.bought})"
        for position, line in enumerate(lines, start=1)
    )
