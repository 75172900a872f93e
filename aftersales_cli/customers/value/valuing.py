"""Value the shop's customers: after each night only those who changed, or all of them as of an earlier day."""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date

from aftersales_cli.customers.value.rules import ValueRules, load_value_rules
from aftersales_cli.customers.value.scoring import Breaks, crossings
from aftersales_cli.customers.value.tag_rules import load_tag_rules
from aftersales_cli.customers.value.tagging import inquiries_changed, refresh_tags
from aftersales_cli.database.customer_facts import (
    count_as_of,
    count_customer_facts,
    has_changes,
    list_changed_facts,
    list_customer_facts,
    missing_rates,
    note_valued,
    refresh_customer_facts,
)
from aftersales_cli.database.customer_values import (
    current_values,
    get_value_run,
    latest_value_run,
    note_as_of,
    segment_totals,
    store_value_run,
    write_values,
)
from aftersales_cli.desk.returns.policy_files import load_products
from aftersales_cli.errors import BusyError, NotAllowedError
from aftersales_cli.records.value import CustomerFacts, CustomerValue, SegmentTotals, ValueRun
from aftersales_cli.shop import Shop

_GROWN = 1.25
"""By so much the number of customers may differ from when a month's breakpoints were made."""


@dataclass(frozen=True)
class Refreshed:
    """What bringing the values up to date did."""

    as_of: str
    counted: int
    """Customers whose orders were counted anew."""
    valued: int
    """Customers who were scored."""
    written: int
    """Customers whose value differs from before."""
    customers: int


@dataclass(frozen=True)
class Valuation:
    """The values of all customers on a day, and what made them."""

    as_of: str
    scheme: str
    breaks: Breaks
    values: list[CustomerValue]


@dataclass(frozen=True)
class SegmentRow:
    """A segment with its share of the customers."""

    segment: str
    customers: int
    share: float
    orders: int
    spend: int | None
    high_value: int
    potential: int
    refund_abuse: int


@dataclass(frozen=True)
class Overview:
    """How the customers divide into segments."""

    as_of: str
    scheme: str
    currency: str
    customers: int
    spend: int | None
    """In minor units of the shop's currency; None if an exchange rate is missing."""
    missing_rates: list[tuple[str, str]]
    """(currency, first day) of each exchange rate that is missing."""
    segments: list[SegmentRow]


def refresh_facts(shop: Shop) -> int:
    """Count the customers anew whose orders changed; return how many there were."""
    with shop.writing("customers.value") as writing:
        counted = refresh_customer_facts(shop.database, shop.settings.shop.currency)
        writing.count(counted=counted)
        return counted


def refresh_values(shop: Shop) -> Refreshed:
    """Bring facts and values up to today; costs what changed since, but for once a month.

    Breakpoints stay for a month: then a night has to look only at customers whose orders changed, and at those who
    have grown older than a breakpoint. Raises FileError, WrongUsageError for a broken value.toml.
    """
    rules, db, today = load_value_rules(shop.folder), shop.database, shop.today
    if _is_up_to_date(shop, rules):
        return Refreshed(today.isoformat(), 0, 0, 0, count_customer_facts(db))
    with shop.writing("customers.value") as writing:
        counted = refresh_customer_facts(db, shop.settings.shop.currency)
        run = _usable_run(shop, rules)
        if run is None:
            changed = list_customer_facts(db)
            breaks = _renew(shop, rules, changed)
        else:
            breaks = read_breaks(run)
            changed = list_changed_facts(db, crossings(breaks, date.fromisoformat(run.as_of), today))
        values = [rules.value(facts, breaks, today) for facts in changed]
        written = write_values(db, values)
        tagged = refresh_tags(shop, values)
        note_valued(db)
        note_as_of(db, _month(shop), today.isoformat())
        writing.count(counted=counted, valued=len(changed), written=written, tags=tagged)
        return Refreshed(today.isoformat(), counted, len(changed), written, count_customer_facts(db))


def _is_up_to_date(shop: Shop, rules: ValueRules) -> bool:
    """Tell whether a refresh would change nothing: looking must not write."""
    run = _usable_run(shop, rules)
    return (
        run is not None
        and run.as_of == shop.today.isoformat()
        and not has_changes(shop.database)
        and not inquiries_changed(shop)
    )


def bring_up_to_date(shop: Shop) -> None:
    """Refresh the values, unless another process keeps the database or the role may only look: then they stay."""
    with suppress(BusyError, NotAllowedError):
        refresh_values(shop)


def _month(shop: Shop) -> str:
    return shop.today.isoformat()[:7]


def _digest(shop: Shop, rules: ValueRules) -> str:
    tags = repr((load_tag_rules(shop.folder), load_products(shop.folder)))
    return f"{rules.digest} {hashlib.sha256(tags.encode()).hexdigest()[:16]} {shop.settings.shop.currency}"


def _usable_run(shop: Shop, rules: ValueRules) -> ValueRun | None:
    """Return the month's breakpoints if they still fit rules and customers."""
    run = get_value_run(shop.database, _month(shop))
    if run is None or run.digest != _digest(shop, rules) or run.as_of > shop.today.isoformat():
        return None
    customers = count_customer_facts(shop.database)
    alike = run.customers / _GROWN <= customers <= run.customers * _GROWN
    return run if alike and run.scheme == rules.choose_scheme(customers) else None


def _renew(shop: Shop, rules: ValueRules, facts: Sequence[CustomerFacts]) -> Breaks:
    breaks = rules.make_breaks(facts, shop.today, shop.settings.shop.currency)
    run = ValueRun(
        month=_month(shop),
        as_of=shop.today.isoformat(),
        scheme=rules.choose_scheme(len(facts)),
        customers=len(facts),
        breaks=json.dumps(asdict(breaks)),
        digest=_digest(shop, rules),
        at=shop.stamp,
    )
    store_value_run(shop.database, run)
    return breaks


def read_breaks(run: ValueRun) -> Breaks:
    """Return the breakpoints a run was made with."""
    return Breaks(**{name: tuple(cuts) for name, cuts in json.loads(run.breaks).items()})


def value_as_of(shop: Shop, day: date) -> Valuation:
    """Value all customers as if the day were today: orders paid up to it, refunds as known now; stores nothing."""
    rules, currency = load_value_rules(shop.folder), shop.settings.shop.currency
    facts = count_as_of(shop.database, currency, day)
    breaks = rules.make_breaks(facts, day, currency)
    values = [rules.value(entry, breaks, day) for entry in facts]
    values.sort(key=lambda value: (-(value.spend if value.spend is not None else -1), value.customer_id))
    return Valuation(day.isoformat(), rules.choose_scheme(len(facts)), breaks, values)


def valuation(shop: Shop, day: date | None, *, segment: str = "") -> Valuation:
    """Return the values of a day, those of today out of the database after bringing them up to date."""
    if day is None or day == shop.today:
        with shop.rehearsal():
            bring_up_to_date(shop)
            run = latest_value_run(shop.database)
            if run is not None:
                values = current_values(shop.database, segment=segment)
                return Valuation(shop.today.isoformat(), run.scheme, read_breaks(run), values)
    made = value_as_of(shop, day or shop.today)
    chosen = [value for value in made.values if segment in {"", value.segment}]
    return Valuation(made.as_of, made.scheme, made.breaks, chosen)


def overview(shop: Shop, day: date | None = None) -> Overview:
    """Return the segments of a day, today's without one, in the order of the rules."""
    with shop.rehearsal():
        if day is None or day == shop.today:
            bring_up_to_date(shop)
            run = latest_value_run(shop.database)
            if run is not None:
                totals = segment_totals(shop.database)
                known = all(total.spend is not None for total in totals)
                return _summed(shop, shop.today.isoformat(), run.scheme, totals, known=known)
        made = value_as_of(shop, day or shop.today)
        totals = _totals(made.values)
        known = all(value.spend is not None for value in made.values)
        return _summed(shop, made.as_of, made.scheme, totals, known=known)


def _totals(values: Sequence[CustomerValue]) -> list[SegmentTotals]:
    found: dict[str, list[CustomerValue]] = {}
    for value in values:
        found.setdefault(value.segment, []).append(value)
    return [
        SegmentTotals(
            code,
            len(group),
            sum(value.orders for value in group),
            _sum_known([value.spend for value in group]),
            sum(value.high_value for value in group),
            sum(value.potential for value in group),
            sum(value.refund_abuse for value in group),
        )
        for code, group in found.items()
    ]


def _sum_known(amounts: Sequence[int | None]) -> int | None:
    """Return the sum, None if one of the amounts is not known."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None


def _summed(shop: Shop, as_of: str, scheme: str, totals: Sequence[SegmentTotals], *, known: bool) -> Overview:
    """``known`` tells whether every spend is, so that no exchange rate is missing."""
    places = {entry.code: place for place, entry in enumerate(load_value_rules(shop.folder).segments)}
    ordered = sorted(totals, key=lambda total: (places.get(total.segment, len(places)), total.segment))
    customers = sum(total.customers for total in ordered)
    rows = [
        SegmentRow(
            total.segment,
            total.customers,
            total.customers / customers,
            total.orders,
            total.spend,
            total.high_value,
            total.potential,
            total.refund_abuse,
        )
        for total in ordered
    ]
    spend = _sum_known([total.spend for total in ordered])
    rates = [] if known else missing_rates(shop.database, shop.settings.shop.currency)
    missing = [(currency, since) for currency, since in rates if since <= as_of]
    return Overview(as_of, scheme, shop.settings.shop.currency, customers, spend, missing, rows)
