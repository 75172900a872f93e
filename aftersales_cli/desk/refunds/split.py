"""What a refund consists of: money for pieces, postage, goodwill, less fees. Rules only: values in, values out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from aftersales_cli.desk.returns.line_values import amount_for, share_out
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.money import minor_digits, to_minor
from aftersales_cli.records.ledger import MoneyPart, OrderLedger
from aftersales_cli.records.returns import ReturnLine, ReturnRequest

_MOST_DIGITS = 12


@dataclass(frozen=True)
class Piece:
    """Some pieces of an order line, and the line of the request they belong to."""

    order_line_id: int | None
    return_line_id: int | None
    quantity: int


def due_pieces(ledger: OrderLedger, request: ReturnRequest, lines: Sequence[ReturnLine]) -> list[Piece]:
    """Return the pieces of a request whose money is due and not planned: accepted ones, or approved without return."""
    if request.kind not in ("return", "refund_only"):
        return []
    asked = {entry.return_line_id: entry for entry in ledger.asked}
    found = []
    for line in lines:
        entry = asked.get(line.id)
        ripe = line.approved if request.kind == "refund_only" else line.accepted
        free = min(entry.free, ripe - entry.refunded) if entry else 0
        if free > 0:
            found.append(Piece(_home(ledger, line.order_line_id), line.id, free))
    return found


def match_pieces(
    pieces: Mapping[int | None, int], ledger: OrderLedger, lines: Sequence[ReturnLine]
) -> list[Piece]:
    """Return chosen pieces (line → quantity) with the line of the request each belongs to."""
    by_line = {_home(ledger, line.order_line_id): line.id for line in lines}
    return [Piece(line_id, by_line.get(line_id), quantity) for line_id, quantity in pieces.items()]


def loose_goods(ledger: OrderLedger, lines: Sequence[ReturnLine]) -> list[MoneyPart]:
    """Return what can be paid back for the lines of a request, else of the order, where nothing in particular is due."""
    of_request = {_home(ledger, line.order_line_id): line.id for line in lines}
    free = {entry.return_line_id: entry.free for entry in ledger.asked}
    wanted = [line for line in ledger.lines if line.payable]
    if lines and any(line.order_line_id in of_request for line in ledger.lines):
        wanted = [line for line in wanted if line.order_line_id in of_request]
    parts = []
    for line in wanted:
        return_line_id = of_request.get(line.order_line_id)
        pieces = line.open if return_line_id is None else free.get(return_line_id, 0)
        worth = (
            min(line.payable, amount_for(line, pieces))
            if return_line_id is not None and pieces
            else line.payable
        )
        parts.append(MoneyPart("goods", worth, line.order_line_id, return_line_id, quantity=pieces))
    return parts


def _home(ledger: OrderLedger, order_line_id: int | None) -> int | None:
    """Return the line of the books: what was asked before the products were known belongs to the only one."""
    if order_line_id is None and len(ledger.lines) == 1:
        return ledger.lines[0].order_line_id
    return order_line_id


def price_pieces(ledger: OrderLedger, pieces: Sequence[Piece]) -> list[MoneyPart]:
    """Return what is to be paid back for pieces by what was paid for their lines; the last take the cent left over."""
    state = {line.order_line_id: line for line in ledger.lines}
    parts = []
    for piece in pieces:
        line = state.get(piece.order_line_id)
        if line is None:
            raise WrongUsageError(
                _("It is not known which product of the order is meant."),
                remedy=_("Name it with --line, e.g. --line SKU=1."),
            )
        amount = amount_for(line, piece.quantity)
        parts.append(
            MoneyPart("goods", amount, piece.order_line_id, piece.return_line_id, quantity=piece.quantity)
        )
        state[piece.order_line_id] = replace(
            line, refunded=line.refunded + piece.quantity, refunded_amount=line.refunded_amount + amount
        )
    return parts


def spread(parts: Sequence[MoneyPart], amount: int, *, kept: bool) -> list[MoneyPart]:
    """Give back an amount instead of what the goods cost, shared by it.

    Goods the customer keeps (``kept``) do not count as paid back, unless it is all they cost.
    """
    worth = [part.amount for part in parts]
    shares = share_out(amount, worth if any(worth) else [part.quantity for part in parts])
    whole = not kept or amount >= sum(worth) > 0
    return [
        replace(part, amount=share, quantity=part.quantity if whole else 0)
        for part, share in zip(parts, shares, strict=True)
    ]


def default_shipping(ledger: OrderLedger, goods: Sequence[MoneyPart], request: ReturnRequest) -> int:
    """Return the postage that goes back with the goods: all of it, if the seller pays and nothing is kept."""
    if request.postage_by != "seller":
        return 0
    pieces: dict[int | None, int] = {}
    for part in goods:
        pieces[part.order_line_id] = pieces.get(part.order_line_id, 0) + part.quantity
    if any(line.refunded + pieces.get(line.order_line_id, 0) < line.bought for line in ledger.lines):
        return 0
    return max(0, min(ledger.postage - ledger.shipping, ledger.left - sum(part.amount for part in goods)))


def read_amount(amount: Decimal | None, currency: str, option: str) -> int | None:
    """Return a typed amount in minor units, None for none; raises WrongUsageError naming the option."""
    if amount is None:
        return None
    if not amount.is_finite() or amount <= 0 or amount.adjusted() > _MOST_DIGITS:
        raise WrongUsageError(
            _("{option}: {amount} is not an amount above 0.", option=option, amount=amount),
            remedy=_("Write it like 12.50, without a minus."),
        )
    minor, rounded = to_minor(amount, currency)
    if rounded:
        raise WrongUsageError(
            _(
                "{option}: {amount} is finer than {currency} knows.",
                option=option,
                amount=amount,
                currency=currency,
            ),
            remedy=_("Write it with at most {digits} decimals.", digits=minor_digits(currency)),
        )
    return minor
