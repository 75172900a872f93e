"""The words ``customers churn`` prints: how customers were scored, why they may leave, and how good a method is."""

from collections.abc import Iterator, Mapping
from typing import Any

from aftersales_cli.customers.churn.backtest import (
    SMALL_GROUP,
    SMALL_SAMPLE,
    Backtest,
    MethodTest,
    Share,
)
from aftersales_cli.customers.churn.listing import ChurnList
from aftersales_cli.customers.churn.methods import BG_NBD, explain_guards
from aftersales_cli.language import N_, _, plural
from aftersales_cli.money import format_money
from aftersales_cli.records.churn import ChurnRow
from aftersales_cli.shop import Shop

_METHODS: Mapping[str, str] = {"bg_nbd": N_("BG/NBD model"), "gaps": N_("rule of gaps")}
_GUARDS: Mapping[str, str] = {
    "customers": N_("{found} customers of at least {needed}"),
    "repeaters": N_("{found} of them bought again, of at least {needed}"),
    "history": N_("{found} days of history of at least {needed} (twice the median gap)"),
    "parameters": N_("parameters stay finite: the largest is {found}, below {needed}; a is not 1"),
    "spend_repeaters": N_("{found} customers bought again for money, of at least {needed}"),
    "correlation": N_("how often and how much go together at {found}, at most {needed}"),
    "spend_parameters": N_("people differ in what they spend: q is {found}, above {needed} and finite"),
}
_SIGNS: Mapping[str, str] = {
    "said": N_("said so on {day}"),
    "complaint": N_("case {case} of {day}"),
    "csat": N_("{number} of 5 on {day}"),
    "nps": N_("{number} of 10 on {day}"),
    "ces": N_("{number} of 7 on {day}"),
    "review": N_("{number} stars on {day}"),
    "refund": N_("case {case}: money after {number} days"),
    "unpaid": N_("case {case}: no money for {number} days"),
    "reply": N_("case {case}: {number} h until the reply"),
    "delivery": N_("case {case} of {day}"),
    "return": N_("cases: {number}, the last is {case} of {day}"),
    "word": N_("case {case} of {day}"),
}
_NOTES: Mapping[str, str] = {
    "small_sample": N_("Fewer than {sample} customers: the figures can easily be chance."),
    "few_leaving": N_("Fewer than {group} customers were said to be leaving: the precision says little."),
    "few_silent": N_("Fewer than {group} customers bought nothing: the recall says little."),
    "small_deciles": N_("Fewer than {group} customers in a tenth: look at the intervals, not at the shares."),
    "few_gaps": N_("Fewer than {group} gaps between purchases are known: the usual gap is a guess."),
    "no_better": N_(
        "A method is no better than calling everybody lost: it tells little about these customers."
    ),
    "short": N_(
        "The hidden days are fewer than the usual gap: many who count as silent are only not due yet."
    ),
}


def method_name(code: str) -> str:
    """Return the name of a method."""
    return _(_METHODS[code])


def percent(value: float | None) -> str:
    """Write a share for people."""
    return "–" if value is None else f"{value * 100:.1f} %"


def share_text(share: Share) -> str:
    """Write a share with counts and interval, e.g. ``81.2 % (65/80, 71.3–88.3)``."""
    if share.value is None or share.low is None or share.high is None:
        return "–"
    return f"{percent(share.value)} ({share.k}/{share.n}, {share.low * 100:.0f}–{share.high * 100:.0f})"


def header_lines(shop: Shop, found: ChurnList) -> Iterator[str]:
    """Yield how customers were scored, with what numbers and why, and how many are of each degree."""
    degrees = shop.taxonomy("churn_degrees")
    yield _(
        "As of {day}: {method}; {customers} customers, {repeaters} of them bought again.",
        day=found.as_of,
        method=method_name(found.method),
        customers=found.customers,
        repeaters=found.repeaters,
    )
    yield from guard_lines(found.guards)
    yield "  " + _gaps_text(found.parameters)
    if found.method == BG_NBD:
        yield "  " + _model_text(found.parameters)
    for entry in found.degrees:
        yield "  " + _(
            "{degree}: {count}, value {value}",
            degree=degrees.label(entry.degree),
            count=entry.customers,
            value=format_money(entry.value_lost, found.currency),
        )
    without = sum(entry.without_value for entry in found.degrees)
    if without:
        yield "  " + _(
            "{count} customers have no value: a rate into {currency} is missing (aftersales rates import).",
            count=without,
            currency=found.currency,
        )


def guard_lines(guards: list[dict[str, Any]] | list[Mapping[str, float | str | bool]]) -> Iterator[str]:
    """Yield the guards with what was found, those that do not hold marked."""
    for guard in guards:
        text = _(
            _GUARDS[str(guard["code"])],
            found=_short(float(guard["found"])),
            needed=_short(float(guard["needed"])),
        )
        yield "  " + (_("holds: {text}", text=text) if guard["ok"] else _("DOES NOT HOLD: {text}", text=text))


def _short(value: float) -> str:
    return f"{value:.3g}" if value < 1000 and value != int(value) else f"{value:.0f}"  # noqa: PLR2004 - digits


def _gaps_text(parameters: Mapping[str, float]) -> str:
    return _(
        "Usual gap: {median} days (median of {gaps}); after one purchase {late} days, {returning} came back.",
        median=_short(parameters["gap_median"]),
        gaps=int(parameters["gap_gaps"]),
        late=_short(parameters["gap_late"]),
        returning=percent(parameters["gap_returning"]),
    )


def _model_text(parameters: Mapping[str, float]) -> str:
    parts = [f"{name} {parameters[name]:.4g}" for name in ("r", "alpha", "a", "b")]
    if "p" in parameters:
        parts += ["Gamma-Gamma", *(f"{name} {parameters[name]:.4g}" for name in ("p", "q", "gamma"))]
        value = _("value of an order by Gamma-Gamma")
    else:
        value = _("value of an order: the customer's own mean")
    numbers = " ".join(parts)
    fitted = int(parameters["fitted_on"])
    return _("{numbers} (fitted on {fitted} customers; {value})", numbers=numbers, fitted=fitted, value=value)


def state_text(row: ChurnRow) -> str:
    """Write what the degree rests on: the chance of still being a customer, or gaps of silence."""
    if row.p_alive is not None:
        return _("{percent} still a customer", percent=f"{row.p_alive * 100:.0f} %")
    return _("silent {overdue} × {gap} days", overdue=f"{row.overdue:.1f}", gap=_short(row.gap_days or 0.0))


def sign_text(row: ChurnRow) -> str:
    """Write the fact that points to the reason, "" without one."""
    if not row.sign:
        return ""
    return _(_SIGNS[row.sign], case=row.sign_case or "–", day=row.sign_on, number=row.sign_number)


def backtest_lines(found: Backtest) -> Iterator[str]:
    """Yield what was hidden, what happened then, and which methods could be tested."""
    yield _(
        "Known: {count} customers up to {known}. Hidden: the {days} days to {until}.",
        count=found.customers,
        known=found.known_until,
        days=found.days,
        until=found.until,
    )
    yield _(
        "Bought nothing in them: {share}. A method that calls everybody lost has that precision.",
        share=share_text(found.silent),
    )
    if len(found.tests) == 1:
        yield _("The BG/NBD model is not tested, since its guards do not hold:")
    yield from guard_lines(explain_guards(found.guards))


def calibration_rows(test: MethodTest) -> list[list[object]]:
    """Return a row for each tenth of the customers, those least expected to buy first."""
    return [
        [
            decile.position,
            decile.bought.n,
            percent(decile.predicted),
            percent(decile.bought.value),
            f"{(decile.bought.low or 0) * 100:.0f}–{(decile.bought.high or 0) * 100:.0f}",
        ]
        for decile in test.deciles
    ]


def note_lines(found: Backtest) -> Iterator[str]:
    """Yield what to keep in mind about the figures."""
    yield _(
        "Precision: of those called at risk or lost, who bought nothing. Recall: of those, who was called so."
    )
    yield _("The rule of gaps knows no chances; its expectation is a rough one: half buy within a usual gap.")
    for code in found.notes:
        yield _(_NOTES[code], sample=SMALL_SAMPLE, group=SMALL_GROUP)
    if found.fitted_on:
        yield plural(
            "The model was fitted on {count} customer.",
            "The model was fitted on {count} customers.",
            found.fitted_on,
        )
