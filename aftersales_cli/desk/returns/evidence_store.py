"""Copy files into the shop's folder under their hash; nothing is run, no link is followed."""

import hashlib
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.desk.returns.media_types import EXTENSIONS, HEAD_BYTES, guess_media_type
from aftersales_cli.errors import FileError, NotFoundError, RefusedError
from aftersales_cli.language import _

FOLDER = "evidence"
_BLOCK = 1 << 20
_MEGABYTE = 1 << 20
# Not on every system; where they are missing the checks before and after opening have to do.
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept."""

    name: str
    sha256: str
    media_type: str
    content: bytes

    @property
    def place(self) -> Path:
        """Where it is kept, inside the shop's folder: ``evidence/ab/HASH.jpg``."""
        return place_of(self.sha256, self.media_type)


def place_of(sha256: str, media_type: str) -> Path:
    """Return where a file with this hash is kept, inside the shop's folder."""
    return Path(FOLDER, sha256[:2], f"{sha256}.{EXTENSIONS[media_type]}")


def check_file(path: Path, *, largest_mb: int) -> CheckedFile:
    """Read a file that is to be kept.

    Raises NotFoundError; RefusedError for a link, a folder, a device, a file that is empty or too large, or one
    that is neither picture, PDF nor film; FileError if it cannot be read.
    """
    limit = largest_mb * _MEGABYTE
    try:
        seen = path.lstat()
        if not stat.S_ISREG(seen.st_mode):
            raise _refused(path, _("it is no plain file"), _("Give the file itself, no link and no folder."))
        content = _read(path, limit)
    except FileNotFoundError as error:
        raise NotFoundError(
            _("There is no file {path}.", path=path),
            remedy=_("Check the name; drag the file into the window."),
        ) from error
    except OSError as error:
        raise FileError(
            _("{path} cannot be read: {reason}", path=path, reason=error.strerror or error),
            remedy=_("Copy it to another folder and try again."),
        ) from error
    if not content:
        raise _refused(path, _("it is empty"), _("Ask for the file again."))
    if len(content) > limit:
        raise _refused(
            path,
            _("it is larger than {size} MB", size=largest_mb),
            _("Make the film or picture smaller, or raise returns.evidence_mb in aftersales.toml."),
        )
    media_type = guess_media_type(content[:HEAD_BYTES])
    if not media_type:
        raise _refused(
            path,
            _("its content is no picture, PDF or film"),
            _(
                "Kept are: {types}. Save it as one of these, whatever its name says.",
                types=", ".join(EXTENSIONS.values()),
            ),
        )
    return CheckedFile(path.name, hashlib.sha256(content).hexdigest(), media_type, content)


def keep_file(folder: Path, file: CheckedFile) -> Path:
    """Write a file into the shop's folder unless it is there already, readable for its owner only.

    Raises RefusedError if the folder ``evidence`` leads out of the shop's folder, FileError.
    """
    place = folder / file.place
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if place.parent.resolve() != folder.resolve() / file.place.parent:
            raise _refused(
                folder / FOLDER,
                _("it leads to another place"),
                _("Make “evidence” a folder of its own inside the shop's folder."),
            )
        if not _is_kept(place, file):
            _write(place, file.content)
    except OSError as error:
        raise FileError(
            _("{path} cannot be written: {reason}", path=place, reason=error.strerror or error),
            remedy=_("Check free space and rights of the shop's folder."),
        ) from error
    return place


def _read(path: Path, limit: int) -> bytes:
    descriptor = os.open(path, _OPEN)
    with os.fdopen(descriptor, "rb") as stream:
        # Between the look and the opening somebody may have put a link or a pipe there.
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise _refused(path, _("it is no plain file"), _("Give the file itself, no link and no folder."))
        parts = []
        size = 0
        while size <= limit and (block := stream.read(_BLOCK)):
            parts.append(block)
            size += len(block)
        return b"".join(parts)


def _is_kept(place: Path, file: CheckedFile) -> bool:
    """Tell whether the very same content lies there; a broken copy is written anew."""
    if place.is_symlink() or not place.is_file() or place.stat().st_size != len(file.content):
        return False
    return hashlib.sha256(place.read_bytes()).hexdigest() == file.sha256


def _write(place: Path, content: bytes) -> None:
    temporary = place.with_name(f".{place.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(temporary, _CREATE, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(place)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _refused(path: Path, why: str, remedy: str) -> RefusedError:
    return RefusedError(_("{path} is not kept: {reason}.", path=path, reason=why), remedy=remedy)
