"""Goods sent instead of others: reserved, shipped, delivered or void; never more than the books allow."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from aftersales_cli.database.replacements import change_replacement, get_replacement, insert_replacement
from aftersales_cli.database.returns import list_return_lines
from aftersales_cli.desk.axes import REPLACEMENT, require_following
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.refunds.split import read_amount
from aftersales_cli.desk.returns.arrivals import read_pieces
from aftersales_cli.desk.returns.books import open_books
from aftersales_cli.desk.returns.choosing_lines import choose_lines
from aftersales_cli.desk.returns.deciding import WITH_GOODS, require_request, subject
from aftersales_cli.desk.returns.ledger import GRANTED
from aftersales_cli.desk.returns.ledger_checks import check_replacement
from aftersales_cli.desk.returns.line_values import amount_for
from aftersales_cli.desk.steps import check_case_moment, record_event, require_case, require_path
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.money import format_money, to_decimal
from aftersales_cli.records.cases import Case
from aftersales_cli.records.ledger import OrderLedger
from aftersales_cli.records.returns import Replacement, ReturnLine, ReturnRequest
from aftersales_cli.shop import Shop

_LEADS = ("owner", "manager")


def reserve_replacement(
    shop: Shop,
    *,
    request_id: int | None = None,
    case_number: int | None = None,
    words: Sequence[str] = (),
    sku: str = "",
    title: str = "",
    pays: Decimal | None = None,
    back: Decimal | None = None,
    before_return: bool = False,
    at: datetime | None = None,
) -> list[Replacement]:
    """Set goods aside for a request (or for a case whose goods need not come back) and return what was reserved.

    ``words`` are products and pieces like ``CUP=1``, by default all that were approved. ``sku`` and ``title``
    name other goods to send; the customer ``pays`` the difference or gets it ``back``. Above
    ``returns.replace_first_limit`` only owner and manager let goods go before the old ones are back.
    Raises RefusedError, WrongUsageError, NotFoundError.
    """
    if (request_id is None) == (case_number is None):
        raise WrongUsageError(_("Name the return request, or a case with --case."), remedy=_("One of them."))
    known = require_request(shop, request_id) if request_id is not None else None
    number = known.case_number if known is not None else case_number
    assert number is not None
    with changing(shop, "replacements.reserve", number):
        case = require_case(shop, number)
        require_path(shop, case, "assign")
        moment = check_case_moment(shop, case, at)
        request = require_request(shop, known.id) if known is not None else None
        books = _open_books(shop, case, request)
        chosen = _choose(shop, request, books, words)
        currency = books.currency if books else shop.settings.shop.currency
        difference = _difference(pays, back, currency)
        if before_return:
            _require_trust(shop, books, {line: pieces for line, _name, pieces in chosen}, currency)
        reserved: list[int] = []
        for order_line_id, line, pieces in chosen:
            if books is not None:
                # Again after each: two lines of a request may be about one of the order.
                books = _open_books(shop, case, request)
                assert books is not None, "it had some before"
                check_replacement(
                    books,
                    pieces,
                    order_line_id=order_line_id,
                    return_line_id=line.id if line else None,
                    back=0 if reserved else max(0, -difference),
                )
            reserved.append(
                insert_replacement(
                    shop.database,
                    {
                        "case_number": case.number,
                        "request_id": request.id if request else None,
                        "order_line_id": order_line_id,
                        "sku": sku or _sku(books, order_line_id, line),
                        "title": title or ("" if sku else _title(books, order_line_id, line)),
                        "quantity": pieces,
                        "status": "reserved",
                        "price_difference": 0 if reserved else difference,
                        "currency": currency,
                        "before_return": int(before_return),
                        "reserved_at": moment,
                    },
                )
            )
            _tell(shop, require_replacement(shop, reserved[-1]), "replacement_reserved", "", at=moment)
        return [require_replacement(shop, entry) for entry in reserved]


def ship_replacement(
    shop: Shop,
    replacement_id: int,
    *,
    carrier: str = "",
    number: str = "",
    before_return: bool = False,
    at: datetime | None = None,
) -> Replacement:
    """Record that a replacement has left; the old goods have to be back unless it may go before them.

    Raises RefusedError, WrongUsageError, NotFoundError.
    """
    case_number = require_replacement(shop, replacement_id).case_number
    with changing(shop, "replacements.ship", case_number):
        seen = require_replacement(shop, replacement_id)
        require_following(REPLACEMENT, seen.status, "shipped", subject=_name(seen))
        moment = check_case_moment(shop, require_case(shop, case_number), at, earliest=seen.reserved_at)
        if not seen.before_return:
            if before_return:
                _trust(shop, seen)
            else:
                _require_goods_back(shop, seen)
        changes = {
            "status": "shipped",
            "carrier": carrier.strip(),
            "number": "".join(number.split()).upper(),
            "shipped_at": moment,
            "before_return": int(seen.before_return or before_return),
        }
        return _change(shop, seen, changes, "replacement_shipped", at=moment)


def deliver_replacement(shop: Shop, replacement_id: int, *, at: datetime | None = None) -> Replacement:
    """Record that the customer has a replacement. Raises RefusedError, WrongUsageError, NotFoundError."""
    case_number = require_replacement(shop, replacement_id).case_number
    with changing(shop, "replacements.deliver", case_number):
        seen = require_replacement(shop, replacement_id)
        require_following(REPLACEMENT, seen.status, "delivered", subject=_name(seen))
        moment = check_case_moment(shop, require_case(shop, case_number), at, earliest=seen.shipped_at)
        changes = {"status": "delivered", "delivered_at": moment}
        return _change(shop, seen, changes, "replacement_delivered", at=moment)


def void_replacement(shop: Shop, replacement_id: int, *, note: str = "") -> Replacement:
    """Give a replacement up: what was reserved goes back, what was shipped did not arrive.

    Raises RefusedError, NotFoundError.
    """
    case_number = require_replacement(shop, replacement_id).case_number
    with changing(shop, "replacements.void", case_number):
        seen = require_replacement(shop, replacement_id)
        require_following(REPLACEMENT, seen.status, "void", subject=_name(seen))
        return _change(shop, seen, {"status": "void"}, "replacement_void", at=shop.stamp, note=note)


def require_replacement(shop: Shop, replacement_id: int) -> Replacement:
    """Return the replacement with this number; raises NotFoundError."""
    found = get_replacement(shop.database, replacement_id)
    if found is None:
        raise missing_replacement(replacement_id)
    return found


def missing_replacement(number: int) -> NotFoundError:
    """Return the error for a replacement that does not exist."""
    return NotFoundError(
        _("There is no replacement {number}.", number=number),
        remedy=_("“aftersales replacements list --all” shows them."),
    )


def _open_books(shop: Shop, case: Case, request: ReturnRequest | None) -> OrderLedger | None:
    order_id = request.order_id if request is not None else case.order_id
    return open_books(shop, order_id) if order_id is not None else None


def _choose(
    shop: Shop, request: ReturnRequest | None, books: OrderLedger | None, words: Sequence[str]
) -> list[tuple[int | None, ReturnLine | None, int]]:
    """Return order line, line of the request and pieces of all that is meant."""
    if request is None:
        if books is None:
            raise RefusedError(
                _("The case has no order, so that it is not known what could be sent again."),
                remedy=_("Import the order's file; the case finds its order by itself."),
            )
        return [(line, None, pieces) for line, pieces in choose_lines(books, words).items()]
    if request.status not in GRANTED:
        raise RefusedError(
            _(
                "{request} is “{status}”; goods are sent instead only after an approval.",
                request=subject(request.id),
                status=shop.taxonomy("review_states").label(request.status),
            ),
            remedy=f"aftersales returns review {request.id} approve",
        )
    lines = {line.id: line for line in list_return_lines(shop.database, request.id)}
    named = read_pieces(list(lines.values()), words)
    pieces = named or {line: None for line in lines if lines[line].approved}
    return [
        (
            lines[line].order_line_id,
            lines[line],
            lines[line].approved if number is None else _positive(number),
        )
        for line, number in pieces.items()
    ]


def _positive(number: int) -> int:
    if number > 0:
        return number
    raise WrongUsageError(_("A replacement has at least one piece."), remedy=_("Write e.g. CUP=1."))


def _difference(pays: Decimal | None, back: Decimal | None, currency: str) -> int:
    if pays is not None and back is not None:
        raise WrongUsageError(
            _("The customer pays the difference or gets it back, not both."),
            remedy=_("Leave one of them out."),
        )
    return (read_amount(pays, currency, "--pays") or 0) - (read_amount(back, currency, "--back") or 0)


def _require_trust(
    shop: Shop, books: OrderLedger | None, pieces: Mapping[int | None, int], currency: str
) -> None:
    """Refuse that goods above the limit leave before the old ones are back, unless owner or manager say so."""
    if shop.agent.role in _LEADS:
        return
    limit = shop.settings.returns.replace_first_limit
    lines = {line.order_line_id: line for line in books.lines} if books else {}
    if books and pieces.keys() <= lines.keys():
        value = sum(amount_for(lines[line], number) for line, number in pieces.items())
        if to_decimal(value, currency) <= limit:
            return
        worth = format_money(value, currency)
    else:
        worth = _("of unknown value")
    raise RefusedError(
        _("The goods ({value}) are above the limit of {limit} up to which they may go before the old ones are back.",
          value=worth, limit=limit),
        remedy=_("Wait for the old goods, or let the owner or a manager do it: --as AGENT. The limit is "
                 "returns.replace_first_limit in the settings."),
    )  # fmt: skip


def _trust(shop: Shop, seen: Replacement) -> None:
    request = require_request(shop, seen.request_id) if seen.request_id is not None else None
    books = _open_books(shop, require_case(shop, seen.case_number), request)
    _require_trust(shop, books, {seen.order_line_id: seen.quantity}, seen.currency)


def _require_goods_back(shop: Shop, seen: Replacement) -> None:
    if seen.request_id is None:
        return
    request = require_request(shop, seen.request_id)
    if request.kind not in WITH_GOODS:
        return
    lines = list_return_lines(shop.database, request.id)
    here = sum(
        line.approved if line.disposition == "keep" else line.received
        for line in lines
        if line.order_line_id == seen.order_line_id
    )
    if here < seen.quantity:
        raise RefusedError(
            _("{replacement}: the old goods are not back yet.", replacement=_name(seen)),
            remedy=_("Receive them first ({command}), or send it before them with --before-return.",
                     command=f"aftersales returns receive {request.id}"),
        )  # fmt: skip


def _change(
    shop: Shop, seen: Replacement, changes: Mapping[str, object], event: str, *, at: str, note: str = ""
) -> Replacement:
    if not change_replacement(shop.database, seen, changes):
        raise RefusedError(
            _("{replacement} has been changed by somebody else.", replacement=_name(seen)),
            remedy="aftersales replacements list",
        )
    stored = require_replacement(shop, seen.id)
    _tell(shop, stored, event, seen.status, at=at, note=note)
    return stored


def _tell(shop: Shop, stored: Replacement, event: str, before: str, *, at: str, note: str = "") -> None:
    parts = (f"{_name(stored)}: {stored.quantity} × {stored.title or stored.sku or _('whole order')}",
             stored.carrier, stored.number, note)  # fmt: skip
    record_event(
        shop,
        stored.case_number,
        event,
        at=at,
        field="replacement",
        before=before,
        after=stored.status,
        note=" ".join(part for part in parts if part),
    )


def _name(replacement: Replacement) -> str:
    return _("Replacement {number}", number=replacement.id)


def _sku(books: OrderLedger | None, order_line_id: int | None, line: ReturnLine | None) -> str:
    found = books.line(order_line_id) if books else None
    return line.sku if line else found.sku if found else ""


def _title(books: OrderLedger | None, order_line_id: int | None, line: ReturnLine | None) -> str:
    found = books.line(order_line_id) if books else None
    return line.title if line else found.title if found else ""
