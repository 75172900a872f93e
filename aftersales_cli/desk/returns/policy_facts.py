"""What the rules may ask about a stored request, and the public holidays of the buyer's country."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from aftersales_cli.clock import local_day
from aftersales_cli.database.policies import PastLine, list_request_lines
from aftersales_cli.desk.public_holidays import HolidayYear, find_holidays
from aftersales_cli.desk.returns.policy import judge, strictest
from aftersales_cli.desk.returns.policy_categories import classify
from aftersales_cli.desk.returns.policy_countries import country_code
from aftersales_cli.desk.returns.policy_records import Judgement, PolicySet, ProductEntry, RequestFacts
from aftersales_cli.desk.returns.policy_windows import WeekDays
from aftersales_cli.errors import NotFoundError
from aftersales_cli.language import _
from aftersales_cli.shop import Shop


@dataclass(eq=False)
class PublicDays:
    """The working days of a country: Monday to Friday without public holidays, and make-up days.

    Looked up when first asked: most requests need none.
    """

    shop: Shop
    country: str
    _years: dict[int, HolidayYear] = field(default_factory=dict)

    def is_open_on(self, day: date) -> bool:
        """Tell whether a day is worked there."""
        if not self.country:
            return WeekDays().is_open_on(day)
        if day.year not in self._years:
            self._years |= find_holidays(self.shop.database, self.country, "", (day.year,))[0]
        year = self._years[day.year]
        return day in year.makeup or (WeekDays().is_open_on(day) and day not in year.closed)


def judge_stored(shop: Shop, policies: PolicySet, request_id: int) -> Judgement:
    """Judge a stored request; of several products the strictest judgement counts. Raises NotFoundError."""
    lines = list_request_lines(shop.database, request_id)
    if not lines:
        raise NotFoundError(_("There is no return request {number}.", number=request_id))
    return judge_lines(shop, policies, lines)


def judge_lines(shop: Shop, policies: PolicySet, lines: Sequence[PastLine]) -> Judgement:
    """Judge the products of one request; the strictest judgement counts."""
    return strictest([judge(policies, gather_facts(shop, line, policies.products)) for line in lines])


def gather_facts(shop: Shop, line: PastLine, products: Sequence[ProductEntry]) -> RequestFacts:
    """Return what the rules may ask about one product of a request.

    Days are counted in the storefront's time zone, else the shop's; the law is that of the customer's country,
    else the storefront's, else the shop's.
    """
    zone = ZoneInfo(line.timezone) if line.timezone else shop.zone
    country = country_code(line.country or shop.settings.shop.country)
    product = classify(products, sku=line.sku, title=line.title)
    delivered_on = local_day(line.delivered_at, zone) if line.delivered_at else None
    ends = product.warranty_until(delivered_on)
    return RequestFacts(
        kind=line.kind,
        reason=line.reason,
        requested_at=line.requested_at,
        zone=zone,
        country=country,
        platform=line.platform,
        storefront=line.storefront,
        condition=line.condition,
        category=product.category,
        exempt_label=product.label,
        exempt_confirmed=product.confirmed,
        delivered_at=line.delivered_at,
        paid_at=line.paid_at,
        finished_at=line.finished_at,
        amount=line.asked_amount if line.asked_amount is not None or line.line_count > 1 else line.paid,
        price=line.price,
        currency=line.currency,
        evidence=line.evidence,
        repairs_done=line.repairs_done,
        warranty_until=line.warranty_until or (ends.isoformat() if ends else None),
        holidays=PublicDays(shop, country),
    )
