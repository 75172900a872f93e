"""Four times the rows cost about four times the work: counted in steps of the database, not in seconds."""

from pathlib import Path

from aftersales_cli.intake.loading import import_file
from tests.benchmarks.retail import write_retail
from tests.benchmarks.setup import Setup

_STEPS = 1_000


def work_of(folder: Path, rows: int) -> int:
    """Return how many thousand steps importing so many order lines takes, cancelled ones among them."""
    folder.mkdir()
    path = folder / "retail.csv"
    write_retail(path, rows)
    shop = Setup(folder, quick=True).new_shop()
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    shop.database.conn.set_progress_handler(count, _STEPS)
    assert import_file(shop, path).aftersales.new > 0
    shop.close()
    return counted


def test_four_times_the_rows_are_about_four_times_the_work(tmp_path: Path) -> None:
    assert work_of(tmp_path / "large", 40_000) < 5 * work_of(tmp_path / "small", 10_000)
