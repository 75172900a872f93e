"""A return request with all that belongs to it, as one page needs it."""

from dataclasses import dataclass

from aftersales_cli.database.case_axes import read_case_axes
from aftersales_cli.database.cases import find_case_refund, list_case_events
from aftersales_cli.database.evidence import list_evidence
from aftersales_cli.database.orders import get_order
from aftersales_cli.database.returns import find_following_request, list_return_lines, list_reviews
from aftersales_cli.desk.axes import open_ends
from aftersales_cli.desk.returns.books import read_books
from aftersales_cli.desk.returns.deciding import is_about, require_request
from aftersales_cli.desk.returns.judging import explain_request
from aftersales_cli.desk.returns.ledger import GRANTED, UNDECIDED
from aftersales_cli.desk.returns.reviewing import first_approval
from aftersales_cli.desk.steps import require_case
from aftersales_cli.records.axes import AskedFor, CaseAxes, OpenEnd
from aftersales_cli.records.cases import OPEN_STATUSES, Case, Refund
from aftersales_cli.records.ledger import LineLedger, OrderLedger
from aftersales_cli.records.orders import Order
from aftersales_cli.records.returns import Evidence, ReturnLine, ReturnRequest, Review
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class LineView:
    """One product of a request beside the books of its order line."""

    line: ReturnLine
    ledger: LineLedger | None


@dataclass(frozen=True)
class ReturnView:
    """One request and everything on its page."""

    request: ReturnRequest
    case: Case
    order: Order | None
    lines: list[LineView]
    ledger: OrderLedger | None
    worth: int | None
    """What the asked pieces cost, whatever the customer asks for them; None if a line is not known."""
    reviews: list[Review]
    evidence: list[Evidence]
    axes: CaseAxes
    """Only what belongs to this request."""
    platform_refunds: list[Refund]
    """What the marketplace itself records for the case."""
    extras: list[str]
    """What came with it and nobody expected."""
    proposal: str
    """What the rules say to a request nobody has decided or judged yet, else ``""``."""
    open_ends: list[OpenEnd]
    following: int | None
    """The revision that replaced it."""
    next_command: str
    """What to type next, ``""`` if nothing is left to do."""


def load_return(shop: Shop, request_id: int) -> ReturnView:
    """Read a request with all that belongs to it; raises NotFoundError."""
    db, request = shop.database, require_request(shop, request_id)
    case = require_case(shop, request.case_number)
    ledger = read_books(shop, request.order_id) if request.order_id is not None else None
    lines = list_return_lines(db, request_id)
    axes = _of_request(read_case_axes(db, request.case_number), request, lines)
    reviews, following = list_reviews(db, request_id), find_following_request(db, request_id)
    ends = open_ends(axes)
    return ReturnView(
        request=request,
        case=case,
        order=get_order(db, request.order_id) if request.order_id is not None else None,
        lines=[LineView(line, _books_of(ledger, line)) for line in lines],
        ledger=ledger,
        worth=_worth(ledger, lines),
        reviews=reviews,
        evidence=list_evidence(db, request.case_number),
        axes=axes,
        platform_refunds=_platform_refunds(shop, request),
        extras=_extras(shop, request),
        proposal=explain_request(shop, request).verdict
        if not reviews and request.status in UNDECIDED
        else "",
        open_ends=ends,
        following=following,
        next_command=_next_command(case, request, reviews, ends, following),
    )


def _platform_refunds(shop: Shop, request: ReturnRequest) -> list[Refund]:
    if request.origin != "platform":
        return []
    found = find_case_refund(shop.database, request.case_number)
    return [found] if found else []


def _extras(shop: Shop, request: ReturnRequest) -> list[str]:
    events = list_case_events(shop.database, request.case_number)
    return [
        event.after
        for event in events
        if event.type == "extra_received" and is_about(event.note, request.id) and event.after
    ]


def _worth(ledger: OrderLedger | None, lines: list[ReturnLine]) -> int | None:
    books = [(_books_of(ledger, line), line.asked) for line in lines]
    known = [
        entry.goods * min(asked, entry.bought) // entry.bought for entry, asked in books if entry is not None
    ]
    return sum(known) if known and len(known) == len(books) else None


def _books_of(ledger: OrderLedger | None, line: ReturnLine) -> LineLedger | None:
    if ledger is None:
        return None
    found = ledger.line(line.order_line_id)
    return ledger.lines[0] if found is None and len(ledger.lines) == 1 else found


def _of_request(axes: CaseAxes, request: ReturnRequest, lines: list[ReturnLine]) -> CaseAxes:
    """Return what belongs to one request; what names no request belongs to the only one of its case."""
    only = len(axes.asked) == 1
    mine = {request.id, None} if only else {request.id}
    return CaseAxes(
        case_number=axes.case_number,
        asked=(AskedFor(request, tuple(lines)),),
        parcels=tuple(entry for entry in axes.parcels if entry.request_id in mine),
        plans=tuple(entry for entry in axes.plans if entry.request_id in mine),
        replacements=tuple(entry for entry in axes.replacements if entry.request_id in mine),
        repairs=axes.repairs if request.kind == "repair" else (),
        platform_refunded=axes.platform_refunded,
    )


def _next_command(
    case: Case, request: ReturnRequest, reviews: list[Review], ends: list[OpenEnd], following: int | None
) -> str:
    if case.status not in OPEN_STATUSES:
        return ""
    if request.status in UNDECIDED:
        return _decide_command(request, reviews)
    if ends:
        return ends[0].command
    if request.status == "rejected" and following is None:
        return f"aftersales cases reply {case.number} --say …"
    return f"aftersales cases resolve {case.number} --cause …" if request.status in GRANTED else ""


def _decide_command(request: ReturnRequest, reviews: list[Review]) -> str:
    if first_approval(reviews):
        return f"aftersales returns review {request.id} approve --as …"
    if request.status == "needs_evidence":
        return f"aftersales returns evidence add {request.case_number} FILE"
    verdict = "approve" if request.status == "submitted" else "approve|reject"
    return f"aftersales returns review {request.id} {verdict}"
