"""The audit log: one entry per operation, appended only."""

import json
from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, fetch, insert
from aftersales_cli.records.runs import AuditEntry


def append_audit(
    db: Database, *, at: str, actor: str, operation: str, subjects: Sequence[str], counts: Mapping[str, int]
) -> int:
    """Append an entry; ``subjects`` are ids like ``case:17``, ``counts`` totals like ``{"orders_new": 12}``."""
    return insert(
        db,
        "INSERT INTO audit_log (at, actor, operation, subjects, counts) "
        "VALUES (:at, :actor, :operation, :subjects, :counts)",
        {
            "at": at,
            "actor": actor,
            "operation": operation,
            "subjects": " ".join(subjects),
            "counts": json.dumps(dict(counts), sort_keys=True),
        },
    )


def list_audit(db: Database, *, limit: int = 100) -> list[AuditEntry]:
    """Return the latest entries, newest first."""
    return fetch(
        db,
        AuditEntry,
        f"SELECT {columns(AuditEntry)} FROM audit_log ORDER BY id DESC LIMIT :limit",
        {"limit": limit},
    )
