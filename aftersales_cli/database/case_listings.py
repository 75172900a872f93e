"""Cases as lists and counts show them."""

from typing import Any

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, fetch, fetch_one, fetch_rows, fetch_value
from aftersales_cli.records.cases import (
    OPEN_STATUSES,
    CaseCounts,
    CaseFilter,
    CaseRow,
    ExportedCase,
    QuietCase,
    RelatedCase,
    TypicalCase,
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


def list_exported_cases(db: Database, wanted: CaseFilter) -> list[ExportedCase]:
    """Return cases with all that a spreadsheet of them shows, by their numbers."""
    conditions, params = _where(wanted)
    return fetch(
        db,
        ExportedCase,
        f"""SELECT c.number, c.kind, c.severity, c.complexity, c.status, coalesce(s.code, '') AS storefront,
            coalesce(nullif(o.display_number, ''), c.order_external_id) AS order_number, c.external_id,
            coalesce(p.name, '') AS name, coalesce(p.phone, '') AS phone, coalesce(p.email, '') AS email,
            coalesce(a.name, '') AS assignee, c.title,
            coalesce(nullif(c.reason_final, ''), c.reason_first) AS reason, c.cause, c.fault, c.resolution,
            c.opened_at, c.first_reply_at, c.resolved_at, c.closed_at, c.confirmed_at, c.reopen_count,
            (SELECT coalesce(sum(w.minutes), 0) FROM case_work AS w WHERE w.case_number = c.number) AS minutes
        FROM cases AS c
        LEFT JOIN storefronts AS s ON s.id = c.storefront_id
        LEFT JOIN orders AS o ON o.id = c.order_id
        LEFT JOIN customers AS p ON p.id = c.customer_id
        LEFT JOIN agents AS a ON a.id = c.assignee_id
        WHERE {conditions} ORDER BY c.number""",
        params,
    )


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


def list_quiet_cases(db: Database, number: int | None = None) -> list[QuietCase]:
    """Return open and resolved cases, or the one of this number, with when something last happened to each.

    Warnings and escalations by the clock are no step of anybody. The longest quiet comes first.
    """
    return fetch(
        db,
        QuietCase,
        f"""WITH chosen AS (
            SELECT number, kind, origin, status, opened_at, confirmed_at FROM cases
            WHERE status IN ({_OPEN}, 'resolved'){" AND number = :number" if number else ""}
        ), told AS (
            SELECT e.case_number,
                max(CASE WHEN e.actor <> 'system' OR e.field = 'status' THEN e.at END) AS last_at,
                max(CASE WHEN e.field = 'status' THEN e.seq END) AS status_seq
            FROM case_events AS e JOIN chosen AS c ON c.number = e.case_number GROUP BY e.case_number
        ), said AS (
            SELECT m.case_number, max(m.sent_at) AS last_at,
                max(CASE WHEN m.direction = 'out' AND m.author_type = 'agent' THEN m.sent_at END) AS last_out_at
            FROM case_messages AS m JOIN chosen AS c ON c.number = m.case_number GROUP BY m.case_number
        )
        SELECT c.number, c.kind, c.origin, c.status, c.confirmed_at, said.last_out_at,
            coalesce(e.at, c.opened_at) AS since,
            max(c.opened_at, coalesce(told.last_at, ''), coalesce(said.last_at, '')) AS last_at,
            coalesce((SELECT u.after FROM case_events AS u WHERE u.case_number = c.number AND u.field = 'until'
                AND u.seq > coalesce(told.status_seq, 0) ORDER BY u.seq DESC LIMIT 1), '') AS until
        FROM chosen AS c
        LEFT JOIN told ON told.case_number = c.number
        LEFT JOIN said ON said.case_number = c.number
        LEFT JOIN case_events AS e ON e.case_number = c.number AND e.seq = told.status_seq
        ORDER BY last_at, c.number""",
        {"number": number},
    )


def list_free_cases(db: Database, import_id: int | None = None) -> list[int]:
    """Return the numbers of the open cases nobody works on, of one import or of all, the longest open first."""
    sql = f"""SELECT number FROM cases WHERE status IN ({_OPEN}) AND assignee_id IS NULL
        AND (:import_id IS NULL OR created_by_import = :import_id) ORDER BY opened_at, number"""
    return [number for (number,) in fetch_rows(db, sql, {"import_id": import_id})]


def list_typical_cases(db: Database, first: str, after: str) -> list[TypicalCase]:
    """Return the cases marked as examples from a day to the one before ``after``, earliest first."""
    return fetch(
        db,
        TypicalCase,
        "SELECT number, kind, status, title, typical_on, typical_note FROM cases "
        "WHERE typical_on >= :first AND typical_on < :after ORDER BY typical_on, number",
        {"first": first, "after": after},
    )


def list_cases_to_archive(db: Database, before: str) -> list[int]:
    """Return the numbers of ended cases closed before a moment that are not archived yet."""
    sql = (
        "SELECT number FROM cases WHERE status IN ('closed', 'cancelled', 'merged') AND archived_at IS NULL "
        "AND coalesce(closed_at, resolved_at, opened_at) < :before ORDER BY number"
    )
    return [number for (number,) in fetch_rows(db, sql, {"before": before})]


def _where(wanted: CaseFilter) -> tuple[str, dict[str, Any]]:
    conditions, params = ["1 = 1"], dict[str, Any]()
    for column, values in (
        ("status", wanted.statuses),
        ("kind", wanted.kinds),
        ("severity", wanted.severities),
        ("number", wanted.numbers),
    ):
        if values:
            names = [f"{column}_{index}" for index in range(len(values))]
            conditions.append(f"c.{column} IN ({', '.join(f':{name}' for name in names)})")
            params.update(zip(names, values, strict=True))
    if wanted.opened_since:
        conditions.append("c.opened_on >= :opened_since")
        params["opened_since"] = wanted.opened_since
    if wanted.opened_before:
        conditions.append("c.opened_on < :opened_before")
        params["opened_before"] = wanted.opened_before
    if wanted.unassigned:
        conditions.append("c.assignee_id IS NULL")
    if wanted.archived is not None:
        conditions.append(f"c.archived_at IS {'NOT NULL' if wanted.archived else 'NULL'}")
    for name in ("assignee_id", "storefront_id", "incident_id"):
        if (value := getattr(wanted, name)) is not None:
            conditions.append(f"c.{name} = :{name}")
            params[name] = value
    return " AND ".join(conditions), params
