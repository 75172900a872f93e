"""Orders, their lines, and what an import did."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Order:
    """An order as the marketplace gave it; amounts in minor units of ``currency``, moments in UTC."""

    id: int
    storefront_id: int
    external_id: str
    display_number: str
    customer_id: int | None
    placed_at: str | None
    placed_on: str | None
    """Shop-local day of ``placed_at``."""
    paid_at: str | None
    paid_on: str | None
    shipped_at: str | None
    delivered_at: str | None
    finished_at: str | None
    status: str
    status_raw: str
    close_reason: str
    currency: str
    goods: int | None
    postage: int | None
    discount: int | None
    total: int | None
    paid: int | None
    """What the buyer paid before any refund."""
    paid_basis: str
    """``stated``, ``rebuilt`` (net figure plus refund), ``inferred`` (from total and times) or ``none``."""
    refunded: int | None
    refunded_basis: str
    """``records`` (succeeded refund records), ``stated`` (the order file's figure), ``own`` (paid here) or ``none``."""
    item_count: int | None
    title: str
    buyer_note: str
    seller_note: str


@dataclass(frozen=True)
class OrderLine:
    """One product of an order."""

    id: int
    order_id: int
    line_key: str
    sku: str
    title: str
    variant: str
    quantity: int
    unit_price: int | None
    paid: int | None
    refunded: int | None
    status_raw: str


@dataclass(frozen=True)
class OrderRow:
    """An order as listings show it."""

    storefront: str
    external_id: str
    display_number: str
    placed_at: str | None
    status: str
    currency: str
    total: int | None
    paid: int | None
    refunded: int | None
    customer: str
    title: str


@dataclass(frozen=True)
class Import:
    """One file that was taken in."""

    id: int
    file_name: str
    sha256: str
    format: str
    format_version: int
    platform: str
    encoding: str
    storefront_id: int
    rows_read: int
    orders_new: int
    orders_updated: int
    orders_unchanged: int
    lines_new: int
    lines_updated: int
    lines_unchanged: int
    aftersales_new: int
    aftersales_updated: int
    aftersales_unchanged: int
    others_new: int
    others_updated: int
    others_unchanged: int
    rejected: int
    skipped: int
    """Totals and end notes below the rows."""
    imported_at: str
    undone_at: str | None
    agent: str


@dataclass(frozen=True)
class Reject:
    """A row that could not be taken, with all its cells."""

    id: int
    import_id: int
    """The import of the file it first stood in; so are ``file_name`` and ``row_number``."""
    file_name: str
    sheet: str
    row_number: int
    column_name: str
    reason: str
    raw: str
    """The cells as a JSON list of texts."""
