"""The table of permissions, checked inside the operations themselves."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from aftersales_cli import access
from aftersales_cli.database.audit import list_audit
from aftersales_cli.desk.answering import note_case, reply_case
from aftersales_cli.desk.assigning import assign_case, auto_assign_case
from aftersales_cli.desk.ending import cancel_case, close_case, confirm_case, reopen_case, resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.triage import triage_case
from aftersales_cli.desk.waiting import resume_case, wait_case
from aftersales_cli.errors import RefusedError
from aftersales_cli.records.cases import Case
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent
from tests.conftest import RunCli

ROLES = {
    "kate": "manager",
    "lan": "agent",
    "mei": "agent",
    "tom": "technician",
    "wu": "warehouse",
    "vera": "viewer",
}


@pytest.fixture
def people(shop: Shop) -> Callable[[str], Shop]:
    """Add an employee of each role; return a function that returns the shop as one of them acts in it."""
    agents = {code: add_agent(shop, code, role=role) for code, role in ROLES.items()}
    return lambda code: shop if code == "owner" else replace(shop, agent=agents[code])


def test_a_viewer_may_do_nothing_but_be_refused() -> None:
    assert [name for name, roles in access.ALLOWED.items() if "viewer" in roles] == ["refusal"]


def test_the_owner_may_do_everything_and_every_role_is_known() -> None:
    for operation, roles in access.ALLOWED.items():
        assert "owner" in roles, operation
        assert roles <= set(access.ROLES), operation


def test_what_is_limited_to_own_cases_is_allowed_at_all() -> None:
    for operation, roles in access.OWN_CASES_ONLY.items():
        assert operation in access.ALLOWED
        assert roles & access.ALLOWED[operation], operation


WORK: dict[str, Callable[[Shop, Case], object]] = {
    "open": lambda shop, _case: open_case(shop, say="word"),
    "note": lambda shop, case: note_case(shop, case.number, "word"),
    "reply": lambda shop, case: reply_case(shop, case.number, "word"),
    "triage": lambda shop, case: triage_case(shop, case.number, severity="high"),
    "wait": lambda shop, case: wait_case(shop, case.number, "customer"),
    "resume": lambda shop, case: resume_case(shop, case.number),
    "resolve": lambda shop, case: resolve_case(shop, case.number, cause="packaging"),
    "cancel": lambda shop, case: cancel_case(shop, case.number, "spam"),
    "assign": lambda shop, case: assign_case(shop, case.number, "mei"),
    "auto": lambda shop, case: auto_assign_case(shop, case.number),
}

EVERYBODY = {"open", "note"}
OFFICE = {"reply", "triage", "wait", "resume", "resolve", "cancel"}


@pytest.mark.parametrize(
    ("who", "whose", "allowed"),
    [
        ("vera", "vera", set()),
        ("wu", "wu", {"open", "note", "wait", "resume", "resolve"}),
        ("wu", "lan", EVERYBODY),
        ("tom", "tom", {"open", "note", "reply", "triage", "wait", "resume", "resolve"}),
        ("tom", "", {"open", "note", "reply", "triage", "wait", "resume", "resolve"}),
        ("tom", "lan", EVERYBODY),
        ("lan", "lan", EVERYBODY | OFFICE | {"assign", "auto"}),
        ("lan", "", EVERYBODY | OFFICE | {"assign", "auto"}),
        ("lan", "tom", EVERYBODY | OFFICE),
        ("kate", "lan", EVERYBODY | OFFICE | {"assign", "auto"}),
    ],
)
def test_who_may_do_what_on_whose_case(
    shop: Shop, people: Callable[[str], Shop], who: str, whose: str, allowed: set[str]
) -> None:
    able = set()
    for name, work in WORK.items():
        worker = whose if whose != "vera" else ""
        case = open_case(shop, kind="return", say="It is broken", assignee=worker)
        before = len(list_audit(shop.database, limit=1000))
        refusals = []
        try:
            work(people(who), case)
            able.add(name)
        except RefusedError as error:
            refusals.append(error)
        assert all(error.remedy for error in refusals), name
        done = len(list_audit(shop.database, limit=1000)) - before
        assert done == (0 if refusals else 1), name
    assert able == allowed


def test_only_the_one_who_works_on_a_complaint_or_those_in_charge_end_it(
    shop: Shop, people: Callable[[str], Shop]
) -> None:
    number = open_case(shop, kind="complaint", say="Very bad", assignee="lan").number
    with pytest.raises(RefusedError, match="a complaint lan works on"):
        cancel_case(people("mei"), number, "withdrawn")
    reply_case(people("lan"), number, "Sorry")
    resolve_case(people("lan"), number, cause="packaging")
    with pytest.raises(RefusedError) as refused:
        close_case(people("mei"), number)
    assert refused.value.remedy == "If the customer says that it is solved: aftersales cases confirm 1"
    assert close_case(people("kate"), number).status == "closed"
    # What the customer says may be written down by whoever hears it.
    reopen_case(people("mei"), number, reason="Not solved")
    reply_case(people("lan"), number, "Sorry again")
    resolve_case(people("lan"), number)
    assert confirm_case(people("mei"), number).status == "closed"


def test_giving_a_case_to_who_has_it_changes_nothing_and_is_no_reassignment(
    shop: Shop, people: Callable[[str], Shop]
) -> None:
    number = open_case(shop, say="word", assignee="lan").number
    assert assign_case(people("mei"), number, "lan").number == number


@pytest.mark.usefixtures("people")
def test_a_refusal_is_told_with_exit_code_4_and_audited_with_who_and_what(
    shop: Shop, shop_folder: Path, run_cli: RunCli
) -> None:
    number = open_case(shop, say="word", assignee="lan").number
    viewer = run_cli("--as", "vera", "cases", "open", "--say", "word", cwd=shop_folder)
    assert viewer.returncode == 4
    assert viewer.stderr == (
        "Error: A viewer may not do “cases open”.\n"
        "  Allowed for: shop owner, manager, service agent, technician, warehouse worker. "
        "Choose another employee with --as.\n"
    )
    grabbed = run_cli("--as", "mei", "cases", "assign", str(number), "mei", cwd=shop_folder)
    assert grabbed.returncode == 4
    assert grabbed.stderr == (
        "Error: lan works on case 1 since 2026-11-22 09:00; "
        "only those in charge can give it to somebody else.\n"
        "  Allowed for: shop owner, manager. Choose another employee with --as.\n"
    )
    told = [(entry.actor, entry.operation, entry.subjects) for entry in list_audit(shop.database, limit=2)]
    assert told == [
        ("mei", "refusal", "command:aftersales cases assign operation:cases.reassign case:1"),
        ("vera", "refusal", "command:aftersales cases open operation:cases.open"),
    ]
