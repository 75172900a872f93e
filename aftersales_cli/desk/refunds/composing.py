"""What a refund is made from: the case, the approved request, the books of the order, and what somebody wants."""

from dataclasses import dataclass
from decimal import Decimal

from aftersales_cli.database.refund_plans import sum_request_goods
from aftersales_cli.database.returns import get_request, list_case_requests, list_return_lines
from aftersales_cli.desk.refunds.split import (
    Piece,
    default_shipping,
    due_pieces,
    loose_goods,
    match_pieces,
    price_pieces,
    read_amount,
    spread,
)
from aftersales_cli.desk.returns.books import open_books
from aftersales_cli.desk.returns.choosing_lines import choose_lines
from aftersales_cli.desk.returns.ledger import GRANTED
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.cases import OPEN_STATUSES, Case
from aftersales_cli.records.ledger import MoneyPart, OrderLedger
from aftersales_cli.records.returns import ReturnLine, ReturnRequest
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class RefundAsk:
    """What somebody wants to be paid back; amounts as typed. Nothing but a request means all that is due of it."""

    request_id: int | None = None
    case_number: int | None = None
    lines: tuple[str, ...] = ()
    """Products like ``SKU=2``."""
    amount: Decimal | None = None
    """For the goods, instead of what was paid for them."""
    shipping: Decimal | None = None
    fee: Decimal | None = None
    goodwill: Decimal | None = None
    route: str = ""
    reason: str = ""
    again: bool = False
    """One more plan for the same words is meant, not the same one."""


@dataclass(frozen=True)
class Base:
    """What a plan is made from."""

    case: Case
    request: ReturnRequest | None
    lines: list[ReturnLine]
    ledger: OrderLedger | None
    currency: str
    planned: int
    """Money of goods that is planned for the request already."""


def missing_request(number: int) -> NotFoundError:
    """Return the error for a request that does not exist."""
    return NotFoundError(
        _("There is no return request {number}.", number=number),
        remedy=_("“aftersales returns list” shows them; a case is named with --case N."),
    )


def open_base(shop: Shop, case: Case, ask: RefundAsk) -> Base:
    """Return what a plan is made from; the lines' values are frozen. Inside ``writing``. Raises AftersalesError."""
    if case.merged_into is not None:
        raise RefusedError(
            _("Case {number} is now part of case {other}.", number=case.number, other=case.merged_into),
            remedy=_("Go on there: {command}", command=f"aftersales cases show {case.merged_into}"),
        )
    if case.status not in OPEN_STATUSES:
        status = shop.taxonomy("case_statuses").label(case.status)
        raise RefusedError(
            _("Case {number} is “{status}”: nothing is paid back for it.", number=case.number, status=status),
            remedy=_("Take it up again first: aftersales cases reopen {number}", number=case.number),
        )
    request = _request_of(shop, case, ask)
    order_id = request.order_id if request is not None else case.order_id
    ledger = open_books(shop, order_id) if order_id is not None else None
    currency = ledger.currency if ledger else request.currency if request else shop.settings.shop.currency
    lines = list_return_lines(shop.database, request.id) if request else []
    planned = sum_request_goods(shop.database, request.id) if request else 0
    return Base(case, request, lines, ledger, currency, planned)


def _request_of(shop: Shop, case: Case, ask: RefundAsk) -> ReturnRequest | None:
    """Return the request that is meant: the one named, or with only a case its only approved one."""
    if ask.request_id is not None:
        request = get_request(shop.database, ask.request_id)
        assert request is not None
        if request.status not in GRANTED:
            state = shop.taxonomy("review_states").label(request.status)
            raise RefusedError(
                _("Request {number} is “{state}”, not approved.", number=request.id, state=state),
                remedy=_("Decide about it first: aftersales returns review {number}", number=request.id),
            )
        return request
    granted = [entry for entry in list_case_requests(shop.database, case.number) if entry.status in GRANTED]
    # Compensation alone belongs to the case, whatever was asked back in it.
    goods_meant = bool(ask.lines) or ask.amount is not None or not (ask.goodwill or ask.shipping)
    if not granted or not goods_meant:
        return None
    if len(granted) > 1:
        raise WrongUsageError(
            _("Case {number} has several approved requests.", number=case.number),
            remedy=_(
                "Name the one that is meant: {commands}",
                commands=", ".join(f"aftersales refunds plan {entry.id}" for entry in granted),
            ),
        )
    return granted[0]


def default_goods(base: Base) -> list[MoneyPart]:
    """Return the money of all pieces that are due, at most what the customer asked for."""
    assert base.request is not None
    if base.ledger is None:
        return []
    parts = price_pieces(base.ledger, due_pieces(base.ledger, base.request, base.lines))
    if not parts or base.request.asked_amount is None:
        return parts
    lines = {line.order_line_id: line for line in base.ledger.lines}
    pieces = match_pieces({line.order_line_id: line.asked for line in base.lines}, base.ledger, base.lines)
    worth = sum(
        lines[piece.order_line_id].goods * piece.quantity // lines[piece.order_line_id].bought
        for piece in pieces
        if piece.order_line_id in lines
    )
    # Less by a cent for each piece is rounding of when it was asked, no wish for less (as in database/ledger.py).
    if base.request.asked_amount + sum(line.asked for line in base.lines) >= worth:
        return parts
    left = base.request.asked_amount - base.planned
    if left >= sum(part.amount for part in parts):
        return parts
    return spread(parts, left, kept=base.request.kind == "refund_only") if left > 0 else []


def asked_goods(base: Base, ask: RefundAsk) -> list[MoneyPart]:
    """Return the money of the products somebody named, or of an amount; raises WrongUsageError, RefusedError."""
    if not ask.lines and ask.amount is None:
        return []
    if base.ledger is None:
        raise WrongUsageError(
            _("Case {number} has no order, so that no goods can be paid back.", number=base.case.number),
            remedy=_("Only compensation is possible without an order: --goodwill AMOUNT."),
        )
    amount = read_amount(ask.amount, base.currency, "--amount")
    comes_back = base.request is not None and base.request.kind == "return"
    pieces: list[Piece] | None
    if ask.lines:
        pieces = match_pieces(choose_lines(base.ledger, ask.lines), base.ledger, base.lines)
    elif base.request is not None and (due := due_pieces(base.ledger, base.request, base.lines)):
        pieces = due
    else:
        # Nothing in particular goes back for it, e.g. the price difference of an exchange.
        comes_back = False
        pieces = None
    parts = loose_goods(base.ledger, base.lines) if pieces is None else price_pieces(base.ledger, pieces)
    if amount is None:
        return parts
    if not parts:
        raise RefusedError(
            _("The goods of this order are paid back already."),
            remedy=_("Compensation beyond it is a part of its own: --goodwill AMOUNT."),
        )
    return spread(parts, amount, kept=not comes_back)


def all_parts(base: Base, ask: RefundAsk, goods: list[MoneyPart], *, defaulted: bool) -> list[MoneyPart]:
    """Return goods, postage, fee and goodwill together; raises WrongUsageError."""
    shipping = read_amount(ask.shipping, base.currency, "--shipping") or 0
    if defaulted and goods and not shipping and base.ledger is not None and base.request is not None:
        shipping = default_shipping(base.ledger, goods, base.request)
    fee = read_amount(ask.fee, base.currency, "--fee") or 0
    goodwill = read_amount(ask.goodwill, base.currency, "--goodwill") or 0
    if shipping and base.ledger is None:
        raise WrongUsageError(
            _("Case {number} has no order, so that no postage can be paid back.", number=base.case.number),
            remedy=_("Only compensation is possible without an order: --goodwill AMOUNT."),
        )
    others = [
        MoneyPart("shipping", shipping),
        MoneyPart("fee", -fee),
        MoneyPart("goodwill", goodwill),
    ]
    return goods + [part for part in others if part.amount]
