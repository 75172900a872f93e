"""A case ends only when everything about it has: the check before, and what follows."""

from aftersales_cli.database.case_axes import read_case_axes
from aftersales_cli.database.returns import end_requests
from aftersales_cli.desk.axes import open_ends
from aftersales_cli.desk.returns.held_goods import refusal_of
from aftersales_cli.errors import RefusedError
from aftersales_cli.language import _
from aftersales_cli.records.axes import OpenEnd
from aftersales_cli.records.cases import Case
from aftersales_cli.shop import Shop


def list_open_ends(shop: Shop, number: int) -> list[OpenEnd]:
    """Return what of a case is not at an end on an axis that applies."""
    return open_ends(read_case_axes(shop.database, number))


def require_ends(shop: Shop, case: Case) -> None:
    """Refuse to end a case while goods, money or repairs are open, naming each with its command."""
    found = list_open_ends(shop, case.number)
    if not found:
        return
    what = "; ".join(
        _("{subject}: {axis}: {state}", subject=end.subject, axis=_(end.axis), state=end.state)
        for end in found
    )
    raise RefusedError(
        _("Case {number} is not at its end: {ends}.", number=case.number, ends=what),
        remedy=_("Go on with: {commands}", commands="; ".join(dict.fromkeys(end.command for end in found))),
    )


def refused_resolution(shop: Shop, case: Case) -> str:
    """Return how a case ends whose requests all came to nothing, ``""`` if one was granted or there is none."""
    axes = read_case_axes(shop.database, case.number)
    if axes.platform_refunded or any(plan.status == "succeeded" for plan in axes.plans):
        return ""
    return refusal_of([asked.request for asked in axes.asked])


def close_requests(shop: Shop, case: Case, *, at: str) -> None:
    """Note on the approved requests of a case that all is done. Inside ``writing``."""
    end_requests(shop.database, case.number, at=at)
