"""How a case ends when nothing else is said."""

import pytest

from aftersales_cli.desk.resolutions import (
    CAUSE_OPTIONAL,
    DEFAULT_RESOLUTIONS,
    choose_cause,
    default_resolution,
    find_fault,
)
from aftersales_cli.errors import RefusedError
from aftersales_cli.taxonomy import load_taxonomy

CAUSES = load_taxonomy("causes")


def test_every_kind_has_a_resolution_that_exists() -> None:
    resolutions = load_taxonomy("resolutions").terms
    for kind in load_taxonomy("kinds").terms:
        assert default_resolution(kind) in resolutions
    assert set(DEFAULT_RESOLUTIONS) <= set(load_taxonomy("kinds").terms)
    assert set(load_taxonomy("kinds").terms) >= CAUSE_OPTIONAL


def test_a_kind_of_the_shops_own_ends_as_other() -> None:
    assert default_resolution("engraving") == "other"


@pytest.mark.parametrize(
    ("word", "code"), [("包装", "packaging"), ("packaging", "packaging"), ("发错", "picking_packing")]
)
def test_a_cause_is_understood_in_either_language(word: str, code: str) -> None:
    assert choose_cause("return", word, "", CAUSES) == code


def test_a_cause_known_before_needs_not_be_said_again() -> None:
    assert choose_cause("return", "", "misuse", CAUSES) == "misuse"


def test_a_missing_cause_is_refused_with_the_list_of_causes() -> None:
    with pytest.raises(RefusedError) as caught:
        choose_cause("exchange", "", "", CAUSES)
    assert "carrier_damage" in caught.value.remedy


@pytest.mark.parametrize("kind", sorted(CAUSE_OPTIONAL))
def test_where_nobody_is_at_fault_the_cause_may_stay_unknown(kind: str) -> None:
    assert choose_cause(kind, "", "", CAUSES) == "unknown"


@pytest.mark.parametrize(
    ("cause", "fault"), [("packaging", "warehouse"), ("service_slow", "service"), ("unknown", "")]
)
def test_the_fault_follows_from_the_cause(cause: str, fault: str) -> None:
    assert find_fault(cause, CAUSES) == fault
