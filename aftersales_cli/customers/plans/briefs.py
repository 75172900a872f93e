"""Tell a caller in a few words who a customer is to the shop."""

from aftersales_cli.language import _, plural
from aftersales_cli.money import format_money
from aftersales_cli.records.plans import CustomerBrief
from aftersales_cli.shop import Shop

_SCALES = {"csat": 5, "ces": 7, "nps": 10}
"""Type of a survey → its highest score."""


def tell_brief(shop: Shop, brief: CustomerBrief) -> str:
    """Return segment, orders, spend, last order, open cases and last score as far as they are known."""
    parts = []
    if brief.segment:
        parts.append(shop.taxonomy("segments").label(brief.segment))
    if brief.high_value:
        parts.append(_("high value"))
    if brief.degree:
        parts.append(shop.taxonomy("churn_degrees").label(brief.degree))
    if brief.orders:
        parts.append(plural("{count} order", "{count} orders", brief.orders))
    if brief.spend is not None:
        spend = format_money(brief.spend, shop.settings.shop.currency)
        parts.append(_("spent {amount}", amount=spend))
    if brief.last_on:
        parts.append(_("last order {day}", day=brief.last_on))
    if brief.open_cases:
        parts.append(plural("{count} open case", "{count} open cases", brief.open_cases))
    if brief.last_score is not None:
        parts.append(
            _("last score {score} of {most}", score=brief.last_score, most=_SCALES.get(brief.last_survey, 5))
        )
    return " · ".join(parts)
