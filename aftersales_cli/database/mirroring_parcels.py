"""Bring parcels of returns in line with what marketplaces' records and couriers' files say, derived anew each time."""

from collections.abc import Mapping

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute
from aftersales_cli.database.mirroring import choose
from aftersales_cli.database.tying_records import WITH_GOODS


def mirror_parcels(db: Database, states: Mapping[str, str]) -> None:
    """Make, renew and drop the inbound parcels of platforms' requests; where each is, follow_parcels finds out.

    ``states`` maps the state of the platform's record to that of a parcel on its way back.
    """
    sent = "r.return_number <> ''"
    facts = f"""SELECT q.id AS request_id, q.case_number, r.return_carrier AS carrier, r.return_number AS number,
            CASE WHEN {sent} AND {choose("r.status", states)} = 'awaiting' THEN 'in_transit'
                ELSE coalesce({choose("r.status", states)}, 'awaiting') END AS status
        FROM return_requests AS q JOIN refunds AS r ON r.case_number = q.case_number
        WHERE q.origin = 'platform' AND q.kind IN {WITH_GOODS}
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
                CASE WHEN p.number <> '' AND {choose("r.status", platform)} = 'awaiting'
                    THEN 'in_transit' ELSE {choose("r.status", platform)} END AS platform,
                {_courier_row("p")} AS courier_id
            FROM return_parcels AS p LEFT JOIN refunds AS r ON r.case_number = p.case_number
                AND (p.origin = 'platform' OR (p.direction = 'in' AND p.number <> '' AND p.number = r.return_number))
            WHERE p.moved_from <> '' OR p.status NOT IN ('received', 'partly_received')),
        said AS (
            SELECT k.id, k.base, k.derived, k.platform, c.received_at, {choose("c.status", courier)} AS courier,
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
    there = f"""SELECT p.id, c.id IS NOT NULL AND {choose("c.status", courier)} = 'received' AS is_there, c.received_at
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
