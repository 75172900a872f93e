"""Wall times as medians of rounds, and the tables they are shown in."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent

Work = Callable[[], object]


class Table(NamedTuple):
    """What one subject measured."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __str__(self) -> str:
        lines = [self.columns, ["---"] * len(self.columns), *self.rows]
        return "\n".join([f"### {self.title}", "", *(f"| {' | '.join(line)} |" for line in lines)])


@dataclass(frozen=True)
class Ratio:
    """One measured pair."""

    what: str
    peer: str
    seconds: float
    peer_seconds: float
    limit: float | None = None
    """The largest ratio that is wanted."""

    @property
    def ratio(self) -> float:
        """How many times the peer's seconds ours are."""
        return self.seconds / self.peer_seconds

    def cells(self) -> list[str]:
        """Return the row of ``ratio_table``."""
        wanted = "–" if self.limit is None else f"≤ {self.limit:g}"
        if self.limit is not None and self.ratio > self.limit:
            wanted += " (missed)"
        return [
            self.what, self.peer, f"{self.seconds:.3f}", f"{self.peer_seconds:.3f}", f"{self.ratio:.2f}", wanted,
        ]  # fmt: skip


def ratio_table(title: str, ratios: Sequence[Ratio]) -> Table:
    """Return a table of pairs."""
    columns = ("what", "peer", "seconds", "peer's seconds", "ratio", "wanted")
    return Table(title, columns, [ratio.cells() for ratio in ratios])


def medians(works: Mapping[str, Work], repeats: int) -> dict[str, float]:
    """Return the median wall time of each work in seconds; they run in turns, so that a busy moment hits all."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _round in range(repeats):
        for name, work in works.items():
            begin = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - begin)
    return {name: statistics.median(found) for name, found in times.items()}


def run_python(*words: str | Path, python: str | Path = sys.executable) -> str:
    """Run an interpreter that finds this checkout, and return what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [str(python), *map(str, words)], check=True, capture_output=True, env=environment, cwd=ROOT, text=True
    )
    return done.stdout
