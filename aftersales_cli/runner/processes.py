"""Run one process with a time limit for it and all its descendants; its output goes to a file, capped."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Thread
from typing import IO

OUTPUT_CAP_BYTES = 1_000_000
TIMED_OUT = 124
"""Exit code we note for a process stopped by its time limit (as the command ``timeout`` does)."""
NOT_STARTED = 126
"""Exit code we note for a process that could not be started."""
if sys.platform == "win32":
    _NEW_GROUP = subprocess.CREATE_NEW_PROCESS_GROUP
else:
    _NEW_GROUP = 0
_GRACE_SECONDS = 2.0
_PR_SET_PDEATHSIG = 1
_CHUNK_BYTES = 65_536


def run_process(
    argv: Sequence[str],
    *,
    log_path: Path,
    limit_seconds: float,
    folder: Path,
    environment: Mapping[str, str],
    cap_bytes: int = OUTPUT_CAP_BYTES,
) -> int:
    """Run a command to its end and return its exit code, negative for a signal.

    Standard output and error are appended to ``log_path``, cut after ``cap_bytes``. After
    ``limit_seconds`` the process and its descendants are killed: TIMED_OUT. If we are interrupted
    ourselves they are stopped first; if we are killed, Linux kills the process too. Other systems have no
    such order: there a process that lost us goes on to its end, kept apart from others by the database's lock.
    """
    process = subprocess.Popen(
        list(argv),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=dict(environment),
        start_new_session=sys.platform != "win32",
        creationflags=_NEW_GROUP,
        preexec_fn=_follow_into_death(),  # noqa: PLW1509 - does nothing but system calls
    )
    assert process.stdout is not None
    reader = Thread(target=_copy_output, args=(process.stdout, log_path, cap_bytes), daemon=True)
    reader.start()
    try:
        return process.wait(timeout=limit_seconds)
    except subprocess.TimeoutExpired:
        return TIMED_OUT
    except BaseException:
        _ask_to_stop(process)
        raise
    finally:
        # Also after a normal end: what a step left running would keep its output open.
        _kill_tree(process)
        reader.join(_GRACE_SECONDS)


def _follow_into_death() -> Callable[[], None] | None:
    """Return what a child does before it starts, so that it is killed when we are; None where that is unknown."""
    if sys.platform != "linux":
        return None
    # Looked up here: a child of a process with threads must not load a library.
    call, parent = ctypes.CDLL(None).prctl, os.getpid()

    def follow() -> None:
        call(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # we were killed before the call
            os.kill(os.getpid(), signal.SIGKILL)

    return follow


def _copy_output(source: IO[bytes], log_path: Path, cap_bytes: int) -> None:
    left, cut = cap_bytes, False
    with source, open_log(log_path) as log:
        while chunk := os.read(source.fileno(), _CHUNK_BYTES):
            # What is too much is still read, or the process would wait for us forever.
            kept = chunk[:left]
            left -= len(kept)
            with contextlib.suppress(OSError):
                log.write(kept)
                if len(kept) < len(chunk) and not cut:
                    cut = True
                    log.write(b"\n[...]\n")


def open_log(path: Path) -> IO[bytes]:
    """Open a log file that only its owner can read, to append to it."""
    path.parent.mkdir(exist_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab", buffering=0)


def _ask_to_stop(process: subprocess.Popen[bytes]) -> None:
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_GRACE_SECONDS)


def _kill_tree(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        if process.poll() is None:
            # Full path: a taskkill.exe in the current folder must not be found first.
            program = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "taskkill.exe"
            subprocess.run([program, "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
