"""Say when a customer returns unusually much. It is told to whoever decides and never decides anything."""

from aftersales_cli.database.return_queue import count_habit
from aftersales_cli.desk.returns.policy_records import GROUPS
from aftersales_cli.language import _
from aftersales_cli.shop import Shop

_OWN_REASONS = (*GROUPS["no_reason"], *GROUPS["unclear"], "")
"""Reasons no fault of goods, shop or carrier is behind."""


def find_flag(shop: Shop, customer_id: int | None, *, at: str) -> str:
    """Return how a customer asks back unusually many orders, as numbers for ``flag_text``; ``""`` if not so.

    Call it with the new request stored, so that it counts.
    """
    if customer_id is None:
        return ""
    limits = shop.settings.returns
    habit = count_habit(shop.database, customer_id, _OWN_REASONS, before=at)
    if habit.orders < limits.flag_orders or habit.asked_back < habit.orders * limits.flag_share:
        return ""
    parts = (habit.asked_back, habit.orders, round(limits.flag_share * 100), limits.flag_orders)
    return "/".join(map(str, parts))


def flag_text(flag: str) -> str:
    """Write the rule for people: its numbers are those of the day of the request."""
    if not flag:
        return ""
    asked, orders, share, least = flag.split("/")
    return _(
        "{asked} of {orders} paid orders asked back without a fault of ours (told from {share} % of {least} orders)",
        asked=asked,
        orders=orders,
        share=share,
        least=least,
    )
