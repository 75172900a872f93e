"""What identifies a file by its bytes, whatever it is called."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.reading.opening import open_binary


@dataclass(frozen=True)
class FileFingerprint:
    """A file's name (without folder), SHA-256 of its bytes in hexadecimal, and size in bytes."""

    name: str
    sha256: str
    size: int


def fingerprint(path: Path) -> FileFingerprint:
    """Hash the file in blocks; errors.FileError if it cannot be read."""
    with open_binary(path) as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return FileFingerprint(path.name, digest, file.tell())
