"""Exchange rates, and amounts turned into another currency with them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from decimal import Decimal, localcontext

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch
from aftersales_cli.money import to_decimal, to_minor
from aftersales_cli.records.value import ExchangeRate

_PRECISION = 34
"""Digits kept while dividing by a rate; far more than any amount has."""


def list_rates(db: Database, *, currency: str = "", limit: int = -1) -> list[ExchangeRate]:
    """Return the rates, newest first; with ``currency`` those from or into it."""
    return fetch(
        db,
        ExchangeRate,
        f"""SELECT {columns(ExchangeRate)} FROM exchange_rates
        WHERE :currency IN ('', currency, into_currency)
        ORDER BY on_day DESC, currency, into_currency LIMIT :limit""",
        {"currency": currency, "limit": limit},
    )


def store_rate(db: Database, rate: ExchangeRate) -> bool:
    """Add or correct a rate; tell whether that changed anything. Inside ``writing``."""
    return bool(
        execute(
            db,
            """INSERT INTO exchange_rates (on_day, currency, into_currency, rate)
            VALUES (:on_day, :currency, :into_currency, :rate)
            ON CONFLICT DO UPDATE SET rate = excluded.rate WHERE rate <> excluded.rate""",
            vars(rate),
        )
    )


def load_rates(db: Database) -> "Rates":
    """Return all rates, ready to convert with."""
    return Rates(list_rates(db))


def mark_customers_of_currency(db: Database, currency: str, since: str) -> int:
    """Note that customers who paid in a currency from a day on must be counted anew. Inside ``writing``."""
    return execute(
        db,
        """INSERT OR IGNORE INTO customers_stale SELECT DISTINCT customer_id FROM orders
        WHERE currency = :currency AND paid_on >= :since AND customer_id IS NOT NULL""",
        {"currency": currency, "since": since},
    )


class Rates:
    """Converts amounts with the newest rate on or before a day, also one that was given the other way round.

    Two rates are never combined into a third: what was not given is missing.
    """

    def __init__(self, rates: Iterable[ExchangeRate]) -> None:
        self._known: dict[tuple[str, str], tuple[list[str], list[Decimal]]] = {}
        for rate in sorted(rates, key=lambda entry: entry.on_day):
            days, values = self._known.setdefault((rate.currency, rate.into_currency), ([], []))
            days.append(rate.on_day)
            values.append(Decimal(rate.rate))

    def convert(self, minor: int, currency: str, into: str, on_day: str) -> int | None:
        """Return an amount in minor units of ``into``, rounded half up; None if there is no rate for the day."""
        if currency == into:
            return minor
        with localcontext() as context:
            context.prec = _PRECISION
            amount = to_decimal(minor, currency)
            direct, inverse = self._newest(currency, into, on_day), self._newest(into, currency, on_day)
            if direct and (not inverse or direct[0] >= inverse[0]):
                return to_minor(amount * direct[1], into)[0]
            return to_minor(amount / inverse[1], into)[0] if inverse else None

    def _newest(self, currency: str, into: str, on_day: str) -> tuple[str, Decimal] | None:
        days, values = self._known.get((currency, into), ([], []))
        place = bisect_right(days, on_day) - 1
        return (days[place], values[place]) if place >= 0 else None

    def total(self, amounts: Iterable[tuple[int, str, str]], into: str) -> "Total":
        """Add amounts given as (minor units, currency, day)."""
        return Total.of(self._converted(amounts, into))

    def _converted(
        self, amounts: Iterable[tuple[int, str, str]], into: str
    ) -> Iterator[tuple[int | None, str, str]]:
        for minor, currency, on_day in amounts:
            yield self.convert(minor, currency, into, on_day), currency, on_day


class Total:
    """A sum in one currency that exists only if every rate does."""

    def __init__(self, amount: int | None, missing: tuple[tuple[str, str], ...]) -> None:
        self.amount = amount
        """Minor units; None if a rate is missing."""
        self.missing = missing
        """(currency, first day) of each rate that is missing."""

    @classmethod
    def of(cls, converted: Iterable[tuple[int | None, str, str]]) -> "Total":
        """Add converted amounts, each with its currency and day."""
        amount, missing = 0, dict[str, str]()
        for minor, currency, on_day in converted:
            if minor is None:
                missing[currency] = min(on_day, missing.get(currency, on_day))
            else:
                amount += minor
        return cls(None if missing else amount, tuple(sorted(missing.items())))
