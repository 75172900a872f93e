"""Zipped exports: the files inside a zip archive, unpacked with care into a private folder for as long as needed."""

import os
import re
import stat
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aftersales_cli.errors import FileError
from aftersales_cli.language import _
from aftersales_cli.reading.archives import (
    DAMAGE,
    MOST_MEMBERS,
    MOST_RATIO,
    MOST_UNPACKED,
    RATIO_MATTERS_FROM,
    damaged,
    hostile,
    is_office_archive,
    open_archive,
)
from aftersales_cli.reading.opening import open_binary
from aftersales_cli.system_texts import explain_fault

_CHUNK = 1 << 20
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED, _NAME_IS_UTF_8 = 0x1, 0x800
_CLUTTER = ("__macosx/", "thumbs.db", "desktop.ini")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST_STEM, _LONGEST_SUFFIX = 60, 10


@dataclass(frozen=True)
class ZipMember:
    """A file inside an archive."""

    name: str
    """Its name inside the archive with folders, in readable characters."""
    file_name: str
    """A name without folders under which any system can keep it; differs from that of every other member."""
    size: int
    """Bytes it claims to unpack to."""
    info: zipfile.ZipInfo = field(repr=False)


def members(path: Path) -> list[ZipMember]:
    """Return the files inside a zip archive; none for a file that is no archive, or a workbook or document.

    What systems add by themselves (``__MACOSX``, names beginning with a dot) is left out. Raises FileError for
    a damaged, protected or hostile archive.
    """
    if not _is_zip(path):
        return []
    with open_archive(path) as archive:
        return [] if is_office_archive(archive.namelist()) else _members(path, archive)


@contextmanager
def unpacked(path: Path, folder: Path | None = None) -> Iterator[list[Path]]:
    """Give the plain files a file stands for: those inside a zip archive, or the file itself.

    They lie in a folder only the user can read, made in ``folder`` or where the system keeps temporary files,
    and are gone afterwards. Raises FileError for a damaged, protected or hostile archive, one within another,
    or one without files.
    """
    if not _is_zip(path):
        yield [path]
        return
    with open_archive(path) as archive:
        if is_office_archive(archive.namelist()):
            yield [path]
            return
        inside = _members(path, archive)
        with tempfile.TemporaryDirectory(prefix=".unpacked-", dir=folder) as made:
            files = [_unpack(path, archive, member, Path(made)) for member in inside]
            yield files


def _is_zip(path: Path) -> bool:
    with open_binary(path) as file:
        return file.read(4) in _ZIP


def _members(path: Path, archive: zipfile.ZipFile) -> list[ZipMember]:
    infos = [info for info in archive.infolist() if not _is_clutter(info)]
    _check(path, infos)
    found: list[ZipMember] = []
    taken: set[str] = set()
    for info in infos:
        name = _readable_name(info)
        file_name = _free_name(_plain_name(name), taken)
        found.append(ZipMember(name, file_name, info.file_size, info))
    if not found:
        raise FileError(
            _("The archive {file} holds no files.", file=path),
            remedy=_("Download or export it again."),
        )
    return found


def _is_clutter(info: zipfile.ZipInfo) -> bool:
    path = info.filename.replace("\\", "/").lower()
    name = path.rpartition("/")[2]
    return not name or name.startswith((".", "~$")) or path.startswith(_CLUTTER) or name in _CLUTTER


def _check(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    """Judge the directory before anything is unpacked."""
    if len(infos) > MOST_MEMBERS:
        raise hostile(path, _("it holds more than {count} parts", count=MOST_MEMBERS))
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise FileError(
            _("The archive {file} is protected by a password.", file=path),
            remedy=_("Unpack it with its password and use the files inside."),
        )
    if sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise hostile(path, _("unpacked it would take more than {size} MB", size=MOST_UNPACKED >> 20))
    for info in infos:
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileError(
                _("The archive {file} is packed in a way that is not read.", file=path),
                remedy=_("Unpack it and use the files inside, or pack them again as an ordinary zip."),
            )
        if info.file_size > max(RATIO_MATTERS_FROM, MOST_RATIO * info.compress_size):
            raise hostile(
                path, _("a part of it unpacks to more than {ratio} times its size", ratio=MOST_RATIO)
            )
        if stat.S_ISLNK(info.external_attr >> 16):
            raise hostile(path, _("it holds a link instead of a file"))


def _readable_name(info: zipfile.ZipInfo) -> str:
    """Return the name as its author wrote it: Chinese programs store gb18030 without saying so."""
    if info.flag_bits & _NAME_IS_UTF_8:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _plain_name(name: str) -> str:
    """Return the last part of a name, with nothing in it that a file system takes for more than a letter."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    last = "".join("_" if unicodedata.category(letter)[0] == "C" else letter for letter in last)
    last = _FORBIDDEN.sub("_", last).strip(" .")
    stem, dot, suffix = last.rpartition(".")
    if not dot or len(suffix) > _LONGEST_SUFFIX:
        stem, dot, suffix = last, "", ""
    plain = stem[:_LONGEST_STEM] + dot + suffix
    return f"_{plain}" if not plain or _RESERVED.fullmatch(plain) else plain


def _free_name(name: str, taken: set[str]) -> str:
    """Return the name, with a number if another member has it in any mixture of capitals."""
    path, number, free = Path(name), 2, name
    while free.casefold() in taken:
        free, number = f"{path.stem} ({number}){path.suffix}", number + 1
    taken.add(free.casefold())
    return free


def _unpack(path: Path, archive: zipfile.ZipFile, member: ZipMember, folder: Path) -> Path:
    """Write one member into the folder; FileError if it is damaged or an archive itself."""
    target = folder / member.file_name
    try:
        with archive.open(member.info) as source:
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(handle, "wb") as output:
                while chunk := source.read(_CHUNK):
                    output.write(chunk)
    except OSError as error:
        if error.errno is None:
            raise damaged(path) from error
        raise FileError(
            _("{member} in {file} cannot be unpacked: {reason}.", member=member.name, file=path,
              reason=explain_fault(error)),
            remedy=_("Check the free space of the disk, then try again."),
        ) from error  # fmt: skip
    except (*DAMAGE, zlib.error) as error:
        raise damaged(path) from error
    if _is_nested(target):
        raise FileError(
            _("{member} in {file} is an archive itself.", member=member.name, file=path),
            remedy=_("Unpack the outer archive and use the files inside."),
        )
    return target


def _is_nested(path: Path) -> bool:
    if not _is_zip(path):
        return False
    try:
        with open_archive(path) as archive:
            return not is_office_archive(archive.namelist())
    except FileError:
        # Its reader will say what is wrong with it.
        return False
