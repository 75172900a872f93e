"""All that is known of one customer, gathered for one page; contacts masked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from aftersales_cli.clock import from_text
from aftersales_cli.customers.churn.listing import get_churn
from aftersales_cli.customers.privacy.consenting import consent_log, require_customer
from aftersales_cli.customers.value.printing import segment_rule
from aftersales_cli.customers.value.tag_rules import Taste
from aftersales_cli.customers.value.tagging import ShownTag, shown_tags
from aftersales_cli.customers.value.valuing import bring_up_to_date
from aftersales_cli.database import customer_profile as profile_rows
from aftersales_cli.database.customer_facts import get_customer_facts, missing_rates, spend_by_currency
from aftersales_cli.database.customer_tags import list_bought
from aftersales_cli.database.customer_values import get_value
from aftersales_cli.desk.contacts import find_contacts, mask_email, mask_phone, mask_word
from aftersales_cli.desk.returns.policy_files import load_products
from aftersales_cli.records.churn import ChurnRow
from aftersales_cli.records.profile import ProfileCallback, ProfileCase, ProfileMessage, ProfileScore
from aftersales_cli.records.value import CustomerFacts, CustomerValue
from aftersales_cli.settings import parse_zone
from aftersales_cli.shop import Shop

LISTED = 5
"""Cases, scores, messages and callbacks of each kind that the page shows."""
_PREFERRED = 3


@dataclass(frozen=True)
class CurrencySpend:
    """What a customer paid in one currency, in its minor units."""

    currency: str
    orders: int
    paid: int
    refunded: int
    net: int


@dataclass(frozen=True)
class Preference:
    """Something a customer often chooses, and in how many of the paid orders."""

    what: str | int
    """Code of a product category, or an hour of the day from 0 to 23."""
    orders: int


@dataclass(frozen=True)
class Profile:
    """One customer."""

    customer_id: int
    name: str
    phone: str
    email: str
    country: str
    language: str
    zone: str
    """Time zone of the hours: the customer's, else the shop's."""
    erased: bool
    do_not_contact: bool
    consents: dict[str, bool | None]
    """Purpose → yes, no, or None for never asked."""
    accounts: list[tuple[str, int]]
    """(storefront, marketplace names there)."""
    orders: int
    """All orders, unpaid ones too."""
    facts: CustomerFacts | None
    """None without a paid order."""
    spend: list[CurrencySpend]
    currency: str
    """Of the shop; ``facts.spend`` is in it."""
    missing_rates: list[tuple[str, str]]
    value: CustomerValue | None
    segment_rule: str
    """The rule that made the segment, e.g. ``R5 F4–5 M4–5``."""
    churn: ChurnRow | None
    tags: list[ShownTag]
    categories: list[Preference]
    hours: list[Preference]
    open_cases: int
    closed_cases: int
    cases: list[ProfileCase]
    """The open ones, then the newest ended ones."""
    scores: list[ProfileScore]
    messages: list[ProfileMessage]
    callbacks: list[ProfileCallback]


def build_profile(shop: Shop, customer_id: int) -> Profile:
    """Return the page of a customer, after bringing facts and values up to date; raises NotFoundError."""
    with shop.rehearsal():
        bring_up_to_date(shop)
        return _gather(shop, customer_id)


def _gather(shop: Shop, customer_id: int) -> Profile:
    db, currency = shop.database, shop.settings.shop.currency
    customer = require_customer(shop, customer_id)
    language, zone_name = profile_rows.language_and_zone(db, customer_id)
    zone = _zone(shop, zone_name)
    facts, value = get_customer_facts(db, customer_id), get_value(db, customer_id)
    open_cases, closed_cases = profile_rows.count_profile_cases(db, customer_id)
    consents = consent_log(shop, customer_id)
    return Profile(
        customer_id=customer_id,
        name=mask_word(customer.name),
        phone=customer.phone and mask_phone(customer.phone),
        email=customer.email and mask_email(customer.email),
        country=customer.country,
        language=language,
        zone=str(zone),
        erased=profile_rows.is_erased(db, customer_id),
        do_not_contact=customer.do_not_contact,
        consents=consents.current,
        accounts=profile_rows.count_keys(db, customer_id),
        orders=profile_rows.count_all_orders(db, customer_id),
        facts=facts,
        spend=[
            CurrencySpend(code, orders, paid, refunded, paid - refunded)
            for code, orders, paid, refunded in spend_by_currency(db, customer_id)
        ],
        currency=currency,
        missing_rates=missing_rates(db, currency, customer_id) if facts and facts.spend is None else [],
        value=value,
        segment_rule=segment_rule(shop, value.segment) if value else "",
        churn=get_churn(shop, customer_id),
        tags=shown_tags(shop, customer_id),
        categories=_categories(shop, customer_id),
        hours=_hours(profile_rows.list_paid_moments(db, customer_id), zone),
        open_cases=open_cases,
        closed_cases=closed_cases,
        cases=[
            *profile_rows.list_profile_cases(db, customer_id, is_open=True, limit=LISTED),
            *profile_rows.list_profile_cases(db, customer_id, is_open=False, limit=LISTED),
        ],
        scores=profile_rows.list_profile_scores(db, customer_id, LISTED),
        messages=[
            replace(message, body=mask_text(message.body))
            for message in profile_rows.list_profile_messages(db, customer_id, LISTED)
        ],
        callbacks=profile_rows.list_profile_callbacks(db, customer_id, LISTED),
    )


def mask_text(text: str) -> str:
    """Return a text whose phone numbers and e-mail addresses have lost their middle."""
    parts, end = [], 0
    for start, stop, shown in find_contacts(text):
        parts += [text[end:start], shown]
        end = stop
    return "".join([*parts, text[end:]])


def _zone(shop: Shop, name: str) -> ZoneInfo:
    if not name:
        return shop.zone
    zone = parse_zone(name)
    assert isinstance(zone, ZoneInfo)
    return zone


def _categories(shop: Shop, customer_id: int) -> list[Preference]:
    """Return the categories found most often, each order counted once for each."""
    taste = Taste(load_products(shop.folder))
    orders = list_bought(shop.database, [customer_id]).get(customer_id, {})
    found = [
        {category for sku, title in products if (category := taste.category(sku, title))}
        for products in orders.values()
    ]
    return _most_frequent(category for categories in found for category in categories)


def _hours(moments: Iterable[str], zone: ZoneInfo) -> list[Preference]:
    local: Iterable[datetime] = (from_text(moment).astimezone(zone) for moment in moments)
    return _most_frequent(moment.hour for moment in local)


def _most_frequent(found: Iterable[str | int]) -> list[Preference]:
    counts = Counter(found)
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], str(entry[0]).zfill(2)))
    return [Preference(what, count) for what, count in ordered[:_PREFERRED]]
