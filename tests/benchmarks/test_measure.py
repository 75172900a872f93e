"""A quick slice of the benchmarks: they run to the end and give a table; no time is asserted."""

import sys

import pytest

pytest.importorskip("resource", reason="peak memory is read with the resource module of POSIX systems")

from tests.benchmarks.measure import measure, table


def test_the_benchmarks_run_to_the_end() -> None:
    ratios = measure(quick=True)
    loads = ["csv + executemany", "sqlite-utils insert --csv", "the first time"]
    assert [row.peer for row in ratios] == ["import click"] * 2 + loads * 2 + ["python-calamine alone"]
    assert all(row.seconds > 0 and row.peer_seconds > 0 for row in ratios)
    assert table(ratios).count("|") == 6 * (len(ratios) + 2)


@pytest.mark.slow
def test_the_full_benchmarks_print_their_table(capsys: pytest.CaptureFixture[str]) -> None:
    ratios = measure()
    with capsys.disabled():
        sys.stdout.write("\n" + table(ratios) + "\n")
    assert len(ratios) == 9
