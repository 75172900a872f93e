"""How much memory this process has needed at most."""

import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_memory() -> int:
    """Return the largest resident size so far in bytes, 0 where the system does not tell.

    Linux is asked for this program's own figure: ``getrusage`` still counts the process that started it.
    """
    if _STATUS.exists():
        line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) << 10
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(most) if sys.platform == "darwin" else int(most) << 10


def peak_memory_of_children() -> int:
    """Return the largest resident size in bytes of any process this one started and saw end, 0 where unknown."""
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return int(most) if sys.platform == "darwin" else int(most) << 10
