"""The lock between processes."""

import os
import subprocess
import sys
from pathlib import Path

from aftersales_cli.database.lock import hold_lock

HOLDER = """
import sys
from pathlib import Path
from aftersales_cli.database.lock import hold_lock
with hold_lock(Path(sys.argv[1])) as held:
    print(held, flush=True)
    sys.stdin.readline()
"""


def start_holder(path: Path) -> "subprocess.Popen[str]":
    root = Path(__file__).parent.parent.parent
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )


def test_only_one_process_holds_the_lock_and_a_killed_one_frees_it(tmp_path: Path) -> None:
    path = tmp_path / "我的 店" / "jobs.lock.db"
    path.parent.mkdir()
    with start_holder(path) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        with hold_lock(path) as held:
            assert not held
        holder.kill()
        holder.wait()
        with hold_lock(path) as held:
            assert held


def test_a_lock_is_free_again_after_its_block_and_its_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / "jobs.lock.db"
    for _ in range(2):
        with hold_lock(path) as held:
            assert held
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
