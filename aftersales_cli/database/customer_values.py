"""What customers are worth, month by month: a row is written only where something differs from the one before."""

from collections.abc import Iterable

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_rows
from aftersales_cli.records.value import CustomerValue, SegmentTotals, ValueRun

_COLUMNS = columns(CustomerValue)
_STATE = tuple(
    name for name in CustomerValue.__dataclass_fields__ if name not in ("customer_id", "month", "as_of", "recency_days")
)  # fmt: skip
_LATEST = """v.month = (SELECT MAX(x.month) FROM customer_values AS x
    WHERE x.customer_id = v.customer_id AND x.month <= :month)"""
ANY_MONTH = "9999-12"


def get_value_run(db: Database, month: str) -> ValueRun | None:
    """Return the breakpoints of a month."""
    sql = f"SELECT {columns(ValueRun)} FROM value_runs WHERE month = :month"
    return fetch_one(db, ValueRun, sql, {"month": month})


def latest_value_run(db: Database) -> ValueRun | None:
    """Return the newest breakpoints."""
    return fetch_one(db, ValueRun, f"SELECT {columns(ValueRun)} FROM value_runs ORDER BY month DESC LIMIT 1")


def list_value_months(db: Database) -> list[str]:
    """Return the months that were valued, oldest first."""
    return [month for (month,) in fetch_rows(db, "SELECT month FROM value_runs ORDER BY month")]


def store_value_run(db: Database, run: ValueRun) -> None:
    """Add or replace the breakpoints of a month. Inside ``writing``."""
    names = ", ".join(ValueRun.__dataclass_fields__)
    marks = ", ".join(f":{name}" for name in ValueRun.__dataclass_fields__)
    execute(db, f"INSERT OR REPLACE INTO value_runs ({names}) VALUES ({marks})", vars(run))


def note_as_of(db: Database, month: str, day: str) -> None:
    """Note that the values of a month hold for a later day. Inside ``writing``."""
    sql = "UPDATE value_runs SET as_of = :day WHERE month = :month AND as_of < :day"
    execute(db, sql, {"month": month, "day": day})


def write_values(db: Database, values: Iterable[CustomerValue]) -> int:
    """Write those of these values that differ from what stood there before; return how many. Inside ``writing``."""
    db.conn.execute("DROP TABLE IF EXISTS temp.new_values")
    db.conn.execute(f"CREATE TEMP TABLE new_values (customer_id INTEGER PRIMARY KEY, {', '.join(_rest())})")
    db.conn.executemany(
        f"INSERT INTO temp.new_values ({_COLUMNS}) VALUES ({', '.join('?' for _name in _all())})",
        [tuple(vars(value).values()) for value in values],
    )
    state = ", ".join(f"n.{name}" for name in _STATE)
    written = execute(
        db,
        f"""INSERT INTO customer_values ({_COLUMNS}) SELECT {columns(CustomerValue, "n.")} FROM temp.new_values AS n
        WHERE NOT EXISTS (
            SELECT 1 FROM customer_values AS v WHERE v.customer_id = n.customer_id
              AND v.month = (SELECT MAX(x.month) FROM customer_values AS x
                             WHERE x.customer_id = n.customer_id AND x.month <= n.month)
              AND ({", ".join(f"v.{name}" for name in _STATE)}) IS ({state}))
        ON CONFLICT DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _rest())}""",
    )
    db.conn.execute("DROP TABLE temp.new_values")
    return written


def _all() -> tuple[str, ...]:
    return tuple(CustomerValue.__dataclass_fields__)


def _rest() -> list[str]:
    return [name for name in _all() if name != "customer_id"]


def get_value(db: Database, customer_id: int, month: str = ANY_MONTH) -> CustomerValue | None:
    """Return what a customer was worth at the end of a month, now without one."""
    return fetch_one(
        db,
        CustomerValue,
        f"""SELECT {_COLUMNS} FROM customer_values WHERE customer_id = :id AND month <= :month
        ORDER BY month DESC LIMIT 1""",
        {"id": customer_id, "month": month},
    )


def current_values(
    db: Database, *, segment: str = "", month: str = ANY_MONTH, limit: int = -1
) -> list[CustomerValue]:
    """Return what customers are worth, best first: now, or at the end of a month; of one segment or all.

    Customers who were forgotten still count in totals, but nobody needs them on a list.
    """
    return fetch(
        db,
        CustomerValue,
        f"""SELECT {_COLUMNS} FROM customer_values AS v WHERE {_LATEST} AND :segment IN ('', v.segment)
          AND v.customer_id NOT IN (SELECT id FROM customers WHERE erased_at IS NOT NULL)
        ORDER BY v.spend DESC, v.customer_id LIMIT :limit""",
        {"segment": segment, "month": month, "limit": limit},
    )


def segment_totals(db: Database) -> list[SegmentTotals]:
    """Return the segments as they stand; the spend only where it is known of everybody."""
    return fetch(
        db,
        SegmentTotals,
        f"""SELECT segment, COUNT(*) AS customers, SUM(orders) AS orders,
            CASE WHEN COUNT(spend) = COUNT(*) THEN SUM(spend) END AS spend, SUM(high_value) AS high_value,
            SUM(potential) AS potential, SUM(refund_abuse) AS refund_abuse
        FROM customer_values AS v WHERE {_LATEST} GROUP BY segment""",
        {"month": ANY_MONTH},
    )
