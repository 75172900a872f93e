"""When each customer may be called on a day: rule of the country, zone, holidays, consent and earlier attempts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from aftersales_cli.customers.plans.calling_hours import (
    HoursRule,
    Place,
    load_hours,
    load_zones,
    place_of,
    rule_for,
)
from aftersales_cli.customers.plans.windows import Allowed, Span, call_spans, write_spans
from aftersales_cli.database.callback_limits import count_calls, refused_since
from aftersales_cli.database.consents import current_consent
from aftersales_cli.desk.public_holidays import find_holidays
from aftersales_cli.language import _
from aftersales_cli.shop import Shop

_EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True)
class Window:
    """When somebody may be called on a day."""

    place: Place
    rule: HoursRule
    lifted: bool
    """Whether a yes to marketing lifts the country's hours."""
    spans: tuple[Span, ...]
    """Empty if not at all."""


class CallingTimes:
    """The calling hours of a shop's customers; rules, zones and holidays are read once."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._rules = load_hours(shop.folder)
        self._zones = load_zones(shop.folder)
        self._closed: dict[tuple[str, int], frozenset[date]] = {}

    def place(self, country: str, zone: str) -> Place:
        """Return where a customer lives."""
        home = self._shop.settings.shop.country
        return place_of(country, zone, zones=self._zones, home=home, home_zone=self._shop.zone)

    def window(
        self, country: str, zone: str, customer_id: int | None, on: date, *, tried: Collection[int] = ()
    ) -> Window:
        """Return when a customer may be called on a day; ``tried`` are parts of the day tried in vain."""
        place = self.place(country, zone)
        rule = rule_for(self._rules, place.country)
        lifted = rule.consent_lifts and self._agreed(customer_id)
        if lifted:
            # The law's hours are lifted; nobody wants to be called in the night all the same.
            allowed = Allowed(self._rules[-1].hours, _EVERY_DAY, frozenset())
        else:
            closed = frozenset() if rule.holidays else self._holidays(place.country, on)
            allowed = Allowed(rule.hours, rule.weekdays, closed)
        spans = call_spans(on, allowed, place, self._shop.zone, tried=tried)
        return Window(place, rule, lifted, tuple(spans))

    def is_paused(self, rule: HoursRule, customer_id: int | None, on: date) -> bool:
        """Tell whether the rule's limits forbid one more call: too many lately, or refused not long ago."""
        if customer_id is None:
            return False
        db = self._shop.database
        if rule.pause_days and refused_since(
            db, customer_id, (on - timedelta(days=rule.pause_days)).isoformat()
        ):
            return True
        since = (on - timedelta(days=rule.in_days)).isoformat()
        return rule.most is not None and count_calls(db, customer_id, since) >= rule.most

    def write(self, window: Window) -> str:
        """Return the window in words."""
        if window.spans:
            return write_spans(window.spans, window.place, self._shop.zone)
        return _("no calls on this day ({rule})", rule=window.rule.name)

    def _agreed(self, customer_id: int | None) -> bool:
        if customer_id is None:
            return False
        return current_consent(self._shop.database, customer_id, "marketing") is True

    def _holidays(self, country: str, on: date) -> frozenset[date]:
        years = {(on + timedelta(days=days)).year for days in (-1, 1)}
        closed: set[date] = set()
        for year in years:
            if (country, year) not in self._closed:
                found = find_holidays(self._shop.database, country, "", (year,))[0]
                self._closed[country, year] = frozenset(found[year].closed)
            closed |= self._closed[country, year]
        return frozenset(closed)
