"""Invitations to surveys and the waves they belong to."""

from collections.abc import Mapping

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_rows, fetch_value
from aftersales_cli.database.rows import insert_row
from aftersales_cli.records.cases import OPEN_STATUSES
from aftersales_cli.records.surveys import SurveyCandidate, SurveyInvite, SurveyInviteRow, SurveyWave

_OPEN = ", ".join(f"'{status}'" for status in OPEN_STATUSES)
_INVITE = columns(SurveyInvite)

# The same words for whoever "u" is; a case's own order stands in for the customer's last one.
_OPTED_OUT = """COALESCE((SELECT given = 0 FROM consents AS y WHERE y.customer_id = u.id AND y.purpose = 'survey'
    ORDER BY y.said_at DESC, y.id DESC LIMIT 1), 0)"""
_COMPLAINT = f"""EXISTS (SELECT 1 FROM cases AS k WHERE k.kind = 'complaint' AND k.status IN ({_OPEN})
    AND (k.customer_id = u.id OR (k.customer_id IS NULL AND k.order_id IN
        (SELECT id FROM orders WHERE customer_id = u.id))))"""
_LAST_ORDER = """(SELECT x.id FROM orders AS x WHERE x.customer_id = u.id
    ORDER BY COALESCE(x.paid_at, x.placed_at) DESC, x.id DESC LIMIT 1)"""
_NUMBER = "COALESCE(NULLIF(o.display_number, ''), o.external_id, '')"
_COUNTED = "i.customer_id = u.id AND (i.status IN ('planned', 'sent', 'answered') OR i.sent_on IS NOT NULL)"
_ASKED = f"(SELECT MAX(COALESCE(i.sent_on, i.planned_on)) FROM survey_invites AS i WHERE {_COUNTED}%s)"
_PERSON = f"""u.id AS customer_id, u.language, u.country, COALESCE(s.platform, '') AS platform, u.phone, u.email,
    u.do_not_contact, {_OPTED_OUT} AS opted_out, {_COMPLAINT} AS complaint_open,
    NULLIF(MAX(COALESCE({_ASKED % ""}, ''), COALESCE((SELECT MAX(a.answered_on) FROM survey_answers AS a
        WHERE a.customer_id = u.id), '')), '') AS last_asked_on,
    {_ASKED % " AND i.type = 'nps'"} AS last_nps_on"""


def agent_at_resolution(number: str) -> str:
    """Return SQL for who had a case when it was resolved; whoever got it later had no part in that.

    ``number`` is an SQL expression. An open case gives who has it now.
    """
    return f"""(SELECT COALESCE((SELECT g.id FROM case_events AS e JOIN agents AS g ON g.code = e.before
            WHERE e.case_number = q.number AND e.type = 'assigned' AND e.at > q.resolved_at
            ORDER BY e.seq LIMIT 1), q.assignee_id)
        FROM cases AS q WHERE q.number = {number})"""


def list_cases_to_ask(db: Database, *, first_day: str, last_day: str) -> list[SurveyCandidate]:
    """Return cases resolved within these days (inclusive) whose customer is known, latest first.

    Praise and suggestions need no question how it went, nor does a request that was taken back, nor a case whose
    customer has rated it or was invited since it was resolved.
    """
    sql = f"""
        SELECT c.number AS case_number, {agent_at_resolution("c.number")} AS agent_id, c.resolved_on,
            COALESCE(NULLIF({_NUMBER}, ''), c.order_external_id) AS order_number, {_PERSON}
        FROM cases AS c
        LEFT JOIN orders AS o ON o.id = c.order_id
        JOIN customers AS u ON u.id = COALESCE(c.customer_id, o.customer_id)
        LEFT JOIN storefronts AS s ON s.id = COALESCE(o.storefront_id, c.storefront_id)
        WHERE c.status IN ('resolved', 'closed') AND c.kind NOT IN ('praise', 'suggestion')
            AND c.resolution <> 'withdrawn' AND c.resolved_on BETWEEN :first_day AND :last_day
            AND u.erased_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM survey_invites AS i WHERE i.case_number = c.number
                AND i.planned_on >= c.resolved_on)
            AND NOT EXISTS (SELECT 1 FROM survey_answers AS a WHERE a.case_number = c.number
                AND a.type IN ('csat', 'ces') AND a.answered_on >= c.resolved_on)
        ORDER BY c.resolved_on DESC, c.number DESC"""
    return fetch(db, SurveyCandidate, sql, {"first_day": first_day, "last_day": last_day})


def count_cases_without_customer(db: Database, *, first_day: str, last_day: str) -> int:
    """Return how many cases resolved within these days have no known customer, so that nobody can be asked."""
    sql = """
        SELECT COUNT(*) FROM cases AS c LEFT JOIN orders AS o ON o.id = c.order_id
        WHERE c.status IN ('resolved', 'closed') AND c.kind NOT IN ('praise', 'suggestion')
            AND c.resolution <> 'withdrawn' AND c.resolved_on BETWEEN :first_day AND :last_day
            AND c.customer_id IS NULL AND o.customer_id IS NULL"""
    return int(fetch_value(db, sql, {"first_day": first_day, "last_day": last_day}))


def list_customers_to_ask(db: Database, segment: str) -> list[SurveyCandidate]:
    """Return the customers with an order who are in a segment now (``""``: all), by their number."""
    sql = f"""
        SELECT NULL AS case_number, NULL AS agent_id, NULL AS resolved_on, {_NUMBER} AS order_number, {_PERSON}
        FROM customers AS u
        JOIN orders AS o ON o.id = {_LAST_ORDER}
        LEFT JOIN storefronts AS s ON s.id = o.storefront_id
        WHERE u.erased_at IS NULL AND (:segment = '' OR :segment = (SELECT v.segment FROM customer_values AS v
            WHERE v.customer_id = u.id ORDER BY v.month DESC LIMIT 1))
        ORDER BY u.id"""
    return fetch(db, SurveyCandidate, sql, {"segment": segment})


def known_segments(db: Database) -> list[str]:
    """Return the codes of all segments somebody is or was in."""
    return [code for (code,) in fetch_rows(db, "SELECT DISTINCT segment FROM customer_values ORDER BY 1")]


def insert_invite(db: Database, values: Mapping[str, object]) -> int:
    """Add an invitation and return its id; ``values`` maps columns of a SurveyInvite."""
    return insert_row(db, "survey_invites", values)


def insert_wave(db: Database, values: Mapping[str, object]) -> int:
    """Add a wave and return its id; ``values`` maps columns of a SurveyWave."""
    return insert_row(db, "survey_waves", values)


def find_wave(db: Database, code: str) -> SurveyWave | None:
    """Return the wave with this code."""
    sql = f"SELECT {columns(SurveyWave)} FROM survey_waves WHERE code = :code"
    return fetch_one(db, SurveyWave, sql, {"code": code})


def count_invites(db: Database, *, wave_id: int) -> int:
    """Return how many invitations a wave has."""
    return int(fetch_value(db, "SELECT COUNT(*) FROM survey_invites WHERE wave_id = :id", {"id": wave_id}))


def count_case_invites(db: Database, on: str) -> int:
    """Return how many invitations about cases were planned for a day."""
    sql = "SELECT COUNT(*) FROM survey_invites WHERE wave_id IS NULL AND planned_on = :on"
    return int(fetch_value(db, sql, {"on": on}))


def find_invite(db: Database, code: str) -> SurveyInvite | None:
    """Return the invitation with this code."""
    return fetch_one(
        db, SurveyInvite, f"SELECT {_INVITE} FROM survey_invites WHERE code = :code", {"code": code}
    )


def find_case_invite(db: Database, number: int, kind: str) -> SurveyInvite | None:
    """Return the latest invitation of a type about a case that was not cancelled."""
    sql = f"""SELECT {_INVITE} FROM survey_invites WHERE case_number = :number AND type = :kind
        AND status <> 'cancelled' ORDER BY id DESC LIMIT 1"""
    return fetch_one(db, SurveyInvite, sql, {"number": number, "kind": kind})


_ROWS = f"""
    SELECT i.id, i.code, i.type, i.status, COALESCE(w.code, '') AS wave, i.case_number, i.customer_id,
        u.name AS customer, i.language, i.planned_on, i.expires_on, i.sent_at, i.sent_on, i.reminded_at,
        i.answered_at, COALESCE(g.name, '') AS agent, COALESCE(s.platform, '') AS platform,
        COALESCE(NULLIF({_NUMBER}, ''), c.order_external_id, '') AS order_number, u.phone, u.email,
        (u.do_not_contact OR {_OPTED_OUT} OR {_COMPLAINT} OR u.erased_at IS NOT NULL
            OR COALESCE(c.status NOT IN ('resolved', 'closed'), 0)) AS held
    FROM survey_invites AS i
    JOIN customers AS u ON u.id = i.customer_id
    LEFT JOIN survey_waves AS w ON w.id = i.wave_id
    LEFT JOIN cases AS c ON c.number = i.case_number
    LEFT JOIN orders AS o ON o.id = COALESCE(c.order_id, CASE WHEN c.number IS NULL THEN {_LAST_ORDER} END)
    LEFT JOIN storefronts AS s ON s.id = COALESCE(o.storefront_id, c.storefront_id)
    LEFT JOIN agents AS g ON g.id = i.agent_id"""


def list_invites(db: Database, *, statuses: tuple[str, ...] = (), wave: str = "") -> list[SurveyInviteRow]:
    """Return invitations in these states (none: in any), of a wave if one is named, oldest first."""
    marks = {f"status_{place}": status for place, status in enumerate(statuses)}
    among = ", ".join(f":{name}" for name in marks)
    where = f"i.status IN ({among})" if statuses else "1"
    sql = f"{_ROWS} WHERE {where} AND (:wave = '' OR w.code = :wave) ORDER BY i.id"
    return fetch(db, SurveyInviteRow, sql, {**marks, "wave": wave})


def get_invite_row(db: Database, code: str) -> SurveyInviteRow | None:
    """Return one invitation with the ways to its customer."""
    return fetch_one(db, SurveyInviteRow, f"{_ROWS} WHERE i.code = :code", {"code": code})


def list_answered_unsent(db: Database, on: str) -> list[str]:
    """Return the codes of invitations still valid on a day that were answered before anybody noted them as sent."""
    sql = """SELECT code FROM survey_invites WHERE status = 'answered' AND sent_at IS NULL AND expires_on >= :on
        ORDER BY id"""
    return [code for (code,) in fetch_rows(db, sql, {"on": on})]


def mark_sent(db: Database, invite_id: int, *, at: str, on: str, expires_on: str) -> bool:
    """Note that an invitation was sent, if nobody had; tell whether that was so. An answered one stays answered."""
    sql = """UPDATE survey_invites SET status = CASE status WHEN 'planned' THEN 'sent' ELSE status END,
            sent_at = :at, sent_on = :on, expires_on = :expires_on
        WHERE id = :id AND status IN ('planned', 'answered') AND sent_at IS NULL"""
    return execute(db, sql, {"id": invite_id, "at": at, "on": on, "expires_on": expires_on}) == 1


def mark_reminded(db: Database, invite_id: int, *, at: str) -> bool:
    """Note that the one reminder of an invitation was sent; tell whether it was still due."""
    sql = """UPDATE survey_invites SET reminded_at = :at
        WHERE id = :id AND status = 'sent' AND reminded_at IS NULL"""
    return execute(db, sql, {"id": invite_id, "at": at}) == 1


def cancel_invite(db: Database, invite_id: int) -> bool:
    """Call an invitation off; tell whether it was still waiting for an answer."""
    sql = "UPDATE survey_invites SET status = 'cancelled' WHERE id = :id AND status IN ('planned', 'sent')"
    return execute(db, sql, {"id": invite_id}) == 1


def expire_invites(db: Database, on: str) -> int:
    """End the invitations whose last day is over; returns how many."""
    sql = "UPDATE survey_invites SET status = 'expired' WHERE status IN ('planned', 'sent') AND expires_on < :on"
    return execute(db, sql, {"on": on})


def cancel_unwanted_invites(db: Database) -> int:
    """Call off what is not to be sent any more; returns how many.

    That is to customers who want no surveys or no contact, and about cases that are open again or rated by now.
    """
    sql = f"""UPDATE survey_invites SET status = 'cancelled' WHERE status = 'planned' AND (customer_id IN
        (SELECT u.id FROM customers AS u WHERE u.do_not_contact = 1 OR u.erased_at IS NOT NULL OR {_OPTED_OUT})
        OR case_number IN (SELECT number FROM cases WHERE status NOT IN ('resolved', 'closed'))
        OR EXISTS (SELECT 1 FROM survey_answers AS a WHERE a.case_number = survey_invites.case_number
            AND a.type IN ('csat', 'ces') AND a.answered_on >= survey_invites.planned_on))"""
    return execute(db, sql)


def drop_unsent_invites(db: Database, import_id: int) -> int:
    """Delete invitations about an import's cases and customers that nobody sent; returns how many.

    They were planned by the program, not by people, and are planned again where there is still a reason.
    """
    sql = """DELETE FROM survey_invites WHERE status IN ('planned', 'expired', 'cancelled') AND sent_at IS NULL
        AND (case_number IN (SELECT number FROM cases WHERE created_by_import = :id)
            OR customer_id IN (SELECT json_extract(h.row_key, '$[0]') FROM row_history AS h
                WHERE h.import_id = :id AND h.table_name = 'customers' AND h.before IS NULL))
        AND NOT EXISTS (SELECT 1 FROM survey_answers AS a WHERE a.invite_id = survey_invites.id)"""
    return execute(db, sql, {"id": import_id})
