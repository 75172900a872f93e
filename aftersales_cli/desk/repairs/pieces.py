"""Which piece a repair is about, what was done to it before, and how its warranty stands."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from aftersales_cli.clock import local_day
from aftersales_cli.database.cases import list_case_lines
from aftersales_cli.database.customers import get_customer
from aftersales_cli.database.orders import get_order, list_lines
from aftersales_cli.database.repairs import get_repaired_line, list_piece_repairs
from aftersales_cli.database.storefronts import get_storefront
from aftersales_cli.desk.repairs.warranty import Warranty, choose_start, judge_warranty
from aftersales_cli.desk.returns.policy_categories import classify
from aftersales_cli.desk.returns.policy_files import load_products
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.cases import Case
from aftersales_cli.records.orders import Order, OrderLine
from aftersales_cli.records.repairs import Repair
from aftersales_cli.shop import Shop
from aftersales_cli.taxonomy import fold


@dataclass(frozen=True)
class Piece:
    """A product in a customer's hands."""

    product: str
    sku: str
    serial: str
    order_line_id: int | None


def clean_serial(text: str) -> str:
    """Return a serial number as it is kept: in capitals, without blanks, full-width signs made narrow."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def choose_piece(shop: Shop, case: Case, word: str, serial: str) -> Piece:
    """Return the piece of a case: the product of its order the word means, its only one, or one repaired before.

    Raises WrongUsageError listing the products if the word fits none or several of them.
    """
    lines = list_lines(shop.database, case.order_id) if case.order_id is not None else []
    if lines:
        line = _choose_line(shop, case, lines, word, serial)
        return Piece(line.title or line.sku, line.sku, serial, line.id)
    if word.strip():
        return Piece(word.strip(), "", serial, None)
    before = list_piece_repairs(shop.database, serial=serial, order_line_id=None)
    if before:
        return Piece(before[-1].product, before[-1].sku, serial, before[-1].order_line_id)
    named = list_case_lines(shop.database, case.number)
    if len(named) == 1:
        return Piece(named[0].title or named[0].sku, named[0].sku, serial, None)
    if title := _only_title(shop, case):
        return Piece(title, "", serial, None)
    raise WrongUsageError(
        _("Case {number} does not say which product it is about.", number=case.number),
        remedy=_("Name it with --product."),
    )


def _only_title(shop: Shop, case: Case) -> str:
    """Return the product an order without lines is said to hold; empty if several, which Taobao joins by “，”."""
    order = get_order(shop.database, case.order_id) if case.order_id is not None else None
    return "" if order is None or "，" in order.title else order.title


def piece_history(shop: Shop, piece: Piece | Repair, *, except_id: int | None = None) -> list[Repair]:
    """Return the earlier repairs of a piece, earliest first.

    Of several pieces on one order line only a serial number tells which is which.
    """
    line = None
    if piece.order_line_id is not None:
        found = get_repaired_line(shop.database, piece.order_line_id)
        line = found.id if found is not None and found.quantity == 1 else None
    return list_piece_repairs(shop.database, serial=piece.serial, order_line_id=line, except_id=except_id)


def require_same_product(shop: Shop, piece: Piece) -> None:
    """Refuse a serial number that is known for another product; raises RefusedError naming that."""
    if not piece.serial:
        return
    for other in list_piece_repairs(shop.database, serial=piece.serial, order_line_id=None):
        differs = (
            other.sku != piece.sku if other.sku and piece.sku else fold(other.product) != fold(piece.product)
        )
        if differs:
            raise RefusedError(
                _(
                    "The number {serial} is that of another product: {product}, repair {repair}.",
                    serial=piece.serial,
                    product=other.product,
                    repair=other.id,
                ),
                remedy=_("Read the number again, or name the right product with --product."),
            )


def earlier_than(repair: Repair, history: Sequence[Repair]) -> list[Repair]:
    """Return those repairs of a piece that came before this one."""
    return [other for other in history if (other.booked_at, other.id) < (repair.booked_at, repair.id)]


def find_warranty(
    shop: Shop,
    case: Case,
    piece: Piece,
    earlier: Sequence[Repair],
    *,
    bought_on: date | None,
    months: int | None,
    told_at: str,
) -> Warranty:
    """Return how a piece's warranty stands for a fault told at a moment.

    It counts from the day given, else from the order, else from what an earlier repair noted; it has the months
    given, else those of an earlier repair, of the product table, of the settings.
    """
    order = _order_of(shop, case, piece)
    known = next((repair for repair in reversed(earlier) if repair.warranty_from is not None), None)
    since, start = ("given", bought_on) if bought_on else choose_start(_moments(order), shop.zone)
    if start is None and known is not None and known.warranty_from is not None:
        since, start = "earlier", date.fromisoformat(known.warranty_from)
    length, basis = _months(shop, piece, known, given=months)
    return judge_warranty(
        since,
        start,
        length,
        basis=basis,
        earlier=earlier,
        on=local_day(told_at, shop.zone),
        zone=shop.zone,
    )


def currency_of(shop: Shop, case: Case, piece: Piece) -> str:
    """Return the currency a repair is quoted in: that of its order, else of its storefront, else of the shop."""
    order = _order_of(shop, case, piece)
    if order is not None:
        return order.currency
    found = get_storefront(shop.database, case.storefront_id) if case.storefront_id is not None else None
    return found.currency if found else shop.settings.shop.currency


def country_of(shop: Shop, case: Case) -> str:
    """Return the country whose law a case's customer lives under, as far as we know."""
    customer = get_customer(shop.database, case.customer_id) if case.customer_id is not None else None
    if customer is not None and customer.country:
        return customer.country.upper()
    found = get_storefront(shop.database, case.storefront_id) if case.storefront_id is not None else None
    return found.country if found else shop.settings.shop.country


def _order_of(shop: Shop, case: Case, piece: Piece) -> Order | None:
    line = get_repaired_line(shop.database, piece.order_line_id) if piece.order_line_id is not None else None
    order_id = line.order_id if line is not None else case.order_id
    return get_order(shop.database, order_id) if order_id is not None else None


def _months(shop: Shop, piece: Piece, known: Repair | None, *, given: int | None) -> tuple[int, str]:
    """Return the months of a piece's warranty and where they come from."""
    if given is not None:
        return given, "given"
    if known is not None and known.warranty_months is not None:
        return known.warranty_months, known.months_basis
    found = classify(load_products(shop.folder), sku=piece.sku, title=piece.product)
    if found.warranty_months:
        return found.warranty_months, "product"
    return shop.settings.repairs.warranty_months, "setting"


def _moments(order: Order | None) -> list[tuple[str, str | None]]:
    if order is None:
        return []
    return [
        ("delivered", order.delivered_at),
        ("finished", order.finished_at),
        ("shipped", order.shipped_at),
        ("paid", order.paid_at),
        ("placed", order.placed_at),
    ]


def _choose_line(shop: Shop, case: Case, lines: Sequence[OrderLine], word: str, serial: str) -> OrderLine:
    fitting = list(lines)
    if word.strip():
        wanted = fold(word)
        fitting = [line for line in lines if fold(line.sku) == wanted] or [
            line for line in lines if wanted in fold(f"{line.sku} {line.title} {line.variant}")
        ]
    elif len(lines) > 1:
        fitting = _known_lines(shop, case, lines, serial) or fitting
    if len(fitting) == 1:
        return fitting[0]
    names = "; ".join(f"{line.sku} {line.title} {line.variant}".strip() for line in fitting or lines)
    raise WrongUsageError(
        _("No product of the order is called “{word}”.", word=word)
        if not fitting
        else _("It is not clear which product of the order is meant."),
        remedy=_("Name it by its number or a part of its name with --product: {names}", names=names),
    )


def _known_lines(shop: Shop, case: Case, lines: Sequence[OrderLine], serial: str) -> list[OrderLine]:
    """Return the lines an earlier repair with this serial number, or the case itself, is about."""
    before = {
        repair.order_line_id
        for repair in list_piece_repairs(shop.database, serial=serial, order_line_id=None)
    }
    skus = {named.sku for named in list_case_lines(shop.database, case.number) if named.sku}
    return [line for line in lines if line.id in before] or [line for line in lines if line.sku in skus]
