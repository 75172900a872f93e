"""A shop with customers to ask, and a way to say what they answered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from aftersales_cli.clock import from_text
from aftersales_cli.customers.surveys.inviting import invite_customers
from aftersales_cli.database.consents import insert_consent
from aftersales_cli.database.fetch import execute, fetch_value
from aftersales_cli.shop import Shop

Add = Callable[..., int]


def with_survey_settings(shop: Shop, **values: object) -> Shop:
    """Return the same open shop with other settings of ``[surveys]``."""
    settings = shop.settings
    return replace(shop, settings=replace(settings, surveys=replace(settings.surveys, **values)))  # type: ignore[arg-type]


def at_moment(shop: Shop, moment: str) -> Shop:
    """Return the same open shop at another moment."""
    return replace(shop, now=from_text(moment))


def change(shop: Shop, sql: str, **values: object) -> None:
    """Change the database as another part of the program would."""
    with shop.writing("cases.open"):
        execute(shop.database, sql, values)


def opt_out(shop: Shop, customer_id: int) -> None:
    """Let a customer say no to surveys."""
    with shop.writing("cases.open"):
        insert_consent(
            shop.database,
            {"customer_id": customer_id, "purpose": "survey", "given": 0, "said_at": shop.stamp,
             "recorded_at": shop.stamp, "recorded_by": "owner"},
        )  # fmt: skip


@pytest.fixture
def invited(shop: Shop, add_case: Add, add_customer: Add, add_agent_row: Add) -> str:
    """Invite the customer of case 1, whom lan served, and return the code."""
    add_case(customer_id=add_customer("Lin", "13800000000"), assignee_id=add_agent_row("lan"))
    invite_customers(shop, date(2026, 11, 22))
    return str(fetch_value(shop.database, "SELECT code FROM survey_invites"))
