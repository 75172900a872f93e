"""What ties cases together, and the minutes spent on them."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_value, insert
from aftersales_cli.records.cases import RelatedCase
from aftersales_cli.records.desk import CaseLink


def insert_case_link(db: Database, number: int, other: int, *, link_type: str, linked_at: str) -> bool:
    """Tie two cases together, ``other`` being the later one; False if they are tied already, either way round."""
    sql = (
        "INSERT INTO case_links (case_number, other_number, type, linked_at) "
        "SELECT :number, :other, :link_type, :linked_at WHERE NOT EXISTS (SELECT 1 FROM case_links WHERE "
        "(case_number = :number AND other_number = :other) OR (case_number = :other AND other_number = :number))"
    )
    values = {"number": number, "other": other, "link_type": link_type, "linked_at": linked_at}
    return execute(db, sql, values) == 1


def replace_case_link(db: Database, number: int, other: int, *, link_type: str, linked_at: str) -> None:
    """Tie two cases together in this way, whatever tied them before."""
    execute(
        db,
        "DELETE FROM case_links WHERE (case_number = :number AND other_number = :other) "
        "OR (case_number = :other AND other_number = :number)",
        {"number": number, "other": other},
    )
    insert_case_link(db, number, other, link_type=link_type, linked_at=linked_at)


def list_case_links(db: Database, number: int) -> list[CaseLink]:
    """Return what a case is tied to, either way round, in the order it was done."""
    sql = (
        f"SELECT {columns(CaseLink)} FROM case_links WHERE case_number = :number OR other_number = :number "
        "ORDER BY linked_at, case_number, other_number"
    )
    return fetch(db, CaseLink, sql, {"number": number})


def list_linked_cases(db: Database, number: int) -> list[RelatedCase]:
    """Return the cases a case is tied to, earliest first."""
    return fetch(
        db,
        RelatedCase,
        f"SELECT {columns(RelatedCase)} FROM cases WHERE number IN ("
        "SELECT other_number FROM case_links WHERE case_number = :number "
        "UNION SELECT case_number FROM case_links WHERE other_number = :number) ORDER BY opened_at, number",
        {"number": number},
    )


def copy_case_lines(db: Database, number: int, other: int) -> None:
    """Give ``other`` the products of a case if it has none of its own."""
    execute(
        db,
        "INSERT INTO case_lines (case_number, sku, title, quantity) "
        "SELECT :other, sku, title, quantity FROM case_lines WHERE case_number = :number "
        "AND NOT EXISTS (SELECT 1 FROM case_lines WHERE case_number = :other)",
        {"number": number, "other": other},
    )


def insert_case_work(db: Database, number: int, *, agent_id: int, minutes: int, at: str) -> int:
    """Add minutes an employee spent on a case and return the id."""
    return insert(
        db,
        "INSERT INTO case_work (case_number, agent_id, minutes, at) VALUES (:number, :agent_id, :minutes, :at)",
        {"number": number, "agent_id": agent_id, "minutes": minutes, "at": at},
    )


def sum_case_minutes(db: Database, number: int) -> int:
    """Return the minutes all employees spent on a case."""
    sql = "SELECT coalesce(sum(minutes), 0) FROM case_work WHERE case_number = :number"
    return int(fetch_value(db, sql, {"number": number}))
