"""What is wrong in this shop, as sentences computed from its figures."""

from dataclasses import dataclass

from aftersales_cli.clock import Period
from aftersales_cli.database.product_facts import reasons_of_product
from aftersales_cli.insight.breakdowns import Product, oldest_open_days, products, split
from aftersales_cli.insight.catalogue import BREAKDOWNS
from aftersales_cli.insight.measuring import bounds_of, measure, reader_of
from aftersales_cli.insight.periods import twelve_months
from aftersales_cli.insight.report import Figure, KpiReport, make_report
from aftersales_cli.insight.wording import (
    format_duration,
    format_share,
    format_target,
    format_value,
    shorten,
)
from aftersales_cli.language import _
from aftersales_cli.shop import Shop

_OUTCOMES = (
    "refund_rate",
    "return_rate",
    "complaint_rate",
    "satisfaction",
    "resolution_rate",
    "callback_completion",
)
_SAYS_NOTHING = frozenset({"", "unknown", "other", "agreed"})
_FEWEST_ORDERS = 30
_FEWEST_CASES = 10
_FEWEST_REASONS = 5
_STALE_BUCKET = 3
"""First ageing bucket (7 to 15 days) whose cases are called stale."""
_MANY_STALE = 0.3
_TITLE_WIDTH = 40
_COUNT = 3


@dataclass(frozen=True)
class _Look:
    shop: Shop
    report: KpiReport


def three_findings(shop: Shop, period: Period) -> list[str]:
    """Return up to three translated sentences about what is wrong in a period, the gravest first."""
    return findings_of(shop, make_report(shop, period, months=12))


def findings_of(shop: Shop, report: KpiReport) -> list[str]:
    """Return up to three sentences: the worst outcome, what drives refunds, what is slow, then what is left."""
    look = _Look(shop, report)
    if report.empty:
        return [_("There are no orders and no cases in {period}.", period=report.period.label)]
    outcomes, drivers, speed = _outcomes(look), _drivers(look), _speed(look)
    chosen = [group[0] for group in (outcomes, drivers, speed) if group]
    rest = outcomes[1:] + speed[1:] + drivers[1:]
    chosen += rest[: _COUNT - len(chosen)]
    if not chosen:
        return [_("No figure of {period} misses its target.", period=report.period.label)]
    return chosen


def miss(figure: Figure) -> float:
    """Return how far a figure misses its target, as a share of it; negative if it is kept."""
    value, target = figure.value.value, figure.target
    if value is None or not target:
        return 0.0
    return 1 - value / target if figure.entry.direction == "up" else value / target - 1


def _outcomes(look: _Look) -> list[str]:
    figures = [look.report.figure(code) for code in _OUTCOMES]
    missed = sorted((row for row in figures if row.light in {"bad", "near"}), key=miss, reverse=True)
    return [_outcome_sentence(figure, look) for figure in missed]


def _outcome_sentence(figure: Figure, look: _Look) -> str:
    currency = look.shop.settings.shop.currency
    sentence = _(
        "{figure}: {value} ({k} of {n}), target {target}.",
        figure=figure.entry.name,
        value=format_value(figure.entry, figure.value.value, currency),
        k=f"{figure.value.k or 0:,.0f}",
        n=f"{figure.value.n:,}",
        target=format_target(figure.entry, figure.target),
    )
    if figure.before.value is not None:
        before = format_value(figure.entry, figure.before.value, currency)
        previous = look.report.previous.label
        sentence += " " + _("In {period} it was {value}.", period=previous, value=before)
    if _is_worst(figure):
        sentence += " " + _("No month of the last {count} was worse.", count=len(figure.history))
    return sentence


def _is_worst(figure: Figure) -> bool:
    """Tell whether the period is at least as bad as each of at least three months with data."""
    known = [entry.value for entry in figure.history if entry.value is not None and not entry.small]
    value = figure.value.value
    if value is None or len(known) < _COUNT:
        return False
    return value <= min(known) if figure.entry.direction == "up" else value >= max(known)


def _drivers(look: _Look) -> list[str]:
    found = []
    for sentence in (_product_sentence, _reason_sentence):
        for period in (look.report.period, twelve_months(look.report.period)):
            if text := sentence(look, period):
                found.append(text)
                break
    return found


def worst_product(rows: list[Product], shop_rate: float) -> Product | None:
    """Return the product with the most refunds above what the shop's rate would bring.

    Only products with enough orders whose whole interval lies above the shop's rate come into question.
    """
    suspects = [
        row for row in rows if row.orders >= _FEWEST_ORDERS and row.low is not None and row.low > shop_rate
    ]
    return max(suspects, key=lambda row: row.refunded - row.orders * shop_rate, default=None)


def _product_sentence(look: _Look, period: Period) -> str:
    rate = measure(look.shop, period, (look.report.figure("refund_rate").entry,))["refund_rate"]
    if rate.value is None or not rate.k:
        return ""
    worst = worst_product(products(look.shop, period), rate.value)
    if worst is None or worst.refund_rate is None:
        return ""
    sentence = _(
        "“{product}” was refunded in {k} of {n} orders ({rate}) in {period}; the shop's rate is {shop_rate}. "
        "That is {part} of all refunded orders.",
        product=shorten(worst.title, _TITLE_WIDTH),
        k=worst.refunded,
        n=worst.orders,
        rate=format_share(worst.refund_rate),
        period=period.label,
        shop_rate=format_share(rate.value),
        part=format_share(worst.refunded / rate.k),
    )
    reasons = reasons_of_product(look.shop.database, worst.title, bounds_of(look.shop, period))
    total = sum(count for _code, count in reasons)
    if reasons and total >= _FEWEST_REASONS and reasons[0][0] not in _SAYS_NOTHING:
        sentence += " " + _(
            "Most frequent reason: {reason} ({k} of {n} cases).",
            reason=look.shop.taxonomy("reasons").label(reasons[0][0]),
            k=reasons[0][1],
            n=total,
        )
    return sentence


def _reason_sentence(look: _Look, period: Period) -> str:
    breakdown = next(entry for entry in BREAKDOWNS if entry.code == "reasons")
    parts = split(look.shop, reader_of(look.shop, period), breakdown)
    stated = [part for part in parts if part.code not in _SAYS_NOTHING]
    if not stated or sum(part.k for part in stated) < _FEWEST_CASES:
        return ""
    top = stated[0]
    return _(
        "The most frequent reason for returns and refunds in {period} is “{reason}”: {k} of {n} cases ({share}).",
        period=period.label,
        reason=top.label,
        k=top.k,
        n=top.n,
        share=format_share(top.k / top.n),
    )


def _speed(look: _Look) -> list[str]:
    """Collect what is slow; many stale cases come first, since each is a customer waiting now."""
    stale, opened = _stale_cases(look.report)
    sentences = [text for write in (_reply_sentence, _solve_sentence) if (text := write(look))]
    if stale:
        many = opened >= _FEWEST_REASONS and stale / opened >= _MANY_STALE
        sentences.insert(0 if many else len(sentences), _stale_sentence(look, stale, opened))
    return sentences


def _stale_cases(report: KpiReport) -> tuple[int, int]:
    return sum(part.k for part in report.ageing[_STALE_BUCKET:]), sum(part.k for part in report.ageing)


def _stale_sentence(look: _Look, stale: int, opened: int) -> str:
    days = oldest_open_days(look.shop, reader_of(look.shop, look.report.period))
    return _(
        "{k} of {n} open cases have been waiting for more than 7 days, the oldest for {days} days.",
        k=stale,
        n=opened,
        days=days,
    )


def _reply_sentence(look: _Look) -> str:
    figure = look.report.figure("first_reply")
    if figure.light != "bad":
        return ""
    return _(
        "The first reply took {mean} on average (half of them {median} or less, {n} cases, wall clock); "
        "the target is {target}.",
        mean=format_duration(figure.value.value or 0),
        median=format_duration(look.report.figure("first_reply_median").value.value or 0),
        n=figure.value.n,
        target=format_target(figure.entry, figure.target),
    )


def _solve_sentence(look: _Look) -> str:
    figure = look.report.figure("resolution")
    if figure.light != "bad":
        return ""
    return _(
        "Solving a case took {mean} on average (half of them {median} or less, {n} cases, wall clock); "
        "the target is {target}.",
        mean=format_duration(figure.value.value or 0),
        median=format_duration(look.report.figure("resolution_median").value.value or 0),
        n=figure.value.n,
        target=format_target(figure.entry, figure.target),
    )
