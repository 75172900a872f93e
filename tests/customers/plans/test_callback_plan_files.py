"""The callback plans as a file: what they say, and how a slip in them is told."""

from pathlib import Path

import pytest

from aftersales_cli.customers.callback_plan import plan_callbacks
from aftersales_cli.customers.plans.plan_files import Plan, find_plan, load_plans
from aftersales_cli.customers.plans.plan_list import list_plans
from aftersales_cli.customers.plans.plan_versions import read_version
from aftersales_cli.database.callback_plans import find_last_version, list_plan_versions
from aftersales_cli.errors import FileError, WrongUsageError
from aftersales_cli.shop import Shop

GOOD = """
[[plan]]
code = "vip"
zh = "贵宾"
en = "best customers"
high_value = true
degrees = ["at_risk"]
channels = ["phone"]
script = "high_value"
contact_basis = "consent"
holdout = 20
"""


def write_plans(folder: Path, text: str) -> Path:
    """Write the shop's own plans."""
    path = folder / "templates" / "settings" / "callback_plans.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_plans_say_who_when_how_and_on_what_basis(shop: Shop) -> None:
    plans = {plan.code: plan for plan in load_plans(shop.folder)}
    assert list(plans) == ["survey_low", "service", "maintenance", "high_value", "win_back", "care"]
    assert plans["service"].contact_basis == plans["maintenance"].contact_basis == "service"
    assert {plans[code].contact_basis for code in ("high_value", "win_back", "care")} == {"consent"}
    assert [plan.reason for plan in plans.values()] == [
        "survey_low", "service_followup", "maintenance_due", "high_value", "win_back", "care",
    ]  # fmt: skip
    by_priority = sorted(plans.values(), key=lambda plan: plan.priority)
    assert [plan.code for plan in by_priority] == list(plans)
    reasons = shop.taxonomy("callback_reasons")
    assert all(reasons.find(plan.reason) for plan in plans.values())


def test_the_shops_own_file_replaces_the_shipped_one(shop: Shop) -> None:
    write_plans(shop.folder, GOOD)
    assert [(plan.code, plan.name, plan.holdout) for plan in load_plans(shop.folder)] == [
        ("vip", "best customers", 20)
    ]


@pytest.mark.parametrize(
    ("old", "new", "key", "remedy"),
    [
        ('code = "vip"', "", "code", "short word"),
        ('contact_basis = "consent"', 'contact_basis = "friends"', "contact_basis", "service, consent"),
        ('script = "high_value"', 'script = "poem"', "script", "high_value"),
        ('channels = ["phone"]', 'channels = ["pigeon"]', "channels", "chat, phone, email"),
        ('degrees = ["at_risk"]', 'degrees = ["gone"]', "degrees", "at_risk"),
        ("holdout = 20", "holdout = 95", "holdout", "0 to 90"),
        ("holdout = 20", "holdout = -1", "holdout", "0 or more"),
        ("holdout = 20", "colour = 1", "colour", "Choose from"),
        ("high_value = true", 'high_value = "yes"', "high_value", "true or false"),
        ('high_value = true\ndegrees = ["at_risk"]', "", "event", "segments, degrees or high_value"),
        ("holdout = 20", 'event = "birthday"', "event", "case_resolved"),
        ("holdout = 20", "after_days = 9\nwindow_days = 3", "window_days", "same or more"),
    ],
)
def test_a_slip_is_named_with_file_plan_key_and_what_to_write(
    shop: Shop, old: str, new: str, key: str, remedy: str
) -> None:
    path = write_plans(shop.folder, GOOD.replace(old, new))
    with pytest.raises(WrongUsageError) as caught:
        load_plans(shop.folder)
    assert str(path) in caught.value.message
    assert "best customers" in caught.value.message
    assert f"“{key}”" in caught.value.message
    assert remedy in (caught.value.remedy or "")


def test_a_code_that_stands_there_twice_is_told(shop: Shop) -> None:
    write_plans(shop.folder, GOOD + GOOD)
    with pytest.raises(WrongUsageError, match=r"rule 2 .*“code” stands there twice"):
        load_plans(shop.folder)


@pytest.mark.parametrize(("text", "error"), [("[[plan", FileError), ("[[rule]]\n", WrongUsageError)])
def test_a_broken_file_is_named_and_nothing_is_planned(shop: Shop, text: str, error: type[Exception]) -> None:
    write_plans(shop.folder, text)
    with pytest.raises(error, match=r"callback_plans\.toml"):
        plan_callbacks(shop, shop.today)
    assert list_plan_versions(shop.database) == []


def test_a_changed_plan_is_kept_as_a_new_version_once_it_is_planned_by(shop: Shop) -> None:
    write_plans(shop.folder, GOOD)
    assert [(entry.version, entry.changed) for entry in list_plans(shop)] == [(0, True)]
    plan_callbacks(shop, shop.today)
    plan_callbacks(shop, shop.today)
    assert [(entry.version, entry.changed) for entry in list_plans(shop)] == [(1, False)]
    write_plans(shop.folder, GOOD.replace("holdout = 20", "holdout = 5"))
    assert [(entry.version, entry.changed) for entry in list_plans(shop)] == [(1, True)]
    plan_callbacks(shop, shop.today)
    assert [(row.code, row.version) for row in list_plan_versions(shop.database)] == [("vip", 1), ("vip", 2)]


def test_a_version_is_read_back_as_the_plan_it_was(shop: Shop) -> None:
    plan_callbacks(shop, shop.today)
    for plan in load_plans(shop.folder):
        version = find_last_version(shop.database, plan.code)
        assert version is not None
        assert read_version(version) == plan


def test_the_rules_are_printed_in_words(shop: Shop) -> None:
    listed = {entry.code: entry for entry in list_plans(shop)}
    assert (listed["service"].who, listed["service"].when) == ("solved cases", "1 to 14 days after")
    assert (listed["high_value"].when, listed["high_value"].channels) == (
        "every 90 days", "phone, chat, e-mail",
    )  # fmt: skip
    assert listed["win_back"].contact_basis == "only with a yes to marketing"


def test_an_unknown_plan_is_told_with_those_there_are(shop: Shop) -> None:
    plans = load_plans(shop.folder)
    found: Plan = find_plan(plans, "care")
    assert found.code == "care"
    with pytest.raises(WrongUsageError, match="“vip”"):
        find_plan(plans, "vip")
