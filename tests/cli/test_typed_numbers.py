"""Numbers as people type them: too long, too small, or no number at all."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from aftersales_cli.desk.opening import open_case
from aftersales_cli.shop import Shop
from tests.conftest import RunCli

LONG = "99999999999999999999"


@pytest.fixture
def tried(run_cli: RunCli, shop_folder: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Return a function that runs the program in the shop and makes sure that it met no bug."""

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        result = run_cli(*words, cwd=shop_folder)
        assert "bug" not in result.stderr
        assert "Traceback" not in result.stderr
        return result

    return run


@pytest.mark.parametrize("number", [LONG, "9223372036854775808", "0"])
@pytest.mark.parametrize("verb", [("show",), ("note", "x"), ("resolve",), ("assign", "owner")])
def test_a_case_number_no_database_can_hold_is_not_found(
    number: str, verb: tuple[str, ...], tried: Callable[..., "subprocess.CompletedProcess[str]"]
) -> None:
    result = tried("cases", verb[0], number, *verb[1:])
    assert result.returncode == 3
    assert f"There is no case {number}." in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cases", "list", "--limit", LONG), "at most"),
        (("cases", "list", "--limit", "0"), "at least 1"),
        (("cases", "list", "--limit", "-5"), "at least 1"),
        (("cases", "list", "--limit", "many"), "“many” is not a whole number"),
        (("cases", "show", "abc"), "“abc” is not a whole number"),
        (("jobs", "history", "--limit", LONG), "at most"),
        (("callbacks", "plan", "--capacity", LONG), "at most"),
        (("orders", "rejects", "list", "--import", LONG), "at most"),
    ],
)
def test_a_number_that_cannot_be_is_wrong_usage(
    words: tuple[str, ...], said: str, tried: Callable[..., "subprocess.CompletedProcess[str]"]
) -> None:
    result = tried(*words)
    assert result.returncode == 2
    assert said in result.stderr


def test_an_order_number_given_for_a_case_is_recognised(
    tried: Callable[..., "subprocess.CompletedProcess[str]"], shop: Shop
) -> None:
    open_case(shop)
    result = tried("cases", "show", "3312345678901234567")
    assert result.returncode == 3
    assert "aftersales orders show 3312345678901234567" in result.stderr
    assert "orders show" not in tried("cases", "show", "7").stderr
