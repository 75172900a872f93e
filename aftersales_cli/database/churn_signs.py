"""What went wrong for customers, as signs of why they may leave."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from aftersales_cli.database.fetch import fetch
from aftersales_cli.records.cases import OPEN_STATUSES
from aftersales_cli.records.churn import ChurnSign

_OPEN = ", ".join(f"'{status}'" for status in OPEN_STATUSES)
_CASES = """(SELECT k.number, k.kind, k.status, k.opened_at, k.opened_on, k.reply_expected,
        COALESCE(k.first_reply_at, k.resolved_at, k.closed_at) AS replied_at,
        k.reason_first, k.reason_final, COALESCE(k.customer_id, o.customer_id) AS customer_id
    FROM cases AS k LEFT JOIN orders AS o ON o.id = k.order_id
    WHERE k.status NOT IN ('merged', 'cancelled') AND k.opened_on <= :on
        AND COALESCE(k.customer_id, o.customer_id) IS NOT NULL)"""


@dataclass(frozen=True)
class Wait:
    """A time a customer waited for something; what is still open ended at no moment yet."""

    customer_id: int
    case: int
    since: str
    until: str | None
    due: str | None
    """The moment that was promised, None if none was."""
    on: str


def list_told_signs(db: Database, on: str, low_score: int) -> list[ChurnSign]:
    """Return complaints, low scores, returns and reasons of cases up to a day, and what customers said themselves.

    ``low_score`` is the highest score of five that counts as low; of ten it is six (a detractor), of seven three.
    """
    return fetch(
        db,
        ChurnSign,
        f"""SELECT COALESCE(b.customer_id, k.customer_id, o.customer_id) AS customer_id, b.churn_reason AS reason,
            'said' AS sign, b.case_number AS "case", b.recorded_on AS "on", NULL AS number
        FROM callbacks AS b LEFT JOIN cases AS k ON k.number = b.case_number
            LEFT JOIN orders AS o ON o.id = COALESCE(b.order_id, k.order_id)
        WHERE b.churn_reason <> '' AND b.status = 'done' AND b.recorded_on <= :on
        UNION ALL
        SELECT c.customer_id, CASE WHEN c.status IN ({_OPEN}) THEN 'complaint_open' ELSE 'complaint' END,
            'complaint', c.number, c.opened_on, NULL
        FROM {_CASES} AS c WHERE c.kind = 'complaint'
        UNION ALL
        SELECT COALESCE(a.customer_id, k.customer_id, o.customer_id), 'low_score', a.type, a.case_number,
            a.answered_on, a.score
        FROM survey_answers AS a LEFT JOIN cases AS k ON k.number = a.case_number
            LEFT JOIN orders AS o ON o.id = COALESCE(a.order_id, k.order_id)
        WHERE a.answered_on <= :on AND ((a.type = 'csat' AND a.score <= :low) OR (a.type = 'nps' AND a.score <= 6)
            OR (a.type = 'ces' AND a.score <= 3))
        UNION ALL
        SELECT o.customer_id, 'low_score', 'review', NULL, COALESCE(r.reviewed_on, o.paid_on), r.stars
        FROM reviews_received AS r JOIN orders AS o ON o.id = r.order_id
        WHERE r.stars <= :low AND COALESCE(r.reviewed_on, o.paid_on) <= :on
        UNION ALL
        SELECT c.customer_id, 'returns', 'return', MAX(c.number), MAX(c.opened_on), COUNT(*)
        FROM {_CASES} AS c WHERE c.kind IN ('return', 'refund_only', 'exchange') GROUP BY c.customer_id
        UNION ALL
        SELECT c.customer_id, CASE COALESCE(NULLIF(c.reason_final, ''), c.reason_first)
                WHEN 'out_of_stock' THEN 'stock' WHEN 'price' THEN 'price' ELSE 'long_wait' END,
            CASE WHEN COALESCE(NULLIF(c.reason_final, ''), c.reason_first) IN ('late', 'lost')
                THEN 'delivery' ELSE 'word' END,
            c.number, c.opened_on, NULL
        FROM {_CASES} AS c
        WHERE COALESCE(NULLIF(c.reason_final, ''), c.reason_first) IN ('out_of_stock', 'price', 'late', 'lost')""",
        {"on": on, "low": low_score},
    )


def list_refund_waits(db: Database, on: str, at: str) -> list[Wait]:
    """Return how long customers waited for money up to a moment: platforms' refunds, and the shop's own plans."""
    return fetch(
        db,
        Wait,
        """SELECT COALESCE(k.customer_id, o.customer_id) AS customer_id, k.number AS "case",
            r.requested_at AS since, r.succeeded_at AS until, NULL AS due,
            COALESCE(r.succeeded_on, k.opened_on) AS "on"
        FROM refunds AS r JOIN cases AS k ON k.number = r.case_number LEFT JOIN orders AS o ON o.id = k.order_id
        WHERE r.requested_at <= :at AND r.status NOT IN ('closed', 'refused', 'unknown')
            AND COALESCE(r.succeeded_on, k.opened_on) <= :on AND COALESCE(k.customer_id, o.customer_id) IS NOT NULL
        UNION ALL
        SELECT COALESCE(k.customer_id, o.customer_id), k.number, p.planned_at, p.succeeded_at, p.due_at,
            COALESCE(p.succeeded_on, k.opened_on)
        FROM refund_plans AS p JOIN cases AS k ON k.number = p.case_number
            LEFT JOIN orders AS o ON o.id = COALESCE(p.order_id, k.order_id)
        WHERE p.planned_at <= :at AND p.status <> 'void' AND p.due_at IS NOT NULL
            AND COALESCE(p.succeeded_on, k.opened_on) <= :on AND COALESCE(k.customer_id, o.customer_id) IS NOT NULL""",
        {"on": on, "at": at},
    )


def list_reply_waits(db: Database, on: str) -> list[Wait]:
    """Return how long customers waited for the first reply or the end of cases opened up to a day."""
    return fetch(
        db,
        Wait,
        f"""SELECT c.customer_id, c.number AS "case", c.opened_at AS since, c.replied_at AS until, NULL AS due,
            c.opened_on AS "on"
        FROM {_CASES} AS c WHERE c.reply_expected = 1""",
        {"on": on},
    )


def iterate_messages(db: Database, on: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield customer, case, its day and text of what customers wrote about cases opened up to a day."""
    yield from db.conn.execute(
        f"""SELECT c.customer_id, c.number, c.opened_on, m.body FROM {_CASES} AS c
            JOIN case_messages AS m ON m.case_number = c.number WHERE m.direction = 'in' ORDER BY m.id""",
        {"on": on},
    )
