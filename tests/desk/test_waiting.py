"""Waiting for somebody, and going on."""

from collections.abc import Callable
from datetime import datetime

import pytest

from aftersales_cli.database.cases import list_case_events
from aftersales_cli.desk.ending import resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.waiting import WHOM, resume_case, wait_case
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.shop import Shop

Local = Callable[[str], datetime]


def steps(shop: Shop, number: int) -> list[tuple[str, str, str]]:
    events = list_case_events(shop.database, number)
    return [(event.type, event.field, event.after) for event in events]


@pytest.mark.parametrize("whom", WHOM)
def test_a_new_case_walks_through_work_before_it_waits_and_then_goes_on(shop: Shop, whom: str) -> None:
    number = open_case(shop).number
    assert wait_case(shop, number, whom, note="photos").status == f"waiting_{whom}"
    assert steps(shop, number)[-2:] == [
        ("started", "status", "in_progress"),
        ("waiting", "status", f"waiting_{whom}"),
    ]
    assert list_case_events(shop.database, number)[-1].note == "photos"
    assert resume_case(shop, number).status == "in_progress"
    assert steps(shop, number)[-1] == ("resumed", "status", "in_progress")


def test_who_lets_a_free_case_wait_works_on_it(shop: Shop) -> None:
    assert wait_case(shop, open_case(shop).number, "customer").assignee_id == shop.agent.id


def test_waiting_already_only_the_note_and_the_moment_are_kept(shop: Shop, local: Local) -> None:
    number = open_case(shop).number
    wait_case(shop, number, "customer")
    before = len(steps(shop, number))
    with pytest.raises(RefusedError, match="You did this already"):
        wait_case(shop, number, "customer")
    wait_case(shop, number, "customer", repeat=True)
    assert len(steps(shop, number)) == before
    wait_case(shop, number, "customer", note="asked again", until=local("2026-11-25"))
    assert steps(shop, number)[before:] == [
        ("noted", "", ""),
        ("waits_until", "until", "2026-11-24T16:00:00Z"),
    ]


def test_a_moment_that_is_over_is_no_until(shop: Shop, local: Local) -> None:
    number = open_case(shop).number
    with pytest.raises(WrongUsageError, match="--until"):
        wait_case(shop, number, "internal", until=local("2026-11-22 09:00"))
    assert steps(shop, number) == [("opened", "status", "new")]


def test_a_resolved_case_does_not_wait_and_the_refusal_names_the_verb_as_typed(shop: Shop) -> None:
    number = open_case(shop).number
    resolve_case(shop, number)
    with pytest.raises(RefusedError, match="“wait platform” is not possible"):
        wait_case(shop, number, "platform")
    with pytest.raises(RefusedError, match="“resume” is not possible"):
        resume_case(shop, number)


def test_resuming_work_in_progress_changes_nothing(shop: Shop) -> None:
    number = open_case(shop, assignee="owner").number
    case = resume_case(shop, number)
    count = len(steps(shop, number))
    with pytest.raises(RefusedError, match="You did this already"):
        resume_case(shop, number)
    assert resume_case(shop, number, repeat=True) == case
    assert len(steps(shop, number)) == count
