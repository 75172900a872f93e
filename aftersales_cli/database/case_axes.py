"""Everything of a case that moves beside its status: requests, parcels, refunds, replacements, repairs."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_value
from aftersales_cli.database.returns import list_case_requests, list_return_lines
from aftersales_cli.records.axes import AskedFor, CaseAxes
from aftersales_cli.records.payouts import RefundPlan
from aftersales_cli.records.repairs import Repair
from aftersales_cli.records.returns import Replacement, ReturnParcel


def read_case_axes(db: Database, case_number: int) -> CaseAxes:
    """Return all that a case has on its axes, each earliest first."""
    values = {"number": case_number}

    def sql(record: type, table: str) -> str:
        return f"SELECT {columns(record)} FROM {table} WHERE case_number = :number ORDER BY id"

    requests = list_case_requests(db, case_number)
    return CaseAxes(
        case_number=case_number,
        asked=tuple(AskedFor(request, tuple(list_return_lines(db, request.id))) for request in requests),
        parcels=tuple(fetch(db, ReturnParcel, sql(ReturnParcel, "return_parcels"), values)),
        plans=tuple(fetch(db, RefundPlan, sql(RefundPlan, "refund_plans"), values)),
        replacements=tuple(fetch(db, Replacement, sql(Replacement, "replacements"), values)),
        repairs=tuple(fetch(db, Repair, sql(Repair, "repairs"), values)),
        platform_refunded=bool(
            fetch_value(
                db,
                "SELECT count(*) FROM refunds WHERE case_number = :number AND status = 'succeeded'",
                values,
            )
        ),
    )


def list_request_plans(db: Database, request_id: int) -> list[RefundPlan]:
    """Return the refunds planned for a request, earliest first."""
    sql = f"SELECT {columns(RefundPlan)} FROM refund_plans WHERE request_id = :id ORDER BY id"
    return fetch(db, RefundPlan, sql, {"id": request_id})


def give_up_awaited(db: Database, request_id: int) -> int:
    """Expect no parcel of a request any more that was not sent; return how many there were."""
    return execute(
        db,
        "UPDATE return_parcels SET status = 'expired' WHERE request_id = :id AND direction = 'in' "
        "AND status = 'awaiting'",
        {"id": request_id},
    )


_MOVING = ("return_requests", "return_parcels", "refund_plans", "replacements", "invoices", "case_costs")


def move_case_axes(db: Database, case_number: int, into: int) -> None:
    """Let all that hangs on a case that is merged go on with the other one: requests, money, goods, papers, costs.

    Evidence both have stays with each.
    """
    for table in _MOVING:
        sql = f"UPDATE {table} SET case_number = :into WHERE case_number = :number"
        execute(db, sql, {"number": case_number, "into": into})
    execute(
        db,
        "UPDATE OR IGNORE evidence SET case_number = :into WHERE case_number = :number",
        {"number": case_number, "into": into},
    )
