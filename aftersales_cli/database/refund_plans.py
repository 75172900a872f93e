"""Refund plans with their parts and attempts, and the marketplaces' records they are tied to."""

from collections.abc import Iterable, Mapping

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_rows, fetch_value
from aftersales_cli.database.rows import StatusTable, change_guarded, insert_row
from aftersales_cli.records.payouts import PlanRow, RefundAttempt, RefundPart, RefundPlan, Unplanned

_PLAN = columns(RefundPlan)
_TABLE = StatusTable(
    "refund_plans",
    RefundPlan,
    fixed=("case_number", "order_id", "currency", "key", "planned_at", "planned_by"),
)

_ROWS = """SELECT p.id, p.case_number, p.request_id, coalesce(o.display_number, k.order_external_id) AS order_number,
    p.currency, (SELECT coalesce(sum(amount), 0) FROM refund_parts WHERE plan_id = p.id) AS amount,
    p.status, p.route, p.second_needed, p.planned_at, p.planned_by, p.due_at, p.succeeded_at,
    (SELECT count(*) FROM refund_attempts WHERE plan_id = p.id) AS attempts, p.failure, p.reference,
    coalesce(f.external_id, '') AS platform_number
    FROM refund_plans AS p JOIN cases AS k ON k.number = p.case_number
    LEFT JOIN orders AS o ON o.id = p.order_id LEFT JOIN refunds AS f ON f.id = p.refund_id"""
_UNPAID = "p.status IN ('planned', 'approved', 'requested', 'failed')"


def insert_plan(db: Database, values: Mapping[str, object], parts: Iterable[Mapping[str, object]]) -> int:
    """Add a plan with its parts; both map columns to what they hold, others take their defaults."""
    plan_id = insert_row(db, "refund_plans", values)
    for position, part in enumerate(parts, start=1):
        insert_row(db, "refund_parts", {**part, "plan_id": plan_id, "position": position})
    return plan_id


def get_plan(db: Database, plan_id: int) -> RefundPlan | None:
    """Return the plan with this number."""
    return fetch_one(db, RefundPlan, f"SELECT {_PLAN} FROM refund_plans WHERE id = :id", {"id": plan_id})


def find_plan_with_key(db: Database, base: str) -> RefundPlan | None:
    """Return the newest plan for the same words that is not void; ``base`` is what keys begin with."""
    return fetch_one(
        db,
        RefundPlan,
        f"SELECT {_PLAN} FROM refund_plans WHERE key >= :base || ':' AND key < :base || ';' "
        "AND status <> 'void' ORDER BY id DESC LIMIT 1",
        {"base": base},
    )


def next_key(db: Database, base: str) -> str:
    """Return the key of one more plan for the same words."""
    found = fetch_value(
        db,
        "SELECT count(*) FROM refund_plans WHERE key >= :base || ':' AND key < :base || ';'",
        {"base": base},
    )
    return f"{base}:{found}"


def list_request_plans(db: Database, request_id: int) -> list[RefundPlan]:
    """Return the plans of a request that are not void, earliest first."""
    sql = f"SELECT {_PLAN} FROM refund_plans WHERE request_id = :id AND status <> 'void' ORDER BY id"
    return fetch(db, RefundPlan, sql, {"id": request_id})


def sum_request_goods(db: Database, request_id: int) -> int:
    """Return the money of goods in the plans of a request that are not void."""
    return int(
        fetch_value(
            db,
            """SELECT coalesce(sum(s.amount), 0) FROM refund_plans AS p JOIN refund_parts AS s ON s.plan_id = p.id
            WHERE p.request_id = :id AND p.status <> 'void' AND s.type = 'goods'""",
            {"id": request_id},
        )
    )


def list_case_plans(db: Database, case_number: int) -> list[RefundPlan]:
    """Return all plans of a case, earliest first."""
    sql = f"SELECT {_PLAN} FROM refund_plans WHERE case_number = :number ORDER BY id"
    return fetch(db, RefundPlan, sql, {"number": case_number})


def list_parts(db: Database, plan_id: int) -> list[RefundPart]:
    """Return the parts of a plan in their order."""
    sql = f"SELECT {columns(RefundPart)} FROM refund_parts WHERE plan_id = :id ORDER BY position"
    return fetch(db, RefundPart, sql, {"id": plan_id})


def list_part_names(db: Database, plan_id: int) -> dict[int, str]:
    """Return position → product of the parts that are about one."""
    rows = fetch_rows(
        db,
        """SELECT p.position, coalesce(nullif(l.title, ''), nullif(l.sku, ''), r.title) FROM refund_parts AS p
        LEFT JOIN order_lines AS l ON l.id = p.order_line_id
        LEFT JOIN return_lines AS r ON r.id = p.return_line_id
        WHERE p.plan_id = :id AND p.type = 'goods'""",
        {"id": plan_id},
    )
    return {position: name or "" for position, name in rows}


def change_plan(db: Database, plan_id: int, *, expected: str, changes: Mapping[str, object]) -> bool:
    """Set columns if the plan still has the expected status; tell whether it had."""
    return change_guarded(db, _TABLE, plan_id, expected=expected, changes=changes)


def append_attempt(
    db: Database, plan_id: int, *, at: str, actor: str, outcome: str, reference: str = "", note: str = ""
) -> None:
    """Add a try to have a refund paid."""
    execute(
        db,
        "INSERT INTO refund_attempts (plan_id, seq, at, actor, outcome, reference, note) "
        "SELECT :plan_id, coalesce(max(seq), 0) + 1, :at, :actor, :outcome, :reference, :note "
        "FROM refund_attempts WHERE plan_id = :plan_id",
        {
            "plan_id": plan_id,
            "at": at,
            "actor": actor,
            "outcome": outcome,
            "reference": reference,
            "note": note,
        },
    )


def list_attempts(db: Database, plan_id: int) -> list[RefundAttempt]:
    """Return the tries of a plan, earliest first."""
    sql = f"SELECT {columns(RefundAttempt)} FROM refund_attempts WHERE plan_id = :id ORDER BY seq"
    return fetch(db, RefundAttempt, sql, {"id": plan_id})


def list_plans(
    db: Database,
    *,
    only_open: bool = False,
    case_number: int | None = None,
    status: str = "",
    limit: int = -1,
) -> list[PlanRow]:
    """Return plans as listings show them: unpaid ones by what is due first, then the newest."""
    return fetch(
        db,
        PlanRow,
        f"""{_ROWS} WHERE (NOT :only_open OR {_UNPAID}) AND (:case_number IS NULL OR p.case_number = :case_number)
            AND (:status = '' OR p.status = :status)
        ORDER BY NOT {_UNPAID}, CASE WHEN {_UNPAID} THEN coalesce(p.due_at, '9999') END, p.id DESC LIMIT :limit""",
        {"only_open": only_open, "case_number": case_number, "status": status, "limit": limit},
    )


def get_plan_row(db: Database, plan_id: int) -> PlanRow | None:
    """Return one plan as listings show it."""
    return fetch_one(db, PlanRow, f"{_ROWS} WHERE p.id = :id", {"id": plan_id})


# Goods received by hand have an event and no parcel.
_RECEIVED = """coalesce(
    (SELECT max(b.received_at) FROM return_parcels AS b
     WHERE b.request_id = r.id AND b.direction = 'in' AND b.status = 'received'),
    (SELECT min(e.at) FROM case_events AS e
     WHERE e.case_number = r.case_number AND e.type IN ('received', 'inspected')))"""


def find_received(db: Database, request_id: int) -> str | None:
    """Return when the goods of a request were back, None if that is not known."""
    found = fetch_value(
        db, f"SELECT {_RECEIVED} FROM return_requests AS r WHERE r.id = :id", {"id": request_id}
    )
    return None if found is None else str(found)


def list_unplanned(db: Database) -> list[Unplanned]:
    """Return approved requests for money without a plan: refund only, or goods that are back and accepted.

    Those whose money the marketplace paid back itself are none.
    """
    return fetch(
        db,
        Unplanned,
        f"""SELECT r.id AS request_id, r.case_number, coalesce(o.display_number, k.order_external_id) AS order_number,
            r.currency, r.kind, r.rules, r.policy_version, r.requested_at, r.decided_at, {_RECEIVED} AS received_at
        FROM return_requests AS r JOIN cases AS k ON k.number = r.case_number
        LEFT JOIN orders AS o ON o.id = r.order_id
        WHERE r.status IN ('auto_approved', 'approved') AND r.ended_at IS NULL
          AND r.kind IN ('return', 'refund_only')
          AND EXISTS (SELECT 1 FROM return_lines AS l WHERE l.request_id = r.id
              AND CASE r.kind WHEN 'return' THEN l.accepted ELSE l.approved END > 0)
          AND NOT EXISTS (SELECT 1 FROM refund_plans AS p WHERE p.request_id = r.id AND p.status <> 'void')
          AND NOT EXISTS (SELECT 1 FROM refunds AS f WHERE f.case_number = r.case_number
              AND f.status IN ('agreed', 'succeeded', 'closed', 'refused'))
        ORDER BY r.id""",
    )


_TIE = """open.id AS plan_id, f.id AS refund_id, f.external_id, coalesce(f.succeeded_at, f.requested_at,
    (SELECT imported_at FROM imports WHERE id = :import_id)) AS at, open.case_number = f.case_number AS same_case"""
_TIED = """f.status = 'succeeded' AND f.to_buyer > 0 AND f.to_buyer = open.amount AND f.currency = open.currency
    AND coalesce(f.changed_by_import, f.created_by_import) = :import_id
    AND NOT EXISTS (SELECT 1 FROM refund_plans AS taken WHERE taken.refund_id = f.id)"""


def find_ties(db: Database, import_id: int) -> list[tuple[int, int, str, str]]:
    """Return plan, record of a marketplace, its number and its moment where an import told us of the same money.

    Only what is beyond doubt: one plan and one record of the same case, else of the same order, with the same
    amount. A plan made when the record was known already is other money.
    """
    return fetch_rows(
        db,
        # From the plans, which are few, to the records of their order and case, which both have an index.
        f"""WITH open AS (
            SELECT p.id, p.case_number, p.order_id, p.currency, sum(s.amount) AS amount
            FROM refund_plans AS p JOIN refund_parts AS s ON s.plan_id = p.id
            WHERE p.refund_id IS NULL AND p.status <> 'void' GROUP BY p.id
        ), fits AS (
            SELECT {_TIE} FROM open JOIN orders AS o ON o.id = open.order_id
            CROSS JOIN refunds AS f ON f.storefront_id = o.storefront_id AND f.order_external_id = o.external_id
            WHERE {_TIED}
            UNION
            SELECT {_TIE} FROM open CROSS JOIN refunds AS f ON f.case_number = open.case_number WHERE {_TIED}
        ), best AS (
            SELECT * FROM fits AS f WHERE f.same_case OR NOT EXISTS (
                SELECT 1 FROM fits AS other
                WHERE other.same_case AND (other.plan_id = f.plan_id OR other.refund_id = f.refund_id))
        )
        SELECT plan_id, refund_id, external_id, at FROM best AS b
        WHERE (SELECT count(*) FROM best AS n WHERE n.plan_id = b.plan_id) = 1
          AND (SELECT count(*) FROM best AS n WHERE n.refund_id = b.refund_id) = 1
        ORDER BY plan_id""",
        {"import_id": import_id},
    )


def tie_plan(db: Database, plan_id: int, refund_id: int) -> bool:
    """Note that a plan and a marketplace's record are the same money; tell whether neither was tied."""
    return (
        execute(
            db,
            "UPDATE refund_plans SET refund_id = :refund_id WHERE id = :plan_id AND refund_id IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM refund_plans AS other WHERE other.refund_id = :refund_id)",
            {"plan_id": plan_id, "refund_id": refund_id},
        )
        == 1
    )
