"""``customers churn`` as people and programs see it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from aftersales_cli.shop import Shop
from tests.benchmarks.churn import fill

RunCli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(shop: Shop) -> Path:
    fill(shop, 400)
    return shop.folder


@pytest.fixture
def small(shop: Shop) -> Path:
    fill(shop, 60)
    return shop.folder


def test_before_the_first_scoring_the_list_says_what_to_do(run_cli: RunCli, small: Path) -> None:
    done = run_cli("customers", "churn", "--shop", small)
    assert done.returncode == 0
    assert done.stdout == ""
    assert "aftersales customers churn --refresh" in done.stderr


def test_the_header_says_method_parameters_and_guards(run_cli: RunCli, folder: Path) -> None:
    done = run_cli("customers", "churn", "--refresh", "--shop", folder)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "Scored: 400 customers; 400 scores new or different, 0 deleted."
    assert lines[1].startswith("As of 2026-11-22: BG/NBD model; 400 customers")
    assert "  holds: 400 customers of at least 200" in lines
    assert any("r 0." in line and "alpha" in line and "fitted on 400 customers" in line for line in lines)
    assert "still a customer" in done.stdout
    assert "silent" in done.stdout


def test_a_small_shop_is_told_which_guard_does_not_hold(run_cli: RunCli, small: Path) -> None:
    done = run_cli("customers", "churn", "--refresh", "--shop", small)
    assert "rule of gaps; 60 customers" in done.stdout
    assert "DOES NOT HOLD: 60 customers of at least 200" in done.stdout
    assert "still a customer" not in done.stdout


def test_json_has_stable_keys_and_a_second_refresh_writes_nothing(run_cli: RunCli, folder: Path) -> None:
    words = ("customers", "churn", "--refresh", "--json", "--limit", "2", "--shop", folder)
    first, second = (json.loads(run_cli(*words).stdout) for _time in range(2))
    assert list(first) == [
        "refresh", "as_of", "method", "customers", "repeaters", "parameters", "guards", "currency", "degrees", "rows",
    ]  # fmt: skip
    assert list(first["refresh"]) == [
        "as_of", "method", "customers", "evaluations", "written", "deleted", "new_run",
    ]  # fmt: skip
    assert list(first["rows"][0]) == [
        "customer_id", "name", "phone", "email", "do_not_contact", "segment", "as_of", "method", "purchases", "last_on",
        "p_alive", "gap_days", "overdue", "degree", "expected_orders", "value_lost", "reason", "sign", "sign_case",
        "sign_on", "sign_number",
    ]  # fmt: skip
    assert first["refresh"]["written"] == 400
    assert (second["refresh"]["written"], second["refresh"]["new_run"]) == (0, False)
    assert len(second["rows"]) == 2
    assert second["rows"] == first["rows"]
    assert "refresh" not in json.loads(run_cli("customers", "churn", "--json", "--shop", folder).stdout)


def test_without_rows_nobody_is_named(run_cli: RunCli, small: Path) -> None:
    done = run_cli("customers", "churn", "--refresh", "--limit", "0", "--shop", small)
    assert "60 customers" in done.stdout
    assert "buyer" not in done.stdout


def test_degrees_are_chosen_in_either_language(run_cli: RunCli, small: Path) -> None:
    run_cli("customers", "churn", "--refresh", "--shop", small)
    for word in ("lost", "已流失"):
        found = json.loads(run_cli("customers", "churn", "--degree", word, "--json", "--shop", small).stdout)
        assert {row["degree"] for row in found["rows"]} == {"lost"}
    both = run_cli("customers", "churn", "--degree", "active", "--degree", "due", "--json", "--shop", small)
    assert {row["degree"] for row in json.loads(both.stdout)["rows"]} == {"active", "due"}
    assert run_cli("customers", "churn", "--degree", "asleep", "--shop", small).returncode == 2


def test_a_dry_run_shows_the_scores_and_keeps_none(run_cli: RunCli, small: Path) -> None:
    done = run_cli("customers", "churn", "--refresh", "--dry-run", "--shop", small)
    assert "60 customers" in done.stdout
    assert "nothing was changed" in done.stderr
    assert run_cli("customers", "churn", "--shop", small).stdout == ""


def test_a_table_for_files_has_contacts_and_segments_and_no_header(run_cli: RunCli, small: Path) -> None:
    run_cli("customers", "churn", "--refresh", "--shop", small)
    done = run_cli("customers", "churn", "--format", "csv", "--shop", small)
    assert done.stdout.splitlines()[0].split(",")[:5] == ["Customer", "Name", "Phone", "E-mail", "Segment"]


def test_the_back_test_prints_both_methods_with_calibration(run_cli: RunCli, folder: Path) -> None:
    done = run_cli("customers", "churn", "--backtest", "--days", "60", "--shop", folder)
    assert done.returncode == 0, done.stderr
    assert "Hidden: the 60 days to 2026-11-22." in done.stdout
    assert "Calibration, BG/NBD model" in done.stdout
    assert "Calibration, rule of gaps" in done.stdout
    found = json.loads(
        run_cli("customers", "churn", "--backtest", "--days", "60", "--json", "--shop", folder).stdout
    )
    assert list(found) == [
        "known_until", "until", "days", "customers", "silent", "median_gap", "fitted_on", "guards", "tests", "notes",
    ]  # fmt: skip
    assert list(found["tests"][0]) == ["method", "precision", "recall", "predicted", "deciles"]


def test_the_back_test_of_a_small_shop_says_why_only_one_method_was_tested(
    run_cli: RunCli, small: Path
) -> None:
    done = run_cli("customers", "churn", "--backtest", "--shop", small)
    assert "The BG/NBD model is not tested" in done.stdout
    assert "DOES NOT HOLD" in done.stdout
    assert "Fewer than 200 customers" in done.stdout


def test_a_day_without_anything_to_do_on_it_is_wrong_usage(run_cli: RunCli, small: Path) -> None:
    done = run_cli("customers", "churn", "--on", "2026-11-01", "--shop", small)
    assert done.returncode == 2
    assert "--refresh or --backtest" in done.stderr


def test_a_viewer_may_look_but_not_score(run_cli: RunCli, small: Path) -> None:
    run_cli("customers", "churn", "--refresh", "--shop", small)
    run_cli("team", "add", "eye", "--name", "Eye", "--role", "viewer", "--shop", small)
    assert run_cli("customers", "churn", "--as", "eye", "--shop", small).returncode == 0
    refused = run_cli("customers", "churn", "--refresh", "--on", "2026-11-25", "--as", "eye", "--shop", small)
    assert refused.returncode == 4
