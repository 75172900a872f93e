"""The command ``policy`` as people call it."""

import json
from pathlib import Path

from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.resources import data_dir
from aftersales_cli.shop import Shop
from tests.conftest import RunCli
from tests.desk.returns.return_helpers import sell

SHIPPED = data_dir("templates") / "policies"


def test_the_rules_are_listed_in_the_order_in_which_they_are_asked(
    shop_folder: Path, run_cli: RunCli
) -> None:
    done = run_cli("policy", "list", "--country", "cn", "--platform", "douyin", "--json", cwd=shop_folder)
    rules = json.loads(done.stdout)
    layers = [rule["layer"] for rule in rules]
    assert layers == sorted(layers, key=["shop", "platform", "law"].index)
    assert {"id", "zh", "en", "source", "certainty", "checked_on", "window", "verdict"} <= set(rules[0])
    assert not any(rule["id"].startswith("tmall") for rule in rules)
    shown = run_cli("policy", "list", "--country", "JP", cwd=shop_folder)
    assert "jp-8d" in shown.stdout
    assert "cn-7d" not in shown.stdout
    assert "CN¥200.00" in shown.stderr


def test_a_check_lists_what_is_wrong_and_says_so_in_its_exit_code(shop_folder: Path, run_cli: RunCli) -> None:
    fine = run_cli("policy", "check", cwd=shop_folder)
    assert fine.returncode == 0
    broken = shop_folder / "shop.toml"
    text = (SHIPPED / "shop.toml").read_text(encoding="utf-8")
    broken.write_text(text.replace('verdict = "manual"', 'verdict = "perhaps"', 1), encoding="utf-8")
    done = run_cli("policy", "check", "shop.toml", cwd=shop_folder)
    assert done.returncode == 5
    assert "shop-refund-only" in done.stdout
    assert "perhaps" in done.stdout
    missing = run_cli("policy", "check", "nowhere.toml", cwd=shop_folder)
    assert missing.returncode == 8
    assert "nowhere.toml" in missing.stderr


def test_a_changed_file_is_tried(shop_folder: Path, run_cli: RunCli) -> None:
    done = run_cli("policy", "try", SHIPPED / "shop.toml", "--since", "2026-10-01", "--json", cwd=shop_folder)
    assert json.loads(done.stdout) == {"requests": 0, "changed": []}


def test_the_customers_page_is_printed_and_written(shop_folder: Path, run_cli: RunCli) -> None:
    shown = run_cli("policy", "print", "--lang", "zh", cwd=shop_folder)
    assert "七天无理由退货" in shown.stdout
    assert "十四天撤回权" not in shown.stdout
    done = run_cli(
        "policy", "print", "--country", "DE", "--format", "html", "--out", "page.html", cwd=shop_folder
    )
    assert done.returncode == 0
    page = (shop_folder / "page.html").read_text(encoding="utf-8")
    assert "14 days&#x27; right of withdrawal" in page
    dry = run_cli("policy", "print", "--out", "dry.txt", "--dry-run", cwd=shop_folder)
    assert dry.returncode == 0
    assert not (shop_folder / "dry.txt").exists()
    every = run_cli("policy", "print", "--country", "all", "--json", cwd=shop_folder)
    assert len(json.loads(every.stdout)["sections"]) > 8


def test_reviewers_are_compared(shop_folder: Path, run_cli: RunCli) -> None:
    done = run_cli("policy", "fairness", "--json", cwd=shop_folder)
    assert json.loads(done.stdout) == []


def test_the_versions_say_since_when_and_how_many_requests_they_judged(
    shop: Shop, shop_folder: Path, run_cli: RunCli
) -> None:
    assert run_cli("policy", "versions", "--json", cwd=shop_folder).stdout.strip() == "[]"
    sell(shop)
    request_return(shop, order="101", lines=["CUP=1"], reason="defect")
    (version,) = json.loads(run_cli("policy", "versions", "--json", cwd=shop_folder).stdout)
    assert (version["id"], version["requests"], len(version["digest"])) == (1, 1, 64)
    assert version["digest"][:12] in run_cli("policy", "versions", cwd=shop_folder).stdout
