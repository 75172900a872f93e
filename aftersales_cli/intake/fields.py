"""What a format can fill: every field of an order, a line or an after-sales record, with the type of its cells."""

from aftersales_cli.intake.other_fields import (
    OTHER_FIELD_NAMES,
    OTHER_RECORDS,
    OTHER_REQUIRED,
    OTHER_TYPE_NAMES,
)
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
    "refund_words": "words",
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
    # How new a line is where its file says nothing else about the order.
    "order_status": "words",
    "order_time": "time",
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
    "postage": "money",
    "tax": "money",
    "discount": "money",
    "currency": "text",
    "requested_at": "time",
    "finished_at": "time",
    "title": "text",
    "sku": "text",
    "line_id": "text",
    "quantity": "integer",
    "buyer_words": "text",
    "platform_involved": "words",
    "fault": "words",
    # The parcel in which the goods come back.
    "return_carrier": "text",
    "return_number": "text",
}
"""After-sales field → type of its cell."""

RECORDS = {"order": ORDER_FIELDS, "line": LINE_FIELDS, "aftersales": AFTERSALES_FIELDS, **OTHER_RECORDS}
"""Record kind → its fields; a mapping names a target as ``order.external_id``."""

REQUIRED = {
    "order": ("external_id",),
    "line": ("order_external_id", "title"),
    "aftersales": ("external_id", "order_external_id"),
    **OTHER_REQUIRED,
}
"""Fields without which a record cannot be told from others."""

SUMMED = ("goods", "postage", "discount", "total", "paid", "refunded", "item_count")
"""Order fields that may add up over the rows of an order."""

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
    "refused": 2,
    # Records that are not at their end have no newer time to tell which state follows which.
    "goods_back": 3,
    "agreed": 4,
    "closed": 5,
    "succeeded": 5,
}
"""The same for refund records."""

CORE = {
    "order": ("placed_at", "paid_at", "status", "total", "paid", "refunded"),
    "line": ("quantity",),
    "aftersales": ("kind", "status", "reason", "requested_at", "finished_at"),
}
"""Fields whose column is missed in a file if its format knows one: figures need them."""

FIELD_NAMES = {
    "order.placed_at": N_("time placed"),
    "order.paid_at": N_("time paid"),
    "order.shipped_at": N_("time shipped"),
    "order.delivered_at": N_("time delivered"),
    "order.finished_at": N_("time finished"),
    "order.status": N_("order state"),
    "order.currency": N_("currency"),
    "order.goods": N_("value of the goods"),
    "order.postage": N_("postage"),
    "order.discount": N_("discount"),
    "order.total": N_("order total"),
    "order.paid": N_("amount paid"),
    "order.refunded": N_("amount refunded"),
    "order.item_count": N_("number of items"),
    "line.quantity": N_("quantity"),
    "line.unit_price": N_("unit price"),
    "line.paid": N_("amount paid for the line"),
    "aftersales.kind": N_("kind of after-sales record"),
    "aftersales.status": N_("state of the refund"),
    "aftersales.reason": N_("buyer's reason"),
    "aftersales.amount": N_("amount of the refund"),
    "aftersales.requested_at": N_("time requested"),
    "aftersales.finished_at": N_("time finished"),
    "aftersales.platform_involved": N_("platform involved"),
    **OTHER_FIELD_NAMES,
}
"""Field as messages name it."""

CONFLICT_RECORDS = {"orders": "order", "order_lines": "line", "refunds": "aftersales"}
"""Table that two files may disagree about → its kind of record above."""

TYPE_NAMES = {
    "id": N_("number"),
    "text": N_("text"),
    "money": N_("amount"),
    "time": N_("date and time"),
    "integer": N_("whole number"),
    "words": N_("word of the platform"),
    **OTHER_TYPE_NAMES,
}
"""Field type → what people call it."""
