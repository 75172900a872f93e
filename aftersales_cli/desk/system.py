"""Who acts when nobody does: what the clock or the calendar brings about."""

from dataclasses import replace

from aftersales_cli.shop import Shop

SYSTEM = "system"
"""Actor of what no employee did."""

_NOBODY = 0
"""No employee has this number."""


def as_system(shop: Shop) -> Shop:
    """Return the shop as the program itself acts in it, with what the one who runs the command may do."""
    return replace(shop, agent=replace(shop.agent, id=_NOBODY, code=SYSTEM))
