"""Bring returns in line with what files say: marketplaces' after-sales records and couriers' parcels.

What is made here follows from other rows alone, so that it is derived anew after every import and every undo:
which file came first does not matter, and twice does nothing. What people have done since is never taken back.
"""

from collections.abc import Mapping

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute
from aftersales_cli.database.tying_records import ALIVE, KINDS, order_line_of

_REVIEWED = "EXISTS (SELECT 1 FROM reviews AS v WHERE v.request_id = q.id AND v.step <> 'auto')"
"""Of a request ``q``: people have looked at it; what the rules proposed on its arrival is derived."""
_INSPECTED = "(l.accepted + l.damaged + l.wrong + l.short + l.rejected)"

_UNTOUCHED = f"""q.origin = 'platform' AND NOT {_REVIEWED}
    AND NOT EXISTS (SELECT 1 FROM return_requests AS n WHERE n.previous_id = q.id)
    AND NOT EXISTS (SELECT 1 FROM refund_plans AS p WHERE p.request_id = q.id)
    AND NOT EXISTS (SELECT 1 FROM replacements AS p WHERE p.request_id = q.id)
    AND NOT EXISTS (SELECT 1 FROM return_parcels AS p WHERE p.request_id = q.id
        AND (p.origin = 'own' OR p.moved_from = ''))
    AND NOT EXISTS (SELECT 1 FROM return_lines AS l WHERE l.request_id = q.id
        AND (l.received + {_INSPECTED} > 0 OR l.disposition <> ''
            OR EXISTS (SELECT 1 FROM refund_parts AS p WHERE p.return_line_id = l.id)))"""
"""Of a request ``q``: an import made it and nobody has built on it."""


def _forget_proposals(db: Database, requests: str) -> None:
    """Let these requests be judged anew: what the rules look at has changed. ``requests`` selects their ids."""
    execute(
        db,
        f"""DELETE FROM reviews WHERE step = 'auto' AND request_id IN ({requests})
          AND NOT EXISTS (SELECT 1 FROM reviews AS v WHERE v.request_id = reviews.request_id AND v.step <> 'auto')""",
    )


_RECORD_CASE = """coalesce((SELECT x.number FROM cases AS x
    WHERE x.storefront_id = r.storefront_id AND x.external_id = r.external_id AND x.external_id <> ''), r.case_number)"""
"""The case a record ``r`` made, which may be merged by now; that of our request where it made none."""

_ASKED_HERE = f"""(k.number = c.number AND c.origin = 'own' OR k.number <> c.number AND EXISTS (
    SELECT 1 FROM return_requests AS m JOIN return_lines AS n ON n.request_id = m.id
    WHERE m.case_number = c.number AND m.origin = 'own' AND m.status IN {ALIVE} AND m.order_id IS c.order_id
      AND (n.order_line_id IS NULL
        OR NOT EXISTS (SELECT 1 FROM case_lines AS p WHERE p.case_number = k.number)
        OR n.order_line_id IN (SELECT {order_line_of("p", "c.order_id")}
            FROM case_lines AS p WHERE p.case_number = k.number))))"""
"""Our request stands for a record: the record is tied to it, or people merged its case into ours."""


def mirror_requests(db: Database, states: Mapping[str, str]) -> None:
    """Make and renew a request for each platform's after-sales record.

    ``states`` maps the record's state to the request's. A decision made here stands until the platform says more
    than that there is a request.
    """
    facts = f"""SELECT r.case_number, c.order_id, k.kind, {choose("r.status", states)} AS status,
            r.status_raw, k.reason_first AS reason, k.opened_at AS requested_at, k.opened_on AS requested_on,
            r.currency, r.amount AS asked_amount, CASE r.status WHEN 'succeeded' THEN r.succeeded_at
                WHEN 'closed' THEN NULLIF(r.as_of, '') END AS ended_at,
            c.status IN ('resolved', 'closed') AS is_solved
        FROM refunds AS r CROSS JOIN cases AS c ON c.number = r.case_number
        CROSS JOIN cases AS k ON k.number = {_RECORD_CASE}
        WHERE k.kind IN {KINDS} AND {choose("r.status", states)} IS NOT NULL AND NOT {_ASKED_HERE}"""
    _drop_requests(db, f"NOT EXISTS (SELECT 1 FROM ({facts}) AS f WHERE f.case_number = q.case_number)", {})
    names = "case_number, order_id, kind, status, status_raw, reason, requested_at, requested_on, currency, asked_amount, ended_at"
    execute(
        db,
        f"""INSERT INTO return_requests (origin, requested_by, {names})
        SELECT 'platform', 'platform', {names} FROM ({facts}) AS f WHERE NOT EXISTS (
            SELECT 1 FROM return_requests AS q WHERE q.origin = 'platform' AND q.case_number = f.case_number)
        ORDER BY case_number""",
    )
    _forget_proposals(
        db,
        f"SELECT q.id FROM return_requests AS q JOIN ({facts}) AS f ON f.case_number = q.case_number "
        f"WHERE q.origin = 'platform' AND (q.order_id, q.kind) IS NOT (f.order_id, f.kind)",
    )
    follows = {name: f"f.{name}" for name in ("order_id", "kind", "status_raw", "asked_amount")}
    follows["status"] = f"CASE WHEN f.status = 'submitted' AND {_REVIEWED} THEN q.status ELSE f.status END"
    # A case that is solved here ends its requests, too.
    follows["ended_at"] = "coalesce(f.ended_at, IIF(f.is_solved, q.ended_at, NULL))"
    execute(
        db,
        f"""UPDATE return_requests AS q SET {", ".join(f"{name} = {value}" for name, value in follows.items())}
        FROM ({facts}) AS f WHERE q.origin = 'platform' AND q.case_number = f.case_number
          AND ({" OR ".join(f"q.{name} IS NOT {value}" for name, value in follows.items())})""",
    )


def mirror_lines(db: Database) -> None:
    """Make and renew the products of platforms' requests, and find the order line of each.

    Where the file does not say how many pieces, the amount asked back tells, else it is all that were bought.
    """
    wanted = f"""SELECT w.request_id, w.sku, w.title, w.order_line_id,
            CASE WHEN w.quantity > 0 THEN w.quantity WHEN o.id IS NULL THEN 1
                WHEN w.amount > 0 AND {_WORTH} > 0
                THEN max(1, min(o.quantity, CAST(round(1.0 * w.amount * o.quantity / {_WORTH}) AS INTEGER)))
                ELSE max(1, o.quantity) END AS asked, w.is_approved
        FROM ({_CASE_LINES}) AS w LEFT JOIN order_lines AS o ON o.id = w.order_line_id"""
    db.conn.execute("DROP TABLE IF EXISTS temp.wanted_lines")
    db.conn.execute(
        # Without the types of the columns it is compared with, its key would not be used.
        "CREATE TEMP TABLE wanted_lines (request_id INTEGER, sku TEXT, title TEXT, order_line_id INTEGER, "
        "asked INTEGER, is_approved INTEGER, PRIMARY KEY (request_id, sku, title))"
    )
    execute(db, f"INSERT INTO temp.wanted_lines {wanted}")
    same = "w.request_id = l.request_id AND w.sku = l.sku AND w.title = l.title"
    execute(
        db,
        f"""DELETE FROM return_lines AS l WHERE l.received + {_INSPECTED} = 0
          AND EXISTS (SELECT 1 FROM return_requests AS q WHERE q.id = l.request_id AND {_UNTOUCHED})
          AND NOT EXISTS (SELECT 1 FROM temp.wanted_lines AS w WHERE {same})""",
    )
    execute(
        db,
        f"""INSERT INTO return_lines (request_id, order_line_id, sku, title, asked, approved)
        SELECT w.request_id, w.order_line_id, w.sku, w.title, w.asked, w.asked * w.is_approved
        FROM temp.wanted_lines AS w WHERE NOT EXISTS (SELECT 1 FROM return_lines AS l WHERE {same})
        ORDER BY w.request_id, w.sku, w.title""",
    )
    free = f"""({_INSPECTED} = 0 AND NOT {_REVIEWED.replace("q.id", "l.request_id")}
        AND NOT EXISTS (SELECT 1 FROM refund_parts AS p WHERE p.return_line_id = l.id))"""
    follows = {
        "order_line_id": f"CASE WHEN {free} THEN w.order_line_id ELSE coalesce(l.order_line_id, w.order_line_id) END",
        "asked": f"CASE WHEN {free} THEN w.asked ELSE l.asked END",
        "approved": f"CASE WHEN {free} THEN w.asked * w.is_approved ELSE l.approved END",
    }
    _forget_proposals(
        db,
        f"""SELECT l.request_id FROM return_lines AS l JOIN temp.wanted_lines AS w ON {same}
        WHERE l.order_line_id IS NOT w.order_line_id""",
    )
    execute(
        db,
        f"""UPDATE return_lines AS l SET {", ".join(f"{name} = {value}" for name, value in follows.items())}
        FROM temp.wanted_lines AS w WHERE {same}
          AND (l.order_line_id IS NOT w.order_line_id OR l.asked <> w.asked OR l.approved <> w.asked * w.is_approved)
          AND ({" OR ".join(f"l.{name} IS NOT {value}" for name, value in follows.items())})""",
    )
    db.conn.execute("DROP TABLE temp.wanted_lines")


_WORTH = "coalesce(o.paid, o.unit_price * o.quantity)"


_CASE_LINES = f"""SELECT q.id AS request_id, k.sku, k.title, k.quantity, r.amount,
        q.status IN ('approved', 'auto_approved') AS is_approved,
        {order_line_of("k", "q.order_id")} AS order_line_id
    FROM return_requests AS q JOIN refunds AS r ON r.case_number = q.case_number
    JOIN case_lines AS k ON k.case_number = {_RECORD_CASE} WHERE q.origin = 'platform'"""


def let_go(db: Database, import_id: int) -> None:
    """Drop what was derived from an import that is to be undone, and untie it from the import's orders.

    Requests on which somebody has built stay and stand in the way of the undo.
    """
    values = {"id": import_id}
    _drop_requests(
        db,
        "EXISTS (SELECT 1 FROM cases AS c WHERE c.number = q.case_number AND c.created_by_import = :id)",
        values,
    )
    _forget_proposals(
        db,
        f"""SELECT q.id FROM return_requests AS q JOIN orders AS o ON o.id = q.order_id
        WHERE q.origin = 'platform' AND o.created_by_import = {int(import_id)}
        UNION SELECT n.request_id FROM return_lines AS n JOIN order_lines AS l ON l.id = n.order_line_id
        JOIN return_requests AS q ON q.id = n.request_id
        WHERE q.origin = 'platform' AND l.created_by_import = {int(import_id)}""",
    )
    execute(
        db,
        """UPDATE return_requests SET order_id = NULL WHERE origin = 'platform'
        AND order_id IN (SELECT id FROM orders WHERE created_by_import = :id)""",
        values,
    )
    execute(
        db,
        """UPDATE return_lines SET order_line_id = NULL
        WHERE request_id IN (SELECT id FROM return_requests WHERE origin = 'platform')
          AND order_line_id IN (SELECT id FROM order_lines WHERE created_by_import = :id)""",
        values,
    )


def _drop_requests(db: Database, condition: str, values: Mapping[str, object]) -> None:
    """Delete the untouched requests ``q`` of platforms that meet a condition."""
    db.conn.execute("DROP TABLE IF EXISTS temp.dropped_requests")
    db.conn.execute("CREATE TEMP TABLE dropped_requests (id INTEGER PRIMARY KEY)")
    found = execute(
        db,
        f"INSERT INTO temp.dropped_requests SELECT q.id FROM return_requests AS q WHERE {_UNTOUCHED} AND {condition}",
        values,
    )
    if found:
        for table in ("return_parcels", "return_lines", "reviews"):
            execute(db, f"DELETE FROM {table} WHERE request_id IN (SELECT id FROM temp.dropped_requests)")
        execute(db, "DELETE FROM return_requests WHERE id IN (SELECT id FROM temp.dropped_requests)")
        execute(
            db,
            "DELETE FROM policy_versions WHERE id NOT IN (SELECT policy_version FROM return_requests "
            "WHERE policy_version IS NOT NULL)",
        )
    db.conn.execute("DROP TABLE temp.dropped_requests")


def choose(column: str, mapping: Mapping[str, str]) -> str:
    """Return SQL that maps the words of a column; NULL for any other."""
    branches = " ".join(f"WHEN '{word}' THEN '{state}'" for word, state in mapping.items())
    return f"CASE {column} {branches} END"
