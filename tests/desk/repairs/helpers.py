"""Repairs made up for tests of rules."""

from dataclasses import replace
from typing import Any

from aftersales_cli.records.repairs import Repair

_PLAIN = Repair(
    id=1,
    case_number=17,
    order_line_id=None,
    kind="repair",
    status="received",
    sku="",
    product="Lamp",
    serial="",
    warranty="in",
    warranty_until="2027-01-01",
    warranty_since="delivered",
    warranty_from="2026-01-01",
    warranty_months=12,
    months_basis="given",
    warranty_added=0,
    not_covered="",
    round=1,
    service_point_id=None,
    problem="",
    appointment_at=None,
    booked_at="2026-10-01T01:00:00Z",
    received_at=None,
    due_at=None,
    diagnosis="",
    currency="CNY",
    quote=None,
    quoted_at=None,
    approved_at=None,
    parts_cost=None,
    shipped_at=None,
    carrier="",
    number="",
    ended_at=None,
)


def a_repair(**values: Any) -> Repair:
    """Return a repair with some fields set."""
    return replace(_PLAIN, **values)
