"""Goods that are here: what may go back to stock unseen, and what still has to go back to its customer."""

from collections.abc import Iterable, Sequence

from aftersales_cli.desk.returns.policy_records import GROUPS
from aftersales_cli.records.axes import AskedFor
from aftersales_cli.records.returns import ReturnLine, ReturnParcel, ReturnRequest

_NOT_AS_NEW = ("used", "damaged", "incomplete")
_FAULTS = (*GROUPS["quality"], "damaged_transit")
_REFUSED = ("rejected", "withdrawn", "expired")
_ON_ITS_WAY = ("in_transit", "partly_received", "received")


def may_restock(request: ReturnRequest) -> bool:
    """Tell whether goods can go back to stock without a word; not if the customer said that they are faulty."""
    return request.condition not in _NOT_AS_NEW and request.reason not in _FAULTS


def held_lines(asked: AskedFor, parcels: Iterable[ReturnParcel]) -> list[ReturnLine]:
    """Return the lines of a refused request whose goods are here, and neither went back nor were decided on."""
    request = asked.request
    if request.status not in _REFUSED:
        return []
    went_back = any(
        parcel.request_id == request.id and parcel.direction == "out" and parcel.status in _ON_ITS_WAY
        for parcel in parcels
    )
    return [
        line
        for line in asked.lines
        if line.received and (not line.disposition or (line.disposition == "return" and not went_back))
    ]


def refusal_of(requests: Sequence[ReturnRequest]) -> str:
    """Return how a case ends whose requests all came to nothing: a resolution, ``""`` if one did not.

    A request that was asked again counts as its revision only.
    """
    again = {request.previous_id for request in requests}
    states = {request.status for request in requests if request.id not in again}
    if not states or not states <= set(_REFUSED):
        return ""
    return "rejected" if "rejected" in states else "withdrawn"
