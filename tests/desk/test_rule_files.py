"""Files of rules are read again when they have changed, and not before."""

import os
from pathlib import Path

import pytest

from aftersales_cli.desk.assignment import load_assignment
from aftersales_cli.desk.rule_files import FOLDER
from aftersales_cli.desk.triage_rules import load_triage
from aftersales_cli.errors import FileError

RULE = '[[rule]]\nzh = "规则"\nen = "{name}"\nwords = ["broken"]\nkind = "return"\n'


def write(shop_folder: Path, text: str, *, later: int = 0) -> Path:
    path = shop_folder / FOLDER / "triage.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + later * 1_000_000_000))
    return path


def test_an_unchanged_file_is_not_read_twice() -> None:
    assert load_triage(None) is load_triage(None)
    assert load_assignment(None) is load_assignment(None)


def test_a_changed_file_counts_at_once(shop_folder: Path) -> None:
    shipped = load_triage(shop_folder)
    write(shop_folder, RULE.format(name="first"))
    assert [entry.name for entry in load_triage(shop_folder)] == ["first"]
    # The same length, another time.
    write(shop_folder, RULE.format(name="other"), later=5)
    assert [entry.name for entry in load_triage(shop_folder)] == ["other"]
    write(shop_folder, RULE.format(name="longer one"), later=5)
    path = shop_folder / FOLDER / "triage.toml"
    assert [entry.name for entry in load_triage(shop_folder)] == ["longer one"]
    path.unlink()
    assert len(load_triage(shop_folder)) == len(shipped)


def test_a_broken_file_is_told_every_time_until_it_is_mended(shop_folder: Path) -> None:
    write(shop_folder, "[[rule]\n")
    for _attempt in range(2):
        with pytest.raises(FileError):
            load_triage(shop_folder)
    write(shop_folder, RULE.format(name="mended"), later=5)
    assert [entry.name for entry in load_triage(shop_folder)] == ["mended"]
