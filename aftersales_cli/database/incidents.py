"""Incidents: one cause behind several cases, their members, and what may become one."""

from sqlite_utils import Database

from aftersales_cli.database.case_products import products_of
from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, insert
from aftersales_cli.records.cases import OPEN_STATUSES
from aftersales_cli.records.desk import Incident
from aftersales_cli.records.desk_rows import IncidentMember, IncidentRow, QualityCase

_OPEN = ", ".join(f"'{status}'" for status in OPEN_STATUSES)
_COLUMNS = columns(Incident)


def insert_incident(
    db: Database,
    *,
    title: str,
    sku: str,
    product: str,
    reason: str,
    lead_id: int | None,
    note: str,
    opened_at: str,
) -> int:
    """Add an open incident and return its id."""
    return insert(
        db,
        "INSERT INTO incidents (title, sku, product, reason, lead_id, note, opened_at) "
        "VALUES (:title, :sku, :product, :reason, :lead_id, :note, :opened_at)",
        {
            "title": title,
            "sku": sku,
            "product": product,
            "reason": reason,
            "lead_id": lead_id,
            "note": note,
            "opened_at": opened_at,
        },
    )


def get_incident(db: Database, incident_id: int) -> Incident | None:
    """Return the incident with this id."""
    return fetch_one(db, Incident, f"SELECT {_COLUMNS} FROM incidents WHERE id = :id", {"id": incident_id})


def list_incidents(db: Database, *, only_open: bool) -> list[IncidentRow]:
    """Return incidents with the number of their cases, the latest first."""
    condition = "i.closed_at IS NULL" if only_open else "1 = 1"
    sql = f"""
        SELECT i.id, i.title, i.sku, i.product, i.reason, coalesce(a.name, '') AS lead, i.note, i.opened_at,
            i.closed_at, count(c.number) AS cases,
            count(c.number) FILTER (WHERE c.status IN ({_OPEN})) AS open_cases
        FROM incidents AS i
        LEFT JOIN agents AS a ON a.id = i.lead_id
        LEFT JOIN cases AS c ON c.incident_id = i.id
        WHERE {condition} GROUP BY i.id ORDER BY i.opened_at DESC, i.id DESC"""
    return fetch(db, IncidentRow, sql)


def set_incident_lead(db: Database, incident_id: int, *, lead_id: int) -> bool:
    """Say who leads an open incident; tell whether it was open."""
    sql = "UPDATE incidents SET lead_id = :lead_id WHERE id = :id AND closed_at IS NULL"
    return execute(db, sql, {"id": incident_id, "lead_id": lead_id}) == 1


def end_incident(db: Database, incident_id: int, *, closed_at: str, note: str) -> bool:
    """Close an open incident; a note replaces the one before. Tell whether it was open."""
    return (
        execute(
            db,
            "UPDATE incidents SET closed_at = :closed_at, note = CASE WHEN :note = '' THEN note ELSE :note END "
            "WHERE id = :id AND closed_at IS NULL",
            {"id": incident_id, "closed_at": closed_at, "note": note},
        )
        == 1
    )


def list_members(db: Database, incident_id: int) -> list[IncidentMember]:
    """Return the cases of an incident, the first one on top."""
    sql = """
        SELECT c.number, c.kind, c.severity, c.status,
            coalesce(nullif(p.name, ''), nullif(p.phone, ''), p.email, '') AS customer,
            c.title, c.opened_at, c.first_reply_at
        FROM cases AS c LEFT JOIN customers AS p ON p.id = c.customer_id
        WHERE c.incident_id = :id ORDER BY c.opened_at, c.number"""
    return fetch(db, IncidentMember, sql, {"id": incident_id})


def list_quality_cases(db: Database, *, since: str, reasons: tuple[str, ...]) -> list[QualityCase]:
    """Return complaints, and cases with one of these reasons, opened since a moment that are in no incident.

    One row for each product of a case, which are those of its order if it names none; cases without product or reason are left out.
    """
    names = [f"reason_{index}" for index in range(len(reasons))]
    sql = f"""
        WITH chosen AS (
            SELECT number, order_id, coalesce(nullif(reason_final, ''), reason_first) AS reason, kind, status,
                opened_at, CASE WHEN customer_id IS NOT NULL THEN 'customer ' || customer_id
                    WHEN order_external_id <> '' THEN 'order ' || coalesce(storefront_id, '') || ' '
                        || order_external_id
                    ELSE 'case ' || number END AS person
            FROM cases
            WHERE opened_at >= :since AND status NOT IN ('merged', 'cancelled') AND incident_id IS NULL
                AND coalesce(nullif(reason_final, ''), reason_first) <> ''
                AND (kind = 'complaint' OR coalesce(nullif(reason_final, ''), reason_first)
                    IN ({", ".join(f":{name}" for name in names)}))
        ), about AS ({products_of("chosen")})
        SELECT c.number, l.sku, l.title AS product, c.reason, c.kind, c.status, c.opened_at, c.person
        FROM chosen AS c JOIN about AS l ON l.number = c.number
        WHERE l.sku <> '' OR l.title <> ''
        ORDER BY c.opened_at, c.number, l.sku, l.title"""
    return fetch(db, QualityCase, sql, {"since": since, **dict(zip(names, reasons, strict=True))})
