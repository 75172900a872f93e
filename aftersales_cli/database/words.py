"""The platforms' words nobody listed: counted over imports, and mapped in rows that hold them raw."""

from dataclasses import dataclass

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute, fetch
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
    """A refund record whose state was not known, with its case."""

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


def map_order_status(db: Database, word: str, code: str, progress: int) -> int:
    """Give orders with this raw state the code; returns how many."""
    return execute(
        db,
        "UPDATE orders SET status = :code, progress = :progress WHERE status = 'unknown' AND status_raw = :word",
        {"word": word, "code": code, "progress": progress},
    )


def map_reason(db: Database, word: str, code: str) -> int:
    """Give cases with this raw reason the code, where people have not said another; returns how many."""
    return execute(
        db,
        """UPDATE cases SET
            reason_first = CASE WHEN reason_first = 'unknown' THEN :code ELSE reason_first END,
            reason_final = CASE WHEN reason_final = 'unknown' THEN :code ELSE reason_final END
        WHERE reason_raw = :word AND 'unknown' IN (reason_first, reason_final)""",
        {"word": word, "code": code},
    )


def list_waiting_refunds(db: Database, word: str) -> list[WaitingRefund]:
    """Return the refund records with this raw state that is not known."""
    return fetch(
        db,
        WaitingRefund,
        """SELECT r.id, r.case_number, c.kind, r.storefront_id, r.order_external_id, r.requested_at, r.as_of,
            c.status AS case_status, EXISTS (SELECT 1 FROM case_events AS e WHERE e.case_number = c.number
                AND e.type NOT IN ('imported', 'joined')) AS worked_on
        FROM refunds AS r JOIN cases AS c ON c.number = r.case_number
        WHERE r.status = 'unknown' AND r.status_raw = :word ORDER BY r.id""",
        {"word": word},
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
    execute(
        db,
        """INSERT INTO case_events (case_number, seq, at, recorded_at, actor, type, field, before, after)
        SELECT :number, COALESCE(MAX(seq), 0) + 1, :at, :stamp, :actor, 'imported', 'status', :before, :status
        FROM case_events WHERE case_number = :number""",
        values,
    )


def settle_refunds_of(db: Database, refunds: list[WaitingRefund]) -> None:
    """Compute the refund figures of the orders of these records anew."""
    for storefront_id in sorted({entry.storefront_id for entry in refunds}):
        settle_orders(
            db,
            storefront_id,
            [entry.order_external_id for entry in refunds if entry.storefront_id == storefront_id],
        )
