"""Parcels of returns, both ways."""

from collections.abc import Mapping

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, fetch, fetch_one, fetch_value
from aftersales_cli.database.rows import StatusTable, change_guarded, insert_row
from aftersales_cli.records.returns import ReturnParcel

_PARCEL = columns(ReturnParcel)
_TABLE = StatusTable(
    "return_parcels", ReturnParcel, fixed=("case_number", "request_id", "origin", "direction")
)


def insert_parcel(db: Database, values: Mapping[str, object]) -> int:
    """Add a parcel; ``values`` maps columns to what they hold, others take their defaults."""
    return insert_row(db, "return_parcels", values)


def get_parcel(db: Database, parcel_id: int) -> ReturnParcel | None:
    """Return the parcel with this number."""
    sql = f"SELECT {_PARCEL} FROM return_parcels WHERE id = :id"
    return fetch_one(db, ReturnParcel, sql, {"id": parcel_id})


def list_parcels(db: Database, request_id: int, *, direction: str = "in") -> list[ReturnParcel]:
    """Return the parcels of a request that go one way, earliest first."""
    sql = (
        f"SELECT {_PARCEL} FROM return_parcels WHERE request_id = :id AND direction = :direction ORDER BY id"
    )
    return fetch(db, ReturnParcel, sql, {"id": request_id, "direction": direction})


def change_parcel(db: Database, seen: ReturnParcel, changes: Mapping[str, object]) -> bool:
    """Set columns if the parcel still has the state of ``seen``; what people say is moved by no file any more."""
    return change_guarded(db, _TABLE, seen.id, expected=seen.status, changes={"moved_from": "", **changes})


def list_overdue_parcels(db: Database, *, today: str, sent_before: str) -> list[ReturnParcel]:
    """Return awaited parcels whose last day is over, and sent ones that were on their way before a moment.

    When one was sent that only a file moved, the courier says. A platform ends its own requests by itself.
    """
    return fetch(
        db,
        ReturnParcel,
        f"""SELECT {_PARCEL} FROM return_parcels AS p
        WHERE (p.status = 'awaiting' AND p.expected_by < :today)
          OR (p.status = 'in_transit' AND coalesce(p.sent_at, (
                SELECT max(x.status_at) FROM parcels AS x WHERE p.number <> '' AND x.number = p.number)) <= :before
            AND NOT EXISTS (SELECT 1 FROM return_requests AS q
                WHERE q.id = p.request_id AND q.origin = 'platform' AND q.ended_at IS NOT NULL))
        ORDER BY p.id""",
        {"today": today, "before": sent_before},
    )


def holds_request(db: Database, request_id: int) -> bool:
    """Tell whether goods, money or a replacement of a request are under way, so that time alone ends it not."""
    return bool(
        fetch_value(
            db,
            """SELECT EXISTS (SELECT 1 FROM return_parcels WHERE request_id = :id AND direction = 'in'
                AND status IN ('awaiting', 'in_transit', 'partly_received', 'received'))
            OR EXISTS (SELECT 1 FROM return_lines WHERE request_id = :id AND received > 0)
            OR EXISTS (SELECT 1 FROM refund_plans WHERE request_id = :id AND status <> 'void')
            OR EXISTS (SELECT 1 FROM replacements WHERE request_id = :id AND status <> 'void')""",
            {"id": request_id},
        )
    )


def is_money_decided(db: Database, request_id: int) -> bool:
    """Tell whether a refund of a request is approved, on its way or paid."""
    return bool(
        fetch_value(
            db,
            """SELECT EXISTS (SELECT 1 FROM refund_plans
            WHERE request_id = :id AND status IN ('approved', 'requested', 'succeeded', 'failed'))""",
            {"id": request_id},
        )
    )
