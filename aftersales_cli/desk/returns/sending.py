"""Parcels of returns: sent by the customer or back to the customer, and given up when their time is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aftersales_cli.clock import local_text, to_text
from aftersales_cli.database.return_parcels import (
    change_parcel,
    get_parcel,
    holds_request,
    insert_parcel,
    list_overdue_parcels,
    list_parcels,
)
from aftersales_cli.database.returns import list_return_lines
from aftersales_cli.desk.axes import PARCEL, require_following
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.returns.deciding import decide, require_request, subject
from aftersales_cli.desk.steps import check_case_moment, record_event, require_case
from aftersales_cli.desk.system import as_system
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.returns import ReturnParcel, ReturnRequest
from aftersales_cli.shop import Shop

_GONE = ("rejected", "withdrawn")


@dataclass(frozen=True)
class ParcelExpiry:
    """What time did to a parcel."""

    parcel: int
    request: int | None
    case_number: int
    done: str
    """``expired`` (never sent) or ``lost``."""
    number: str
    request_expired: bool
    """Whether the request ended with it."""


def ship_parcel(
    shop: Shop,
    request_id: int,
    *,
    carrier: str = "",
    number: str = "",
    out: bool = False,
    note: str = "",
    at: datetime | None = None,
) -> ReturnParcel:
    """Record that the customer has sent the goods, or (``out``) that goods went back to the customer.

    Raises RefusedError, WrongUsageError, NotFoundError.
    """
    found = require_request(shop, request_id)
    with changing(shop, "returns.ship", found.case_number) as writing:
        request = require_request(shop, request_id)
        case = require_case(shop, request.case_number)
        moment = check_case_moment(shop, case, at)
        number = "".join(number.split()).upper()
        if not number and not note.strip():
            raise WrongUsageError(
                _("It is not said which parcel it is."),
                remedy=_("Give --number, or --note if the goods come without one."),
            )
        writing.touch("return", request_id)
        _refuse_repeated(shop, request, number, out=out)
        values: dict[str, object] = {
            "carrier": carrier.strip(), "number": number, "note": note.strip(), "sent_at": moment,
            "status": "in_transit",
        }  # fmt: skip
        parcel_id = _send_out(shop, request, values) if out else _send_in(shop, request, values)
        record_event(
            shop,
            case.number,
            "parcel_sent",
            at=moment,
            field="parcel",
            before="" if out else "awaiting",
            after="in_transit",
            note=" ".join(part for part in (subject(request.id) + ":", carrier, number, note) if part),
        )
        parcel = get_parcel(shop.database, parcel_id)
        assert parcel is not None
        return parcel


def _send_in(shop: Shop, request: ReturnRequest, values: dict[str, object]) -> int:
    if request.status in _GONE:
        raise RefusedError(
            _(
                "{request} is “{status}”; no goods are to be sent for it.",
                request=subject(request.id),
                status=shop.taxonomy("review_states").label(request.status),
            ),
            remedy=_(
                "If they come all the same, note them then: {command}",
                command=f"aftersales returns receive {request.id} --extra …",
            ),
        )
    waiting = [
        parcel
        for parcel in list_parcels(shop.database, request.id)
        if parcel.status in ("awaiting", "expired")
    ]
    if not waiting:
        return _insert(shop, request, "in", values)
    seen = waiting[0]
    require_following(PARCEL, seen.status, "in_transit", subject=_parcel_name(seen))
    if not change_parcel(shop.database, seen, values):
        raise _overtaken(seen)
    return seen.id


def _send_out(shop: Shop, request: ReturnRequest, values: dict[str, object]) -> int:
    if not any(line.received for line in list_return_lines(shop.database, request.id)):
        raise RefusedError(
            _("{request}: no goods are here that could go back.", request=subject(request.id)),
            remedy=_("Goods sent instead are a replacement: aftersales replacements ship."),
        )
    return _insert(shop, request, "out", values)


def _insert(shop: Shop, request: ReturnRequest, direction: str, values: dict[str, object]) -> int:
    whose = {"case_number": request.case_number, "request_id": request.id, "direction": direction}
    return insert_parcel(shop.database, {**whose, **values})


def _refuse_repeated(shop: Shop, request: ReturnRequest, number: str, *, out: bool) -> None:
    for parcel in list_parcels(shop.database, request.id, direction="out" if out else "in"):
        if number and parcel.number.upper() == number and parcel.status not in ("awaiting", "expired"):
            raise RefusedError(
                _("Parcel {number} is recorded already: “{status}”.",
                  number=number, status=shop.taxonomy("parcel_states").label(parcel.status)),
                remedy=f"aftersales returns show {request.id}",
            )  # fmt: skip


def expire_parcels(shop: Shop) -> list[ParcelExpiry]:
    """Give up parcels whose time is over and return them; a second run does nothing more.

    What was awaited past its last day was never sent, which ends its request unless goods, money or a
    replacement are under way; what was sent ``returns.lost_days`` ago and has not come is lost. Each parcel is
    a transaction of its own.
    """
    done = (_expire(shop, parcel.id) for parcel in _overdue(shop))
    return [entry for entry in done if entry]


def _overdue(shop: Shop) -> list[ReturnParcel]:
    before = to_text(shop.now - timedelta(days=shop.settings.returns.lost_days))
    return list_overdue_parcels(shop.database, today=shop.today.isoformat(), sent_before=before)


def _expire(shop: Shop, parcel_id: int) -> ParcelExpiry | None:
    with changing(shop, "returns.expire") as writing:
        # Between the list and this transaction the parcel may have come: only what still holds is done.
        parcel = next((entry for entry in _overdue(shop) if entry.id == parcel_id), None)
        if parcel is None:
            return None
        writing.touch("case", parcel.case_number)
        after = "expired" if parcel.status == "awaiting" else "lost"
        change_parcel(shop.database, parcel, {"status": after})
        system = as_system(shop)
        record_event(
            system,
            parcel.case_number,
            "parcel_expired" if after == "expired" else "parcel_lost",
            at=shop.stamp,
            field="parcel",
            before=parcel.status,
            after=after,
            note=_expiry_note(shop, parcel),
        )
        ended = after == "expired" and _expire_request(system, parcel)
        return ParcelExpiry(parcel.id, parcel.request_id, parcel.case_number, after, parcel.number, ended)


def _expire_request(shop: Shop, parcel: ReturnParcel) -> bool:
    if parcel.request_id is None or holds_request(shop.database, parcel.request_id):
        return False
    request = require_request(shop, parcel.request_id)
    if request.origin == "platform" or request.status not in ("approved", "auto_approved"):
        return False
    decide(shop, request, "expired", at=shop.stamp, event="return_expired", note=_("the goods were not sent"))
    return True


def _expiry_note(shop: Shop, parcel: ReturnParcel) -> str:
    if parcel.status == "awaiting":
        return _(
            "{parcel} was to be sent by {day}", parcel=_parcel_name(parcel), day=parcel.expected_by or "–"
        )
    return _("{parcel} was sent {moment} and has not come", parcel=_parcel_name(parcel),
             moment=local_text(parcel.sent_at, shop.zone))  # fmt: skip


def _parcel_name(parcel: ReturnParcel) -> str:
    return _("Parcel {number}", number=parcel.number or parcel.id)


def _overtaken(seen: ReturnParcel) -> RefusedError:
    return RefusedError(
        _("{parcel} has been changed by somebody else.", parcel=_parcel_name(seen)),
        remedy=f"aftersales returns show {seen.request_id}",
    )
