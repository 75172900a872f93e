"""One verb for many cases: shown first, then all or none."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aftersales_cli.database.agents import find_agent
from aftersales_cli.database.audit import list_audit
from aftersales_cli.database.case_listings import list_cases
from aftersales_cli.database.cases import get_case
from aftersales_cli.desk.bulk import change_many
from aftersales_cli.desk.choosing import parse_where
from aftersales_cli.desk.ending import close_case, resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.records.cases import OPEN_STATUSES, Case
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent
from aftersales_cli.team.storefronts import add_storefront

Cases = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def cases(run_cli: Cases, shop_folder: Path) -> Cases:
    """Return a function that runs ``aftersales cases …`` in the shop."""

    def run(*words: str, agent: str = "owner") -> Any:
        return run_cli("--as", agent, "cases", *words, cwd=shop_folder)

    return run


def case_of(shop: Shop, number: int) -> Case:
    case = get_case(shop.database, number)
    assert case
    return case


def numbers(shop: Shop, *where: str) -> list[int]:
    return [row.number for row in list_cases(shop.database, parse_where(shop, where), limit=-1)]


def test_cases_are_chosen_by_words_in_either_language(shop: Shop) -> None:
    add_storefront(shop, "tmall-1", platform="tmall")
    add_agent(shop, "lan", name="小兰")
    open_case(shop, kind="complaint", say="one", storefront="tmall-1")
    open_case(shop, kind="return", say="two", assignee="lan")
    third = open_case(shop, kind="inquiry", say="three")
    resolve_case(shop, third.number, resolution="answered")
    assert numbers(shop) == [1, 2]
    assert numbers(shop, "kind=投诉 status=new storefront=tmall-1") == [1]
    assert numbers(shop, "kind=complaint,return", "assignee=none") == [1]
    assert numbers(shop, "assignee=小兰") == [2]
    assert numbers(shop, "status=resolved") == [3]
    assert numbers(shop, "status=open,已解决") == [1, 2, 3]
    assert numbers(shop, "status=all severity=L1") == [1]
    assert numbers(shop, "cases=3,1") == [1, 3]
    assert numbers(shop, "before=2026-11-22") == []
    assert numbers(shop, "since=2026-11-22") == [1, 2]
    assert parse_where(shop, ()).statuses == OPEN_STATUSES


@pytest.mark.parametrize(
    ("where", "error", "words"),
    [
        ("kind", WrongUsageError, "“kind” says nothing about cases"),
        ("colour=red", WrongUsageError, "“colour=red” says nothing"),
        ("kind=return kind=repair", WrongUsageError, "“kind=repair” says nothing"),
        ("kind=", WrongUsageError, "“kind=” has no value"),
        ("kind=nonsense", WrongUsageError, "nonsense"),
        ("assignee=nobody-here", NotFoundError, "There is no employee"),
        ("assignee=owner,none", WrongUsageError, "only one can be named"),
        ("cases=one", WrongUsageError, "is no number"),
        ('kind="x', WrongUsageError, "open quotation mark"),
        ("before=tomorrow", WrongUsageError, "tomorrow"),
    ],
)
def test_what_is_not_understood_is_named(shop: Shop, where: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        parse_where(shop, [where])


def test_without_yes_every_case_is_named_and_nothing_is_done(cases: Cases, shop: Shop) -> None:
    add_agent(shop, "lan", name="小兰")
    open_case(shop, kind="return", say="Broken cup")
    open_case(shop, kind="return", say="Wrong colour")
    before = len(list_audit(shop.database, limit=999))
    shown = cases("assign", "--where", "kind=return", "--to", "lan")
    assert (shown.returncode, shown.stdout) == (
        0, "#1 Broken cup: – → 小兰\n#2 Wrong colour: – → 小兰\n",
    )  # fmt: skip
    assert shown.stderr == "Nothing was changed. To do it to these 2 cases, run again with --yes.\n"
    assert case_of(shop, 1).assignee_id is None
    assert len(list_audit(shop.database, limit=999)) == before


def test_with_yes_all_are_done_in_one_audited_transaction(cases: Cases, shop: Shop) -> None:
    lan = add_agent(shop, "lan", name="小兰")
    for word in ("one", "two"):
        open_case(shop, kind="return", say=word)
    done = cases("assign", "lan", "--where", "kind=return", "--yes")
    assert (done.returncode, done.stderr) == (0, "2 cases changed.\n")
    assert [case_of(shop, number).assignee_id for number in (1, 2)] == [lan.id, lan.id]
    entry = list_audit(shop.database, limit=1)[0]
    assert (entry.operation, entry.subjects, entry.counts) == ("cases.bulk", "case:1 case:2", '{"assign": 2}')


def test_one_case_that_cannot_stops_all_and_is_named(cases: Cases, shop: Shop) -> None:
    for word in ("one", "two", "three"):
        open_case(shop, kind="inquiry", say=word)
    for number in (1, 3):
        resolve_case(shop, number, resolution="answered")
    shown = cases("close", "--where", "cases=1,2,3")
    assert shown.returncode == 0
    assert shown.stdout.splitlines() == ["#1 one: resolved → closed", "#3 three: resolved → closed"]
    assert shown.stderr == (
        "#2 not possible: Case 2: “close” is not possible, the case is “new”.\n"
        "Nothing was changed, nor will --yes change anything while 1 case cannot take the step.\n"
    )
    refused = cases("close", "--where", "cases=1,2,3", "--yes")
    assert refused.returncode == 4
    assert refused.stdout == ""
    assert refused.stderr == (
        "Error: 1 of 3 cases cannot take this step, so nothing was done:\n"
        "  case 2: Case 2: “close” is not possible, the case is “new”.\n"
        "  Leave them out with a narrower --where; without --yes it shows what would be done.\n"
    )
    assert [case_of(shop, number).status for number in (1, 2, 3)] == ["resolved", "new", "resolved"]
    assert cases("close", "--where", "status=resolved", "--yes").returncode == 0
    assert [case_of(shop, number).status for number in (1, 2, 3)] == ["closed", "new", "closed"]


def test_triage_wait_and_archive_go_the_same_way(cases: Cases, shop: Shop) -> None:
    for word in ("要退货，杯子碎了", "Please repair it"):
        open_case(shop, kind="inquiry", say=word)
    assert cases("triage", "--where", "kind=inquiry", "--accept", "--yes").returncode == 0
    assert [case_of(shop, number).kind for number in (1, 2)] == ["return", "repair"]
    assert cases("wait", "customer", "--where", "status=triaged", "--yes").returncode == 0
    assert [case_of(shop, number).status for number in (1, 2)] == ["waiting_customer"] * 2
    for number in (1, 2):
        resolve_case(shop, number, cause="packaging")
        close_case(shop, number)
    shown = cases("archive", "--where", "status=closed")
    assert shown.stdout == "#1 要退货，杯子碎了: into the archive\n#2 Please repair it: into the archive\n"
    assert cases("archive", "--where", "status=closed", "--yes").returncode == 0
    assert case_of(shop, 2).archived_at == shop.stamp


def test_json_names_each_case_with_what_changes(cases: Cases, shop: Shop) -> None:
    open_case(shop, kind="inquiry", say="one")
    resolve_case(shop, 1, resolution="answered")
    shown = json.loads(cases("close", "--where", "status=resolved", "--json").stdout)
    assert shown == {
        "done": False,
        "cases": [
            {"number": 1, "title": "one", "changes": {"status": ["resolved", "closed"]}, "problem": ""}
        ],
    }


def test_a_dry_run_with_yes_changes_nothing(cases: Cases, shop: Shop) -> None:
    open_case(shop, kind="inquiry", say="one")
    result = cases("wait", "internal", "--where", "kind=inquiry", "--yes", "--dry-run")
    assert result.returncode == 0
    assert "Dry run: nothing was changed." in result.stderr
    assert case_of(shop, 1).status == "new"


@pytest.mark.parametrize(
    "words",
    [
        ("close",),
        ("close", "17", "--yes"),
        ("close", "17", "--where", "kind=return"),
        ("assign", "--where", "kind=return"),
        ("assign", "--where", "kind=return", "--to", "owner", "--auto"),
        ("triage", "--where", "kind=return"),
        ("archive",),
    ],
)
def test_a_command_that_does_not_say_which_cases_or_what_is_wrong_usage(
    cases: Cases, words: tuple[str, ...]
) -> None:
    assert cases(*words).returncode == 2


def test_bulk_takes_no_case_away_from_others_for_an_agent(shop: Shop, cases: Cases) -> None:
    for code in ("lan", "mei"):
        add_agent(shop, code)
    open_case(shop, say="one", assignee="lan")
    open_case(shop, say="two")
    refused = cases("assign", "mei", "--where", "status=new", "--yes", agent="mei")
    assert refused.returncode == 4
    assert "case 1: lan works on case 1 since" in refused.stderr
    assert case_of(shop, 2).assignee_id is None
    entry = list_audit(shop.database, limit=1)[0]
    assert (entry.actor, entry.operation) == ("mei", "refusal")


def test_what_goes_wrong_by_a_bug_leaves_nothing_behind(shop: Shop) -> None:
    for word in ("one", "two"):
        open_case(shop, kind="inquiry", say=word)

    def step(acting: Shop, number: int) -> Case:
        if number == 2:
            raise ZeroDivisionError
        return resolve_case(acting, number, resolution="answered")

    with pytest.raises(ZeroDivisionError):
        change_many(shop, parse_where(shop, ()), step, verb="resolve", really=True)
    assert case_of(shop, 1).status == "new"
    with pytest.raises(RefusedError):
        close_case(shop, 1)
    assert find_agent(shop.database, "owner")


def test_an_unknown_number_is_told_and_nothing_is_done(cases: Cases, shop: Shop) -> None:
    open_case(shop, kind="return")
    done = cases("triage", "--where", "cases=1,99999", "--kind", "exchange", "--yes")
    assert done.returncode == 3
    assert "99999" in done.stderr
    assert case_of(shop, 1).kind == "return"


@pytest.mark.parametrize("where", ["", "  "])
def test_an_empty_where_is_refused(cases: Cases, shop: Shop, where: str) -> None:
    open_case(shop, kind="return")
    done = cases("triage", "--where", where, "--kind", "exchange", "--yes")
    assert done.returncode == 2
    assert case_of(shop, 1).kind == "return"


def test_many_cases_are_resolved_at_once_after_each_was_shown(cases: Cases, shop: Shop) -> None:
    for index in range(2):
        open_case(shop, kind="return", say=f"Broken {index}")
    words = ("resolve", "--where", "kind=return", "--cause", "packaging")
    shown = cases(*words)
    assert (shown.returncode, shown.stdout.splitlines()) == (
        0,
        [
            f"#{number} Broken {number - 1}: new → resolved; – → returned and refunded; – → packaging; "
            "– → shop owner"
            for number in (1, 2)
        ],
    )
    assert "run again with --yes" in shown.stderr
    assert [case_of(shop, number).status for number in (1, 2)] == ["new", "new"]
    done = cases(*words, "--yes")
    assert (done.returncode, done.stderr) == (0, "2 cases changed.\n")
    assert [case_of(shop, number).cause for number in (1, 2)] == ["packaging", "packaging"]


def test_if_one_case_cannot_be_resolved_none_is(cases: Cases, shop: Shop) -> None:
    open_case(shop, kind="return", say="Broken")
    open_case(shop, kind="complaint", say="Bad")
    words = ("resolve", "--where", "kind=return,complaint", "--cause", "packaging")
    shown = cases(*words)
    assert "#2 not possible: Complaint 2 has no answer" in shown.stderr
    refused = cases(*words, "--yes")
    assert (refused.returncode, refused.stdout) == (4, "")
    assert "Complaint 2 has no answer" in refused.stderr
    assert [case_of(shop, number).status for number in (1, 2)] == ["new", "new"]
    assert cases("resolve", "1", "--where", "kind=return").returncode == 2
    assert cases("resolve").returncode == 2
