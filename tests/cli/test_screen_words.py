"""Words on the screen: each in the shop's language, each naming what to do."""

from pathlib import Path

import pytest

from aftersales_cli.language import use_language
from tests.catalogue import code_messages
from tests.conftest import RunCli


def test_settings_that_are_wrong_elsewhere_still_choose_the_language(
    run_cli: RunCli, shop_folder: Path
) -> None:
    (shop_folder / "aftersales.toml").write_text('[shop]\nlanguage = "zh"\n[night]\nowl = 1\n', "utf-8")
    result = run_cli("status", cwd=shop_folder)
    assert result.returncode == 2
    assert "错误" in result.stderr
    assert "Error" not in result.stderr


def test_words_that_come_from_elsewhere_are_in_the_catalogue() -> None:
    assert {
        "in the marketplace's chat", "no permission", "the disk is full", "text", "integer", "[OPTIONS]",
        "COMMAND [ARGS]...",
    } <= code_messages()  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_command_is_torn_apart_in_the_programs_own_help(language: str, run_cli: RunCli) -> None:
    lines = run_cli("--lang", language, "--help").stdout.splitlines()
    for command in ("aftersales demo", "aftersales init my-shop", "aftersales today"):
        assert any(command in line for line in lines), command


def test_usage_lines_are_translated() -> None:
    from aftersales_cli.cli.base import Command, Noun

    with Command("x").make_context("x", [], resilient_parsing=True) as context:
        assert Command("x").collect_usage_pieces(context) == ["[OPTIONS]"]
        assert Noun("x").collect_usage_pieces(context) == ["[OPTIONS]", "COMMAND [ARGS]..."]
        use_language("zh")
        assert "OPTIONS" not in Command("x").get_usage(context)
        assert "ARGS" not in Noun("x").get_usage(context)


def test_a_refusal_names_the_command_in_its_own_words(run_cli: RunCli, shop_folder: Path) -> None:
    run_cli("team", "add", "guest", "--role", "viewer", cwd=shop_folder)
    result = run_cli("--as", "guest", "callbacks", "plan", cwd=shop_folder)
    assert result.returncode == 4
    assert "“callbacks plan”" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("init", "new", "--currency", "XYZ"),
        ("init", "new", "--country", "ZZZ"),
        ("storefronts", "add", "x", "--currency", "AAA"),
        ("storefronts", "add", "x", "--country", "China"),
    ],
)
def test_codes_that_do_not_exist_are_refused(
    words: tuple[str, ...], run_cli: RunCli, shop_folder: Path
) -> None:
    result = run_cli(*words, cwd=shop_folder)
    assert result.returncode == 2
    assert words[-1] in result.stderr
    assert not (shop_folder / "new").exists()
    assert run_cli("storefronts", "list", "--json", cwd=shop_folder).stdout.strip() == "[]"


def test_a_storefronts_codes_may_be_written_small(run_cli: RunCli, shop_folder: Path) -> None:
    run_cli("storefronts", "add", "x", "--currency", "usd", "--country", "us", cwd=shop_folder)
    listed = run_cli("storefronts", "list", "--json", cwd=shop_folder).stdout
    assert '"USD"' in listed
    assert '"US"' in listed


@pytest.mark.parametrize("words", [("today",), ("today", "--json")])
def test_an_agent_learns_that_the_figures_were_left_out(
    words: tuple[str, ...], run_cli: RunCli, shop_folder: Path
) -> None:
    run_cli("team", "add", "lan", cwd=shop_folder)
    result = run_cli("--as", "lan", *words, cwd=shop_folder)
    assert result.returncode == 0
    assert "figures" in result.stderr
    assert "manager" in result.stderr
    assert "figures" not in run_cli(*words, cwd=shop_folder).stderr
