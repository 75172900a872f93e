"""Notice that several customers complain about the same thing within a few days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from aftersales_cli.clock import from_text
from aftersales_cli.records.cases import OPEN_STATUSES
from aftersales_cli.records.desk_rows import QualityCase

QUALITY_REASONS = (
    "defect",
    "not_as_described",
    "damaged_transit",
    "wrong_item",
    "missing_item",
    "counterfeit",
    "allergy_safety",
)
"""Reasons that point at the goods whatever kind of case they come with."""


@dataclass(frozen=True)
class Cluster:
    """Cases of one product and reason that came close together."""

    sku: str
    product: str
    reason: str
    numbers: tuple[int, ...]
    customers: int
    open_cases: int
    first_at: str
    last_at: str


def product_key(sku: str, product: str) -> str:
    """Return what tells one product from another: its number, else its title."""
    return sku or product


def find_clusters(rows: Sequence[QualityCase], *, count: int, days: int) -> list[Cluster]:
    """Return the runs of cases in which at least ``count`` customers came within ``days`` times 24 hours.

    One customer who complains several times counts once. Runs that touch are one; the largest comes first.
    """
    groups: dict[tuple[str, str], list[QualityCase]] = {}
    for row in rows:
        groups.setdefault((product_key(row.sku, row.product), row.reason), []).append(row)
    clusters = []
    for group in groups.values():
        ordered = sorted(group, key=lambda row: (row.opened_at, row.number))
        clusters += [_describe(run) for run in _runs(ordered, count=count, days=days)]
    return sorted(clusters, key=lambda found: (-found.customers, found.first_at, found.numbers))


def _runs(rows: Sequence[QualityCase], *, count: int, days: int) -> list[list[QualityCase]]:
    """Return the unions of overlapping windows that hold enough people."""
    span = timedelta(days=days)
    runs: list[list[int]] = []
    first = 0
    for last, row in enumerate(rows):
        while from_text(row.opened_at) - from_text(rows[first].opened_at) > span:
            first += 1
        if len({entry.person for entry in rows[first : last + 1]}) < count:
            continue
        if runs and first <= runs[-1][1]:
            runs[-1][1] = last
        else:
            runs.append([first, last])
    return [list(rows[start : end + 1]) for start, end in runs]


def _describe(run: Sequence[QualityCase]) -> Cluster:
    return Cluster(
        sku=run[-1].sku,
        product=next((row.product for row in reversed(run) if row.product), ""),
        reason=run[0].reason,
        numbers=tuple(dict.fromkeys(row.number for row in run)),
        customers=len({row.person for row in run}),
        open_cases=len({row.number for row in run if row.status in OPEN_STATUSES}),
        first_at=run[0].opened_at,
        last_at=run[-1].opened_at,
    )
