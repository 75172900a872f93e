"""A person is found in files of any usual encoding, packed, escaped, or with half a name in bold; others are not."""

import io
import json
import zipfile
from html import escape
from pathlib import Path

import pytest

from aftersales_cli.customers.privacy.person_files import find_files, plain_files, remove_files
from aftersales_cli.customers.privacy.person_words import MARK, PersonWords, person_words

FOUND = {
    "names": ["欧阳晓梦", "李雷", "Ann O'Neil & Co", "张**"],
    "contacts": ["+86 139-1234-5678", "ann@example.test", "138****0000"],
    "accounts": ["tb_77_meng"],
    "numbers": ["4103876543219870002", "#1001"],
    "texts": ["太慢了", "我的花瓶<碎>成了三块而且没人理我"],
}


@pytest.fixture
def words() -> PersonWords:
    return person_words(FOUND)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "utf-16", "utf-16-be"])
@pytest.mark.parametrize(
    "text", ["x欧阳晓梦x", "13912345678", "139 1234 5678", "ANN@Example.test", "没人理我", "tb_77_MENG"]
)
def test_the_person_is_found_in_every_usual_encoding(words: PersonWords, text: str, encoding: str) -> None:
    assert words.finder()(text.encode(encoding)) is (text != "没人理我")


def test_the_persons_own_sentences_are_found_by_their_longest_part(words: PersonWords) -> None:
    assert words.finder()(escape("“成了三块而且没人理我”, 她说").encode())


def test_escaped_names_are_found(words: PersonWords) -> None:
    holds = words.finder()
    assert holds(json.dumps("欧阳晓梦").encode())
    assert holds(escape("Ann O'Neil & Co").encode())


def test_short_and_masked_names_and_politeness_are_nobodys(words: PersonWords) -> None:
    holds = words.finder()
    for text in ("李雷", "张**", "138****0000", "太慢了", "#1001"):
        assert not holds(text.encode())
    assert words.finder(short_names=True)("李雷".encode())
    assert words.names_person('["1", "李雷", "2"]')
    assert not words.names_person('["李雷雷"]')


def test_scrubbing_takes_whole_names_and_numbers_only(words: PersonWords) -> None:
    assert words.scrub("欧阳晓梦 (13912345678) sagt") == f"{MARK} ({MARK}) sagt"
    assert words.scrub("9139123456780 x13912345678") == "9139123456780 x13912345678"
    assert (
        person_words({**FOUND, "names": [], "contacts": [], "accounts": [], "texts": []}).scrub("李雷")
        == "李雷"
    )


def test_workbooks_in_archives_are_looked_into_and_links_are_not_followed(
    words: PersonWords, tmp_path: Path
) -> None:
    book, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/sharedStrings.xml", "<?xml version='1.0'?><r><b/><t>欧阳</t></r><r><t>晓梦</t></r>"
        )
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.xlsx", book.getvalue())
    folder = tmp_path / "done"
    folder.mkdir()
    (folder / "a.zip").write_bytes(outer.getvalue())
    (folder / "broken.zip").write_bytes(outer.getvalue()[:40])
    (folder / "欧阳晓梦.txt").write_bytes(b"")
    (tmp_path / "elsewhere.txt").write_text("欧阳晓梦", "utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "elsewhere.txt")
    found = find_files(folder, words.finder())
    assert [path.name for path in found] == ["a.zip", "欧阳晓梦.txt"]
    remove_files(found)
    remove_files(found)
    assert [path.name for path in plain_files(folder)] == ["broken.zip"]
    assert (tmp_path / "elsewhere.txt").exists()
