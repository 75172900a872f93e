"""Who is leaving, as lists may show it."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from aftersales_cli.customers.churn.gap_rule import LEAVING
from aftersales_cli.database.churn import count_degrees, get_churn_row, last_run, list_churn_rows
from aftersales_cli.desk.contacts import mask_email, mask_phone, mask_word
from aftersales_cli.records.churn import ChurnRow
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class DegreeCount:
    """How many customers are of a degree, and what their leaving costs in minor units of the shop's currency."""

    degree: str
    customers: int
    value_lost: int
    without_value: int
    """Customers whose value is not known, for want of an exchange rate."""


@dataclass(frozen=True)
class ChurnList:
    """The customers of some degrees, with how they were scored; contacts masked."""

    as_of: str | None
    """The day of the newest scoring, None if there was none."""
    method: str
    customers: int
    repeaters: int
    parameters: dict[str, float]
    guards: list[dict[str, Any]]
    currency: str
    degrees: list[DegreeCount]
    rows: list[ChurnRow]


def list_churn(shop: Shop, degrees: Collection[str] = LEAVING, limit: int = 50) -> ChurnList:
    """Return the customers of these degrees whose leaving costs most, contacts masked."""
    run = last_run(shop.database)
    counts = count_degrees(shop.database)
    return ChurnList(
        as_of=run.as_of if run else None,
        method=run.method if run else "",
        customers=run.customers if run else 0,
        repeaters=run.repeaters if run else 0,
        parameters=json.loads(run.parameters) if run else {},
        guards=json.loads(run.explanation) if run else [],
        currency=shop.settings.shop.currency,
        degrees=[
            DegreeCount(degree, *counts[degree])
            for degree in shop.taxonomy("churn_degrees").terms
            if degree in counts
        ],
        rows=[_mask(row) for row in list_churn_rows(shop.database, degrees, limit)],
    )


def get_churn(shop: Shop, customer_id: int) -> ChurnRow | None:
    """Return one customer's score, contacts masked; None if there is none."""
    row = get_churn_row(shop.database, customer_id)
    return _mask(row) if row else None


def _mask(row: ChurnRow) -> ChurnRow:
    return replace(
        row,
        name=mask_word(row.name),
        phone=row.phone and mask_phone(row.phone),
        email=row.email and mask_email(row.email),
    )
