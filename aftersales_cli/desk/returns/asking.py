"""What a request is about: the order, the kind, the amount, and whether it may be asked at all."""

from collections.abc import Mapping
from decimal import Decimal

from aftersales_cli.database.orders import get_order
from aftersales_cli.database.returns import find_following_request, find_platform_request, find_rejected
from aftersales_cli.desk.finding import find_order
from aftersales_cli.desk.refunds.split import read_amount
from aftersales_cli.desk.returns.deciding import require_request, subject
from aftersales_cli.desk.returns.line_values import amount_for
from aftersales_cli.desk.returns.policy_records import KINDS
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.money import format_money
from aftersales_cli.records.cases import Case
from aftersales_cli.records.ledger import OrderLedger
from aftersales_cli.records.orders import Order
from aftersales_cli.records.returns import ReturnRequest
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import require_storefront


def resolve_kind(shop: Shop, kind: str) -> str:
    """Return the code of what the customer asks for; raises WrongUsageError listing what can be asked."""
    code = shop.taxonomy("kinds").resolve(kind)
    if code in KINDS:
        return code
    names = ", ".join(shop.taxonomy("kinds").label(name) for name in KINDS)
    raise WrongUsageError(
        _("“{kind}” is not what a customer can ask for here.", kind=kind),
        remedy=_("Choose one of: {choices}", choices=names),
    )


def find_asked_order(shop: Shop, case: Case | None, order: str, storefront: str) -> Order:
    """Return the order that is meant: the case's, else the one with this number."""
    if case is None:
        if not order:
            raise WrongUsageError(
                _("It is not said which order is meant."), remedy=_("Give --order NUMBER, or --case NUMBER.")
            )
        found = find_order(shop, order, require_storefront(shop, storefront) if storefront else None)
        if found is None:
            raise NotFoundError(
                _("Order {number} has not arrived yet.", number=order),
                remedy=_("Import its file first; “aftersales cases open” writes down the words until then."),
            )
        return found
    known = get_order(shop.database, case.order_id) if case.order_id is not None else None
    if known is None:
        raise RefusedError(
            _("Case {number} has no order, so that nothing can be asked back.", number=case.number),
            remedy=_("Import the order's file; the case finds its order by itself."),
        )
    if order and find_order(shop, order, None) != known:
        raise WrongUsageError(
            _("Case {number} is about order {order}.", number=case.number, order=known.external_id),
            remedy=_("Leave --order out, or open a case for the other order."),
        )
    return known


def require_revisable(shop: Shop, request_id: int) -> ReturnRequest:
    """Return a rejected request that was not asked again yet; raises RefusedError, NotFoundError."""
    request = require_request(shop, request_id)
    if request.status != "rejected":
        raise RefusedError(
            _(
                "{request} is “{status}”; only a rejected one is asked again.",
                request=subject(request_id),
                status=shop.taxonomy("review_states").label(request.status),
            ),
            remedy=f"aftersales returns show {request_id}",
        )
    if following := find_following_request(shop.database, request_id):
        raise RefusedError(
            _(
                "{request} was asked again already, as {number}.",
                request=subject(request_id),
                number=following,
            ),
            remedy=f"aftersales returns show {following}",
        )
    return request


def refuse_asking_around(
    shop: Shop, order: Order, chosen: Mapping[int | None, int], previous: ReturnRequest | None
) -> None:
    """Refuse to ask again for what was rejected, unless as its revision: others see then that somebody looked."""
    rejected = find_rejected(shop.database, order.id, set(chosen))
    if rejected is None or (previous is not None and previous.order_id == order.id):
        return
    raise RefusedError(
        _("{request} about the same goods was rejected.", request=subject(rejected)),
        remedy=_(
            "If there is something new, ask again: {command}",
            command=f"aftersales returns request --again {rejected} --say …",
        ),
    )


def refuse_doubling(shop: Shop, order: Order, chosen: Mapping[int | None, int], at: str) -> None:
    """Refuse to ask for what a marketplace's open request of about the same time is about: it would count twice."""
    known = find_platform_request(shop.database, order.id, set(chosen), at=at)
    if known is None:
        return
    raise RefusedError(
        _(
            "The marketplace has request {number} about the same goods, of case {case}.",
            number=known[0],
            case=known[1],
        ),
        remedy=_(
            "Go on with that one: {command}. If more pieces are asked for, add --more.",
            command=f"aftersales returns show {known[0]}",
        ),
    )


def find_amount(
    books: OrderLedger, chosen: Mapping[int | None, int], kind: str, amount: Decimal | None
) -> int | None:
    """Return what is asked back in money, by default what the pieces cost; None if that is not known."""
    if kind in ("exchange", "repair"):
        if amount is not None:
            raise WrongUsageError(
                _("An amount is asked back only with a return or a refund."), remedy=_("Leave --amount out.")
            )
        return None
    lines = {line.order_line_id: line for line in books.lines}
    value = sum(amount_for(lines[line], pieces) for line, pieces in chosen.items())
    given = read_amount(amount, books.currency, "--amount")
    asked = value if given is None else given
    limit = min(value + max(0, books.postage - books.shipping), books.left)
    known = books.paid_known or all(lines[line].basis != "unknown" for line in chosen)
    if known and (limit <= 0 or (asked > limit and given is not None)):
        raise RefusedError(
            _(
                "At most {left} can still be paid back for these goods, {given} of {paid} went back already.",
                left=format_money(max(0, limit), books.currency),
                given=format_money(books.given, books.currency),
                paid=format_money(books.paid, books.currency),
            ),
            remedy=_("Lower --amount; goodwill beyond it is planned with the refund."),
        )
    return asked if known or given is not None else None


def describe_products(books: OrderLedger, chosen: Mapping[int | None, int]) -> str:
    """Write what is asked back, e.g. ``2 × Cup, 1 × Lid``."""
    names = {line.order_line_id: line.title or line.sku or _("whole order") for line in books.lines}
    return ", ".join(f"{pieces} × {names[line]}" for line, pieces in chosen.items())
