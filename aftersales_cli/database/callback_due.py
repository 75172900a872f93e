"""Who is due for a callback: after a case, a low answer or a purchase, for maintenance, or by value and churn."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlite_utils import Database

from aftersales_cli.database.fetch import fetch
from aftersales_cli.records.plans import DueCustomer

_ORDER_NUMBER = "COALESCE(NULLIF(o.display_number, ''), o.external_id, {other})"
# What is not known of a kind of candidate; later values of a query replace these.
_NOTHING = {
    "case_number": "NULL", "order_line_id": "NULL", "assignee_id": "NULL", "kind": "''", "severity": "''",
    "score": "NULL", "survey": "''", "segment": "''", "degree": "''", "value_lost": "NULL", "sku": "''",
    "title": "''",
    "customer_id": "u.id", "order_id": "o.id", "storefront_id": "s.id",
    "platform": "COALESCE(s.platform, '')", "order_number": _ORDER_NUMBER.format(other="''"),
    "phone": "COALESCE(u.phone, '')", "email": "COALESCE(u.email, '')",
    # Where a marketplace hides the buyer, the wish not to be contacted is known by the order alone.
    "do_not_contact": "(COALESCE(u.do_not_contact, 0) OR EXISTS (SELECT 1 FROM callbacks x "
    "WHERE x.order_id = o.id AND x.outcome = 'do_not_contact'))",
    "country": "COALESCE(NULLIF(u.country, ''), s.country, '')", "zone": "COALESCE(u.zone, '')",
}  # fmt: skip
_LAST_ORDER = """
    LEFT JOIN orders o ON o.id = (SELECT x.id FROM orders x WHERE x.customer_id = u.id
        AND x.paid_on IS NOT NULL ORDER BY x.paid_on DESC, x.id DESC LIMIT 1)
    LEFT JOIN storefronts s ON s.id = o.storefront_id"""
_DELIVERED_ON = "COALESCE(substr(o.delivered_at, 1, 10), o.paid_on)"
_DELIVERY_DAYS = 45
"""Nothing takes longer from payment to delivery; so far back the index of payment days is searched."""
MOST = 2000
"""So many customers of a plan without an event are looked at on one day, those with most to lose first."""


def _select(since: str, **own: str) -> str:
    values = {**_NOTHING, "since": since, **own}
    return "SELECT " + ", ".join(f"{value} AS {name}" for name, value in values.items())


def list_solved_cases(db: Database, *, first_day: str, last_day: str) -> list[DueCustomer]:
    """Return solved cases (days inclusive) that nobody has been called back about.

    Praise and suggestions need no question how it went, nor does a request the customer took back.
    """
    sql = f"""{
        _select(
            "c.resolved_on",
            case_number="c.number",
            assignee_id="c.assignee_id",
            kind="c.kind",
            severity="c.severity",
            order_number=_ORDER_NUMBER.format(other="c.order_external_id, ''"),
        )
    }
        FROM cases c
        LEFT JOIN orders o ON o.id = c.order_id
        LEFT JOIN storefronts s ON s.id = COALESCE(o.storefront_id, c.storefront_id)
        LEFT JOIN customers u ON u.id = COALESCE(c.customer_id, o.customer_id)
        WHERE c.status IN ('resolved', 'closed') AND c.kind NOT IN ('praise', 'suggestion')
            AND c.resolution <> 'withdrawn' AND c.resolved_on BETWEEN :first_day AND :last_day
            AND NOT EXISTS (SELECT 1 FROM callbacks x WHERE x.case_number = c.number AND x.status <> 'dropped')
        ORDER BY c.resolved_on, c.number"""
    return fetch(db, DueCustomer, sql, {"first_day": first_day, "last_day": last_day})


def list_low_answers(
    db: Database, *, first_day: str, last_day: str, csat: int, nps: int, ces: int
) -> list[DueCustomer]:
    """Return low answers of surveys (days inclusive) after which nobody called, newest first.

    Low is up to so many points of each type. Answers that came by a callback bring their own second call; those that
    were looked at when they came have theirs, or need none.
    """
    sql = f"""{
        _select(
            "a.answered_on",
            case_number="a.case_number",
            assignee_id="c.assignee_id",
            kind="COALESCE(c.kind, '')",
            severity="COALESCE(c.severity, '')",
            score="a.score",
            survey="a.type",
            order_number=_ORDER_NUMBER.format(other="c.order_external_id, ''"),
        )
    }
        FROM survey_answers a
        LEFT JOIN cases c ON c.number = a.case_number
        LEFT JOIN orders o ON o.id = COALESCE(c.order_id, a.order_id, (SELECT x.id FROM orders x
            WHERE x.customer_id = a.customer_id ORDER BY x.paid_on DESC, x.id DESC LIMIT 1))
        LEFT JOIN storefronts s ON s.id = COALESCE(o.storefront_id, c.storefront_id)
        LEFT JOIN customers u ON u.id = COALESCE(a.customer_id, c.customer_id, o.customer_id)
        WHERE a.answered_on BETWEEN :first_day AND :last_day AND a.callback_id IS NULL
            AND a.follow_up = ''
            AND a.score <= CASE a.type WHEN 'csat' THEN :csat WHEN 'nps' THEN :nps ELSE :ces END
            AND (a.case_number IS NOT NULL OR u.id IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM callbacks x WHERE x.status <> 'dropped'
                AND COALESCE(x.recorded_at, x.planned_at) >= a.answered_at
                AND (x.case_number = a.case_number OR x.customer_id = u.id))
        ORDER BY a.answered_on DESC, a.id DESC"""
    values = {"first_day": first_day, "last_day": last_day, "csat": csat, "nps": nps, "ces": ces}
    return fetch(db, DueCustomer, sql, values)


def list_delivered_lines(db: Database, *, first_day: str, last_day: str) -> list[DueCustomer]:
    """Return what was delivered (else paid) between two days inclusive, not returned, and not reminded since then.

    Reminders of earlier intervals do not count: ``first_day`` of a later interval lies after them.
    """
    sql = f"""{_select(_DELIVERED_ON, order_line_id="l.id", sku="l.sku", title="l.title")}
        FROM orders o
        JOIN order_lines l ON l.order_id = o.id
        LEFT JOIN customers u ON u.id = o.customer_id
        LEFT JOIN storefronts s ON s.id = o.storefront_id
        WHERE o.paid_on BETWEEN :paid_from AND :last_day
            AND {_DELIVERED_ON} BETWEEN :first_day AND :last_day
            AND o.status <> 'closed' AND u.erased_at IS NULL
            AND COALESCE(l.refunded, 0) < COALESCE(l.paid, 1) AND l.quantity > 0
        ORDER BY {_DELIVERED_ON}, l.id"""
    return fetch(db, DueCustomer, sql, _delivery_days(first_day, last_day))


def list_purchases(db: Database, *, first_day: str, last_day: str, called_after: str) -> list[DueCustomer]:
    """Return the last orders of customers, delivered (else paid) between two days inclusive, without an open case.

    Customers whom the same reason brought a call since then, or after a day, are left out.
    """
    sql = f"""{_select(_DELIVERED_ON)}
        FROM orders o
        JOIN customers u ON u.id = o.customer_id
        LEFT JOIN storefronts s ON s.id = o.storefront_id
        WHERE o.paid_on BETWEEN :paid_from AND :last_day
            AND {_DELIVERED_ON} BETWEEN :first_day AND :last_day
            AND o.status <> 'closed' AND u.erased_at IS NULL
            AND COALESCE(o.refunded, 0) < COALESCE(o.paid, 1)
            AND NOT EXISTS (SELECT 1 FROM orders n WHERE n.customer_id = u.id AND n.paid_on > o.paid_on)
            AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.order_id = o.id
                AND c.status NOT IN ('resolved', 'closed', 'merged', 'cancelled'))
            AND NOT EXISTS (SELECT 1 FROM callbacks x WHERE x.customer_id = u.id AND x.reason = 'care'
                AND x.status <> 'dropped' AND (x.due_on >= {_DELIVERED_ON} OR x.due_on > :called_after))
        ORDER BY {_DELIVERED_ON}, o.id LIMIT {MOST}"""
    values = {**_delivery_days(first_day, last_day), "called_after": called_after}
    return fetch(db, DueCustomer, sql, values)


def _delivery_days(first_day: str, last_day: str) -> dict[str, str]:
    paid_from = (date.fromisoformat(first_day) - timedelta(days=_DELIVERY_DAYS)).isoformat()
    return {"first_day": first_day, "last_day": last_day, "paid_from": paid_from}


def list_valued_customers(
    db: Database,
    *,
    plan: str,
    segments: Collection[str],
    degrees: Collection[str],
    high_value: bool,
    called_after: str,
) -> list[DueCustomer]:
    """Return customers of these segments and degrees (empty: any) whom a plan has not called since a day.

    Those who allow marketing come first, then those with the highest expected loss; MOST of them.
    """
    sql = f"""{
        _select(
            "COALESCE(o.paid_on, '')",
            segment="COALESCE(v.segment, '')",
            degree="COALESCE(h.degree, '')",
            value_lost="h.value_lost",
        )
    }
        FROM customers u
        LEFT JOIN churn_scores h ON h.customer_id = u.id
        LEFT JOIN customer_values v ON v.customer_id = u.id
            AND v.month = (SELECT max(month) FROM customer_values m WHERE m.customer_id = u.id)
        {_LAST_ORDER}
        WHERE u.erased_at IS NULL AND o.id IS NOT NULL
            AND (:degrees = '' OR instr(:degrees, ',' || h.degree || ',') > 0)
            AND (:segments = '' OR instr(:segments, ',' || v.segment || ',') > 0)
            AND (NOT :high_value OR v.high_value = 1)
            AND NOT EXISTS (SELECT 1 FROM callbacks x JOIN callback_plans p ON p.id = x.plan_id
                WHERE x.customer_id = u.id AND p.code = :plan AND x.status <> 'dropped'
                AND x.due_on > :called_after)
        ORDER BY COALESCE((SELECT y.given FROM consents y WHERE y.customer_id = u.id
                AND y.purpose = 'marketing' ORDER BY y.said_at DESC, y.id DESC LIMIT 1), 0) DESC,
            h.value_lost DESC, u.id LIMIT {MOST}"""
    values = {
        "plan": plan,
        "segments": _among(segments),
        "degrees": _among(degrees),
        "high_value": int(high_value),
        "called_after": called_after,
    }
    return fetch(db, DueCustomer, sql, values)


def _among(words: Collection[str]) -> str:
    return "," + ",".join(words) + "," if words else ""
