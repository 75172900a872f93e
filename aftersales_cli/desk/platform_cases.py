"""What a platform's refund status means for the case it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PlatformState:
    """The state a case takes from its platform's record."""

    status: str
    resolution: str = ""
    """Set when the case is closed."""
    cancel_reason: str = ""
    """Set when the case is cancelled."""


_STATES: Mapping[str, PlatformState] = {
    "requested": PlatformState("new"),
    "returning": PlatformState("waiting_customer"),
    # The buyer has sent the goods; now the shop has to receive and check them.
    "goods_back": PlatformState("waiting_internal"),
    "agreed": PlatformState("waiting_platform"),
    "succeeded": PlatformState("closed", resolution="refunded"),
    # The files say neither who closed it nor why, so it is not called withdrawn.
    "closed": PlatformState("cancelled", cancel_reason="platform_closed"),
    # Not an end yet: the buyer may change the request or appeal, and the platform closes it after its time.
    "refused": PlatformState("waiting_platform"),
    "unknown": PlatformState("new"),
}

_RESOLUTIONS: Mapping[str, str] = {
    "return": "returned",
    "exchange": "exchanged",
    "repair": "repaired",
    "damage_claim": "compensated",
}


def platform_status(refund_status: str, kind: str = "refund_only") -> PlatformState:
    """Return the case state for a code of the taxonomy ``refund_statuses``; an unlisted code is ``unknown``.

    ``kind`` decides how a succeeded one ended: a return is ``returned``, most others ``refunded``.
    """
    state = _STATES.get(refund_status, _STATES["unknown"])
    if state.resolution and kind in _RESOLUTIONS:
        return PlatformState(state.status, resolution=_RESOLUTIONS[kind])
    return state
