"""The facts figures are counted from, and the one builder of the queries that count them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from aftersales_cli.database.fetch import fetch_rows, fetch_value

Bounds = Mapping[str, str | int]
"""Values the conditions refer to: ``start`` and ``stop`` (days, ``stop`` exclusive), ``today``, ``at`` and
``at_on`` (a moment and its local day), ``overdue`` (moment), ``currency``, ``score``."""

# The plus keeps SQLite from choosing the index of the status over that of the day, whose rows are far fewer.
VOID_CASE = (
    "(+f.status = 'merged' OR (+f.status = 'cancelled' AND f.cancel_reason IN ('spam', 'test', 'duplicate')))"
)
_OPEN = "('new', 'triaged', 'in_progress', 'waiting_customer', 'waiting_internal', 'waiting_platform')"


@dataclass(frozen=True)
class Fact:
    """A table as figures see it; its alias is ``f``."""

    source: str
    always: str
    """Rows that break this condition exist for no figure."""
    days: frozenset[str]
    """Local days a period may select by."""
    conditions: Mapping[str, str]
    columns: Mapping[str, str]
    """What can be summed, grouped by or read."""


_CASE_CONDITIONS = {
    "complaint": "f.kind = 'complaint'",
    "solved": "+f.status IN ('resolved', 'closed')",
    "goes_back": "f.kind IN ('return', 'refund_only')",
    "return": "f.kind = 'return' AND +f.status <> 'cancelled'",
    "reply_expected": "f.reply_expected = 1",
    "replied": "f.first_reply_at IS NOT NULL",
    "timed": "f.resolved_at IS NOT NULL",
    "reply_or_overdue": "(f.first_reply_at IS NOT NULL OR f.opened_at <= :overdue)",
    # Each branch can use an index of its own: status, the day of the solution, status again.
    "open_at": f"f.opened_at < :at AND (f.status IN {_OPEN}"
    " OR (f.resolved_on >= :at_on AND f.resolved_at >= :at)"
    " OR (f.status = 'cancelled' AND f.resolved_on IS NULL AND f.closed_at >= :at))",
}
_CASE_COLUMNS = {
    "kind": "f.kind",
    "channel": "f.channel",
    "status": "f.status",
    "reason": "f.reason_first",
    "opened_at": "f.opened_at",
    "opened_on": "f.opened_on",
    "first_reply_at": "f.first_reply_at",
    "resolved_at": "f.resolved_at",
    "age": "CASE WHEN f.opened_at > :age_1 THEN 0 WHEN f.opened_at > :age_3 THEN 1 "
    "WHEN f.opened_at > :age_7 THEN 2 WHEN f.opened_at > :age_15 THEN 3 ELSE 4 END",
}
_CASE_DAYS = frozenset({"opened_on", "resolved_on"})

FACTS: Mapping[str, Fact] = {
    "orders": Fact(
        source="orders AS f",
        always="1",
        days=frozenset({"paid_on", "placed_on"}),
        conditions={
            "paid": "f.paid_on IS NOT NULL AND (f.paid > 0 OR f.refunded > 0)",
            "refunded": "f.refunded > 0",
            "refund_known": "f.refunded IS NOT NULL",
            "in_currency": "f.currency = :currency",
            "returned": "EXISTS (SELECT 1 FROM cases AS c WHERE c.order_id = f.id AND c.kind = 'return' "
            "AND c.status NOT IN ('cancelled', 'merged'))",
        },
        columns={"paid": "f.paid", "refunded": "f.refunded", "currency": "f.currency"},
    ),
    "cases": Fact(
        source="cases AS f",
        always=f"NOT {VOID_CASE}",
        days=_CASE_DAYS,
        conditions=_CASE_CONDITIONS,
        columns=_CASE_COLUMNS,
    ),
    "case_refunds": Fact(
        source="cases AS f LEFT JOIN refunds AS r ON r.case_number = f.number "
        "AND r.status = 'succeeded' AND r.currency = :currency",
        always=f"NOT {VOID_CASE}",
        days=_CASE_DAYS,
        conditions=_CASE_CONDITIONS,
        columns={**_CASE_COLUMNS, "to_buyer": "r.to_buyer"},
    ),
    "void_cases": Fact(
        source="cases AS f", always=VOID_CASE, days=_CASE_DAYS, conditions={}, columns=_CASE_COLUMNS
    ),
    "callbacks": Fact(
        source="callbacks AS f",
        # A call that was tried in vain and replaced by another is one duty, not two.
        always="f.status <> 'dropped' AND NOT EXISTS (SELECT 1 FROM callbacks AS n WHERE n.follows_id = f.id "
        "AND n.attempt > f.attempt AND n.status <> 'dropped')",
        days=frozenset({"due_on"}),
        # What is due today can still be made: it is missed once the day is over.
        conditions={"done": "f.status = 'done'", "due": "(f.due_on < :today OR f.status = 'done')"},
        columns={},
    ),
    "surveys": Fact(
        source="survey_answers AS f",
        always="1",
        days=frozenset({"answered_on"}),
        conditions={"csat": "f.type = 'csat'", "satisfied": "f.score >= :score"},
        columns={"score": "f.score"},
    ),
}


@dataclass(frozen=True)
class Rows:
    """Which rows of a fact: those of a period by a day column (None: at any time), under named conditions."""

    fact: str
    on: str | None
    conditions: tuple[str, ...] = ()

    def where(self, *more: str) -> "Rows":
        """Return the same rows under further conditions."""
        return Rows(self.fact, self.on, (*self.conditions, *more))


def _from_where(rows: Rows) -> str:
    fact = FACTS[rows.fact]
    parts = [fact.always]
    if rows.on is not None:
        assert rows.on in fact.days, rows.on
        parts.append(f"f.{rows.on} >= :start AND f.{rows.on} < :stop")
    parts += [fact.conditions[name] for name in rows.conditions]
    return f"FROM {fact.source} WHERE " + " AND ".join(f"({part})" for part in parts if part != "1")


def count_rows(db: Database, rows: Rows, bounds: Bounds) -> int:
    """Return how many rows there are."""
    return int(fetch_value(db, f"SELECT COUNT(*) {_from_where(rows)}", bounds))


def sum_column(db: Database, rows: Rows, column: str, bounds: Bounds) -> int:
    """Return the sum of a column, 0 without rows; money in minor units."""
    expression = FACTS[rows.fact].columns[column]
    return int(fetch_value(db, f"SELECT COALESCE(SUM({expression}), 0) {_from_where(rows)}", bounds))


def first_value(db: Database, rows: Rows, column: str, bounds: Bounds) -> Any:
    """Return the smallest value of a column, None without rows."""
    return fetch_value(db, f"SELECT MIN({FACTS[rows.fact].columns[column]}) {_from_where(rows)}", bounds)


def moment_pairs(db: Database, rows: Rows, first: str, second: str, bounds: Bounds) -> list[tuple[str, str]]:
    """Return two moment columns of each row, e.g. opened and first replied."""
    columns = FACTS[rows.fact].columns
    return fetch_rows(db, f"SELECT {columns[first]}, {columns[second]} {_from_where(rows)}", bounds)


def group_rows(
    db: Database, rows: Rows, by: str, bounds: Bounds, *, total: str | None = None
) -> list[tuple[Any, int, int]]:
    """Return (value of ``by``, rows, sum of the column ``total``) for each value, most rows first."""
    columns = FACTS[rows.fact].columns
    summed = f"COALESCE(SUM({columns[total]}), 0)" if total else "0"
    sql = f"SELECT {columns[by]} AS part, COUNT(*) AS size, {summed} {_from_where(rows)} GROUP BY part"
    return fetch_rows(db, sql + " ORDER BY size DESC, part", bounds)


@dataclass(frozen=True)
class CurrencyTotals:
    """Paid orders of a period in one currency; amounts in its minor units."""

    currency: str
    orders: int
    paid: int
    refunded: int


def currency_totals(db: Database, rows: Rows, bounds: Bounds) -> list[CurrencyTotals]:
    """Return orders, paid and refunded amounts per currency, most orders first."""
    sql = (
        "SELECT f.currency, COUNT(*) AS size, COALESCE(SUM(f.paid), 0), COALESCE(SUM(f.refunded), 0) "
        f"{_from_where(rows)} GROUP BY f.currency ORDER BY size DESC, f.currency"
    )
    return [CurrencyTotals(*row) for row in fetch_rows(db, sql, bounds)]


def latest_data(db: Database) -> tuple[str | None, str | None]:
    """Return the last day with a paid order and the moment of the last import that still stands."""
    paid_on = fetch_value(db, "SELECT MAX(paid_on) FROM orders")
    imported = fetch_value(db, "SELECT MAX(imported_at) FROM imports WHERE undone_at IS NULL")
    return paid_on, imported
