"""What a case cost, and what of it somebody else has to bear (source: after-sales cost of kpi.md 1.7)."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from aftersales_cli.database.costs import (
    change_recovered,
    find_platform_refund,
    get_cost,
    insert_cost,
    list_costs,
    list_refunded,
    list_repair_costs,
    list_sent,
    sum_minutes,
)
from aftersales_cli.database.orders import get_order
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.refunds.split import read_amount
from aftersales_cli.desk.steps import check_case_moment, record_event, require_case
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import N_, _
from aftersales_cli.money import format_money, to_decimal, to_minor
from aftersales_cli.records.payouts import CaseCost, RefundedGoods
from aftersales_cli.shop import Shop

TYPES = {
    "refund": N_("refund not recovered"),
    "postage": N_("postage"),
    "goodwill": N_("goodwill"),
    "write_off": N_("write-off"),
    "repair": N_("repair"),
    "replacement": N_("replacement"),
    "work": N_("work"),
    "other": N_("other"),
}
"""Type of a cost → what people read; ``refund`` and ``work`` are only ever computed."""

ENTERED = tuple(name for name in TYPES if name not in ("refund", "work"))
SOURCES = {"supplier": N_("supplier"), "carrier": N_("carrier"), "insurance": N_("insurance")}

_HOUR_MINUTES = 60


@dataclass(frozen=True)
class CostLine:
    """One cost of a case; amounts in minor units of ``currency``."""

    type: str
    currency: str
    amount: int
    recovered: int
    """What came back: goods in stock again, or money of somebody else."""
    recover_from: str
    """Who has to bear it, ``""`` for the shop itself."""
    note: str
    entry: int | None
    """Number of the entry, None for what follows from the case's other records."""


@dataclass(frozen=True)
class CostTotal:
    """The sum of a case's costs in one currency."""

    currency: str
    amount: int
    recovered: int
    claimable: int
    """What somebody else still has to bear."""

    @property
    def net(self) -> int:
        """What the case cost the shop so far."""
        return self.amount - self.recovered


@dataclass(frozen=True)
class CaseCostSheet:
    """All a case cost; what is in several currencies is not added up."""

    case_number: int
    lines: list[CostLine]
    totals: list[CostTotal]
    minutes: int
    party: str
    """Who is at fault by the case's cause, if they are somebody else: ``supplier``, ``carrier`` or ``""``."""


def case_cost(shop: Shop, number: int) -> CaseCostSheet:
    """Return what a case cost so far; raises NotFoundError."""
    case, db = require_case(shop, number), shop.database
    minutes = sum_minutes(db, number)
    lines = [_refunded(part) for part in list_refunded(db, number)]
    if found := find_platform_refund(db, number):
        currency, amount, restocked, approved = found
        back = amount * min(restocked, approved) // approved if approved else 0
        lines.append(CostLine("refund", currency, amount, back, "", _("paid back by the marketplace"), None))
    for sent in list_sent(db, number):
        cost = max(0, (sent.value or 0) - max(0, sent.price_difference))
        note = _("price not known") if sent.value is None else ""
        back = min(cost, sent.restocked)
        lines.append(CostLine("replacement", sent.currency, cost, back, "", note, None))
    lines += [
        CostLine("repair", currency, parts, min(parts, paid), "", "", None)
        for currency, parts, paid in list_repair_costs(db, number)
    ]
    lines += [
        CostLine(cost.type, cost.currency, cost.amount, cost.recovered, cost.recover_from, cost.note, cost.id)
        for cost in list_costs(db, number)
    ]
    if minutes and shop.settings.costs.hour_rate:
        lines.append(_work(shop, minutes))
    lines = [line for line in _joined(lines) if line.amount]
    party = case.fault if case.fault in SOURCES else ""
    return CaseCostSheet(number, lines, _totals(lines), minutes, party)


def add_cost(
    shop: Shop,
    number: int,
    kind: str,
    amount: Decimal,
    *,
    note: str = "",
    recover_from: str = "",
    recovered: Decimal | None = None,
    currency: str = "",
    at: datetime | None = None,
) -> CaseCost:
    """Note something a case cost beside refunds and work; the currency defaults to the order's.

    Raises WrongUsageError, NotFoundError, RefusedError.
    """
    with changing(shop, "cases.cost", number) as writing:
        case = require_case(shop, number)
        order = get_order(shop.database, case.order_id) if case.order_id is not None else None
        money = currency or (order.currency if order else shop.settings.shop.currency)
        total = read_amount(amount, money, "--add") or 0
        back = read_amount(recovered, money, "--recovered") or 0
        source = _choose(recover_from, SOURCES) if recover_from else ""
        _check_recovered(total, back, money)
        moment = check_case_moment(shop, case, at)
        code = _choose(kind, {name: TYPES[name] for name in ENTERED})
        cost_id = insert_cost(
            shop.database,
            {
                "case_number": number,
                "type": code,
                "currency": money,
                "amount": total,
                "recover_from": source,
                "recovered": back,
                "note": note.strip(),
                "at": moment,
                "actor": shop.agent.code,
            },
        )
        writing.touch("cost", cost_id)
        text = f"{to_decimal(total, money)} {money}"
        words = " · ".join(part for part in (text, note.strip()) if part)
        record_event(shop, number, "cost_added", at=moment, field="cost", after=code, note=words)
        return _require_cost(shop, number, cost_id)


def note_recovered(
    shop: Shop, number: int, cost_id: int, recovered: Decimal, *, recover_from: str = ""
) -> CaseCost:
    """Note how much of an entry somebody else has borne, all in all. Raises as ``add_cost``."""
    with changing(shop, "cases.cost", number) as writing:
        cost = _require_cost(shop, number, cost_id)
        back = read_amount(recovered, cost.currency, "--recovered") or 0
        source = _choose(recover_from, SOURCES) if recover_from else cost.recover_from
        _check_recovered(cost.amount, back, cost.currency)
        change_recovered(shop.database, cost_id, recovered=back, recover_from=source)
        writing.touch("cost", cost_id)
        words = f"{to_decimal(back, cost.currency)} {cost.currency}"
        record_event(
            shop, number, "cost_recovered", at=shop.stamp, field="cost", after=source or cost.type, note=words
        )
        return _require_cost(shop, number, cost_id)


def _refunded(part: RefundedGoods) -> CostLine:
    """Return the cost of a part of a refund: goods that are in stock again cost nothing."""
    if part.type != "goods":
        kind = {"shipping": "postage", "goodwill": "goodwill", "fee": "refund"}[part.type]
        return CostLine(kind, part.currency, part.amount, 0, "", "", None)
    back = 0
    if part.disposition == "restock" and part.quantity:
        back = part.amount * min(part.quantity, part.accepted) // part.quantity
    kind = "write_off" if part.disposition == "scrap" else "refund"
    return CostLine(kind, part.currency, part.amount, back, "", "", None)


def _work(shop: Shop, minutes: int) -> CostLine:
    currency = shop.settings.shop.currency
    rate = Decimal(str(shop.settings.costs.hour_rate))
    cost = (rate * minutes / _HOUR_MINUTES).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    note = _("{count} minutes", count=minutes)
    return CostLine("work", currency, to_minor(cost, currency)[0], 0, "", note, None)


def _joined(lines: list[CostLine]) -> list[CostLine]:
    """Put computed costs of one type together; entries keep their own line."""
    found: dict[tuple[str, str, str], CostLine] = {}
    entries = []
    for line in lines:
        if line.entry is not None:
            entries.append(line)
            continue
        key = (line.type, line.currency, line.note)
        before = found.get(key)
        found[key] = (
            line
            if before is None
            else replace(
                before, amount=before.amount + line.amount, recovered=before.recovered + line.recovered
            )
        )
    order = list(TYPES)
    return sorted([*found.values(), *entries], key=lambda line: (order.index(line.type), line.entry or 0))


def _totals(lines: list[CostLine]) -> list[CostTotal]:
    by_currency: dict[str, list[CostLine]] = defaultdict(list)
    for line in lines:
        by_currency[line.currency].append(line)
    return [
        CostTotal(
            currency,
            sum(line.amount for line in group),
            sum(line.recovered for line in group),
            sum(line.amount - line.recovered for line in group if line.recover_from),
        )
        for currency, group in sorted(by_currency.items())
    ]


def _check_recovered(amount: int, recovered: int, currency: str) -> None:
    if recovered > amount:
        raise RefusedError(
            _(
                "{recovered} cannot come back of {amount}.",
                recovered=format_money(recovered, currency),
                amount=format_money(amount, currency),
            ),
            remedy=_("Give the part of this cost that came back."),
        )


def _choose(word: str, known: dict[str, str]) -> str:
    """Return the code for a code or a name in the current language, or the beginning of one."""
    wanted = word.strip().casefold().replace("-", "_")
    fits = [
        code
        for code, name in known.items()
        if code == wanted or _(name).casefold() == word.strip().casefold()
    ]
    fits = fits or [code for code in known if wanted and code.startswith(wanted)]
    if len(fits) == 1:
        return fits[0]
    raise WrongUsageError(
        _("“{word}” is not known here.", word=word),
        remedy=_(
            "Choose one of: {choices}",
            choices=", ".join(f"{code} ({_(name)})" for code, name in known.items()),
        ),
    )


def _require_cost(shop: Shop, number: int, cost_id: int) -> CaseCost:
    cost = get_cost(shop.database, cost_id)
    if cost is None or cost.case_number != number:
        raise NotFoundError(
            _("Case {number} has no cost {id}.", number=number, id=cost_id),
            remedy=_("“aftersales cases cost {number}” shows them.", number=number),
        )
    return cost
