"""A quick slice of the benchmarks: they run to the end and give tables; no time is asserted."""

import sys
from pathlib import Path

import pytest

from tests.benchmarks.measure import SUBJECTS, measure
from tests.benchmarks.setup import Setup


@pytest.mark.parametrize("subject", SUBJECTS)
def test_each_subject_runs_to_the_end_and_gives_tables(subject: str, tmp_path: Path) -> None:
    tables = list(measure(Setup(tmp_path, quick=True), [subject]))
    assert tables
    for table in tables:
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.columns)}
        assert str(table).count("\n") == len(table.rows) + 3


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_full_benchmarks_print_their_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for table in measure(Setup(tmp_path), list(SUBJECTS)):
        with capsys.disabled():
            sys.stdout.write(f"\n{table}\n")
