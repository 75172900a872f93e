"""What a file is, is decided by its bytes: everything that cannot become rows is refused with what to do."""

import hashlib
import os
import random
import zipfile
from pathlib import Path

import pytest

from aftersales_cli.errors import FileError, UnknownFileError
from aftersales_cli.reading import fingerprint, open_table

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def recognise(cells: list[str]) -> bool | None:
    return "订单编号" in cells or None


def make_compound_file(stream: str) -> bytes:
    """Return the shape of an OLE file: a header sector, then a directory with the named stream."""
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", stream))
    return OLE.ljust(512, b"\0") + entries.ljust(512, b"\0")


def make_zip(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return path


def refusal(path: Path) -> FileError:
    with pytest.raises(FileError) as caught:
        open_table(path, recognise)
    assert caught.value.exit_code == 8
    assert str(path) in caught.value.message
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("name", ["orders.xlsx", "orders.csv"])
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \r\n\r\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (random.Random(1).randbytes(5000), "neither a spreadsheet nor a text file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "neither a spreadsheet nor a text file"),
        (b"%PDF-1.7\n1 0 obj\n", "neither a spreadsheet nor a text file"),
        (b"<html><table><tr><td>1</td></tr></table>", "web page"),
        (make_compound_file("EncryptedPackage"), "password"),
        (make_compound_file("WordDocument"), "Word document"),
        (make_compound_file("Workbook"), "damaged or hostile"),
        (make_compound_file("Pictures"), "neither a spreadsheet nor a text file"),
        (b"PK\x03\x04" + bytes(200), "cut off or damaged"),
    ],
)
def test_the_content_decides_whatever_the_name(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert words in refusal(path).message


@pytest.mark.parametrize(
    ("member", "words"),
    [
        ("word/document.xml", "Word document"),
        ("orders.csv", "is an archive"),
        ("content.xml", "xlsb or ods"),
        ("xl/workbook.bin", "xlsb or ods"),
    ],
)
def test_other_archives_are_refused_by_what_they_hold(tmp_path: Path, member: str, words: str) -> None:
    path = make_zip(tmp_path / "orders.xlsx", "[Content_Types].xml", member)
    assert words in refusal(path).message


def test_an_empty_archive_is_refused(tmp_path: Path) -> None:
    assert "is an archive" in refusal(make_zip(tmp_path / "orders.xlsx")).message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "There is no file" in refusal(tmp_path / "orders.csv").message


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path).message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a POSIX thing")
def test_a_named_pipe_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "orders.csv")
    assert "not an ordinary file" in refusal(tmp_path / "orders.csv").message


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("订单编号\n1\n", encoding="utf-8")
    path.chmod(0)
    assert "No permission" in refusal(path).message


def test_text_that_is_no_table_is_unknown(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear all,\nsee you.\n", encoding="utf-8")
    assert isinstance(refusal(path), UnknownFileError)


def test_the_fingerprint_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "订单.csv"
    path.write_bytes(b"abc" * 1_000_000)
    found = fingerprint(path)
    assert (found.name, found.size) == ("订单.csv", 3_000_000)
    assert found.sha256 == hashlib.sha256(b"abc" * 1_000_000).hexdigest()
    with pytest.raises(FileError, match="There is no file"):
        fingerprint(tmp_path / "missing.csv")
