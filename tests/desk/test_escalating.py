"""Passing a case up the chain, and who learns of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.escalations import list_escalated
from aftersales_cli.desk.ending import resolve_case
from aftersales_cli.desk.escalating import escalate_case, inform_at_once
from aftersales_cli.desk.escalation_chain import Step, load_chains, next_step, steps_for
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.sla_checking import check_clocks
from aftersales_cli.desk.steps import require_case
from aftersales_cli.desk.triage import triage_case
from aftersales_cli.errors import FileError, NotFoundError, RefusedError
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent, require_agent


@pytest.fixture
def staffed(shop: Shop) -> Shop:
    """Return the shop as its agent Lan sees it, with Mei as manager."""
    add_agent(shop, "mei", name="梅", role="manager")
    return replace(shop, agent=add_agent(shop, "lan", name="小兰"))


def acting(shop: Shop, code: str) -> Shop:
    return replace(shop, agent=require_agent(shop, code))


def seen_by(shop: Shop, code: str, role: str) -> list[int]:
    return [entry.number for entry in list_escalated(shop.database, code, role)]


def test_the_chain_goes_from_the_manager_to_the_owner_and_the_clock_tells_the_owner_again(
    staffed: Shop,
) -> None:
    number = open_case(staffed, assignee="lan").number
    targets = [escalate_case(staffed, number, late=["resolution"]).target.word for _index in range(3)]
    assert targets == ["manager", "owner", "owner"]
    case = require_case(staffed, number)
    assert (case.escalation, case.assignee_id, case.status) == (3, staffed.agent.id, "new")


def test_an_escalation_is_an_event_with_its_reason(staffed: Shop) -> None:
    number = open_case(staffed).number
    escalate_case(staffed, number, note="wants the boss")
    event = list_case_events(staffed.database, number)[-1]
    assert (event.type, event.field, event.after, event.note) == (
        "escalated",
        "role",
        "manager",
        "wants the boss",
    )


def test_without_a_manager_the_owner_is_told(shop: Shop) -> None:
    lan = add_agent(shop, "lan")
    number = open_case(shop).number
    assert escalate_case(replace(shop, agent=lan), number).target.word == "owner"


def test_the_only_manager_passes_a_case_to_the_owner(staffed: Shop) -> None:
    number = open_case(staffed).number
    assert escalate_case(acting(staffed, "mei"), number).target.word == "owner"


def test_a_person_or_a_role_can_be_named(staffed: Shop) -> None:
    number = open_case(staffed).number
    assert escalate_case(staffed, number, to="梅").target.word == "mei"
    assert escalate_case(staffed, number, to="owner").target.word == "owner"
    with pytest.raises(NotFoundError, match="nobody"):
        escalate_case(staffed, number, to="nobody")


def test_a_viewer_cannot_be_told(staffed: Shop) -> None:
    add_agent(acting(staffed, "owner"), "eye", role="viewer")
    with pytest.raises(RefusedError, match="eye"):
        escalate_case(staffed, open_case(staffed).number, to="eye")


def test_who_was_told_sees_the_open_case_until_it_is_solved(staffed: Shop) -> None:
    number = open_case(staffed).number
    escalate_case(staffed, number)
    assert seen_by(staffed, "mei", "manager") == [number]
    assert seen_by(staffed, "lan", "agent") == []
    resolve_case(staffed, number)
    assert seen_by(staffed, "mei", "manager") == []


def test_who_passes_it_on_does_not_see_it_any_more(staffed: Shop) -> None:
    number = open_case(staffed).number
    escalate_case(staffed, number)
    escalate_case(acting(staffed, "mei"), number)
    assert seen_by(staffed, "mei", "manager") == []
    assert seen_by(staffed, "owner", "owner") == [number]


def test_a_solved_case_is_not_passed_up(shop: Shop) -> None:
    number = open_case(shop).number
    resolve_case(shop, number)
    with pytest.raises(RefusedError, match="resolved"):
        escalate_case(shop, number)


def test_the_owner_learns_of_the_gravest_complaint_at_once(staffed: Shop) -> None:
    calm = open_case(staffed, kind="complaint", severity="L3").number
    grave = open_case(staffed, kind="complaint", severity="L4").number
    assert seen_by(staffed, "owner", "owner") == [grave]
    escalate_case(staffed, calm, to="owner")
    assert seen_by(staffed, "owner", "owner") == [grave, calm]


def test_the_owner_learns_of_a_complaint_that_turns_out_to_be_grave(staffed: Shop) -> None:
    number = open_case(staffed, kind="complaint").number
    assert seen_by(staffed, "owner", "owner") == []
    triage_case(staffed, number, severity="L4")
    triage_case(staffed, number, severity="L4")
    assert seen_by(staffed, "owner", "owner") == [number]
    assert require_case(staffed, number).escalation == 1


def test_informing_twice_is_done_once(staffed: Shop) -> None:
    case = open_case(staffed, kind="complaint", severity="L4")
    with staffed.writing("cases.open"):
        assert inform_at_once(staffed, require_case(staffed, case.number), at=staffed.stamp).escalation == 1
    assert require_case(staffed, case.number).escalation == 1


def test_the_next_step_counts_from_the_escalations_so_far() -> None:
    steps = (Step("manager", "missed"), Step("owner", "missed"))
    assert [next_step(steps, done).to for done in (0, 1, 2, 9)] == ["manager", "owner", "owner", "owner"]


def test_a_shop_has_its_own_chain(shop: Shop) -> None:
    own = shop.folder / "templates" / "settings"
    own.mkdir(parents=True, exist_ok=True)
    (own / "escalation.toml").write_text('[default]\nsteps = [{ to = "mei", after = "missed" }]\n')
    assert [step.to for step in steps_for(load_chains(shop.folder), "L4")] == ["mei"]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("[default\n", "escalation.toml"),
        ('[L4]\nsteps = [{ to = "owner" }]\n', "default"),
        ('[default]\nsteps = [{ after = "missed" }]\n', "to"),
        ('[default]\nsteps = [{ to = "owner", after = "soon" }]\n', "soon"),
        ('[default]\nsteps = "owner"\n', "default"),
        ("[default]\nsteps = []\n", "default"),
    ],
)
def test_a_broken_chain_is_told_with_file_and_key(tmp_path: Path, text: str, match: str) -> None:
    folder = tmp_path / "templates" / "settings"
    folder.mkdir(parents=True)
    (folder / "escalation.toml").write_text(text, encoding="utf-8")
    with pytest.raises(FileError, match=match) as caught:
        load_chains(tmp_path)
    assert "escalation.toml" in caught.value.message
    assert caught.value.remedy


def test_whoever_lets_the_clock_look_is_told_like_anybody_else(staffed: Shop) -> None:
    number = open_case(staffed, say="?", at=staffed.now - timedelta(days=9)).number
    check_clocks(acting(staffed, "mei"))
    told = [event for event in list_case_events(staffed.database, number) if event.type == "escalated"]
    assert [(event.actor, event.after) for event in told] == [("system", "manager")]
    assert seen_by(staffed, "mei", "manager") == [number]


def test_a_warning_is_the_clocks_own(staffed: Shop) -> None:
    number = open_case(staffed, say="?", channel="email", at=datetime(2026, 11, 20, 1, tzinfo=UTC)).number
    check_clocks(replace(acting(staffed, "mei"), now=datetime(2026, 11, 20, 8, tzinfo=UTC)))
    event = list_case_events(staffed.database, number)[-1]
    assert (event.type, event.actor) == ("sla_warned", "system")


def test_above_the_last_of_the_chain_is_nobody_but_who_is_named(staffed: Shop) -> None:
    number = open_case(staffed).number
    assert [escalate_case(staffed, number).target.word for _index in range(2)] == ["manager", "owner"]
    with pytest.raises(RefusedError, match="nobody is above") as refused:
        escalate_case(staffed, number)
    assert "--to" in refused.value.remedy
    assert require_case(staffed, number).escalation == 2
    assert escalate_case(staffed, number, to="mei").target.word == "mei"
    assert escalate_case(staffed, number, to="owner").target.word == "owner"


def test_without_a_manager_the_owner_is_not_told_twice_by_hand(shop: Shop) -> None:
    number = open_case(shop).number
    escalate_case(shop, number)
    with pytest.raises(RefusedError, match="nobody is above"):
        escalate_case(shop, number)
