"""What the operating system and SQLite say about a fault, in words of the current language."""

import errno

from aftersales_cli.language import N_, _

_NO_PERMISSION = N_("no permission")
_FULL = N_("the disk is full")
_READ_ONLY = N_("it may only be read")
_MISSING = N_("it does not exist")

_BY_NUMBER = {
    errno.EACCES: _NO_PERMISSION,
    errno.EPERM: _NO_PERMISSION,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.ENOENT: _MISSING,
    errno.EEXIST: N_("there is something of this name already"),
    errno.ENOTDIR: N_("a part of the path is a file, not a folder"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTEMPTY: N_("the folder is not empty"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.EFBIG: N_("the file would become too large"),
    errno.EBUSY: N_("another program is using it"),
    errno.EIO: N_("the disk cannot be read or written"),
    errno.ELOOP: N_("its links lead in a circle"),
    errno.EMFILE: N_("too many files are open"),
}
"""Number of a fault of the operating system → what people read."""

_BY_WORDS = (
    ("disk is full", _FULL),
    ("readonly", _READ_ONLY),
    ("disk I/O", N_("the disk cannot be read or written")),
    ("unable to open", N_("it cannot be opened")),
    ("locked", N_("another program is using it")),
)
"""Part of what SQLite says → what people read."""


def explain_fault(fault: Exception) -> str:
    """Return the reason of an OSError or a fault of SQLite as the end of a sentence, without a full stop.

    What is not known here stays in the words of the system.
    """
    if isinstance(fault, OSError):
        if fault.errno in _BY_NUMBER:
            return _(_BY_NUMBER[fault.errno])
        return fault.strerror or type(fault).__name__
    words = str(fault)
    return next((_(text) for part, text in _BY_WORDS if part in words), words)
