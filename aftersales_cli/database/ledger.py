"""Read all that was asked, sent again and paid back of an order; keep what its lines were worth."""

from collections.abc import Iterable

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute, fetch, fetch_rows, fetch_value
from aftersales_cli.records.ledger import (
    AskedLine,
    LineValue,
    MoneyPart,
    OrderFacts,
    PlatformPart,
    SentAgain,
    SoldLine,
)

_LINES = """SELECT l.id, l.sku, l.title, l.quantity, l.unit_price, l.paid,
    v.goods AS value, v.quantity AS value_quantity, coalesce(v.basis, '') AS basis
    FROM order_lines AS l LEFT JOIN line_values AS v ON v.order_line_id = l.id
    WHERE l.order_id = :order_id AND l.quantity > 0 ORDER BY l.id"""

# An order whose files name no products counts as one line.
_WHOLE_ORDER = """SELECT NULL AS id, '' AS sku, title, max(1, coalesce(item_count, 1)) AS quantity,
    NULL AS unit_price, NULL AS paid, NULL AS value, NULL AS value_quantity, '' AS basis
    FROM orders WHERE id = :order_id"""

_ASKED = """SELECT id, request_id, order_line_id, kind, status, ended, partial, asked, approved, received, accepted,
    damaged, wrong, short, rejected, disposition, CASE WHEN partial THEN asked_amount ELSE 0 END AS compensation
    FROM (SELECT l.id, l.request_id, l.order_line_id, r.kind, r.status, r.ended_at IS NOT NULL AS ended,
    -- A cent of rounding for each piece is no smaller amount.
    r.kind = 'refund_only' AND coalesce((
        SELECT r.asked_amount + sum(other.asked) < sum(v.goods * other.asked / v.quantity)
        FROM return_lines AS other JOIN line_values AS v ON v.order_line_id = other.order_line_id
        WHERE other.request_id = r.id), 0) AS partial,
    l.asked, l.approved, l.received, l.accepted, l.damaged, l.wrong, l.short, l.rejected, l.disposition,
    r.asked_amount
    FROM return_requests AS r JOIN return_lines AS l ON l.request_id = r.id
    WHERE r.order_id = :order_id) ORDER BY id"""

_PARTS = """SELECT p.type, p.amount, p.order_line_id, p.return_line_id, p.quantity,
    r.status = 'succeeded' AS paid
    FROM refund_plans AS r JOIN refund_parts AS p ON p.plan_id = r.id
    WHERE r.order_id = :order_id AND r.status <> 'void' ORDER BY r.id, p.position"""

_SENT_AGAIN = """SELECT r.order_line_id, l.id AS return_line_id, r.quantity,
    r.status IN ('shipped', 'delivered') AS sent, max(0, -r.price_difference) AS back
    FROM replacements AS r
    JOIN cases AS c ON c.number = r.case_number
    LEFT JOIN return_requests AS q ON q.id = r.request_id
    LEFT JOIN order_lines AS o ON o.id = r.order_line_id
    LEFT JOIN return_lines AS l ON l.request_id = r.request_id AND l.order_line_id IS r.order_line_id
    WHERE coalesce(q.order_id, o.order_id, c.order_id) = :order_id AND r.status <> 'void' ORDER BY r.id"""

# Where the marketplace keeps no records of refunds, the order's own figure holds, less what our plans paid.
_PLATFORM = """SELECT CASE WHEN o.refunded_stated_basis = 'stated' AND NOT EXISTS (
        SELECT 1 FROM refunds AS f WHERE f.storefront_id = o.storefront_id
          AND f.order_external_id = o.external_id AND f.status = 'succeeded')
    THEN max(0, coalesce(o.refunded_stated, 0) - (
        SELECT coalesce(sum(p.amount), 0) FROM refund_plans AS r JOIN refund_parts AS p ON p.plan_id = r.id
        WHERE r.order_id = o.id AND r.status = 'succeeded' AND r.route IN ('original', 'platform')))
    ELSE (SELECT coalesce(sum(f.to_buyer), 0) FROM refunds AS f
        WHERE f.storefront_id = o.storefront_id AND f.order_external_id = o.external_id
          AND f.status = 'succeeded' AND f.currency = o.currency
          AND NOT EXISTS (SELECT 1 FROM refund_plans AS r WHERE r.refund_id = f.id AND r.status <> 'void'))
    END FROM orders AS o WHERE o.id = :order_id"""

# One record stands for one request of its case; of several nobody knows which was paid.
_BY_PLATFORM = """SELECT f.id AS refund_id, f.to_buyer AS amount, l.id AS return_line_id, l.order_line_id,
    CASE WHEN r.kind = 'refund_only' AND coalesce(r.asked_amount < (
        SELECT sum(v.goods * n.asked / v.quantity) - sum(n.asked) FROM return_lines AS n
        JOIN line_values AS v ON v.order_line_id = n.order_line_id WHERE n.request_id = r.id), 0)
    THEN 0 ELSE l.approved END AS quantity
    FROM orders AS o
    JOIN refunds AS f ON f.storefront_id = o.storefront_id AND f.order_external_id = o.external_id
    JOIN return_requests AS r ON r.case_number = f.case_number AND r.order_id = o.id
      AND r.status IN ('approved', 'auto_approved')
    JOIN return_lines AS l ON l.request_id = r.id
    WHERE o.id = :order_id AND f.status = 'succeeded' AND f.to_buyer > 0 AND f.currency = o.currency
      AND NOT EXISTS (SELECT 1 FROM refund_plans AS p WHERE p.refund_id = f.id AND p.status <> 'void')
      AND NOT EXISTS (SELECT 1 FROM return_requests AS other WHERE other.case_number = r.case_number
        AND other.id <> r.id AND other.status IN ('approved', 'auto_approved'))
    ORDER BY f.id, l.id"""


def read_order_facts(db: Database, order_id: int) -> OrderFacts:
    """Return all that the books of an order are made of; consistent inside ``Shop.writing``."""
    values = {"order_id": order_id}
    rows = fetch_rows(
        db, "SELECT currency, paid, coalesce(postage, 0) FROM orders WHERE id = :order_id", values
    )
    assert rows, f"there is no order {order_id}"
    currency, paid, postage = rows[0]
    lines = fetch(db, SoldLine, _LINES, values) or fetch(db, SoldLine, _WHOLE_ORDER, values)
    return OrderFacts(
        order_id=order_id,
        currency=currency,
        paid=paid,
        postage=postage,
        platform=fetch_value(db, _PLATFORM, values),
        lines=tuple(lines),
        asked=tuple(fetch(db, AskedLine, _ASKED, values)),
        parts=tuple(fetch(db, MoneyPart, _PARTS, values)),
        sent_again=tuple(fetch(db, SentAgain, _SENT_AGAIN, values)),
        by_platform=tuple(fetch(db, PlatformPart, _BY_PLATFORM, values)),
    )


def keep_line_values(db: Database, values: Iterable[LineValue], *, currency: str, at: str) -> None:
    """Freeze what lines were worth; only what was unknown so far is replaced."""
    for value in values:
        if value.order_line_id is None:
            continue
        execute(
            db,
            "INSERT INTO line_values (order_line_id, quantity, goods, currency, basis, fixed_at) "
            "VALUES (:id, :quantity, :goods, :currency, :basis, :at) ON CONFLICT (order_line_id) DO UPDATE "
            "SET goods = excluded.goods, basis = excluded.basis, fixed_at = excluded.fixed_at "
            "WHERE line_values.basis = 'unknown' AND excluded.basis <> 'unknown'",
            {
                "id": value.order_line_id,
                "quantity": value.quantity,
                "goods": value.goods,
                "currency": currency,
                "basis": value.basis,
                "at": at,
            },
        )
