"""What callbacks bring: attempts by time, what customers did afterwards, and proposals made from that."""

import json
from collections.abc import Sequence

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, insert
from aftersales_cli.records.effects import CallAttempt, DueCount, Observed, Proposal


def list_attempts(db: Database, *, since: str, until: str, code: str = "") -> list[CallAttempt]:
    """Return the attempts recorded in a period (both days included), of one plan or of all."""
    return fetch(
        db,
        CallAttempt,
        """SELECT c.plan_id, c.customer_id, c.channel, c.outcome, c.recorded_at, COALESCE(u.country, '') AS country,
            COALESCE(u.zone, '') AS zone
        FROM callbacks AS c LEFT JOIN callback_plans AS p ON p.id = c.plan_id
        LEFT JOIN customers AS u ON u.id = c.customer_id
        WHERE c.recorded_on BETWEEN :since AND :until AND c.outcome <> '' AND :code IN ('', p.code)
        ORDER BY c.recorded_at, c.id""",
        {"since": since, "until": until, "code": code},
    )


def count_due(db: Database, *, since: str, until: str, code: str = "") -> list[DueCount]:
    """Return by plan version how many callbacks were due in a period and how many of these are done."""
    return fetch(
        db,
        DueCount,
        """SELECT c.plan_id, count(*) AS due, count(*) FILTER (WHERE c.status = 'done') AS done
        FROM callbacks AS c LEFT JOIN callback_plans AS p ON p.id = c.plan_id
        WHERE c.due_on BETWEEN :since AND :until AND c.status <> 'dropped' AND :code IN ('', p.code)
        GROUP BY c.plan_id ORDER BY c.plan_id""",
        {"since": since, "until": until, "code": code},
    )


# A customer counts once per version of a plan: as reached from the first time that somebody was reached, and for the
# lot as what the first draw said. The lot is drawn before the day's capacity, so that who did not fit in belongs to
# those it let be called.
_GROUPS = """reached (plan_id, customer_id, since) AS (
        SELECT plan_id, customer_id, min(recorded_on) FROM callbacks
        WHERE plan_id IS NOT NULL AND customer_id IS NOT NULL AND outcome IN (SELECT value FROM json_each(:reached))
        GROUP BY plan_id, customer_id),
    missed (plan_id, customer_id, since) AS (
        SELECT plan_id, customer_id, min(since) FROM (
            SELECT plan_id, customer_id, recorded_on AS since FROM callbacks
            WHERE plan_id IS NOT NULL AND customer_id IS NOT NULL AND outcome <> ''
            UNION ALL SELECT plan_id, customer_id, due_on FROM callback_holdouts WHERE why <> 'lot')
        WHERE (plan_id, customer_id) NOT IN (SELECT plan_id, customer_id FROM reached)
        GROUP BY plan_id, customer_id),
    drawn (plan_id, customer_id, since, is_lot) AS (
        SELECT plan_id, customer_id, min(since), is_lot FROM (
            SELECT plan_id, customer_id, due_on AS since, 0 AS is_lot FROM callbacks
            WHERE plan_id IS NOT NULL AND customer_id IS NOT NULL
            UNION ALL SELECT plan_id, customer_id, due_on, why = 'lot' FROM callback_holdouts
            WHERE why IN ('lot', 'capacity'))
        GROUP BY plan_id, customer_id),
    grouped (plan_id, customer_id, "group", since) AS (
        SELECT plan_id, customer_id, 'reached', since FROM reached
        UNION ALL SELECT plan_id, customer_id, 'not_reached', since FROM missed
        UNION ALL SELECT plan_id, customer_id, IIF(is_lot, 'lot', 'assigned'), since FROM drawn)"""


def list_observed(
    db: Database, *, since: str, until: str, days: int, reached: Sequence[str], code: str = ""
) -> list[Observed]:
    """Return what customers did within so many days after a day of the period, once per group and plan version.

    ``reached`` are the outcomes that mean somebody was spoken to.
    """
    return fetch(
        db,
        Observed,
        f"""WITH {_GROUPS}
        SELECT g.plan_id, g.customer_id, g."group", g.since,
            EXISTS (SELECT 1 FROM orders AS o WHERE o.customer_id = g.customer_id AND o.paid_on > g.since
                AND o.paid_on <= date(g.since, '+' || :days || ' days')) AS bought,
            (SELECT a.score FROM survey_answers AS a WHERE a.customer_id = g.customer_id AND a.type = 'csat'
                AND a.callback_id IS NULL AND a.answered_on > g.since
                AND a.answered_on <= date(g.since, '+' || :days || ' days')
                ORDER BY a.answered_at, a.id LIMIT 1) AS score,
            COALESCE((SELECT v.segment FROM customer_values AS v WHERE v.customer_id = g.customer_id
                AND v.month <= substr(g.since, 1, 7) ORDER BY v.month DESC LIMIT 1), '') AS segment
        FROM grouped AS g JOIN callback_plans AS p ON p.id = g.plan_id
        WHERE g.since BETWEEN :since AND :until AND :code IN ('', p.code)
        ORDER BY g.plan_id, g."group", g.customer_id""",
        {"since": since, "until": until, "days": days, "reached": json.dumps(list(reached)), "code": code},
    )


_PROPOSAL = columns(Proposal)


def list_proposals(db: Database) -> list[Proposal]:
    """Return all proposals, in the order they were made."""
    return fetch(db, Proposal, f"SELECT {_PROPOSAL} FROM plan_proposals ORDER BY id")


def get_proposal(db: Database, number: int) -> Proposal | None:
    """Return the proposal with this number."""
    return fetch_one(db, Proposal, f"SELECT {_PROPOSAL} FROM plan_proposals WHERE id = :id", {"id": number})


def insert_proposal(
    db: Database, *, plan_id: int, subject: str, now_value: str, proposed: str, why: str, made_at: str
) -> int:
    """Keep a proposal and return its number."""
    return insert(
        db,
        """INSERT INTO plan_proposals (plan_id, subject, now_value, proposed, why, made_at)
        VALUES (:plan_id, :subject, :now_value, :proposed, :why, :made_at)""",
        {"plan_id": plan_id, "subject": subject, "now_value": now_value, "proposed": proposed, "why": why, "made_at": made_at},
    )  # fmt: skip


def decide_proposal(db: Database, number: int, *, status: str, at: str, actor: str) -> bool:
    """Accept or decline an open proposal; tells whether it was open."""
    return bool(
        execute(
            db,
            """UPDATE plan_proposals SET status = :status, decided_at = :at, decided_by = :actor
            WHERE id = :id AND status = 'open'""",
            {"id": number, "status": status, "at": at, "actor": actor},
        )
    )
