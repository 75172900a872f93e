"""What forbids or puts off a call: hours and limits of countries, and how much an employee can do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from aftersales_cli.customers.callback_plan import plan_callbacks
from aftersales_cli.customers.callbacks import list_due_callbacks
from aftersales_cli.database.fetch import execute, fetch_rows
from aftersales_cli.database.rows import insert_row
from aftersales_cli.shop import Shop

Add = Callable[..., int]
Write = Callable[..., None]
TODAY = date(2026, 11, 22)


def test_on_a_sunday_somebody_in_france_is_not_telephoned_but_may_be_written_to(
    shop: Shop, add_valued: Add, write_plan: Write
) -> None:
    write_plan(contact_basis='"service"')
    add_valued("by phone", country="FR", phone="0145678901", platform="shopify", consent=None)
    add_valued("by chat", country="FR", phone="0145678901", consent=None)
    result = plan_callbacks(shop, TODAY)
    listed = list_due_callbacks(shop, TODAY)
    assert [entry.customer for entry in listed] == ["by chat"]
    assert listed[0].window == "no calls on this day (France)"
    assert result.quiet == 1
    assert fetch_rows(shop.database, "SELECT why FROM callback_holdouts") == [("quiet",)]
    monday = replace(shop, now=shop.now + timedelta(days=1))
    assert plan_callbacks(monday, monday.today).planned == 1


def _refuse(shop: Shop, customer: int, day: str, outcome: str = "declined") -> None:
    with shop.writing("callbacks.plan"):
        insert_row(
            shop.database,
            "callbacks",
            {
                "reason": "win_back", "customer_id": customer, "due_on": day, "priority": 70, "status": "done",
                "outcome": outcome, "planned_at": f"{day}T01:00:00Z", "recorded_at": f"{day}T02:00:00Z",
                "recorded_on": day,
            },
        )  # fmt: skip


def test_in_france_a_refusal_brings_sixty_days_of_peace(
    shop: Shop, add_valued: Add, write_plan: Write
) -> None:
    write_plan(every_days=1)
    french, chinese = add_valued("Louise", country="FR"), add_valued("Lin")
    for customer in (french, chinese):
        _refuse(shop, customer, "2026-09-25")
    result = plan_callbacks(shop, TODAY)
    assert [entry.customer for entry in list_due_callbacks(shop, TODAY)] == ["Lin"]
    assert result.quiet == 1
    later = replace(shop, now=shop.now + timedelta(days=2))
    plan_callbacks(later, later.today)
    assert "Louise" in [entry.customer for entry in list_due_callbacks(later, later.today)]


def test_in_france_four_calls_in_thirty_days_are_enough(shop: Shop, add_customer: Add, add_case: Add) -> None:
    customer = add_customer("Louise")
    with shop.writing("cases.open"):
        execute(shop.database, "UPDATE customers SET country = 'FR' WHERE id = :id", {"id": customer})
    add_case(customer_id=customer)
    for day in ("2026-10-24", "2026-11-02", "2026-11-05", "2026-11-09"):
        _refuse(shop, customer, day, "reached")
    assert plan_callbacks(shop, TODAY).quiet == 1
    later = replace(shop, now=shop.now + timedelta(days=1))
    assert plan_callbacks(later, later.today).planned == 1


def test_the_plans_owner_calls_and_nobody_gets_more_than_the_settings_say(
    shop: Shop, add_valued: Add, write_plan: Write, add_agent_row: Add
) -> None:
    add_agent_row("lan")
    add_agent_row("boss", "manager")
    for number in range(3):
        add_valued(f"c{number}")
    settings = replace(shop.settings, callbacks=replace(shop.settings.callbacks, per_agent=2))
    busy = replace(shop, settings=settings)
    write_plan(owner='"manager"')
    result = plan_callbacks(busy, TODAY)
    assert [entry.assignee for entry in list_due_callbacks(busy, TODAY)] == ["boss", "boss"]
    assert (result.planned, result.over_capacity) == (2, 1)
    write_plan(owner='"lan"')
    assert plan_callbacks(busy, TODAY).planned == 1
    assert [entry.assignee for entry in list_due_callbacks(busy, TODAY)] == ["boss", "boss", "lan"]


def test_what_nobody_got_round_to_for_two_weeks_is_given_up(
    shop: Shop, add_valued: Add, write_plan: Write
) -> None:
    write_plan(every_days=1)
    add_valued("Lin")
    plan_callbacks(shop, TODAY)
    for days, dropped in ((14, 0), (15, 1)):
        later = replace(shop, now=shop.now + timedelta(days=days))
        assert plan_callbacks(later, later.today).dropped == dropped
