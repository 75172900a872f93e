"""Goods that come back: count what came, whatever it is, and say what it turned out to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aftersales_cli.clock import local_text
from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.return_parcels import change_parcel, get_parcel, insert_parcel, list_parcels
from aftersales_cli.database.returns import change_return_line, list_return_lines
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.returns.arrivals import (
    Arrival,
    Counted,
    is_complete,
    judge_arrival,
    read_faults,
    read_pieces,
)
from aftersales_cli.desk.returns.books import open_books
from aftersales_cli.desk.returns.deciding import (
    approve_lines,
    decide,
    overtaken,
    require_request,
    subject,
)
from aftersales_cli.desk.returns.held_goods import may_restock
from aftersales_cli.desk.returns.ledger import GRANTED
from aftersales_cli.desk.steps import check_case_moment, record_event, require_case
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.returns import ReturnLine, ReturnParcel, ReturnRequest
from aftersales_cli.shop import Shop

RESTOCK = "restock"


@dataclass(frozen=True)
class Receipt:
    """What a receipt did."""

    request: ReturnRequest
    lines: list[ReturnLine]
    parcel: ReturnParcel
    extras: list[str]
    """What came and was not expected."""


@dataclass(frozen=True)
class Words:
    """What somebody types about a receipt: words like ``CUP=2``."""

    pieces: Sequence[str] = ()
    damaged: Sequence[str] = ()
    wrong: Sequence[str] = ()
    rejected: Sequence[str] = ()
    short: Sequence[str] = ()
    extra: Sequence[str] = ()
    """Goods that belong to no line, in any words."""

    def only_extra(self, *, everything: bool) -> bool:
        """Tell whether nothing came that somebody expected."""
        named = (self.pieces, self.damaged, self.wrong, self.rejected, self.short)
        return bool(self.extra) and not everything and not any(named)


def receive_goods(
    shop: Shop,
    request_id: int,
    words: Words | None = None,
    *,
    everything: bool = False,
    inspect_later: bool = False,
    disposition: str = "",
    carrier: str = "",
    number: str = "",
    at: datetime | None = None,
) -> Receipt:
    """Record goods that came for a request; without words all as approved, in order, back to stock.

    What the customer called faulty goes nowhere unless ``disposition`` says so. A request that time had ended is
    taken up again, for a person to decide.
    Anything can be received, also before a decision or after a rejection: it is counted then and inspected
    later. ``inspect_later`` counts only. Raises RefusedError if nothing is expected any more (it says who
    received it), WrongUsageError, NotFoundError.
    """
    words = words or Words()
    if everything and words.pieces:
        raise WrongUsageError(_("Name products or take --all, not both."), remedy=_("Leave one of them out."))
    found = require_request(shop, request_id)
    with changing(shop, "returns.receive", found.case_number) as writing:
        request = require_request(shop, request_id)
        case = require_case(shop, request.case_number)
        moment = check_case_moment(shop, case, at)
        code = shop.taxonomy("dispositions").resolve(disposition) if disposition else ""
        lines = list_return_lines(shop.database, request_id)
        writing.touch("return", request_id)
        if request.status == "expired" and not words.only_extra(everything=everything):
            request = _take_up_again(shop, request, lines, at=moment)
            lines = list_return_lines(shop.database, request_id)
        arrivals = _arrivals(shop, request, lines, words, everything=everything, later=inspect_later)
        _store(shop, request, arrivals, code)
        lines = list_return_lines(shop.database, request_id)
        parcel, before = _receive_parcel(
            shop, request, lines, arrivals, moment, carrier=carrier, number=number
        )
        extras = _extras(arrivals, words.extra)
        note = ", ".join(_describe(arrival) for arrival in arrivals)
        record_event(
            shop,
            case.number,
            "received",
            at=moment,
            field="parcel",
            before=before,
            after=parcel.status,
            note=": ".join(
                part for part in (subject(request_id), note or _("only goods nobody expected")) if part
            ),
        )
        for extra in extras:
            record_event(shop, case.number, "extra_received", at=moment, field="inspection", after=extra,
                         note=subject(request_id))  # fmt: skip
        return Receipt(request, lines, parcel, extras)


def _take_up_again(
    shop: Shop, request: ReturnRequest, lines: Sequence[ReturnLine], *, at: str
) -> ReturnRequest:
    """Let a person decide about a request whose goods came after its time, if its pieces are still free."""
    if request.origin == "platform" or not _still_free(shop, request, lines):
        return request
    approve_lines(shop, request, lines, {})
    changes: dict[str, object] = {"decided_at": None, "ended_at": None, "send_by": None}
    note = _("the goods came after their time")
    return decide(shop, request, "needs_manual", at=at, event="return_revived", note=note, changes=changes)


def _still_free(shop: Shop, request: ReturnRequest, lines: Sequence[ReturnLine]) -> bool:
    if request.order_id is None:
        return True
    books = open_books(shop, request.order_id)
    found = [(books.line(line.order_line_id), line.asked) for line in lines]
    return all(line is None or asked <= line.free for line, asked in found)


def _arrivals(
    shop: Shop,
    request: ReturnRequest,
    lines: list[ReturnLine],
    words: Words,
    *,
    everything: bool,
    later: bool,
) -> list[Arrival]:
    counted = Counted(
        read_pieces(lines, words.pieces),
        read_faults(lines, words.damaged),
        read_faults(lines, words.wrong),
        read_faults(lines, words.rejected),
        read_faults(lines, words.short),
    )
    if words.only_extra(everything=everything):
        return []
    arrivals = judge_arrival(
        lines,
        counted,
        granted=request.status in GRANTED
        or (request.status != "expired" and any(line.approved for line in lines)),
        goods_due=request.kind != "refund_only",
        inspect_later=later,
    )
    if not arrivals and not words.extra:
        raise _nothing_expected(shop, request)
    return arrivals


def _nothing_expected(shop: Shop, request: ReturnRequest) -> RefusedError:
    remedy = _("What came all the same is noted with --extra, or with the pieces: SKU=1.")
    events = [
        event for event in list_case_events(shop.database, request.case_number) if event.type == "received"
    ]
    last = next((event for event in reversed(events) if event.note.startswith(subject(request.id))), None)
    if last is None:
        return RefusedError(
            _("{request}: no goods are expected for it.", request=subject(request.id)), remedy=remedy
        )
    return RefusedError(
        _(
            "{request} was received already: by {name}, {moment}.",
            request=subject(request.id),
            name=last.actor,
            moment=local_text(last.at, shop.zone),
        ),
        remedy=remedy,
    )


def _store(shop: Shop, request: ReturnRequest, arrivals: Sequence[Arrival], disposition: str) -> None:
    for arrival in arrivals:
        line = arrival.line
        changes: dict[str, object] = {"received": line.received + arrival.pieces}
        figures = {
            name: getattr(line, name) + getattr(arrival, name)
            for name in ("accepted", "damaged", "wrong", "short", "rejected")
        }
        changes |= figures
        faulty = figures["damaged"] + figures["wrong"] + figures["rejected"]
        if disposition:
            changes["disposition"] = disposition
        elif figures["accepted"] and not faulty and not line.disposition and may_restock(request):
            changes["disposition"] = RESTOCK
        elif faulty and line.disposition == RESTOCK:
            # What is to become of the faulty pieces, somebody has to say.
            changes["disposition"] = ""
        if not change_return_line(shop.database, line, changes):
            raise overtaken(shop, request)


def _receive_parcel(
    shop: Shop,
    request: ReturnRequest,
    lines: Sequence[ReturnLine],
    arrivals: Sequence[Arrival],
    at: str,
    *,
    carrier: str,
    number: str,
) -> tuple[ReturnParcel, str]:
    """Bring the parcel the goods came in to its state; return it and its state before.

    All that was expected is here: every parcel has come. Else the named one has, or the first that was sent;
    with no other to wait for it is partly received.
    """
    number = "".join(number.split()).upper()
    parcels = list_parcels(shop.database, request.id)
    chosen = _choose_parcel(parcels, number)
    if chosen is None:
        values = {"case_number": request.case_number, "request_id": request.id, "direction": "in",
                  "status": "received", "carrier": carrier.strip(), "number": number, "received_at": at}  # fmt: skip
        chosen_id, before = insert_parcel(shop.database, values), ""
    else:
        chosen_id, before = chosen.id, chosen.status
        _settle(shop, chosen, lines, parcels, at, number=number, carrier=carrier)
    if arrivals and all(is_complete(line) for line in lines):
        for parcel in parcels:
            if parcel.id != chosen_id and parcel.status in ("in_transit", "partly_received"):
                change_parcel(
                    shop.database, parcel, {"status": "received", "received_at": parcel.received_at or at}
                )
    stored = get_parcel(shop.database, chosen_id)
    assert stored is not None
    return stored, before


def _settle(
    shop: Shop,
    chosen: ReturnParcel,
    lines: Sequence[ReturnLine],
    parcels: Sequence[ReturnParcel],
    at: str,
    *,
    number: str,
    carrier: str,
) -> None:
    others = [
        entry for entry in parcels if entry.id != chosen.id and entry.status in ("awaiting", "in_transit")
    ]
    whole = all(is_complete(line) for line in lines) or bool(others)
    after = "received" if whole or chosen.status == "received" else "partly_received"
    changes = {
        "status": after,
        "received_at": chosen.received_at or at,
        "number": chosen.number or number,
        "carrier": chosen.carrier or carrier.strip(),
    }
    if not change_parcel(shop.database, chosen, changes):
        raise RefusedError(
            _("Parcel {number} has been changed by somebody else.", number=chosen.number or chosen.id),
            remedy=f"aftersales returns show {chosen.request_id}",
        )


def _choose_parcel(parcels: Sequence[ReturnParcel], number: str) -> ReturnParcel | None:
    if number:
        named = [parcel for parcel in parcels if parcel.number.upper() == number]
        awaited = [parcel for parcel in parcels if parcel.status == "awaiting" and not parcel.number]
        return next(iter(named or awaited), None)
    # The courier may have said already that it is here; one that was given up may turn up.
    order = ("in_transit", "partly_received", "awaiting", "received", "lost", "expired")
    return min(parcels, key=lambda parcel: (order.index(parcel.status), parcel.id), default=None)


def _extras(arrivals: Sequence[Arrival], words: Sequence[str]) -> list[str]:
    more = [f"{arrival.extra} × {_name(arrival.line)}" for arrival in arrivals if arrival.extra]
    return more + [" ".join(word.split()) for word in words if word.strip()]


def _describe(arrival: Arrival) -> str:
    figures = ("accepted", "damaged", "wrong", "short", "rejected")
    parts = [f"{getattr(arrival, name)} {figure_name(name)}" for name in figures if getattr(arrival, name)]
    return f"{_name(arrival.line)}: {arrival.pieces}" + (f" ({', '.join(parts)})" if parts else "")


def _name(line: ReturnLine) -> str:
    return line.title or line.sku or _("whole order")


def figure_name(code: str) -> str:
    """Return the word for what a piece turned out to be."""
    names = {
        "accepted": _("accepted"),
        "damaged": _("damaged"),
        "wrong": _("wrong"),
        "short": _("missing"),
        "rejected": _("rejected"),
    }
    return names[code]
