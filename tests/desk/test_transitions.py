"""The tables of states and verbs agree, and a refusal says what is possible."""

import pytest

from aftersales_cli.desk.transitions import TRANSITIONS, VERBS, explain_possible, find_path
from aftersales_cli.errors import RefusedError
from aftersales_cli.language import use_language
from aftersales_cli.taxonomy import load_taxonomy


def test_every_state_of_the_table_is_a_term_of_the_taxonomy_and_back() -> None:
    assert set(TRANSITIONS) == set(load_taxonomy("case_statuses").terms)


@pytest.mark.parametrize("verb", VERBS)
def test_every_step_a_verb_takes_is_a_transition_of_the_table(verb: str) -> None:
    for start, path in VERBS[verb].paths.items():
        state = start
        for following in path:
            assert following in TRANSITIONS[state], f"{verb}: {state} → {following}"
            state = following


@pytest.mark.parametrize(
    ("verb", "status", "expected"),
    [
        ("reply", "new", "in_progress"),
        ("reply", "triaged", "in_progress"),
        ("reply", "waiting_customer", "waiting_customer"),
        ("reply", "closed", "closed"),
        ("note", "cancelled", "cancelled"),
        ("assign", "triaged", "triaged"),
        ("resolve", "new", "resolved"),
        ("resolve", "waiting_platform", "resolved"),
        ("reopen", "resolved", "in_progress"),
        ("reopen", "closed", "in_progress"),
        ("close", "resolved", "closed"),
        ("cancel", "waiting_internal", "cancelled"),
    ],
)
def test_a_verb_leads_to_its_state(verb: str, status: str, expected: str) -> None:
    assert (find_path(verb, status) or (status,))[-1] == expected


@pytest.mark.parametrize(
    "status", ["new", "triaged", "waiting_customer", "waiting_internal", "waiting_platform"]
)
def test_resolving_walks_through_work_in_progress(status: str) -> None:
    assert find_path("resolve", status) == ("in_progress", "resolved")


@pytest.mark.parametrize(
    ("verb", "status"),
    [
        ("resolve", "resolved"),
        ("resolve", "closed"),
        ("resolve", "cancelled"),
        ("close", "new"),
        ("close", "closed"),
        ("cancel", "resolved"),
        ("cancel", "closed"),
        ("reopen", "new"),
        ("reopen", "cancelled"),
        ("reopen", "merged"),
        ("reply", "cancelled"),
        ("reply", "merged"),
        ("assign", "resolved"),
    ],
)
def test_a_verb_that_does_not_fit_the_state_is_refused(verb: str, status: str) -> None:
    with pytest.raises(RefusedError):
        find_path(verb, status)


def test_a_refusal_names_the_state_what_is_allowed_and_its_command() -> None:
    with pytest.raises(RefusedError) as caught:
        find_path("close", "new", number=17)
    assert "17" in caught.value.message
    assert "“new”" in caught.value.message
    assert "to “resolved”: aftersales cases resolve 17 --cause" in caught.value.remedy


def test_a_refusal_at_the_end_of_a_life_proposes_a_new_case() -> None:
    with pytest.raises(RefusedError) as caught:
        find_path("reopen", "merged", number=3)
    assert "aftersales cases open" in caught.value.remedy


def test_a_refusal_names_states_in_the_language_in_use() -> None:
    use_language("zh")
    with pytest.raises(RefusedError) as caught:
        find_path("close", "waiting_customer", number=17)
    assert "待客户回复" in caught.value.message


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", TRANSITIONS)
def test_every_verb_in_every_state_is_a_way_or_a_refusal_with_a_way_out(verb: str, status: str) -> None:
    if status in VERBS[verb].paths:
        assert set(find_path(verb, status)) <= set(TRANSITIONS)
        return
    with pytest.raises(RefusedError) as caught:
        find_path(verb, status, number=17)
    assert "_" not in caught.value.message.replace(status, "") or verb == "time_out"
    assert "aftersales cases " in caught.value.remedy


@pytest.mark.parametrize("status", TRANSITIONS)
def test_a_proposal_names_each_way_once_and_only_what_a_user_can_type(status: str) -> None:
    proposal = explain_possible(status, number=17)
    assert proposal.count("aftersales cases wait") <= 1
    assert proposal.count("aftersales cases ") <= 6
    for name in ("time", "handoff", "hear", "wait_"):
        assert f"aftersales cases {name}" not in proposal
    for verb in VERBS.values():
        command = "aftersales cases " + verb.command.format(number=17)
        if verb.command and command in proposal:
            assert verb.paths.get(status), f"{command} leads nowhere from {status}"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (
            "new",
            "Possible from here: to “triaged”: aftersales cases triage 17; to “in progress”: aftersales cases "
            "reply 17 --say …; to wait: aftersales cases wait 17 customer|internal|platform; to “resolved”: "
            "aftersales cases resolve 17 --cause …; to “merged”: aftersales cases merge 17 INTO; to “cancelled”: "
            "aftersales cases cancel 17 --reason ….",
        ),
        (
            "resolved",
            "Possible from here: to “closed”: aftersales cases confirm 17; to “in progress”: aftersales cases "
            "reopen 17 --reason ….",
        ),
        ("closed", "Possible from here: to “in progress”: aftersales cases reopen 17 --reason …."),
        (
            "waiting_customer",
            "Possible from here: to “in progress”: aftersales cases resume 17; to wait: aftersales cases wait 17 "
            "internal|platform; to “resolved”: aftersales cases resolve 17 --cause …; to “merged”: aftersales "
            "cases merge 17 INTO; to “cancelled”: aftersales cases cancel 17 --reason ….",
        ),
        ("merged", "Nothing follows this state; open a new case: aftersales cases open"),
    ],
)
def test_the_proposal_of_a_state_reads_like_this(status: str, expected: str) -> None:
    assert explain_possible(status, number=17) == expected


def test_a_refusal_names_the_verb_as_it_is_typed() -> None:
    with pytest.raises(RefusedError, match="“wait customer” is not possible"):
        find_path("wait_customer", "closed", number=17)


def test_only_what_the_program_does_by_itself_has_no_command() -> None:
    assert [name for name, verb in VERBS.items() if not verb.command] == ["time_out"]
