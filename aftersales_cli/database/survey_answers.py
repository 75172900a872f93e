"""Answers to surveys: tied to their invitations, followed up where low, sorted by topic, and read for reports."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_value
from aftersales_cli.database.rows import insert_row
from aftersales_cli.records.cases import OPEN_STATUSES
from aftersales_cli.records.surveys import (
    LaterAnswer,
    LowAnswer,
    RecordedAnswer,
    ScoredAnswer,
    SentInvite,
    SurveyComment,
    SurveyInvite,
)

_OPEN = ", ".join(f"'{status}'" for status in OPEN_STATUSES)
_FIRST = """(SELECT e.id FROM survey_answers AS e WHERE e.invite_id = a.invite_id AND e.type = a.type
    ORDER BY e.answered_at, e.id LIMIT 1)"""
_COUNTS = f"(a.invite_id IS NULL OR a.id = {_FIRST})"


def find_invite_of(db: Database, codes: Sequence[str]) -> SurveyInvite | None:
    """Return the invitation that one of these codes names."""
    marks = {f"code_{place}": code for place, code in enumerate(codes)}
    sql = f"""SELECT {columns(SurveyInvite)} FROM survey_invites
        WHERE code IN ({", ".join(f":{name}" for name in marks)}) ORDER BY id LIMIT 1"""
    return fetch_one(db, SurveyInvite, sql, marks) if codes else None


def settle_answered(db: Database) -> int:
    """Mark the invitations that have an answer, with the moment of the first one; returns how many changed.

    To be called after every storing and undoing of answers: their order does not matter.
    """
    # An undo puts an invitation back to before its answer, and that it was sent may have been noted since.
    execute(db, "UPDATE survey_invites SET status = 'sent' WHERE status = 'planned' AND sent_at IS NOT NULL")
    first = "(SELECT MIN(a.answered_at) FROM survey_answers AS a WHERE a.invite_id = survey_invites.id)"
    return execute(
        db,
        f"""UPDATE survey_invites SET status = 'answered', answered_at = {first}
        WHERE id IN (SELECT invite_id FROM survey_answers WHERE invite_id IS NOT NULL)
            AND (status <> 'answered' OR answered_at IS NOT {first})""",
    )


def insert_recorded(db: Database, answer: RecordedAnswer) -> int:
    """Add an answer somebody took down and return its id."""
    return insert_row(db, "survey_answers", asdict(answer))


def find_recorded(db: Database, answer: RecordedAnswer) -> int | None:
    """Return the id of the very same answer, taken down for the same day."""
    sql = """SELECT id FROM survey_answers WHERE type = :type AND score = :score AND comment = :comment
        AND source = :source AND answered_on = :answered_on AND case_number IS :case_number
        AND customer_id IS :customer_id AND invite_id IS :invite_id ORDER BY id LIMIT 1"""
    found = fetch_value(db, sql, asdict(answer))
    return None if found is None else int(found)


def list_later_answers(db: Database) -> list[LaterAnswer]:
    """Return the answers to invitations that had been answered before, latest first."""
    sql = f"""SELECT a.id, i.code, a.type, a.score, a.answered_on,
            (SELECT score FROM survey_answers WHERE id = {_FIRST}) AS first_score
        FROM survey_answers AS a JOIN survey_invites AS i ON i.id = a.invite_id
        WHERE a.id <> {_FIRST} ORDER BY a.answered_at DESC, a.id DESC"""
    return fetch(db, LaterAnswer, sql)


# ---- low scores -------------------------------------------------------------------------------------------


def list_low_answers(db: Database, *, since: str, csat: int, nps: int, ces: int) -> list[LowAnswer]:
    """Return low scores since a day that are tied to a case or customer and that nobody has looked at, oldest first.

    What was said on a callback is followed up there, and a later answer to the same invitation does not count.
    """
    sql = f"""
        SELECT a.id, a.type, a.score, a.case_number,
            COALESCE(a.customer_id, c.customer_id, o.customer_id) AS customer_id,
            COALESCE(a.order_id, c.order_id) AS order_id,
            COALESCE(c.assignee_id, a.agent_id) AS assignee_id,
            COALESCE(u.do_not_contact, 0) AS do_not_contact,
            (SELECT MIN(b.id) FROM callbacks AS b WHERE b.status = 'open' AND CASE
                WHEN a.case_number IS NULL THEN b.customer_id = u.id
                ELSE b.case_number = a.case_number END) AS open_callback_id,
            EXISTS (SELECT 1 FROM cases AS k WHERE k.kind = 'complaint' AND k.status IN ({_OPEN})
                AND (k.number = a.case_number OR k.order_id = COALESCE(a.order_id, c.order_id)
                    OR k.customer_id = u.id)) AS complaint_open
        FROM survey_answers AS a
        LEFT JOIN cases AS c ON c.number = a.case_number
        LEFT JOIN orders AS o ON o.id = COALESCE(a.order_id, c.order_id)
        LEFT JOIN customers AS u ON u.id = COALESCE(a.customer_id, c.customer_id, o.customer_id)
        WHERE a.answered_on >= :since AND a.follow_up = '' AND a.callback_id IS NULL
            AND (a.case_number IS NOT NULL OR u.id IS NOT NULL)
            AND a.score <= CASE a.type WHEN 'csat' THEN :csat WHEN 'nps' THEN :nps ELSE :ces END AND {_COUNTS}
        ORDER BY a.answered_at, a.id"""
    return fetch(db, LowAnswer, sql, {"since": since, "csat": csat, "nps": nps, "ces": ces})


def set_follow_up(db: Database, answer_id: int, *, outcome: str, callback_id: int | None) -> None:
    """Note what came of a low score: ``opened``, ``callback``, ``complaint`` or ``unwanted``."""
    execute(
        db,
        "UPDATE survey_answers SET follow_up = :outcome, follow_up_id = :callback_id WHERE id = :id",
        {"id": answer_id, "outcome": outcome, "callback_id": callback_id},
    )


# ---- topics -----------------------------------------------------------------------------------------------

_COMMENT = """SELECT a.id, a.type, a.score, a.comment, a.answered_on, a.case_number, a.topic, a.topic_by
    FROM survey_answers AS a WHERE a.comment <> ''"""


def list_comments(db: Database, *, unseen: bool = False, unsorted: bool = False) -> list[SurveyComment]:
    """Return the answers with words, latest first: all, those no rule has looked at, or those without a topic."""
    if unseen:
        condition = " AND a.topic_by = ''"
    else:
        condition = " AND a.topic = '' AND a.topic_by <> 'person'" if unsorted else ""
    return fetch(db, SurveyComment, f"{_COMMENT}{condition} ORDER BY a.answered_at DESC, a.id DESC")


def get_comment(db: Database, answer_id: int) -> SurveyComment | None:
    """Return the answer with this id if it has words."""
    return fetch_one(db, SurveyComment, f"{_COMMENT} AND a.id = :id", {"id": answer_id})


def set_topic(db: Database, answer_id: int, *, topic: str, by: str) -> None:
    """Note what an answer is about and who says so, ``rule`` or ``person``."""
    execute(
        db,
        "UPDATE survey_answers SET topic = :topic, topic_by = :by WHERE id = :id",
        {"id": answer_id, "topic": topic, "by": by},
    )


def look_again(db: Database, import_id: int | None) -> int:
    """Let rules look again at answers whose row an import changed; returns how many."""
    sql = """UPDATE survey_answers SET topic = '', topic_by = '' WHERE topic_by = 'rule'
        AND changed_by_import = :id AND created_by_import IS NOT :id"""
    return execute(db, sql, {"id": import_id})


def count_topics(db: Database, *, first_day: str, last_day: str) -> list[tuple[str, int]]:
    """Return (topic, answers) of the answers with words between two days (inclusive), most first; ``""``: none."""
    sql = """SELECT topic, COUNT(*) FROM survey_answers WHERE comment <> ''
        AND answered_on BETWEEN :first_day AND :last_day GROUP BY topic ORDER BY 2 DESC, 1"""
    rows = db.conn.execute(sql, {"first_day": first_day, "last_day": last_day}).fetchall()
    return [(str(topic), int(count)) for topic, count in rows]


# ---- reports ----------------------------------------------------------------------------------------------

_GROUPS = """COALESCE(g.name, '') AS agent,
    COALESCE((SELECT group_concat(title, char(10)) FROM (SELECT DISTINCT title FROM case_lines
            WHERE case_number = c.number AND title <> '' ORDER BY title)),
        (SELECT group_concat(title, char(10)) FROM (SELECT DISTINCT l.title FROM order_lines AS l
            WHERE l.order_id = o.id AND l.title <> '' ORDER BY l.title)), replace(o.title, '，', char(10)), '') AS products,
    COALESCE(c.reason_first, '') AS reason, COALESCE(c.channel, '') AS channel,
    COALESCE((SELECT v.segment FROM customer_values AS v WHERE v.customer_id = {person}
        ORDER BY v.month DESC LIMIT 1), '') AS segment,
    COALESCE(w.code, '') AS wave"""


def list_scored(db: Database, *, first_day: str, last_day: str) -> list[ScoredAnswer]:
    """Return the scores given between two days (inclusive); later answers to the same invitation left out."""
    groups = _GROUPS.format(person="COALESCE(a.customer_id, c.customer_id, o.customer_id)")
    sql = f"""
        SELECT a.id, a.type, a.score, a.answered_on, a.source, a.invite_id IS NOT NULL AS invited, a.topic, {groups}
        FROM survey_answers AS a
        LEFT JOIN survey_invites AS i ON i.id = a.invite_id
        LEFT JOIN survey_waves AS w ON w.id = i.wave_id
        LEFT JOIN cases AS c ON c.number = a.case_number
        LEFT JOIN orders AS o ON o.id = COALESCE(a.order_id, c.order_id)
        LEFT JOIN agents AS g ON g.id = a.agent_id
        WHERE a.answered_on BETWEEN :first_day AND :last_day AND a.score IS NOT NULL AND {_COUNTS}
        ORDER BY a.answered_at, a.id"""
    return fetch(db, ScoredAnswer, sql, {"first_day": first_day, "last_day": last_day})


def list_sent_invites(db: Database, *, first_day: str, last_day: str) -> list[SentInvite]:
    """Return the invitations sent between two days (inclusive); those that came back as undeliverable left out."""
    groups = _GROUPS.format(person="i.customer_id")
    sql = f"""
        SELECT i.type, i.status = 'answered' AS answered, {groups}
        FROM survey_invites AS i
        LEFT JOIN survey_waves AS w ON w.id = i.wave_id
        LEFT JOIN cases AS c ON c.number = i.case_number
        LEFT JOIN orders AS o ON o.id = c.order_id
        LEFT JOIN agents AS g ON g.id = i.agent_id
        WHERE i.sent_on BETWEEN :first_day AND :last_day AND i.status <> 'cancelled'"""
    return fetch(db, SentInvite, sql, {"first_day": first_day, "last_day": last_day})
