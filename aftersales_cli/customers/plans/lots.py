"""The lot that holds customers out of a plan, so that what calling does can be measured. Rules only."""

import hashlib
from datetime import date, timedelta


def period_start(on: date, days: int) -> date:
    """Return the first day of the period that a day belongs to; periods of so many days follow one another."""
    return on - timedelta(days=on.toordinal() % max(days, 1))


def is_held_out(percent: int, *, plan: str, version: int, customer_id: int, period: date) -> bool:
    """Draw the lot of a customer for a period: always the same, and as good as random over customers.

    A new version of the plan draws anew.
    """
    if percent <= 0:
        return False
    ticket = f"{plan}.{version}.{customer_id}.{period.isoformat()}"
    number = int.from_bytes(hashlib.sha256(ticket.encode()).digest()[:8])
    return number % 10_000 < percent * 100
