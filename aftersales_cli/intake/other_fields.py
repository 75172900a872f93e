"""What a format of files that are not orders can fill: surveys, chat reports, reviews, parcels, requests."""

from aftersales_cli.language import N_

SURVEY_FIELDS = {
    "respondent": "text",
    "answered_at": "time",
    "csat": "score",
    "nps": "score",
    "ces": "score",
    "comment": "words",
    "order_number": "text",
    "case_number": "integer",
    "code": "text",
    "phone": "text",
    "email": "text",
}
"""Survey field → type of its cell. Questions that no field names are recognised by their words."""

CHAT_FIELDS = {
    "agent": "text",
    "day": "time",
    "chats": "integer",
    "first_reply": "seconds",
    "average_reply": "seconds",
    "answered_share": "share",
    "satisfaction": "share",
}
"""Chat report field → type of its cell."""

REVIEW_FIELDS = {
    "order_number": "id",
    "reviewed_at": "time",
    "stars": "score",
    "body": "words",
    "sku": "text",
    "title": "text",
}
"""Buyer's review field → type of its cell."""

TRACKING_FIELDS = {
    "number": "id",
    "carrier": "text",
    "status": "words",
    "status_at": "time",
    "order_number": "text",
}
"""Parcel field → type of its cell."""

REQUEST_FIELDS = {
    "id": "text",
    "asked_at": "time",
    "order_number": "text",
    "name": "text",
    "phone": "text",
    "email": "text",
    "kind": "words",
    "reason": "words",
    "said": "words",
    "storefront": "text",
    "channel": "words",
}
"""Field of a request a customer filled in → type of its cell."""

OTHER_RECORDS = {
    "survey": SURVEY_FIELDS,
    "chat": CHAT_FIELDS,
    "review": REVIEW_FIELDS,
    "tracking": TRACKING_FIELDS,
    "request": REQUEST_FIELDS,
}
"""Record kind → its fields; a mapping names a target as ``survey.csat``."""

OTHER_REQUIRED = {
    "survey": ("answered_at",),
    "chat": ("agent", "day"),
    "review": ("order_number", "stars"),
    "tracking": ("number", "status"),
    "request": ("said",),
}
"""Fields without which a record cannot be told from others."""

OTHER_FIELD_NAMES = {
    "aftersales.fault": N_("party at fault"),
    "survey.csat": N_("satisfaction"),
    "survey.nps": N_("recommendation"),
    "survey.ces": N_("effort"),
    "chat.agent": N_("employee"),
    "review.stars": N_("stars"),
    "tracking.status": N_("state of the parcel"),
    "request.kind": N_("kind of request"),
}
"""Field as messages name it, beside those of orders and refunds."""

OTHER_TYPE_NAMES = {
    "score": N_("score"),
    "seconds": N_("seconds, or hours:minutes:seconds"),
    "share": N_("share, e.g. 98.5%"),
}
"""Field type → what people call it."""
