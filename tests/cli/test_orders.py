"""``aftersales orders``: what a person sees when a file is right, wrong, or no file at all."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, RunCli
from tests.intake.test_golden_files import marketplace_file


def digest(folder: Path) -> str:
    """Return a digest over all tables of a shop."""
    connection = sqlite3.connect(folder / "aftersales.db")
    dump = "\n".join(connection.iterdump())
    connection.close()
    return hashlib.sha256(dump.encode()).hexdigest()


def with_a_note(path: Path) -> Path:
    """Turn the row of totals into one nobody can read."""
    path.write_bytes(path.read_bytes().replace("合计".encode("gb18030"), "见下页".encode("gb18030")))
    return path


def test_importing_says_what_came_of_it_in_words_and_json(
    run_cli: RunCli, shop_folder: Path, tmp_path: Path
) -> None:
    path = with_a_note(marketplace_file(tmp_path, "taobao_orders_o5", "gb18030"))
    told = run_cli("orders", "import", path, cwd=shop_folder)
    assert told.returncode == 5
    assert "6 new, 0 changed, 0 unchanged" in told.stdout
    assert "row 8" in told.stderr
    again = run_cli("orders", "import", path, "--json", cwd=shop_folder)
    assert again.returncode == 5
    (entry,) = json.loads(again.stdout)
    assert list(entry) == [
        "file", "format", "platform", "storefront", "encoding", "import_id", "rows", "orders", "lines", "aftersales",
        "others", "rejected", "skipped", "mended", "dismissed", "opened", "already_imported_at", "warnings",
    ]  # fmt: skip
    assert entry["orders"] == {"new": 0, "updated": 0, "unchanged": 6}
    assert entry["already_imported_at"] == "2026-11-22T01:00:00Z"


def test_a_folder_of_files_is_taken_in_one_by_one(run_cli: RunCli, shop_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "下载"
    folder.mkdir()
    marketplace_file(folder, "taobao_orders_o7", "xlsx")
    marketplace_file(folder, "taobao_refunds_r3", "xlsx")
    (folder / "notes.txt").write_text("call the supplier", "utf-8")
    result = run_cli("orders", "import", folder, cwd=shop_folder)
    assert result.returncode == 5
    assert "notes.txt" in result.stderr
    assert "after-sales records: 4 new" in result.stdout


def test_orders_are_listed_and_shown_by_either_number(
    run_cli: RunCli, shop_folder: Path, tmp_path: Path
) -> None:
    run_cli("orders", "import", marketplace_file(tmp_path, "shopify_orders", "utf-8"), cwd=shop_folder)
    listed = json.loads(run_cli("orders", "list", "--json", cwd=shop_folder).stdout)
    assert [row["display_number"] for row in listed] == ["#1003", "#1002", "#1001"]
    for number in ("1003", "#1003", "5550000001003"):
        page = run_cli("orders", "show", number, cwd=shop_folder).stdout
        assert "$65.00" in page
        assert page.count("Cloud Pillow - White") == 2
    shipped = json.loads(run_cli("orders", "list", "--status", "已发货", "--json", cwd=shop_folder).stdout)
    assert len(shipped) == 2
    assert (
        run_cli("orders", "list", "--on", "2026-10", "--json", cwd=shop_folder).stdout.count("external_id")
        == 2
    )


def test_imports_formats_and_rejects_are_listed(run_cli: RunCli, shop_folder: Path, tmp_path: Path) -> None:
    path = with_a_note(marketplace_file(tmp_path, "taobao_orders_o5", "gb18030"))
    run_cli("orders", "import", path, cwd=shop_folder)
    assert "taobao_orders_o5.csv" in run_cli("orders", "imports", cwd=shop_folder).stdout
    assert "taobao.refund" in run_cli("orders", "formats", cwd=shop_folder).stdout
    bare = run_cli("orders", "rejects", cwd=shop_folder).stdout
    assert bare == run_cli("orders", "rejects", "list", cwd=shop_folder).stdout
    assert "订单编号" in bare
    raw = json.loads(run_cli("orders", "rejects", "list", "--json", cwd=shop_folder).stdout)
    assert "见下页" in raw[0]["raw"]


def test_a_mapping_on_the_command_line_is_kept_and_used_again(
    run_cli: RunCli, shop_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "own.csv"
    path.write_text("单号,实付,付款\nA1,12.50,2026-11-01 10:00\n", "utf-8")
    refused = run_cli("orders", "import", path, cwd=shop_folder)
    assert refused.returncode == 8
    assert "--map" in refused.stderr
    words = ["--map", "单号=order.external_id", "--map", "实付=order.paid", "--map", "付款=order.paid_at"]
    assert run_cli("orders", "import", path, *words, "--save-format", "own", cwd=shop_folder).returncode == 0
    path.write_text("单号,实付,付款\nA2,2.50,2026-11-02 10:00\n", "utf-8")
    assert run_cli("orders", "import", path, cwd=shop_folder).returncode == 0


def _docx(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")


def _encrypted(path: Path) -> None:
    head = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 504
    path.write_bytes(head + "EncryptedPackage".encode("utf-16-le") + b"\0" * 4096)


BAD_FILES: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "a wrong file": ("list.csv", lambda path: path.write_text("name,age\nmilk,3\n", "utf-8"), "name, age"),
    "missing columns": (
        "orders.csv",
        lambda path: path.write_text("订单编号,收货地址 ,总金额,买家实付金额\n1,上海,2.00,2.00\n", "utf-8"),
        "订单创建时间",
    ),
    "an empty file": ("empty.csv", lambda path: path.write_bytes(b""), "empty"),
    "a binary file": ("data.csv", lambda path: path.write_bytes(bytes(range(256)) * 64), ""),
    "a Word document": ("orders.xlsx", _docx, "Word"),
    "a password": ("orders.xlsx", _encrypted, "password"),
    "an unbalanced quote": (
        "orders.csv",
        lambda path: path.write_text(
            '订单编号,总金额,买家实付金额,订单创建时间\n1,2.00,2.00,2026-11-01 10:00:00\n2,"2.00,2.00,2026-11-01\n',
            "utf-8",
        ),
        "line 3",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gets_a_clear_message_and_changes_nothing(
    name: str, run_cli: RunCli, shop_folder: Path, tmp_path: Path
) -> None:
    file_name, make, word = BAD_FILES[name]
    path = tmp_path / "张三" / file_name
    path.parent.mkdir()
    make(path)
    before = digest(shop_folder)
    result = run_cli("orders", "import", path, cwd=shop_folder)
    assert result.returncode == 8
    assert file_name in result.stderr
    assert word.lower() in result.stderr.lower()
    assert "Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) >= 2
    assert digest(shop_folder) == before


def _without_roots_eyes() -> list[str]:
    """Return what to put before a command so that permissions count for root, too (Linux)."""
    if os.name == "nt":
        pytest.skip("permissions of POSIX systems")
    if os.geteuid() != 0:
        return []
    if not (setpriv := shutil.which("setpriv")):
        pytest.skip("root may read everything, and setpriv is not installed")
    return [setpriv, "--bounding-set", "-dac_override,-dac_read_search"]


def test_a_file_without_permission_is_named(shop_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("订单编号,总金额\n1,2\n", "utf-8")
    path.chmod(0)
    before = digest(shop_folder)
    result = subprocess.run(
        [
            *_without_roots_eyes(),
            sys.executable,
            "-m",
            "aftersales_cli",
            "--shop",
            shop_folder,
            "orders",
            "import",
            path,
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 8, result.stderr
    assert "orders.csv" in result.stderr
    assert "read" in result.stderr
    assert digest(shop_folder) == before


def test_a_folder_that_may_not_be_written_is_named(run_cli: RunCli, tmp_path: Path) -> None:
    """The same for root: a file stands where the folder has to be."""
    blocked = tmp_path / "blocked"
    blocked.write_text("a file", "utf-8")
    result = run_cli("init", blocked / "shop")
    assert result.returncode == 8
    assert str(blocked) in result.stderr
