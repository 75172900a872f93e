"""Changes of a plan are proposed where its figures speak clearly, and made only when they are accepted."""

import json

import pytest

from aftersales_cli.customers.plans.deciding import accept, decline
from aftersales_cli.customers.plans.plan_files import load_plans
from aftersales_cli.customers.plans.plan_versions import keep_plans
from aftersales_cli.customers.plans.proposals import keep_proposals, open_proposals, propose
from aftersales_cli.database.callback_effect import list_proposals
from aftersales_cli.desk.calendar_specs import settings_path
from aftersales_cli.errors import NotFoundError, RefusedError
from aftersales_cli.shop import Shop
from tests.conftest import RunCli
from tests.customers.plans.callback_story import DAY, Story


@pytest.fixture
def story(shop: Shop) -> Story:
    return Story(shop)


def _better_by_phone(story: Story) -> None:
    """The plan win_back tries the chat first, which is hardly answered."""
    for number in range(30):
        story.call("reached" if number < 25 else "no_answer", channel="phone")
        story.call("reached" if number < 3 else "no_answer", channel="chat")


def test_another_channel_is_proposed_only_with_enough_calls_and_a_clear_difference(story: Story) -> None:
    for _number in range(19):
        story.call("reached", channel="phone")
        story.call("no_answer", channel="chat")
    assert propose(story.shop) == []
    story.call("reached", channel="phone")
    story.call("no_answer", channel="chat")
    (found,) = propose(story.shop)
    assert (found.subject, found.now_value, found.proposed) == (
        "channel",
        "chat phone email",
        "phone chat email",
    )


def test_an_even_chance_proposes_nothing(story: Story) -> None:
    for number in range(40):
        story.call("reached" if number % 2 else "no_answer", channel="phone")
        story.call("reached" if number % 2 else "no_answer", channel="chat")
    assert propose(story.shop) == []


def test_two_hours_are_proposed_that_are_clearly_better(story: Story) -> None:
    for number in range(30):
        story.call("reached" if number < 27 else "no_answer", hour=10, channel="phone")
        story.call("reached" if number < 6 else "no_answer", hour=2, channel="phone")
    (found,) = propose(story.shop)
    assert (found.subject, found.proposed) == ("hour", "18:00-20:00")


def test_an_accepted_channel_is_written_into_the_shops_own_plans_as_a_new_version(story: Story) -> None:
    shop = story.shop
    _better_by_phone(story)
    (kept,) = keep_proposals(shop, propose(shop))
    assert keep_proposals(shop, propose(shop)) == [kept]
    done = accept(shop, kept.id)
    assert (done.line, done.version) == ('channels = ["phone", "chat", "email"]', 2)
    assert done.path == shop.folder / "templates" / "settings" / "callback_plans.toml"
    plans = {plan.code: plan for plan in load_plans(shop.folder)}
    shipped = {plan.code: plan for plan in load_plans(None)}
    assert plans["win_back"].channels == ("phone", "chat", "email")
    assert {code: plan for code, plan in plans.items() if code != "win_back"} == {
        code: plan for code, plan in shipped.items() if code != "win_back"
    }
    assert [(entry.status, entry.decided_by) for entry in list_proposals(shop.database)] == [
        ("accepted", "owner")
    ]
    with pytest.raises(RefusedError, match="decided before"):
        decline(shop, kept.id)
    assert open_proposals(shop) == []


def test_a_declined_proposal_is_not_made_again(story: Story) -> None:
    _better_by_phone(story)
    (kept,) = keep_proposals(story.shop, propose(story.shop))
    decline(story.shop, kept.id)
    assert keep_proposals(story.shop, propose(story.shop)) == []
    with pytest.raises(NotFoundError):
        accept(story.shop, 99)


def test_a_plan_that_was_changed_since_is_not_changed_by_an_old_proposal(story: Story) -> None:
    shop = story.shop
    _better_by_phone(story)
    (kept,) = keep_proposals(shop, propose(shop))
    own = shop.folder / "templates" / "settings" / "callback_plans.toml"
    own.write_text(_shipped_text().replace("every_days = 180", "every_days = 181"), "utf-8")
    done = accept(shop, kept.id)
    assert (done.path, done.line) == (None, 'channels = ["phone", "chat", "email"]')
    assert "181" in own.read_text("utf-8")


def _shipped_text() -> str:
    return settings_path("callback_plans.toml", None).read_text("utf-8")


def test_a_script_of_an_earlier_version_that_sold_more_is_proposed(story: Story) -> None:
    shop = story.shop
    for number in range(40):
        person = story.call("reached", plan="win_back")
        if number < 30:
            story.buy(person)
    own = shop.folder / "templates" / "settings" / "callback_plans.toml"
    own.write_text(_shipped_text().replace('script = "win_back"', 'script = "care"'), "utf-8")
    with shop.writing("callbacks.plan"):
        story.versions = {code: entry.id for code, entry in keep_plans(shop, load_plans(shop.folder)).items()}
    for number in range(40):
        person = story.call("reached", plan="win_back")
        if number < 8:
            story.buy(person)
    (kept,) = keep_proposals(shop, propose(shop))
    assert (kept.subject, kept.now_value, kept.proposed) == ("script", "care", "win_back")
    assert accept(shop, kept.id).line == 'script = "win_back"'
    assert {plan.code: plan.script for plan in load_plans(shop.folder)}["win_back"] == "win_back"


def test_a_segment_in_which_calling_does_harm_is_proposed_to_be_left_out(story: Story) -> None:
    shop = story.shop
    own = shop.folder / "templates" / "settings" / "callback_plans.toml"
    text = _shipped_text().replace('degrees = ["lost"]', 'segments = ["loyal", "at_risk"]')
    own.write_text(text, "utf-8")
    with shop.writing("callbacks.plan"):
        story.versions = {code: entry.id for code, entry in keep_plans(shop, load_plans(shop.folder)).items()}
    for number in range(40):
        called, held = story.call("reached"), story.hold_out("lot")
        for person in (called, held):
            story.insert(
                "customer_values", month="2026-09", customer_id=person, as_of=DAY, recency_days=1, orders=1,
                r=1, f=1, m=1, segment="loyal" if number % 2 else "at_risk",
            )  # fmt: skip
        if number % 2:
            story.buy(held)
    (found,) = [entry for entry in propose(shop) if entry.subject == "segment"]
    assert (found.now_value, found.proposed, found.compared.random) == ("loyal at_risk", "at_risk", True)


def test_the_command_shows_figures_labels_and_proposals(run_cli: RunCli, story: Story) -> None:
    _better_by_phone(story)
    for _number in range(5):
        story.hold_out("lot")
    folder = story.shop.folder
    shown = run_cli("--shop", folder, "callbacks", "effect")
    assert shown.returncode == 0, shown.stderr
    for part in ("28/60", "too few customers", "phone chat email", "--accept N", "By weekday"):
        assert part in shown.stdout
    data = json.loads(run_cli("--shop", folder, "callbacks", "effect", "--plan", "win_back", "--json").stdout)
    assert (data["contact"]["k"], data["contact"]["n"], len(data["proposals"])) == (28, 60, 1)
    accepted = run_cli("--shop", folder, "callbacks", "effect", "--accept", data["proposals"][0]["id"])
    assert 'channels = ["phone", "chat", "email"]' in accepted.stdout
    again = run_cli("--shop", folder, "callbacks", "effect", "--accept", data["proposals"][0]["id"])
    assert again.returncode == 4
