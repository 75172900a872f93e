"""How long a reader waits while a file is imported, in the journal mode that locks readers out."""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from aftersales_cli.intake.loading import import_file
from aftersales_cli.shop import DATABASE_NAME
from tests.benchmarks.setup import Setup
from tests.benchmarks.timing import Table

_WANTED = 0.5
_READER = """
import json, sqlite3, sys, threading, time

connection = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, timeout=600)
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
print("reading", flush=True)
waits = []
while not ended.is_set():
    begin = time.perf_counter()
    connection.execute("SELECT COUNT(*) FROM cases").fetchone()
    waits.append(time.perf_counter() - begin)
    ended.wait(0.002)
print(json.dumps([max(waits), len(waits)]))
"""


def measure(setup: Setup) -> list[Table]:
    """Measure the longest single wait of a reader that asks all the time, as a share of the import."""
    runs = [_import_beside_reader(setup) for _round in range(setup.repeats)]
    seconds, wait = (statistics.median(run[place] for run in runs) for place in (0, 1))
    share = statistics.median(run[1] / run[0] for run in runs)
    reads = statistics.median(run[2] for run in runs)
    wanted = f"< {_WANTED:.0%}" + ("" if share < _WANTED else " (missed)")
    row = [setup.retail_name, f"{seconds:.2f}", f"{wait:.2f}", f"{share:.0%}", wanted, f"{reads:,.0f}"]
    columns = ("file", "import, seconds", "longest wait, seconds", "share", "wanted", "reads")
    return [Table("A reader beside the import, journal mode DELETE", columns, [row])]


def _import_beside_reader(setup: Setup) -> tuple[float, float, int]:
    """Return the seconds of the import, the longest wait of the reader, and how often it read."""
    shop = setup.new_shop(journal="delete")
    assert shop.database.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    with _reader(shop.folder / DATABASE_NAME) as reader:
        assert reader.stdout is not None
        reader.stdout.readline()
        begin = time.perf_counter()
        import_file(shop, setup.retail())
        seconds = time.perf_counter() - begin
        answer, _errors = reader.communicate()
    shop.close()
    wait, reads = json.loads(answer)
    return seconds, wait, reads


def _reader(database: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", _READER, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
