"""Merge a platform's after-sales records: each is a case with its refund record, product and events."""

from sqlite_utils import Database

from aftersales_cli.database.conflicts import note_refund_conflicts
from aftersales_cli.database.fetch import execute, fetch_value
from aftersales_cli.database.merging import Context, Merged
from aftersales_cli.database.tying_records import adopt_records, follow_records

_CASE_STATES = (
    "kind", "severity", "status", "resolution", "cancel_reason", "status_raw", "resolved_at", "resolved_on",
    "closed_at",
)  # fmt: skip
_REFUND_STATES = (
    "amount",
    "to_buyer",
    "status",
    "status_raw",
    "requested_at",
    "succeeded_at",
    "succeeded_on",
)
# Which of two numbers counts: the one of the newer state; a file without one takes none away.
_PARCEL_IS_NEWER = """s.return_number <> ''
    AND (s.return_number, s.return_carrier) IS NOT (r.return_number, r.return_carrier)
    AND (r.return_number = '' OR (s.progress, s.as_of, s.return_number, s.return_carrier)
                               > (r.progress, r.as_of, r.return_number, r.return_carrier))"""
_REFUND_SOURCE = {"status": "refund_status", "requested_at": "opened_at"}


def merge_aftersales(db: Database, context: Context) -> Merged:
    """Open a case for each new record, and bring known ones up to the platform's newer state.

    Our own work on a case stays: its status follows the platform only when the platform's state changed. A record
    about what the customer asked here, too, is tied to that request and opens no case; its case goes its own way.
    """
    staged = fetch_value(db, "SELECT COUNT(*) FROM temp.stage_aftersales")
    if not staged:
        return Merged(0, 0, 0)
    note_refund_conflicts(db, context.import_id, context.storefront_id, context.stamp)
    _match(db, context)
    updated = _update_known(db, context) + adopt_records(db, context)
    new = _insert_new(db, context)
    _insert_refunds(db, context)
    _add_products(db, context)
    follow_records(db, context)
    return Merged(new, updated, staged - new - updated)


def _match(db: Database, context: Context) -> None:
    """Note for each staged record its case, and whether the platform's state is newer than ours.

    Two states of the same moment (exports of two generations) are ranked by their content, so that the
    order of arrival does not matter: the file that splits off the platform's share knows more.
    """
    db.conn.execute("DROP TABLE IF EXISTS temp.stage_matches")
    db.conn.execute(
        "CREATE TEMP TABLE stage_matches "
        "(external_id PRIMARY KEY, case_number, follows, status_before, raw_before, newer, sent)"
    )
    db.conn.execute(
        f"""INSERT INTO temp.stage_matches
        SELECT s.external_id, c.number, c.external_id = s.external_id, c.status, coalesce(r.status_raw, ''),
            r.id IS NOT NULL AND (s.progress, s.as_of, -s.to_buyer, r.status_raw)
                              >= (r.progress, r.as_of, -r.to_buyer, s.status_raw)
            AND ({" OR ".join(f"r.{name} IS NOT s.{_REFUND_SOURCE.get(name, name)}" for name in _REFUND_STATES)}),
            r.id IS NOT NULL AND {_PARCEL_IS_NEWER}
        FROM temp.stage_aftersales AS s
        LEFT JOIN refunds AS r ON r.storefront_id = :storefront_id AND r.external_id = s.external_id
        JOIN cases AS c ON c.number = coalesce(r.case_number, (SELECT k.number FROM cases AS k
            WHERE k.storefront_id = :storefront_id AND k.external_id = s.external_id AND k.external_id <> ''))""",
        context._asdict(),
    )


def _update_known(db: Database, context: Context) -> int:
    values = context._asdict()
    execute(
        db,
        f"""UPDATE cases SET {", ".join(f"{name} = s.{name}" for name in _CASE_STATES if name != "severity")},
            reason_final = s.reason, changed_by_import = :import_id
        FROM temp.stage_aftersales AS s JOIN temp.stage_matches AS m ON m.external_id = s.external_id
        WHERE m.newer AND m.follows AND cases.number = m.case_number AND cases.status_raw IS NOT s.status_raw""",
        values,
    )
    # That the platform stepped in once is never taken back by a file that does not mention it.
    execute(
        db,
        """UPDATE cases SET severity = s.severity
        FROM temp.stage_aftersales AS s JOIN temp.stage_matches AS m ON m.external_id = s.external_id
        WHERE cases.number = m.case_number AND s.severity <> 'normal' AND cases.severity = 'normal'""",
    )
    execute(
        db,
        """INSERT INTO case_events (case_number, seq, at, recorded_at, actor, type, field, before, after, note)
        SELECT m.case_number, (SELECT COALESCE(MAX(e.seq), 0) + 1 FROM case_events AS e
                               WHERE e.case_number = m.case_number),
            s.as_of, :stamp, :actor, 'imported', IIF(m.follows, 'status', 'record'),
            IIF(m.follows, m.status_before, ''), IIF(m.follows, s.status, s.external_id),
            IIF(m.follows, '', s.status_raw)
        FROM temp.stage_aftersales AS s JOIN temp.stage_matches AS m ON m.external_id = s.external_id
        WHERE m.newer AND IIF(m.follows, m.status_before IS NOT s.status, m.raw_before IS NOT s.status_raw)""",
        values,
    )
    execute(
        db,
        """UPDATE refunds SET return_carrier = s.return_carrier, return_number = s.return_number,
            changed_by_import = :import_id
        FROM temp.stage_aftersales AS s JOIN temp.stage_matches AS m ON m.external_id = s.external_id
        WHERE m.sent AND refunds.storefront_id = :storefront_id AND refunds.external_id = m.external_id""",
        values,
    )
    execute(
        db,
        f"""UPDATE refunds SET {", ".join(f"{name} = s.{_REFUND_SOURCE.get(name, name)}" for name in _REFUND_STATES)},
            progress = s.progress, as_of = s.as_of, changed_by_import = :import_id
        FROM temp.stage_aftersales AS s JOIN temp.stage_matches AS m ON m.external_id = s.external_id
        WHERE m.newer AND refunds.storefront_id = :storefront_id AND refunds.external_id = m.external_id""",
        values,
    )
    return int(fetch_value(db, "SELECT COUNT(*) FROM temp.stage_matches WHERE newer OR sent"))


def _insert_new(db: Database, context: Context) -> int:
    values = context._asdict()
    unknown = """s.external_id NOT IN (
        SELECT external_id FROM temp.stage_matches UNION SELECT external_id FROM temp.adopted)"""
    new = execute(
        db,
        f"""INSERT INTO cases (channel, origin, storefront_id, order_external_id, external_id,
            {", ".join(_CASE_STATES)}, title, opened_at, opened_on, reason_first, reason_final, reason_raw, fault,
            created_by_import)
        SELECT 'platform_file', 'platform', :storefront_id, s.order_external_id, s.external_id,
            {", ".join(f"s.{name}" for name in _CASE_STATES)},
            CASE WHEN s.buyer_words <> '' THEN s.buyer_words ELSE s.reason_raw END,
            s.opened_at, s.opened_on, s.reason, s.reason, s.reason_raw, s.fault, :import_id
        FROM temp.stage_aftersales AS s WHERE {unknown} ORDER BY s.opened_at, s.external_id""",
        values,
    )
    if not new:
        return 0
    execute(
        db,
        """INSERT INTO case_events (case_number, seq, at, recorded_at, actor, type, field, before, after)
        SELECT number, 1, opened_at, :stamp, :actor, 'imported', 'status', '', status
        FROM cases WHERE created_by_import = :import_id""",
        values,
    )
    return new


def _insert_refunds(db: Database, context: Context) -> None:
    execute(
        db,
        f"""INSERT INTO refunds (case_number, storefront_id, external_id, order_external_id, currency,
            {", ".join(_REFUND_STATES)}, return_carrier, return_number, progress, as_of, created_by_import)
        SELECT coalesce(a.case_number, c.number), :storefront_id, s.external_id, s.order_external_id, s.currency,
            {", ".join(f"s.{_REFUND_SOURCE.get(name, name)}" for name in _REFUND_STATES)},
            s.return_carrier, s.return_number, s.progress, s.as_of, :import_id
        FROM temp.stage_aftersales AS s
        LEFT JOIN temp.adopted AS a ON a.external_id = s.external_id
        LEFT JOIN cases AS c ON c.storefront_id = :storefront_id AND c.external_id = s.external_id
            -- The index leaves cases without a number out; all of the import's cases would be looked through otherwise.
            AND c.external_id <> '' AND +c.created_by_import = :import_id
        WHERE coalesce(a.case_number, c.number) IS NOT NULL""",
        context._asdict(),
    )


def _add_products(db: Database, context: Context) -> None:
    execute(
        db,
        """INSERT INTO case_lines (case_number, sku, title, quantity, line_id)
        SELECT r.case_number, s.sku, s.title, s.quantity, s.line_id FROM temp.stage_aftersales AS s
        JOIN refunds AS r ON r.storefront_id = :storefront_id AND r.external_id = s.external_id
        WHERE s.title <> '' OR s.sku <> '' OR s.line_id <> ''
        ON CONFLICT (case_number, sku, title) DO UPDATE SET line_id = excluded.line_id
        WHERE case_lines.line_id < excluded.line_id""",
        context._asdict(),
    )
