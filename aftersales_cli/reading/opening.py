"""Opening a file for reading, with the operating system's refusals in plain words."""

from io import BufferedReader
from pathlib import Path

from aftersales_cli.errors import FileError
from aftersales_cli.language import _
from aftersales_cli.system_texts import explain_fault


def explain_os_error(path: Path, error: OSError) -> FileError:
    """Return the FileError that says why the file cannot be read and what to do."""
    if isinstance(error, FileNotFoundError):
        return FileError(
            _("There is no file {file}.", file=path), remedy=_("Check the name and the folder of the file.")
        )
    if isinstance(error, IsADirectoryError) or path.is_dir():
        return FileError(
            _("{file} is a folder, not a file.", file=path), remedy=_("Name a file inside this folder.")
        )
    if isinstance(error, PermissionError):
        return FileError(
            _("No permission to read {file}.", file=path),
            remedy=_("Close it in other programs, or ask its owner for the right to read it."),
        )
    return FileError(
        _("{file} cannot be read: {reason}.", file=path, reason=explain_fault(error)),
        remedy=_("Check the disk or the connection to it, then try again."),
    )


def open_binary(path: Path) -> BufferedReader:
    """Open the file for reading bytes; errors.FileError if it is missing, forbidden, a folder or a device."""
    if path.exists() and not path.is_file() and not path.is_dir():
        # Opening a pipe or a device could wait for ever.
        raise FileError(
            _("{file} is not an ordinary file.", file=path), remedy=_("Copy its content into a file first.")
        )
    try:
        return path.open("rb")
    except OSError as error:
        raise explain_os_error(path, error) from error
