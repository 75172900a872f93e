"""Tie marketplaces' after-sales records to the requests that were recorded here about the same goods.

A record tied to a request stands in the request's case (``refunds.case_number``); it makes no case of its own.
"""

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute, fetch_value
from aftersales_cli.database.merging import Context

KINDS = "('return', 'refund_only', 'exchange', 'repair')"
"""Kinds of cases that ask for goods or money back."""
WITH_GOODS = "('return', 'exchange', 'repair')"
_UNDECIDED = "('submitted', 'needs_evidence', 'needs_manual')"
ALIVE = "('submitted', 'needs_evidence', 'needs_manual', 'auto_approved', 'approved')"
"""States of a request that goes on."""

DAYS_APART = 7
"""A request and a record further apart than this are two matters."""


def order_line_of(record: str, order: str) -> str:
    """Return SQL that finds the order line a product of a record is, by its key, SKU, title, or as the only one."""

    def only(condition: str) -> str:
        return f"""(SELECT min(l.id) FROM order_lines AS l
        WHERE l.order_id = {order} AND l.quantity > 0 AND {condition})"""

    return f"""coalesce({only(f"{record}.line_id <> '' AND l.line_key = {record}.line_id")},
        {only(f"{record}.sku <> '' AND l.sku = {record}.sku")},
        {only(f"{record}.title <> '' AND l.title = {record}.title")}, (SELECT min(l.id) FROM order_lines AS l
            WHERE l.order_id = {order} AND l.quantity > 0 HAVING count(*) = 1))"""


_NAMELESS = "(s.line_id = '' AND s.sku = '' AND s.title = '')"
_FITS = f"""SELECT s.external_id, q.case_number
    FROM temp.stage_aftersales AS s
    JOIN orders AS o ON o.storefront_id = :storefront_id AND o.external_id = s.order_external_id
    JOIN return_requests AS q ON q.order_id = o.id
    JOIN cases AS c ON c.number = q.case_number
    WHERE NOT EXISTS (SELECT 1 FROM temp.stage_matches AS m WHERE m.external_id = s.external_id)
      AND s.kind IN {KINDS} AND s.refund_status NOT IN ('closed', 'refused')
      AND q.origin = 'own' AND q.status IN {ALIVE} AND q.ended_at IS NULL
      AND c.status NOT IN ('closed', 'merged', 'cancelled')
      AND abs(julianday(q.requested_at) - julianday(s.opened_at)) <= {DAYS_APART}
      AND NOT EXISTS (SELECT 1 FROM refunds AS f WHERE f.case_number = q.case_number)
      AND ({_NAMELESS} OR EXISTS (
        SELECT 1 FROM return_lines AS n WHERE n.request_id = q.id
          AND (n.order_line_id IS NULL OR n.order_line_id = {order_line_of("s", "q.order_id")})))"""


def adopt_records(db: Database, context: Context) -> int:
    """Note in ``temp.adopted`` which new staged records a request here is about; return how many.

    Only what is beyond doubt: one record and one open request of the same order and product, asked within
    ``DAYS_APART`` days of each other. What could be several is told to people as possible doubles.
    """
    db.conn.execute("DROP TABLE IF EXISTS temp.adopted")
    db.conn.execute("CREATE TEMP TABLE adopted (external_id PRIMARY KEY, case_number INTEGER)")
    values = context._asdict()
    found = execute(
        db,
        f"""INSERT INTO temp.adopted WITH fits AS ({_FITS})
        SELECT external_id, case_number FROM fits AS f
        WHERE (SELECT count(*) FROM fits AS n WHERE n.external_id = f.external_id) = 1
          AND (SELECT count(*) FROM fits AS n WHERE n.case_number = f.case_number) = 1""",
        values,
    )
    if found:
        execute(
            db,
            """INSERT INTO case_events (case_number, seq, at, recorded_at, actor, type, field, after, note)
            SELECT a.case_number,
                (SELECT coalesce(max(e.seq), 0) + 1 FROM case_events AS e WHERE e.case_number = a.case_number),
                s.opened_at, :stamp, :actor, 'imported', 'record', s.external_id, s.status_raw
            FROM temp.adopted AS a JOIN temp.stage_aftersales AS s ON s.external_id = a.external_id""",
            values,
        )
    return found


_TIED = f"""SELECT (SELECT max(q.id) FROM return_requests AS q JOIN orders AS o ON o.id = q.order_id
            WHERE q.case_number = r.case_number AND q.origin = 'own' AND q.status IN {ALIVE}
              AND o.storefront_id = r.storefront_id AND o.external_id = r.order_external_id) AS request_id,
        r.status, r.status_raw, coalesce(nullif(r.as_of, ''), :stamp) AS at, r.return_carrier, r.return_number
    FROM temp.stage_aftersales AS s
    JOIN refunds AS r ON r.storefront_id = :storefront_id AND r.external_id = s.external_id"""


def follow_records(db: Database, context: Context) -> None:
    """Bring requests of ours in line with the staged records they are tied to.

    A request that still waits for a decision takes the marketplace's; a parcel without a number takes the one the
    buyer gave there. What was decided here stays.
    """
    db.conn.execute("DROP TABLE IF EXISTS temp.tied")
    db.conn.execute(
        "CREATE TEMP TABLE tied (request_id INTEGER PRIMARY KEY, status, status_raw, at, return_carrier, return_number)"
    )
    values = context._asdict()
    if execute(db, f"INSERT INTO temp.tied SELECT * FROM ({_TIED}) WHERE request_id IS NOT NULL", values):
        _decide(db)
        _send(db)
    db.conn.execute("DROP TABLE temp.tied")


def _decide(db: Database) -> None:
    states = "WHEN t.status = 'closed' THEN 'withdrawn'"
    granted = "t.status IN ('returning', 'goods_back', 'agreed', 'succeeded')"
    execute(
        db,
        f"""UPDATE return_lines AS l SET approved = l.asked
        FROM temp.tied AS t JOIN return_requests AS q ON q.id = t.request_id
        WHERE l.request_id = q.id AND q.status IN {_UNDECIDED} AND {granted} AND l.approved <> l.asked""",
    )
    execute(
        db,
        f"""INSERT INTO return_parcels (case_number, request_id, direction, status)
        SELECT q.case_number, q.id, 'in', 'awaiting' FROM temp.tied AS t JOIN return_requests AS q ON q.id = t.request_id
        WHERE q.status IN {_UNDECIDED} AND {granted} AND q.kind IN {WITH_GOODS}
          AND NOT EXISTS (SELECT 1 FROM return_parcels AS p WHERE p.request_id = q.id AND p.direction = 'in')""",
    )
    execute(
        db,
        f"""UPDATE return_requests AS q SET status_raw = t.status_raw,
            decided_at = CASE WHEN q.status IN {_UNDECIDED} AND ({granted} OR t.status = 'closed')
                THEN t.at ELSE q.decided_at END,
            ended_at = CASE WHEN q.status IN {_UNDECIDED} AND t.status = 'closed' THEN t.at ELSE q.ended_at END,
            status = CASE WHEN q.status NOT IN {_UNDECIDED} THEN q.status WHEN {granted} THEN 'approved' {states}
                ELSE q.status END
        FROM temp.tied AS t WHERE q.id = t.request_id AND q.status_raw IS NOT t.status_raw""",
    )


def _send(db: Database) -> None:
    """Where such a parcel is then, is derived from all files when the import is done."""
    execute(
        db,
        """UPDATE return_parcels AS p SET carrier = t.return_carrier, number = t.return_number
        FROM temp.tied AS t WHERE t.return_number <> '' AND p.id = (
            SELECT min(x.id) FROM return_parcels AS x WHERE x.request_id = t.request_id
              AND x.origin = 'own' AND x.direction = 'in' AND x.status = 'awaiting' AND x.number = '')""",
    )


def have_both_records(db: Database, number: int, other: int) -> bool:
    """Tell whether each of two cases stands for a record of a marketplace of its own."""
    sql = "SELECT count(*) FROM refunds WHERE case_number IN (:number, :other)"
    return int(fetch_value(db, sql, {"number": number, "other": other})) > 1


def move_record(db: Database, case_number: int, into: int) -> None:
    """Let the marketplace's record of a case that is merged stand in the other one."""
    sql = "UPDATE refunds SET case_number = :into WHERE case_number = :number"
    execute(db, sql, {"number": case_number, "into": into})
