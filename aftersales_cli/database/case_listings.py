"""Cases as lists and counts show them."""

from typing import Any

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, fetch, fetch_one, fetch_rows, fetch_value
from aftersales_cli.records.cases import (
    OPEN_STATUSES,
    CaseCounts,
    CaseFilter,
    CaseRow,
    RelatedCase,
)

_OPEN = ", ".join(f"'{status}'" for status in OPEN_STATUSES)

_ROW = """
    SELECT c.number, c.kind, c.severity, c.status, coalesce(s.code, '') AS storefront,
        CASE WHEN coalesce(o.display_number, '') <> '' THEN o.display_number
            ELSE c.order_external_id END AS order_number,
        coalesce(nullif(p.name, ''), nullif(p.phone, ''), p.email, '') AS customer,
        coalesce(a.name, '') AS assignee,
        c.title, c.opened_at, c.resolved_at, c.external_id
    FROM cases AS c
    LEFT JOIN storefronts AS s ON s.id = c.storefront_id
    LEFT JOIN orders AS o ON o.id = c.order_id
    LEFT JOIN customers AS p ON p.id = c.customer_id
    LEFT JOIN agents AS a ON a.id = c.assignee_id
"""


def list_cases(db: Database, wanted: CaseFilter, *, limit: int, newest_first: bool = False) -> list[CaseRow]:
    """Return cases with the names of what they belong to, oldest first unless asked otherwise."""
    conditions, params = _where(wanted)
    direction = "DESC" if newest_first else "ASC"
    sql = f"{_ROW} WHERE {conditions} ORDER BY c.opened_at {direction}, c.number {direction} LIMIT :limit"
    return fetch(db, CaseRow, sql, {**params, "limit": limit})


def count_matching_cases(db: Database, wanted: CaseFilter) -> int:
    """Return how many cases a listing without limit would have."""
    conditions, params = _where(wanted)
    return int(fetch_value(db, f"SELECT count(*) FROM cases AS c WHERE {conditions}", params))


def get_case_row(db: Database, number: int) -> CaseRow | None:
    """Return one case with the names of what it belongs to."""
    return fetch_one(db, CaseRow, f"{_ROW} WHERE c.number = :number", {"number": number})


def count_cases(db: Database, today: str) -> CaseCounts:
    """Count open cases by status, those nobody works on, and the cases opened on the shop's day ``today``."""
    rows = fetch_rows(
        db,
        f"SELECT status, count(*), sum(assignee_id IS NULL) FROM cases WHERE status IN ({_OPEN}) GROUP BY status",
    )
    found = {status: (number, alone) for status, number, alone in rows}
    opened = fetch_value(db, "SELECT count(*) FROM cases WHERE opened_on = :today", {"today": today})
    return CaseCounts(
        by_status={status: found[status][0] for status in OPEN_STATUSES if status in found},
        open=sum(number for number, _alone in found.values()),
        unassigned=sum(alone for _number, alone in found.values()),
        opened_today=int(opened),
    )


def list_order_cases(db: Database, order_id: int) -> list[RelatedCase]:
    """Return the cases of an order, earliest first."""
    return fetch(
        db,
        RelatedCase,
        f"SELECT {columns(RelatedCase)} FROM cases WHERE order_id = :order_id ORDER BY opened_at, number",
        {"order_id": order_id},
    )


def list_related_cases(db: Database, number: int, order_id: int) -> list[RelatedCase]:
    """Return the other cases of the same order, earliest first."""
    return [case for case in list_order_cases(db, order_id) if case.number != number]


def _where(wanted: CaseFilter) -> tuple[str, dict[str, Any]]:
    conditions, params = ["1 = 1"], dict[str, Any]()
    if wanted.statuses:
        names = [f"status_{index}" for index in range(len(wanted.statuses))]
        conditions.append(f"c.status IN ({', '.join(f':{name}' for name in names)})")
        params.update(zip(names, wanted.statuses, strict=True))
    if wanted.kind:
        conditions.append("c.kind = :kind")
        params["kind"] = wanted.kind
    if wanted.unassigned:
        conditions.append("c.assignee_id IS NULL")
    for name in ("assignee_id", "storefront_id"):
        if (value := getattr(wanted, name)) is not None:
            conditions.append(f"c.{name} = :{name}")
            params[name] = value
    return " AND ".join(conditions), params
