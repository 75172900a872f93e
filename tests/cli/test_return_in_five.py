"""From a customer's wish to the money back: at most five commands, whoever decides."""

import json
from pathlib import Path
from typing import Any

import pytest

from aftersales_cli.desk.refunds.plans import require_plan
from aftersales_cli.shop import Shop
from tests.conftest import RunCli
from tests.desk.returns.return_helpers import sell

BY_RULE = (
    "returns request --order 101 CUP=1 --reason changed_mind --condition unopened",
    "returns receive 1",
    "refunds plan 1",
    "refunds pay 1 --reference T1",
)
BY_A_PERSON = (
    "returns request --order 101 CUP=1 --reason changed_mind --condition used",
    "returns review 1 approve",
    "returns receive 1 --disposition scrap",
    "refunds plan 1",
    "refunds pay 1 --reference T1",
)


@pytest.mark.parametrize("commands", [BY_RULE, BY_A_PERSON])
def test_a_return_from_request_to_refund_takes_at_most_five_commands(
    shop: Shop, shop_folder: Path, run_cli: RunCli, commands: tuple[str, ...]
) -> None:
    sell(shop)
    assert len(commands) <= 5
    for command in commands:
        done = run_cli(*command.split(), cwd=shop_folder)
        assert done.returncode == 0, done.stderr
    plan = require_plan(shop, 1)
    assert (plan.status, plan.reference, plan.request_id) == ("succeeded", "T1", 1)
    page: dict[str, Any] = json.loads(run_cli("returns", "show", "1", "--json", cwd=shop_folder).stdout)
    assert page["open_ends"] == []
    assert run_cli("cases", "resolve", "1", "--cause", "unknown", cwd=shop_folder).returncode == 0
