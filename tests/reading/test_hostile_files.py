"""Every hostile shape we know is refused by a process that stays small; hostile.py makes them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aftersales_cli.language import use_language
from tests.reading.hostile import HOSTILE

ROOT = Path(__file__).parents[2]
MOST_MEMORY = 200 << 20
SECONDS_ALLOWED = 10.0
"""Measured: below 2 s for each; the rest is for busy machines."""

PROBE = """
import json, sys, time
from pathlib import Path
from aftersales_cli.errors import FileError
from aftersales_cli.language import use_language
from aftersales_cli.reading import open_table
from aftersales_cli.reading.zipped import unpacked
from tests.memory import peak_memory, peak_memory_of_children

use_language("en")
started, message = time.perf_counter(), ""
try:
    with unpacked(Path(sys.argv[1])) as files:
        for file in files:
            with open_table(file, lambda cells: cells if "order" in cells else None) as table:
                sum(1 for row in table.rows)
except FileError as error:
    message = error.message
print(json.dumps([message, time.perf_counter() - started, max(peak_memory(), peak_memory_of_children())]))
"""


@pytest.mark.parametrize("shape", HOSTILE)
def test_a_hostile_file_is_refused_in_little_time_and_memory(shape: str, tmp_path: Path) -> None:
    use_language("en")
    make, words = HOSTILE[shape]
    path = make(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", PROBE, path],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
    )
    message, seconds, memory = json.loads(done.stdout)
    print(f"{shape}: {seconds:.2f} s, {memory >> 20} MB: {message}")  # noqa: T201 - the figure, with pytest -s
    assert any(word in message for word in words.split("|")), message
    assert memory < MOST_MEMORY
    assert seconds < SECONDS_ALLOWED
