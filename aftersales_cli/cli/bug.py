"""Write down what a bug report needs, without any value a customer typed."""

import contextlib
import os
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

from aftersales_cli import __version__
from aftersales_cli.errors import AftersalesError
from aftersales_cli.shop import find_shop_folder


def log_bug(error: BaseException, shop_folder: str | None) -> Path:
    """Append the traceback to the shop's log (or one in the temporary folder) and return the log's path.

    Exception messages often carry the very value that caused them, so only their types are written.
    """
    lines = [f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} aftersales {__version__} pid {os.getpid()}\n"]
    current: BaseException | None = error
    while current is not None:
        lines += traceback.format_tb(current.__traceback__)
        lines.append(f"{type(current).__module__}.{type(current).__name__}\n")
        current = current.__cause__ or current.__context__
    for folder in _log_folders(shop_folder):
        try:
            folder.mkdir(exist_ok=True)
            path = folder / "errors.log"
            with path.open("a", encoding="utf-8") as stream:
                stream.writelines([*lines, "\n"])
        except OSError:
            continue
        return path
    return Path(os.devnull)


def _log_folders(shop_folder: str | None) -> list[Path]:
    folders = [Path(tempfile.gettempdir()) / "aftersales-logs"]
    with contextlib.suppress(AftersalesError, OSError):
        folders.insert(0, find_shop_folder(Path(shop_folder) if shop_folder else None) / "logs")
    return folders
