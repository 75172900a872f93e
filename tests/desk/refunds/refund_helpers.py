"""What tests of money share: an order with priced lines, and requests in the state a test begins with."""

from aftersales_cli.database.fetch import execute, insert
from aftersales_cli.database.returns import insert_request, insert_return_line
from aftersales_cli.desk.opening import open_case
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import add_storefront


def make_order(
    shop: Shop,
    number: str = "A1",
    *,
    lines: tuple[tuple[str, int, int], ...] = (("CUP", 2, 3000), ("POT", 1, 3000)),
    paid: int = 9100,
    postage: int = 100,
    currency: str = "CNY",
    platform: str = "taobao",
) -> int:
    """Add an order of lines (sku, pieces, price of one) and return its id; what was paid may be less than they cost."""
    found = shop.database.conn.execute("SELECT id FROM storefronts WHERE code = ?", [platform]).fetchone()
    storefront = found[0] if found else add_storefront(shop, platform, platform=platform).id
    with shop.writing("orders.import"):
        order_id = insert(
            shop.database,
            "INSERT INTO orders (storefront_id, external_id, display_number, placed_at, placed_on, status, status_raw, "
            "close_reason, currency, postage, total, paid, paid_basis, refunded_basis, title, buyer_note, seller_note, "
            "progress, as_of) VALUES (:storefront, :number, :number, '2026-11-10T02:00:00Z', '2026-11-10', 'shipped', "
            "'', '', :currency, :postage, :paid, :paid, 'stated', 'none', 'Cup', '', '', 1, '')",
            {
                "storefront": storefront,
                "number": number,
                "currency": currency,
                "postage": postage,
                "paid": paid,
            },
        )
        for sku, quantity, price in lines:
            insert(
                shop.database,
                "INSERT INTO order_lines (storefront_id, order_external_id, order_id, line_key, sku, title, variant, "
                "quantity, unit_price, currency, status_raw) VALUES (:storefront, :number, :order_id, :sku, :sku, "
                ":title, '', :quantity, :price, :currency, '')",
                {
                    "storefront": storefront,
                    "number": number,
                    "order_id": order_id,
                    "sku": sku,
                    "title": f"A {sku.lower()}",
                    "quantity": quantity,
                    "price": price,
                    "currency": currency,
                },
            )
    return order_id


def open_for(shop: Shop, number: str = "A1", kind: str = "return") -> int:
    """Open a case about an order and return its number."""
    return open_case(shop, kind=kind, order=number).number


def make_request(
    shop: Shop,
    case_number: int,
    order_id: int,
    pieces: dict[str, int],
    *,
    kind: str = "return",
    status: str = "approved",
    accepted: int | None = None,
    disposition: str = "",
    **values: object,
) -> int:
    """Add a request (SKU → pieces), approved and by default wholly accepted; ``values`` are further columns."""
    with shop.writing("cases.note"):
        request_id = insert_request(
            shop.database,
            {
                "case_number": case_number,
                "order_id": order_id,
                "kind": kind,
                "status": status,
                "requested_at": "2026-11-20T02:00:00Z",
                "requested_on": "2026-11-20",
                "requested_by": "owner",
                "decided_at": "2026-11-20T03:00:00Z",
                "currency": "CNY",
                **values,
            },
        )
        for sku, quantity in pieces.items():
            line = shop.database.conn.execute(
                "SELECT id FROM order_lines WHERE order_id = ? AND sku = ?", [order_id, sku]
            ).fetchone()
            line_id = insert_return_line(
                shop.database, request_id, order_line_id=line[0], sku=sku, title=sku, asked=quantity
            )
            came = quantity if accepted is None else accepted
            execute(
                shop.database,
                "UPDATE return_lines SET approved = asked, received = :came, accepted = :came, "
                "disposition = :disposition WHERE id = :id",
                {"id": line_id, "came": came if kind == "return" else 0, "disposition": disposition},
            )
    return request_id


def receive_all(shop: Shop, request_id: int) -> None:
    """Let every approved piece of a request be back and accepted."""
    with shop.writing("cases.note"):
        execute(
            shop.database,
            "UPDATE return_lines SET received = approved, accepted = approved WHERE request_id = :id",
            {"id": request_id},
        )


def pay_by_marketplace(shop: Shop, amount: int, number: str = "P1") -> None:
    """Take in that the marketplace has paid back so much of order A1, in a case of its own."""
    note_marketplace_refund(shop, open_for(shop), amount, number)


def note_marketplace_refund(shop: Shop, case: int, amount: int, number: str) -> None:
    """Write down what a file of the marketplace says was paid back of order A1."""
    with shop.writing("orders.import"):
        insert(
            shop.database,
            "INSERT INTO refunds (case_number, storefront_id, external_id, order_external_id, currency, amount, to_buyer, "
            "status, status_raw, succeeded_at, progress, as_of) VALUES (:case, 1, :number, 'A1', 'CNY', :amount, "
            ":amount, 'succeeded', '', '2026-11-22T00:30:00Z', 1, '')",
            {"case": case, "number": number, "amount": amount},
        )
