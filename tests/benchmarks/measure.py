"""Speed and memory as ratios to a peer in the same run: tables to read, never a test that times.

``python -m tests.benchmarks.measure`` prints the tables of docs/performance.md. A new subject is a module with a
function ``measure(setup)`` that returns tables, and a line in SUBJECTS.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import (
    churn,
    csv_files,
    exceptions,
    memory,
    reader_wait,
    search,
    sla,
    startup,
    value,
    workbooks,
)
from tests.benchmarks.setup import Setup
from tests.benchmarks.timing import Table

SUBJECTS: dict[str, Callable[[Setup], list[Table]]] = {
    "startup": startup.measure,
    "csv": csv_files.measure,
    "xlsx": workbooks.measure,
    "memory": memory.measure,
    "reader_wait": reader_wait.measure,
    "sla": sla.measure,
    "search": search.measure,
    "churn": churn.measure,
    "value": value.measure,
    "exceptions": exceptions.measure,
}
"""Name on the command line → the function that measures."""


def measure(setup: Setup, subjects: list[str]) -> Iterator[Table]:
    """Yield the tables of some subjects, each as soon as it is there."""
    for name in subjects:
        yield from SUBJECTS[name](setup)


def main() -> None:
    """Measure what the command line names, and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.measure", description=__doc__)
    parser.add_argument(
        "subjects", nargs="*", metavar="SUBJECT", help=f"of {', '.join(SUBJECTS)}; all without one"
    )
    parser.add_argument("--quick", action="store_true", help="small files, one round: to see that it works")
    parser.add_argument("--rounds", type=int, default=5, help="of how many the medians are (default 5)")
    parser.add_argument("--file", type=Path, help="the unpacked Online Retail csv, instead of made rows")
    parser.add_argument(
        "--pandas-python", default=sys.executable, help="an interpreter that can import pandas and openpyxl"
    )
    words = parser.parse_args()
    if unknown := set(words.subjects) - set(SUBJECTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as folder:
        setup = Setup(
            Path(folder),
            quick=words.quick,
            file=words.file,
            pandas_python=words.pandas_python,
            rounds=words.rounds,
        )
        for table in measure(setup, words.subjects or list(SUBJECTS)):
            print(f"{table}\n", flush=True)  # noqa: T201 - a developer runs this by hand


if __name__ == "__main__":
    main()
