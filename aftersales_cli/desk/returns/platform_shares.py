"""What of the marketplaces' own refunds belongs to each line. Rules only: values in, values out."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from aftersales_cli.desk.returns.line_values import share_out
from aftersales_cli.records.ledger import LineValue, OrderFacts


class PaidLine(NamedTuple):
    """What a marketplace paid back for a line of its request."""

    amount: int
    pieces: int


def share_records(
    facts: OrderFacts, values: Sequence[LineValue], home: Mapping[int | None, int | None]
) -> dict[int, PaidLine]:
    """Return return line → what was paid back for it, shared by what the pieces cost and at most that.

    What goes beyond that, e.g. postage, and records with a product nobody knows stay with the order.
    """
    worth = {value.order_line_id: value for value in values}
    found = {}
    for _refund, group in groupby(facts.by_platform, key=lambda part: part.refund_id):
        parts = list(group)
        lines = [worth.get(home.get(part.order_line_id, part.order_line_id)) for part in parts]
        if None in lines:
            continue
        costs = [
            line.goods * min(part.quantity or line.quantity, line.quantity) // line.quantity
            for part, line in zip(parts, lines, strict=True)
            if line is not None
        ]
        shares = share_out(min(parts[0].amount, sum(costs)), costs)
        for part, share in zip(parts, shares, strict=True):
            found[part.return_line_id] = PaidLine(share, part.quantity)
    return found
