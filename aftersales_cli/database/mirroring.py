"""Bring returns in line with what files say: marketplaces' after-sales records and couriers' parcels.

What is made here follows from other rows alone, so that it is derived anew after every import and every undo:
which file came first does not matter, and twice does nothing. What people have done since is never taken back.
"""

from collections.abc import Mapping

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute

KINDS = "('return', 'refund_only', 'exchange', 'repair')"
"""Kinds of cases that ask for goods or money back."""
_WITH_GOODS = "('return', 'exchange', 'repair')"

_REVIEWED = "EXISTS (SELECT 1 FROM reviews AS v WHERE v.request_id = q.id)"
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


def mirror_requests(db: Database, states: Mapping[str, str]) -> None:
    """Make and renew a request for each platform's after-sales record.

    ``states`` maps the record's state to the request's. A decision made here stands until the platform says more
    than that there is a request.
    """
    facts = f"""SELECT c.number AS case_number, c.order_id, c.kind, {_choose("r.status", states)} AS status,
            r.status_raw, c.reason_first AS reason, c.opened_at AS requested_at, c.opened_on AS requested_on,
            r.currency, r.amount AS asked_amount, CASE r.status WHEN 'succeeded' THEN r.succeeded_at
                WHEN 'closed' THEN NULLIF(r.as_of, '') END AS ended_at,
            c.status IN ('resolved', 'closed') AS is_solved
        FROM cases AS c JOIN refunds AS r ON r.case_number = c.number
        WHERE c.origin = 'platform' AND c.kind IN {KINDS} AND {_choose("r.status", states)} IS NOT NULL"""
    _drop_requests(db, f"NOT EXISTS (SELECT 1 FROM ({facts}) AS f WHERE f.case_number = q.case_number)", {})
    names = "case_number, order_id, kind, status, status_raw, reason, requested_at, requested_on, currency, asked_amount, ended_at"
    execute(
        db,
        f"""INSERT INTO return_requests (origin, requested_by, {names})
        SELECT 'platform', 'platform', {names} FROM ({facts}) AS f WHERE NOT EXISTS (
            SELECT 1 FROM return_requests AS q WHERE q.origin = 'platform' AND q.case_number = f.case_number)
        ORDER BY case_number""",
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
    execute(
        db,
        f"""UPDATE return_lines AS l SET {", ".join(f"{name} = {value}" for name, value in follows.items())}
        FROM temp.wanted_lines AS w WHERE {same}
          AND (l.order_line_id IS NOT w.order_line_id OR l.asked <> w.asked OR l.approved <> w.asked * w.is_approved)
          AND ({" OR ".join(f"l.{name} IS NOT {value}" for name, value in follows.items())})""",
    )
    db.conn.execute("DROP TABLE temp.wanted_lines")


_WORTH = "coalesce(o.paid, o.unit_price * o.quantity)"


def _only(condition: str) -> str:
    return f"""(SELECT min(l.id) FROM order_lines AS l
        WHERE l.order_id = q.order_id AND l.quantity > 0 AND {condition})"""


_CASE_LINES = f"""SELECT q.id AS request_id, k.sku, k.title, k.quantity, r.amount,
        q.status IN ('approved', 'auto_approved') AS is_approved,
        coalesce({_only("k.line_id <> '' AND l.line_key = k.line_id")}, {_only("k.sku <> '' AND l.sku = k.sku")},
            {_only("k.title <> '' AND l.title = k.title")}, (SELECT min(l.id) FROM order_lines AS l
                WHERE l.order_id = q.order_id AND l.quantity > 0 HAVING count(*) = 1)) AS order_line_id
    FROM return_requests AS q JOIN case_lines AS k ON k.case_number = q.case_number
    JOIN refunds AS r ON r.case_number = q.case_number WHERE q.origin = 'platform'"""


def mirror_parcels(db: Database, states: Mapping[str, str]) -> None:
    """Make, renew and drop the inbound parcels of platforms' requests; where each is, follow_parcels finds out.

    ``states`` maps the state of the platform's record to that of a parcel on its way back.
    """
    sent = "r.return_number <> ''"
    facts = f"""SELECT q.id AS request_id, q.case_number, r.return_carrier AS carrier, r.return_number AS number,
            CASE WHEN {sent} AND {_choose("r.status", states)} = 'awaiting' THEN 'in_transit'
                ELSE coalesce({_choose("r.status", states)}, 'awaiting') END AS status
        FROM return_requests AS q JOIN refunds AS r ON r.case_number = q.case_number
        WHERE q.origin = 'platform' AND q.kind IN {_WITH_GOODS}
          AND ({sent} OR r.status IN ('returning', 'goods_back'))"""
    execute(
        db,
        f"""DELETE FROM return_parcels AS p WHERE p.origin = 'platform' AND p.moved_from <> ''
          AND NOT EXISTS (SELECT 1 FROM ({facts}) AS f WHERE f.request_id = p.request_id)""",
    )
    execute(
        db,
        f"""INSERT INTO return_parcels (case_number, request_id, origin, direction, status, moved_from, carrier, number)
        SELECT f.case_number, f.request_id, 'platform', 'in', f.status, 'awaiting', f.carrier, f.number
        FROM ({facts}) AS f WHERE NOT EXISTS (
            SELECT 1 FROM return_parcels AS p WHERE p.origin = 'platform' AND p.request_id = f.request_id)
        ORDER BY f.request_id""",
    )
    # What people typed stays, unless the platform knows a number.
    execute(
        db,
        f"""UPDATE return_parcels AS p SET carrier = f.carrier, number = f.number FROM ({facts}) AS f
        WHERE p.origin = 'platform' AND p.request_id = f.request_id AND (p.carrier, p.number) IS NOT (f.carrier, f.number)
          AND (p.moved_from <> '' OR (p.number = '' AND f.number <> ''))""",
    )


def follow_parcels(db: Database, platform: Mapping[str, str], courier: Mapping[str, str]) -> None:
    """Move parcels and replacements to where couriers' files, else the platforms' records, say they are.

    From the state people left them in, so that a file taken back by an undo has moved nothing. The mappings give
    our state for a record's and for a courier's; what a courier said before the platform's word counts less.
    """
    base = "CASE WHEN p.moved_from <> '' THEN p.moved_from ELSE p.status END"
    db.conn.execute("DROP TABLE IF EXISTS temp.moved_parcels")
    db.conn.execute(
        "CREATE TEMP TABLE moved_parcels (id INTEGER PRIMARY KEY, base, derived, status, received_at)"
    )
    execute(
        db,
        f"""INSERT INTO temp.moved_parcels
        WITH known AS (
            SELECT p.id, {base} AS base, p.origin = 'platform' AND p.moved_from <> '' AS derived, r.as_of,
                CASE WHEN p.origin = 'platform' THEN CASE WHEN p.number <> '' AND {_choose("r.status", platform)} = 'awaiting'
                    THEN 'in_transit' ELSE {_choose("r.status", platform)} END END AS platform,
                {_courier_row("p")} AS courier_id
            FROM return_parcels AS p LEFT JOIN refunds AS r ON r.case_number = p.case_number AND p.origin = 'platform'
            WHERE p.moved_from <> '' OR p.status NOT IN ('received', 'partly_received')),
        said AS (
            SELECT k.id, k.base, k.derived, k.platform, c.received_at, {_choose("c.status", courier)} AS courier,
                k.platform = 'received' AND coalesce(c.as_of, '') <= k.as_of AS outdated
            FROM known AS k LEFT JOIN parcels AS c ON c.id = k.courier_id)
        SELECT id, base, derived,
            CASE WHEN courier = 'received' THEN 'received'
                WHEN outdated THEN 'received'
                WHEN base = 'lost' THEN base
                WHEN courier = 'lost' AND base <> 'expired' THEN 'lost'
                WHEN courier = 'in_transit' THEN courier
                WHEN derived OR (platform = 'in_transit' AND base = 'awaiting') THEN coalesce(platform, base)
                ELSE base END,
            CASE WHEN courier = 'received' THEN received_at END
        FROM said""",
    )
    moved = "CASE WHEN m.derived THEN m.base WHEN m.status <> m.base THEN m.base ELSE '' END"
    execute(
        db,
        f"""UPDATE return_parcels AS p SET status = m.status, moved_from = {moved}, received_at = m.received_at
        FROM temp.moved_parcels AS m WHERE m.id = p.id
          AND (p.status, p.moved_from, p.received_at) IS NOT (m.status, {moved}, m.received_at)""",
    )
    db.conn.execute("DROP TABLE temp.moved_parcels")
    _follow_replacements(db, courier)


def _follow_replacements(db: Database, courier: Mapping[str, str]) -> None:
    there = f"""SELECT p.id, c.id IS NOT NULL AND {_choose("c.status", courier)} = 'received' AS is_there, c.received_at
        FROM replacements AS p LEFT JOIN parcels AS c ON c.id = {_courier_row("p")}
        WHERE p.status = 'shipped' OR p.moved_from = 'shipped'"""
    execute(
        db,
        f"""UPDATE replacements AS p SET status = CASE WHEN m.is_there THEN 'delivered' ELSE 'shipped' END,
            moved_from = CASE WHEN m.is_there THEN 'shipped' ELSE '' END,
            delivered_at = CASE WHEN m.is_there THEN m.received_at END
        FROM ({there}) AS m WHERE m.id = p.id
          AND ((p.status = 'delivered') <> m.is_there OR (m.is_there AND p.delivered_at IS NOT m.received_at))""",
    )


def _courier_row(parcel: str) -> str:
    """Return SQL for the courier's newest word on a parcel; carriers are written in many ways, numbers are not."""
    found = f"""SELECT x.id FROM parcels AS x WHERE {parcel}.number <> ''
        AND x.number IN ({parcel}.number, upper({parcel}.number)) %s ORDER BY x.as_of DESC, x.id LIMIT 1"""
    return f"coalesce(({found % f'AND x.carrier = {parcel}.carrier'}), ({found % ''}))"


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
        for table in ("return_parcels", "return_lines"):
            execute(db, f"DELETE FROM {table} WHERE request_id IN (SELECT id FROM temp.dropped_requests)")
        execute(db, "DELETE FROM return_requests WHERE id IN (SELECT id FROM temp.dropped_requests)")
    db.conn.execute("DROP TABLE temp.dropped_requests")


def _choose(column: str, mapping: Mapping[str, str]) -> str:
    """Return SQL that maps the words of a column; NULL for any other."""
    branches = " ".join(f"WHEN '{word}' THEN '{state}'" for word, state in mapping.items())
    return f"CASE {column} {branches} END"
