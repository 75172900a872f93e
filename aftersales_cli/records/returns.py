"""Return requests with their lines, reviews and evidence; parcels and replacements. Amounts in minor units."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReturnRequest:
    """What a customer asks for about an order, in one revision."""

    id: int
    case_number: int
    order_id: int | None
    revision: int
    previous_id: int | None
    """The rejected request this one replaces."""
    origin: str
    """``own`` or ``platform`` (from a marketplace's file)."""
    kind: str
    """``return``, ``refund_only``, ``exchange`` or ``repair``."""
    status: str
    status_raw: str
    reason: str
    condition: str
    """What the customer says about the goods, a code of the taxonomy ``conditions``."""
    requested_at: str
    requested_on: str
    requested_by: str
    currency: str
    asked_amount: int | None
    policy_version: int | None
    rules: str
    """Ids of the rules that decided, with commas."""
    reasons: str
    """Codes of the reasons of the verdict, with commas."""
    postage_by: str
    """Who pays for sending back: ``buyer``, ``seller``, ``insured`` or ``""``."""
    second_needed: bool
    """An approval waits for a second person."""
    flag: str
    """The rule by which the customer returns unusually much, ``""`` if not; never a verdict."""
    sampled: bool
    """Drawn for a later check of the verdict."""
    decide_by: str | None
    decided_at: str | None
    send_by: str | None
    """The last local day on which the goods may be sent back."""
    ended_at: str | None


@dataclass(frozen=True)
class ReturnLine:
    """One product of a request; the inspected quantities add up to at most ``approved``."""

    id: int
    request_id: int
    order_line_id: int | None
    sku: str
    title: str
    asked: int
    approved: int
    received: int
    accepted: int
    damaged: int
    wrong: int
    short: int
    rejected: int
    disposition: str
    """``restock``, ``repair``, ``scrap``, ``return``, ``keep`` or ``""`` while undecided."""

    @property
    def inspected(self) -> int:
        """How many pieces somebody has looked at or found missing."""
        return self.accepted + self.damaged + self.wrong + self.short + self.rejected


@dataclass(frozen=True)
class Review:
    """One look at a request and its verdict; never changed afterwards."""

    request_id: int
    seq: int
    step: str
    """``auto``, ``first``, ``second`` or ``sample``."""
    verdict: str
    rules: str
    reason: str
    reviewer: str
    at: str


@dataclass(frozen=True)
class Evidence:
    """A file that belongs to a case, kept in the shop's folder under its hash."""

    id: int
    case_number: int
    sha256: str
    name: str
    media_type: str
    bytes: int
    added_at: str
    added_by: str


@dataclass(frozen=True)
class ReturnParcel:
    """A parcel of a return, ``in`` to the shop or ``out`` to the customer."""

    id: int
    case_number: int
    request_id: int | None
    origin: str
    """``platform`` if an import made it from a marketplace's record, else ``own``."""
    direction: str
    status: str
    moved_from: str
    """The state people left it in, from which files have moved it; ``""`` if none has."""
    carrier: str
    number: str
    note: str
    sent_at: str | None
    expected_by: str | None
    received_at: str | None


@dataclass(frozen=True)
class Replacement:
    """Goods sent instead of returned or faulty ones."""

    id: int
    case_number: int
    request_id: int | None
    order_line_id: int | None
    sku: str
    title: str
    quantity: int
    status: str
    moved_from: str
    """``shipped`` if it was a courier's file that said it is there, else ``""``."""
    price_difference: int
    """What the customer still pays (above 0) or gets back (below 0)."""
    currency: str
    before_return: bool
    carrier: str
    number: str
    reserved_at: str
    shipped_at: str | None
    delivered_at: str | None
