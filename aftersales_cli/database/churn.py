"""Order days, and the churn scores made of them."""

from collections.abc import Collection, Iterable, Iterator

from sqlite_utils import Database

from aftersales_cli.database.facts import FACTS
from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, fetch_rows, field_names
from aftersales_cli.records.churn import ChurnRow, ChurnRun, ChurnScore

OrderDay = tuple[int, str, str, int]
"""Customer, local day, currency, and what was paid less what was refunded."""

_DAYS = f"""
    SELECT f.customer_id, f.paid_on, f.currency, SUM(COALESCE(f.paid, 0) - COALESCE(f.refunded, 0))
    FROM orders AS f JOIN customers AS u ON u.id = f.customer_id
    WHERE f.paid_on <= :on AND u.erased_at IS NULL AND {FACTS["orders"].conditions["paid"]}
    GROUP BY f.customer_id, f.paid_on, f.currency ORDER BY f.customer_id, f.paid_on"""


def iterate_order_days(db: Database, on: str) -> Iterator[OrderDay]:
    """Yield the days with paid orders up to a day, of one customer after the other, earliest first."""
    yield from db.conn.execute(_DAYS, {"on": on})


_SCORE = field_names(ChurnScore)
_ROW = f"""
    SELECT s.customer_id, u.name, u.phone, u.email, u.do_not_contact, s.as_of,
        COALESCE((SELECT v.segment FROM customer_values AS v WHERE v.customer_id = s.customer_id
            ORDER BY v.month DESC LIMIT 1), '') AS segment,
        {", ".join(f"s.{name}" for name in _SCORE if name != "customer_id")}
    FROM churn_scores AS s JOIN customers AS u ON u.id = s.customer_id"""


def list_scores(db: Database) -> dict[int, ChurnScore]:
    """Return customer → score of all that are stored."""
    return {
        row[0]: ChurnScore(*row) for row in fetch_rows(db, f"SELECT {columns(ChurnScore)} FROM churn_scores")
    }


def list_churn_rows(db: Database, degrees: Collection[str], limit: int) -> list[ChurnRow]:
    """Return the customers of some degrees, those whose leaving costs most first."""
    marks = {f"degree_{position}": degree for position, degree in enumerate(sorted(degrees))}
    places = ", ".join(f":{name}" for name in marks)
    order = "s.value_lost DESC NULLS LAST, s.expected_orders DESC, s.customer_id"
    sql = f"{_ROW} WHERE s.degree IN ({places}) ORDER BY {order} LIMIT :limit"
    return fetch(db, ChurnRow, sql, {**marks, "limit": limit})


def get_churn_row(db: Database, customer_id: int) -> ChurnRow | None:
    """Return the score of one customer."""
    return fetch_one(db, ChurnRow, f"{_ROW} WHERE s.customer_id = :id", {"id": customer_id})


def count_degrees(db: Database) -> dict[str, tuple[int, int, int]]:
    """Return degree → how many customers, what their leaving costs, and of how many that is not known."""
    rows = fetch_rows(
        db,
        "SELECT degree, COUNT(*), COALESCE(SUM(value_lost), 0), SUM(value_lost IS NULL) FROM churn_scores GROUP BY degree",
    )
    return {degree: (count, value, unknown) for degree, count, value, unknown in rows}


def write_scores(db: Database, on: str, scores: Iterable[ChurnScore]) -> None:
    """Store new and changed scores, as of a day; only inside ``Shop.writing``.

    Customers who were merged or taken back since they were read are left out.
    """
    assert db.conn.in_transaction, "writes go through Shop.writing"
    names = ("as_of", *_SCORE)
    sets = ", ".join(f"{name} = excluded.{name}" for name in names if name != "customer_id")
    db.conn.executemany(
        f"INSERT INTO churn_scores ({', '.join(names)}) SELECT {', '.join('?' * len(names))} "
        "WHERE EXISTS (SELECT 1 FROM customers WHERE id = ?) "
        f"ON CONFLICT (customer_id) DO UPDATE SET {sets}",
        ((on, *(getattr(score, name) for name in _SCORE), score.customer_id) for score in scores),
    )


def delete_scores(db: Database, customer_ids: Iterable[int]) -> None:
    """Forget scores of customers who have no paid order any more; only inside ``Shop.writing``."""
    assert db.conn.in_transaction, "writes go through Shop.writing"
    db.conn.executemany(
        "DELETE FROM churn_scores WHERE customer_id = ?", ((number,) for number in customer_ids)
    )


_RUN = f"SELECT {columns(ChurnRun)} FROM churn_runs"


def last_run(db: Database, on: str | None = None) -> ChurnRun | None:
    """Return the newest scoring, or the newest as of one day; None if there is none."""
    return fetch_one(
        db, ChurnRun, f"{_RUN} WHERE :day IS NULL OR as_of = :day ORDER BY id DESC LIMIT 1", {"day": on}
    )


def insert_run(db: Database, run: ChurnRun, at: str) -> None:
    """Note a scoring."""
    names = field_names(ChurnRun)
    execute(
        db,
        f"INSERT INTO churn_runs ({', '.join(names)}, at) VALUES ({', '.join(f':{name}' for name in names)}, :at)",
        {**{name: getattr(run, name) for name in names}, "at": at},
    )
