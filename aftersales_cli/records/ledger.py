"""What was bought, asked back, received, replaced and refunded of an order. Amounts in minor units of ``currency``."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SoldLine:
    """A product of an order as its files state it."""

    id: int | None
    """None for an order whose files name no products: it counts as one line."""
    sku: str
    title: str
    quantity: int
    unit_price: int | None
    paid: int | None
    """What was paid for all its pieces, if the file says so."""
    value: int | None = None
    """What is frozen as paid for it, None before its first use."""
    value_quantity: int | None = None
    basis: str = ""


@dataclass(frozen=True)
class LineValue:
    """What the buyer paid for a line after every discount; kept as it was at the first use."""

    order_line_id: int | None
    quantity: int
    goods: int
    basis: str
    """``stated`` by the file, a ``shared`` part of what the order cost, or ``unknown`` (price × quantity)."""


@dataclass(frozen=True)
class AskedLine:
    """A line of a return request with what happened to its pieces."""

    id: int
    request_id: int
    order_line_id: int | None
    kind: str
    status: str
    partial: bool
    """Refund without return of less than the pieces cost: the customer keeps them, and they can be asked back."""
    ended: bool
    asked: int
    approved: int
    received: int
    accepted: int
    damaged: int
    wrong: int
    short: int
    rejected: int
    disposition: str
    compensation: int = 0
    """What was asked for ``partial``, 0 otherwise."""


@dataclass(frozen=True)
class MoneyPart:
    """A part of a refund that is planned, on its way or paid; void ones are none."""

    type: str
    """``goods``, ``shipping``, ``fee`` (0 or below) or ``goodwill``."""
    amount: int
    order_line_id: int | None = None
    return_line_id: int | None = None
    quantity: int = 0
    """How many pieces the goods are paid back for, 0 for none in particular."""
    paid: bool = False


@dataclass(frozen=True)
class SentAgain:
    """Pieces sent, or reserved to be sent, instead of others."""

    order_line_id: int | None
    return_line_id: int | None
    quantity: int
    sent: bool
    back: int = 0
    """The price difference the customer gets back."""


@dataclass(frozen=True)
class PlatformPart:
    """A line of a request a marketplace has paid by itself; one for each line of the record's request."""

    refund_id: int
    amount: int
    """What the whole record gave back."""
    return_line_id: int
    order_line_id: int | None
    quantity: int
    """Approved pieces, 0 for money the customer gets without giving anything back."""


@dataclass(frozen=True)
class OrderFacts:
    """All that the books of an order are made of, read in one transaction."""

    order_id: int
    currency: str
    paid: int | None
    postage: int
    platform: int
    """What the marketplace paid back that belongs to none of our plans."""
    lines: tuple[SoldLine, ...]
    asked: tuple[AskedLine, ...]
    parts: tuple[MoneyPart, ...]
    sent_again: tuple[SentAgain, ...]
    by_platform: tuple[PlatformPart, ...] = ()
    """The part of ``platform`` whose products are known."""


@dataclass(frozen=True)
class LineLedger:
    """The books of one order line: pieces and money."""

    order_line_id: int | None
    sku: str
    title: str
    bought: int
    goods: int
    """What was paid for all of them."""
    basis: str
    requested: int
    """Pieces asked back, in requests that were not refused or taken back."""
    held: int
    """Pieces no further request can ask for."""
    approved: int
    received: int
    accepted: int
    damaged: int
    wrong: int
    short: int
    rejected: int
    replaced: int
    """Pieces reserved or sent instead."""
    sent_again: int
    """Of these the pieces that left the shop."""
    refunded: int
    """Pieces whose money is planned to go back, on its way or paid."""
    refunded_amount: int
    paid_back: int
    """Of this amount what was paid."""
    unasked: int = 0
    """Pieces paid back or replaced without a request."""
    claims: int = 0
    """Pieces whose money is planned or may go back by an approved request."""
    differences: int = 0
    """Price differences of replacements and approved compensation: money for goods the customer keeps."""
    by_platform: int = 0
    """What the marketplace paid back for it by itself, beside ``refunded_amount``."""
    platform_pieces: int = 0
    """The pieces that was for."""

    @property
    def free(self) -> int:
        """Pieces that can still be asked back: bought or sent instead, in no other request and not settled without."""
        return max(0, self.bought + self.sent_again - self.held - self.unasked)

    @property
    def open(self) -> int:
        """Bought pieces that can be paid back or replaced without a request."""
        return max(0, self.bought - self.held - self.unasked)

    @property
    def payable(self) -> int:
        """Money that can still be paid back: a replaced piece is worth only its recorded difference."""
        return max(0, self.worth_after() - self.refunded_amount - self.by_platform)

    def worth_after(self, replaced: int = 0, back: int = 0) -> int:
        """Return what the pieces not replaced are worth, with differences, if so many more are replaced."""
        claims = max(self.refunded, self.claims - replaced)
        pieces = min(self.bought, max(self.bought - self.replaced - replaced, claims))
        lost = self.goods * (self.bought - pieces) // self.bought
        return min(self.goods, self.goods - lost + self.differences + back)

    @property
    def left(self) -> int:
        """Money of its goods that can still be paid back."""
        return max(0, self.goods - self.refunded_amount - self.by_platform)


@dataclass(frozen=True)
class AskedLedger:
    """The books of one line of a return request."""

    return_line_id: int
    order_line_id: int | None
    approved: int
    refunded: int
    """Pieces planned to be paid back, on their way or paid, by the marketplace too."""
    replaced: int
    held: int = 0

    def more_held(self, pieces: int) -> int:
        """Return how many pieces more are held once so many more are settled, e.g. ones the customer had kept."""
        return max(0, self.refunded + self.replaced + pieces - self.held)

    @property
    def free(self) -> int:
        """Approved pieces that were neither paid back nor replaced."""
        return max(0, self.approved - self.refunded - self.replaced)


@dataclass(frozen=True)
class OrderLedger:
    """The books of an order."""

    order_id: int
    currency: str
    paid: int
    """What the buyer paid; what the lines and the postage add up to where no file says it."""
    paid_known: bool
    postage: int
    lines: tuple[LineLedger, ...]
    asked: tuple[AskedLedger, ...]
    shipping: int
    """Postage planned to go back, on its way or paid; so are ``fees`` (0 or below) and ``goodwill``."""
    fees: int
    goodwill: int
    platform: int

    @property
    def goods(self) -> int:
        """Money of goods planned to go back, on its way or paid."""
        return sum(line.refunded_amount for line in self.lines)

    @property
    def given(self) -> int:
        """All money that goes back, the marketplace's included."""
        return self.goods + self.shipping + self.fees + self.goodwill + self.platform

    @property
    def left(self) -> int:
        """What can still be paid back without going beyond what was paid."""
        return max(0, self.paid - self.given)

    def line(self, order_line_id: int | None) -> LineLedger | None:
        """Return the books of a line, None for a line of another order."""
        return next((line for line in self.lines if line.order_line_id == order_line_id), None)
