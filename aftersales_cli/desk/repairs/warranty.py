"""Whether a piece is in warranty, by days and months only. Rules: values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aftersales_cli.clock import local_day
from aftersales_cli.desk.returns.policy_windows import add_months
from aftersales_cli.language import N_, _, plural
from aftersales_cli.records.repairs import Repair

HOLDS_DAYS = 30
"""So long a repaired piece has to work. Source: 部分商品修理更换退货责任规定 (1995), kpi.md 2.1."""
_SLACK_DAYS = 30
"""By so many days delivery may be later than the order; an end that is nearer is not certain."""

_AFTER_DELIVERY = frozenset({"delivered", "finished", "given", "earlier"})
_CARRIED_OUT = frozenset({"shipped_back", "done", "unrepairable"})

SINCE_NAMES = {
    "delivered": N_("delivered"),
    "finished": N_("order finished"),
    "shipped": N_("shipped"),
    "paid": N_("paid"),
    "placed": N_("ordered"),
    "given": N_("bought, as was said"),
    "earlier": N_("beginning noted at an earlier repair"),
}
"""What a warranty counts from, untranslated."""

_BASES = {
    "product": lambda: " " + _("(months by the table of products)"),
    "setting": lambda: " " + _("(months by the setting repairs.warranty_months)"),
}


@dataclass(frozen=True)
class Warranty:
    """What is known about a piece's warranty; fields as the repair keeps them."""

    since: str = "unknown"
    start: date | None = None
    months: int | None = None
    basis: str = "unknown"
    """Where the months come from."""
    added: int = 0
    until: date | None = None
    verdict: str = "unknown"


def choose_start(moments: Sequence[tuple[str, str | None]], zone: ZoneInfo) -> tuple[str, date | None]:
    """Return the first known of an order's moments as (name, local day); ``("unknown", None)`` if there is none."""
    for name, moment in moments:
        if moment is not None:
            return name, local_day(moment, zone)
    return "unknown", None


def judge_warranty(
    since: str,
    start: date | None,
    months: int,
    *,
    earlier: Sequence[Repair],
    on: date,
    zone: ZoneInfo,
    basis: str = "given",
) -> Warranty:
    """Return whether a fault told on a local day is in warranty, and until when that runs.

    ``earlier`` are the repairs of the same piece: the days they took are added, and after the last one the piece
    has to work for 30 days. Where only a moment before delivery is known, an end that is less than 30 days past
    leaves the verdict ``unknown``.
    """
    repaired = [repair for repair in earlier if repair.kind == "repair"]
    held = _held_until(repaired, zone)
    if start is None:
        held_on = held is not None and on <= held
        return Warranty(until=held if held_on else None, verdict="in" if held_on else "unknown")
    added = sum(_days_away(repair, zone) for repair in repaired)
    until = add_months(start, months) + timedelta(days=added)
    until = max(until, held) if held is not None else until
    found = Warranty(since, start, months, basis, added, until)
    if on <= until:
        return replace(found, verdict="in")
    unsure = since not in _AFTER_DELIVERY and on <= until + timedelta(days=_SLACK_DAYS)
    return replace(found, verdict="unknown" if unsure else "out")


def count_rounds(earlier: Sequence[Repair]) -> int:
    """Return the number of the next repair of a piece: those carried out before it, plus one."""
    return 1 + sum(repair.kind == "repair" and repair.status in _CARRIED_OUT for repair in earlier)


def count_failed(earlier: Sequence[Repair]) -> int:
    """Return how many repairs in warranty did not cure a piece that has failed again."""
    return sum(
        repair.kind == "repair" and repair.status in _CARRIED_OUT and repair.warranty == "in"
        for repair in earlier
    )


def explain_warranty(repair: Repair, zone: ZoneInfo) -> list[str]:
    """Return the arithmetic of a repair's warranty line by line, in the current language."""
    lines = _count_lines(repair)
    booked = local_day(repair.booked_at, zone)
    if repair.not_covered:
        lines.append(_("not covered: {reason}", reason=repair.not_covered))
    elif repair.warranty == "in":
        lines.append(_("told on {day}: within the warranty", day=booked))
    elif repair.warranty == "out":
        lines.append(_("told on {day}: after the warranty", day=booked))
    elif repair.warranty_from is not None:
        lines.append(
            _(
                "told on {day}: that may be before or after the end, since the day of delivery is not known",
                day=booked,
            )
        )
    else:
        lines.append(_("neither the order nor an earlier repair tells when it was bought"))
    return lines


def _count_lines(repair: Repair) -> list[str]:
    until = repair.warranty_until
    if repair.warranty_from is None or repair.warranty_months is None:
        return [_held_line(until)] if until else []
    counted = add_months(date.fromisoformat(repair.warranty_from), repair.warranty_months)
    lines = [
        _(
            "{event} {start} + {months} = {end}",
            event=_(SINCE_NAMES[repair.warranty_since]),
            start=repair.warranty_from,
            months=plural("1 month", "{count} months", repair.warranty_months),
            end=counted,
        )
        + _BASES.get(repair.months_basis, lambda: "")()
    ]
    if repair.warranty_added:
        counted += timedelta(days=repair.warranty_added)
        days = plural("1 day", "{count} days", repair.warranty_added)
        lines.append(_("+ {days} in earlier repairs = {end}", days=days, end=counted))
    if until and until > counted.isoformat():
        lines.append(_held_line(until))
    return lines


def _held_line(until: str) -> str:
    return _("the last repair has to hold {days} days: until {end}", days=HOLDS_DAYS, end=until)


def _days_away(repair: Repair, zone: ZoneInfo) -> int:
    if repair.received_at is None or repair.shipped_at is None:
        return 0
    return (local_day(repair.shipped_at, zone) - local_day(repair.received_at, zone)).days


def _held_until(repaired: Sequence[Repair], zone: ZoneInfo) -> date | None:
    back = [
        local_day(repair.shipped_at, zone)
        for repair in repaired
        if repair.shipped_at is not None and repair.status in {"shipped_back", "done"}
    ]
    return max(back) + timedelta(days=HOLDS_DAYS) if back else None
