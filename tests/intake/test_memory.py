"""The memory an import needs does not depend on how long the file is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aftersales_cli.team.founding import found_shop

ROOT = Path(__file__).parents[2]
MEGABYTE = 1 << 20
MOST_MEMORY = 150 * MEGABYTE
MOST_GROWTH = 15 * MEGABYTE
HEADER = "订单编号,总金额,买家实际支付金额,买家会员名,订单创建时间,订单付款时间 ,退款金额,宝贝标题\n"

PROBE = """
import json, sys
from pathlib import Path
from aftersales_cli.intake.loading import import_file
from aftersales_cli.shop import open_shop
from tests.memory import peak_memory

shop = open_shop(Path(sys.argv[1]))
result = import_file(shop, Path(sys.argv[2]))
print(json.dumps([result.rows, result.orders[0], peak_memory()]))
"""


def _memory(folder: Path, rows: int, *, broken: bool = False) -> int:
    """Import so many rows, all of them broken if wanted, in a process of its own and return the most memory it needed."""
    shop, path = found_shop(folder / f"shop-{rows}").folder, folder / f"{rows}.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for number in range(rows):
            moment = f"2026-{number % 11 + 1:02}-{number % 28 + 1:02} {number % 24:02}:{number % 60:02}:00"
            buyer = f"买家{number % (rows // 3)}"
            file.write(
                f"{'?' if broken else ''}{10**16 + number},{number % 900}.50,10.00,{buyer},{moment},{moment},0,云朵抱枕 45×45\n"
            )
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, shop, path], capture_output=True, env=surroundings, check=True
    )
    read, new, memory = json.loads(done.stdout)
    assert (read, new) == (rows, 0 if broken else rows)
    print(f"{rows} rows: {memory / MEGABYTE:.0f} MB")  # noqa: T201 - the figure, with pytest -s
    return int(memory)


@pytest.mark.parametrize("rows", [10_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_a_file_four_times_as_long_takes_no_more_memory(rows: int, tmp_path: Path) -> None:
    needed = [_memory(tmp_path, rows * times) for times in (1, 2, 4)]
    assert max(needed) < MOST_MEMORY
    assert max(needed) - min(needed) < MOST_GROWTH


@pytest.mark.parametrize("rows", [10_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_rejected_rows_take_no_more_memory_either(rows: int, tmp_path: Path) -> None:
    needed = [_memory(tmp_path, rows * times, broken=True) for times in (1, 4)]
    assert max(needed) < MOST_MEMORY
    assert max(needed) - min(needed) < MOST_GROWTH
