"""What a platform's refund status means for a case."""

import pytest

from aftersales_cli.desk.platform_cases import PlatformState, platform_status
from aftersales_cli.taxonomy import load_taxonomy


@pytest.mark.parametrize(
    ("code", "kind", "state"),
    [
        ("requested", "return", PlatformState("new")),
        ("returning", "return", PlatformState("waiting_customer")),
        ("succeeded", "return", PlatformState("closed", resolution="returned")),
        ("succeeded", "refund_only", PlatformState("closed", resolution="refunded")),
        ("succeeded", "exchange", PlatformState("closed", resolution="exchanged")),
        ("succeeded", "other", PlatformState("closed", resolution="refunded")),
        ("closed", "return", PlatformState("cancelled", cancel_reason="platform_closed")),
        ("refused", "return", PlatformState("waiting_platform")),
        ("unknown", "return", PlatformState("new")),
        ("something new", "return", PlatformState("new")),
    ],
)
def test_a_refund_status_gives_the_state_of_its_case(code: str, kind: str, state: PlatformState) -> None:
    assert platform_status(code, kind) == state


def test_every_state_for_every_status_exists_in_the_taxonomies() -> None:
    for code in load_taxonomy("refund_statuses").terms:
        for kind in load_taxonomy("kinds").terms:
            state = platform_status(code, kind)
            assert state.status in load_taxonomy("case_statuses").terms
            assert state.resolution in {"", *load_taxonomy("resolutions").terms}
            assert state.cancel_reason in {"", *load_taxonomy("cancel_reasons").terms}
