"""Processes with a time limit, and their output."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aftersales_cli.runner.processes import TIMED_OUT, run_process

ROOT = Path(__file__).parent.parent.parent
posix = pytest.mark.skipif(os.name != "posix", reason="flock and process groups")

GRANDCHILD = """
import fcntl, sys, time
stream = open(sys.argv[1], "w")
fcntl.flock(stream, fcntl.LOCK_EX)
print("locked", flush=True)
time.sleep(600)
"""
PARENT = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {GRANDCHILD!r}, sys.argv[1]], stdout=subprocess.PIPE)
child.stdout.readline()
print("grandchild has the lock", flush=True)
"""


def run(tmp_path: Path, code: str, *words: str, limit: float = 60, cap: int = 10_000) -> tuple[int, str]:
    log = tmp_path / "logs" / "run.log"
    answered = run_process(
        [sys.executable, "-c", code, *words],
        log_path=log,
        limit_seconds=limit,
        folder=tmp_path,
        environment=os.environ,
        cap_bytes=cap,
    )
    return answered, log.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", [0, 4, 5, 6])
def test_the_exit_code_and_both_streams_come_back(tmp_path: Path, code: int) -> None:
    program = f"import sys; print('out', flush=True); print('err', file=sys.stderr); sys.exit({code})"
    assert run(tmp_path, program) == (code, "out\nerr\n")


@posix
def test_a_process_that_kills_itself_comes_back_as_its_signal(tmp_path: Path) -> None:
    assert run(tmp_path, "import os; os.kill(os.getpid(), 9)")[0] == -9


@posix
def test_the_time_limit_kills_the_whole_tree(tmp_path: Path) -> None:
    import fcntl

    begun = time.monotonic()
    code, output = run(tmp_path, PARENT + "time.sleep(600)", str(tmp_path / "lock"), limit=2)
    assert (code, output) == (TIMED_OUT, "grandchild has the lock\n")
    with (tmp_path / "lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)  # waits for as long as the grandchild lives
    assert time.monotonic() - begun < 30


@posix
def test_what_a_process_leaves_running_is_ended_with_it(tmp_path: Path) -> None:
    import fcntl

    begun = time.monotonic()
    assert run(tmp_path, PARENT, str(tmp_path / "lock"))[0] == 0
    with (tmp_path / "lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
    assert time.monotonic() - begun < 30


HOLDER = """
import fcntl, sys, time
stream = open(sys.argv[1], "w")
fcntl.flock(stream, fcntl.LOCK_EX)
open(sys.argv[1] + ".held", "w").close()
time.sleep(60)
"""
RUNNER = f"""
import os, sys
from pathlib import Path
from aftersales_cli.runner.processes import run_process
lock = Path(sys.argv[1])
run_process([sys.executable, "-c", {HOLDER!r}, str(lock)], log_path=lock.parent / "run.log", limit_seconds=60,
            folder=lock.parent, environment=os.environ)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_process_does_not_outlive_a_killed_runner(tmp_path: Path) -> None:
    import fcntl

    lock = tmp_path / "lock"
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", RUNNER, str(lock)], env=surroundings) as runner:
        begun = time.monotonic()
        while not (tmp_path / "lock.held").exists():
            assert runner.poll() is None
            assert time.monotonic() - begun < 30
        runner.kill()
    begun = time.monotonic()
    with lock.open("r") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)  # waits for as long as the process lives
    assert time.monotonic() - begun < 30


def test_a_flood_of_output_is_cut_and_does_not_block_the_process(tmp_path: Path) -> None:
    program = "import sys\nfor _ in range(300): sys.stdout.write('x' * 100_000)\nsys.exit(3)"
    code, output = run(tmp_path, program, cap=10_000)
    assert code == 3
    assert output == "x" * 10_000 + "\n[...]\n"


def test_a_process_that_closes_its_output_is_still_waited_for(tmp_path: Path) -> None:
    program = "import os, sys; os.close(1); os.close(2); open('done.txt', 'w').close(); os._exit(0)"
    assert run(tmp_path, program) == (0, "")
    assert (tmp_path / "done.txt").exists()


@posix
def test_only_the_owner_can_read_the_log(tmp_path: Path) -> None:
    run(tmp_path, "print(1)")
    assert (tmp_path / "logs" / "run.log").stat().st_mode & 0o777 == 0o600
