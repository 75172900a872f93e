"""Cases from a platform's file are given out by the rules, if the shop wants that."""

from dataclasses import replace
from pathlib import Path

import pytest

from aftersales_cli.database.fetch import fetch_rows, fetch_value
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.undo import undo
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent
from tests.intake.test_golden_files import marketplace_file

OPEN = "status NOT IN ('resolved', 'closed', 'cancelled', 'merged')"


@pytest.mark.parametrize("rule", ["manual", "rules"])
def test_open_cases_of_an_import_get_somebody_by_rule_and_an_undo_takes_it_back(
    shop: Shop, tmp_path: Path, rule: str
) -> None:
    settings = replace(shop.settings, cases=replace(shop.settings.cases, assign=rule))
    shop = replace(shop, settings=settings)
    for code in ("lan", "mei"):
        add_agent(shop, code)
    result = import_file(shop, marketplace_file(tmp_path, "taobao_refunds_r3", "xlsx"))
    assert result.aftersales.new
    free = fetch_value(shop.database, f"SELECT count(*) FROM cases WHERE {OPEN} AND assignee_id IS NULL")
    open_cases = fetch_value(shop.database, f"SELECT count(*) FROM cases WHERE {OPEN}")
    assert open_cases
    assert free == (0 if rule == "rules" else open_cases)
    ended = f"SELECT count(*) FROM cases WHERE NOT ({OPEN}) AND assignee_id IS NOT NULL"
    assert fetch_value(shop.database, ended) == 0
    undo(shop, result.import_id)
    assert fetch_rows(shop.database, "SELECT number FROM cases") == []
