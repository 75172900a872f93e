"""Invent the cases that came to the desk itself in the last three months."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from aftersales_cli.demo.abroad import ShopifyOrder
from aftersales_cli.demo.days import DOWNLOADED, MORNING, NEW_BATCH_FROM, ZONE, after, known
from aftersales_cli.demo.orders import TaobaoOrder
from aftersales_cli.demo.products import TROUBLED, TROUBLED_SKU
from aftersales_cli.demo.talk import ABROAD, COMPLAINTS, NEW_BATCH, ORDINARY, Talk

STRETCHES = (
    # First and last day, ordinary cases, complaints, about the new batch, from abroad.
    (date(2026, 8, 24), date(2026, 8, 31), 5, 0, 0, 1),
    (date(2026, 9, 1), date(2026, 9, 30), 14, 2, 2, 2),
    (date(2026, 10, 1), date(2026, 10, 31), 16, 3, 5, 3),
    (date(2026, 11, 1), date(2026, 11, 21), 23, 6, 10, 4),
)
NIGHT_SHIFT_GONE = date(2026, 11, 1)
"""Until then somebody answered in the evening and at night, too."""
_EVENING, _OPENS = 22, 9
_NIGHT_HOURS = ((22, 4), (23, 4), (0, 2), (1, 1))
_AT_NIGHT = 0.38
_CLOSED_AFTER = timedelta(days=7)
_ANSWER_SECONDS = (6, 8, 10, 12, 14, 17, 19, 22, 25, 28, 34, 48)


@dataclass(frozen=True)
class DeskCase:
    """A case from its opening to its end, as far as that has come."""

    talk: Talk
    storefront: str
    order_number: str
    say: str
    opened_at: datetime
    answered_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None


def invent_desk_cases(
    rng: Random, taobao: Sequence[TaobaoOrder], shopify: Sequence[ShopifyOrder], refunded: Collection[str]
) -> list[DeskCase]:
    """Invent cases, earliest first; ``refunded`` are numbers of orders the marketplace has a record about."""
    free = _without_record(taobao, refunded)
    cases = []
    for first, last, *counts in STRETCHES:
        talks = [
            talk
            for group, count in zip((ORDINARY, COMPLAINTS, NEW_BATCH, ABROAD), counts, strict=True)
            for talk in _deal(rng, group, count)
        ]
        for talk in talks:
            opened_at = _opening(rng, first, last)
            found = (
                _from_abroad(rng, shopify, opened_at)
                if talk in ABROAD
                else _at_home(rng, free, talk, opened_at)
            )
            cases.append(_invent_course(rng, talk, *found, opened_at))
    return sorted(cases, key=lambda case: case.opened_at)


def invent_morning_cases(
    rng: Random, taobao: Sequence[TaobaoOrder], refunded: Collection[str]
) -> tuple[DeskCase, DeskCase]:
    """Invent a question and a complaint about the cushion, both just asked in the morning."""
    free = _without_record(taobao, refunded)
    question = next(talk for talk in ORDINARY if talk.kind == "invoice")
    complaint = next(talk for talk in NEW_BATCH if talk.kind == "complaint")
    first, second = (
        _invent_course(rng, talk, *_at_home(rng, free, talk, MORNING), MORNING)
        for talk in (question, complaint)
    )
    return first, second


def _without_record(orders: Sequence[TaobaoOrder], refunded: Collection[str]) -> list[TaobaoOrder]:
    return [order for order in orders if order.paid and order.number not in refunded]


def _deal(rng: Random, talks: Sequence[Talk], count: int) -> list[Talk]:
    """Take so many talks, each before any comes again."""
    dealt: list[Talk] = []
    while len(dealt) < count:
        dealt += rng.sample(talks, len(talks))
    return dealt[:count]


def _opening(rng: Random, first: date, last: date) -> datetime:
    day = first + timedelta(days=rng.randrange((last - first).days + 1))
    if rng.random() < _AT_NIGHT:
        hour = rng.choices(
            [hour for hour, _weight in _NIGHT_HOURS], [weight for _hour, weight in _NIGHT_HOURS]
        )[0]
    else:
        hour = rng.randrange(9, 21)
    moment = datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), ZONE)
    return min(moment, DOWNLOADED - timedelta(minutes=rng.randrange(5, 90)))


def _at_home(
    rng: Random, orders: Sequence[TaobaoOrder], talk: Talk, opened_at: datetime
) -> tuple[str, str, str]:
    """Return storefront, order number and what was bought, of an order the talk can be about."""
    fitting = [order for order in orders if _fits(order, talk, opened_at)]
    order = rng.choice(fitting)
    short = TROUBLED.short if talk in NEW_BATCH else order.items[0].product.short
    return "taobao", order.number, short


def _fits(order: TaobaoOrder, talk: Talk, opened_at: datetime) -> bool:
    if talk.about_parcel:
        return order.placed_at + timedelta(hours=6) < opened_at < order.delivered_at
    if not order.delivered_at < opened_at < order.delivered_at + timedelta(days=20):
        return False
    if talk in NEW_BATCH:
        skus = {item.product.sku for item in order.items}
        return TROUBLED_SKU in skus and order.placed_at.date() >= NEW_BATCH_FROM - timedelta(days=10)
    return True


def _from_abroad(rng: Random, orders: Sequence[ShopifyOrder], opened_at: datetime) -> tuple[str, str, str]:
    fitting = [
        order
        for order in orders
        if order.state == "paid" and timedelta(days=4) < opened_at - order.placed_at < timedelta(days=40)
    ]
    order = rng.choice(fitting)
    return "shopify", order.name, order.lines[0][0].english.split(",")[0]


def _invent_course(
    rng: Random, talk: Talk, storefront: str, order_number: str, product: str, opened_at: datetime
) -> DeskCase:
    answered_at = _first_answer(rng, opened_at)
    resolved_at = _in_office_hours(rng, after(rng, answered_at, *talk.hours))
    closed_at = resolved_at + _CLOSED_AFTER
    return DeskCase(
        talk=talk,
        storefront=storefront,
        order_number=order_number,
        say=talk.say.format(product=product),
        opened_at=opened_at,
        answered_at=known(answered_at),
        resolved_at=known(resolved_at),
        closed_at=known(closed_at),
    )


def _first_answer(rng: Random, opened_at: datetime) -> datetime:
    """By day within a minute; at night later, and since the night shift has gone not before the morning."""
    if not _is_night(opened_at):
        return opened_at + timedelta(seconds=rng.choice(_ANSWER_SECONDS))
    if opened_at.date() < NIGHT_SHIFT_GONE:
        return opened_at + timedelta(seconds=rng.randrange(12, 50))
    return _in_office_hours(rng, opened_at)


def _is_night(moment: datetime) -> bool:
    return moment.hour >= _EVENING or moment.hour < _OPENS


def _in_office_hours(rng: Random, moment: datetime) -> datetime:
    """Return the moment, or one soon after the next opening if nobody is there."""
    if not _is_night(moment):
        return moment
    day = moment.date() + timedelta(days=1 if moment.hour >= _EVENING else 0)
    return datetime.combine(day, time(_OPENS, rng.randrange(2, 40), rng.randrange(60)), ZONE)
