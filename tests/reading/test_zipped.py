"""Zipped exports become plain files for a while: private, under harmless names, and never past the limits."""

import io
import stat
import zipfile
from pathlib import Path

import pytest

from aftersales_cli.errors import FileError
from aftersales_cli.reading.zipped import members, unpacked
from tests.reading.hostile import noise, plain, write


def make(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_the_files_inside_are_there_only_meanwhile_and_only_for_the_user(tmp_path: Path) -> None:
    path = make(
        tmp_path / "导出.zip", {"十一月/订单.csv": b"a,b\n", "十一月/": b"", "退款.xlsx": noise(3_000_000)}
    )
    assert [(entry.name, entry.file_name, entry.size) for entry in members(path)] == [
        ("十一月/订单.csv", "订单.csv", 4),
        ("退款.xlsx", "退款.xlsx", 3_000_000),
    ]
    with unpacked(path, tmp_path) as files:
        assert [file.name for file in files] == ["订单.csv", "退款.xlsx"]
        assert [file.stat().st_size for file in files] == [4, 3_000_000]
        assert stat.S_IMODE(files[0].parent.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert files[0].parent.parent == tmp_path
        assert files[0].parent.name.startswith(".")
    assert list(tmp_path.iterdir()) == [path]


def test_they_are_gone_after_a_failure_too(tmp_path: Path) -> None:
    path = make(tmp_path / "a.zip", {"orders.csv": b"a,b\n"})
    with pytest.raises(KeyError), unpacked(path, tmp_path):
        raise KeyError
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "inside", ["xl/workbook.xml", "word/document.xml", "content.xml", "[Content_Types].xml"]
)
def test_a_workbook_or_document_stays_one_file(tmp_path: Path, inside: str) -> None:
    path = make(tmp_path / "orders.xlsx", {inside: b"<x/>"})
    assert members(path) == []
    with unpacked(path) as files:
        assert files == [path]


def test_a_file_that_is_no_archive_stays_one_file(tmp_path: Path) -> None:
    path = tmp_path / "orders.zip"
    path.write_bytes(b"a,b\n")
    with unpacked(path) as files:
        assert files == [path]


def test_a_workbook_inside_is_no_archive_within_an_archive(tmp_path: Path) -> None:
    book = make(tmp_path / "book", {"xl/workbook.xml": b"<x/>"}).read_bytes()
    with unpacked(make(tmp_path / "a.zip", {"orders.xlsx": book})) as files:
        assert files[0].read_bytes() == book


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../evil.csv", "evil.csv"),
        ("/etc/evil.csv", "evil.csv"),
        ("..\\..\\evil.csv", "evil.csv"),
        ("C:evil.csv", "C_evil.csv"),
        ("CON.csv", "_CON.csv"),
        ("orders.csv. ", "orders.csv"),
        ("a\nb\u202egnp.csv", "a_b_gnp.csv"),
        ("订" * 300 + ".csv", "订" * 60 + ".csv"),
        ("x" * 300, "x" * 60),
        ("?.csv", "_.csv"),
    ],
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str, kept: str) -> None:
    path = write(tmp_path / "a.zip", plain(name, b"a,b\n", flags=0x800))
    with unpacked(path, tmp_path) as files:
        assert [file.name for file in files] == [kept]
        assert files[0].resolve().is_relative_to(tmp_path.resolve())
        assert files[0].read_bytes() == b"a,b\n"


def test_equal_names_get_numbers(tmp_path: Path) -> None:
    path = make(tmp_path / "a.zip", {"1/orders.csv": b"1", "2/Orders.csv": b"2", "3/orders.csv": b"3"})
    with unpacked(path) as files:
        assert [file.name for file in files] == ["orders.csv", "Orders (2).csv", "orders (3).csv"]
        assert [file.read_bytes() for file in files] == [b"1", b"2", b"3"]


def test_chinese_names_without_a_word_about_their_encoding_are_read(tmp_path: Path) -> None:
    path = make(tmp_path / "a.zip", {"XXXXXXXX.csv": b"a,b\n"})
    path.write_bytes(path.read_bytes().replace(b"XXXXXXXX", "订单导出".encode("gb18030")))
    assert members(path)[0].file_name == "订单导出.csv"


def test_what_systems_add_by_themselves_is_left_out(tmp_path: Path) -> None:
    clutter = {"__MACOSX/._orders.csv": b"", ".DS_Store": b"", "x/Thumbs.db": b"", "~$orders.xlsx": b""}
    path = make(tmp_path / "a.zip", {**clutter, "orders.csv": b"a"})
    assert [entry.name for entry in members(path)] == ["orders.csv"]
    with pytest.raises(FileError, match="holds no files"):
        members(make(tmp_path / "b.zip", clutter))


def test_a_password_a_strange_packing_and_a_link_are_named(tmp_path: Path) -> None:
    locked = write(tmp_path / "locked.zip", plain("orders.csv", b"a,b\n", flags=1))
    with pytest.raises(FileError, match="protected by a password") as caught:
        members(locked)
    assert "Unpack it" in caught.value.remedy
    with zipfile.ZipFile(tmp_path / "lzma.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("orders.csv", "a,b\n")
    with pytest.raises(FileError, match="packed in a way"):
        members(tmp_path / "lzma.zip")
    link = zipfile.ZipInfo("orders.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(FileError, match="a link"):
        members(tmp_path / "link.zip")


def test_cut_anywhere_an_archive_is_refused(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", "a,b\n" * 100)
    data, path = whole.getvalue(), tmp_path / "a.zip"
    for end in range(4, len(data)):
        path.write_bytes(data[:end])
        with pytest.raises(FileError, match="damaged"), unpacked(path):
            pass


def test_an_archive_with_wide_records_is_read(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("orders.csv")
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive, archive.open(info, "w", force_zip64=True) as member:
        member.write(b"a,b\n")
    with unpacked(path) as files:
        assert files[0].read_bytes() == b"a,b\n"
