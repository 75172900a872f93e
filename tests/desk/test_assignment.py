"""Who works on a case: rules, load, and what the settings make of them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.fetch import execute
from aftersales_cli.desk.assigning import auto_assign_case
from aftersales_cli.desk.assignment import FILE_NAME, CaseFacts, choose_agent, load_assignment
from aftersales_cli.desk.ending import resolve_case
from aftersales_cli.desk.languages import guess_language
from aftersales_cli.desk.opening import open_case
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.records.desk import AgentLoad
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent

FACTS = CaseFacts(kind="return", severity="normal", platform="taobao", storefront="tb", language="zh")


def agent(number: int, role: str = "agent", **values: object) -> AgentLoad:
    known = {"department": "", "languages": "", "open_cases": 0, **values}
    return AgentLoad(id=number, code=f"a{number}", name=f"A{number}", role=role, **known)  # type: ignore[arg-type]


def write(folder: Path, *rules: str) -> Path:
    target = folder / "templates" / "settings"
    target.mkdir(parents=True, exist_ok=True)
    text = "\n".join(f'[[rule]]\nen = "rule {number}"\n{rule}' for number, rule in enumerate(rules, 1))
    (target / FILE_NAME).write_text(text, encoding="utf-8")
    return folder


def chosen(folder: Path, loads: Sequence[AgentLoad], **facts: str) -> tuple[str, str] | None:
    found = choose_agent(load_assignment(folder), replace(FACTS, **facts), loads)
    return (found.rule, found.agent) if found else None


def test_the_one_with_the_fewest_open_cases_gets_it_of_equals_the_first(tmp_path: Path) -> None:
    folder = write(tmp_path, 'roles = ["agent"]')
    assert chosen(folder, [agent(1, open_cases=2), agent(2, open_cases=1)]) == ("rule 1", "A2")
    assert chosen(folder, [agent(1, open_cases=1), agent(2, open_cases=1)]) == ("rule 1", "A1")


@pytest.mark.parametrize(
    ("condition", "fact", "other"),
    [
        ('kinds = ["return", "repair"]', "kind", "inquiry"),
        ('severities = ["normal"]', "severity", "high"),
        ('platforms = ["taobao"]', "platform", "jd"),
        ('storefronts = ["tb"]', "storefront", "jd"),
        ('languages = ["zh"]', "language", "en"),
    ],
)
def test_a_rule_is_asked_only_if_its_condition_holds(
    tmp_path: Path, condition: str, fact: str, other: str
) -> None:
    folder = write(tmp_path, f'{condition}\nagents = ["a1"]', 'agents = ["A2"]')
    loads = [agent(1), agent(2)]
    assert chosen(folder, loads) == ("rule 1", "A1")
    assert chosen(folder, loads, **{fact: other}) == ("rule 2", "A2")


def test_departments_are_compared_by_their_names_and_languages_by_what_is_spoken(tmp_path: Path) -> None:
    folder = write(tmp_path, 'languages = ["en"]\nspeaks = true\nroles = ["agent"]', 'departments = ["仓库"]')
    loads = [agent(1, languages="zh"), agent(2, languages="zh, en"), agent(3, department="仓库")]
    assert chosen(folder, loads, language="en") == ("rule 1", "A2")
    assert chosen(folder, loads, language="zh") == ("rule 2", "A3")


def test_who_may_not_resolve_cases_is_never_chosen(tmp_path: Path) -> None:
    folder = write(tmp_path, 'agents = ["a1", "a2"]')
    assert chosen(folder, [agent(1, role="viewer"), agent(2)]) == ("rule 1", "A2")
    assert chosen(folder, [agent(1, role="viewer")]) is None


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('kinds = ["retrun"]\nroles = ["agent"]', "knows no “retrun”"),
        ('roles = ["viewer"]', "knows no “viewer”"),
        ('languages = ["de"]\nroles = ["agent"]', "knows no “de”"),
        ('kinds = ["return"]', "“roles” is missing"),
        ('speaks = "yes"\nroles = ["agent"]', "“speaks” has the wrong form"),
    ],
)
def test_a_broken_rule_is_told(tmp_path: Path, rule: str, said: str) -> None:
    with pytest.raises(WrongUsageError, match=said):
        load_assignment(write(tmp_path, rule))


def test_the_shipped_rules_know_who_does_what() -> None:
    loads = [
        agent(1, role="owner"),
        agent(2, role="manager", open_cases=9),
        agent(3, role="technician"),
        agent(4, open_cases=5),
        agent(5, languages="zh,en", open_cases=7),
    ]
    assert choose(loads, kind="complaint", severity="L3") == "A1"
    assert choose(loads, kind="complaint", severity="L2") == "A4"
    assert choose(loads, kind="repair") == "A3"
    assert choose(loads, kind="return") == "A4"
    assert choose(loads, kind="return", language="en") == "A5"
    assert choose([agent(1, role="owner")], kind="return") == "A1"


@pytest.mark.parametrize("department", ["finance", "仓库", "物流"])
def test_customers_are_not_given_to_those_who_only_answer_hand_offs(department: str) -> None:
    other = agent(2, department=department, languages="en")
    assert choose([agent(1, open_cases=9), other], kind="return") == "A1"
    assert choose([agent(1, department="售后", open_cases=9), other], kind="return", language="en") == "A1"
    boss = agent(2, role="manager", department=department)
    assert choose([agent(1, role="owner", department="management"), boss], kind="return") == "A1"
    assert choose([agent(1, role="owner"), boss], kind="complaint", severity="L3") == "A1"


def choose(loads: Sequence[AgentLoad], **facts: str) -> str:
    found = choose_agent(load_assignment(None), replace(FACTS, **facts), loads)
    assert found is not None
    return found.agent


def test_a_case_goes_to_whom_the_rules_choose_and_the_event_names_the_rule(shop: Shop) -> None:
    add_agent(shop, "lan", name="小兰")
    add_agent(shop, "mei", name="小美")
    open_case(shop, assignee="lan", say="你好")
    resolved = open_case(shop, assignee="mei", say="你好").number
    resolve_case(shop, resolved)
    number = open_case(shop, say="你好").number
    case, choice = auto_assign_case(shop, number)
    assert (choice.agent, choice.open_cases, choice.of) == ("小美", 0, 2)
    assert case.assignee_id == choice.agent_id
    event = list_case_events(shop.database, number)[-1]
    assert (event.type, event.after) == ("assigned", "mei")
    assert event.note == "all others go to the agent with the fewest open cases"


def test_who_has_left_gets_nothing(shop: Shop) -> None:
    lan = add_agent(shop, "lan")
    with shop.writing("team.add"):
        execute(shop.database, "UPDATE agents SET active = 0 WHERE id = :id", {"id": lan.id})
    _case, choice = auto_assign_case(shop, open_case(shop, say="你好").number)
    assert choice.agent_id == shop.agent.id


def test_without_anybody_fitting_the_refusal_says_what_to_do(shop: Shop) -> None:
    write(shop.folder, 'agents = ["nobody"]')
    number = open_case(shop).number
    with pytest.raises(RefusedError) as caught:
        auto_assign_case(shop, number)
    assert f"aftersales cases assign {number} AGENT" in caught.value.remedy


def test_new_cases_stay_free_unless_the_settings_ask_the_rules(shop: Shop) -> None:
    lan = add_agent(shop, "lan")
    assert open_case(shop, say="你好").assignee_id is None
    cases = replace(shop.settings.cases, assign="rules")
    ruled = replace(shop, settings=replace(shop.settings, cases=cases))
    assert open_case(ruled, say="你好").assignee_id == lan.id
    assert open_case(ruled, say="你好", assignee="owner").assignee_id == shop.agent.id
    write(shop.folder, 'agents = ["nobody"]')
    assert open_case(ruled, say="你好").assignee_id is None


@pytest.mark.parametrize(
    ("words", "country", "platform", "expected"),
    [
        (["Hello, it broke"], "CN", "taobao", "en"),
        (["你好", "order 1001"], "", "", "en"),
        (["hello", "iPhone 壳碎了"], "US", "amazon", "zh"),
        (["???", "123"], "US", "taobao", "en"),
        ([], "TW", "amazon", "zh"),
        ([], "", "amazon", "en"),
        ([], "", "jd", "zh"),
        ([], "", "", "zh"),
    ],
)
def test_the_customers_own_words_tell_the_language_then_country_platform_and_shop(
    words: list[str], country: str, platform: str, expected: str
) -> None:
    assert guess_language(words, country=country, platform=platform, default="zh") == expected
