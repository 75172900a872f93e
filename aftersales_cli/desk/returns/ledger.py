"""The books of an order: pieces and money of each line, over all its requests and cases.

Rules only: values in, values out. What may still be asked, replaced and paid back stands in ``ledger_checks``.
"""

from collections.abc import Mapping, Sequence

from aftersales_cli.desk.returns.line_values import value_lines
from aftersales_cli.desk.returns.platform_shares import PaidLine, share_records
from aftersales_cli.records.ledger import (
    AskedLedger,
    AskedLine,
    LineLedger,
    LineValue,
    MoneyPart,
    OrderFacts,
    OrderLedger,
    SoldLine,
)

UNDECIDED = ("submitted", "needs_evidence", "needs_manual")
GRANTED = ("auto_approved", "approved")
"""States of a request in which its goods may come back or its money may go."""


def build_ledger(facts: OrderFacts) -> OrderLedger:
    """Add up the books of an order."""
    values = value_lines(facts.lines, paid=facts.paid, postage=facts.postage)
    only = facts.lines[0].id if len(facts.lines) == 1 else None
    # What was asked before the order's products were known belongs to its only one.
    home: Mapping[int | None, int | None] = {None: only}
    paid = share_records(facts, values, home)
    lines = tuple(
        _line_ledger(line, value, facts, home, paid) for line, value in zip(facts.lines, values, strict=True)
    )
    whole = sum(value.goods for value in values) + facts.postage
    return OrderLedger(
        order_id=facts.order_id,
        currency=facts.currency,
        paid=whole if facts.paid is None else facts.paid,
        paid_known=facts.paid is not None,
        postage=facts.postage,
        lines=lines,
        asked=tuple(_asked_ledger(asked, facts, paid) for asked in facts.asked if asked.status in GRANTED),
        shipping=sum_parts(facts.parts, "shipping"),
        fees=sum_parts(facts.parts, "fee"),
        goodwill=sum_parts(facts.parts, "goodwill") + _homeless(facts, lines, home),
        platform=facts.platform,
    )


def held_pieces(asked: AskedLine) -> int:
    """Return how many pieces a line of a request keeps from being asked again."""
    if asked.status in UNDECIDED:
        return asked.asked
    if asked.status not in GRANTED or asked.partial or (asked.kind == "repair" and asked.ended):
        return 0
    # What never came or went back to the customer can be asked again.
    back = asked.rejected if asked.disposition == "return" else 0
    return max(0, asked.approved - asked.short - back)


def claimed_pieces(asked: AskedLine, books: AskedLedger) -> int:
    """Return for how many pieces of a line of a request money is planned or may go back."""
    if asked.status not in GRANTED or asked.kind == "repair":
        return books.refunded
    return max(books.refunded, books.held - books.replaced)


def sum_parts(parts: Sequence[MoneyPart], kind: str) -> int:
    """Return the amount of all parts of a type."""
    return sum(part.amount for part in parts if part.type == kind)


def _line_ledger(
    line: SoldLine,
    value: LineValue,
    facts: OrderFacts,
    home: Mapping[int | None, int | None],
    paid: Mapping[int, PaidLine],
) -> LineLedger:
    def here(order_line_id: int | None) -> bool:
        return home.get(order_line_id, order_line_id) == line.id

    asked = [entry for entry in facts.asked if here(entry.order_line_id)]
    granted = [entry for entry in asked if entry.status in GRANTED]
    parts = [part for part in facts.parts if part.type == "goods" and here(part.order_line_id)]
    again = [entry for entry in facts.sent_again if here(entry.order_line_id)]
    settled = {entry.id: _asked_ledger(entry, facts, paid) for entry in asked}
    by_platform = [paid[entry.id] for entry in asked if entry.id in paid]
    unasked = sum(part.quantity for part in parts if part.return_line_id is None)
    return LineLedger(
        order_line_id=line.id,
        sku=line.sku,
        title=line.title,
        bought=value.quantity,
        goods=value.goods,
        basis=value.basis,
        requested=sum(entry.asked for entry in asked if entry.status in (*UNDECIDED, *GRANTED)),
        held=sum(entry.held for entry in settled.values()),
        approved=sum(entry.approved for entry in granted),
        received=sum(entry.received for entry in granted),
        accepted=sum(entry.accepted for entry in granted),
        damaged=sum(entry.damaged for entry in granted),
        wrong=sum(entry.wrong for entry in granted),
        short=sum(entry.short for entry in granted),
        rejected=sum(entry.rejected for entry in granted),
        replaced=sum(entry.quantity for entry in again),
        sent_again=sum(entry.quantity for entry in again if entry.sent),
        refunded=sum(part.quantity for part in parts),
        refunded_amount=sum(part.amount for part in parts),
        paid_back=sum(part.amount for part in parts if part.paid),
        unasked=unasked + sum(entry.quantity for entry in again if entry.return_line_id is None),
        claims=unasked + sum(claimed_pieces(entry, settled[entry.id]) for entry in asked),
        by_platform=min(value.goods, sum(entry.amount for entry in by_platform)),
        platform_pieces=sum(_more_paid(entry, facts, paid) for entry in asked),
        differences=sum(entry.back for entry in again) + sum(entry.compensation for entry in granted),
    )


def _asked_ledger(asked: AskedLine, facts: OrderFacts, paid: Mapping[int, PaidLine]) -> AskedLedger:
    refunded = _planned(asked, facts) + _more_paid(asked, facts, paid)
    replaced = _replaced(asked, facts)
    # What is settled is held, whatever became of its request since.
    held = max(held_pieces(asked), refunded + replaced)
    return AskedLedger(asked.id, asked.order_line_id, asked.approved, refunded, replaced, held)


def _planned(asked: AskedLine, facts: OrderFacts) -> int:
    return sum(part.quantity for part in facts.parts if part.return_line_id == asked.id)


def _replaced(asked: AskedLine, facts: OrderFacts) -> int:
    return sum(entry.quantity for entry in facts.sent_again if entry.return_line_id == asked.id)


def _more_paid(asked: AskedLine, facts: OrderFacts, paid: Mapping[int, PaidLine]) -> int:
    """Return the pieces only the marketplace paid back: what is planned here as well is the same piece."""
    left = asked.approved - _planned(asked, facts) - _replaced(asked, facts)
    return max(0, min(paid[asked.id].pieces, left)) if asked.id in paid else 0


def _homeless(facts: OrderFacts, lines: Sequence[LineLedger], home: Mapping[int | None, int | None]) -> int:
    """Return the money of goods planned before the order's products were known: it counts for the order."""
    known = {line.order_line_id for line in lines}
    return sum(
        part.amount
        for part in facts.parts
        if part.type == "goods" and home.get(part.order_line_id, part.order_line_id) not in known
    )
