"""Reviews: one person, above the limit two; a sample is checked later."""

import pytest

from aftersales_cli.database.returns import list_return_lines, list_reviews
from aftersales_cli.desk.returns.deciding import is_sampled, require_request
from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.desk.returns.reviewing import read_queue, read_sample, review
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.records.returns import ReturnRequest
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.agents import add_agent
from tests.desk.returns.return_helpers import run_sql, sell


def as_agent(shop: Shop, code: str) -> Shop:
    return open_shop(shop.folder, agent=code)


@pytest.fixture
def big(shop: Shop) -> ReturnRequest:
    """Return a request above the limit of the second person, entered by the owner."""
    add_agent(shop, "kate", name="Kate")
    add_agent(shop, "lan", name="Lan")
    sell(shop, paid=900000, products=(("TV", "Television", 3, 300000),))
    return request_return(shop, order="101", lines=["TV=3"], reason="changed_mind", condition="unopened")


@pytest.fixture
def small(shop: Shop) -> ReturnRequest:
    """Return a request a single person decides, entered by the owner."""
    sell(shop)
    return request_return(shop, order="101", lines=["CUP=3"], reason="changed_mind", condition="unopened")


def test_one_person_approves_and_may_approve_fewer_pieces(shop: Shop, small: ReturnRequest) -> None:
    done = review(shop, small.id, "approved", quantities=["CUP=2"], reasons=["goodwill"])
    assert (done.status, done.send_by, done.decided_at) == ("approved", "2026-11-29", shop.stamp)
    assert [line.approved for line in list_return_lines(shop.database, small.id)] == [2]
    last = list_reviews(shop.database, small.id)[-1]
    assert (last.step, last.verdict, last.reviewer, last.reason) == ("first", "approved", "owner", "goodwill")


@pytest.mark.parametrize(
    ("quantities", "problem"),
    [
        (["CUP=4"], "cannot be approved"),
        (["CUP=0"], "No piece is approved"),
        (["TEA=1"], "names no product"),
        (["CUP"], "names no product"),
    ],
)
def test_more_than_asked_or_nothing_is_not_approved(
    shop: Shop, small: ReturnRequest, quantities: list[str], problem: str
) -> None:
    with pytest.raises(WrongUsageError, match=problem):
        review(shop, small.id, "approved", quantities=quantities)


def test_a_rejection_needs_its_reason(shop: Shop, small: ReturnRequest) -> None:
    with pytest.raises(WrongUsageError, match="not said why"):
        review(shop, small.id, "rejected")
    done = review(shop, small.id, "rejected", reasons=["超期"], note="three weeks")
    assert (done.status, done.reasons, done.ended_at) == ("rejected", "window_over,three weeks", shop.stamp)


def test_a_decision_stands(shop: Shop, small: ReturnRequest) -> None:
    add_agent(shop, "kate", name="Kate")
    review(as_agent(shop, "kate"), small.id, "approved")
    with pytest.raises(RefusedError, match="kate was faster: return request 1 is “approved”"):
        review(shop, small.id, "rejected", reasons=["other"])


def test_passing_on_and_asking_for_evidence_keep_it_in_the_queue(shop: Shop, small: ReturnRequest) -> None:
    assert review(shop, small.id, "needs_evidence").status == "needs_evidence"
    assert review(shop, small.id, "needs_manual").status == "needs_manual"
    assert [row.id for row in read_queue(shop)] == [small.id]


def test_above_the_limit_the_first_approval_only_waits(shop: Shop, big: ReturnRequest) -> None:
    assert big.second_needed
    first = review(as_agent(shop, "kate"), big.id, "approved", quantities=["TV=2"])
    assert (first.status, first.send_by) == ("submitted", None)
    assert [row.first_reviewer for row in read_queue(shop)] == ["kate"]
    with pytest.raises(RefusedError, match="You approved Return request 1 first"):
        review(as_agent(shop, "kate"), big.id, "approved")
    # The owner entered it.
    with pytest.raises(RefusedError, match="cannot be its second person"):
        review(shop, big.id, "approved")
    second = review(as_agent(shop, "lan"), big.id, "approved")
    assert second.status == "approved"
    assert [line.approved for line in list_return_lines(shop.database, big.id)] == [2]
    assert [(entry.step, entry.reviewer) for entry in list_reviews(shop.database, big.id)] == [
        ("auto", "policy"),
        ("first", "kate"),
        ("second", "lan"),
    ]


def test_the_second_person_may_say_no_or_less_but_never_more(shop: Shop, big: ReturnRequest) -> None:
    review(as_agent(shop, "kate"), big.id, "approved", quantities=["TV=2"])
    done = review(as_agent(shop, "lan"), big.id, "approved", quantities=["TV=3"])
    assert [line.approved for line in list_return_lines(shop.database, done.id)] == [2]


def test_a_no_of_the_second_person_ends_it(shop: Shop, big: ReturnRequest) -> None:
    review(as_agent(shop, "kate"), big.id, "approved")
    assert review(as_agent(shop, "lan"), big.id, "rejected", reasons=["condition"]).status == "rejected"


def test_the_same_request_is_always_drawn_or_never(shop: Shop, small: ReturnRequest) -> None:
    assert not is_sampled(small, 0)
    assert is_sampled(small, 1)
    draws = [is_sampled(require_request(shop, small.id), rate / 100) for rate in range(101)]
    assert draws == sorted(draws)


def test_somebody_else_checks_a_drawn_decision(shop: Shop, small: ReturnRequest) -> None:
    add_agent(shop, "kate", name="Kate")
    review(shop, small.id, "approved")
    run_sql(shop, "UPDATE return_requests SET sampled = 1")
    assert [row.id for row in read_sample(shop)] == [small.id]
    with pytest.raises(RefusedError, match="You decided"):
        review(shop, small.id, "agrees")
    kate = as_agent(shop, "kate")
    with pytest.raises(WrongUsageError, match="not said why"):
        review(kate, small.id, "disagrees")
    checked = review(kate, small.id, "disagrees", note="opened")
    assert checked.status == "approved"
    assert read_sample(shop) == []
    with pytest.raises(RefusedError, match="checked already"):
        review(kate, small.id, "agrees")


def test_what_was_not_drawn_is_not_checked(shop: Shop, small: ReturnRequest) -> None:
    with pytest.raises(RefusedError, match="was not drawn"):
        review(shop, small.id, "agrees")


def test_who_may_not_review_is_refused(shop: Shop, small: ReturnRequest) -> None:
    add_agent(shop, "bo", name="Bo", role="warehouse")
    with pytest.raises(RefusedError, match="may not do"):
        review(as_agent(shop, "bo"), small.id, "approved")
