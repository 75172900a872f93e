"""Repairs and the service points that do them."""

from collections.abc import Mapping

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_value
from aftersales_cli.database.rows import StatusTable, change_guarded, insert_row
from aftersales_cli.records.cases import CaseEvent
from aftersales_cli.records.orders import OrderLine
from aftersales_cli.records.repairs import Repair, RepairRow, ServicePoint

_REPAIR = columns(Repair)
_POINT = columns(ServicePoint)
_TABLE = StatusTable("repairs", Repair, fixed=("kind", "booked_at"))
_POINT_CHANGEABLE = frozenset({"name", "address", "phone", "active"})

_AT_WORK = "('received', 'diagnosed', 'approved', 'in_repair', 'tested')"
"""States in which the shop has to move; a quote waits for the customer."""

_LATE = f"""((r.status IN {_AT_WORK} AND r.due_at < :now)
    OR (r.status = 'booked' AND r.appointment_at < :now))"""

_OWED = "(r.status = 'declined' AND r.received_at IS NOT NULL AND r.shipped_at IS NULL)"
"""The customer's piece is still here, though the repair has ended."""


def insert_repair(db: Database, values: Mapping[str, object]) -> int:
    """Add a repair; ``values`` maps columns to what they hold, others take their defaults."""
    return insert_row(db, "repairs", values)


def get_repair(db: Database, repair_id: int) -> Repair | None:
    """Return the repair with this number."""
    return fetch_one(db, Repair, f"SELECT {_REPAIR} FROM repairs WHERE id = :id", {"id": repair_id})


def change_repair(db: Database, repair_id: int, *, expected: str, changes: Mapping[str, object]) -> bool:
    """Set columns if the repair still has the expected status; tell whether it had."""
    return change_guarded(db, _TABLE, repair_id, expected=expected, changes=changes)


def send_back(db: Database, repair_id: int, *, at: str, carrier: str, number: str) -> bool:
    """Note that the piece of an ended repair left for its customer, if it has not yet; tell whether it was noted."""
    sql = """UPDATE repairs SET shipped_at = :at, carrier = :carrier, number = :number
        WHERE id = :id AND shipped_at IS NULL AND received_at IS NOT NULL
          AND status IN ('declined', 'unrepairable')"""
    return execute(db, sql, {"id": repair_id, "at": at, "carrier": carrier, "number": number}) == 1


def list_case_repairs(db: Database, case_number: int) -> list[Repair]:
    """Return the repairs of a case, earliest first."""
    sql = f"SELECT {_REPAIR} FROM repairs WHERE case_number = :number ORDER BY id"
    return fetch(db, Repair, sql, {"number": case_number})


def list_piece_repairs(
    db: Database, *, serial: str, order_line_id: int | None, except_id: int | None = None
) -> list[Repair]:
    """Return all repairs of one piece, earliest first: those with its serial number, else of its order line.

    A repair of the same line under another serial number is that of another piece.
    """
    sql = f"""SELECT {_REPAIR} FROM repairs
        WHERE id <> coalesce(:except_id, 0) AND ((serial = :serial AND :serial <> '')
          OR (order_line_id = :line AND (serial = '' OR :serial = '')))
        ORDER BY booked_at, id"""
    return fetch(db, Repair, sql, {"serial": serial, "line": order_line_id, "except_id": except_id})


def get_repaired_line(db: Database, order_line_id: int) -> OrderLine | None:
    """Return the line of an order a repair is about."""
    sql = f"SELECT {columns(OrderLine)} FROM order_lines WHERE id = :id AND order_id IS NOT NULL"
    return fetch_one(db, OrderLine, sql, {"id": order_line_id})


def list_repairs(
    db: Database,
    *,
    now: str,
    everything: bool = False,
    overdue: bool = False,
    point_id: int | None = None,
    case_number: int | None = None,
) -> list[RepairRow]:
    """Return repairs, the one due first on top; only open ones unless ``everything``.

    ``overdue``: those whose piece should be on its way back by ``now``, and bookings whose appointment passed.
    """
    conditions = ["1 = 1"] if everything else [f"(r.ended_at IS NULL OR {_OWED})"]
    if overdue:
        conditions.append(_LATE)
    if point_id is not None:
        conditions.append("r.service_point_id = :point_id")
    if case_number is not None:
        conditions.append("r.case_number = :case_number")
    return fetch(
        db,
        RepairRow,
        f"""SELECT r.id, r.case_number, r.kind, r.status, r.product, r.serial, r.warranty, r.round,
            coalesce(p.name, '') AS service_point, r.appointment_at, r.received_at, r.due_at, r.shipped_at
        FROM repairs AS r LEFT JOIN service_points AS p ON p.id = r.service_point_id
        WHERE {" AND ".join(conditions)}
        ORDER BY r.ended_at IS NOT NULL, coalesce(r.due_at, r.appointment_at, r.booked_at), r.id""",
        {"now": now, "point_id": point_id, "case_number": case_number},
    )


def count_overdue_repairs(db: Database, now: str) -> int:
    """Return how many repairs are late, and booked pieces did not come at their appointment."""
    return int(fetch_value(db, f"SELECT count(*) FROM repairs AS r WHERE {_LATE}", {"now": now}))


def move_case_repairs(db: Database, case_number: int, into: int) -> None:
    """Let the repairs of a case that is merged go on with the other one."""
    sql = "UPDATE repairs SET case_number = :into WHERE case_number = :number"
    execute(db, sql, {"number": case_number, "into": into})


def list_repair_events(db: Database, repair: Repair) -> list[CaseEvent]:
    """Return the history of a repair, in the order it happened; its events' notes begin with its number.

    A case that was merged keeps its part of the history.
    """
    return fetch(
        db,
        CaseEvent,
        f"""SELECT {columns(CaseEvent)} FROM case_events
        WHERE field = 'repair' AND (note = :mark OR note LIKE :mark || ' %')
          AND case_number IN (SELECT number FROM cases WHERE number = :number OR merged_into = :number)
        ORDER BY at, case_number <> :number DESC, seq""",
        {"number": repair.case_number, "mark": f"#{repair.id}"},
    )


def insert_service_point(
    db: Database, *, code: str, name: str, address: str, phone: str, created_at: str
) -> int:
    """Add a service point and return its id."""
    values = {"code": code, "name": name, "address": address, "phone": phone, "created_at": created_at}
    return insert_row(db, "service_points", values)


def change_service_point(db: Database, point_id: int, changes: Mapping[str, object]) -> None:
    """Set columns of a service point."""
    assert changes.keys() <= _POINT_CHANGEABLE, f"not to be changed: {sorted(changes)}"
    assignments = ", ".join(f"{name} = :{name}" for name in changes) or "id = id"
    execute(db, f"UPDATE service_points SET {assignments} WHERE id = :id", {**changes, "id": point_id})


def list_service_points(db: Database) -> list[ServicePoint]:
    """Return all service points by code."""
    return fetch(db, ServicePoint, f"SELECT {_POINT} FROM service_points ORDER BY active DESC, code")


def get_service_point(db: Database, point_id: int) -> ServicePoint | None:
    """Return the service point with this id."""
    sql = f"SELECT {_POINT} FROM service_points WHERE id = :id"
    return fetch_one(db, ServicePoint, sql, {"id": point_id})


def find_service_point(db: Database, word: str) -> ServicePoint | None:
    """Return the service point with this code or name; of several of one name the oldest."""
    sql = f"SELECT {_POINT} FROM service_points WHERE code = :word OR name = :word ORDER BY code <> :word, id"
    return fetch_one(db, ServicePoint, sql, {"word": word})
