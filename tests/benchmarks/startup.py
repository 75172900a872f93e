"""How long the program takes to say what it is, against importing Click alone."""

from tests.benchmarks.setup import Setup
from tests.benchmarks.timing import Ratio, Table, medians, ratio_table, run_python

_LIMIT = 1.5
_ROUNDS = 15
"""Starting an interpreter is so short that five rounds would not settle."""


def measure(setup: Setup) -> list[Table]:
    """Measure ``--version`` and ``--help``."""
    seconds = medians(
        {
            "import click": lambda: run_python("-c", "import click"),
            "--version": lambda: run_python("-m", "aftersales_cli", "--version"),
            "--help": lambda: run_python("-m", "aftersales_cli", "--help"),
        },
        setup.repeats if setup.quick else _ROUNDS,
    )
    peer = seconds.pop("import click")
    ratios = [Ratio(word, "import click", took, peer, _LIMIT) for word, took in seconds.items()]
    return [ratio_table("Starting", ratios)]
