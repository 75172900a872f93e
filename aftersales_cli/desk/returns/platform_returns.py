"""What marketplaces and couriers report fills the same tables as the shop's own returns."""

from collections.abc import Mapping

from aftersales_cli.database.mirroring import mirror_lines, mirror_requests
from aftersales_cli.database.mirroring_parcels import follow_parcels, mirror_parcels
from aftersales_cli.desk.returns.proposing import judge_arrivals
from aftersales_cli.shop import Shop

REQUEST_STATES: Mapping[str, str] = {
    "requested": "submitted",
    "returning": "approved",
    "goods_back": "approved",
    "agreed": "approved",
    "succeeded": "approved",
    "refused": "rejected",
    # The files do not say whether the buyer or the time ended it; the platform's own word stays beside it.
    "closed": "withdrawn",
}
"""State of a platform's after-sales record → state of the request it makes.

A state nobody can read makes none: it is among the unknown words, and explained there it makes its request.
"""

PARCEL_STATES: Mapping[str, str] = {
    "requested": "awaiting",
    "refused": "awaiting",
    "closed": "awaiting",
    "returning": "awaiting",
    "goods_back": "in_transit",
    # The money of a return goes when the goods are there; a courier's later word counts more.
    "agreed": "received",
    "succeeded": "received",
}
"""State of a platform's after-sales record → where its goods are; with a parcel's number they have been sent."""

COURIER_STATES: Mapping[str, str] = {
    "in_transit": "in_transit",
    "delivering": "in_transit",
    "problem": "in_transit",
    "returning": "in_transit",
    "returned": "in_transit",
    "received": "received",
    "lost": "lost",
}
"""State of a courier's parcel → state of ours; any other moves nothing."""


def follow_files(shop: Shop) -> None:
    """Derive from all files that are there what platforms' returns are and where parcels are. Inside ``writing``.

    What waits for a decision here is judged by the policy, which decides nothing.

    To be called after every import and every undo; twice does nothing.
    """
    mirror_requests(shop.database, REQUEST_STATES)
    mirror_lines(shop.database)
    mirror_parcels(shop.database, PARCEL_STATES)
    follow_parcels(shop.database, PARCEL_STATES, COURIER_STATES)
    judge_arrivals(shop)
