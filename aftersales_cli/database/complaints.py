"""Complaints as those see them who follow them up, and the suggestions and praise of customers."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import fetch, fetch_value
from aftersales_cli.records.cases import OPEN_STATUSES
from aftersales_cli.records.desk_rows import ComplaintRow, VoiceRow

_OPEN = ", ".join(f"'{status}'" for status in OPEN_STATUSES)

_COMPLAINTS = f"""
    SELECT c.number, c.severity AS level, c.status, c.title,
        coalesce(nullif(p.name, ''), nullif(p.phone, ''), p.email, '') AS customer,
        coalesce(a.name, '') AS assignee, c.opened_at,
        CASE WHEN c.channel IN ('phone', 'store') THEN c.opened_at ELSE coalesce(c.first_reply_at,
            (SELECT min(m.sent_at) FROM case_messages AS m WHERE m.case_number = c.number
                AND m.direction = 'out' AND m.author_type = 'agent')) END AS acknowledged_at,
        CASE WHEN c.status IN ({_OPEN}) THEN (SELECT k.due_at FROM sla_clocks AS k
            WHERE k.case_number = c.number AND k.metric = 'first_reply' AND k.met_at IS NULL
                AND k.stopped_at IS NULL ORDER BY k.cycle DESC LIMIT 1) END AS reply_due_at,
        c.resolved_at, c.confirmed_at,
        (SELECT s.score FROM survey_answers AS s WHERE s.case_number = c.number AND s.type = 'csat'
            AND s.score BETWEEN 1 AND 5 ORDER BY s.answered_at DESC, s.id DESC LIMIT 1) AS score,
        (SELECT min(b.due_on) FROM callbacks AS b WHERE b.case_number = c.number AND b.status = 'open')
            AS callback_on,
        c.escalation
    FROM cases AS c
    LEFT JOIN customers AS p ON p.id = c.customer_id
    LEFT JOIN agents AS a ON a.id = c.assignee_id
    WHERE c.kind = 'complaint' AND c.status NOT IN ('merged', 'cancelled')"""
_SORTED = f" ORDER BY c.status NOT IN ({_OPEN}), c.severity DESC, c.opened_at, c.number"


def list_all_complaints(db: Database) -> list[ComplaintRow]:
    """Return every complaint, open ones first, the gravest on top."""
    return fetch(db, ComplaintRow, _COMPLAINTS + _SORTED)


def list_unsettled_complaints(db: Database, *, solved_since: str) -> list[ComplaintRow]:
    """Return complaints that are open, or solved since a day without the customer's word; sorted as all are."""
    condition = f""" AND (c.status IN ({_OPEN}) OR (c.confirmed_at IS NULL
        AND coalesce(c.resolved_on, c.opened_on) >= :solved_since))"""
    return fetch(db, ComplaintRow, _COMPLAINTS + condition + _SORTED, {"solved_since": solved_since})


def has_answer(db: Database, number: int) -> bool:
    """Return whether an employee has answered the customer of a case, here or outside this program."""
    sql = """
        SELECT EXISTS (SELECT 1 FROM case_messages WHERE case_number = :number AND direction = 'out'
                AND author_type = 'agent')
            OR EXISTS (SELECT 1 FROM case_events WHERE case_number = :number AND type = 'replied'
                AND after IN ('', 'agent'))"""
    return bool(fetch_value(db, sql, {"number": number}))


def list_voices(db: Database, kinds: tuple[str, ...], *, first_day: str, last_day: str) -> list[VoiceRow]:
    """Return cases of these kinds opened between two days (inclusive), one row for each product, latest first.

    Words are all the customer said, else the title; without a product of its own the order's title serves.
    """
    names = [f"kind_{index}" for index in range(len(kinds))]
    sql = f"""
        SELECT c.number, c.kind,
            coalesce(nullif(l.title, ''), nullif(l.sku, ''), nullif(o.title, ''), '') AS product,
            coalesce((SELECT group_concat(body, char(10)) FROM (SELECT m.body FROM case_messages AS m
                WHERE m.case_number = c.number AND m.direction = 'in' ORDER BY m.sent_at, m.id)), c.title)
                AS words,
            c.opened_at
        FROM cases AS c
        LEFT JOIN case_lines AS l ON l.case_number = c.number
        LEFT JOIN orders AS o ON o.id = c.order_id
        WHERE c.kind IN ({", ".join(f":{name}" for name in names)})
            AND c.opened_on BETWEEN :first_day AND :last_day AND c.status NOT IN ('merged', 'cancelled')
        ORDER BY c.opened_at DESC, c.number DESC, product"""
    params = {"first_day": first_day, "last_day": last_day, **dict(zip(names, kinds, strict=True))}
    return fetch(db, VoiceRow, sql, params)
