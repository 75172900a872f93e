"""Put finished files where people look for them: whole or not at all, and never in a dry run."""

import contextlib
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from aftersales_cli.errors import FileError
from aftersales_cli.language import _
from aftersales_cli.shop import Shop
from aftersales_cli.system_texts import explain_fault

_ATTEMPTS = 6
_PAUSE_SECONDS = 0.5
_MAXIMUM_COPIES = 20


def publish(shop: Shop, path: Path, write: Callable[[Path], None]) -> Path:
    """Write a file through a temporary one beside it and return where it stands.

    ``write`` gets the temporary path. The file before stays whole until the new one is complete and on disk.
    If another program keeps it open (Excel on Windows), a name with a number is used instead; compare the
    returned path to tell the user. In a dry run nothing is written. Raises FileError.
    """
    if shop.dry_run:
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            write(temporary)
            _flush(temporary)
            return _replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise FileError(
            _("The file {path} cannot be written: {reason}", path=path, reason=explain_fault(error)),
            remedy=_(
                "Check that the folder exists, that you may write to it, and that the disk has free space."
            ),
        ) from error


def publish_text(shop: Shop, path: Path, text: str) -> Path:
    """Publish a UTF-8 text file."""
    return publish(shop, path, lambda temporary: _write_text(temporary, text))


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _replace(temporary: Path, path: Path) -> Path:
    for candidate in (
        path,
        *(path.with_name(f"{path.stem} ({n}){path.suffix}") for n in range(2, _MAXIMUM_COPIES)),
    ):
        for attempt in range(_ATTEMPTS):
            try:
                os.replace(temporary, candidate)  # noqa: PTH105 - named after the system call it has to be
            except PermissionError:
                if os.name != "nt":
                    raise
                if attempt + 1 < _ATTEMPTS:
                    time.sleep(_PAUSE_SECONDS)
            else:
                return candidate
    raise FileError(
        _("The file {path} is open in another program.", path=path),
        remedy=_("Close it there, then try again."),
    )


def sweep_temporary_files(folder: Path, *, older_than_seconds: float = 3600) -> int:
    """Delete temporary files that a killed run left behind and return how many."""
    swept, limit = 0, time.time() - older_than_seconds
    for path in folder.glob(".*.tmp"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < limit:
                path.unlink()
                swept += 1
    return swept
