"""The tables of the axes: every state is named, can be reached and has an end."""

import pytest

from aftersales_cli.desk.axes import PARCEL, REFUND, REPAIR, REPLACEMENT, REVIEW, Axis, require_following
from aftersales_cli.errors import RefusedError
from aftersales_cli.taxonomy import load_taxonomy

AXES = [REVIEW, PARCEL, REFUND, REPLACEMENT, REPAIR]


@pytest.mark.parametrize("axis", AXES, ids=lambda axis: str(axis.name))
def test_every_state_has_a_name_and_leads_to_an_end(axis: Axis) -> None:
    assert set(load_taxonomy(axis.taxonomy).terms) == set(axis.following)
    assert axis.ends
    for state in axis.following:
        seen, waiting = set[str](), [state]
        while waiting:
            current = waiting.pop()
            seen.add(current)
            waiting += [following for following in axis.following[current] if following not in seen]
        assert seen & axis.ends, f"{state} never ends"


@pytest.mark.parametrize("axis", AXES, ids=lambda axis: str(axis.name))
def test_every_state_can_be_reached_from_the_first(axis: Axis) -> None:
    first = next(iter(axis.following))
    seen, waiting = set[str](), [first]
    while waiting:
        current = waiting.pop()
        seen.add(current)
        waiting += [following for following in axis.following[current] if following not in seen]
    assert seen == set(axis.following)


def test_a_step_that_is_not_in_the_table_is_refused_and_says_what_may_follow() -> None:
    with pytest.raises(RefusedError) as refused:
        require_following(REFUND, "planned", "succeeded", subject="Refund 4")
    assert refused.value.message == "Refund 4 is “planned” and cannot become “paid”."
    assert refused.value.remedy == "Possible now: approved, void."


def test_a_rejected_request_stays_rejected() -> None:
    assert REVIEW.following["rejected"] == ()
