"""Nothing may exceed what was bought or paid: the checks before a request, a replacement and a refund.

Rules only: values in, values out. The caller reads the books in the transaction in which it writes.
"""

from collections.abc import Mapping, Sequence

from aftersales_cli.desk.returns.ledger import sum_parts
from aftersales_cli.errors import RefusedError
from aftersales_cli.language import _, plural
from aftersales_cli.money import format_money
from aftersales_cli.records.ledger import LineLedger, MoneyPart, OrderLedger


def check_request(ledger: OrderLedger, pieces: Mapping[int | None, int]) -> None:
    """Refuse to ask for more pieces of a line than the customer has; ``pieces`` maps line → quantity."""
    for order_line_id, quantity in pieces.items():
        line = ledger.line(order_line_id)
        assert line is not None, "the line is of this order"
        if quantity > line.free:
            raise RefusedError(
                plural(
                    "{title}: only {count} piece can still be asked back, not {quantity}.",
                    "{title}: only {count} pieces can still be asked back, not {quantity}.",
                    line.free,
                    title=line.title or line.sku,
                    quantity=quantity,
                ),
                remedy=_(
                    "Bought {bought}, in other requests, paid back or replaced {held}; “aftersales returns list --order …” shows them.",
                    bought=line.bought,
                    held=line.held + line.unasked,
                ),
            )


def check_replacement(
    ledger: OrderLedger,
    quantity: int,
    *,
    order_line_id: int | None,
    return_line_id: int | None = None,
    back: int = 0,
) -> None:
    """Refuse to send more pieces instead than were approved, bought or are not paid back, or too much ``back``."""
    line = ledger.line(order_line_id)
    if return_line_id is not None:
        _require_approved(ledger, return_line_id, quantity)
    elif line is not None:
        _require_unasked(line, quantity)
    if line is None:
        if back:
            raise _too_much(_("order"), 0, back, ledger.currency)
        return
    worth = min(-(-line.goods * quantity // line.bought), line.payable, ledger.left)
    if back > worth:
        raise _too_much(line.title or line.sku, worth, back, ledger.currency)
    if line.refunded_amount > line.worth_after(quantity, back):
        raise RefusedError(
            _(
                "{title}: {amount} of it is paid back already, so that {quantity} more cannot be replaced.",
                title=line.title or line.sku,
                amount=format_money(line.refunded_amount, ledger.currency),
                quantity=quantity,
            ),
            remedy=_("Void the refund if it is not paid yet, or take fewer pieces: aftersales refunds list."),
        )


def _require_unasked(line: LineLedger, quantity: int) -> None:
    if line.replaced + quantity <= line.bought:
        _require_open(line, quantity)
        return
    raise RefusedError(
        _(
            "{title}: {replaced} of {bought} pieces were replaced already, {quantity} more are too many.",
            title=line.title or line.sku,
            replaced=line.replaced,
            bought=line.bought,
            quantity=quantity,
        ),
        remedy=_("If the new piece is faulty, too, record a request for it: aftersales returns request."),
    )


def check_refund(ledger: OrderLedger, parts: Sequence[MoneyPart], *, may_exceed: bool = False) -> int:
    """Refuse a refund that gives back more than was paid; return how much goes beyond it as goodwill.

    Goods are limited by their line, postage by what was paid for it, and all together, with what the
    marketplace paid back, by what the buyer paid. Only goodwill may go beyond that, and only with
    ``may_exceed`` (owner or manager; the caller notes it).
    """
    for part in parts:
        _check_sign(part)
    total = sum(part.amount for part in parts)
    if total < 0:
        raise RefusedError(
            _("The fees are higher than what is to be paid back."), remedy=_("Lower the fee or leave it out.")
        )
    _check_goods(ledger, parts)
    _check_pieces(ledger, parts)
    shipping = ledger.shipping + sum_parts(parts, "shipping")
    if shipping > max(ledger.postage, ledger.shipping):
        raise _too_much(
            _("postage"), ledger.postage - ledger.shipping, shipping - ledger.shipping, ledger.currency
        )
    beyond = max(0, ledger.given + total - max(ledger.paid, ledger.given))
    if beyond > max(0, sum_parts(parts, "goodwill")):
        raise _too_much(_("order"), ledger.left, total, ledger.currency)
    if beyond and not may_exceed:
        raise RefusedError(
            _(
                "With this refund {amount} more would go back than was paid.",
                amount=format_money(beyond, ledger.currency),
            ),
            remedy=_("Lower the amount, or let the owner or a manager plan it: --as AGENT."),
        )
    return beyond


def _check_sign(part: MoneyPart) -> None:
    if (part.amount > 0) if part.type == "fee" else (part.amount < 0):
        raise RefusedError(
            _("A fee lowers a refund, everything else raises it."),
            remedy=_("Write amounts without a minus; --fee says that it is deducted."),
        )


def _check_goods(ledger: OrderLedger, parts: Sequence[MoneyPart]) -> None:
    wanted: dict[int | None, list[MoneyPart]] = {}
    for part in parts:
        if part.type == "goods":
            wanted.setdefault(part.order_line_id, []).append(part)
    for order_line_id, group in wanted.items():
        line = ledger.line(order_line_id)
        assert line is not None, "the line is of this order"
        name, amount = line.title or line.sku, sum(part.amount for part in group)
        pieces = sum(part.quantity for part in group)
        if line.refunded + pieces > line.bought and pieces:
            raise RefusedError(
                _(
                    "{title}: {refunded} of {bought} pieces are paid back already, {quantity} more are too many.",
                    title=name,
                    refunded=line.refunded,
                    bought=line.bought,
                    quantity=pieces,
                ),
                remedy=_("“aftersales orders show …” shows what was paid back."),
            )
        if unasked := sum(part.quantity for part in group if part.return_line_id is None):
            _require_open(line, unasked)
        if amount > line.payable:
            raise _too_much(name, line.payable, amount, ledger.currency)


def _require_open(line: LineLedger, quantity: int) -> None:
    """Refuse to settle pieces without a request that are in one, paid back or replaced already."""
    if quantity <= line.open:
        return
    if line.refunded + line.replaced + quantity > line.bought:
        raise RefusedError(
            _(
                "{title}: of {bought} pieces {refunded} are paid back and {replaced} replaced, {quantity} more are too many.",
                title=line.title or line.sku,
                bought=line.bought,
                refunded=line.refunded,
                replaced=line.replaced,
                quantity=quantity,
            ),
            remedy=_("Take fewer pieces, or void what was planned in error."),
        )
    raise RefusedError(
        _(
            "{title}: {held} of {bought} pieces belong to requests, {quantity} more are too many.",
            title=line.title or line.sku,
            held=line.held,
            bought=line.bought,
            quantity=quantity,
        ),
        remedy=_("Name the request instead of the case: aftersales returns list --order …"),
    )


def _check_pieces(ledger: OrderLedger, parts: Sequence[MoneyPart]) -> None:
    wanted: dict[int, int] = {}
    for part in parts:
        if part.return_line_id is not None and part.quantity:
            wanted[part.return_line_id] = wanted.get(part.return_line_id, 0) + part.quantity
    for return_line_id, quantity in wanted.items():
        _require_approved(ledger, return_line_id, quantity)


def _require_approved(ledger: OrderLedger, return_line_id: int, quantity: int) -> None:
    asked = next((entry for entry in ledger.asked if entry.return_line_id == return_line_id), None)
    free = asked.free if asked else 0
    line = ledger.line(asked.order_line_id) if asked else None
    if asked is not None and line is not None:
        # Pieces the customer had kept or got back may be in another request by now.
        beyond = asked.more_held(quantity) + line.held + line.unasked - line.bought - line.sent_again
        free = min(free, quantity - beyond) if beyond > 0 else free
    if quantity <= free:
        return
    raise RefusedError(
        _(
            "{title}: {free} approved pieces are neither paid back nor replaced yet, not {quantity}.",
            title=(line.title or line.sku) if line else _("Line {number}", number=return_line_id),
            free=max(0, free),
            quantity=quantity,
        ),
        remedy=_("Approve the request first, or take fewer pieces: aftersales returns queue."),
    )


def _too_much(name: str, left: int, wanted: int, currency: str) -> RefusedError:
    return RefusedError(
        _(
            "{name}: at most {left} can still be paid back, not {wanted}.",
            name=name,
            left=format_money(max(0, left), currency),
            wanted=format_money(wanted, currency),
        ),
        remedy=_("Lower the amount; goodwill beyond it is a part of its own."),
    )
