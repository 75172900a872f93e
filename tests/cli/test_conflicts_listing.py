"""``orders conflicts`` speaks of fields, states, times and lines in words."""

from pathlib import Path

import pytest

from aftersales_cli.database.conflicts import COMPARED_ORDER_COLUMNS
from aftersales_cli.database.merging_lines import COMPARED_LINE_COLUMNS
from aftersales_cli.intake.fields import CONFLICT_RECORDS, FIELD_NAMES
from tests.conftest import RunCli

HEADER = "单号=order.external_id 时间=order.paid_at 状态=order.status 品名=line.title 行号=line.line_id 件数=line.quantity 单价=line.unit_price"


def test_conflicts_are_told_in_words(run_cli: RunCli, shop_folder: Path, tmp_path: Path) -> None:
    columns = [word.partition("=")[0] for word in HEADER.split()]
    maps = [part for word in HEADER.split() for part in ("--map", word)]
    for word, code in (("交易成功", "finished"), ("交易关闭", "closed")):
        run_cli("orders", "vocabulary", "--map", f"order.status:{word}={code}", cwd=shop_folder)
    for name, cells in (("one", "交易成功,抱枕,L7,1,50.00"), ("two", "交易关闭,抱枕,L7,2,51.00")):
        path = tmp_path / f"{name}.csv"
        path.write_text(",".join(columns) + f"\n77001,2026-11-01 10:00:00,{cells}\n", "utf-8")
        run_cli("orders", "import", path, *maps, cwd=shop_folder)
    shown = run_cli("orders", "conflicts", cwd=shop_folder).stdout
    for word in ("quantity", "unit price", "order state", "77001", "L7", "51.00", "50.00", "closed"):
        assert word in shown, shown
    for code in ("unit_price", "status"):
        assert code not in shown, shown


COMPARED = {"orders": COMPARED_ORDER_COLUMNS, "order_lines": COMPARED_LINE_COLUMNS, "refunds": ("amount",)}


@pytest.mark.parametrize("table", COMPARED)
def test_every_field_that_can_be_in_conflict_has_a_name(table: str) -> None:
    for column in COMPARED[table]:
        assert f"{CONFLICT_RECORDS[table]}.{column}" in FIELD_NAMES
