"""When something can be asked back."""

from datetime import datetime

from aftersales_cli.clock import from_text, local_text, to_text
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.orders import Order
from aftersales_cli.shop import Shop


def refuse_before_order(shop: Shop, order: Order, given: datetime | None) -> None:
    """Refuse a request that would be older than its order; raises WrongUsageError."""
    if given is None or order.placed_at is None or given >= from_text(order.placed_at):
        return
    raise WrongUsageError(
        _(
            "{moment} is before order {order} was placed ({placed}).",
            moment=local_text(to_text(given), shop.zone),
            order=order.external_id,
            placed=local_text(order.placed_at, shop.zone),
        ),
        remedy=_("Correct --at, or the order."),
    )
