"""Show callbacks with all a caller needs to know."""

from dataclasses import dataclass
from datetime import date

from aftersales_cli.customers.contact import Contact, ways_to_reach
from aftersales_cli.customers.scripts import load_scripts
from aftersales_cli.database.callbacks import (
    list_all_callbacks,
    list_callbacks_of_day,
    list_open_callbacks,
)
from aftersales_cli.language import plural
from aftersales_cli.records.customers import CallbackRow
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class ListedCallback:
    """A callback as lists show it: contacts masked as the settings say."""

    id: int
    reason: str
    due_on: str
    attempt: int
    status: str
    outcome: str
    score: int | None
    note: str
    next_due_on: str | None
    recorded_at: str | None
    revision: int
    planned_at: str
    case_number: int | None
    kind: str
    customer: str
    how_to_reach: list[str]
    storefront: str
    order_number: str
    product: str
    happened: str
    ask: str
    assignee: str


def list_due_callbacks(shop: Shop, on: date) -> list[ListedCallback]:
    """Return what is open and due on a day or before, most urgent first."""
    return _listed(shop, list_open_callbacks(shop.database, on.isoformat()), on)


def list_day(shop: Shop, on: date) -> list[ListedCallback]:
    """Return what is open and due on a day or before, and what was made on that day."""
    return _listed(shop, list_callbacks_of_day(shop.database, on.isoformat()), on)


def list_everything(shop: Shop) -> list[ListedCallback]:
    """Return every callback, latest due day first."""
    return _listed(shop, list_all_callbacks(shop.database), shop.today)


def _listed(shop: Shop, rows: list[CallbackRow], on: date) -> list[ListedCallback]:
    full = shop.settings.callbacks.contact == "full"
    scripts = load_scripts(shop.folder)
    return [
        ListedCallback(
            id=row.id,
            reason=row.reason,
            due_on=row.due_on,
            attempt=row.attempt,
            status=row.status,
            outcome=row.outcome,
            score=row.score,
            note=row.note,
            next_due_on=row.next_due_on,
            recorded_at=row.recorded_at,
            revision=row.revision,
            planned_at=row.planned_at,
            case_number=row.case_number,
            kind=row.kind,
            customer=row.customer,
            how_to_reach=ways_to_reach(
                Contact(row.platform, row.order_number, row.phone, row.email), full=full
            ),
            storefront=row.storefront,
            order_number=row.order_number,
            product=_first_product(row.products),
            happened=_describe_case(shop, row, on),
            ask=scripts.text(row.reason, row.kind),
            assignee=row.assignee,
        )
        for row in rows
    ]


def _first_product(products: str) -> str:
    first, *others = products.split("\n")
    return f"{first} +{len(others)}" if others else first


def _describe_case(shop: Shop, row: CallbackRow, on: date) -> str:
    """Return what happened in a line, e.g. ``return · screen cracked · refunded · solved 3 days ago``."""
    if row.case_number is None:
        return ""
    parts = [shop.taxonomy("kinds").label(row.kind)]
    if row.case_title:
        parts.append(row.case_title)
    elif row.case_reason:
        parts.append(shop.taxonomy("reasons").label(row.case_reason))
    if row.resolution:
        parts.append(shop.taxonomy("resolutions").label(row.resolution))
    if row.resolved_on:
        days = (on - date.fromisoformat(row.resolved_on)).days
        parts.append(plural("solved {count} day ago", "solved {count} days ago", days))
    return " · ".join(parts)
