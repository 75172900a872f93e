"""Versions of the policy, and past requests with what they were judged by."""

from dataclasses import dataclass

from sqlite_utils import Database

from aftersales_cli.database.fetch import fetch, fetch_value, insert


@dataclass(frozen=True)
class PolicyVersion:
    """A text of the policy, kept as it stood."""

    id: int
    digest: str
    since: str
    requests: int
    """How many requests it has judged."""


@dataclass(frozen=True)
class PastLine:
    """One product of a past request with what a rule may ask about it; amounts in minor units."""

    request_id: int
    case_number: int
    kind: str
    status: str
    reason: str
    condition: str
    requested_at: str
    requested_on: str
    currency: str
    asked_amount: int | None
    line_count: int
    sku: str
    title: str
    paid: int | None
    """What the buyer paid for the pieces that are asked back, None if not known."""
    price: int | None
    """What one piece cost."""
    storefront: str
    platform: str
    country: str
    """The buyer's, else the storefront's; ``""`` if neither is known."""
    timezone: str
    delivered_at: str | None
    paid_at: str | None
    finished_at: str | None
    evidence: int
    repairs_done: int
    warranty_until: str | None


@dataclass(frozen=True)
class ReviewerCount:
    """How often a reviewer approved requests of one rule and reason."""

    rules: str
    reason: str
    reviewer: str
    approved: int
    decided: int


def find_policy_version(db: Database, digest: str) -> int | None:
    """Return the id of a text of the policy that is kept already."""
    found = fetch_value(db, "SELECT id FROM policy_versions WHERE digest = :digest", {"digest": digest})
    return None if found is None else int(found)


def insert_policy_version(db: Database, *, digest: str, document: str, since: str) -> int:
    """Keep a text of the policy and return its id."""
    return insert(
        db,
        "INSERT INTO policy_versions (digest, document, since) VALUES (:digest, :document, :since)",
        {"digest": digest, "document": document, "since": since},
    )


def load_policy_document(db: Database, version: int) -> str | None:
    """Return the text of a version, None if there is none."""
    found = fetch_value(db, "SELECT document FROM policy_versions WHERE id = :id", {"id": version})
    return None if found is None else str(found)


def list_policy_versions(db: Database) -> list[PolicyVersion]:
    """Return the versions, oldest first."""
    return fetch(
        db,
        PolicyVersion,
        """SELECT v.id, v.digest, v.since,
            (SELECT count(*) FROM return_requests AS r WHERE r.policy_version = v.id) AS requests
        FROM policy_versions AS v ORDER BY v.id""",
    )


_PAST = """
    SELECT r.id AS request_id, r.case_number, r.kind, r.status, r.reason, r.condition, r.requested_at,
        r.requested_on, r.currency, r.asked_amount,
        (SELECT count(*) FROM return_lines AS n WHERE n.request_id = r.id) AS line_count,
        coalesce(l.sku, '') AS sku, coalesce(l.title, '') AS title,
        coalesce(v.goods * l.asked / v.quantity, o.paid * l.asked / o.quantity) AS paid,
        coalesce(v.goods / v.quantity, o.paid / o.quantity, o.unit_price) AS price,
        coalesce(s.code, '') AS storefront, coalesce(s.platform, '') AS platform,
        coalesce(nullif(c.country, ''), nullif(s.country, ''), '') AS country,
        coalesce(s.timezone, '') AS timezone,
        f.delivered_at, f.paid_at, f.finished_at,
        (SELECT count(*) FROM evidence AS e WHERE e.case_number = r.case_number AND e.added_at <= coalesce(
            r.decided_at, e.added_at)) AS evidence,
        (SELECT count(*) FROM repairs AS p WHERE p.order_line_id = l.order_line_id AND p.kind = 'repair'
            AND p.status IN ('done', 'shipped_back', 'unrepairable') AND p.booked_at < r.requested_at
        ) AS repairs_done,
        (SELECT max(p.warranty_until) FROM repairs AS p WHERE p.order_line_id = l.order_line_id) AS warranty_until
    FROM return_requests AS r
        JOIN cases AS k ON k.number = r.case_number
        LEFT JOIN return_lines AS l ON l.request_id = r.id
        LEFT JOIN line_values AS v ON v.order_line_id = l.order_line_id
        LEFT JOIN order_lines AS o ON o.id = l.order_line_id
        LEFT JOIN orders AS f ON f.id = r.order_id
        LEFT JOIN storefronts AS s ON s.id = coalesce(f.storefront_id, k.storefront_id)
        LEFT JOIN customers AS c ON c.id = k.customer_id
"""


def list_past_lines(db: Database, *, since: str) -> list[PastLine]:
    """Return the products of all requests from a local day on; a request without any comes once."""
    return fetch(
        db, PastLine, f"{_PAST} WHERE r.requested_on >= :since ORDER BY r.id, l.id", {"since": since}
    )


def list_request_lines(db: Database, request_id: int) -> list[PastLine]:
    """Return the products of one request; one entry without a product if it names none."""
    return fetch(db, PastLine, f"{_PAST} WHERE r.id = :id ORDER BY l.id", {"id": request_id})


def count_reviewer_verdicts(db: Database, *, since: str | None) -> list[ReviewerCount]:
    """Count first verdicts of people by rules, reason and reviewer, from a moment on; only yes and no count."""
    return fetch(
        db,
        ReviewerCount,
        """SELECT v.rules, r.reason, v.reviewer,
            count(*) FILTER (WHERE v.verdict = 'approved') AS approved, count(*) AS decided
        FROM reviews AS v JOIN return_requests AS r ON r.id = v.request_id
        WHERE v.step = 'first' AND v.verdict IN ('approved', 'rejected') AND (:since IS NULL OR v.at >= :since)
        GROUP BY v.rules, r.reason, v.reviewer ORDER BY v.rules, r.reason, v.reviewer""",
        {"since": since},
    )
