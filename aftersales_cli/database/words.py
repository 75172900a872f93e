"""The platforms' words nobody listed: counted over imports, and mapped in rows that hold them raw."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_rows
from aftersales_cli.database.settling import settle_orders


@dataclass(frozen=True)
class UnknownWord:
    """A word of a platform that stands for none of our codes."""

    field: str
    """Such as ``aftersales.reason``."""
    word: str
    count: int
    """Rows of all imports that had it."""
    imports: int
    last_seen_at: str
    platform: str


@dataclass(frozen=True)
class WaitingRefund:
    """A refund record whose state now means something else, with its case."""

    id: int
    case_number: int
    kind: str
    storefront_id: int
    order_external_id: str
    requested_at: str | None
    as_of: str
    case_status: str
    worked_on: bool
    """Whether people have done anything on the case; then its state stays theirs."""


def list_unknown_words(db: Database) -> list[UnknownWord]:
    """Return the unknown words of all imports that stand, most frequent first."""
    return fetch(
        db,
        UnknownWord,
        """SELECT w.value ->> 'field' AS field, w.value ->> 'value' AS word, SUM(w.value ->> 'count') AS count,
            COUNT(DISTINCT i.id) AS imports, MAX(i.imported_at) AS last_seen_at, MAX(i.platform) AS platform
        FROM imports AS i, json_each(i.warnings) AS w
        WHERE i.undone_at IS NULL AND w.value ->> 'code' = 'unknown_word'
        GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2""",
    )


_RAW_WORDS = {
    "order.status": "SELECT status_raw FROM orders UNION SELECT order_word FROM order_lines",
    "aftersales.status": "SELECT DISTINCT status_raw FROM refunds",
    "aftersales.reason": "SELECT DISTINCT reason_raw FROM cases",
    "tracking.status": "SELECT DISTINCT status_raw FROM parcels",
}
"""Fields whose raw words are kept with the rows."""


def list_raw_words(db: Database, field: str) -> list[str] | None:
    """Return the different raw words that rows hold for a field, None if its raw words are not kept."""
    sql = _RAW_WORDS.get(field)
    return None if sql is None else [word for (word,) in fetch_rows(db, sql) if word]


@dataclass(frozen=True)
class Meaning:
    """A new meaning of raw words, and which meanings it takes the place of."""

    words: Sequence[str]
    """As they stand in the rows."""
    before: Collection[str]
    """Codes the words may stand for so far; a row with another one was changed since."""
    code: str

    def values(self) -> dict[str, object]:
        """Return the parameters of the statements below."""
        return {
            "words": json.dumps(list(self.words)),
            "before": json.dumps(sorted(set(self.before) - {self.code})),
            "code": self.code,
        }


_WORD = "IN (SELECT value FROM json_each(:words))"
_BEFORE = "IN (SELECT value FROM json_each(:before))"
_BY_PEOPLE = """EXISTS (SELECT 1 FROM case_events AS e WHERE e.case_number = cases.number
    AND e.field = 'reason_final' AND e.type NOT IN ('imported', 'joined'))"""


@dataclass(frozen=True)
class StatedOrder:
    """An order with a raw state, and what decides what counts as paid."""

    id: int
    storefront_id: int
    external_id: str
    placed_on: str | None
    paid_at: str | None
    paid_on: str | None
    total: int | None
    paid: int | None
    paid_basis: str
    refunded_stated: int | None
    paid_facts: str | None
    paid_is_older: bool
    """Whether the amount, or what decides it, comes from an older file than the state."""


# A word decides nothing about an order that has a time of its cancelling.
_STATED = f"status_raw {_WORD} AND status {_BEFORE} AND paid_facts IS NOT 'cancelled'"


def list_stated_orders(db: Database, meaning: Meaning) -> list[StatedOrder]:
    """Return the orders with these raw states that do not have the meaning yet."""
    older = "COALESCE(cell_ages ->> 'paid', cell_ages ->> 'paid_facts') IS NOT NULL AS paid_is_older"
    names = columns(StatedOrder).replace("paid_is_older", older)
    sql = f"SELECT {names} FROM orders WHERE {_STATED} ORDER BY id"
    return fetch(db, StatedOrder, sql, meaning.values())


def map_order_status(
    db: Database, meaning: Meaning, progress: int, progress_before: Collection[int]
) -> tuple[int, int]:
    """Give orders with these raw states the code, and their lines its progress; returns how many orders and lines."""
    values = {**meaning.values(), "progress": progress, "old": json.dumps(sorted(progress_before))}
    orders = execute(db, f"UPDATE orders SET status = :code, progress = :progress WHERE {_STATED}", values)
    lines = execute(
        db,
        f"""UPDATE order_lines SET progress = :progress WHERE order_word {_WORD} AND progress <> :progress
            AND progress IN (SELECT value FROM json_each(:old))
            AND NOT EXISTS (SELECT 1 FROM orders AS o WHERE o.id = order_lines.order_id AND o.paid_facts = 'cancelled')""",
        values,
    )
    return orders, lines


def set_paid(
    db: Database,
    order: StatedOrder,
    *,
    paid: int | None,
    basis: str,
    paid_on: str | None,
    refunded: int | None,
) -> None:
    """Set what counts as paid of an order, and what its file says was refunded."""
    execute(
        db,
        """UPDATE orders SET paid = :paid, paid_basis = :basis, paid_on = :paid_on, refunded_stated = :refunded
        WHERE id = :id""",
        {"id": order.id, "paid": paid, "basis": basis, "paid_on": paid_on, "refunded": refunded},
    )


def map_reason(db: Database, meaning: Meaning) -> int:
    """Give cases with these raw reasons the code, where people have not said another; returns how many."""
    first, final = f"reason_first {_BEFORE}", f"reason_final {_BEFORE} AND NOT {_BY_PEOPLE}"
    return execute(
        db,
        f"""UPDATE cases SET reason_first = CASE WHEN {first} THEN :code ELSE reason_first END,
            reason_final = CASE WHEN {final} THEN :code ELSE reason_final END
        WHERE reason_raw {_WORD} AND (({first}) OR ({final}))""",
        meaning.values(),
    )


def list_parcels_with(db: Database, meaning: Meaning) -> list[tuple[int, str | None]]:
    """Return id and moment of the state of the parcels with these raw states."""
    sql = f"SELECT id, status_at FROM parcels WHERE status_raw {_WORD} AND status {_BEFORE} ORDER BY id"
    return [(number, moment) for number, moment in fetch_rows(db, sql, meaning.values())]


def set_parcel_status(
    db: Database, parcel_id: int, *, status: str, received_at: str | None, received_on: str | None
) -> None:
    """Set the state of a parcel and when it was received."""
    execute(
        db,
        "UPDATE parcels SET status = :status, received_at = :at, received_on = :day WHERE id = :id",
        {"id": parcel_id, "status": status, "at": received_at, "day": received_on},
    )


def list_waiting_refunds(db: Database, meaning: Meaning) -> list[WaitingRefund]:
    """Return the refund records with these raw states that do not have the meaning yet."""
    return fetch(
        db,
        WaitingRefund,
        f"""SELECT r.id, r.case_number, c.kind, r.storefront_id, r.order_external_id, r.requested_at, r.as_of,
            c.status AS case_status, EXISTS (SELECT 1 FROM case_events AS e WHERE e.case_number = c.number
                AND e.type NOT IN ('imported', 'joined')) AS worked_on
        FROM refunds AS r JOIN cases AS c ON c.number = r.case_number
        WHERE r.status {_BEFORE} AND r.status_raw {_WORD} ORDER BY r.id""",
        meaning.values(),
    )


def set_refund_status(
    db: Database,
    refund: WaitingRefund,
    *,
    code: str,
    progress: int,
    succeeded_at: str | None,
    succeeded_on: str | None,
) -> None:
    """Set the state of a refund record."""
    execute(
        db,
        """UPDATE refunds SET status = :code, progress = :progress, succeeded_at = :at, succeeded_on = :day
        WHERE id = :id""",
        {"id": refund.id, "code": code, "progress": progress, "at": succeeded_at, "day": succeeded_on},
    )


def set_case_state(
    db: Database,
    refund: WaitingRefund,
    *,
    status: str,
    resolution: str,
    cancel_reason: str,
    ended_at: str | None,
    solved_at: str | None,
    solved_on: str | None,
    stamp: str,
    actor: str,
) -> None:
    """Let the case of a refund record follow it, with an event."""
    values = {
        "number": refund.case_number, "before": refund.case_status, "status": status, "resolution": resolution,
        "cancel_reason": cancel_reason, "ended_at": ended_at, "solved_at": solved_at, "solved_on": solved_on,
        "stamp": stamp, "actor": actor, "at": refund.as_of,
    }  # fmt: skip
    execute(
        db,
        """UPDATE cases SET status = :status, resolution = :resolution, cancel_reason = :cancel_reason,
            closed_at = :ended_at, resolved_at = :solved_at, resolved_on = :solved_on WHERE number = :number""",
        values,
    )
    if refund.case_status == status:
        return
    execute(
        db,
        """INSERT INTO case_events (case_number, seq, at, recorded_at, actor, type, field, before, after)
        SELECT :number, COALESCE(MAX(seq), 0) + 1, :at, :stamp, :actor, 'imported', 'status', :before, :status
        FROM case_events WHERE case_number = :number""",
        values,
    )


def settle_refunds_of(db: Database, rows: Sequence[WaitingRefund | StatedOrder]) -> None:
    """Compute the refund figures of these orders, or of the orders of these records, anew."""
    numbers: dict[int, list[str]] = {}
    for row in rows:
        number = row.order_external_id if isinstance(row, WaitingRefund) else row.external_id
        numbers.setdefault(row.storefront_id, []).append(number)
    for storefront_id in sorted(numbers):
        settle_orders(db, storefront_id, numbers[storefront_id])
