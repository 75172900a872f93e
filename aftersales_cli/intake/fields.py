"""What a format can fill: every field of an order, a line or an after-sales record, with the type of its cells."""

from aftersales_cli.language import N_

ORDER_FIELDS = {
    "external_id": "id",
    "display_number": "text",
    "buyer_key": "text",
    "buyer_name": "text",
    "buyer_phone": "text",
    "buyer_email": "text",
    "buyer_country": "text",
    "phone_expires_at": "time",
    "placed_at": "time",
    "paid_at": "time",
    "shipped_at": "time",
    "delivered_at": "time",
    "finished_at": "time",
    "cancelled_at": "time",
    "status": "words",
    "close_reason": "text",
    "currency": "text",
    "goods": "money",
    "postage": "money",
    "discount": "money",
    "total": "money",
    "paid": "money",
    "outstanding": "money",
    "refunded": "money",
    "item_count": "integer",
    "title": "text",
    "buyer_note": "text",
    "seller_note": "text",
}
"""Order field → type of its cell."""

LINE_FIELDS = {
    "order_external_id": "id",
    "line_id": "text",
    "sku": "text",
    "title": "text",
    "variant": "text",
    "quantity": "integer",
    "unit_price": "money",
    "paid": "money",
    "refunded": "money",
    "status": "words",
}
"""Order line field → type of its cell."""

AFTERSALES_FIELDS = {
    "external_id": "id",
    "order_external_id": "id",
    "kind": "words",
    "status": "words",
    "reason": "words",
    "amount": "money",
    "to_buyer": "money",
    "requested_at": "time",
    "finished_at": "time",
    "title": "text",
    "sku": "text",
    "quantity": "integer",
    "buyer_words": "text",
    "platform_involved": "words",
    "fault": "words",
}
"""After-sales field → type of its cell."""

RECORDS = {"order": ORDER_FIELDS, "line": LINE_FIELDS, "aftersales": AFTERSALES_FIELDS}
"""Record kind → its fields; a mapping names a target as ``order.external_id``."""

REQUIRED = {
    "order": ("external_id",),
    "line": ("order_external_id", "title"),
    "aftersales": ("external_id", "order_external_id"),
}
"""Fields without which a record cannot be told from others."""

PROGRESS = {
    "unknown": 0,
    "unpaid": 1,
    "paid": 2,
    "partly_shipped": 3,
    "shipped": 4,
    "finished": 5,
    "closed": 5,
}
"""How far an order is. A file that shows less than the database already knows is the older one."""

REFUND_PROGRESS = {
    "unknown": 0,
    "requested": 1,
    "returning": 2,
    "goods_back": 2,
    "refused": 2,
    "closed": 3,
    "succeeded": 3,
}
"""The same for refund records."""

TYPE_NAMES = {
    "id": N_("number"),
    "text": N_("text"),
    "money": N_("amount"),
    "time": N_("date and time"),
    "integer": N_("whole number"),
    "words": N_("word of the platform"),
}
"""Field type → what people call it."""
