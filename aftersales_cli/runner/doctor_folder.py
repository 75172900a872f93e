"""Checks of the shop's folder that need no open database, and the shape of a check."""

import os
import shutil
import stat
import time
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from aftersales_cli.language import _, plural
from aftersales_cli.shop import DATABASE_NAME

_SYNC_NAMES = ("onedrive", "dropbox", "icloud", "mobile documents", "google drive", "googledrive",
               "cloudstorage", "nutstore", "坚果云", "baidusync", "baidunetdisk", "百度网盘", "wpsdrive",
               "wps云盘", "nextcloud", "seafile", "syncthing")  # fmt: skip
_NETWORK_NAMES = ("gvfs", "smb-share:", "afp-volume:", "davs:")
_SMALL_SPACE_BYTES = 1_000_000_000
_NO_SPACE_BYTES = 100_000_000
_LEFT_OVER_SECONDS = 3600
_SHOWN_FILES = 3


@dataclass(frozen=True)
class Check:
    """One line of the report."""

    name: str
    state: str
    """``ok``, ``warn`` or ``fail``."""
    text: str
    """What was found, translated."""
    remedy: str = ""
    """What to do about it, translated."""


def check_location(folder: Path) -> Check:
    """Warn about a network folder or one that a program copies to a cloud, known by its name."""
    shown = str(folder)
    parts = [part.casefold() for part in PureWindowsPath(shown).parts]
    if shown.startswith(("\\\\", "//")) or any(part.startswith(_NETWORK_NAMES) for part in parts):
        kind = _("a network folder")
    elif any(part.startswith(_SYNC_NAMES) for part in parts):
        kind = _("a folder that is synchronised")
    else:
        return Check("location", "ok", _("The shop lies in {folder}", folder=folder))
    return Check(
        "location",
        "warn",
        _("The shop lies in {kind}: {folder}", kind=kind, folder=folder),
        _("Move it to an ordinary folder of this computer; a database in use breaks when it is copied."),
    )


def check_left_wal(folder: Path) -> Check:
    """Warn about changes that stand beside the database; look before the database is opened."""
    path = folder / (DATABASE_NAME + "-wal")
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    if not size:
        return Check("wal", "ok", _("No unfinished changes stand beside the database"))
    return Check(
        "wal",
        "warn",
        _("Changes stand in {name}: another command is running, or one was killed", name=path.name),
        _("The next command takes them in by itself. Never copy the .db file alone."),
    )


def check_modes(folder: Path) -> Check:
    """Warn about files of the shop that other users of the computer can read."""
    if os.name != "posix":
        return Check("modes", "ok", _("Files have the permissions of their folder"))
    patterns = ("*.db", "*.db-*", "outbox/*", "backups/*", "logs/*")
    files = sorted({path for pattern in patterns for path in folder.glob(pattern)})
    others = stat.S_IRWXG | stat.S_IRWXO
    open_files = [path for path in files if path.is_file() and path.stat().st_mode & others]
    if not open_files:
        return Check("modes", "ok", _("Only you can read the shop's files"))
    names = ", ".join(path.relative_to(folder).as_posix() for path in open_files[:_SHOWN_FILES])
    text = plural(
        "{count} file can be read by other users of this computer: {names}",
        "{count} files can be read by other users of this computer: {names}",
        len(open_files),
        names=names + (" …" if len(open_files) > _SHOWN_FILES else ""),
    )
    return Check(
        "modes", "warn", text, _("Run: chmod 600 on these files, chmod 700 on {folder}", folder=folder)
    )


def check_space(folder: Path) -> Check:
    """Check the free space on the shop's disk."""
    free = shutil.disk_usage(folder).free
    text = _("{megabytes} MB are free on the disk", megabytes=free // 1_000_000)
    if free >= _SMALL_SPACE_BYTES:
        return Check("space", "ok", text)
    state = "fail" if free < _NO_SPACE_BYTES else "warn"
    return Check("space", state, text, _("Free some space; backups and workbooks need it."))


def check_left_overs(folder: Path) -> Check:
    """Warn about temporary files that are too old to be in use."""
    limit = time.time() - _LEFT_OVER_SECONDS
    count = sum(path.stat().st_mtime < limit for path in (folder / "outbox").glob(".*.tmp"))
    if not count:
        return Check("leftovers", "ok", _("No half-written files in the outbox"))
    text = plural(
        "{count} half-written file lies in the outbox", "{count} half-written files lie in the outbox", count
    )
    return Check("leftovers", "warn", text, _("A command was killed while writing; delete outbox/.*.tmp."))
