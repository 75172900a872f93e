"""Which payment is which refund. Rules only: values in, values out; what is not clear is listed, never guessed."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from aftersales_cli.records.payouts import Payable, StatementRow

_Fits = Callable[[StatementRow, Payable], bool]


@dataclass
class Matched:
    """What comparing came to."""

    pairs: list[tuple[StatementRow, Payable]] = field(default_factory=list)
    """The same payment beyond doubt."""
    differing: list[tuple[StatementRow, Payable]] = field(default_factory=list)
    """The same payment by its number or order, with another amount."""
    unclear: list[tuple[StatementRow, list[Payable]]] = field(default_factory=list)
    """Payments that could be several refunds, or several payments that could be one."""
    unplanned: list[StatementRow] = field(default_factory=list)
    """Payments nobody planned."""
    unpaid: list[Payable] = field(default_factory=list)
    """Refunds no payment was found for."""


def match_payments(rows: Sequence[StatementRow], payables: Sequence[Payable]) -> Matched:
    """Compare payments with refunds: by number, then by order and amount, then by order alone."""
    open_ = _Open(rows, payables)
    result = Matched(pairs=open_.take(_is_remembered))
    for pair in open_.take(_same_reference):
        (result.pairs if _same_money(*pair) else result.differing).append(pair)
    result.pairs += open_.take(_same_order_and_money)
    result.unclear = open_.take_unclear(_same_order_and_money)
    result.differing += open_.take(_same_order)
    result.unplanned, result.unpaid = list(open_.rows.values()), list(open_.payables.values())
    return result


class _Open:
    """Payments and refunds that have not found each other yet."""

    def __init__(self, rows: Sequence[StatementRow], payables: Sequence[Payable]) -> None:
        self.rows = dict(enumerate(rows))
        self.payables = dict(enumerate(payables))
        self._index: dict[Hashable, list[int]] = {}
        for place, payable in self.payables.items():
            for word in {*payable.orders, *payable.references, payable.plan_id} - {None}:
                self._index.setdefault(word, []).append(place)

    def take(self, fits: _Fits) -> list[tuple[StatementRow, Payable]]:
        """Take out and return those pairs of which neither side fits anything else."""
        found = self._fitting(fits)
        claims = Counter(place for places in found.values() for place in places)
        pairs = [
            (row_place, places[0])
            for row_place, places in found.items()
            if len(places) == 1 and claims[places[0]] == 1
        ]
        return [(self.rows.pop(row_place), self.payables.pop(place)) for row_place, place in pairs]

    def take_unclear(self, fits: _Fits) -> list[tuple[StatementRow, list[Payable]]]:
        """Take out and return payments that fit anything, with all they fit."""
        found = self._fitting(fits)
        unclear = [
            (self.rows.pop(row_place), [self.payables[place] for place in places])
            for row_place, places in found.items()
        ]
        for place in {place for places in found.values() for place in places}:
            del self.payables[place]
        return unclear

    def _fitting(self, fits: _Fits) -> dict[int, list[int]]:
        found = {}
        for row_place, row in self.rows.items():
            words = {row.reference, row.order_external_id, row.plan_id} - {None, ""}
            near = sorted(
                {place for word in words for place in self._index.get(word, ()) if place in self.payables}
            )
            if places := [place for place in near if fits(row, self.payables[place])]:
                found[row_place] = places
        return found


def _is_remembered(row: StatementRow, payable: Payable) -> bool:
    return row.plan_id is not None and row.plan_id == payable.plan_id


def _same_reference(row: StatementRow, payable: Payable) -> bool:
    return bool(row.reference) and row.reference in payable.references


def _same_order(row: StatementRow, payable: Payable) -> bool:
    return bool(row.order_external_id) and row.order_external_id in payable.orders


def _same_money(row: StatementRow, payable: Payable) -> bool:
    return (row.currency, row.amount) == (payable.currency, payable.amount)


def _same_order_and_money(row: StatementRow, payable: Payable) -> bool:
    return _same_order(row, payable) and _same_money(row, payable)
