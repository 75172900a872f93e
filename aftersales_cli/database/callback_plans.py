"""Versions of callback plans, and customers who were due and not called."""

from collections.abc import Iterable

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_rows, fetch_value, insert
from aftersales_cli.records.plans import PlanVersion

_COLUMNS = columns(PlanVersion)


def find_last_version(db: Database, code: str) -> PlanVersion | None:
    """Return the newest version of a plan."""
    sql = f"SELECT {_COLUMNS} FROM callback_plans WHERE code = :code ORDER BY version DESC LIMIT 1"
    return fetch_one(db, PlanVersion, sql, {"code": code})


def get_plan_version(db: Database, plan_id: int) -> PlanVersion | None:
    """Return the version with this id."""
    sql = f"SELECT {_COLUMNS} FROM callback_plans WHERE id = :id"
    return fetch_one(db, PlanVersion, sql, {"id": plan_id})


def list_plan_versions(db: Database) -> list[PlanVersion]:
    """Return all versions of all plans, in the order they came."""
    return fetch(db, PlanVersion, f"SELECT {_COLUMNS} FROM callback_plans ORDER BY id")


def insert_plan_version(
    db: Database, *, code: str, version: int, digest: str, document: str, since: str
) -> int:
    """Keep a version of a plan and return its id."""
    return insert(
        db,
        "INSERT INTO callback_plans (code, version, digest, document, since) "
        "VALUES (:code, :version, :digest, :document, :since)",
        {"code": code, "version": version, "digest": digest, "document": document, "since": since},
    )


def forget_leftovers(db: Database, *, on: str) -> None:
    """Take back what was noted of a day about those who were not called, the lot apart: it is planned anew."""
    execute(db, "DELETE FROM callback_holdouts WHERE due_on = :on AND why <> 'lot'", {"on": on})


def insert_leftovers(
    db: Database, rows: Iterable[tuple[int, int, str]], *, on: str, since: dict[int, str]
) -> int:
    """Note customers who were due and not called, as (plan id, customer id, why); returns how many are new.

    Each is noted once in a period of the plan: ``since`` maps the plan's id to the day it began.
    """
    return sum(
        execute(
            db,
            """INSERT INTO callback_holdouts (plan_id, customer_id, due_on, why)
            SELECT :plan_id, :customer_id, :on, :why WHERE NOT EXISTS (
                SELECT 1 FROM callback_holdouts WHERE plan_id = :plan_id AND customer_id = :customer_id
                AND due_on >= :since)""",
            {"plan_id": plan, "customer_id": customer, "on": on, "why": why, "since": since[plan]},
        )
        for plan, customer, why in rows
    )


def clear_leftover(db: Database, *, plan_id: int, customer_id: int, since: str) -> None:
    """Forget that a customer was left over in this period, since the call is planned after all."""
    execute(
        db,
        "DELETE FROM callback_holdouts WHERE plan_id = :plan_id AND customer_id = :customer_id "
        "AND due_on >= :since AND why <> 'lot'",
        {"plan_id": plan_id, "customer_id": customer_id, "since": since},
    )


def count_holdouts(db: Database, plan_id: int) -> int:
    """Count the customers whom the lot has held out of a plan's version."""
    sql = "SELECT count(DISTINCT customer_id) FROM callback_holdouts WHERE plan_id = :id AND why = 'lot'"
    return int(fetch_value(db, sql, {"id": plan_id}))


def list_planless_answers(db: Database) -> list[tuple[int, str, int, str]]:
    """Return open calls that a low answer brought at once, without a plan: id, type, score, day of the answer."""
    sql = """SELECT b.id, a.type, a.score, a.answered_on FROM callbacks b
        JOIN survey_answers a ON a.follow_up_id = b.id AND a.follow_up = 'opened'
        WHERE b.status = 'open' AND b.reason = 'survey_low' AND b.plan_id IS NULL ORDER BY b.id, a.id DESC"""
    return fetch_rows(db, sql)


def give_plan(db: Database, callback_id: int, *, plan_id: int, why: str) -> None:
    """Let an open call belong to a version of a plan; its revision stays, so that exported lists remain good."""
    execute(
        db,
        "UPDATE callbacks SET plan_id = :plan_id, why = :why WHERE id = :id AND plan_id IS NULL",
        {"plan_id": plan_id, "why": why, "id": callback_id},
    )
