"""The ways others would load the same file, to compare with."""

import csv
import sqlite3
import subprocess
from pathlib import Path

import python_calamine

from tests.benchmarks.timing import run_python

_PANDAS = """
import sqlite3, sys
import pandas
frame = pandas.read_excel(sys.argv[1], engine="openpyxl")
with sqlite3.connect(sys.argv[2]) as connection:
    frame.to_sql("raw", connection, index=False, if_exists="replace")
"""


def raw_load(source: Path, target: Path) -> None:
    """Load the same cells as they are into an unindexed table: csv and sqlite3 alone."""
    target.unlink(missing_ok=True)
    connection = sqlite3.connect(target)
    with source.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        width = len(next(rows))
        connection.execute(f"CREATE TABLE raw ({', '.join(f'c{place}' for place in range(width))})")
        connection.executemany(f"INSERT INTO raw VALUES ({', '.join('?' * width)})", rows)
    connection.commit()
    connection.close()


def sqlite_utils_load(source: Path, target: Path) -> None:
    """Load the file with the command a data person would reach for."""
    target.unlink(missing_ok=True)
    run_python("-m", "sqlite_utils", "insert", target, "raw", source, "--csv")


def calamine_read(source: Path) -> int:
    """Read the first sheet as python-calamine's own page shows it, into a list of rows; return their number."""
    with python_calamine.load_workbook(str(source)) as book:
        return len(book.get_sheet_by_index(0).to_python())


def calamine_drop(source: Path) -> int:
    """Read the first sheet row by row and forget each at once, the least one can do; return the number of rows."""
    with python_calamine.load_workbook(str(source)) as book:
        return sum(1 for _row in book.get_sheet_by_index(0).iter_rows())


def pandas_load(source: Path, target: Path, python: str | Path) -> None:
    """Load the sheet through pandas and openpyxl, with an interpreter that has them."""
    target.unlink(missing_ok=True)
    run_python("-c", _PANDAS, source, target, python=python)


def has_pandas(python: str | Path) -> bool:
    """Tell whether an interpreter can import pandas and openpyxl."""
    try:
        run_python("-c", "import pandas, openpyxl", python=python)
    except (subprocess.CalledProcessError, OSError):
        return False
    return True
