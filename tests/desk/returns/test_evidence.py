"""Evidence: kept under its hash, told by its content, never followed and never run."""

import hashlib
import os
import stat
from pathlib import Path

import pytest

from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.returns.evidence import add_evidence, read_evidence
from aftersales_cli.desk.returns.media_types import guess_media_type
from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.desk.returns.reviewing import review
from aftersales_cli.errors import NotFoundError, RefusedError
from aftersales_cli.shop import Shop, open_shop
from tests.desk.returns.return_helpers import sell

JPEG = b"\xff\xd8\xff\xe0 a photo"
EXECUTABLE = b"#!/bin/sh\necho no\n"


@pytest.fixture
def case(shop: Shop) -> int:
    return open_case(shop, say="broken").number


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(JPEG)
    return path


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (JPEG, "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", ""),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (b"\x00\x00\x00\x14ftypqt  ", "video/quicktime"),
        (b"\x00\x00\x00\x14ftypevil", ""),
        (b"%PDF-1.7", "application/pdf"),
        (b"BM" + b"\x00" * 12 + (40).to_bytes(4, "little"), "image/bmp"),
        (b"BM is a name", ""),
        (EXECUTABLE, ""),
        (b"MZ\x90\x00", ""),
        (b"<svg onload=alert(1)>", ""),
        (b"<html>", ""),
        (b"PK\x03\x04", ""),
        (b"", ""),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head: bytes, media_type: str) -> None:
    assert guess_media_type(head) == media_type


def test_a_file_is_kept_under_its_hash_for_its_owner_only(shop: Shop, case: int, photo: Path) -> None:
    done = add_evidence(shop, case, [photo])
    digest = hashlib.sha256(JPEG).hexdigest()
    kept = shop.folder / "evidence" / digest[:2] / f"{digest}.jpg"
    assert kept.read_bytes() == JPEG
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert photo.exists()
    assert (done.added, done.files[0].name, done.files[0].media_type) == (1, "photo.jpg", "image/jpeg")
    assert sorted(path.name for path in kept.parent.iterdir()) == [kept.name]


def test_the_name_says_nothing_about_the_content(shop: Shop, case: int, tmp_path: Path) -> None:
    film = tmp_path / "film.exe"
    film.write_bytes(b"\x00\x00\x00\x18ftypisom")
    assert add_evidence(shop, case, [film]).files[0].media_type == "video/mp4"
    script = tmp_path / "photo.png"
    script.write_bytes(EXECUTABLE)
    with pytest.raises(RefusedError, match="no picture, PDF or film"):
        add_evidence(shop, case, [script])


def test_the_same_file_twice_is_one(shop: Shop, case: int, photo: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.jpeg"
    copy.write_bytes(JPEG)
    add_evidence(shop, case, [photo])
    assert add_evidence(shop, case, [copy, photo]).added == 0
    other = open_case(shop, say="mine, too").number
    assert add_evidence(shop, other, [copy]).added == 1
    assert [file.name for file in read_evidence(shop, case)] == ["photo.jpg"]
    assert len(list((shop.folder / "evidence").rglob("*.jpg"))) == 1


def test_a_copy_that_was_damaged_is_written_anew(shop: Shop, case: int, photo: Path) -> None:
    add_evidence(shop, case, [photo])
    kept = next((shop.folder / "evidence").rglob("*.jpg"))
    kept.write_bytes(b"x" * len(JPEG))
    add_evidence(shop, open_case(shop, say="again").number, [photo])
    assert kept.read_bytes() == JPEG


def test_no_link_is_followed_in_either_direction(shop: Shop, case: int, photo: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.jpg"
    link.symlink_to(photo)
    with pytest.raises(RefusedError, match="no plain file"):
        add_evidence(shop, case, [link])
    outside = tmp_path / "outside"
    outside.mkdir()
    (shop.folder / "evidence").symlink_to(outside)
    with pytest.raises(RefusedError, match="leads to another place"):
        add_evidence(shop, case, [photo])
    assert not list(outside.rglob("*.jpg"))
    assert read_evidence(shop, case) == []


def test_a_link_in_the_place_of_the_copy_is_replaced_not_written_through(
    shop: Shop, case: int, photo: Path, tmp_path: Path
) -> None:
    digest = hashlib.sha256(JPEG).hexdigest()
    victim = tmp_path / "victim"
    victim.write_bytes(b"keep me")
    place = shop.folder / "evidence" / digest[:2] / f"{digest}.jpg"
    place.parent.mkdir(parents=True)
    place.symlink_to(victim)
    add_evidence(shop, case, [photo])
    assert victim.read_bytes() == b"keep me"
    assert not place.is_symlink()


def test_what_is_no_file_or_too_large_or_empty_is_refused(shop: Shop, case: int, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        add_evidence(shop, case, [tmp_path / "missing.jpg"])
    with pytest.raises(RefusedError, match="no plain file"):
        add_evidence(shop, case, [tmp_path])
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    with pytest.raises(RefusedError, match="no plain file"):
        add_evidence(shop, case, [pipe])
    empty = tmp_path / "empty.jpg"
    empty.touch()
    with pytest.raises(RefusedError, match="it is empty"):
        add_evidence(shop, case, [empty])
    huge = tmp_path / "huge.jpg"
    huge.write_bytes(JPEG)
    os.truncate(huge, 20 * 1024 * 1024 + 1)
    with pytest.raises(RefusedError, match="larger than 20 MB"):
        add_evidence(shop, case, [huge])


def test_one_bad_file_keeps_none(shop: Shop, case: int, photo: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        add_evidence(shop, case, [photo, tmp_path / "missing.jpg"])
    assert read_evidence(shop, case) == []
    assert not (shop.folder / "evidence").exists()


def test_a_dry_run_keeps_nothing(shop: Shop, case: int, photo: Path) -> None:
    dry = open_shop(shop.folder, dry_run=True)
    assert add_evidence(dry, case, [photo]).added == 1
    assert not (shop.folder / "evidence").exists()
    assert read_evidence(shop, case) == []


def test_a_request_that_waited_for_evidence_is_judged_anew(shop: Shop, photo: Path) -> None:
    sell(shop)
    request = request_return(shop, order="101", lines=["CUP=1"], reason="defect")
    assert request.status == "needs_evidence"
    done = add_evidence(shop, request.case_number, [photo])
    assert [(entry.id, entry.status) for entry in done.judged] == [(request.id, "submitted")]


def test_what_a_person_asked_for_a_person_looks_at(shop: Shop, photo: Path) -> None:
    sell(shop, paid=90000)
    request = request_return(shop, order="101", lines=["CUP=3"], reason="changed_mind", condition="unopened")
    review(shop, request.id, "needs_evidence")
    done = add_evidence(shop, request.case_number, [photo])
    assert [entry.status for entry in done.judged] == ["submitted"]
